"""Which branch headquarters means by a code."""

from typing import TYPE_CHECKING

from desktop.services.errors import NotFound

if TYPE_CHECKING:
    from desktop.services.store import Store


def branch_of_code(store: "Store", code: str) -> str:
    """Return the uid of the branch with this code at headquarters.

    Raises:
        NotFound: none has it.
    """
    from desktop.services.sync.enrolment import EnrolmentService

    org = next((partner.org for partner in EnrolmentService(store).partners() if partner.code == code), None)
    if org is None:
        raise NotFound(what="支部", name=code)
    return org
