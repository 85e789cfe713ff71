"""总部意见: what headquarters remarked, and what the branch does about each."""

from typing import Any

from desktop.services.errors import InvalidInput
from desktop.services.improvement.service import ImprovementService
from desktop.services.improvement.view import RemarkRow
from desktop.ui.dialogs import show_error
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, button, col, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Field, FieldSet, memo
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact


def state(one: RemarkRow) -> Tag:
    """Return what became of a remark."""
    if one.answered_on is not None:
        return Tag("已办", "good")
    if one.answer:
        return Tag("办理中", "part")
    return Tag("已列入措施", "run") if one.action_id else Tag("未答复", "wait")


COLUMNS: tuple[Column[RemarkRow], ...] = (
    Column("意见", lambda one: one.text, cell=lambda one: Two(one.text, one.answer or one.item_id or "")),
    Column("提出", lambda one: one.made_on, width=106, tone="sub"),
    Column("期限", lambda one: one.due_on, width=106, tone="sub", fold=560),
    Column("状态", lambda one: state(one).text, cell=state, width=104),
)


class RemarksPage(Page):
    """The remarks, and one opened with its answer."""

    title = "总部意见"

    def __init__(self, desk: Desk, wanted: str = "") -> None:
        super().__init__(desk)
        self.service = desk.service(ImprovementService)
        self._wanted, self._planned = wanted, False
        empty = EmptyState("message", "总部还没有提意见。", "意见随反馈包来，答复随下一个报送包回去。")
        self.table: DataTable[RemarkRow] = DataTable(COLUMNS, "总部意见", empty, height=46)
        self.pane = DetailPane()
        self._make_buttons()
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.pane.moved.connect(self.table.step)
        self.pane.closed.connect(self.table.clear_selection)
        self.fields = FieldSet(())

    def reload(self) -> None:
        """Read the remarks."""
        self.call(
            lambda _progress: (self.service.remarks(), self.service.current() is not None),
            lambda got: self._loaded(*got),
        )

    def show_row(self, one: RemarkRow) -> None:
        """Show one remark with the form of its answer."""
        tag = state(one)
        self._make_buttons()
        self.pane.show_head("总部意见", code=f"{one.made_on}", state=tag.text, tone=tag.tone)
        done = DateEdit("办结日期", one.answered_on)
        fields = [
            ("text", Field("办理情况", memo("办理情况", one.answer, "写清怎么做的、结果怎样。", lines=4))),
            ("done_on", Field("办结日期", done, note="还没办完的不填")),
        ]
        if one.due_on is None:
            fields.append(("due_on", Field("整改期限", DateEdit("整改期限"), note="列入问题清单时填写")))
        self.fields = FieldSet(fields)
        self.pane.show_body(
            text(one.text, wrap=True),
            4,
            fact("期限", one.due_on.isoformat() if one.due_on else "没有定期限"),
            fact("条目", one.item_id or "—"),
            4,
            self.fields,
            4,
            row(self.action_button, self.issue_button, ..., gap=8),
        )
        self.action_button.setEnabled(one.action_id is None and self._planned)
        self.action_button.setText("已列为措施" if one.action_id else "列为措施")
        self.pane.show_foot(text("答复随下一个报送包上报。", "small", wrap=True), self.answer_button)
        self.split.open_pane()

    def _make_buttons(self) -> None:
        """Make the buttons anew: the pane deletes what it showed before."""
        self.answer_button = button("答复", self.answer, "primary", "check")
        self.action_button = button("列为措施", self.to_action)
        self.issue_button = button("列入问题清单", self.to_issue)

    def answer(self) -> None:
        """Keep the answer of the remark in view."""
        one = self.table.current()
        self.fields.calm()
        if one is None or not self.fields.check_dates():
            return
        values = self.fields.values()
        words, done_on = values["text"], values["done_on"]
        self._do(lambda: self.service.answer_remark(one.id, words, done_on), "已答复，随下一个报送包上报。")

    def to_action(self) -> None:
        """Make the remark a measure of the open plan."""
        one = self.table.current()
        if one is not None:
            self._do(lambda: self.service.remark_to_action(one.id), "已列为改进措施。")

    def to_issue(self) -> None:
        """Enter the remark in the list of problems."""
        one = self.table.current()
        if one is not None:
            due = self.fields.values().get("due_on")
            self._do(lambda: self.service.remark_to_issue(one.id, due), "已列入问题整改清单。")

    def _do(self, work: Any, words: str) -> None:
        def refused(error: Exception) -> None:
            names = {"办理情况": "text", "办结日期": "done_on", "整改期限": "due_on"}
            if isinstance(error, InvalidInput) and error.field in names:
                self.fields.refuse(names[error.field], f"{error.reason}。")
            else:
                show_error(self, error)

        def done(_result: object) -> None:
            self.desk.changed()
            self.desk.say(words)

        self.call(lambda _progress: work(), done, failed=refused, buttons=(self.answer_button,))

    def _loaded(self, rows: list[RemarkRow], planned: bool) -> None:
        self._planned = planned
        self.table.set_rows(rows, same=lambda one: one.id)
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self.table.select(lambda one: one.id == wanted)
        else:
            again = self.table.current()
            if again is not None:
                self.show_row(again)
