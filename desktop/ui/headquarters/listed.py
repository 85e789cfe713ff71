"""From a list of 统计: one remark or task to each branch in it, with what the list says of that branch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QCheckBox

from desktop.models.vocabulary.race import RemarkKind
from desktop.services.headquarters import DUE_ON, TEXT
from desktop.services.statistics.across import BranchStatistics
from desktop.services.statistics.measures import Count, Measure, total
from desktop.services.sync.asking import KIND, AskingService
from desktop.ui.form_dialog import FormDialog
from desktop.ui.headquarters.statistics_tables import with_unit
from desktop.ui.page import Page
from desktop.ui.widgets import text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo
from desktop.ui.widgets.ticks import TickLine, Ticks

KINDS = (RemarkKind.REMARK, RemarkKind.TASK)
MOST_NAMED, MOST_HIGH = 10, 156


@dataclass(frozen=True, slots=True)
class Listed:
    """A branch in a list, and what the list says of it; `named`: whether something of it stands in the list."""

    branch_id: str
    name: str
    says: str
    named: bool


def listed(measure: Measure, counted: Sequence[tuple[BranchStatistics, Count]]) -> list[Listed]:
    """Return the branches behind a figure, those of which something is named first."""
    found = []
    for branch, count in sorted(counted, key=lambda pair: -len(pair[1].lines)):
        own = total(measure, [count])
        basis = f"{own.own_words}，" if own.own_words else ""
        says = f"{measure.heading} {with_unit(own)}（{basis}算到 {branch.on}）"
        if count.lines:
            first = [f"{line.what} {line.note}".strip() for line in count.lines[:MOST_NAMED]]
            rest = f"等 {len(count.lines)} 条" if len(count.lines) > MOST_NAMED else ""
            says = f"{says}。{measure.lists}：{'；'.join(first)}{rest}"
        found.append(Listed(branch.branch_id, branch.name, says, bool(count.lines)))
    return found


class ListedDialog(FormDialog):
    """What is written to the branches of a list; each gets the words, and below them its own figure and lines."""

    def __init__(self, page: Page, measure: Measure, branches: Sequence[Listed]) -> None:
        self._service = page.desk.service(AskingService)
        some = any(each.named for each in branches)
        lines = [TickLine(each.branch_id, each.name, tip=each.says) for each in branches]
        ticked = [each.branch_id for each in branches if each.named or not some]
        self.ticks = Ticks("给哪些支部", lines, ticked, MOST_HIGH)
        self._says = {each.branch_id: each.says for each in branches}
        self.own = QCheckBox("后面附上各支部自己的数字和名单")
        self.own.setChecked(True)
        kinds = [(kind, kind.label) for kind in KINDS]
        hint = "要支部做什么，写一遍，发给勾选的每个支部。"
        kind = Choice(KIND.label, kinds, RemarkKind.REMARK)
        self.fields = FieldSet(
            (
                (KIND.name, Field(KIND.label, kind, required=True)),
                (TEXT.name, Field("内容", memo("内容", "", hint), required=True)),
                (DUE_ON.name, Field(DUE_ON.label, DateEdit(DUE_ON.label))),
            )
        )
        super().__init__(
            page, f"按名单提意见：{measure.heading}", text("给哪些支部", "strong"), self.ticks, self.fields, self.own,
            fields=(self.fields,), verb="提意见", needs="remarks", draft="listed", wide=True,
        )  # fmt: skip
        due = self.fields.fields[DUE_ON.name]
        kind.currentIndexChanged.connect(lambda _index: due.require(kind.value() is RemarkKind.TASK))
        due.require(kind.value() is RemarkKind.TASK)

    def submit(self) -> None:
        """Keep one for each branch that is ticked; they go out with the next feedback packages."""
        if not self.readable():
            return
        values = self.fields.values()
        words, due_on = values[TEXT.name] or "", values[DUE_ON.name]
        chosen = self.ticks.value()
        own = self.own.isChecked()
        texts = {
            branch: f"{words.strip()}\n{self._says[branch]}" if own and words.strip() else words for branch in chosen
        }
        self.keep(
            lambda: self._service.ask_each(values[KIND.name], texts, due_on if isinstance(due_on, date) else None),
            f"已给 {len(chosen)} 个支部记下，随下一个反馈包下发。",
        )
