"""The numbers of the standards in force, as the store keeps them: the edition of a day, read from its own text."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from desktop.models.vocabulary.stores import StandardKind
from desktop.services.standards.editions import edition_on


@lru_cache(maxsize=16)
def _parsed(text: str) -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLaw:
    """What the rules say about a member's dates."""

    min_age: int
    probation_months: int
    extend_months: tuple[int, int]
    secretary_min_party_years: int
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
    rules = _parsed(edition_on(session, StandardKind.PARTY_RULES, on).text)
    development = rules["development_2026"]
    return MemberLaw(
        min_age=development["min_age"],
        probation_months=development["probation_months"],
        extend_months=(development["extend_months"][0], development["extend_months"][1]),
        secretary_min_party_years=rules["branch"]["secretary_min_party_years"],
        suspend_after_months=rules["membership"]["lost_contact_suspend_months"],
        remove_after_years=rules["membership"]["suspended_to_removed_years"],
        letter_max_days=rules["membership"]["letter_max_days"],
        correction_max_months=rules["membership"]["correction_max_months"],
        voting_categories=frozenset(rules["vote_rights"]["has_vote"]),
    )


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, clamped to the end of the month."""
    from calendar import monthrange

    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
