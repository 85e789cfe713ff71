"""Who works in a store (使用人): log-in names, passwords, roles. Every change is noted in the trail of uses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from desktop.models.branches import PostAssignment
from desktop.models.history import Draft, SettingName
from desktop.models.members import Member
from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.stores import Use
from desktop.services.access.interim import end_interim
from desktop.services.access.rights import Rights
from desktop.services.access.roles import Role, load_roles
from desktop.services.errors import AppError, Input, InvalidInput, NotFound
from desktop.services.security.passwords import Cost
from desktop.services.security.vault import LOGIN, RecoveryOffer

if TYPE_CHECKING:
    from desktop.services.store import Store

ROLES = Input("roles", "角色")
MEMBER = Input("member_id", "对应的党员")
OLD_PASSWORD = Input("old_password", "现在的密码")
RECOVERY_HOLDER = "恢复码"
"""Who works in a store opened by the recovery code without a log-in name."""


@dataclass(frozen=True, slots=True)
class UserRow:
    """One who may log in: name, roles, and the member whose `posts` of today decide for a role that goes by them."""

    login: str
    roles: tuple[Role, ...]
    member_id: str | None
    member_name: str
    posts: tuple[Post, ...] = ()

    @property
    def by_member(self) -> bool:
        """Whether what the user may do hangs on the posts of the member."""
        return any(role.by_member for role in self.roles)

    @property
    def who(self) -> str:
        """The member behind the name, with the posts that decide; "" where there is none."""
        if not self.member_name or not self.by_member:
            return self.member_name
        return f"{self.member_name}，{'、'.join(post.label for post in self.posts) or '没有在任职务'}"

    @property
    def words(self) -> str:
        """The roles as people read them."""
        return "、".join(role.label for role in self.roles) or "没有角色，只能查看"


class UserService:
    """Who may work in this store, and what they may do."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    @property
    def offered(self) -> tuple[Role, ...]:
        """The roles this kind of store knows, in the order they are offered."""
        return load_roles().of(self._store.kind)

    def users(self) -> list[UserRow]:
        """Return everybody who may log in, oldest first."""
        with self._store.reading() as session:
            rows = {user.login: user for user in session.scalars(select(User))}
            names = {row.id: row.name for row in session.execute(select(Member.id, Member.name))}
            today = self._store.today
            held = {
                user.member_id: tuple(post for post, _group in _posts(session, user.member_id, today))
                for user in rows.values()
                if user.member_id
            }
        return [self._row(login, rows.get(login), names, held) for login in self._store.vault.logins]

    def own_words(self) -> str:
        """Return the roles of who works here as people read them; "" for whoever opened by the recovery code."""
        return next((user.words for user in self.users() if user.login == self._store.actor), "")

    def unfinished(self, login: str) -> int:
        """Return how many drafts `login` has that nobody else finds; who works here may be told the number only."""
        with self._store.reading() as session:
            return session.scalar(select(func.count()).where(Draft.actor == login)) or 0

    # changes

    def add(
        self, login: str, password: str, roles: Sequence[str], member_id: str | None = None, cost: Cost | None = None
    ) -> None:
        """Let somebody more in.

        Raises:
            NotAllowed: who works here does not manage users.
            InvalidInput: name, password or roles do not fit the rules.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.USERS)
        chosen = self._checked(roles, member_id)
        self._store.vault.add_password(self._store.key, login, password, cost)
        login = self._store.vault.logins[-1]
        self._write(login, chosen, member_id, f"增加使用人“{login}”")
        self._store.audit(Use.ADD_USER, f"{login}（{_labels(chosen)}）")

    def change_roles(self, login: str, roles: Sequence[str], member_id: str | None = None) -> None:
        """Give `login` other roles, in force at once for whoever opens next.

        Raises:
            NotAllowed: who works here does not manage users.
            NotFound: nobody logs in by that name.
            InvalidInput: the roles do not fit, or nobody would be left to manage users.
        """
        self._store.rights.require(Act.USERS)
        self._known(login)
        chosen = self._checked(roles, member_id)
        if not any(Act.USERS in role.grant.acts for role in chosen):
            self._require_manager_beside(login)
        self._write(login, chosen, member_id, f"调整使用人“{login}”的角色")
        self._store.audit(Use.CHANGE_ROLES, f"{login}（{_labels(chosen)}）")

    def change_own_password(self, old: str, new: str, cost: Cost | None = None) -> None:
        """Change the password of who works here, who knows the present one.

        Raises:
            InvalidInput: the present password is another, or the new one too weak.
            OnlyLooked: the disk takes nothing more.
        """
        store = self._store
        store.require_writable()
        try:
            store.vault.unlock_password(store.actor, old)
        except AppError as error:
            raise InvalidInput(OLD_PASSWORD, "不正确") from error
        store.vault.change_password(store.key, store.actor, new, cost)
        store.audit(Use.CHANGE_PASSWORD, store.actor)
        end_interim(store, store.actor)

    def reset_password(self, login: str, password: str, cost: Cost | None = None) -> None:
        """Give somebody a new password who forgot the old one.

        Raises:
            NotAllowed: who works here does not manage users.
            NotFound: nobody logs in by that name.
            InvalidInput: the password is too weak.
        """
        self._store.rights.require(Act.USERS)
        self._store.vault.change_password(self._store.key, login, password, cost)
        self._store.audit(Use.RESET_PASSWORD, login)

    def remove(self, login: str) -> None:
        """Let `login` in no more; what the person wrote stays under the name.

        Raises:
            NotAllowed: who works here does not manage users.
            NotFound: nobody logs in by that name.
            InvalidInput: it is who works here, or nobody would be left to manage users.
        """
        self._store.rights.require(Act.USERS)
        self._known(login)
        if login == self._store.actor:
            raise InvalidInput(LOGIN, "不能停用自己，请由另一位管理使用人的同志来做")
        self._require_manager_beside(login)
        self._store.vault.remove(login)
        with self._store.unit_of_work(f"停用使用人“{login}”", Act.USERS) as session:
            session.execute(delete(User).where(User.login == login))
        self._store.audit(Use.REMOVE_USER, login)
        end_interim(self._store, login)

    def offer_recovery_code(self) -> RecoveryOffer:
        """Make a new recovery code to be written down; the old one holds until `take_recovery_code`.

        Raises:
            NotAllowed: who works here does not manage users.
        """
        self._store.rights.require(Act.USERS)
        return self._store.vault.offer_recovery_code(self._store.key)

    def take_recovery_code(self, offer: RecoveryOffer) -> None:
        """Put an offered code in force in place of the old one.

        Raises:
            NotAllowed: who works here does not manage users.
        """
        self._store.rights.require(Act.USERS)
        self._store.vault.take_recovery_code(self._store.key, offer)
        self._store.audit(Use.NEW_CODE)
        self.code_written_down()

    @property
    def code_due(self) -> bool:
        """Whether nobody is known to have written down the recovery code in force, and who works here may change it."""
        return self._store.rights.may(Act.USERS) and bool(self._store.setting(SettingName.CODE_DUE))

    def note_code_due(self) -> None:
        """Remember that a recovery code is to be written down: one that never was must not be the last word."""
        self._store.set_setting(SettingName.CODE_DUE, "yes")

    def code_written_down(self) -> None:
        """Remember that the recovery code in force was written down.

        Raises:
            NotAllowed: who works here does not manage users.
        """
        self._store.rights.require(Act.USERS)
        if self._store.setting(SettingName.CODE_DUE):
            self._store.set_setting(SettingName.CODE_DUE, "")

    def lock_after(self, minutes: int) -> None:
        """Lock the window after so many minutes in which nobody did anything, for whoever opens next.

        Raises:
            NotAllowed: who works here does not manage users.
        """
        self._store.rights.require(Act.USERS)
        self._store.set_setting(SettingName.IDLE_MINUTES, str(minutes))

    # at opening

    def settle(self) -> None:
        """Give the log-in names of a store from before there were roles all rights, as they had."""
        with self._store.unit_of_work("登记使用人", Act.USERS) as session:
            if session.scalar(select(User.id).limit(1)) is None:
                founders = [role.id for role in self.offered if role.first]
                session.add_all(User(login=login, roles=founders) for login in self._store.vault.logins)

    def rights_of(self, login: str) -> Rights:
        """Return what `login` may do today; a name nobody gave a role may look only."""
        today = self._store.today
        rules = load_roles()
        with self._store.reading(whole=True) as session:
            if session.scalar(select(User.id).limit(1)) is None:  # from before there were roles, and only looked at
                return Rights.of(role.grant for role in self.offered if role.first).at(self._store.kind)
            user = session.scalar(select(User).where(User.login == login))
            roles = [] if user is None else [role for role in self.offered if role.id in user.roles]
            posts = _posts(session, user.member_id, today) if user is not None and user.member_id else []
        grants = [role.grant for role in roles]
        if any(role.by_post for role in roles):
            grants += [rules.posts[post] for post, _group in posts if post in rules.posts]
        groups = [group for post, group in posts if post is Post.GROUP_LEADER and group]
        own_member = user.member_id if any(role.by_member for role in roles) and user is not None else None
        return Rights.of(grants, groups, own_member or "").at(self._store.kind)

    # within

    def _row(self, login: str, user: User | None, names: dict[str, str], posts: dict[str, tuple[Post, ...]]) -> UserRow:
        held = () if user is None else tuple(role for role in self.offered if role.id in user.roles)
        member_id = None if user is None else user.member_id
        return UserRow(login, held, member_id, names.get(member_id or "", ""), posts.get(member_id or "", ()))

    def _checked(self, ids: Iterable[str], member_id: str | None) -> list[Role]:
        chosen = [role for role in self.offered if role.id in set(ids)]
        if not chosen:
            raise InvalidInput(ROLES, "至少选一个")
        if member_id is None and any(role.by_member for role in chosen):
            raise InvalidInput(MEMBER, "这个角色按在任职务定权限，请选出是哪位党员")
        return chosen

    def _known(self, login: str) -> None:
        if login not in self._store.vault.logins:
            raise NotFound(what="使用人", name=login)

    def _require_manager_beside(self, login: str) -> None:
        others = (user for user in self.users() if user.login != login)
        if not any(Act.USERS in role.grant.acts for user in others for role in user.roles):
            raise InvalidInput(ROLES, "至少留一位能管理使用人的同志")

    def _write(self, login: str, roles: Sequence[Role], member_id: str | None, sentence: str) -> None:
        with self._store.unit_of_work(sentence, Act.USERS) as session:
            user = session.scalar(select(User).where(User.login == login))
            if user is None:
                user = User(login=login)
                session.add(user)
            user.roles, user.member_id = [role.id for role in roles], member_id


def _posts(session: Session, member_id: str, today: date) -> list[tuple[Post, str | None]]:
    """Return the posts a member holds today, each with its group."""
    query = select(PostAssignment.post, PostAssignment.group_id).where(
        PostAssignment.member_id == member_id,
        PostAssignment.deleted_at_utc.is_(None),
        or_(PostAssignment.from_on.is_(None), PostAssignment.from_on <= today),
        or_(PostAssignment.to_on.is_(None), PostAssignment.to_on >= today),
    )
    return [(post, group) for post, group in session.execute(query)]


def _labels(roles: Iterable[Role]) -> str:
    return "、".join(role.label for role in roles)
