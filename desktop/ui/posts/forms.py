"""Forms of the team: who takes or leaves a post, a term of the committee."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import GroupState, Post, PostHow
from desktop.services import branches, terms
from desktop.services.attachments.records import TERMS
from desktop.services.branches import PostRow
from desktop.services.errors import Input
from desktop.services.terms import TermDraft, TermRow
from desktop.ui.attachments import files_link
from desktop.ui.form_dialog import FormDialog
from desktop.ui.widgets import Item, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, to_choose

if TYPE_CHECKING:
    from desktop.ui.posts.page import PostsPage


def field_of(item: Input, control: QWidget, *, required: bool = False, note: str = "") -> tuple[str, Field]:
    """Return a field of a form, by the input it fills."""
    return item.name, Field(item.label, control, required=required, note=note)


def day_field(item: Input, value: date | None = None, *, required: bool = False, note: str = "") -> tuple[str, Field]:
    """Return a field for a day."""
    return field_of(item, DateEdit(item.label, value), required=required, note=note)


def line_field(item: Input, words: str = "", *, required: bool = False, note: str = "") -> tuple[str, Field]:
    """Return a field for a line of words."""
    return field_of(item, edit(item.label, words), required=required, note=note)


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
                field_of(branches.POST, Choice(branches.POST.label, to_choose(posts)), required=True),
                field_of(branches.MEMBER, Choice(branches.MEMBER.label, to_choose(people)), required=True),
                field_of(branches.GROUP, Choice(branches.GROUP.label, [(None, "不是小组长"), *groups])),
                day_field(branches.FROM_ON, note="用本程序以前就在任、没有前任的不填"),
                field_of(branches.HOW, Choice(branches.HOW.label, ways)),
                line_field(branches.APPROVAL_NO),
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
        if not (self.readable() and self.chosen()):
            return
        values = self.fields.values()
        post, how = Post(values.pop("post")), PostHow(values.pop("how"))
        member_id, from_on = values.pop("member_id"), values.pop("from_on")
        told = f"已登记任职。{self._posts.account_for(member_id)}"
        self.keep(lambda: self._branches.assign(post, member_id, from_on, how=how, **values), told)


class EndPostDialog(FormDialog):
    """Someone leaves a post."""

    def __init__(self, page: "PostsPage", held: PostRow) -> None:
        self.fields = FieldSet(
            (
                day_field(branches.TO_ON, page.desk.store.today, required=True),
                line_field(branches.END_APPROVAL_NO, note="没有批复的不填"),
            )
        )
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
        values = self.fields.values()
        to_on = values.pop("to_on")
        self.keep(lambda: self._branches.end_post(self._held.id, to_on, **values), "已登记免职。")


class TermDialog(FormDialog):
    """One term of the committee."""

    def __init__(self, page: "PostsPage", term: TermRow | None = None) -> None:
        self.fields = FieldSet(
            (
                line_field(terms.TERM_NO, str(term.term_no) if term else "", required=True, note="如 3"),
                day_field(terms.ELECTED_ON, term.elected_on if term else None, required=True),
                day_field(terms.EXPIRES_ON, term.expires_on if term else None, required=True),
                day_field(terms.APPROVED_ON, term.approved_on if term else None),
                line_field(branches.APPROVAL_NO, term.approval_no if term else ""),
                day_field(terms.SHIFTED_TO, term.shifted_to if term else None),
                line_field(terms.SHIFT_APPROVAL_NO, term.shift_approval_no if term else ""),
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
        self._terms, self._id = page.terms, term.id if term else None

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
        self.keep(lambda: self._terms.save_term(draft, self._id), "已保存届次。")
