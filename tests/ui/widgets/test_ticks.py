"""Several of a list are ticked, kept as a draft, and typed again; a long list scrolls by itself."""

from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.ticks import TickLine, Ticks
from desktop.ui.widgets.typed import Typed

LINES = [TickLine(str(number), f"第 {number} 项", "前" if number < 2 else "后", tip="说明") for number in range(4)]


def test_what_is_ticked_is_the_value_and_the_draft(qtbot: QtBot) -> None:
    ticks = Ticks("项目", LINES, ["2"])
    qtbot.addWidget(ticks)
    assert isinstance(ticks, Typed)
    with qtbot.waitSignal(ticks.changed):
        ticks.boxes["0"].setChecked(True)
    assert ticks.value() == ("0", "2")
    kept = ticks.typed()
    ticks.type_again(None)
    assert ticks.value() == ()
    ticks.type_again(kept)
    assert ticks.value() == ("0", "2")
    heads = [label.text() for label in cast(list[QLabel], ticks.findChildren(QLabel))]
    assert heads == ["前", "后"], "a head stands once over those that share it"


@pytest.mark.parametrize(("most", "scrolls"), [(0, False), (60, True), (500, False)])
def test_only_a_list_higher_than_it_may_be_scrolls(qtbot: QtBot, most: int, scrolls: bool) -> None:
    ticks = Ticks("项目", LINES, most=most)
    qtbot.addWidget(ticks)
    assert bool(ticks.findChildren(QScrollArea)) is scrolls
