"""The cells of a table: what is drawn into one row."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from desktop.ui.cells import Txt


def drawn(words: str) -> QImage:
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    Txt(words).draw(painter, QRectF(0, 0, 200, 40))
    painter.end()
    return image


def test_what_was_typed_in_several_lines_stands_in_a_cell_as_one(qtbot: QtBot) -> None:
    assert drawn("请收齐党费\n\n欠缴 3 人") == drawn("请收齐党费　欠缴 3 人")
    assert drawn("请收齐党费\n欠缴 3 人") != drawn("")
