"""The progress strip: what it counts, and what it only measures."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.progress import ProgressStrip


@pytest.mark.parametrize(
    ("each", "done", "total", "words"),
    [
        (0, 14_500, 27_000, "正在收（53%）"),
        (0, 1, 1, "正在收"),
        (0, 0, 0, "正在收"),
        (1000, 14_500, 27_000, "正在收（14 / 27）"),
        (1000, 500, 1000, "正在收"),
        (1, 120, 300, "正在收（120 / 300）"),
    ],
)
def test_a_strip_counts_what_its_words_speak_of_and_else_tells_per_cent(
    qtbot: QtBot, each: int, done: int, total: int, words: str
) -> None:
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    strip.begin("正在收", each=each)
    strip.step(done, total)
    assert strip.words() == words
    strip.end()


def test_the_end_of_work_that_newer_work_took_the_place_of_changes_nothing(qtbot: QtBot) -> None:
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    running: list[bool] = []
    strip.running.connect(running.append)
    first = strip.begin("正在重新数")
    second = strip.begin("正在导入")
    strip.end(first)
    assert (strip.words(), running) == ("正在导入", [True, True])
    strip.end(second)
    assert running[-1] is False
