"""年度结转: 1 January as a list of steps, each with what it would begin, one confirmation, and the way back."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.services.year_turn.service import DUES, MEETINGS, Begun, TurnState, TurnStep, YearTurnService, turn_year
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_where, place_of, verb_at
from desktop.ui.widgets import Chip, Item, box, button, card, clear, col, link, row, scroll, text
from desktop.ui.widgets.layout import add

TURN = "year_turn"
TONES = {TurnState.GOES_ALONG: "run", TurnState.TO_DO: "part", TurnState.DONE: "good", TurnState.NOTHING: "wait"}
SHOWN = 8
WIDTH = 900
WORDS = "一步一步确认，哪一步不要的就不点；带过来以后当场可以撤销，也可以逐条再改。去年的记录一条不动。"


class YearTurnPage(Page):
    """年度结转, pushed from the first page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.year = desk.service(YearTurnService), turn_year(desk.store.today)
        self.title = f"{self.year - 1} 年结转到 {self.year} 年"
        self.steps: tuple[TurnStep, ...] = ()
        self._cards = col(gap=10, pad=(0, 0, 8, 0))
        holder = box(col(text(WORDS, "sub", wrap=True), self._cards, ..., gap=10))
        holder.setMaximumWidth(WIDTH)
        self.setLayout(col((scroll(row((holder, 1), gap=0)), 1), pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        """Read where each step stands."""
        year = self.year
        self.read(lambda: self.service.steps(year), self._show)

    def begin(self, step: TurnStep) -> None:
        """Begin the year with what the step shows; it can be taken back at once."""
        year, begun = self.year, list[Begun]()

        def work() -> Begun:
            begun.append(self.service.begin(step.id, year))
            return begun[-1]

        self.act(
            work,
            lambda done: f"{step.title}：{done.words}。",
            undo=lambda: self.act(lambda: self.service.take_back(begun[-1]), "已撤销，去年的记录没有动。"),
        )

    def _show(self, steps: Sequence[TurnStep]) -> None:
        self.steps = tuple(steps)
        clear(self._cards)
        for number, step in enumerate(self.steps, start=1):
            add(self._cards, self._card(number, step))

    def _card(self, number: int, step: TurnStep) -> QWidget:
        items: list[Item] = [text(step.words, "sub", wrap=True)]
        if step.rows:
            more = f"等 {len(step.rows)} 件" if len(step.rows) > SHOWN else ""
            items.append(text("、".join(step.rows[:SHOWN]) + more, wrap=True))
        items += [text(words, "small", wrap=True) for words in step.left_out[:SHOWN]]
        if len(step.left_out) > SHOWN:
            items.append(text(f"另有 {len(step.left_out) - SHOWN} 件同样要另外安排", "small"))
        foot = [part for part in (self._begin_button(step), self._look(step)) if part is not None]
        if foot:
            items.append(row(*foot, ..., gap=12))
        return card(f"{number}　{step.title}", *items, gap=6, action=Chip(step.state.label, TONES[step.state]))

    def _begin_button(self, step: TurnStep) -> QWidget | None:
        if step.state is not TurnState.TO_DO or not step.rows:
            return None
        begin = button(f"{step.verb} {len(step.rows)} 件", partial(self.begin, step), "small", "check")
        return self.desk.offered(_TABLES.get(step.id, step.id), begin)

    def _look(self, step: TurnStep) -> QWidget | None:
        where = step.where
        if where is None or not self.desk.has(*_place(step)):
            return None
        if step.state is TurnState.TO_DO and not step.rows:  # only its form begins it
            verb = verb_at(self.desk, where, "去登记")
            return link(verb, lambda: open_where(self.desk, where), "pencil") if verb else None
        return link("去看", lambda: self.desk.open(*_place(step), kind=where.kind))


_TABLES = {DUES: "dues_assessments", MEETINGS: "meetings"}
"""What a step writes, where its id does not say."""


def _place(step: TurnStep) -> tuple[str, str]:
    return place_of(step.where) if step.where is not None else ("", "")
