"""The numbers of the standards in force, as the store keeps them: the edition of a day, read from its own text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from desktop.models.vocabulary.stores import StandardKind
from desktop.services.development.rules import read_editions
from desktop.services.members.measures import Measure, read_measures
from desktop.services.standards.editions import edition_on
from desktop.services.toml_tables import Table, read_toml

_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""How many months a period has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLaw:
    """What the rules say about a member's dates. A number that an old edition does not say is 0: nothing runs by it.

    `articles` are the clauses behind the clocks, in words, by what is watched.
    """

    min_age: int
    probation_months: int
    extend_months: tuple[int, int]
    secretary_min_party_years: int
    mobile_months: int
    suspend_after_months: int
    remove_after_years: int
    letter_default_days: int
    letter_max_days: int
    receipt_months: int
    paid_behind_months: int
    contact_months: int
    contact_abroad_months: int
    transfer_when_away_months: int
    away_words: tuple[str, ...]
    correction_max_months: int
    measures: Mapping[str, Measure]
    articles: Mapping[str, str]
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
        letter_default_days=membership.integer("letter_default_days"),
        letter_max_days=membership.integer("letter_max_days"),
        receipt_months=membership.integer("letter_receipt_months", default=0),
        paid_behind_months=membership.integer("paid_behind_months", default=0),
        contact_months=_MONTHS.get(membership.text("mobile_contact_per", ""), 0),
        contact_abroad_months=_MONTHS.get(membership.text("abroad_contact_per", ""), 0),
        transfer_when_away_months=membership.integer("transfer_when_away_months"),
        away_words=membership.texts("away_words", ()),
        correction_max_months=membership.integer("correction_max_months"),
        measures=read_measures(rules),
        articles=_articles(rules, membership),
        voting_categories=frozenset(rules.table("vote_rights").texts("has_vote")),
    )


def _articles(rules: Table, membership: Table) -> Mapping[str, str]:
    names = {known.text("id"): known.text("name") for known in rules.tables("regulations")}
    found: dict[str, str] = {}
    if membership.has("articles"):
        told = membership.table("articles")
        for watched in told.names():
            regulation, _, article = told.text(watched).partition("-")
            found[watched] = f"《{names.get(regulation, regulation)}》第{article}条"
    return found


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, clamped to the end of the month."""
    from calendar import monthrange

    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
