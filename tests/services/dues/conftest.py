"""A branch whose roster has a few payers, on 26 November 2026, and its services for dues."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.collecting import PaymentService
from desktop.services.dues.ledger import Ledger, LedgerService
from desktop.services.dues.reckoning import LedgerRow
from desktop.services.members import MemberService
from desktop.services.store import Store
from tests.stores import new_store

PEOPLE = {
    "秦海波": {"dues_base_fen": "8420", "admitted_on": "2008-07-01", "full_on": "2009-07-01"},
    "何晓梅": {"dues_base_fen": "3000.00", "admitted_on": "2010-07-01", "full_on": "2011-07-01"},
    "杨燕": {"dues_base_fen": "3000.01", "admitted_on": "2012-07-01", "full_on": "2013-07-01"},
    "卫建军": {"dues_base_fen": "5320", "admitted_on": "1985-07-01", "full_on": "1986-07-01", "dues_class": "离退休"},
    "张文博": {
        "dues_base_fen": "4980",
        "admitted_on": "2016-07-01",
        "full_on": "2017-07-01",
        "joined_on": "2026-05-01",
    },
}


class Dues:
    """The services for dues of one store, and its people by name."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.members = MemberService(store)
        self.ledgers, self.assessments, self.payments = (
            LedgerService(store),
            AssessmentService(store),
            PaymentService(store),
        )
        self.ids = {name: self.members.register({"name": name, **values}) for name, values in PEOPLE.items()}

    def ledger(self, year: int = 2026) -> Ledger:
        return self.ledgers.ledger(year)

    def row(self, name: str, year: int = 2026) -> LedgerRow:
        return next(row for row in self.ledger(year).rows if row.name == name)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as opened:
        yield opened


@pytest.fixture
def dues(store: Store) -> Dues:
    return Dues(store)
