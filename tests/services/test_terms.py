"""Terms of the committee: their days, postponed only with an approval."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.models.branches import Term
from desktop.services.errors import InvalidInput
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.terms import TermDraft, TermService
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def terms(store: Store) -> TermService:
    return TermService(store)


def test_a_term_counts_the_days_to_its_end(terms: TermService) -> None:
    terms.save_term(TermDraft(term_no=3, elected_on=date(2023, 12, 1), expires_on=date(2026, 12, 1)))
    assert terms.terms()[0].days_left == 9


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (TermDraft(elected_on=date(2026, 1, 1), expires_on=date(2029, 1, 1)), "term_no"),
        (TermDraft(term_no=3, elected_on=date(2026, 1, 1)), "expires_on"),
        (TermDraft(term_no=3, elected_on=date(2026, 1, 1), expires_on=date(2025, 1, 1)), "expires_on"),
        (
            TermDraft(
                term_no=3,
                elected_on=date(2026, 1, 1),
                expires_on=date(2029, 1, 1),
                approved_on=date(2025, 12, 1),
            ),
            "approved_on",
        ),
    ],
)
def test_a_term_with_impossible_dates_is_refused_at_its_field(terms: TermService, draft: TermDraft, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        terms.save_term(draft)
    assert refused.value.name == field
    assert terms.terms() == []


def test_a_postponement_counts_only_with_its_approval(store: Store, terms: TermService) -> None:
    term = TermDraft(term_no=3, elected_on=date(2023, 5, 1), expires_on=date(2026, 5, 1), shifted_to=date(2026, 12, 1))
    with pytest.raises(InvalidInput) as refused:
        terms.save_term(term)
    assert refused.value.name == "shift_approval_no"
    terms.save_term(replace(term, shift_approval_no="周烟党〔2026〕8号"))
    assert terms.terms()[0].days_left > 0
    with store.unit_of_work("文号丢了") as session:
        session.query(Term).one().shift_approval_no = None
    assert terms.terms()[0].days_left < 0
    facts = StandardService(store).facts(2026)
    assert [(each.shift_until, each.shift_approval) for each in facts.terms] == [(date(2026, 12, 1), "")]


def test_a_term_longer_than_usual_is_pointed_out(terms: TermService) -> None:
    for number, expires in ((1, date(2029, 3, 31)), (2, date(2036, 3, 1))):
        terms.save_term(TermDraft(term_no=number, elected_on=date(2026, 3, number), expires_on=expires))
    assert {row.term_no: row.doubt for row in terms.terms()} == {1: "", 2: "任期超过3年，一般为3年"}
