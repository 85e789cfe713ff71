"""队伍 > 班子和职务: who holds which post, the party groups, and the terms of the committee."""

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import GroupState, Post, PostHow
from desktop.models.vocabulary.elections import ElectionKind
from desktop.services.access.users import UserRow, UserService
from desktop.services.attachments.records import POSTS
from desktop.services.branches import BranchService, GroupRow, PostRow
from desktop.services.members import MemberRow, MemberService
from desktop.services.reminders import reminders
from desktop.services.terms import TermRow, TermService
from desktop.ui.attachments import AttachmentsDialog
from desktop.ui.election.page import ElectionPage
from desktop.ui.output import print_document
from desktop.ui.page import Desk, Page
from desktop.ui.posts.forms import EndPostDialog, PostDialog, TermDialog
from desktop.ui.posts.groups import GroupNameDialog
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
from desktop.ui.widgets.layout import add

SIDE_WIDTH = 372
SECURITY = "“设置 > 使用人与安全”"
OWN_POST = "自己的职务请由管理使用人的同志登记。"


def _since(held: PostRow) -> str:
    return held.from_on.isoformat() if held.from_on else "用本程序以前"


def _state(held: PostRow) -> Tag:
    if held.to_on is not None:
        return Tag(f"{held.to_on:%Y-%m-%d} 止", "none")
    return Tag("代理", "part") if held.how is PostHow.ACTING else Tag("在任", "good")


def _approvals(held: PostRow) -> str:
    ended = f"免职 {held.end_approval_no}" if held.end_approval_no else ""
    return "；".join(filter(None, (held.approval_no, ended)))


def _title(held: PostRow) -> str:
    return f"{held.group}组长".replace("小组组长", "小组长") if held.group else held.post.label


COLUMNS: tuple[Column[PostRow], ...] = (
    Column("职务", _title),
    Column("姓名", lambda held: held.member, width=96),
    Column("任职", _since, width=100, tone="sub", fold=440),
    Column("方式", lambda held: held.how, width=70, tone="sub", fold=560),
    Column("批复文号", _approvals, width=150, tone="sub", fold=720),
    Column("状态", lambda held: held.to_on or date.max, cell=_state, width=120),
)


class PostsPage(Page):
    """班子和职务."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.branches, self.members = desk.service(BranchService), desk.service(MemberService)
        self.terms = desk.service(TermService)
        self.accounts = desk.service(UserService)
        self.users: list[UserRow] = []
        self.people: list[MemberRow] = []
        self.group_rows: list[GroupRow] = []
        self.scope = Segments((("now", "在任"), ("all", "历任")), name="在任或历任")
        self.scope.changed.connect(lambda _key: self.reload())
        self.add_button = self.desk.offered("post_assignments", button("登记任职", self.open_form, "primary", "plus"))
        self.print_button = desk.offered(Act.EXPORT, button("打印基本情况", self.print_profile, "", "printer"))
        self.election_button = button("换届选举", self.open_elections, "", "checklist")
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
        """The elections, and the one primary action."""
        return (self.print_button, self.election_button, self.add_button)

    def reload(self) -> None:
        """Read posts, groups, terms and who may hold a post."""
        history = self.scope.current() == "all"

        def work() -> tuple[list[PostRow], list[GroupRow], list[TermRow], list[MemberRow], list[UserRow]]:
            service = self.branches
            users = self.accounts.users()
            return service.posts(history), service.groups(), self.terms.terms(), self.members.roster(), users

        self.read(work, lambda got: self._show(*got))

    def go(self, where: dict[str, Any]) -> None:
        """Open the form for a term or a post, when a gap leads here; a term that is kept stands among the others."""
        if where.get("kind") in ("election", "by_election"):
            begins = ElectionKind.FULL if where.get("new") and not where.get("record") else None
            if where.get("kind") == "by_election":
                begins = ElectionKind.BY
            step = str((where.get("prefill") or {}).get("step") or "")
            self.desk.push(ElectionPage(self.desk, str(where.get("record") or ""), step, begins))
        elif where.get("kind") == "term" and not where.get("record"):
            self.open_term()
        elif where.get("new"):
            self.read(lambda: None, lambda _none: self.open_form())  # once it is read who may hold a post

    def print_profile(self) -> None:
        """Write facts, chart and division of work as one page."""
        print_document(self, "党支部基本情况", lambda documents, path: documents.profile(path))

    def open_elections(self) -> None:
        """Show the elections: the one that goes on, else the newest."""
        self.desk.push(ElectionPage(self.desk))

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
        if term.handed_over_on is not None:
            chip = Chip("已换届", "none")
        elif term.days_left < 0:
            chip = Chip("届满未换届", "bad")
        elif term.days_left <= reminders().term_days:
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
