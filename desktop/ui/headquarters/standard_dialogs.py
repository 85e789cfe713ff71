"""What a draft of a standard asks and tells: its faults, from which day it holds, what an item would give."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from shiboken6 import isValid

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.standards.editing.checking import Problem
from desktop.services.standards.editing.draft import StandardDraft
from desktop.services.standards.editing.service import EditingService, Trial
from desktop.services.standards.editions import Edition
from desktop.services.sync.enrolment import EnrolmentService, PartnerRow
from desktop.services.toml_tables import Path
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import Item, box, col, fixed, link, row, scroll, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.layout import add, clear
from desktop.ui.widgets.pane import fact

SHOWN = 60
"""So many faults are listed; more are counted."""


class ProblemsDialog(Dialog):
    """Everything that is wrong, each with the way to its place where there is one."""

    def __init__(
        self, page: Page, title: str, problems: Sequence[Problem], go: Callable[[Path], object] | None
    ) -> None:
        items: list[Item] = []
        for problem in problems[:SHOWN]:
            items.append(text(problem.what if go is not None else problem.words, "body", wrap=True))
            if go is not None:
                there = link(problem.item or "整份", partial(self._go, problem.path))
                items[-1:] = [row(there, ...), text(problem.what, "small", wrap=True)]
        if len(problems) > SHOWN:
            items.append(text(f"还有 {len(problems) - SHOWN} 处", "sub"))
        super().__init__(page, title, *items, verb="知道了", cancel="", wide=True)
        self._way = go

    def submit(self) -> None:
        """Close."""
        self.accept()

    def _go(self, path: Path) -> None:
        self.accept()
        if self._way is not None:
            self._way(_part_of(path))


def _part_of(path: Path) -> Path:
    """Return the part of the outline that a field belongs to: rules and criteria have no line of their own."""
    for own in ("rule", "quality"):
        if own in path:
            return path[: path.index(own)]
    while path and not isinstance(path[-1], int):
        path = path[:-1]
    return path


class SettleDialog(FormDialog):
    """From which day the draft holds and under which number; then it is an edition."""

    def __init__(self, page: Page, draft: StandardDraft, then: Callable[[Edition], object]) -> None:
        since = draft.at(("effective_from",))
        self._draft, self._then = draft, then
        today = page.desk.store.today
        day = DateEdit("从哪天起用", since if isinstance(since, date) else None, required=True, today=lambda: today)
        fields = FieldSet(
            [
                ("version", Field("版本", edit("版本", str(draft.at(("version",)) or "")), required=True)),
                ("effective_from", Field("从哪天起用", day, required=True)),
            ],
            columns=2,
        )
        super().__init__(
            page,
            "定下这一版？",
            fields,
            fact("检查", "格式、编号、权重都符合要求"),
            fact("不同", f"{len(draft.differences())} 处"),
            text("这一天以前的成绩仍按原来的版本。起用以前可以撤回。", "sub", wrap=True),
            fields=(fields,),
            verb="定版",
            needs=Act.STANDARDS,
            draft="settle-standard",
            about=draft.kind.value,
            wide=True,
        )

    def submit(self) -> None:
        """Put number and day into the draft, and make it an edition."""
        if not self.readable(required=True):
            return
        values = self.field_sets[0].values()
        self._draft.put(("version",), values["version"])
        self._draft.put(("effective_from",), values["effective_from"])
        service, draft = self.page.desk.service(EditingService), self._draft
        self.keep(lambda: service.settle(draft), then=self._then)


class TrialDialog(Dialog):
    """What an item of the draft would give a branch, beside what it gives now."""

    def __init__(self, page: Page, draft: StandardDraft, item_id: str, branches: Sequence[PartnerRow]) -> None:
        self._page, self._draft, self._item = page, draft, item_id
        options = [(partner.org, f"{partner.code} {partner.name}") for partner in branches]
        self.branches = Choice("支部", options)
        self.branches.currentIndexChanged.connect(lambda _index: self.reckon())
        self._found = col(gap=6)
        super().__init__(
            page,
            f"{item_id} 试算",
            Field("支部", self.branches),
            fixed(scroll(box(self._found)), height=300),
            verb="关闭",
            cancel="",
            wide=True,
        )
        self.reckon()

    @staticmethod
    def ask(page: Page, draft: StandardDraft, item_id: str) -> None:
        """Open where there is a branch that sent something to reckon with."""
        enrolment = page.desk.service(EnrolmentService)

        def then(partners: list[PartnerRow]) -> None:
            active = [partner for partner in partners if partner.state is PartnerState.ACTIVE]
            if active:
                TrialDialog(page, draft, item_id, active).open()
            else:
                page.desk.say("还没有支部登记，没有数据可试算。")

        page.read(enrolment.partners, then)

    def submit(self) -> None:
        """Close."""
        self.accept()

    def reckon(self) -> None:
        """Reckon with the branch chosen."""
        branch, service = self.branches.value(), self._page.desk.service(EditingService)
        draft, item_id = self._draft, self._item
        if branch is not None:
            self._page.read(lambda: service.trial(draft, item_id, branch), self._show)

    def _show(self, trial: Trial) -> None:
        if not isValid(self):  # closed meanwhile
            return
        clear(self._found)
        now, then = trial.now, trial.then
        items: list[Item] = [
            fact("痕迹", f"{_points(then.trace_points)} / {then.trace_max / 100:.2f}，{then.status_word}"),
            fact("质量", f"{_points(then.quality_points)} / {then.quality_max / 100:.2f}"),
            fact("记录", f"{len(then.used)} 条"),
            fact("在用版", "没有这一条" if now is None else f"痕迹 {_points(now.trace_points)}，{now.status_word}"),
            fact("已得", f"{trial.total_now / 100:.2f} → {trial.total_then / 100:.2f}"),
            text(then.how, "sub", wrap=True),
        ]
        items += [text(f"缺：{gap.what}", "small", wrap=True) for gap in then.gaps[:10]]
        items += [text(note, "small", wrap=True) for note in then.verdict.notes]
        for item in (*items, ...):
            add(self._found, item)


def _points(hundredths: int | None) -> str:
    return "待评" if hundredths is None else f"{hundredths / 100:.2f}"
