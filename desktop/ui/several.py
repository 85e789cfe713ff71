"""Several rows of a list selected: what may be done with one of them is offered for all, as one action."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.services.several import Outcome, each_of
from desktop.ui.page import Needs, Page
from desktop.ui.table_model import DataTable
from desktop.ui.widgets import appear, box, button, link, row, text
from desktop.ui.widgets.dialogs import confirm, inform

R = TypeVar("R")
MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVerb(Generic[R]):
    """What may be done with a row: in a word, with what is counted (条, 次), by whom, and how it is taken back.

    `fits` tells which rows it is for; `asks` is said before it where it cannot be taken back, after what is doubtful
    of these rows: `doubts`, read on the worker, each naming its record.
    """

    words: str
    counted: str
    kind: str
    needs: Callable[[R], Needs]
    work: Callable[[R], object]
    back: Callable[[R], object] | None = None
    fits: Callable[[R], bool] = lambda _row: True
    asks: str = ""
    doubts: Callable[[Sequence[R]], Sequence[str]] = lambda _rows: ()
    icon: str = ""


class SeveralBar(QWidget, Generic[R]):
    """The line under a list while more than one of its rows is selected."""

    def __init__(
        self, page: Page, table: DataTable[R], name: Callable[[R], tuple[str, str]], verbs: Sequence[RowVerb[R]]
    ) -> None:
        super().__init__()
        self._page, self._table, self._name = page, table, name
        self.told = text("", "strong")
        self.buttons: list[tuple[RowVerb[R], QPushButton]] = [
            (verb, button(verb.words, partial(self.ask, verb), "small", verb.icon)) for verb in verbs
        ]
        none = link("取消选择", table.clear_selection)
        parts = (part for _verb, part in self.buttons)
        self.setLayout(row(box(row(self.told, *parts, ..., none, gap=10, pad=(12, 6, 12, 6)))))
        table.put_below(self)
        table.view.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        table.model.modelReset.connect(self._follow)
        self._follow()

    def rows(self, verb: RowVerb[R]) -> list[R]:
        """Return the selected rows that a verb is for and that who works here may change."""
        return [each for each in self._table.chosen() if verb.fits(each) and self._page.desk.allows(verb.needs(each))]

    def ask(self, verb: RowVerb[R]) -> None:
        """Do it, after asking where it cannot be taken back."""
        found = self.rows(verb)
        if not verb.asks:
            self.do(verb, found)
            return

        def ask(doubts: Sequence[str]) -> None:
            title = f"{verb.words}选中的{len(found)}{verb.counted}{verb.kind}？"
            words = "\n".join([*_shortened(doubts, verb.counted), verb.asks])
            confirm(self._page, title, words, verb.words, lambda: self.do(verb, found))

        self._page.read(lambda: verb.doubts(found), ask, buttons=[part for _verb, part in self.buttons])

    def do(self, verb: RowVerb[R], found: Sequence[R]) -> None:
        """Do it with these rows as one action, name those that were refused, and offer the way back."""
        page, rows = self._page, {self._name(each)[0]: each for each in found}
        store, named = page.desk.store, [self._name(each) for each in found]

        def words(done: int) -> str:
            return f"{verb.words}{done}{verb.counted}{verb.kind}"

        def told(outcome: Outcome) -> None:
            done = [(key, name) for key, name in named if key in outcome.done]
            back = verb.back

            def undo() -> None:
                if back is not None:
                    sentence = f"撤销{verb.words}选中的{verb.kind}"
                    page.act(
                        lambda: each_of(store, sentence, done, lambda key: back(rows[key])),
                        then=lambda got: tell_refused(page, "恢复", verb.counted, got),
                    )

            if done:
                page.desk.say(f"已{words(len(done))}。", undo if back is not None else None)
            tell_refused(page, verb.words, verb.counted, outcome)

        page.act(
            lambda: each_of(store, f"{verb.words}选中的{verb.kind}", named, lambda key: verb.work(rows[key])),
            then=told,
            buttons=[part for _verb, part in self.buttons],
        )

    def _follow(self) -> None:
        chosen = self._table.chosen()
        several = len(chosen) > 1
        self.told.setText(f"选中 {len(chosen)} 条")
        offered = False
        for verb, part in self.buttons:
            count = len(self.rows(verb)) if several else 0
            part.setText(f"{verb.words} {count} {verb.counted}")
            appear(part, bool(count))
            offered = offered or bool(count)
        appear(self, several and offered)


def tell_refused(page: Page, did: str, counted: str, outcome: Outcome) -> None:
    """Name the records that stayed as they were, and why."""
    refused = outcome.refused
    if not refused:
        return
    lines = _shortened([f"{each.name}：{each.reason}" for each in refused], counted)
    rest = f"其余 {len(outcome.done)} {counted}已{did}。" if outcome.done else ""
    inform(page, f"{len(refused)} {counted}没有{did}，保持原样", *lines, rest)


def _shortened(lines: Sequence[str], counted: str) -> list[str]:
    """Return the first of these lines, and how many more there are."""
    rest = len(lines) - MOST_NAMED
    return [*lines[:MOST_NAMED], *([f"另有 {rest} {counted}。"] if rest > 0 else [])]
