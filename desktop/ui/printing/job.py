"""Pages of a PDF to a printer: which ones, how often, on one side or both. Drawn on a worker, page by page."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desktop.services.errors import Input, InvalidInput, StorageFailure
from desktop.services.pdfium import open_pdf
from desktop.services.progress import Progress, silent

PAGES = Input("pages", "页码")
DPI = 300
POINTS_PER_INCH, MM_PER_INCH = 72, 25.4
ONE_SIDE, LONG_EDGE, SHORT_EDGE = (
    QPrinter.DuplexMode.DuplexNone,
    QPrinter.DuplexMode.DuplexLongSide,
    QPrinter.DuplexMode.DuplexShortSide,
)
_PART = re.compile(r"(\d+)(?:-(\d+))?")
_SAME = str.maketrans("，、；;－—–~～至到", ",,,,-------")

Size = tuple[float, float]
"""Width and height of a page in points."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of a printer: pages from 0 on, in their order."""

    printer: str
    title: str
    pages: tuple[int, ...]
    copies: int = 1
    duplex: QPrinter.DuplexMode = ONE_SIDE


def printers() -> list[str]:
    """Return the names of the printers of this computer, the one it uses by default first."""
    names, usual = QPrinterInfo.availablePrinterNames(), QPrinterInfo.defaultPrinterName()
    return sorted(names, key=lambda name: (name != usual, name))


def sides(printer: str) -> tuple[QPrinter.DuplexMode, ...]:
    """Return how a printer can turn the paper: on one side at least."""
    known = QPrinterInfo.printerInfo(printer).supportedDuplexModes()
    return (ONE_SIDE, *(mode for mode in (LONG_EDGE, SHORT_EDGE) if mode in known))


def page_numbers(words: str, count: int) -> tuple[int, ...]:
    """Return the pages, from 0 on, that words like "1-3,5" name.

    Raises:
        InvalidInput: it names none, or one that is not there.
    """
    out: list[int] = []
    for part in filter(None, re.sub(r"\s", "", words).translate(_SAME).split(",")):
        found = _PART.fullmatch(part)
        if found is None:
            raise InvalidInput(PAGES, "写成 1-3,5 这样")
        first = int(found[1])
        last = int(found[2] or first)
        if not 1 <= first <= last <= count:
            raise InvalidInput(PAGES, f"一共 {count} 页，没有第 {part} 页")
        out.extend(number - 1 for number in range(first, last + 1))
    if not out:
        raise InvalidInput(PAGES, "写成 1-3,5 这样")
    return tuple(dict.fromkeys(out))


def page_sizes(pdf: bytes) -> tuple[Size, ...]:
    """Return the size of every page."""
    with open_pdf(pdf) as document:
        return () if document is None else tuple(document.get_page_size(number) for number in range(len(document)))


def draw_page(pdf: bytes, number: int, scale: float) -> QImage:
    """Return a page drawn with `scale` pixels to a point. Touches no widget: call it on a worker."""
    with open_pdf(pdf) as document:
        if document is None:
            return QImage()
        page = document[number]
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        form = QImage.Format.Format_RGBX8888
        picture = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form).copy()
        page.close()
        return picture


def printer_of(job: Job) -> QPrinter:
    """Return the printer of a job, set up. Call it on the GUI thread."""
    out = QPrinter(QPrinterInfo.printerInfo(job.printer), QPrinter.PrinterMode.HighResolution)
    out.setDocName(job.title)
    out.setCopyCount(job.copies)
    out.setDuplex(job.duplex)
    return out


def print_pages(printer: QPrinter, pdf: bytes, job: Job, progress: Progress = silent) -> None:
    """Draw the pages of a job on its printer; tells (pages done, pages).

    Raises:
        StorageFailure: E-PRINT, the printer takes nothing.
        Cancelled: `progress` asked to stop; the printer gets nothing.
    """
    sizes = page_sizes(pdf)
    printer.setFullPage(True)
    printer.setResolution(DPI)
    painter = QPainter()
    try:
        for place, number in enumerate(job.pages):
            progress(place, len(job.pages))
            printer.setPageLayout(_layout(sizes[number]))
            begun = printer.newPage() if place else painter.begin(printer)
            if not begun:
                raise StorageFailure("E-PRINT", file=job.printer)
            picture = draw_page(pdf, number, DPI / POINTS_PER_INCH)
            painter.drawImage(QRectF(printer.pageLayout().fullRectPixels(printer.resolution())), picture)
        progress(len(job.pages), len(job.pages))
    except BaseException:
        if painter.isActive():
            printer.abort()
            painter.end()
        raise
    if not painter.end() or printer.printerState() == QPrinter.PrinterState.Error:
        raise StorageFailure("E-PRINT", file=job.printer)


def _layout(size: Size) -> QPageLayout:
    """Return the paper of a page: its size upright, and turned where the page lies on its side."""
    width, height = (side * MM_PER_INCH / POINTS_PER_INCH for side in size)
    upright = QSizeF(min(width, height), max(width, height))
    paper = QPageSize(upright, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    turned = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
    return QPageLayout(paper, turned, QMarginsF(0, 0, 0, 0))
