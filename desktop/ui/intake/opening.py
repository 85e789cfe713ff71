"""The first step: a file, a pasted block, or what was begun before comes into hand."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.services.errors import InvalidInput
from desktop.services.progress import Progress
from desktop.ui.dialogs import ask_folder, ask_open, show_error
from desktop.ui.drafting import Kept
from desktop.ui.intake import answering, kept, trial
from desktop.ui.intake.arrivals import copied
from desktop.ui.intake.exchange import MAPPING, MAPPING_SUFFIX
from desktop.ui.intake.hand import InHand
from desktop.ui.intake.running import Running
from desktop.ui.intake.start import FILES, MEETINGS, RECORDS, StartView
from desktop.ui.page import Page


class Opening(QObject):
    """Brings a file into hand.

    `reading` tells that a file is being read (the one in hand again, or another), `opened` (hand, what its columns may
    be, what was begun or None) that it was, `refused` that the file in hand could not be read again, `mapping_taken`
    that more is remembered.
    """

    reading = Signal(bool)
    opened = Signal(object, object, object)
    refused = Signal()
    mapping_taken = Signal()

    def __init__(self, page: Page, start: StartView, kind: str, running: Running) -> None:
        super().__init__(page)
        self._page, self._start, self._kind, self._running = page, start, kind, running
        start.asked.connect(self.choose)
        start.folder_asked.connect(self.choose_folder)
        start.pasted.connect(self.paste)
        start.resumed.connect(self._resume)
        start.given_up.connect(self._give_up)
        start.mapping_asked.connect(lambda: self.use_mapping())

    def choose(self) -> None:
        """Ask for the file and read it."""
        path = ask_open(self._page, self._page.title, RECORDS if self._kind == MEETINGS else FILES)
        if path is not None:
            self.open(path)

    def choose_folder(self) -> None:
        """Ask for a folder of documents and read them all."""
        path = ask_folder(self._page, self._page.title)
        if path is not None:
            self.open(path)

    def paste(self) -> None:
        """Read the block, or the file, that was copied."""
        source = copied()
        if source is not None:
            self.open(source)
        else:
            self._page.desk.say("剪贴板里没有表格。先在 Excel 或 WPS 里选中一块（连表头）复制。")

    def drop(self, path: Path) -> None:
        """Read a file that was dropped, or take over the mapping that it is."""
        if path.suffix.lower() == MAPPING_SUFFIX:
            self.use_mapping(path)
        else:
            self.open(path)

    def open(self, source: Path | str) -> None:
        """Read a file or a pasted block, with what was answered about it before."""
        if self._running.taking:
            return
        hand = InHand(kind=self._kind)
        if isinstance(source, Path):
            hand.path = source
        else:
            hand.text = source

        def found(before: Kept | None) -> None:
            begun = None if before is None else kept.begun(before.words, before.at)
            if begun is not None:
                hand.answers = begun.answers
            self._read(hand, begun)

        self._page.desk.drafts.find(kept.key_of(hand), found)

    def read_as(self, hand: InHand, encoding: str) -> None:
        """Read the file in hand again, written in another encoding."""
        self._read(replace(hand, answers=answering.set_encoding(hand.answers, encoding)), again=True)

    def offer_begun(self) -> None:
        """Say which files were answered about and not imported."""
        desk, kind = self._page.desk, self._kind
        desk.drafts.flush()
        self._page.read(lambda: kept.all_begun(desk.store, kind), self._start.offer_begun)

    def use_mapping(self, path: Path | None = None) -> None:
        """Take over what another branch said of the same headings."""
        path = path or ask_open(self._page, "用别的支部导出的对应", MAPPING)
        if path is None:
            return
        chosen, desk = path, self._page.desk

        def work() -> int:
            from desktop.services.intake.mappings import Mappings

            return Mappings(desk.store).take(chosen)

        def used(count: int) -> None:
            desk.say(f"已记住“{chosen.name}”里的 {count} 个对应，表头相同的表照它读。")
            self.mapping_taken.emit()

        self._page.read(work, used)

    def _read(self, hand: InHand, begun: kept.Begun | None = None, *, again: bool = False) -> None:
        store, kind, answers = self._page.desk.store, self._kind, hand.answers
        source: Path | str = hand.path if hand.path is not None else hand.text

        def work(progress: Progress) -> trial.Trial:
            return trial.read(store, kind, source, answers, progress)

        def show(tried: trial.Trial) -> None:
            hand.book, hand.result, hand.left, hand.choices = tried.book, tried.result, tried.left, tried.choices
            hand.stand_somewhere()
            self.opened.emit(hand, tried.options, begun)

        def failed(error: Exception) -> None:
            if again or not isinstance(error, InvalidInput):
                show_error(self._page, error)
                self.refused.emit()
                return
            from desktop.messages import present

            self._start.say_fault(present(error).title, "没有导入任何内容，换一个文件，或照上面说的处理后再选。")

        self._running.cancel()
        self._start.say_fault("", "")
        self.reading.emit(again)
        buttons = (self._start.choose_button, self._start.paste_button)
        words = f"正在读“{hand.name}”"
        strip = self._start.strip
        self._running.task = self._page.call(work, show, strip=strip, words=words, failed=failed, buttons=buttons)

    def _resume(self, begun: kept.Begun) -> None:
        self.open(begun.path if begun.path is not None else begun.text)

    def _give_up(self, begun: kept.Begun) -> None:
        hand = InHand(kind=self._kind, path=begun.path, text=begun.text, answers=begun.answers)
        key, words, desk = kept.key_of(hand), kept.words_of(hand), self._page.desk
        desk.drafts.forget(key)
        self.offer_begun()

        def again() -> None:
            desk.drafts.note(key, words, None)
            self.offer_begun()

        desk.say(f"已放弃对“{begun.name}”的回答。", again)
