"""The numbers of the standards in force, as the store keeps them: the edition of a day, read from its own text."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.standards import StandardPack
from desktop.services.errors import NotFound

PARTY_RULES = "party-rules"
BRANCH_STANDARD = "branch-standard"


@lru_cache(maxsize=16)
def _parsed(text: str) -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(text))


def edition(session: Session, kind: str, on: date) -> Mapping[str, Any]:
    """Return the standards file `kind` (party-rules, branch-standard …) that was in force on `on`, or the oldest kept.

    Raises:
        NotFound: the store keeps none.
    """
    kept = session.scalars(
        select(StandardPack).where(StandardPack.kind == kind).order_by(StandardPack.effective_from, StandardPack.id)
    ).all()
    if not kept:
        raise NotFound(what="标准文件", name=kind)
    in_force = [one for one in kept if one.effective_from <= on]
    return _parsed((in_force or kept[:1])[-1].text)


@dataclass(frozen=True, slots=True)
class MemberLaw:
    """What the rules say about a member's dates."""

    min_age: int
    probation_months: int
    extend_months: tuple[int, int]
    secretary_min_party_years: int
    voting_categories: frozenset[str]

    @property
    def longest_probation_months(self) -> int:
        """Months after which no probation can still run: the first term and one extension."""
        return self.probation_months + self.extend_months[1]


def member_law(session: Session, on: date) -> MemberLaw:
    """Return the rules about members in force on `on`."""
    rules = edition(session, PARTY_RULES, on)
    development = rules["development_2026"]
    return MemberLaw(
        min_age=development["min_age"],
        probation_months=development["probation_months"],
        extend_months=(development["extend_months"][0], development["extend_months"][1]),
        secretary_min_party_years=rules["branch"]["secretary_min_party_years"],
        voting_categories=frozenset(rules["vote_rights"]["has_vote"]),
    )


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, clamped to the end of the month."""
    from calendar import monthrange

    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
