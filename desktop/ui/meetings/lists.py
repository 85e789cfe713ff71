"""台账: lists over the meetings of the year in view, each sorted, searched, exported and printed like any other."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.meetings import StudyState
from desktop.services.meetings.required import Required, required_of
from desktop.services.meetings.studied import DoubleLife, Missed, Studied, YearLists, year_lists
from desktop.ui.output import export_button, print_button
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag
from desktop.ui.widgets import EmptyState, button, col
from desktop.ui.widgets.layout import Turning

STUDIED: tuple[Column[Studied], ...] = (
    Column("日期", lambda r: r.on, width=104, tone="sub"),
    Column("会议", lambda r: r.meeting, width=130, fold=760),
    Column("学习主题", lambda r: r.theme),
    Column("原文篇目", lambda r: r.source, width=190),
    Column("领学人", lambda r: r.leader, width=84),
    Column("学习形式", lambda r: r.form, width=110, fold=900),
    Column("研讨要点", lambda r: r.discussed, width=160, fold=1000),
    Column("贯彻措施", lambda r: r.measures, width=170, fold=860),
)
TONES = {
    StudyState.STUDIED: "done",
    StudyState.LATE: "part",
    StudyState.WAITING: "run",
    StudyState.MISSING: "bad",
}
"""What the state of a required study is coloured as."""
REQUIRED: tuple[Column[Required], ...] = (
    Column("必学内容", lambda r: r.title),
    Column("提出单位", lambda r: r.from_org, width=130, fold=760),
    Column("时限", lambda r: r.due_on, width=104),
    Column("在哪类会上学", lambda r: r.kind.label if r.kind else "", width=120, fold=900),
    Column("学习情况", lambda r: r.where_studied, width=260),
    Column("结果", lambda r: r.state.label, cell=lambda r: Tag(r.state.label, TONES[r.state]), width=110),
)
MISSED: tuple[Column[Missed], ...] = (
    Column("缺席日期", lambda r: r.on, width=104, tone="sub"),
    Column("会议", lambda r: r.meeting, width=130),
    Column("姓名", lambda r: r.name, width=90),
    Column("原因", lambda r: r.reason, width=100, fold=700),
    Column("补课日期", lambda r: r.made_up_on, width=104),
    Column("方式", lambda r: r.way, width=90),
    Column("内容", lambda r: r.content),
    Column("补课人", lambda r: r.by, width=90),
)
LEADERS: tuple[Column[DoubleLife], ...] = (
    Column("姓名", lambda r: r.name),
    Column("应参加次数", lambda r: r.expected, text=str, width=130, align="r"),
    Column("以普通党员身份参加次数", lambda r: r.took_part, text=str, width=200, align="r"),
)


class MeetingLists(Page):
    """第一议题, 必学内容, 缺席和补课, 双重组织生活."""

    title = "组织生活台账"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        step = "记会时议程种类选“第一议题”，就列在这里。"
        self.studied: DataTable[Studied] = DataTable(
            STUDIED, "第一议题台账", EmptyState("book", "这一年还没有第一议题。", step)
        )
        self.required: DataTable[Required] = DataTable(
            REQUIRED,
            "必学内容学习情况",
            EmptyState(
                "book",
                "这一年还没有登记必学内容。",
                "上级通知学什么，登记一条；哪次会学了，从会议记录里认出来。",
                "登记必学内容",
                self.open_required,
            ),
        )
        self.required.opened.connect(self.open_topic)
        self.missed: DataTable[Missed] = DataTable(MISSED, "缺席和补课台账", EmptyState("users", "这一年没有人缺席。"))
        self.leaders: DataTable[DoubleLife] = DataTable(
            LEADERS, "双重组织生活台账", EmptyState("user", "还没有标记。", "记会时在“双重组织生活”里选人。")
        )
        self.tables: tuple[DataTable[Any], ...] = (self.studied, self.required, self.missed, self.leaders)
        self._stack = Turning()
        for table in self.tables:
            self._stack.addWidget(table)
        self.export_button = export_button(self, lambda: self.shown().sheet())
        self.print_button = print_button(self, lambda: self.shown().sheet())
        self.topics_button = button("登记必学内容", self.open_required, "", "pencil")
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))

    def tabs(self) -> Sequence[str]:
        return ("第一议题", "必学内容", "缺席和补课", "双重组织生活")

    def show_tab(self, index: int) -> None:
        self._stack.setCurrentIndex(index)

    def bar_actions(self) -> Sequence[QWidget]:
        return (self.topics_button, self.export_button, self.print_button)

    def shown(self) -> DataTable[Any]:
        """Return the list in view."""
        return self.tables[self._stack.currentIndex()]

    def open_required(self) -> None:
        """Go to the register of what has to be studied."""
        self.desk.open("meetings", "activities", kind="required_study")

    def open_topic(self, topic: Required) -> None:
        """Open the meeting a topic was studied at, the form of one where it was not, or what the register says."""
        if topic.seen:
            self.desk.open("meetings", "list", record=topic.seen[0].meeting_id)
        elif topic.state.open and self.desk.allows("meetings"):
            where = topic.form
            self.desk.open("meetings", "list", new=True, kind=where.kind, prefill=dict(where.prefill))
        else:
            self.desk.open("meetings", "activities", kind="required_study", record=topic.id)

    def reload(self) -> None:
        store, year = self.desk.store, self.desk.year
        self.read(lambda: (year_lists(store, year), required_of(store, year)), lambda got: self._show(*got))

    def _show(self, lists: YearLists, required: list[Required]) -> None:
        self.required.set_rows(required)
        self.studied.set_rows(lists.studied)
        self.missed.set_rows(lists.missed)
        self.leaders.set_rows(lists.leaders)
