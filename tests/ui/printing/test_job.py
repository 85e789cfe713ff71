"""Pages on their way to a printer: Qt's own, which writes a file, stands for one."""

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from desktop.services.errors import Cancelled, InvalidInput, StorageFailure
from desktop.ui.printing.job import DPI, Job, draw_page, page_numbers, page_sizes, print_pages

A4, A4_LYING, A5 = (595.28, 841.89), (841.89, 595.28), (419.53, 595.28)


def paper(*sizes: tuple[float, float]) -> bytes:
    """Return a PDF with a page of each size, black from its left edge as far as its number in eighths."""
    out = BytesIO()
    canvas = Canvas(out)
    for number, (width, height) in enumerate(sizes, start=1):
        canvas.setPageSize((width, height))
        canvas.rect(0, 0, width * number / 8, height, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def to_file(path: Path) -> QPrinter:
    out = QPrinter(QPrinter.PrinterMode.HighResolution)
    out.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    out.setOutputFileName(str(path))
    return out


def black(pdf: bytes, number: int) -> float:
    """Return which part of a page is black."""
    picture = draw_page(pdf, number, 0.2)
    dark = sum(picture.pixelColor(x, picture.height() // 2).lightness() < 128 for x in range(picture.width()))
    return dark / picture.width()


@pytest.mark.parametrize(
    ("words", "pages"),
    [("2", (1,)), ("1-3,5", (0, 1, 2, 4)), ("3、1", (2, 0)), (" 2 － 3 ，2", (1, 2)), ("4至5", (3, 4))],
)
def test_pages_are_named_as_people_write_them(words: str, pages: tuple[int, ...]) -> None:
    assert page_numbers(words, 5) == pages


@pytest.mark.parametrize("words", ["", "，", "0", "6", "3-2", "1-9", "全部", "1--2"])
def test_pages_that_are_not_there_are_refused(words: str) -> None:
    with pytest.raises(InvalidInput):
        page_numbers(words, 5)


def test_the_pages_asked_for_come_out_in_their_size_and_their_order(qtbot: QtBot, tmp_path: Path) -> None:
    pdf, told = paper(A4, A4_LYING, A5), list[tuple[int, int]]()
    print_pages(
        to_file(tmp_path / "out.pdf"),
        pdf,
        Job("PDF", "三页", (2, 0, 1)),
        lambda done, total: told.append((done, total)),
    )
    printed = (tmp_path / "out.pdf").read_bytes()
    assert [tuple(map(round, size)) for size in page_sizes(printed)] == [(420, 595), (595, 842), (842, 595)]
    assert [round(black(printed, number) * 8) for number in range(3)] == [3, 1, 2]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_letters_are_sharp_enough_to_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    print_pages(to_file(tmp_path / "out.pdf"), paper(A4), Job("PDF", "一页", (0,)))
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        widths = [int(each.get_metadata().width) for each in document[0].get_objects() if hasattr(each, "get_metadata")]
    assert widths == [pytest.approx(A4[0] / 72 * DPI, abs=2)]


def test_what_is_stopped_prints_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        print_pages(to_file(tmp_path / "out.pdf"), paper(A4, A4), Job("PDF", "两页", (0, 1)), stop)


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    printer = to_file(tmp_path / "none" / "out.pdf")
    with pytest.raises(StorageFailure) as refused:
        print_pages(printer, paper(A4), Job("PDF", "一页", (0,)))
    assert refused.value.code == "E-PRINT"
