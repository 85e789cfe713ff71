"""What a person answers about the file in hand: kept, counted, and taken back where counting is stopped."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.desks import empty_desk
from tests.ui.intake.test_page import HEADS, PEOPLE, intake_page, recounted, workbook

ROWS = (HEADS, *((name, "男", number, day, "") for name, number, day in PEOPLE))


def test_counting_anew_that_is_stopped_leaves_the_answers_that_were_counted(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, workbook(tmp_path / "名册.xlsx", ("党员名册", ROWS)))
        page.mapping.decided.emit(page.hand.looks[0].columns[1], "")
        recounted(qtbot, page, shell)
        before = page.hand.answers
        assert before.columns
        # stopped in the moment the counting begins, however soon it would be done
        page.deciding._timer.timeout.connect(page.mapping.strip.cancel_button.click)
        page.mapping.decided.emit(page.hand.looks[0].columns[2], "")
        assert not page.next_button.isEnabled()
        recounted(qtbot, page, shell)
        assert page.hand.answers == before
        assert page.mapping.grid.heads.choosers[2].value() == "id_no"
        assert page.next_button.isEnabled()
        assert "没有记下" in shell.undo_bar.words()
        assert not page.mapping.strip.isVisible()
        assert page.mapping._counts.isVisible()
