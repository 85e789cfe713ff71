"""下发 > 意见: what headquarters remarked to the branches, and what came back."""

from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.race import RemarkKind
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.headquarters import BRANCH, DUE_ON, ITEM, TEXT, HeadquartersService, SentRemark
from desktop.services.standards.service import StandardService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.partners import PartnerRow
from desktop.ui.cells import Txt
from desktop.ui.form_dialog import FormDialog
from desktop.ui.headquarters.asking import AskDialog
from desktop.ui.output import export_button
from desktop.ui.page import Desk, Page
from desktop.ui.places import page_of_attached
from desktop.ui.table_model import BRANCH_ROOM, Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, button, col, link, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo, to_choose
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading


def _state(remark: SentRemark) -> Tag:
    if remark.declined:
        return Tag("支部答复不更正", "wait")
    if remark.answered_on is not None:
        return Tag("已办", "good")
    if remark.answer:
        return Tag("办理中", "part")
    return Tag("未答复", "wait") if remark.waits else Tag("只需阅知", "run")


EVERY, WAITING, LATE = "", "waiting", "late"


def _due(remark: SentRemark) -> Two | Txt:
    due = remark.due_on.isoformat() if remark.due_on is not None else ""
    return Two(due, f"逾期 {remark.late_days} 天", "bad") if remark.late_days else Txt(due, "sub")


COLUMNS: tuple[Column[SentRemark], ...] = (
    Column("编号", lambda remark: remark.code, width=76, tone="sub"),
    Column("类别", lambda remark: remark.kind.label, width=92, tone="sub", fold=560),
    Column("内容", lambda remark: remark.text, cell=lambda remark: Two(remark.text, remark.answer or remark.name),
           least=BRANCH_ROOM),
    Column("条目", lambda remark: remark.item_id or "", width=84, tone="sub", fold=720),
    Column("提出", lambda remark: remark.made_on, width=106, tone="sub", fold=620),
    Column("期限", lambda remark: remark.due_on, cell=_due, width=106, tone="sub"),
    Column("状态", lambda remark: _state(remark).text, cell=_state, width=124),
)  # fmt: skip


class RemarkDialog(FormDialog):
    """One remark to a branch."""

    def __init__(self, page: "SentRemarksPage", branch: str | None = None) -> None:
        branches = to_choose((partner.org, f"{partner.code} {partner.name}") for partner in page.partners)
        hint = "一条意见只说一件事，写明要改什么。"
        self.fields = FieldSet(
            (
                (BRANCH.name, Field(BRANCH.label, Choice(BRANCH.label, branches, branch), required=True)),
                (TEXT.name, Field(TEXT.label, memo(TEXT.label, "", hint), required=True)),
                (ITEM.name, Field(ITEM.label, Choice(ITEM.label, [(None, "不针对某一条"), *page.items]))),
                (DUE_ON.name, Field(DUE_ON.label, DateEdit(DUE_ON.label), note="不填表示不定期限")),
            )
        )
        super().__init__(
            page,
            "给支部提意见",
            self.fields,
            fields=(self.fields,),
            verb="提意见",
            needs="remarks",
            draft="remark",
            wide=True,
        )
        self._service = page.service

    def submit(self) -> None:
        """Keep the remark; it goes out with the next feedback package."""
        if not (self.readable() and self.chosen()):
            return
        values, service = self.fields.values(), self._service
        self.keep(
            lambda: service.add_remark(
                values[BRANCH.name], values[TEXT.name], item_id=values[ITEM.name], due_on=values[DUE_ON.name]
            ),
            "意见已记下，随下一个反馈包发给支部。",
        )


class SentRemarksPage(Page):
    """意见."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.enrolment = desk.service(HeadquartersService), desk.service(EnrolmentService)
        self.standards = desk.service(StandardService)
        self.partners: list[PartnerRow] = []
        self.items: list[tuple[str, str]] = []
        self._asked: str | None = None
        self._record = self._name = ""
        self.branches = Choice("支部", [(None, "全部支部")], width=190, least=112, most=250)
        self.branches.currentIndexChanged.connect(lambda _index: self._filter())
        shown = [(EVERY, "全部"), (WAITING, "没办结"), (LATE, "逾期没办结")]
        self.shown = Choice("状态", shown, EVERY, width=120)
        self.shown.currentIndexChanged.connect(lambda _index: self._filter())
        self.export_button = export_button(self, lambda: self.table.model.sheet("意见"))
        self.ask_button = self.desk.offered("remarks", button("下发任务", self.open_ask, icon="send"))
        self.add_button = self.desk.offered("remarks", button("提意见", self.open_form, "primary", "plus"))
        step = "意见随反馈包发给支部，支部的答复随报送包回来。"
        empty = EmptyState("message", "还没有提过意见。", step, "提意见", self.open_form)
        self.desk.offered("remarks", empty.button)
        self.table: DataTable[SentRemark] = DataTable(COLUMNS, "意见", empty, height=46)
        self.pane = DetailPane("意见")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> tuple[QWidget, ...]:
        """Of which branch and which of them, the list out, and a new remark."""
        return (self.branches, self.shown, self.export_button, self.ask_button, self.add_button)

    def reload(self) -> None:
        """Read every remark and its answer."""

        def work() -> tuple[list[SentRemark], list[PartnerRow], list[tuple[str, str]]]:
            items = [(item.id, f"{item.id} {item.title}") for item in self.standards.pack().items]
            return self.service.remarks(), self.enrolment.partners(), items

        self.read(work, lambda read: self._loaded(*read))

    def go(self, where: dict[str, Any]) -> None:
        """Show those that wait; ask for a remark to the branch asked for, or for the correction of a record of it."""
        if where.get("view") == WAITING:
            self.branches.set_value(None)
            self.shown.set_value(WAITING)
        self._asked = where.get("branch")
        self._record, self._name = str(where.get("record") or ""), str(where.get("name") or "")
        if self.partners:
            self._ask()

    def open_form(self, branch: str | None = None) -> None:
        """Ask for a remark."""
        if not self.partners:
            self.desk.say("还没有登记的支部。")
            return
        RemarkDialog(self, branch or self.branches.value()).open()

    def open_ask(self) -> None:
        """Ask for a task, a notice, or what is to be corrected."""
        if not self.partners:
            self.desk.say("还没有登记的支部。")
            return
        AskDialog(self, self.partners, self.branches.value()).open()

    def show_row(self, remark: SentRemark) -> None:
        """Look at one remark and its answer."""
        tag = _state(remark)
        self.pane.show_head(remark.name, remark.code, tag.text, tag.tone)
        parts: list[Any] = [
            text(remark.text, wrap=True),
            4,
            fact("类别", remark.kind.label),
            *([fact("哪条记录", remark.about_name)] if remark.about_name else []),
            fact("提出", remark.made_on.isoformat()),
            fact("期限", remark.due_on.isoformat() if remark.due_on else "没有定期限"),
            fact("条目", remark.item_id or ""),
            heading("支部答复"),
            text(remark.answer or "还没有答复。", "body" if remark.answer else "sub", wrap=True),
        ]
        if remark.answered_on is not None:
            parts.append(fact("办结", remark.answered_on.isoformat()))
        self.pane.show_body(*parts)
        about = remark.about_kind, remark.about_id
        self.pane.show_foot(
            self.desk.offered("remarks", link(f"撤回这条{remark.kind.label}", lambda: self.withdraw(remark), "trash")),
            ...,
            link("看这条记录", lambda: self._look(remark.branch_id, *about)) if remark.about_id else None,
        )
        self.split.open_pane()

    def _look(self, branch: str, kind: str, record: str) -> None:
        area, tab = page_of_attached(kind)
        self.desk.open_branch(branch, area, tab, kind=kind, record=record)

    def withdraw(self, remark: SentRemark) -> None:
        """Take a remark back; it can be said again for a while."""

        def undo() -> None:
            self.act(lambda: self.service.renew_remark(remark.id))

        self.act(
            lambda: self.service.withdraw_remark(remark.id),
            f"已撤回 1 条{remark.kind.label}。",
            then=lambda _none: self.pane.close_pane(),
            undo=undo,
        )

    def _ask(self) -> None:
        branch, record, name = self._asked, self._record, self._name
        self._asked, self._record, self._name = None, "", ""
        if record:
            AskDialog(self, self.partners, branch, RemarkKind.CORRECTION, record, name).open()
        elif branch is not None:
            self.open_form(branch)

    def _loaded(self, rows: list[SentRemark], partners: list[PartnerRow], items: list[tuple[str, str]]) -> None:
        self.partners, self.items = (
            [partner for partner in partners if partner.state is not PartnerState.REVOKED],
            items,
        )
        names = [(partner.org, f"{partner.code} {partner.name}") for partner in self.partners]
        self.branches.set_options([(None, "全部支部"), *names], self.branches.value())
        self.table.set_rows(rows, same=lambda remark: remark.id)
        self._filter()
        self._ask()

    def _filter(self) -> None:
        branch, shown = self.branches.value(), self.shown.value()

        def kept(remark: SentRemark) -> bool:
            of_state = {EVERY: True, WAITING: remark.waits, LATE: remark.late_days > 0}
            return branch in (None, remark.branch_id) and of_state[shown]

        self.table.model.set_filter(kept if branch or shown else None)
