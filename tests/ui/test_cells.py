"""The cells of a table: what is drawn into one row."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.cells import Bar, Two, Txt, two_lines


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


def test_a_long_name_stands_in_two_lines_where_the_row_is_high_enough(qtbot: QtBot) -> None:
    name = "项城市永丰烟叶收购站与基层党建联系点党支部"
    first, second = two_lines(name, theme.font(14), 220)
    assert first + second == name
    whole = Txt(name).widths()[0]
    for height, cut in ((46, False), (30, True)):
        narrow, wide = (shot_of(Txt(name), width, height) for width in (220, whole))
        assert (ink(narrow) < 0.9 * ink(wide)) is cut


def test_a_figure_is_cut_and_never_broken_into_two_lines(qtbot: QtBot) -> None:
    """Broken, 12345678.90 read as 1234567 over 8.90."""
    figure, width = "12345678.90", Txt("1234567").widths()[0]
    cut, alone = (shot_of(Txt(figure, align="r"), width, height) for height in (60, 30))
    assert lines_of_ink(cut) == lines_of_ink(alone)


def lines_of_ink(image: QImage) -> int:
    """Return in how many rows of pixels something is drawn."""
    blank = QColor(theme.CARD)
    return sum(any(image.pixelColor(x, y) != blank for x in range(image.width())) for y in range(image.height()))


def shot_of(cell: Txt, width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.CARD))
    painter = QPainter(image)
    cell.draw(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


def ink(image: QImage) -> int:
    """Return how dark the picture is on the whole."""
    return sum(255 - image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height()))
