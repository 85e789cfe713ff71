"""What a file of ours is, by what it says itself: for the words where somebody gave it to a step that takes another."""

import zipfile
from pathlib import Path

from desktop.services.backup import archive
from desktop.services.errors import PackageRefused, PackInvalid
from desktop.services.releases import SIGNATURE, SUMS
from desktop.services.spreadsheets.formats.package import UNREADABLE
from desktop.services.sync import package_reader
from desktop.services.toml_tables import LONGEST

BACKUP, STANDARD, TABLE, RELEASE = "备份", "标准", "表格", "程序版本"
_BOOKS = ("xl/workbook.xml", "content.xml")
"""What lies in a workbook (.xlsx, .ods)."""
_RELEASED = (".exe", ".deb", ".msi")
_REFUSALS = ("E-PKG-FORMAT", "E-WRONG-KIND")


def told_kind(file: Path, came_as: Path | None = None) -> str:
    """Return the word for what a whole file says it is (登记, 反馈, 备份 …), unproven; "" for none of ours.

    `came_as`: where it lay, if `file` is a copy; an installer is known by what lies beside it.
    """
    for read in (package_reader.peek, package_reader.peek_key_file):
        try:
            header, _bytes = read(file)
        except (PackageRefused, OSError):
            continue
        return header.kind.word
    try:
        return _of_archive(file) or _of_release(came_as or file) or _of_standard(file)
    except OSError:
        return ""


def as_given(error: PackageRefused, file: Path, came_as: Path | None = None) -> PackageRefused:
    """Return the refusal of what is no file for this step, saying which file of ours it is, if it is one; as
    `told_kind`.
    """
    if error.code not in _REFUSALS or error.facts.get("given"):
        return error
    word = told_kind(file, came_as)
    return PackageRefused(error.code, **{**error.facts, "given": word}) if word else error


def refuse_other(file: Path, taken: str) -> None:
    """Refuse a file of ours that is not of the kind `taken`, which a step takes.

    Raises:
        PackageRefused: E-PKG-FORMAT, with what it is.
    """
    word = told_kind(file) if file.is_file() else ""
    if word not in ("", taken):
        raise PackageRefused("E-PKG-FORMAT", file=file.name, given=word)


def _of_archive(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as found:
            names = found.namelist()
    except UNREADABLE:
        return ""
    if names[-2:] == [archive.MANIFEST, archive.SIGNATURE]:
        return BACKUP
    return TABLE if any(book in names for book in _BOOKS) else ""


def _of_release(file: Path) -> str:
    """A new version of the program: its signed list, or an installer beside it."""
    signed = file.name in (SUMS, SIGNATURE)
    beside = file.suffix.lower() in _RELEASED and (file.parent / SUMS).is_file()
    return RELEASE if signed or beside else ""


def _of_standard(file: Path) -> str:
    from desktop.services.standards.editions import kind_of  # brings SQLAlchemy
    from desktop.services.toml_tables import read_toml

    if file.stat().st_size > LONGEST:
        return ""
    content = file.read_bytes()
    if b"schema" not in content or b"\0" in content:
        return ""
    try:
        kind_of(read_toml(content, file.name))
    except PackInvalid:
        return ""
    return STANDARD
