"""总部意见: what headquarters remarked, and what the branch does about each."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.race import RemarkKind
from desktop.services.improvement.remarks import DONE_ON, DUE_ON, TEXT, RemarkService
from desktop.services.improvement.rows import RemarkRow
from desktop.services.improvement.service import ImprovementService
from desktop.ui.drafting import Drafting
from desktop.ui.page import Desk, Page
from desktop.ui.places import page_of_attached
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, button, col, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Drafted, Field, FieldSet, count_faults, memo
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact


def state(remark: RemarkRow) -> Tag:
    """Return what became of a remark."""
    if remark.declined:
        return Tag("答复不更正", "part")
    if remark.answered_on is not None:
        return Tag("已办", "good")
    if remark.answer:
        return Tag("办理中", "part")
    if remark.action_id:
        return Tag("已列入措施", "run")
    return Tag("未答复", "wait") if remark.waits else Tag("只需阅知", "run")


COLUMNS: tuple[Column[RemarkRow], ...] = (
    Column("类别", lambda remark: remark.kind.label, width=92, tone="sub", fold=560),
    Column(
        "意见", lambda remark: remark.text, cell=lambda remark: Two(remark.text, remark.answer or remark.item_id or "")
    ),
    Column("提出", lambda remark: remark.made_on, width=106, tone="sub"),
    Column("期限", lambda remark: remark.due_on, width=106, tone="sub", fold=560),
    Column("状态", lambda remark: state(remark).text, cell=state, width=104),
)


class RemarksPage(Page):
    """The remarks, and one opened with its answer."""

    title = "总部意见"

    def __init__(self, desk: Desk, wanted: str = "") -> None:
        super().__init__(desk)
        self.service, self.plans = desk.service(RemarkService), desk.service(ImprovementService)
        self._wanted, self._planned = wanted, False
        empty = EmptyState("message", "总部还没有提意见。", "意见随反馈包来，答复随下一个报送包回去。")
        self.table: DataTable[RemarkRow] = DataTable(COLUMNS, "总部意见", empty, height=46)
        self.pane = DetailPane()
        self._make_buttons()
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.fields = FieldSet(())
        self.remark: RemarkRow | None = None  # the one in the pane, whether its row is selected or not

    def reload(self) -> None:
        """Read the remarks."""
        self.read(
            lambda: (self.service.remarks(), self.plans.current() is not None),
            lambda got: self._loaded(*got),
        )

    def show_row(self, remark: RemarkRow) -> None:
        """Show one remark with the form of its answer."""
        self.remark, tag = remark, state(remark)
        self._make_buttons()
        self.pane.show_head(f"总部{remark.kind.label}", code=f"{remark.made_on}", state=tag.text, tone=tag.tone)
        done = DateEdit(DONE_ON.label, remark.answered_on)
        fields = [
            (TEXT.name, Field(TEXT.label, memo(TEXT.label, remark.answer, "写清怎么做的、结果怎样。", lines=4))),
            (DONE_ON.name, Field(DONE_ON.label, done, note="还没办完的不填")),
        ]
        if remark.due_on is None:
            fields.append((DUE_ON.name, Field(DUE_ON.label, DateEdit(DUE_ON.label), note="列入问题清单时填写")))
        self.fields = FieldSet(fields)
        drafting = Drafting.over(self, (self.fields,), "remark_answer", remark.id, needs="remark_answers")
        count_faults(self.answer_button, self.fields.fields.values())
        self.pane.show_body(
            text(remark.text, wrap=True),
            4,
            fact("期限", remark.due_on.isoformat() if remark.due_on else "没有定期限"),
            fact("条目", remark.item_id or "—"),
            *([fact("哪条记录", remark.about_name)] if remark.about_name else []),
            4,
            drafting,
            self.fields,
            4,
            row(*self._ways(remark), ..., gap=8),
        )
        self.action_button.setEnabled(remark.action_id is None and self._planned)
        self.action_button.setText("已列为措施" if remark.action_id else "列为措施")
        declining = self.decline_button if remark.kind is RemarkKind.CORRECTION else None
        self.pane.show_foot(text("答复随下一个报送包上报。", "small", wrap=True), declining, self.answer_button)
        self.split.open_pane()

    def _make_buttons(self) -> None:
        """Make the buttons anew: the pane deletes what it showed before."""
        self.answer_button = self.desk.offered(
            "remark_answers", button("答复", lambda: self.answer(), "primary", "check")
        )
        self.action_button = self.desk.offered("pdca_actions", button("列为措施", self.to_action))
        self.issue_button = self.desk.offered("issue", button("列入问题清单", self.to_issue))
        self.task_button = self.desk.offered("superior_task", button("列入上级来文、任务", self.to_task))
        self.decline_button = self.desk.offered("remark_answers", button("不更正", self.decline))

    def _ways(self, remark: RemarkRow) -> list[QWidget]:
        """Return what can be made of a remark besides its answer."""
        if remark.kind is RemarkKind.CORRECTION:
            place = page_of_attached(remark.about_kind) if remark.about_kind else ("", "")
            if not remark.about_id or not self.desk.has(*place):
                return []
            where = {"kind": remark.about_kind, "record": remark.about_id}
            return [button("看这条记录", lambda: self.desk.open(*place, **where), icon="eye")]
        if remark.kind is RemarkKind.REMARK:
            return [self.action_button, self.issue_button]
        return [self.task_button]

    def to_task(self) -> None:
        """Enter the task or notice among those from above."""
        remark = self.remark
        if remark is not None:
            words = "已列入“上级来文、任务”，在这里答复办结，那里也办结。"
            self._do(lambda: self.service.to_task(remark.id), words, drafts=())

    def decline(self) -> None:
        """Answer that the record stays as it is, with the reason."""
        self.answer(declined=True)

    def answer(self, *, declined: bool = False) -> None:
        """Keep the answer of the remark in view."""
        remark = self.remark
        self.fields.calm()
        if remark is None or not self.fields.check():
            return
        values = self.fields.values()
        answer, done_on = values[TEXT.name], values[DONE_ON.name]
        self._do(
            lambda: self.service.answer(remark.id, answer, done_on, declined=declined), "已答复，随下一个报送包上报。"
        )

    def to_action(self) -> None:
        """Make the remark a measure of the open plan."""
        remark = self.remark
        if remark is not None:
            self._do(lambda: self.service.to_action(remark.id), "已列为改进措施。", drafts=())

    def to_issue(self) -> None:
        """Enter the remark in the list of problems."""
        remark = self.remark
        if remark is not None:
            due = self.fields.values().get(DUE_ON.name)
            self._do(lambda: self.service.to_issue(remark.id, due), "已列入问题整改清单。", drafts=())

    def _do(self, work: Callable[[], object], words: str, drafts: Sequence[Drafted] | None = None) -> None:
        self.act(work, words, fields=(self.fields,), drafts=drafts, buttons=(self.answer_button,))

    def _loaded(self, rows: list[RemarkRow], planned: bool) -> None:
        self._planned = planned
        self.table.set_rows(rows, same=lambda remark: remark.id)
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self.table.select(lambda remark: remark.id == wanted)
        else:
            shown = self.remark.id if self.remark is not None and not self.pane.isHidden() else ""
            again = self.table.current() or next((remark for remark in rows if remark.id == shown), None)
            if again is not None:
                self.show_row(again)
