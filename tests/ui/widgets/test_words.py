"""Words that are cut where the room is short."""

from pytestqt.qtbot import QtBot

from desktop.ui.widgets.words import Elided

LONG = "10月28日检查；8条，已备齐0条，逾期8条；自查 55 / 100 分"


def test_words_set_as_on_any_label_end_in_a_mark_and_stay_whole_in_the_tooltip(qtbot: QtBot) -> None:
    label = Elided("")
    qtbot.addWidget(label)
    label.resize(120, 24)
    label.show()
    label.setText(LONG)
    assert label.text().endswith("…")
    assert (label.words(), label.toolTip(), label.accessibleName()) == (LONG, LONG, LONG)


def test_words_that_fit_stand_whole_without_a_tooltip(qtbot: QtBot) -> None:
    label = Elided("旧的")
    qtbot.addWidget(label)
    label.resize(600, 24)
    label.show()
    label.setText("新的")
    assert (label.text(), label.toolTip()) == ("新的", "")
