"""封账: the branches that are missing are named, and a penalty is given where a person ticks it."""

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from desktop.models.sync import Partner
from desktop.ui.main_window import Shell
from desktop.ui.race.closing import CloseDialog, ReopenDialog
from desktop.ui.race.marks import MarksPage
from desktop.ui.race.ranking import RankingPage
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import go, settle
from tests.ui.loop import loop_desk


def last(shell: Shell) -> Dialog:
    """Return the dialog that was opened last."""
    return cast(list[Dialog], shell.findChildren(Dialog))[-1]


def test_a_period_is_closed_with_the_penalties_ticked_and_opened_again(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        page.periods.set_value("2026Q2")
        settle(qtbot, shell)
        page.main_button.click()
        dialog = cast(CloseDialog, last(shell))
        said = [label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel))]
        assert any(words.startswith("不用报的：") and words.count("、") == 4 for words in said)
        assert dialog.ticks.boxes == {}
        dialog.reject()
        with shell.desk.store.unit_of_work("登记在这个季度以前") as session:
            for partner in session.scalars(select(Partner)):
                partner.enrolled_at_utc = "2026-01-05T01:00:00Z"
        page.reload()
        settle(qtbot, shell)
        page.main_button.click()
        dialog = cast(CloseDialog, last(shell))
        said = [label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel))]
        assert any(words.startswith("还没报的：") and words.count("、") == 4 for words in said)
        assert [tick.isChecked() for tick in dialog.ticks.boxes.values()] == [False] * 5
        next(iter(dialog.ticks.boxes.values())).setChecked(True)
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.state.words.startswith("已封账")
        assert page._window.text() == "2026-10-12 封账。"
        marks = cast(MarksPage, go(qtbot, shell, "race", "marks"))
        assert [marks.table.model.row_at(row).rule_id for row in range(marks.table.model.rowCount())] == ["P-03"]
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        page._reopen_link.click()
        again = cast(ReopenDialog, last(shell))
        again.verb.click()
        assert again.fields.fields["ground"].fault()
        again.fields.fields["ground"].control.setPlainText("报送包退回重报")  # type: ignore[attr-defined]
        again.verb.click()
        settle(qtbot, shell)
        assert page.state.words.startswith("未封账")
        page.main_button.click()
        assert len(cast(CloseDialog, last(shell)).ticks.boxes) == 5, "the penalty ended with the closing that gave it"
