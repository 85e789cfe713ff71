"""The period in view of the pages of headquarters: every one with records can be named and chosen."""

from datetime import date
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.base import new_id
from desktop.models.race import RacePeriod
from desktop.models.sampling import SampleSheet
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.race import RacePeriodState
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.race.periods import periods_kept
from desktop.ui.page import Page
from desktop.ui.race.period import PeriodInView, look_at
from desktop.ui.widgets.choice import Choice
from tests.ui.desks import desk_on, go, settle
from tests.ui.full import full_store


@pytest.mark.parametrize(
    ("area", "tab", "box"),
    [("race", "appeals", "periods"), ("assess", "sampling", "periods"), ("statistics", "", "period")],
)
def test_a_period_long_ago_that_has_records_can_be_named_and_chosen(
    qtbot: QtBot, tmp_path: Path, area: str, tab: str, box: str
) -> None:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        with store.unit_of_work("往年") as session:
            session.add(RacePeriod(period="2023Q2", state=RacePeriodState.OPEN, scheme_version="2026.1"))
            session.add(
                SampleSheet(branch_id=new_id(), period="2022Q1", seed="1", drawn_on=date(2022, 4, 8), population=9)
            )
            for seq, period in enumerate(("2021Q3", "1850Q1", "2099Q1", None), start=900):
                session.add(
                    ReceivedPackage(
                        sender=new_id(), seq=seq, package_hash=f"{seq:064}", kind="report", period=period, header={},
                        accepted=True, code="OK", received_at_utc="2026-10-08T03:00:00Z", file_name="x.dzp",
                    )
                )  # fmt: skip
        assert periods_kept(store) == {"2026Q3", "2023Q2", "2022Q1", "2021Q3"}
        with desk_on(qtbot, store) as shell:
            page = cast(Page, go(qtbot, shell, area, tab))
            periods, view = cast(Choice, getattr(page, box)), shell.desk.service(PeriodInView)
            offered = periods.values()
            assert offered[:2] == ("2026", "2026Q4")
            assert offered[-3:] == ("2023Q2", "2022Q1", "2021Q3")
            periods.set_value("2022Q1")
            settle(qtbot, shell)
            assert view.code == "2022Q1"
            look_at(shell.desk, "2020Q4")
            page.reload()
            settle(qtbot, shell)
            assert (periods.value(), periods.currentText(), view.code) == ("2020Q4", "2020年四季度", "2020Q4")
