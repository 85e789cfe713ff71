"""Words that are cut where the room is short."""

from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.ui.widgets import banner, text
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


def test_a_warning_that_begins_with_words_from_right_to_left_stands_at_the_left(qtbot: QtBot) -> None:
    said = "\u05e9\u05dc\u05d5\u05dd：这一列不认识"
    for label in (text(said), text(said, "small", "bad", wrap=True), Elided(said)):
        qtbot.addWidget(label)
        label.setFixedSize(600, 40)
        label.show()
        label.setText(said)
        assert label.text() == said
        seen = label.grab().toImage()
        ground = seen.pixel(599, 1)
        inked = [x for x in range(0, 600, 2) if any(seen.pixel(x, y) != ground for y in range(seen.height()))]
        assert inked
        assert max(inked) < 300


def test_words_that_fit_stand_whole_without_a_tooltip(qtbot: QtBot) -> None:
    label = Elided("旧的")
    qtbot.addWidget(label)
    label.resize(600, 24)
    label.show()
    label.setText("新的")
    assert (label.text(), label.toolTip()) == ("新的", "")


def test_news_across_a_page_leave_the_page_its_room_however_long_somebody_wrote(qtbot: QtBot) -> None:
    words = "\n".join(f"{number}．汇总改进事项，报总部。" for number in range(1, 40))
    news = banner("wait", "info", "总部随反馈包下发的还有 1 条没办结", words)
    qtbot.addWidget(news)
    news.setFixedWidth(900)
    news.show()
    (told,) = (label for label in cast(list[QLabel], news.findChildren(QLabel)) if label.toolTip())
    assert (told.text()[-1], told.toolTip()) == ("…", words)
    assert news.heightForWidth(900) < 200


def test_a_line_that_is_cut_can_be_made_and_says_what_more_there_is(qtbot: QtBot) -> None:
    line = Elided("上次备份：2026-10-13")
    qtbot.addWidget(line)
    line.explain("只在本机")
    assert (line.words(), line.accessibleName()) == ("上次备份：2026-10-13", "上次备份：2026-10-13")
    assert line.toolTip().endswith("只在本机")
