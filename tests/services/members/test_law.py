"""The edition of a day: what headquarters issues later does not change how an earlier day is judged."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.standards import StandardPack
from desktop.models.vocabulary.stores import StandardKind
from desktop.services.members.law import add_months, member_law
from desktop.services.standards.editions import edition_row
from desktop.services.store import Store
from tests.stores import new_store


def test_the_edition_in_force_on_a_day(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        with store.reading() as session:
            text = _newest(store)
            assert member_law(session, date(2026, 1, 1)).probation_months == 12
        later = (
            re.sub(r'version = "[0-9.]+"', 'version = "2027.1"', text)
            .replace("as_of = 2026-11-22", "as_of = 2027-01-01")
            .replace("probation_months = 12", "probation_months = 18")
        )
        with store.unit_of_work("启用新的规则") as session:
            session.add(edition_row(later))
        with store.reading() as session:
            assert member_law(session, date(2026, 12, 31)).probation_months == 12
            assert member_law(session, date(2027, 1, 1)).probation_months == 18
            assert member_law(session, date(2027, 1, 1)).longest_probation_months == 30


def test_of_two_that_begin_on_the_same_day_that_of_headquarters_counts(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        text = re.sub(r'version = "[0-9.]+"', 'version = "2026.1"', _newest(store))
        with store.unit_of_work("收到市公司的规则") as session:
            row = edition_row(text.replace("probation_months = 12", "probation_months = 15"), from_headquarters=True)
            row.id = "0" * 36
            session.add(row)
        with store.reading() as session:
            assert member_law(session, store.today).probation_months == 15


def _newest(store: Store) -> str:
    with store.reading() as session:
        kind = StandardPack.kind == StandardKind.PARTY_RULES
        return session.scalars(select(StandardPack.text).where(kind)).one()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 27), 12, date(2027, 3, 27)),
    ],
)
def test_months_are_clamped_to_their_end(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later
