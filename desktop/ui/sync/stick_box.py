"""The stick a package goes to: which, with how much room, what went wrong with it, and again from there."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.messages import present
from desktop.services.volumes import Volume
from desktop.ui.attachments import file_size
from desktop.ui.widgets import Elided, Glyph, appear, banner, box, button, clear, col, row, set_text, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import add

NONE = "没有找到U盘"
PLUG_IN = "插上U盘自动认出，或选别的文件夹。"
WRITE, CHOOSE, AGAIN = "写入U盘", "选择位置", "再写一次"


def named(volume: Volume) -> str:
    """Return what people call a stick."""
    return volume.label or volume.root.name


class StickBox(QWidget):
    """Shows the stick that is plugged in; of several one is chosen. A failed copy is told here and done again here."""

    changed = Signal()
    """Another stick, or none, is written to from now on; or how much room there is was asked anew."""

    def __init__(self, copy_button: QPushButton, other_button: QPushButton) -> None:
        super().__init__()
        self.volume: Volume | None = None
        self._found: list[Volume] = []
        self._copy, self._other = copy_button, other_button
        self._title, self._words = text(NONE, "strong"), Elided("", "sub")
        self.choice = Choice("写到哪个U盘", width=220)
        self.choice.activated.connect(lambda _index: self._take(self.choice.value()))
        self._fault = col(gap=0)
        self._failed, self._before = False, ""
        line = row(
            Glyph("usb", size=22),
            (col(self._title, self.choice, self._words, gap=2), 1),
            other_button,
            copy_button,
            gap=14,
            pad=(16, 8, 14, 8),
        )
        self.setLayout(col(self._fault, box(line, "wait"), gap=8))
        self._show()

    def show_sticks(self, found: Sequence[Volume]) -> None:
        """Take what is plugged in now: the stick chosen before stays while it is in."""
        before, self._found = self.volume, list(found)
        still = [each for each in found if before and (each.root, each.device) == (before.root, before.device)]
        self.volume = next(iter([*still, *found]), None)
        if len(found) > 1 and [each.root for each in found] != list(self.choice.values()):
            self.choice.set_options([(each.root, named(each)) for each in found], self.volume and self.volume.root)
        self._show()
        self.changed.emit()

    def say_before(self, words: str) -> None:
        """Say before the room on the stick what is to be written to it."""
        self._before = words
        self._show()

    def refuse(self, error: Exception, again: Callable[[], object] | None = None) -> None:
        """Say what went wrong with the copy; the package is kept, and the button writes it once more.

        With `again` a button beside the words does that, where it is not simply the same once more.
        """
        told = present(error)
        clear(self._fault)
        once_more = button(AGAIN, again, "small") if again is not None else None
        add(self._fault, banner("bad", "alert-circle", told.title, f"{told.kept}{told.next}", once_more))
        self._failed = again is None
        self._show()

    def calm(self) -> None:
        """Forget what went wrong: it is being done again."""
        clear(self._fault)
        self._failed = False
        self._show()

    def _take(self, root: object) -> None:
        self.volume = next((each for each in self._found if each.root == root), self.volume)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        volume, several = self.volume, len(self._found) > 1
        appear(self.choice, several)
        appear(self._title, not several)
        appear(self._other, volume is not None)
        if volume is None:
            set_text(self._title, NONE)
            self._words.set_words(f"{self._before}{PLUG_IN}")
        else:
            state = "写保护" if volume.read_only else "可写"
            set_text(self._title, f"U盘“{named(volume)}”")
            self._words.set_words(f"{self._before}空 {file_size(volume.free_bytes)}，{state}。")
        self._copy.setText(CHOOSE if volume is None else AGAIN if self._failed else WRITE)
