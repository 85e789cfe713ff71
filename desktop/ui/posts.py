"""队伍 > 班子和职务: who holds which post, the party groups, and the terms of the committee."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary import GroupState, Post, PostHow
from desktop.services.branches import BranchService, GroupRow, PostRow, TermDraft, TermRow
from desktop.services.errors import InvalidInput
from desktop.services.members import MemberRow, MemberService
from desktop.services.progress import Progress
from desktop.ui.dialogs import show_error
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag
from desktop.ui.widgets import (
    Chip,
    EmptyState,
    RowButton,
    Segments,
    box,
    button,
    card,
    clear,
    col,
    fixed,
    link,
    row,
    rule,
    scroll,
    text,
)
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.layout import add

SIDE_WIDTH = 372
SOON_DAYS = 180


def _since(one: PostRow) -> str:
    return one.from_on.isoformat() if one.from_on else "建库前"


def _state(one: PostRow) -> Tag:
    if one.to_on is not None:
        return Tag(f"{one.to_on:%Y-%m-%d} 止", "none")
    return Tag("代理", "part") if one.how is PostHow.ACTING else Tag("在任", "good")


COLUMNS: tuple[Column[PostRow], ...] = (
    Column("职务", lambda one: one.post.label if not one.group else f"{one.group}组长".replace("小组组长", "小组长")),
    Column("姓名", lambda one: one.member, width=110),
    Column("任职", _since, width=108, tone="sub"),
    Column("方式", lambda one: one.how, width=70, tone="sub", fold=560),
    Column("批复文号", lambda one: one.approval_no, width=150, tone="sub", fold=720),
    Column("状态", lambda one: one.to_on or date.max, cell=_state, width=120),
)


class PostDialog(Dialog):
    """Someone takes a post."""

    def __init__(self, page: "PostsPage") -> None:
        people = [(one.id, one.name) for one in page.people]
        groups = [(one.id, one.name) for one in page.group_rows if one.state is GroupState.ACTIVE]
        self.fields = FieldSet(
            (
                ("post", Field("职务", Choice("职务", [(post.value, post.label) for post in Post]), required=True)),
                ("member_id", Field("党员", Choice("党员", people), required=True)),
                ("group_id", Field("党小组", Choice("党小组", [(None, "不是小组长"), *groups]))),
                ("from_on", Field("任职日期", DateEdit("任职日期"), note="不填表示建库以前就在任")),
                ("how", Field("方式", Choice("方式", [(how.value, how.label) for how in PostHow]))),
                ("approval_no", Field("批复文号", edit("批复文号"))),
            ),
            columns=2,
        )
        super().__init__(page, "登记任职", self.fields, verb="登记", wide=True)
        self._page = page

    def submit(self) -> None:
        """Put the member into the post."""
        self.fields.calm()
        if not self.fields.check_dates():
            return
        values = self.fields.values()
        post, how = Post(values.pop("post")), PostHow(values.pop("how"))
        member_id, from_on = values.pop("member_id"), values.pop("from_on")
        self._page.keep(
            self,
            self.fields,
            lambda: self._page.branches.assign(post, member_id, from_on, how=how, **values),
            "已登记任职。",
        )


class EndPostDialog(Dialog):
    """Someone leaves a post."""

    def __init__(self, page: "PostsPage", one: PostRow) -> None:
        self.fields = FieldSet(
            (("to_on", Field("免职日期", DateEdit("免职日期", page.desk.store.today), required=True)),)
        )
        super().__init__(page, f"{one.member}不再担任{one.post.label}", self.fields, verb="登记免职")
        self._page, self._one = page, one

    def submit(self) -> None:
        """Note the last day."""
        self.fields.calm()
        to_on = self.fields.values()["to_on"]
        if not self.fields.check_dates():
            return
        if to_on is None:
            self.fields.refuse("to_on", "不能为空")
            return
        self._page.keep(self, self.fields, lambda: self._page.branches.end_post(self._one.id, to_on), "已登记免职。")


class GroupNameDialog(Dialog):
    """A new party group, or another name for one."""

    def __init__(self, page: "PostsPage", one: GroupRow | None = None) -> None:
        self.fields = FieldSet(
            (
                ("name", Field("党小组名称", edit("党小组名称", one.name if one else ""), required=True)),
                ("unit", Field("所在队所或部门", edit("所在队所或部门", one.unit if one else ""))),
            )
        )
        verb = "保存" if one else "设立"
        super().__init__(page, "修改党小组" if one else "设立党小组", self.fields, verb=verb)
        self._page, self._id = page, one.id if one else None

    def submit(self) -> None:
        """Keep the group."""
        self.fields.calm()
        values = self.fields.values()
        self._page.keep(
            self, self.fields, lambda: self._page.branches.save_group(group_id=self._id, **values), "已保存党小组。"
        )


class TermDialog(Dialog):
    """One term of the committee."""

    def __init__(self, page: "PostsPage", one: TermRow | None = None) -> None:
        def day(name: str, value: date | None, needed: bool = False) -> Field:
            return Field(name, DateEdit(name, value), required=needed)

        self.fields = FieldSet(
            (
                ("term_no", Field("届次", edit("届次", str(one.term_no) if one else ""), required=True, note="如 3")),
                ("elected_on", day("选举日期", one.elected_on if one else None, True)),
                ("expires_on", day("届满日期", one.expires_on if one else None, True)),
                ("approved_on", day("批复日期", one.approved_on if one else None)),
                ("approval_no", Field("批复文号", edit("批复文号", one.approval_no if one else ""))),
                ("shifted_to", day("经批准延期到", one.shifted_to if one else None)),
            ),
            columns=2,
        )
        super().__init__(page, "修改届次" if one else "登记本届支委会", self.fields, verb="保存", wide=True)
        self._page, self._id = page, one.id if one else None

    def submit(self) -> None:
        """Keep the term."""
        self.fields.calm()
        if not self.fields.check_dates():
            return
        values = self.fields.values()
        number = str(values["term_no"]).removeprefix("第").removesuffix("届")
        if number and not number.isdecimal():
            self.fields.refuse("term_no", "只写数字，如 3")
            return
        values["term_no"] = int(number) if number else None
        self._page.keep(
            self, self.fields, lambda: self._page.branches.save_term(TermDraft(**values), self._id), "已保存届次。"
        )


class PostsPage(Page):
    """班子和职务."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.branches, self.members = desk.service(BranchService), desk.service(MemberService)
        self.people: list[MemberRow] = []
        self.group_rows: list[GroupRow] = []
        self.scope = Segments((("now", "在任"), ("all", "历任")), name="在任或历任")
        self.scope.changed.connect(lambda _key: self.reload())
        self.add_button = button("登记任职", self.open_form, "primary", "plus")
        empty = EmptyState(
            "sitemap", "还没有登记职务。", "导入名册会带来党内职务，也可以在这里登记。", "登记任职", self.open_form
        )
        self.table: DataTable[PostRow] = DataTable(COLUMNS, "职务", empty, height=44)
        self.end_button = button("登记免职", self.end_post, "small")
        self.end_button.setEnabled(False)
        self.table.picked.connect(self._picked)
        self._groups, self._terms = col(gap=0), col(gap=8)
        groups = card("党小组", box(self._groups), action=link("设立党小组", self.open_group, "plus"))
        terms = card("届次", box(self._terms), action=link("登记届次", self.open_term, "plus"))
        side = fixed(scroll(col(groups, terms, ..., gap=12, pad=(0, 0, 4, 0))), SIDE_WIDTH)
        left = col(row(self.scope, ..., self.end_button), (self.table, 1), gap=10)
        self.setLayout(row((left, 1), side, gap=12, pad=(24, 14, 24, 16)))

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The one primary action."""
        return (self.add_button,)

    def reload(self) -> None:
        """Read posts, groups, terms and who may hold a post."""
        history = self.scope.current() == "all"

        def work(_progress: Progress) -> tuple[list[PostRow], list[GroupRow], list[TermRow], list[MemberRow]]:
            branches = self.branches
            return branches.posts(history), branches.groups(), branches.terms(), list(self.members.roster())

        self.call(work, lambda got: self._show(*got))

    def go(self, where: dict[str, Any]) -> None:
        """Open the form for a term or a post, when a gap leads here."""
        if where.get("kind") == "term":
            self.open_term()
        elif where.get("new"):
            self.open_form()

    def open_form(self) -> None:
        """Ask who takes which post."""
        if not self.people:
            self.desk.say("名册里还没有党员，请先导入或登记党员。")
            return
        PostDialog(self).open()

    def open_group(self, one: GroupRow | None = None) -> None:
        """Ask for the name of a group."""
        GroupNameDialog(self, one).open()

    def open_term(self, one: TermRow | None = None) -> None:
        """Ask for the dates of a term."""
        TermDialog(self, one).open()

    def end_post(self) -> None:
        """Ask for the last day of the chosen holder."""
        one = self.table.current()
        if one is not None and one.to_on is None:
            EndPostDialog(self, one).open()

    def keep(self, dialog: Dialog, fields: FieldSet, work: Callable[[], object], words: str) -> None:
        """Do `work` on the worker; a refusal stays at its field in `dialog`."""

        def refused(error: Exception) -> None:
            if isinstance(error, InvalidInput) and fields.refuse(error.name, error.reason):
                return
            show_error(dialog, error)

        def done(_result: object) -> None:
            dialog.accept()
            self.desk.changed()
            self.desk.say(words)

        self.call(lambda _progress: work(), done, failed=refused, buttons=(dialog.verb,))

    def _picked(self, one: PostRow) -> None:
        self.end_button.setEnabled(one.to_on is None)

    def _show(
        self, posts: list[PostRow], groups: list[GroupRow], terms: list[TermRow], people: list[MemberRow]
    ) -> None:
        self.people, self.group_rows = people, groups
        self.table.set_rows(posts, same=lambda one: one.id)
        self.end_button.setEnabled(False)
        clear(self._groups)
        if not groups:
            add(self._groups, text("还没有划分党小组。党员较多或分散时再划分。", "sub", wrap=True))
        for one in groups:
            add(self._groups, self._group(one))
        clear(self._terms)
        if not terms:
            add(self._terms, text("登记本届选举日期和届满日期，程序提前半年提醒换届。", "sub", wrap=True))
        for number, term in enumerate(terms):
            if number:
                add(self._terms, rule())
            add(self._terms, self._term(term))

    def _group(self, one: GroupRow) -> QWidget:
        words = f"组长 {one.leader}" if one.leader else "还没有组长"
        if one.state is not GroupState.ACTIVE:
            words = "已撤销"
        head = row(text(one.name, "strong"), ..., text(f"{one.size} 人", "sub"))
        lines = col(head, text(" · ".join(filter(None, (words, one.unit))), "small"), gap=2, pad=(8, 7, 8, 7))
        return RowButton(f"{one.name}，{one.size} 人，{words}", lines, lambda: self.open_group(one))

    def _term(self, one: TermRow) -> QWidget:
        if one.days_left < 0:
            chip = Chip("届满未换届", "bad")
        elif one.days_left <= SOON_DAYS:
            chip = Chip(f"还有 {one.days_left} 天届满", "part")
        else:
            chip = Chip("在任", "good")
        approval = f"批复 {one.approved_on}　{one.approval_no}" if one.approved_on else "还没有登记批复"
        lines = col(
            row(text(f"第 {one.term_no} 届", "strong"), chip, ..., gap=8),
            text(f"{one.elected_on} 至 {one.shifted_to or one.expires_on}", "sub"),
            text(approval, "small"),
            gap=3,
            pad=(8, 6, 8, 6),
        )
        return RowButton(f"第 {one.term_no} 届", lines, lambda: self.open_term(one))
