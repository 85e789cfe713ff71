"""What headquarters sent with its feedback is told above the register of papers and tasks from above."""

from datetime import date
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.race import Remark
from desktop.models.vocabulary.race import RemarkKind
from desktop.ui.improvement.remarks import RemarksPage
from tests.stores import new_store
from tests.ui.desks import desk_on, go, settle
from tests.ui.lint import faults
from tests.ui.press import press


def test_the_empty_register_says_what_waits_elsewhere_and_leads_there(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    with store.unit_of_work("收反馈") as session:
        for day, words in ((29, "报总结。"), (30, "党课可以加几道题。")):
            due = date(store.today.year, 12, day)
            session.add(
                Remark(branch_id=store.branch_id, kind=RemarkKind.TASK, text=words, made_on=store.today, due_on=due)
            )
    with desk_on(qtbot, store) as shell:
        page = go(qtbot, shell, "standards", "superior")
        labels = cast(list[QLabel], page.findChildren(QLabel))
        told = [label.text() for label in labels if label.isVisible()]
        assert any(words.startswith("总部随反馈包下发的还有 2 条没办结，最早的") for words in told)
        assert "报总结；党课可以加几道题。" in told
        assert faults(shell) == []
        press(shell, "去答复")
        settle(qtbot, shell)
        assert isinstance(shell.page(), RemarksPage)
