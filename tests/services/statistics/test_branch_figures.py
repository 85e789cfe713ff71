"""The figures of a branch by itself: what nobody knows is not counted, as what was not recorded."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from desktop.models.vocabulary.dues import DuesMeans
from desktop.services.race.editions import race_span
from desktop.services.statistics.branch_figures import branch_figures
from desktop.services.statistics.measures import DUES_DUE, DUES_OWING, DUES_PAID
from tests.services.dues.conftest import Dues
from tests.stores import begin_to_record, new_store


def test_dues_of_months_of_which_nobody_knows_who_paid_are_not_counted(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as store:
        dues = Dues(store)
        begin_to_record(store, store.today)
        dues.assessments.carry_over(2026)
        assert not {DUES_DUE, DUES_PAID, DUES_OWING} & set(branch_figures(store, race_span("2026Q3"), store.today))
        people = list(dues.ids.values())
        dues.payments.collect(2026, 9, people[:1], date(2026, 9, 12), DuesMeans.CASH)
        counts = branch_figures(store, race_span("2026Q3"), store.today)
        assert counts[DUES_DUE].top == Fraction(dues.ledger().months[8].due_fen, 100)
        assert counts[DUES_OWING].top == len(people) - 1
