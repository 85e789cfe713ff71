"""Files chosen for a record that is not kept yet: their names wait with the draft, and are stored once it is."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.models.file_names import plain_name
from desktop.ui.page import Page
from desktop.ui.widgets import Elided, appear, clear, col, link, row, text
from desktop.ui.widgets.layout import add

FILES = "files"


class WaitingFiles(QWidget):
    """The chosen files with their kind of evidence, under the words that they are stored when the record is."""

    changed = Signal()

    def __init__(self, page: Page, kind: str, kind_name: Callable[[str | None], str]) -> None:
        super().__init__()
        self._page, self._key, self._kind_name = page, (f"files.{kind}", ""), kind_name
        self.files: dict[Path, str | None] = {}
        self._list = col(gap=4)
        told = text("保存这条记录时加密存进来；现在还在原来的地方，先不要移动。", "sub", wrap=True)
        self.setLayout(col(told, self._list, gap=6, pad=(4, 4, 4, 4)))
        appear(self, False)
        page.desk.drafts.find(self._key, lambda kept: self._bring_back(kept.words if kept is not None else {}))

    def add(self, paths: list[Path], evidence_kind: str | None) -> None:
        """Let files wait; one that waits already keeps the last kind chosen."""
        self.files |= dict.fromkeys((path.absolute() for path in paths), evidence_kind)
        self._note()

    def drop(self, path: Path) -> None:
        """Let a file wait no more."""
        self.files.pop(path, None)
        self._note()

    def take(self) -> dict[str | None, list[Path]]:
        """Hand over what waits, by kind of evidence; nothing waits any more."""
        found: dict[str | None, list[Path]] = {}
        for path, kind in self.files.items():
            found.setdefault(kind, []).append(path)
        self.files.clear()
        self._page.desk.drafts.forget(self._key)
        self._show()
        return found

    def _note(self) -> None:
        words = {FILES: [[str(path), kind] for path, kind in self.files.items()]} if self.files else {}
        self._page.desk.drafts.note(self._key, words, None)
        self._show()

    def _bring_back(self, words: Mapping[str, object]) -> None:
        kept = words.get(FILES)
        for entry in kept if isinstance(kept, list) else ():
            self.files.setdefault(Path(entry[0]), entry[1])
        self._show()

    def _show(self) -> None:
        clear(self._list)
        for path, kind in self.files.items():
            name = "　".join(filter(None, (plain_name(path.name), self._kind_name(kind))))
            off = link("不要了", partial(self.drop, path))
            off.setAccessibleName(f"不要{plain_name(path.name)}")
            add(self._list, row((Elided(name, "body"), 1), off, gap=8))
        appear(self, bool(self.files))
        self.changed.emit()
