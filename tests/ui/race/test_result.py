"""赛马结果: the branch sees its result to the last point, and where it goes on from there."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.appeals import Appeal
from desktop.models.race import RaceResult
from desktop.services.race.branch_race import BranchRace
from desktop.ui.appeals import GROUPS_STAND, RaiseDialog
from desktop.ui.race.explain import IndicatorLine
from desktop.ui.race.result import RaceResultPage
from tests.stores import clock_at
from tests.ui.desks import empty_desk, go, put, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
@pytest.mark.parametrize("code", ["ZK01", "ZK04", "ZK05"])
def test_a_result_of_every_class_fits(qtbot: QtBot, tmp_path: Path, code: str, size: tuple[int, int]) -> None:
    with loop_desk(qtbot, tmp_path, code, size) as shell:
        go(qtbot, shell, "improve", "race")
        assert faults(shell) == []


def test_every_indicator_opens_what_it_rests_on(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01") as shell:
        page = cast(RaceResultPage, go(qtbot, shell, "improve", "race"))
        lines = [one for one in cast(list[IndicatorLine], page.findChildren(IndicatorLine)) if one.isVisible()]
        row = BranchRace(shell.desk.store).latest()
        assert row is not None
        (score,) = (view for view in row.indicators if view.name == "标准化建设得分")
        said = lines[0].button.accessibleName()
        assert said.startswith(f"标准化建设得分：{score.points:.2f}，满分 30，与先进支部均分相差 −")
        for line in lines:
            line.button.click()
        settle(qtbot, shell)
        assert faults(shell) == []
        lines[0].button.click()
        assert lines[0]._parts.isHidden()


def test_what_to_mend_leads_to_the_checklist(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01") as shell:
        page = cast(RaceResultPage, go(qtbot, shell, "improve", "race"))
        next(one for one in cast(list[QPushButton], page.findChildren(QPushButton)) if one.text() == "看缺项").click()
        settle(qtbot, shell)
        assert shell.place() == ("standards", "checklist")


def test_an_appeal_that_is_asked_for_shows_the_result_it_is_against_and_what_is_chosen_then_stays(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01") as shell:
        with shell.desk.store.unit_of_work("导入反馈") as session:
            (newest,) = session.query(RaceResult)
            values = {column.key: getattr(newest, column.key) for column in RaceResult.__table__.columns}
            session.add(RaceResult(**{**values, "id": None, "period": "2026Q2"}))
            appeal = Appeal(
                branch_id=newest.branch_id,
                period="2026Q2",
                ground="漏计",
                raised_by="书记 高红卫",
                raised_on=newest.published_on,
            )
            session.add(appeal)
        page = cast(RaceResultPage, go(qtbot, shell, "improve", "race"))
        assert page.periods.value() == "2026Q3"
        go(qtbot, shell, "improve", "race", kind="appeal", record=appeal.id)
        assert page.periods.value() == "2026Q2"
        page.periods.set_value("2026Q3")
        page.reload()
        settle(qtbot, shell)
        assert page.periods.value() == "2026Q3"


def test_without_a_result_the_first_step_is_the_feedback(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RaceResultPage, go(qtbot, shell, "improve", "race"))
        assert faults(shell) == []
        assert page.empty.button is not None
        page.empty.button.click()
        settle(qtbot, shell)
        assert shell.place() == ("archive", "hand_in")


def test_an_appeal_is_written_under_the_result_it_is_against(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01") as shell:
        shell.desk.store.clock = clock_at("2026-10-12 20:00")  # after the package of the day
        page = cast(RaceResultPage, go(qtbot, shell, "improve", "race"))
        assert "申诉期到 2026-10-19，还有 7 天。" in seen(page)
        page.appeal_button.click()
        settle(qtbot, shell)
        dialog = cast(list[RaiseDialog], shell.findChildren(RaiseDialog))[-1]
        told = [one.text() for one in cast(list[QLabel], dialog.findChildren(QLabel))]
        assert any(words.startswith(GROUPS_STAND) for words in told), "an appeal moves nobody to another group"
        dialog.verb.click()
        assert {name for name, field in dialog.fields.fields.items() if field.fault()} == {"raised_by", "ground"}
        put(dialog.fields.fields["raised_by"].control, "书记 高红卫")
        dialog.fields.fields["item"].control.set_value("H2")  # type: ignore[attr-defined]
        put(dialog.fields.fields["wished"].control, "改为 0.92")
        dialog.fields.fields["ground"].control.setPlainText("少算了六份问卷")  # type: ignore[attr-defined]
        assert faults(shell) == []
        dialog.verb.click()
        settle(qtbot, shell)
        shown = seen(page)
        (line,) = (words for words in shown if "少算了六份问卷" in words)
        assert line.startswith("2026-10-12 书记 高红卫：")
        assert line.endswith("要求改为 0.92。少算了六份问卷")
        assert "待报送" in shown
        assert faults(shell) == []
        (back,) = (one for one in cast(list[QPushButton], page.findChildren(QPushButton)) if one.text() == "撤回")
        back.click()
        settle(qtbot, shell)
        assert not [words for words in seen(page) if "少算了六份问卷" in words]


def seen(page: RaceResultPage) -> list[str]:
    """Return the words that stand on the page."""
    return [one.text() for one in cast(list[QLabel], page.findChildren(QLabel)) if one.isVisible()]
