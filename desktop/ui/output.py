"""Out of the window: lists to Excel and to paper, files to the system's viewer."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

from desktop.services.errors import StorageFailure
from desktop.services.progress import Progress
from desktop.ui.dialogs import ask_save, show_error
from desktop.ui.page import Desk, Page
from desktop.ui.printing.coming import Coming
from desktop.ui.sheets import Sheet
from desktop.ui.widgets import button

if TYPE_CHECKING:
    from desktop.services.archive.books import BookService
    from desktop.services.archive.documents import DocumentService
    from desktop.services.archive.writing import Sink
    from desktop.services.workbooks import Exported
    from desktop.ui.printing.preview import Made, PreviewDialog

EXCEL = "Excel 工作簿 (*.xlsx)"
PDF = "PDF 文件 (*.pdf)"
WORD = "Word 文档 (*.docx)"
MAKING, SLOW_MS = "正在排版“{name}”，排好就显示。", 700
"""What is said of a paper that is not shown after so long: a whole year on paper takes its time."""
_NO_ASSOCIATION, _LONGEST = 31, 260  # SE_ERR_NOASSOC and MAX_PATH, as Windows says it


def open_file(path: Path) -> None:
    """Hand `path` to the program the user's desktop opens it with.

    Raises:
        StorageFailure: E-NO-PROGRAM, there is none for such files.
    """
    try:
        if sys.platform == "win32":
            os.startfile(path)
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            subprocess.Popen(["xdg-open", str(path)])
    except OSError as error:
        if _meant_for_a_program(path):
            raise
        raise StorageFailure("E-NO-PROGRAM", file=path.name) from error


def _meant_for_a_program(path: Path) -> bool:
    """Whether Windows, which could not open `path`, knows a program for such files. Elsewhere no error tells of one."""
    if sys.platform != "win32":
        return False
    import ctypes

    found = ctypes.create_unicode_buffer(_LONGEST)
    number: int = ctypes.windll.shell32.FindExecutableW(str(path), None, found)
    return number != _NO_ASSOCIATION


def told(page: Page, path: Path, withheld: int = 0) -> None:
    """Say that a file was written, with how many records it leaves out (内部掌握), and offer to open it."""
    left = f"，另有 {withheld} 条属内部掌握的没有导出" if withheld else ""
    page.desk.say(f"已存为“{path.name}”{left}", lambda: open_file(path), "打开")


def export_sheet(page: Page, sheet: Sheet, note: str = "") -> None:
    """Ask where, and write what a table shows to a workbook; `note` stands below its rows."""
    path = ask_save(page, f"导出{sheet.title}", f"{sheet.title}.xlsx", EXCEL)
    if path is None:
        return

    def work(_progress: Progress) -> Path:
        from desktop.services.lists import export_list

        export_list(page.desk.store, sheet.title, sheet.cell_heads, sheet.cells, path, note)
        return path

    page.call(work, lambda written: told(page, written))


def export_button(page: Page, sheet: Callable[[], Sheet]) -> QPushButton:
    """Return the button that writes a list to a workbook, for who may; `sheet` returns it as it is shown then."""
    from desktop.models.vocabulary.access import Act  # SQLAlchemy: not before the first window

    return page.desk.offered(Act.EXPORT, button("导出", lambda: export_sheet(page, sheet()), icon="download"))


def print_button(page: Page, sheet: Callable[[], Sheet]) -> QPushButton:
    """Return the button that shows a list as a paper to print, as `export_button` does."""
    from desktop.models.vocabulary.access import Act

    return page.desk.offered(Act.EXPORT, button("打印", lambda: print_sheet(page, sheet()), icon="printer"))


def export_kind(page: Page, kind: str, title: str, layout: str = "") -> None:
    """Ask where, and write everything of `kind` as a workbook that imports again; `layout`: as another program does."""
    path = ask_save(page, f"导出{title}", f"{title}.xlsx", EXCEL)
    if path is None:
        return

    def work(_progress: Progress) -> "Exported":
        from desktop.services import workbooks

        return workbooks.export(page.desk.store, kind, path, layout)

    page.call(work, lambda done: told(page, path, done.withheld))


def save_template(page: Page, kind: str, title: str) -> None:
    """Ask where, and write the empty sheet of `kind`."""
    path = ask_save(page, f"保存{title}空表", f"{title}空表.xlsx", EXCEL)
    if path is None:
        return

    def work(_progress: Progress) -> None:
        from desktop.services.workbooks import book

        book(page.desk.store, kind).template(path)

    page.call(work, lambda _none: told(page, path))


def print_sheet(page: Page, sheet: Sheet, note: str = "") -> None:
    """Show what a table shows as a paper, to print it."""
    print_document(page, sheet.title, lambda papers, to: papers.table(sheet.title, sheet.heads, sheet.words, to, note))


def print_document(
    page: Page, name: str, write: "Callable[[DocumentService, Sink], object]", *, word: bool = False
) -> None:
    """Let `write` make a paper called `name` and show it, to print it; or write it as a document of Word."""

    def work(to: "Sink") -> object:
        from desktop.services.archive.documents import DocumentService

        return write(DocumentService(page.desk.store, substitute=True), to)

    print_paper(page, name, work, word=word)


def print_book(page: Page, name: str, write: "Callable[[BookService, Sink], object]") -> None:
    """Let `write` make a book of a year and show it, to print it."""

    def work(to: "Sink") -> object:
        from desktop.services.archive.books import BookService

        return write(BookService(page.desk.store, substitute=True), to)

    print_paper(page, name, work)


def print_handbook(page: Page) -> None:
    """Show the handbook of the year in view, to print it."""
    year = page.desk.year
    print_book(page, f"{year}年党支部工作手册", lambda books, to: books.handbook(year, to))


def print_paper(
    page: Page, name: str, write: "Callable[[Sink], object]", *, word: bool = False, ours: bool = True
) -> None:
    """Let `write` make a paper called `name` on the worker, and show it to be printed or saved.

    As a document of `word` it is asked where it goes. What is only looked at lies in memory, never on a disk. What is
    not `ours` holds nothing of the store: anybody may print it, and no line tells of it. Papers that are ready at once
    come one after the other; who has gone to another page meanwhile is told, and looks when it suits.
    """
    if word:
        _save_word(page, name, write)
        return

    def work(_progress: Progress) -> "Made":
        from desktop.services.archive.blocks import Written
        from desktop.ui.printing.preview import Made

        sheets = BytesIO()
        written = write(sheets)
        missing = written.substituted if isinstance(written, Written) else ()
        return Made(name, sheets.getvalue(), tuple(sorted({each.character for each in missing})))

    if name in page.being_made:  # pressed once more, for nothing is seen of it yet
        page.desk.say(MAKING.format(name=name))
        return

    def shown(made: "Made") -> None:
        def begin() -> None:
            page.being_made.discard(name)
            page.desk.ready.pop(name, None)  # an older one of the name, which nobody looked at
            if isValid(page):  # a form may be gone by the time somebody comes back to its paper
                show_preview(page, made, ours=ours)

        def left() -> None:
            page.being_made.discard(name)
            page.desk.ready[name] = begin
            names = "".join(f"“{each}”" for each in page.desk.ready)
            page.desk.say(f"{names}排好了", partial(_look, page.desk, page.window()), "看")

        coming.bring(begin, left)

    def failed(error: Exception) -> None:
        page.being_made.discard(name)
        show_error(page, error)

    def late() -> None:
        if name in page.being_made:
            page.desk.say(MAKING.format(name=name))

    coming = Coming(page)
    page.being_made.add(name)
    page.call(work, shown, failed=failed, long=True)
    QTimer.singleShot(SLOW_MS, page, late)


def _look(desk: Desk, window: QWidget) -> None:
    """Show what was made while its page was out of view, one paper after the other."""
    coming, ready, desk.ready = Coming(window), desk.ready, {}
    for show in ready.values():
        coming.bring(show, show)


def show_preview(page: Page, made: "Made", *, ours: bool = True) -> "PreviewDialog":
    """Show a paper in memory, to be printed or saved; the store remembers that it left."""
    from desktop.ui.printing.preview import PreviewDialog, said

    store = page.desk.store

    def note() -> None:
        from desktop.services.archive.writing import note_printed

        if ours:
            note_printed(store, made.name)

    save = partial(_save_pdf, page, ours)
    dialog = PreviewDialog(page, made, page.desk.jobs, save=save, note=note)
    dialog.printed.connect(lambda job: page.desk.say(said(job)))
    dialog.open()
    return dialog


def _save_pdf(page: Page, ours: bool, dialog: "PreviewDialog") -> None:
    made, store = dialog.made, page.desk.store
    path = ask_save(dialog, f"{made.name}另存为 PDF", f"{made.name}.pdf", PDF)
    if path is None:
        return

    def work(_progress: Progress) -> Path:
        from desktop.services.archive.writing import keep_paper, save_paper

        if ours:
            keep_paper(store, made.name, made.pdf, path)
        else:
            save_paper(made.pdf, path)
        return path

    def saved(written: Path) -> None:
        dialog.accept()
        told(page, written)

    page.call(work, saved, long=True)


def _save_word(page: Page, name: str, write: "Callable[[Sink], object]") -> None:
    path = ask_save(page, f"{name}存为 Word 文档", f"{name}.docx", WORD)
    if path is None:
        return

    def work(_progress: Progress) -> Path:
        write(path)
        return path

    page.call(work, lambda written: told(page, written), long=True)
