"""What a draft of a standard asks and tells: its faults, from which day it holds, what an item would give."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from shiboken6 import isValid

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.numbers import hundredths, signed_hundredths
from desktop.services.standards.editing.checking import Problem
from desktop.services.standards.editing.declared import ENTRIES
from desktop.services.standards.editing.draft import StandardDraft
from desktop.services.standards.editing.service import Behind, BranchTrial, EditingService, Trial, WholeTrial
from desktop.services.standards.editions import Edition
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.partners import PartnerRow
from desktop.services.toml_tables import Path
from desktop.ui.form_dialog import FormDialog
from desktop.ui.output import export_sheet
from desktop.ui.page import Page
from desktop.ui.table_model import Column, DataTable, Two, Txt
from desktop.ui.widgets import EmptyState, Item, banner, box, col, figure, fixed, link, row, scroll, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.layout import add, clear
from desktop.ui.widgets.pane import fact

MOST_NAMED = 4
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
    """Return the part of the outline that a field belongs to: rules, criteria and entries have no line of their own."""
    for own in ("rule", "quality", *ENTRIES):
        if own in path:
            return path[: path.index(own)]
    while path and not isinstance(path[-1], int):
        path = path[:-1]
    return path


def behind_words(behind: Sequence[Behind]) -> list[Item]:
    """Return the warning about branches with an older program; nothing where there are none."""
    if not behind:
        return []
    named = "、".join(f"{each.name}（{each.program}）" for each in behind[:MOST_NAMED])
    more = f"等 {len(behind)} 个" if len(behind) > MOST_NAMED else ""
    title = f"{len(behind)} 个支部的程序比本机旧，可能读不了这一版"
    return [banner("wait", "alert-triangle", title, f"{named}{more}。先把新的安装文件随包带去，升级后再收反馈。")]


class SettleDialog(FormDialog):
    """From which day the draft holds and under which number; then it is an edition."""

    def __init__(
        self, page: Page, draft: StandardDraft, behind: Sequence[Behind], then: Callable[[Edition], object]
    ) -> None:
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
            *behind_words(behind),
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


NO_CLASS = "只比得分和等次：标准里没有赛马类别，类别按赛马方案在计分时定。"
TRIED: tuple[Column[BranchTrial], ...] = (
    Column("支部", lambda line: line.name, cell=lambda line: Two(line.name, line.code)),
    Column("在用版", lambda line: line.total_now, text=hundredths, width=84, align="r"),
    Column("这一版", lambda line: line.total_then, text=hundredths, width=84, align="r"),
    Column("差", lambda line: line.apart, text=signed_hundredths, width=76, align="r",
           cell=lambda line: Txt(signed_hundredths(line.apart), "bad" if line.apart < 0 else "", align="r")),
    Column("等次", lambda line: line.regraded, text=lambda on: "变" if on else "", width=190,
           cell=lambda line: Txt(f"{line.grade_now} → {line.grade_then}", "part") if line.regraded
           else Txt(line.grade_now, "sub")),
)  # fmt: skip


class WholeTrialDialog(Dialog):
    """What the draft would make of every branch that reported: the mean, who loses most, whose grade changes."""

    def __init__(self, page: Page, version: str, trial: WholeTrial) -> None:
        lowest = trial.lines[0] if trial.lines else None
        figures = row(gap=30)
        if trial.mean_apart is not None and lowest is not None:
            figures.addLayout(figure(signed_hundredths(trial.mean_apart), "均分变化"))
            words = f"降最多：{lowest.name}" if lowest.apart < 0 else f"变化最小：{lowest.name}"
            figures.addLayout(figure(signed_hundredths(lowest.apart), words))
            figures.addLayout(figure(str(len(trial.regraded)), "等次变了"))
        figures.addStretch(1)
        empty = EmptyState("building-community", "还没有支部报来，没有数据可试算。")
        self.table: DataTable[BranchTrial] = DataTable(TRIED, "试算", empty, height=46)
        self.table.set_rows(trial.lines)
        left = f"没报来、不在里面的：{'、'.join(trial.left_out)}。" if trial.left_out else ""
        if trial.broken:
            left += f"报来的数据算不出、不在里面的：{'、'.join(trial.broken)}，请支部核对后重新报送。"
        told = f"按各支部今天报来的记录和评定，这一版和在用的 {version} 各算一遍，什么都不保存。{NO_CLASS}{left}"
        export = page.desk.offered(
            Act.EXPORT, link("导出", lambda: export_sheet(page, self.table.model.sheet("新版试算")), "download")
        )
        super().__init__(
            page, f"用 {len(trial.lines)} 个支部试算", figures, fixed(self.table, 640, 300),
            row((text(told, "sub", wrap=True), 1), export, gap=12), verb="关闭", cancel="", wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Close."""
        self.accept()


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
            fact("痕迹", f"{_points(then.trace_points)} / {_points(then.trace_max)}，{then.status_word}"),
            fact("质量", f"{_points(then.quality_points)} / {_points(then.quality_max)}"),
            fact("记录", f"{len(then.used)} 条"),
            fact("在用版", "没有这一条" if now is None else f"痕迹 {_points(now.trace_points)}，{now.status_word}"),
            fact("已得", f"{_points(trial.total_now)} → {_points(trial.total_then)}"),
            text(then.how, "sub", wrap=True),
        ]
        items += [text(f"缺：{gap.what}", "small", wrap=True) for gap in then.gaps[:10]]
        items += [text(note, "small", wrap=True) for note in then.verdict.notes]
        for item in (*items, ...):
            add(self._found, item)


def _points(points: int | None) -> str:
    return hundredths(points, "待评")
