"""Out of the window: lists to Excel and to paper, files to the system's viewer."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop.services.progress import Progress
from desktop.ui.dialogs import ask_save
from desktop.ui.page import Page
from desktop.ui.table_model import Sheet

if TYPE_CHECKING:
    from desktop.services.archive.books import BookService
    from desktop.services.archive.documents import DocumentService
    from desktop.services.workbooks import Exported

EXCEL = "Excel 工作簿 (*.xlsx)"
PDF = "PDF 文件 (*.pdf)"
WORD = "Word 文档 (*.docx)"


def open_file(path: Path) -> None:
    """Hand `path` to the program the user's desktop opens it with."""
    if sys.platform == "win32":
        os.startfile(path)
    elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        subprocess.Popen(["xdg-open", str(path)])


def told(page: Page, path: Path, withheld: int = 0) -> None:
    """Say that a file was written, with how many records it leaves out (内部掌握), and offer to open it."""
    left = f"，另有 {withheld} 条属内部掌握的没有导出" if withheld else ""
    page.desk.say(f"已存为“{path.name}”{left}", lambda: open_file(path), "打开")


def export_sheet(page: Page, sheet: Sheet) -> None:
    """Ask where, and write what a table shows to a workbook."""
    path = ask_save(page, f"导出{sheet.title}", f"{sheet.title}.xlsx", EXCEL)
    if path is None:
        return

    def work(_progress: Progress) -> Path:
        from desktop.services.lists import export_list

        export_list(page.desk.store, sheet.title, sheet.heads, sheet.words, path)
        return path

    page.call(work, lambda written: told(page, written))


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
    """Ask where, and write what a table shows as a PDF to print."""
    path = ask_save(page, f"{sheet.title}存为 PDF，打开后打印", f"{sheet.title}.pdf", PDF)
    if path is None:
        return

    def work(_progress: Progress) -> Path:
        from desktop.services.archive.documents import DocumentService

        DocumentService(page.desk.store, substitute=True).table(sheet.title, sheet.heads, sheet.words, path, note)
        return path

    page.call(work, lambda written: told(page, written), long=True)


def print_document(
    page: Page, name: str, write: "Callable[[DocumentService, Path], object]", *, word: bool = False
) -> None:
    """Ask where a paper called `name` goes, and let `write` make it: as PDF to print, or as a document of Word."""

    def work(path: Path) -> None:
        from desktop.services.archive.documents import DocumentService

        write(DocumentService(page.desk.store, substitute=True), path)

    print_paper(page, name, work, word=word)


def print_book(page: Page, name: str, write: "Callable[[BookService, Path], object]") -> None:
    """Ask where a book of a year goes, and let `write` make it as PDF."""

    def work(path: Path) -> None:
        from desktop.services.archive.books import BookService

        write(BookService(page.desk.store, substitute=True), path)

    print_paper(page, name, work)


def print_handbook(page: Page) -> None:
    """Write the handbook of the year in view as one file to print."""
    year = page.desk.year
    print_book(page, f"{year}年党支部工作手册", lambda books, path: books.handbook(year, path))


def print_paper(page: Page, name: str, write: Callable[[Path], object], *, word: bool = False) -> None:
    """Ask where a paper called `name` goes, and let `write` make it on the worker."""
    if word:
        path = ask_save(page, f"{name}存为 Word 文档", f"{name}.docx", WORD)
    else:
        path = ask_save(page, f"{name}存为 PDF，打开后打印", f"{name}.pdf", PDF)
    if path is None:
        return

    def work(_progress: Progress) -> Path:
        write(path)
        return path

    page.call(work, lambda written: told(page, written), long=True)
