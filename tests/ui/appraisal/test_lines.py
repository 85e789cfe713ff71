"""The self-reviews and the feedback of everybody in one grid: kept as a draft, saved at once, asked where stale."""

from datetime import date
from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.services.appraisal.rows import StepKey, StepState
from desktop.ui.appraisal.lines import LinesPage
from desktop.ui.appraisal.page import AppraisalPage
from desktop.ui.main_window import Shell
from desktop.ui.widgets.dialogs import Dialog
from tests.services.appraisal.rounds import FRESH, HELD, NAMES, YEAR, branch, decided, held, ids, round_of
from tests.ui.desks import desk_on, go, put, settle


def opened(qtbot: QtBot, shell: Shell) -> LinesPage:
    page = cast(AppraisalPage, go(qtbot, shell, "meetings", "appraisal"))
    page.main_button.click()
    settle(qtbot, shell)
    return cast(LinesPage, shell.page())


def test_the_self_reviews_of_everybody_are_pasted_and_saved_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    held(store)
    with desk_on(qtbot, store) as shell:
        typing = opened(qtbot, shell)
        assert f"还有 {len(NAMES) + 1} 人没交自评" in typing.told.text()
        typing.grid.setCurrentIndex(typing.grid.cells.index(0, 1))
        typing.grid.paste("\n".join(f"{name}\t2027-01-0{9 if name == FRESH else 7}\t合格" for name in (*NAMES, FRESH)))
        assert "都填了" in typing.told.text()
        put(typing.fields.fields["peer_on"].control, "2027-01-08")
        shell.desk.back()
        settle(qtbot, shell)
        typing = opened(qtbot, shell)  # from its draft
        assert typing.grid.cells.words[0][0] == "2027-01-07"
        typing.grid.cells.setData(typing.grid.cells.index(0, 1), "2027-02-30")
        typing.submit()
        assert NAMES[0] in typing.told.text()
        typing.grid.cells.setData(typing.grid.cells.index(0, 1), "2027-01-07")
        typing.submit()
        settle(qtbot, shell)
        assert round_of(store).step(StepKey.REVIEW).state is StepState.DONE
        assert not isinstance(shell.page(), LinesPage)


def test_of_a_line_changed_meanwhile_the_user_decides(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    service, who = decided(store), ids(store)
    with desk_on(qtbot, store) as shell:
        typing = opened(qtbot, shell)
        typing.grid.cells.setData(typing.grid.cells.index(0, 1), "2027-01-18")
        typing.grid.cells.setData(typing.grid.cells.index(1, 1), "2027-01-18")
        service.note(YEAR, who[NAMES[1]], {"faults": "学习不够", "fed_back_on": HELD})
        typing.submit()
        settle(qtbot, shell)
        assert round_of(store).lines[0].fed_back_on is None
        dialogs = cast(list[Dialog], typing.findChildren(Dialog))
        asked = next(each for each in dialogs if each.isVisible())
        asked.accept()
        settle(qtbot, shell)
        lines = round_of(store).lines
        assert [line.fed_back_on for line in lines[:2]] == [date(2027, 1, 18)] * 2
        assert lines[1].faults == "学习不够"
