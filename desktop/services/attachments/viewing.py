"""Opening an attachment (打开): a word of warning where its kind can run, and a plain copy for as long as it is needed.

The program of the desktop needs a file it can read. That copy lies in a folder of the store which nobody else may
enter, cannot be written to, and goes when the store is closed, or when it is next opened after a crash.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from desktop.paths import resource
from desktop.services.attachments.leftovers import FOLDER, sweep_opened
from desktop.services.attachments.service import AttachmentService
from desktop.services.files import CHUNK, OWN, FilePort, Readable, copy_stream, replacing, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.quoting import portable
from desktop.services.toml_tables import Table, read_toml

if TYPE_CHECKING:
    from desktop.services.store import Store

FILE = "security/opening.toml"
_MACROS = (b"vbaProject", "_VBA_PROJECT".encode("utf-16-le"), b"\\objupdate", b"Basic/script-lc.xml")
"""What macros look like inside: of a zipped office file, of an old one, of rich text, of an open document."""
_READ_ONLY = 0o400


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which endings say that a file can run, each with what to tell; and those that are asked for macros."""

    words: dict[str, str]
    with_macros: frozenset[str]
    macro_words: str


@cache
def load_kinds() -> Kinds:
    """Return what the program's own `opening.toml` declares.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("opening/1",), "格式")
    root.text("version")
    root.text("basis")
    with_macros, macro_words = frozenset(root.texts("with_macros")), root.text("macro_words")
    kinds = root.rows("kinds", _kind)
    root.done()
    return Kinds({ending: words for endings, words in kinds for ending in endings}, with_macros, macro_words)


def _kind(table: Table) -> tuple[tuple[str, ...], str]:
    table.text("id")
    return table.texts("endings"), table.text("words")


def warning_of(name: str, open_content: Callable[[], contextlib.AbstractContextManager[Readable]]) -> str:
    """Return what to tell before a file called `name` is opened; "" for one that only shows itself.

    Raises:
        What `open_content` raises.
    """
    kinds, ending = load_kinds(), PurePosixPath(name.lower().rstrip(". ")).suffix.removeprefix(".").strip()
    if ending in kinds.words:
        return f"“{name}”{kinds.words[ending]}"
    if ending in kinds.with_macros:
        with open_content() as content:
            return f"“{name}”{kinds.macro_words}" if _has_macros(content) else ""
    return ""


def _has_macros(content: Readable) -> bool:
    longest, before = max(map(len, _MACROS)), b""
    while piece := content.read(CHUNK):
        piece = before + piece
        if any(mark in piece for mark in _MACROS):
            return True
        before = piece[-longest:]
    return False


class ViewingService:
    """Attachments of a store in the programs of the desktop."""

    def __init__(self, store: "Store") -> None:
        self._attachments, self._store = AttachmentService(store), store

    def warning(self, attachment_id: str) -> str:
        """Return what to tell before an attachment is opened, "" if nothing.

        Raises:
            NotFound: no such attachment.
            StorageFailure: its content cannot be read.
        """
        row = self._attachments.row(attachment_id)
        return warning_of(row.name, lambda: self._attachments.open(attachment_id))

    def copy(self, attachment_id: str, progress: Progress = silent) -> Path:
        """Lay a plain copy down to be looked at, and return where; it cannot be written to.

        Raises:
            NotFound: no such attachment.
            StorageFailure: its content cannot be read, or the disk refuses.
            Cancelled: by `progress`, told bytes done and all.
        """
        row = self._attachments.row(attachment_id)
        place = self._store.scratch / FOLDER / secrets.token_hex(4)
        target, port, done = place / portable(row.name), FilePort(mode=OWN), 0

        def count(size: int) -> None:
            nonlocal done
            done += size
            progress(done, row.size_bytes)

        with self._attachments.open(attachment_id) as stream:
            with storage_faults(place, port):
                place.parent.mkdir(mode=0o700, exist_ok=True)
                place.mkdir(mode=0o700)
            try:
                with replacing(target, port, need=row.size_bytes) as writer:
                    copy_stream(stream, writer, count)
                os.chmod(target, _READ_ONLY)
            except BaseException:
                sweep_opened(place.parent, place)
                raise
        return target
