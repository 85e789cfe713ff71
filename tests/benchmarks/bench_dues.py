"""Time to reckon the ledger of a year of fifty members in a store of ten years, beside reading its rows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from desktop.models.database import connect
from desktop.models.dues import DuesAssessment, DuesPayment
from desktop.models.members import Member
from desktop.models.vocabulary.dues import DuesClass, DuesKind
from desktop.paths import DATABASE
from desktop.services.dues.ledger import LedgerService
from desktop.services.store import Store
from tests.benchmarks.bench_score import best, fill
from tests.stores import new_store

AIM_MS = 50
YEARS = range(2017, 2027)


def keep_dues(store: Store, years: range = YEARS) -> None:
    """Put assessments and a payment a month of every member into `store`."""
    with store.unit_of_work("基数") as session:
        session.execute(update(Member).values(dues_base_fen=842_000))
    people = [row.member_id for row in LedgerService(store).ledger(2026).rows]
    with store.unit_of_work("十年党费") as session:
        for year in years:
            for member in people:
                session.add(
                    DuesAssessment(
                        branch_id=store.branch_id,
                        member_id=member,
                        year=year,
                        dues_class=DuesClass.WORKING,
                        base_fen=842_000,
                        rate_ppm=15_000,
                        monthly_fen=126_30,
                    )
                )
                session.add_all(
                    DuesPayment(
                        branch_id=store.branch_id,
                        member_id=member,
                        year=year,
                        from_month=month,
                        to_month=month,
                        amount_fen=126_30,
                        paid_on=date(year, month, 10),
                        kind=DuesKind.MONTHLY,
                    )
                    for month in range(1, 13)
                )


@pytest.mark.benchmark
def test_a_ledger_of_fifty_members_in_ten_years_stays_within_the_aim(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with new_store(tmp_path / "branch", at="2026-12-31 09:00") as store:
        fill(store)
        keep_dues(store)
        service = LedgerService(store)
        assert len(service.ledger(2026).rows) == 50
        ours = best(lambda: service.ledger(2026))
        connection = connect(tmp_path / "branch" / DATABASE, store.key)

        def read() -> None:
            for table in ("dues_payments", "dues_assessments"):
                connection.execute(f'SELECT * FROM "{table}" WHERE year IN (2025, 2026)').fetchall()

        bound = best(read)
        connection.close()
    limit = f"reading two years {bound:.0f} ms"
    record_property(
        "figure", ("ledger of dues, ten years", f"{ours:.0f} ms", limit, round(ours / bound, 1), f"≤ {AIM_MS} ms")
    )
    assert ours <= AIM_MS
