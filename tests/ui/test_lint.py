"""What looks for faults waits until the layout is at rest, and then tells what stays wrong."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets import box, col, scroll, text
from tests.ui.desks import keep
from tests.ui.lint import _faults_now, faults

LONG = "这是样例数据，人名和记录都是虚构的。" * 4


def open_column(qtbot: QtBot, width: int) -> QWidget:
    window = QWidget()
    keep(qtbot, window)
    window.setLayout(QVBoxLayout())
    window.resize(width, 300)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_words_that_wrap_a_moment_later_are_no_fault(qtbot: QtBot) -> None:
    window = open_column(qtbot, 240)
    words = text("", wrap=True)
    window.layout().addWidget(scroll(box(col(words, ...))))
    qtbot.waitUntil(words.isVisible)
    words.setText(LONG)
    assert _faults_now(window) != []
    assert faults(window) == []


def test_words_that_stay_cut_off_are_told(qtbot: QtBot) -> None:
    window = open_column(qtbot, 240)
    words = text("一二三四五六七八九十")
    words.setFixedWidth(40)
    window.layout().addWidget(words)
    qtbot.waitUntil(words.isVisible)
    assert [fault[:8] for fault in faults(window)] == ["clipped:"]
