"""The cells of a table: what is drawn into one row."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.cells import Bar, Two, Txt


def drawn(words: str) -> QImage:
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    Txt(words).draw(painter, QRectF(0, 0, 200, 40))
    painter.end()
    return image


def test_nothing_is_cut_in_the_width_that_a_cell_says_it_needs(qtbot: QtBot) -> None:
    for words in ("D1-01", "1 / 1", "2026-10-12", "ZK03 沈丘县局（营销部）第一党支部", "86.34"):
        for px in (12, 13, 14):
            metrics = QFontMetrics(theme.font(px))
            for cell in (Txt(words, px=px), Two("", words)) if px == 12 else (Txt(words, px=px),):
                whole = metrics.elidedText(words, Qt.TextElideMode.ElideRight, cell.widths()[1])
                assert whole == words


def test_a_bar_needs_no_less_than_its_figures(qtbot: QtBot) -> None:
    assert Bar(1, 1).widths()[0] > Txt("1.00", px=13).widths()[0] + Txt("/ 1.00", px=12).widths()[0]


def test_what_was_typed_in_several_lines_stands_in_a_cell_as_one(qtbot: QtBot) -> None:
    assert drawn("请收齐党费\n\n欠缴 3 人") == drawn("请收齐党费　欠缴 3 人")
    assert drawn("请收齐党费\n欠缴 3 人") != drawn("")
