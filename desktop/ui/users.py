"""Who may work in this store: the card of 设置 > 使用人与安全, and the forms behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.access.roles import Role
from desktop.services.access.users import MEMBER, OLD_PASSWORD, ROLES, UserRow, UserService
from desktop.services.handing_over import Handover, HandoverService
from desktop.services.members import MemberService
from desktop.services.security.vault import LOGIN
from desktop.ui.data_key import offer_new_key
from desktop.ui.new_password import again_field, alike, password_field
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import appear, box, button, card, clear, col, link, row, rule, text
from desktop.ui.widgets.dialogs import Dialog, confirm
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.layout import add
from desktop.ui.widgets.ticks import TickLine, Ticks

NOBODY = "（不对应党员）"
HAND_OVER = "交接给新的人"
PROMISE = "角色管的是在本程序里能做什么；电脑本身请设开机密码，人离开时锁屏。"


@dataclass(frozen=True, slots=True)
class People:
    """Who may log in, and the members whose posts may decide for them."""

    users: tuple[UserRow, ...]
    members: tuple[tuple[str, str], ...]
    handover: Handover | None


class _Roles:
    """The fields of a form that gives roles: the boxes, and the member where a role goes by posts or group."""

    def __init__(self, roles: Sequence[Role], members: Sequence[tuple[str, str]], user: UserRow | None) -> None:
        ticked = [role.id for role in user.roles] if user is not None else []
        self._by_member = {role.id for role in roles if role.by_member}
        lines = [TickLine(role.id, role.label, note=role.note) for role in roles]
        self.boxes = Ticks(ROLES.label, lines, ticked, most=0)
        chosen = user.member_id if user is not None else None
        self.member = Field(
            MEMBER.label,
            Choice(MEMBER.label, ((None, NOBODY), *members), chosen),
            note="这位同志在任的职务决定权限，免职后自动收回",
        )
        self.fields = ((ROLES.name, Field(ROLES.label, self.boxes, required=True)), (MEMBER.name, self.member))
        self.boxes.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        appear(self.member, bool(self._by_member & set(self.boxes.value())))

    def values(self) -> tuple[tuple[str, ...], str | None]:
        """Return the roles chosen and the member, if one of them asks for a member."""
        roles = self.boxes.value()
        return roles, self.member.read() if self._by_member & set(roles) else None


def _new_password(*, own: bool) -> tuple[tuple[str, Field], ...]:
    note = "至少 8 个字符，不用常见密码" + ("" if own else "；请本人自己输入，别人不看")
    return (
        ("password", password_field(required=True, note=note)),
        again_field(required=True),
    )


def _alike(fields: FieldSet) -> bool:
    """Take old refusals away and return whether the new password was typed twice alike, else say so at its field."""
    fields.calm()
    return alike(fields)


class UserDialog(Dialog):
    """A new user: name, password, roles."""

    def __init__(self, page: Page, service: UserService, members: Sequence[tuple[str, str]]) -> None:
        self.roles = _Roles(service.offered, members, None)
        login = (LOGIN.name, Field(LOGIN.label, edit(LOGIN.label), required=True))
        self.fields = FieldSet((login, *_new_password(own=False), *self.roles.fields))
        super().__init__(page, "增加使用人", self.fields, verb="保存")
        self._page, self._service = page, service

    def submit(self) -> None:
        """Let the new user in."""
        if not _alike(self.fields):
            return
        values, (roles, member) = self.fields.values(), self.roles.values()
        self._page.act(
            lambda: self._service.add(values["login"], values["password"], roles, member),
            f"已增加使用人{values['login']}。",
            then=lambda _none: self.accept(),
            fields=(self.fields,),
            buttons=(self.verb,),
        )


class RolesDialog(Dialog):
    """Other roles for somebody who logs in already."""

    def __init__(self, page: Page, service: UserService, user: UserRow, members: Sequence[tuple[str, str]]) -> None:
        self.roles = _Roles(service.offered, members, user)
        self.fields = FieldSet(self.roles.fields)
        super().__init__(page, f"“{user.login}”的角色", self.fields, verb="保存")
        self._page, self._service, self._login = page, service, user.login

    def submit(self) -> None:
        """Give the roles."""
        self.fields.calm()
        roles, member = self.roles.values()
        self._page.act(
            lambda: self._service.change_roles(self._login, roles, member),
            "角色已保存，下次打开时生效。",
            then=lambda _none: self.accept(),
            fields=(self.fields,),
            buttons=(self.verb,),
        )


class PasswordDialog(Dialog):
    """A new password: of the own log-in for whoever knows the present one, or somebody else's who forgot it."""

    def __init__(self, page: Page, service: UserService, login: str, *, own: bool) -> None:
        old = edit(OLD_PASSWORD.label, secret=True)
        present = ((OLD_PASSWORD.name, Field(OLD_PASSWORD.label, old, required=True)),) if own else ()
        self.fields = FieldSet((*present, *_new_password(own=own)))
        super().__init__(page, "修改自己的密码" if own else f"重设“{login}”的密码", self.fields, verb="保存")
        self._page, self._service, self._login, self._own = page, service, login, own

    def submit(self) -> None:
        """Wrap the data key with the new password."""
        if not _alike(self.fields):
            return
        values = self.fields.values()

        def work() -> None:
            if self._own:
                self._service.change_own_password(values[OLD_PASSWORD.name], values["password"])
            else:
                self._service.reset_password(self._login, values["password"])

        self._page.act(
            work,
            "密码已保存，下次打开时生效。",
            then=lambda _none: self.accept(),
            fields=(self.fields,),
            buttons=(self.verb,),
        )


class UsersCard(QWidget):
    """The users with their roles; what whoever works here may not do is not offered."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self.service = page, page.desk.service(UserService)
        self._manages = page.desk.may(Act.USERS)
        self._members: tuple[tuple[str, str], ...] = ()
        self._lines = col(gap=6)
        self.add_button = button("增加使用人", self.add, "small", "user-plus") if self._manages else None
        self.handover_button = link(HAND_OVER, self.hand_over, "users") if self._manages else None
        words = "每人一个登录名和密码，数据只有一份。各人的修改都记在修改记录里。"
        sheet = card(
            "使用人",
            text(words, "sub", wrap=True),
            box(self._lines),
            row((text(PROMISE, "small", wrap=True), 1), self.handover_button, gap=12),
            action=self.add_button,
        )
        self.setLayout(col(sheet))

    def hand_over(self) -> None:
        """Show the steps of handing over the post."""
        from desktop.ui.guided import HandoverPage  # it knows the forms of this module

        self._page.desk.push(HandoverPage(self._page.desk))

    def reload(self) -> None:
        """Read who may log in."""
        desk, handing_over = self._page.desk, self._page.desk.service(HandoverService)

        def work() -> People:
            members = may_be_users(desk) if self._manages else ()
            return People(tuple(self.service.users()), members, handing_over.state() if self._manages else None)

        self._page.read(work, self._show)

    def add(self) -> None:
        """Ask for a new user."""
        UserDialog(self._page, self.service, self._members).open()

    def _show(self, people: People) -> None:
        self._members = people.members
        if self.handover_button is not None:
            self.handover_button.setText(_handover_words(people.handover))
        clear(self._lines)
        for number, user in enumerate(people.users):
            if number:
                add(self._lines, rule())
            held = f"{user.words}（{user.who}）" if user.who else user.words
            mine = user.login == self._page.desk.store.actor
            name = col(
                text(f"{user.login}（您）" if mine else user.login, "strong"), text(held, "small", wrap=True), gap=2
            )
            add(self._lines, row((name, 1), *self._verbs(user, alone=len(people.users) == 1), gap=16))

    def _verbs(self, user: UserRow, *, alone: bool) -> list[QWidget]:
        own = user.login == self._page.desk.store.actor
        verbs: list[QWidget] = []
        if (own and self._page.desk.store.look is None) or self._manages:
            verbs.append(_link("修改密码" if own else "重设密码", user.login, lambda: self.change_password(user.login)))
        if self._manages:
            verbs.append(_link("角色", user.login, lambda: self.give_roles(user)))
            if not own and not alone:
                verbs.append(_link("停用", user.login, lambda: self.remove(user.login)))
        return verbs

    def change_password(self, login: str) -> None:
        """Ask for a new password of `login`."""
        own = login == self._page.desk.store.actor
        PasswordDialog(self._page, self.service, login, own=own).open()

    def give_roles(self, user: UserRow) -> None:
        """Ask for other roles of `user`."""
        RolesDialog(self._page, self.service, user, self._members).open()

    def remove(self, login: str) -> None:
        """Let somebody in no more, asked once."""
        ask_to_remove(self._page, login)


def may_be_users(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Return the members that a user can be, on the worker; headquarters has none of its own."""
    roster = () if desk.store.is_headquarters else desk.service(MemberService).roster()
    return tuple((person.id, person.name) for person in roster)


def ask_for_user(page: Page) -> None:
    """Ask for a new user, over whatever page is in view."""
    service = page.desk.service(UserService)
    page.read(lambda: may_be_users(page.desk), lambda members: UserDialog(page, service, members).open())


def ask_to_remove(page: Page, login: str) -> None:
    """Ask once whether to let somebody in no more; drafts that nobody else finds are named."""
    service = page.desk.service(UserService)

    def ask(drafts: int) -> None:
        words = "这个登录名不能再打开数据；以前写的记录仍记在这个名下。"
        if drafts:
            words += f"还有 {drafts} 份没写完的草稿，只有本人打开时看得到；要用的，先请本人写完保存。"
        confirm(
            page,
            f"停用“{login}”？",
            words,
            "停用",
            lambda: page.act(
                lambda: service.remove(login),
                f"已停用“{login}”。",
                then=lambda _none: offer_new_key(page, f"“{login}”若拷走过数据，用旧密码还能打开。"),
            ),
            destructive=True,
        )

    page.read(lambda: service.unfinished(login), ask)


def _handover_words(handover: Handover | None) -> str:
    if handover is None:
        return HAND_OVER
    return f"交接（还有 {len(handover.left)} 步）" if handover.left else "交接（各步都做完了）"


def _link(words: str, login: str, action: Callable[[], object]) -> QWidget:
    out = link(words, action)
    out.setAccessibleName(f"{words}：{login}")
    return out
