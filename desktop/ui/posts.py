"""队伍 > 班子和职务: who holds which post, the party groups, and the terms of the committee."""

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import GroupState, Post, PostHow
from desktop.services import branches
from desktop.services.access.users import UserRow, UserService
from desktop.services.attachments.records import GROUPS, POSTS, TERMS
from desktop.services.branches import BranchService, GroupRow, PostRow, TermDraft, TermRow
from desktop.services.errors import Input
from desktop.services.members import MemberRow, MemberService
from desktop.ui.attachments import AttachmentsDialog, files_link
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag
from desktop.ui.widgets import (
    Chip,
    EmptyState,
    Item,
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
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.layout import add

SIDE_WIDTH = 372
SECURITY = "“设置 > 使用人与安全”"
OWN_POST = "自己的职务请由管理使用人的同志登记。"
SOON_DAYS = 180


def _since(held: PostRow) -> str:
    return held.from_on.isoformat() if held.from_on else "建库前"


def _state(held: PostRow) -> Tag:
    if held.to_on is not None:
        return Tag(f"{held.to_on:%Y-%m-%d} 止", "none")
    return Tag("代理", "part") if held.how is PostHow.ACTING else Tag("在任", "good")


def _called(group: GroupRow) -> str:
    """Return the name of a group as it stands in a sentence: 第三党小组; 机关 becomes 机关党小组."""
    return group.name if group.name.endswith(("小组", "组")) else f"{group.name}党小组"


def _title(held: PostRow) -> str:
    return f"{held.group}组长".replace("小组组长", "小组长") if held.group else held.post.label


COLUMNS: tuple[Column[PostRow], ...] = (
    Column("职务", _title),
    Column("姓名", lambda held: held.member, width=96),
    Column("任职", _since, width=100, tone="sub", fold=440),
    Column("方式", lambda held: held.how, width=70, tone="sub", fold=560),
    Column("批复文号", lambda held: held.approval_no, width=150, tone="sub", fold=720),
    Column("状态", lambda held: held.to_on or date.max, cell=_state, width=120),
)


def _field(item: Input, control: QWidget, *, required: bool = False, note: str = "") -> tuple[str, Field]:
    return item.name, Field(item.label, control, required=required, note=note)


def _day(item: Input, value: date | None = None, *, required: bool = False, note: str = "") -> tuple[str, Field]:
    return _field(item, DateEdit(item.label, value), required=required, note=note)


def _line(item: Input, words: str = "", *, required: bool = False, note: str = "") -> tuple[str, Field]:
    return _field(item, edit(item.label, words), required=required, note=note)


class PostDialog(FormDialog):
    """Someone takes a post."""

    def __init__(self, page: "PostsPage") -> None:
        own = "" if page.desk.may(Act.USERS) else page.desk.store.rights.own_member
        people = [(member.id, member.name) for member in page.people if member.id != own]
        groups = [(group.id, group.name) for group in page.group_rows if group.state is GroupState.ACTIVE]
        posts = [(post.value, post.label) for post in Post]
        ways = [(how.value, how.label) for how in PostHow]
        self.fields = FieldSet(
            (
                _field(branches.POST, Choice(branches.POST.label, posts), required=True),
                _field(branches.MEMBER, Choice(branches.MEMBER.label, people), required=True),
                _field(branches.GROUP, Choice(branches.GROUP.label, [(None, "不是小组长"), *groups])),
                _day(branches.FROM_ON, note="建库以前就在任、没有前任的不填"),
                _field(branches.HOW, Choice(branches.HOW.label, ways)),
                _line(branches.APPROVAL_NO),
            ),
            columns=2,
        )
        super().__init__(
            page,
            "登记任职",
            self.fields,
            fields=(self.fields,),
            verb="登记",
            needs="post_assignments",
            draft="post",
            wide=True,
        )
        self._branches, self._posts = page.branches, page

    def submit(self) -> None:
        """Put the member into the post."""
        if not self.readable():
            return
        values = self.fields.values()
        post, how = Post(values.pop("post")), PostHow(values.pop("how"))
        member_id, from_on = values.pop("member_id"), values.pop("from_on")
        told = f"已登记任职。{self._posts.account_for(member_id)}"
        self.keep(lambda: self._branches.assign(post, member_id, from_on, how=how, **values), told)


class EndPostDialog(FormDialog):
    """Someone leaves a post."""

    def __init__(self, page: "PostsPage", held: PostRow) -> None:
        self.fields = FieldSet((_day(branches.TO_ON, page.desk.store.today, required=True),))
        title = f"{held.member}不再担任{held.post.label}"
        super().__init__(
            page,
            title,
            self.fields,
            *(text(words, "sub", wrap=True) for words in page.account_after(held)),
            fields=(self.fields,),
            verb="登记免职",
            needs="post_assignments",
            draft="post_end",
            about=held.id,
        )
        self._branches, self._held = page.branches, held

    def submit(self) -> None:
        """Note the last day."""
        if not self.readable(required=True):
            return
        to_on = self.fields.values()["to_on"]
        self.keep(lambda: self._branches.end_post(self._held.id, to_on), "已登记免职。")


class GroupNameDialog(FormDialog):
    """A new party group, or another name for one; from here a group is dissolved, or a dissolved one restored."""

    def __init__(self, page: "PostsPage", group: GroupRow | None = None) -> None:
        self.fields = FieldSet(
            (
                _line(branches.GROUP_NAME, group.name if group else "", required=True),
                _line(branches.GROUP_UNIT, group.unit if group else ""),
            )
        )
        more: list[Item] = []
        if group is not None and group.state is GroupState.ACTIVE:
            self.dissolve_link = link("撤销党小组", self._dissolve, "trash")
            more = [row(self.dissolve_link, ...)]
        elif group is not None:
            self.restore_link = link("恢复党小组", self._restore)
            ended = f"{group.dissolved_on}撤销" if group.dissolved_on else "已撤销"
            more = [row(text(ended, "sub"), ..., self.restore_link)]
        if group is not None:
            more.append(row(files_link(page, f"“{group.name}”的附件", GROUPS, group.id), ...))
        title, verb = ("修改党小组", "保存") if group else ("设立党小组", "设立")
        about = group.id if group else ""
        super().__init__(
            page,
            title,
            self.fields,
            *more,
            fields=(self.fields,),
            verb=verb,
            needs="party_groups",
            draft="group",
            about=about,
        )
        self._posts, self._group = page, group

    def submit(self) -> None:
        """Keep the group."""
        if not self.readable():
            return
        values, group_id = self.fields.values(), self._group.id if self._group else None
        self.keep(lambda: self._posts.branches.save_group(group_id=group_id, **values), "已保存党小组。")

    def _dissolve(self) -> None:
        if self._group is not None:
            self.reject()
            DissolveGroupDialog(self._posts, self._group).open()

    def _restore(self) -> None:
        if self._group is not None:
            group = self._group
            self.keep(lambda: self._posts.branches.restore_group(group.id), f"已恢复{_called(group)}。")


class DissolveGroupDialog(FormDialog):
    """The last day of a party group (撤销)."""

    def __init__(self, page: "PostsPage", group: GroupRow) -> None:
        self.fields = FieldSet((_day(branches.DISSOLVED_ON, page.desk.store.today, required=True),))
        words = "以前的会议和任职照旧保留；组长的职务到这一天为止。" if group.leader else "以前的会议照旧保留。"
        if group.size:
            words = f"还有 {group.size} 名党员编在这个小组，请先在“党员 > 名册”里改编到别的小组。"
        note = text(words, "sub", wrap=True)
        super().__init__(
            page,
            f"撤销{_called(group)}",
            note,
            self.fields,
            fields=(self.fields,),
            verb="撤销党小组",
            needs="party_groups",
            draft="group_end",
            about=group.id,
        )
        self._branches, self._group = page.branches, group

    def submit(self) -> None:
        """End the group."""
        if not self.readable(required=True):
            return
        on = self.fields.values()["dissolved_on"]
        branch_service, group = self._branches, self._group
        self.keep(
            lambda: branch_service.dissolve_group(group.id, on),
            f"已撤销{_called(group)}。",
            undo=lambda: self.page.act(lambda: branch_service.restore_group(group.id)),
            undo_verb="恢复",
        )


class TermDialog(FormDialog):
    """One term of the committee."""

    def __init__(self, page: "PostsPage", term: TermRow | None = None) -> None:
        self.fields = FieldSet(
            (
                _line(branches.TERM_NO, str(term.term_no) if term else "", required=True, note="如 3"),
                _day(branches.ELECTED_ON, term.elected_on if term else None, required=True),
                _day(branches.EXPIRES_ON, term.expires_on if term else None, required=True),
                _day(branches.APPROVED_ON, term.approved_on if term else None),
                _line(branches.APPROVAL_NO, term.approval_no if term else ""),
                _day(branches.SHIFTED_TO, term.shifted_to if term else None),
                _line(branches.SHIFT_APPROVAL_NO, term.shift_approval_no if term else ""),
            ),
            columns=2,
        )
        title = "修改届次" if term else "登记本届支委会"
        about = term.id if term else ""
        more: list[Item] = []
        if term is not None:
            more = [row(files_link(page, f"第{term.term_no}届支委会的附件", TERMS, term.id), ...)]
        super().__init__(
            page,
            title,
            self.fields,
            *more,
            fields=(self.fields,),
            verb="保存",
            needs="terms",
            draft="term",
            about=about,
            wide=True,
        )
        self._branches, self._id = page.branches, term.id if term else None

    def submit(self) -> None:
        """Keep the term."""
        if not self.readable():
            return
        values = self.fields.values()
        number = str(values["term_no"]).removeprefix("第").removesuffix("届")
        if number and not number.isdecimal():
            self.fields.refuse("term_no", "只写数字，如 3")
            return
        values["term_no"] = int(number) if number else None
        draft = TermDraft(**values)
        self.keep(lambda: self._branches.save_term(draft, self._id), "已保存届次。")


class PostsPage(Page):
    """班子和职务."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.branches, self.members = desk.service(BranchService), desk.service(MemberService)
        self.accounts = desk.service(UserService)
        self.users: list[UserRow] = []
        self.people: list[MemberRow] = []
        self.group_rows: list[GroupRow] = []
        self.scope = Segments((("now", "在任"), ("all", "历任")), name="在任或历任")
        self.scope.changed.connect(lambda _key: self.reload())
        self.add_button = self.desk.offered("post_assignments", button("登记任职", self.open_form, "primary", "plus"))
        empty = EmptyState(
            "sitemap", "还没有登记职务。", "导入名册会带来党内职务，也可以在这里登记。", "登记任职", self.open_form
        )
        self.desk.offered("post_assignments", empty)
        self.table: DataTable[PostRow] = DataTable(COLUMNS, "职务", empty, height=44)
        self.end_button = self.desk.offered("post_assignments", button("登记免职", self.end_post, "small"))
        self.files_button = button("附件", self.show_files, "small", "paperclip")
        self.end_button.setEnabled(False)
        self.files_button.setEnabled(False)
        self.table.picked.connect(self._picked)
        self._groups, self._terms = col(gap=0), col(gap=8)
        groups = card(
            "党小组",
            box(self._groups),
            action=self.desk.offered("party_groups", link("设立党小组", self.open_group, "plus")),
        )
        terms = card(
            "届次", box(self._terms), action=self.desk.offered("terms", link("登记届次", self.open_term, "plus"))
        )
        side = fixed(scroll(col(groups, terms, ..., gap=12, pad=(0, 0, 4, 0))), SIDE_WIDTH)
        left = col(row(self.scope, ..., self.files_button, self.end_button, gap=8), (self.table, 1), gap=10)
        self.setLayout(row((left, 1), side, gap=12, pad=(24, 14, 24, 16)))

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The one primary action."""
        return (self.add_button,)

    def reload(self) -> None:
        """Read posts, groups, terms and who may hold a post."""
        history = self.scope.current() == "all"

        def work() -> tuple[list[PostRow], list[GroupRow], list[TermRow], list[MemberRow], list[UserRow]]:
            service = self.branches
            users = self.accounts.users()
            return service.posts(history), service.groups(), service.terms(), self.members.roster(), users

        self.read(work, lambda got: self._show(*got))

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

    def open_group(self, group: GroupRow | None = None) -> None:
        """Ask for the name of a group."""
        GroupNameDialog(self, group).open()

    def open_term(self, term: TermRow | None = None) -> None:
        """Ask for the dates of a term."""
        TermDialog(self, term).open()

    def account_after(self, held: PostRow) -> list[str]:
        """Say what becomes of the log-in of somebody who leaves a post: its rights go by themselves, or do not."""
        words = [
            f"登录名“{user.login}”按在任职务定权限，免职第二天起不再有{held.post.label}的权限。"
            for user in self.users
            if user.member_id == held.member_id and user.by_member
        ]
        if held.post is Post.SECRETARY and not words:
            words.append(f"登录名和密码不随职务走：接手人的登录名、停用原来的，在{SECURITY}里办。")
        return words

    def account_for(self, member_id: str) -> str:
        """Say what somebody who took a post may do from when on; "" where nobody here could see to it."""
        mine = [user for user in self.users if user.member_id == member_id and user.by_member]
        if mine:
            return f"登录名“{mine[0].login}”的权限随任期生效，下次打开时起。"
        return f"要让本人登录，在{SECURITY}里增加使用人。" if self.desk.may(Act.USERS) else ""

    def end_post(self) -> None:
        """Ask for the last day of the chosen holder."""
        held = self.table.current()
        if held is not None and held.to_on is None and not self._own(held):
            EndPostDialog(self, held).open()

    def show_files(self) -> None:
        """Show the files of the chosen holder's post: approval, ballot."""
        held = self.table.current()
        if held is not None:
            AttachmentsDialog(self, f"{held.member}任{_title(held)}的附件", POSTS, held.id).open()

    def _picked(self, held: PostRow) -> None:
        self.files_button.setEnabled(True)
        self.end_button.setEnabled(held.to_on is None and not self._own(held))
        self.end_button.setToolTip(OWN_POST if self._own(held) else "")

    def _own(self, held: PostRow) -> bool:
        """Whether it is a post of who works here and others must see to it: posts decide over rights."""
        return not self.desk.may(Act.USERS) and held.member_id == self.desk.store.rights.own_member != ""

    def _show(
        self,
        posts: list[PostRow],
        groups: list[GroupRow],
        terms: list[TermRow],
        people: list[MemberRow],
        users: list[UserRow],
    ) -> None:
        self.people, self.group_rows, self.users = people, groups, users
        self.table.set_rows(posts, same=lambda held: held.id)
        self.end_button.setEnabled(False)
        self.files_button.setEnabled(False)
        again = self.table.current()
        if again is not None:
            self._picked(again)
        clear(self._groups)
        if not groups:
            add(self._groups, text("还没有划分党小组。党员较多或分散时再划分。", "sub", wrap=True))
        for group in groups:
            add(self._groups, self._group(group))
        clear(self._terms)
        if not terms:
            step = "登记本届选举日期和届满日期，程序提前半年提醒换届。"
            add(self._terms, text(step if self.desk.may_write("terms") else "还没有登记届次。", "sub", wrap=True))
        for number, term in enumerate(terms):
            if number:
                add(self._terms, rule())
            add(self._terms, self._term(term))

    def _group(self, group: GroupRow) -> QWidget:
        words = f"组长 {group.leader}" if group.leader else "还没有组长"
        if group.state is not GroupState.ACTIVE:
            words = "已撤销"
        head = row(text(group.name, "strong"), ..., text(f"{group.size} 人", "sub"))
        lines = col(head, text(" · ".join(filter(None, (words, group.unit))), "small"), gap=2, pad=(8, 7, 8, 7))
        return RowButton(f"{group.name}，{group.size} 人，{words}", lines, lambda: self.open_group(group))

    def _term(self, term: TermRow) -> QWidget:
        if term.days_left < 0:
            chip = Chip("届满未换届", "bad")
        elif term.days_left <= SOON_DAYS:
            chip = Chip(f"还有 {term.days_left} 天届满", "part")
        else:
            chip = Chip("在任", "good")
        shifted = [f"经批准延期到 {term.shifted_to}"] if term.shifted_to and term.shift_approval_no else []
        if term.shifted_to and not term.shift_approval_no:
            shifted = [f"延期到 {term.shifted_to} 没有批准文号，不算数"]
        doubts = [text(words, "small", "part", wrap=True) for words in (*shifted, term.doubt) if words]
        approval = f"批复 {term.approved_on}　{term.approval_no}" if term.approved_on else "还没有登记批复"
        lines = col(
            row(text(f"第 {term.term_no} 届", "strong"), chip, ..., gap=8),
            text(f"{term.elected_on} 至 {term.expires_on}", "sub"),
            text(approval, "small"),
            *doubts,
            gap=3,
            pad=(8, 6, 8, 6),
        )
        return RowButton(f"第 {term.term_no} 届", lines, lambda: self.open_term(term))
