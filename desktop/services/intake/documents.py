"""Minutes written in Word: a document, or a whole folder of them, as one workbook with a sheet for each.

Importing this module is cheap; python-docx is loaded with the first document.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from desktop.services.errors import InvalidInput
from desktop.services.files import sha256_of
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets.budget import FILE, Budget, refuse
from desktop.services.spreadsheets.workbook import Format, Origin, SheetCells, Workbook

MOST_DOCUMENTS = 500
"""In one folder: ten years of a branch."""
MOST_FILES = 20_000
"""Looked at in a folder; whoever chose a whole disk by mistake is told."""
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".heic", ".heif", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
NO_WORDS = "文档里没有文字，可能是扫描件的图片，请照它登记会议，再把文件作附件"


def takes(source: Path) -> bool:
    """Tell whether `source` is a document or a folder, and no workbook."""
    from desktop.services.spreadsheets.formats.word import is_word

    return source.is_dir() or is_word(source)


def holds_documents(folder: Path) -> bool:
    """Tell whether documents lie in a folder; photos may lie beside them."""
    from desktop.services.spreadsheets.formats.word import OTHERS, SUFFIXES

    looked_at = islice(files_in(folder), MOST_FILES)
    return any(path.suffix.lower() in (*SUFFIXES, *OTHERS) for path in looked_at)


def read_documents(source: Path, progress: Progress = silent) -> Workbook:
    """Return the lines of a document, or of all documents in a folder and those below it, a sheet for each.

    What cannot be read in a folder is named, and does not lose the others.

    Raises:
        InvalidInput: field 文件: the document cannot be read, or the folder has none, or too many.
        Cancelled: `progress`, told documents done and all, was asked to stop.
    """
    if not source.is_dir():
        return Workbook((_document(source, source.name, (source.stem,)),), Format.WORD, name=source.name)
    documents, others = _listed(source)
    if not documents:
        refuse(f"文件夹“{source.name}”里没有Word文档（.docx）")
    sheets: list[SheetCells] = []
    for number, path in enumerate(documents, start=1):
        title = path.relative_to(source).as_posix()
        folders = [folder.name for folder in path.relative_to(source).parents][:-1]
        try:
            sheets.append(_document(path, title, (path.stem, *folders, source.name)))
        except InvalidInput as error:
            sheets.append(SheetCells(title, {}, fault=error.reason))
        progress(number, len(documents))
    sheets += _named(source, others)
    return Workbook(tuple(sheets), Format.WORD, name=source.name)


def _document(path: Path, title: str, names: tuple[str, ...]) -> SheetCells:
    from desktop.services.attachments.secrecy import secrecy_mark  # with what reads the first page of a PDF
    from desktop.services.spreadsheets.formats.word import read_word

    page = read_word(path, Budget())
    if mark := secrecy_mark(path.name, path):
        refuse(f"文件带有“{mark}”标志，本系统不得存储国家秘密和工作秘密")
    if not page.rows:
        refuse(NO_WORDS)
    return SheetCells(title, page.rows, tuple(page.merges), origin=Origin(path, _sum(path), names))


def _sum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return sha256_of(file)[0]
    except OSError as error:
        raise InvalidInput(FILE, "文件读不出来，可能正被其他程序占用，或所在的盘已拔出") from error


def _listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the documents in a folder and those below it, and its other files; links are not followed."""
    from desktop.services.spreadsheets.formats.word import OTHERS, SUFFIXES

    documents, others = list[Path](), list[Path]()
    for number, path in enumerate(files_in(folder), start=1):
        if number > MOST_FILES:
            refuse(f"文件夹“{folder.name}”里的文件超过{MOST_FILES}个，请选放会议记录的那个文件夹")
        (documents if path.suffix.lower() in (*SUFFIXES, *OTHERS) else others).append(path)
    if len(documents) > MOST_DOCUMENTS:
        refuse(f"文件夹“{folder.name}”里的Word文档超过{MOST_DOCUMENTS}个，请按年份分几次导入")
    return documents, others


def files_in(folder: Path) -> Iterator[Path]:
    """Give the files in a folder and those below it, in order; hidden ones, links and what programs left are none.

    Raises:
        InvalidInput: field 文件: the folder cannot be read.
    """

    def fault(error: OSError) -> None:
        if Path(error.filename or folder) == folder:
            raise InvalidInput(FILE, f"文件夹“{folder.name}”读不出来，所在的盘可能已拔出") from error

    for place, folders, names in os.walk(folder, onerror=fault):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith((".", "~$")) and not path.is_symlink() and path.is_file():
                yield path


def _named(folder: Path, others: Sequence[Path]) -> Iterator[SheetCells]:
    """Name what lies beside the documents, pictures together."""
    pictures = [path for path in others if path.suffix.lower() in PICTURES]
    if pictures:
        yield SheetCells(f"{len(pictures)}张照片", {}, fault="照片不在这里导入，用“归入照片”按日期放到会议里")
    for path in others:
        if path not in pictures:
            title = path.relative_to(folder).as_posix()
            yield SheetCells(title, {}, fault="不是Word文档，表格请单独导入，其他文件可以作附件")
