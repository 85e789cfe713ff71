"""Words typed into any form, kept within two seconds and offered back: after leaving, locking, closing, or a crash.

The keeper of a desk remembers what every form tells it, so no form has to be asked before it goes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.ui.dialogs import show_error
from desktop.ui.widgets import link, row, text
from desktop.ui.widgets.fields import FieldSet
from desktop.ui.widgets.layout import appear
from desktop.ui.widgets.looking import look_only
from desktop.ui.widgets.progress import Saved
from desktop.ui.widgets.typed import on_typing, type_again, typed

if TYPE_CHECKING:
    from desktop.services.store import Store
    from desktop.ui.page import Needs, Page
    from desktop.ui.tasks import TaskRunner

KEEP_MS = 1000
TYPED, READ = "typed", "rev"

Words = Mapping[str, object]
"""Name of a control -> what was typed into it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed into a form: which words, on which revision of the record, and when."""

    words: Words
    rev: int | None
    at: datetime


Key = tuple[str, str]
"""Form, and id of the record it changes ("" for a new one)."""


class DraftKeeper(QObject):
    """The unfinished words of every form of one open store."""

    failed = Signal(Exception)

    def __init__(self, store: "Store", tasks: "TaskRunner", owner: QWidget) -> None:
        super().__init__(owner)
        self._store, self._tasks, self._owner = store, tasks, owner
        self._known: dict[Key, Kept | None] = {}
        self._waiting: set[Key] = set()
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self.flush)

    def note(self, key: Key, words: Words, rev: int | None) -> None:
        """Remember what stands in a form; it is in the store a second later. No words: there is no draft."""
        if self._closed or (not words and self._known.get(key) is None):
            return
        self._known[key] = Kept(dict(words), rev, self._store.clock()) if words else None
        self._waiting.add(key)
        if not self._timer.isActive():  # not begun anew by each key: who types without a pause is kept too
            self._timer.start()

    def forget(self, key: Key) -> None:
        """Drop the draft of a form that is done."""
        self._known[key] = None
        self._waiting.add(key)
        self.flush()

    def find(self, key: Key, then: Callable[[Kept | None], object]) -> None:
        """Hand over what is kept of a form, at once where it is known."""
        if key in self._known:
            then(self._known[key])
            return
        store = self._store

        def work() -> Kept | None:
            from desktop.services.drafts import DraftService

            draft = DraftService(store).find(*key)
            if draft is None or not isinstance(draft.values.get(TYPED), dict):
                return None
            return Kept(draft.values[TYPED], draft.values.get(READ), draft.saved_at)

        def found(kept: Kept | None) -> None:
            if key not in self._known:
                self._known[key] = kept
            elif kept is not None:  # words were typed before this came back: they are newer, and the rest is not lost
                noted = self._known[key]
                self.note(key, {**kept.words, **(noted.words if noted else {})}, kept.rev)
            then(kept)

        self._tasks.run(self._owner, lambda _progress: work(), found, self.failed.emit)

    def close(self) -> None:
        """Write what waits; what changes in the forms after this is their end, not typing."""
        self.flush()
        self._closed = True

    def flush(self) -> None:
        """Write what waits into the store now, behind whatever the worker does."""
        self._timer.stop()
        waiting = {key: self._known[key] for key in self._waiting}
        self._waiting.clear()
        if not waiting:
            return
        store = self._store

        def work() -> None:
            from desktop.services.drafts import DraftService

            drafts = DraftService(store)
            for (form, record_id), kept in waiting.items():
                if kept is None:
                    drafts.drop(form, record_id)
                else:
                    drafts.save(form, record_id, {TYPED: dict(kept.words), READ: kept.rev})

        def refused(error: Exception) -> None:
            self._waiting |= waiting.keys()  # the next word tries again
            self.failed.emit(error)

        self._tasks.run(self._owner, lambda _progress: work(), lambda _none: None, refused)


class DraftLine(QWidget):
    """The line over a form that says which draft it goes on from, with the way to give it up."""

    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._told = text("", "sub", wrap=True)
        self.discard_link = link("放弃草稿", self.given_up.emit, "trash")
        self.setLayout(row((self._told, 1), self.discard_link, gap=12))
        appear(self, False)

    def tell(self, kept_at: datetime, *, changed: bool) -> None:
        """Say when the draft was kept, and whether the record was `changed` since it was read for it."""
        later = "；这条记录后来又改过，保存时请您决定用哪一份" if changed else ""
        self._told.setText(f"接着 {kept_at:%m-%d %H:%M} 的草稿{later}")
        appear(self, True)


class Drafting(DraftLine):
    """Keeps the words of one form as its draft, and offers them back in the line over it.

    It keeps what is typed into `controls` that differs from what stood there when it was made. `rev` is the revision
    of the record that the form shows; a draft brings its own, so that an older draft never passes for a newer one.
    Who is not allowed what the form `needs` looks at the record only: nothing is typed, and no draft is offered.
    """

    reread = Signal()

    def __init__(
        self,
        page: "Page",
        controls: Mapping[str, QWidget],
        form: str,
        record_id: str = "",
        rev: int | None = None,
        *,
        needs: "Needs",
    ) -> None:
        super().__init__()
        self.looks = not page.desk.allows(needs)
        self._page, self._controls, self._key, self.rev = page, dict(controls), (form, record_id), rev
        self._read_rev, self._still = rev, False
        self._before = self._standing()
        self._sets: tuple[FieldSet, ...] = ()
        self._unplaced: dict[str, object] = {}  # of a draft: choices that are not offered yet
        self.given_up.connect(self.discard)
        if self.looks:
            for control in self._controls.values():
                look_only(control)
            return
        for control in self._controls.values():
            on_typing(control, self._note)
        page.desk.drafts.find(self._key, self._offer)

    @classmethod
    def over(
        cls,
        page: "Page",
        sets: Sequence[FieldSet],
        form: str,
        record_id: str = "",
        rev: int | None = None,
        *,
        needs: "Needs",
    ) -> "Drafting":
        """Return the drafting of sets of fields, which know it from now on."""
        controls = {name: field.control for fields in sets for name, field in fields.fields.items()}
        made = cls(page, controls, form, record_id, rev, needs=needs)
        made._sets = tuple(sets)
        for fields in sets:
            fields.drafting = made
        made._look()
        return made

    @property
    def labels(self) -> dict[str, str]:
        """What the form calls its fields."""
        return {name: control.accessibleName() for name, control in self._controls.items()}

    def words(self) -> dict[str, object]:
        """Return what was typed: the controls that do not stand as they did at first."""
        standing = self._standing()
        return self._unplaced | {name: words for name, words in standing.items() if words != self._before[name]}

    def done(self) -> None:
        """Take what stands in the form as kept for good: the draft vanishes."""
        if isValid(self):  # the form is not closed meanwhile
            self._before = self._standing()
            self._unplaced.clear()
            appear(self, False)
        self._page.desk.drafts.forget(self._key)

    def take_over(self, rev: int) -> None:
        """Let what was typed go over revision `rev` too: the user has seen what changed meanwhile."""
        self.rev = rev

    def discard(self) -> None:
        """Give the typed words up, for as long as nobody asks for them back."""
        words, rev = self.words(), self.rev
        self._put({name: self._before[name] for name in words})
        self._unplaced.clear()
        self.rev = self._read_rev
        appear(self, False)
        self._page.desk.drafts.forget(self._key)
        if words:
            self._page.desk.say("已放弃草稿。", lambda: self._bring_back(words, rev))

    def refresh(self, fill: Callable[[], object], rev: int | None = None) -> None:
        """Let `fill` show the record as it is now, under the words that were typed into the form."""
        words = self.words()
        self._still = True
        fill()
        self._before = self._standing()
        self._still = False
        self._read_rev = rev
        self._look()
        if words:
            self._put(words)
        else:
            self.rev = rev

    def _look(self) -> None:
        """Leave to who only looks what is recorded, and say so where nothing is."""
        if self.looks and self._sets:
            recorded = [field.look() for fields in self._sets for field in fields.fields.values()]
            self._sets[0].say_nothing(not any(recorded))

    def _standing(self) -> dict[str, object]:
        return {name: typed(control) for name, control in self._controls.items()}

    def _note(self) -> None:
        if self._still:
            return
        words = self.words()
        if words and not self._key[1]:  # of a new record all of it: the day proposed today is not the one of tomorrow
            words = {**self._standing(), **self._unplaced}
        self._page.desk.drafts.note(self._key, words, self.rev)

    def _put(self, words: Words) -> None:
        self._still = True
        for name, kept in words.items():
            if name in self._controls:
                type_again(self._controls[name], kept)
                self._unplaced.pop(name, None)
                if typed(self._controls[name]) != kept:
                    self._unplaced[name] = kept
        self._still = False

    def _bring_back(self, words: Words, rev: int | None) -> None:
        if isValid(self):
            self.rev = rev
            self._put(words)
        self._page.desk.drafts.note(self._key, words, rev)

    def _offer(self, kept: Kept | None) -> None:
        if not isValid(self) or kept is None:
            return
        fresh = self.words()
        self._put({name: value for name, value in kept.words.items() if name not in fresh})
        if not self.words():  # the record says the same by now
            self._page.desk.drafts.forget(self._key)
            return
        self.rev = kept.rev
        self.tell(kept.at, changed=kept.rev != self._read_rev)


class SavedDraft(Saved):
    """The quiet line beside a form that keeps its draft by itself: when it was kept, or that it was not."""

    def kept(self, at: datetime) -> None:
        """Say when what stands here was kept."""
        self.say(f"草稿已存 {at:%H:%M:%S}")

    def not_kept(self, error: Exception) -> None:
        """Take the tick of the draft before away, for what stands here now is kept nowhere."""
        self.fail()
        show_error(self, error)
