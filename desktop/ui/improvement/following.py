"""提升 > 分类跟进 at headquarters, and 总部安排 at a branch: the same registers, sent to the branches they name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.models.registers import Register
from desktop.models.vocabulary.following import SharingRole
from desktop.models.vocabulary.registers import RegisterArea
from desktop.services.experience.adopting import Adopting
from desktop.services.experience.rows import SPREAD
from desktop.services.improvement.ahead import LIAISON, role_of
from desktop.services.improvement.arranged import ArrangedService
from desktop.services.improvement.learned import EVENT, TOLD, EventTold, Learned, LearnedService, with_came
from desktop.services.registers.service import RegisterRow
from desktop.services.standards.verdict import Used
from desktop.ui.drafting import Drafting
from desktop.ui.experience.adopting import KEPT, adopted_heading, adopting, adopting_fields
from desktop.ui.page import Desk
from desktop.ui.places import open_record_of
from desktop.ui.registers.page import RegistersPage
from desktop.ui.widgets import Item, RowButton, button, col, text
from desktop.ui.widgets.fields import FieldSet, count_faults
from desktop.ui.widgets.pane import fact, heading


class FollowingPage(RegistersPage):
    """分类跟进: what headquarters does by class; beside an occasion, what the branches report to have adopted."""

    areas = (RegisterArea.FOLLOWING,)

    def __init__(self, desk: Desk) -> None:
        self.learned = desk.service(LearnedService)
        self.told: dict[str, EventTold] = {}
        super().__init__(desk)

    def reload(self) -> None:
        """Read the rows, and what branches report of them."""
        super().reload()
        self.read(self.learned.events, self._heard)

    def show_row(self, record: RegisterRow) -> None:
        """Open a row; what a branch reports in the same words is told once, as its own."""
        told = self.told.get(record.id)
        super().show_row(record if told is None else with_came(record, told.came))

    def facts_beside(self, record: RegisterRow) -> Sequence[Item]:
        """What branches report to have adopted, each with the way to its record."""
        told = self.told.get(record.id)
        return () if told is None else (heading(TOLD), *map(self._way, told.learned))

    def _way(self, each: Learned) -> QWidget:
        words = [text(each.branch, "strong"), text(each.done, wrap=True)]
        under = "　".join(filter(None, (str(each.on or ""), each.result)))
        if under:
            words.append(text(under, "small", wrap=True))
        used = Used(SPREAD, each.record)
        layout = col(*words, gap=0, pad=(0, 4, 0, 4))
        return RowButton(f"打开 {each.branch} 的记录", layout, lambda: open_record_of(self.desk, each.branch_id, used))

    def _heard(self, told: dict[str, EventTold]) -> None:
        self.told = told
        current = self.table.current()
        if current is not None:
            self.show_row(current)


class ArrangedPage(RegistersPage):
    """总部安排: what headquarters arranged for this branch, to read; what was adopted of an occasion is said here."""

    areas = (RegisterArea.FOLLOWING,)

    def __init__(self, desk: Desk) -> None:
        self.arranged = desk.service(ArrangedService)
        self.adopted: dict[str, RegisterRow] = {}
        self.brands: list[tuple[str, str]] = []
        self.fields = FieldSet(())
        self.occasion: RegisterRow | None = None  # the one in the pane: a filter takes it out of the selection
        self._wanted = ""
        self.adopt_button = self._new_button(desk)
        super().__init__(desk)

    def kept_here(self) -> Sequence[Register]:
        """Return what is sent from above; only a branch that lags has visits, so these come last."""
        return sorted(self.registers.sent(), key=lambda register: register.kind == LIAISON)

    def bar_actions(self) -> Sequence[QWidget]:
        """The list out; nothing is written here."""
        return (self.export_button, self.print_button)

    def first_step(self) -> tuple[str, Callable[[], object]]:
        """Nothing begins here: it comes with feedback."""
        return "", lambda: None

    def go(self, where: dict[str, Any]) -> None:
        """Show the row asked for beside the list, wherever it is asked: there stands what it means to this branch."""
        super().go({name: value for name, value in where.items() if name == "kind"})
        self._wanted = str(where.get("record") or "")
        self.needle.clear()
        self._choose_wanted()

    def open_row(self, record: RegisterRow) -> None:
        """The pane tells all there is; there is nothing to fill in."""

    def reload(self) -> None:
        """Read the rows, and what this branch adopted of them."""
        super().reload()
        self.read(lambda: (self.arranged.adopted(), self.arranged.brands()), lambda got: self._heard(*got))

    def show_row(self, record: RegisterRow) -> None:
        """Open a row, and beside an occasion that was the form of what this branch adopted."""
        self.occasion = record if record.kind == EVENT else None
        self.adopt_button = self._new_button(self.desk)  # the pane deletes what it showed before
        super().show_row(record)

    def facts_beside(self, record: RegisterRow) -> Sequence[Item]:
        """As what this branch is there; once it was, what was adopted. What was said before it was moved to a later day
        is still there to read."""
        if record.kind != EVENT:
            return ()
        role = role_of(self.desk.store.branch_id, record.values["host_id"])
        facts: list[Item] = [fact("本支部", role.label)]
        row = self.adopted.get(record.id)
        if row is None and not self._over(record):
            return (*facts, text(_AHEAD[role], "sub", wrap=True))
        if not (self._over(record) and self.desk.allows(SPREAD)):
            return (*facts, *self._said(row))
        values = {} if row is None else row.values
        said = Adopting(
            values.get("method") or "", values.get("adopted_on"), values.get("result") or "", values.get("brand_id")
        )
        self.fields = adopting_fields(said, self.brands)
        drafting = Drafting.over(self, (self.fields,), "arranged", record.id, needs=SPREAD)
        count_faults(self.adopt_button, self.fields.fields.values())
        return (*facts, adopted_heading(self.desk, row.id if row else ""), drafting, self.fields)

    def verbs_beside(self, record: RegisterRow) -> Sequence[QWidget]:
        """The verb that keeps what was adopted."""
        return (self.adopt_button,) if record.kind == EVENT and self._over(record) else ()

    def adopt(self) -> None:
        """Keep what this branch adopted from the occasion in view."""
        event = self.occasion
        self.fields.calm()
        if event is None or not self.fields.check():
            return
        said, record = adopting(self.fields), event.id
        self.act(lambda: self.arranged.adopt(record, said), KEPT, fields=(self.fields,), buttons=(self.adopt_button,))

    def _new_button(self, desk: Desk) -> QPushButton:
        return desk.offered(SPREAD, button("采用", self.adopt, "primary", "check"))

    def _over(self, record: RegisterRow) -> bool:
        return record.on is not None and record.on <= self.desk.store.today

    def _said(self, row: RegisterRow | None) -> Sequence[Item]:
        if row is None:
            return ()
        words = text(f"{row.values['adopted_on'] or ''} {row.texts['method']}".strip(), wrap=True)
        return (
            adopted_heading(self.desk, row.id if row else ""),
            words,
            *([fact("效果", row.texts["result"])] if row.texts["result"] else []),
        )

    def _choose_wanted(self) -> None:
        wanted = self._wanted
        if wanted and self.table.select(lambda record: record.id == wanted):
            self._wanted = ""

    def _show(self, kind: str, rows: list[RegisterRow], counts: Mapping[str, int]) -> None:
        seen = self.occasion.id if self.occasion is not None and not self.pane.isHidden() else ""
        super()._show(kind, rows, counts)
        self._choose_wanted()
        again = next((row for row in rows if row.id == seen), None)
        if again is not None and self.table.current() is None:  # a filter hides the row, what is typed beside stays
            self.show_row(again)

    def _heard(self, adopted: dict[str, RegisterRow], brands: list[tuple[str, str]]) -> None:
        self.adopted, self.brands = adopted, brands
        event, current = self.occasion, self.table.current()
        shown = event if event is not None and not self.pane.isHidden() and event.kind == self.register.kind else None
        seen = current or shown
        if seen is not None:
            self.show_row(seen)


_AHEAD = {
    SharingRole.HOST: "由本支部承办；办过以后在这里写采用。",
    SharingRole.COMES: "本支部参加；参加以后在这里写采用了什么做法。",
}
