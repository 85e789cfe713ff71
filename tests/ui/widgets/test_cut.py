"""Words that are cut tell themselves whole under the pointer, wherever they are painted."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

import desktop.ui
from desktop.ui.widgets.cut import CutWords
from desktop.ui.widgets.fields import Choice

NAME = "阿卜杜拉·买买提"
TELL_BY_THEMSELVES = {
    "cells.py": "table_model.py tells each cell whole",
    "chips.py": "month.py and side.py tell each chip whole",
    "rows.py": "layer.py tells each hit whole",
    "heads.py": "tells the reason of its column",
    "grid.py": "of an import: its model tells each cell whole",
    "standard_form.py": "its button has a tooltip",
    "choice.py": "tells what is chosen where it is cut",
    "buttons.py": "a link that is cut tells its words",
    "words.py": "a label that is cut has a tooltip",
    "cut.py": "what the others draw by",
}


class Sheet(QWidget):
    """Paints two names, for one of which there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.cut = CutWords(self)
        self.resize(200, 60)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.cut.draw(painter, QRectF(0, 0, 40, 30), NAME)
        self.cut.draw(painter, QRectF(0, 30, 200, 30), NAME)
        painter.end()


@pytest.mark.qt_log_ignore("does not support raise")
def test_painted_words_are_told_whole_where_they_are_cut_and_nowhere_else(qtbot: QtBot) -> None:
    sheet = Sheet()
    qtbot.addWidget(sheet)
    sheet.show()
    qtbot.waitUntil(lambda: bool(sheet.cut.whole()))
    for _again in range(2):  # what was cut before is forgotten
        sheet.repaint()
        assert sheet.cut.whole() == [NAME]
    assert (sheet.cut.at(10, 10), sheet.cut.at(10, 40)) == (NAME, "")
    place = QPoint(10, 10)
    QApplication.sendEvent(sheet, QHelpEvent(QHelpEvent.Type.ToolTip, place, sheet.mapToGlobal(place)))
    assert QToolTip.text() == NAME
    QToolTip.hideText()


def test_a_choice_tells_what_is_chosen_where_it_is_cut_unless_it_tells_something_else(qtbot: QtBot) -> None:
    choice = Choice("支部", [(1, "沈丘县局（营销部）第一党支部"), (2, "项城")], width=120)
    qtbot.addWidget(choice)
    choice.show()
    assert choice.toolTip() == "沈丘县局（营销部）第一党支部"
    choice.set_value(2)
    assert choice.toolTip() == ""
    choice.setToolTip("别的话")
    choice.set_value(1)
    assert choice.toolTip() == "别的话"


def test_a_choice_that_is_cut_shows_how_its_words_begin_and_end(qtbot: QtBot) -> None:
    one, other = "沈丘县局（营销部）第一党支部", "沈丘县局（营销部）第二党支部"
    drawn = []
    for name in (one, other):
        choice = Choice("支部", [(1, name)], width=190)
        qtbot.addWidget(choice)
        choice.show()
        assert choice.toolTip() == name
        drawn.append(choice.grab().toImage())
    assert drawn[0] != drawn[1]


def test_nothing_is_cut_that_does_not_tell_itself_whole() -> None:
    folder = Path(desktop.ui.__file__).parent
    cutting = [path for path in folder.rglob("*.py") if "elidedText(" in path.read_text("utf-8")]
    assert {path.name for path in cutting} == set(TELL_BY_THEMSELVES)
