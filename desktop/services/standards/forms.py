"""Forms that more than one rule or clock leads to, with what they can be filled with."""

from datetime import date

from desktop.services.standards.verdict import Where


def transfer_form(record_id: str, member_id: str, name: str, issued_on: date | None = None) -> Where:
    """Return the form of a transfer; without a record a new one of this member moving out."""
    if record_id:
        return Where("registers", "transfer", {"id": record_id})
    known = {"name": name, "direction": "out", "member_id": member_id}
    return Where("registers", "transfer", known if issued_on is None else {**known, "issued_on": issued_on.isoformat()})


def contact_form(member_id: str) -> Where:
    """Return the form of a new contact with a member who is away."""
    return Where("registers", "mobile_contact", {"subject": member_id})


def member_page(member_id: str) -> Where:
    """Return the member on the roster."""
    return Where("members", "member", {"id": member_id})


def discipline_form(record_id: str) -> Where:
    """Return a decision about a member: a punishment or a disposal."""
    return Where("registers", "discipline", {"id": record_id})
