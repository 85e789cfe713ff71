"""存到…: where archives go. One place for every page that builds them, remembered on this computer."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.services.archive.rows import Archive
from desktop.ui.dialogs import ask_folder, documents, keep_folder, kept_folder
from desktop.ui.widgets import Elided, col, link, row, set_text, text
from desktop.ui.widgets.dialogs import inform

ARCHIVES = "archive_folder"
OWN = "迎检档案"  # among the documents, as long as nobody chose another place


class ArchivePlace(QWidget):
    """The folder that holds an archive for each year, with a way to choose another."""

    def __init__(self, changed: Callable[[], object], *, makes: bool = True) -> None:
        """Who does not make any archives is told where they lie."""
        super().__init__()
        self._changed = changed
        self._shown = Elided("", "sub")
        self._lost = text("", "small", "wait", wrap=True)
        choose = link("换位置", self.choose)
        choose.setAccessibleName("换档案的存放位置")
        said = text("存到" if makes else "存在", "sub")
        self.setLayout(col(self._lost, row(said, (self._shown, 1), choose if makes else None), gap=4))
        self.folder = self._find()

    def of_year(self, year: int) -> Path:
        """Return where the archive of `year` goes."""
        return self.folder / str(year)

    def stands(self) -> bool:
        """Look once more before something is written; False: the place had to be changed, and the page shows it."""
        before = self.folder
        self._look()
        return self.folder == before

    def showEvent(self, event: QShowEvent) -> None:
        """Take the place another page chose meanwhile, and the chosen one again when its stick is back."""
        super().showEvent(event)
        self._look()

    def _look(self) -> None:
        before, self.folder = self.folder, self._find()
        if self.folder != before:
            self._changed()

    def tell_aside(self, made: Archive) -> None:
        """Say where the folder stays that lay in the way and held more than the new archive brings back."""
        if made.aside is not None:
            more = "文件夹里原来有这次没有生成的内容：别的支部或年度的档案、另放进去的文件，或改过的卷。"
            inform(self.window(), "原来的文件夹留着", more, f"整个留在“{made.aside}”，确实不要了再自己删除。")

    def choose(self) -> None:
        """Ask where archives go; every page knows it from now on."""
        chosen = ask_folder(self, "档案存到哪里", self.folder)
        if chosen is not None:
            keep_folder(ARCHIVES, chosen)
            self._look()

    def _find(self) -> Path:
        chosen, own = kept_folder(ARCHIVES), documents() / OWN
        is_there = chosen is not None and (chosen.is_dir() or chosen == own)
        folder = chosen if chosen is not None and is_there else own
        lost = "" if chosen is None or is_there else f"原来选的“{chosen}”现在打不开，先存到文档里；插上U盘再来就恢复。"
        set_text(self._lost, lost)
        self._shown.set_words(str(folder))
        return folder
