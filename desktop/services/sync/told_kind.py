"""What a file of ours is, by what it says itself: for the words where somebody gave it to a step that takes another."""

import zipfile
from pathlib import Path

from desktop.services.backup import archive
from desktop.services.errors import PackageRefused
from desktop.services.sync import package_reader

BACKUP = "备份"


def told_kind(file: Path) -> str:
    """Return the word for what a whole file says it is (登记, 反馈, 备份 …), unproven; "" for none of ours."""
    for read in (package_reader.peek, package_reader.peek_key_file):
        try:
            header, _bytes = read(file)
        except (PackageRefused, OSError):
            continue
        return header.kind.word
    try:
        with zipfile.ZipFile(file) as found:
            ours = found.namelist()[-2:] == [archive.MANIFEST, archive.SIGNATURE]
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return ""
    return BACKUP if ours else ""


def as_given(error: PackageRefused, file: Path) -> PackageRefused:
    """Return the refusal of what is no file for this step, saying which file of ours it is, if it is one."""
    if error.code not in ("E-PKG-FORMAT", "E-WRONG-KIND") or error.facts.get("given"):
        return error
    word = told_kind(file)
    return PackageRefused(error.code, **{**error.facts, "given": word}) if word else error
