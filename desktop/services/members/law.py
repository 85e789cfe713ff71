"""The numbers of the standards in force, as the store keeps them: the edition of a day, read from its own text."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from desktop.models.vocabulary.stores import StandardKind
from desktop.services.development.rules import read_editions
from desktop.services.standards.editions import edition_on
from desktop.services.toml_tables import read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLaw:
    """What the rules say about a member's dates."""

    min_age: int
    probation_months: int
    extend_months: tuple[int, int]
    secretary_min_party_years: int
    mobile_months: int
    suspend_after_months: int
    remove_after_years: int
    letter_max_days: int
    correction_max_months: int
    voting_categories: frozenset[str]

    @property
    def longest_probation_months(self) -> int:
        """Months after which no probation can still run: the first term and one extension."""
        return self.probation_months + self.extend_months[1]


def member_law(session: Session, on: date) -> MemberLaw:
    """Return the rules about members in force on `on`; NotFound when the store keeps none."""
    return _read(edition_on(session, StandardKind.PARTY_RULES, on).text)


@lru_cache(maxsize=16)
def _read(text: str) -> MemberLaw:
    rules = read_toml(text, "party_rules.toml")
    development = list(read_editions(rules).values())[-1]
    membership = rules.table("membership")
    return MemberLaw(
        min_age=development.min_age,
        probation_months=development.probation_months,
        extend_months=development.extend_months,
        secretary_min_party_years=rules.table("branch").integer("secretary_min_party_years"),
        mobile_months=membership.integer("mobile_member_months"),
        suspend_after_months=membership.integer("lost_contact_suspend_months"),
        remove_after_years=membership.integer("suspended_to_removed_years"),
        letter_max_days=membership.integer("letter_max_days"),
        correction_max_months=membership.integer("correction_max_months"),
        voting_categories=frozenset(rules.table("vote_rights").texts("has_vote")),
    )


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, clamped to the end of the month."""
    from calendar import monthrange

    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
