"""考评抽查 > 考评进度: what the pane says of the points of a branch adds up."""

from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.services.assessment import Numbers
from desktop.ui.headquarters.assessments import _told
from desktop.ui.widgets import box, col

UNJUDGED = Numbers(rate=None, total=2501, trace=2466, quality=None, pending=300)


def said(qtbot: QtBot, numbers: Numbers) -> str:
    part = box(col(*_told("核定", numbers)))
    qtbot.addWidget(part)
    return " ".join(label.text() for label in cast(list[QLabel], part.findChildren(QLabel)))


def test_what_registers_count_of_quality_is_told_though_nobody_judged_it(qtbot: QtBot) -> None:
    words = said(qtbot, UNJUDGED)
    assert "已得 25.01 其中痕迹 24.66 其中质量 0.35，待评" in words
    assert "其中质量 待评" in said(qtbot, replace(UNJUDGED, total=UNJUDGED.trace))
    assert "其中质量 0.35 " in said(qtbot, replace(UNJUDGED, quality=35, rate=9000))
