"""积分核定: what a secretary claims is decided on a ground, and taken back for a reason."""

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.services.access.users import UserService
from desktop.services.opening import open_store
from desktop.ui.headquarters.claims import ClaimsPage, DecideDialog, TakeBackDialog
from desktop.ui.race.ranking import RankingPage
from tests.stores import CHEAP, clock_at
from tests.ui.desks import desk_on, go, settle
from tests.ui.lint import faults
from tests.ui.loop import HEADQUARTERS, loop_desk, loop_store
from tests.ui.press import last, press

OTHER = "shuangyu-2026"


def test_a_claim_is_decided_on_a_ground_and_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(ClaimsPage, go(qtbot, shell, "assess", "claims"))
        page.table.step(1)
        settle(qtbot, shell)
        assert page.pane.chip.words == "待核定"
        press(shell, "核定")
        dialog = cast(DecideDialog, last(shell))
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["ground"].fault() == "不能为空。"
        dialog.fields.fields["granted"].control.set_value("yes")  # type: ignore[attr-defined]
        dialog.fields.fields["ground"].control.setPlainText("看过值班记录")  # type: ignore[attr-defined]
        dialog.fields.fields["decided_by"].control.setText("党建科会议")  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.pane.chip.words == "已同意"
        assert faults(shell) == []
        press(shell, "撤销核定")
        back = cast(TakeBackDialog, last(shell))
        back.fields.fields["reason"].control.setPlainText("核对的是另一次")  # type: ignore[attr-defined]
        back.fields.fields["decided_by"].control.setText("党建科会议")  # type: ignore[attr-defined]
        back.verb.click()
        settle(qtbot, shell)
        assert page.pane.chip.words == "待核定"


def test_who_may_not_decide_or_publish_is_told_whose_it_is_before_anything_is_typed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with loop_store(tmp_path / "store", HEADQUARTERS, "2027-01-12 09:00") as store:
        UserService(store).add("经办", OTHER, ["clerk"], cost=CHEAP)
    store = open_store(tmp_path / "store", OTHER, "经办", clock=clock_at("2027-01-12 10:00"))
    with desk_on(qtbot, store) as shell:
        page = cast(ClaimsPage, go(qtbot, shell, "assess", "claims"))
        page.table.step(1)
        settle(qtbot, shell)
        said = [label.text() for label in cast(list[QLabel], page.pane.findChildren(QLabel))]
        assert "核定由有“封账、公布和定案”权限的同志来做。" in said
        assert faults(shell) == []
        ranking = cast(RankingPage, go(qtbot, shell, "race", "race"))
        ranking.periods.set_value("2026Q4")
        settle(qtbot, shell)
        assert ranking.main_button.isHidden()
        assert ranking._window.text().endswith("封账、公布和定案由有这项权限的同志来做。")
        assert faults(shell) == []
