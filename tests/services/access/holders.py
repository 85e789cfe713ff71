"""One user of every role, and of every post a role goes by: stores made once per module, a copy opened for each."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import TalkKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.roles import Grant, load_roles
from desktop.services.access.users import UserService
from desktop.services.attachments import AttachmentService
from desktop.services.branches import BranchService
from desktop.services.members.service import MemberService
from desktop.services.opening import open_store
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.stores import CHEAP, clock_at, new_store

OTHER = "春风-细雨-77"
AT = "2026-11-22 09:00"
RULES = load_roles()


@dataclass(frozen=True)
class Holder:
    """Who has one role, and with a role that goes by post one post."""

    role: str
    post: Post | None = None

    @property
    def login(self) -> str:
        return f"{self.role}.{self.post}" if self.post else self.role

    @property
    def kind(self) -> StoreKind:
        return next(role.store for role in RULES.roles if role.id == self.role)

    @property
    def grants(self) -> list[Grant]:
        """What `roles.toml` gives this user, read here once more without the program's own sums."""
        found = [role.grant for role in RULES.roles if role.id == self.role]
        return found + ([RULES.posts[self.post]] if self.post else [])

    def may(self, act: Act) -> bool:
        return any(act in grant.acts for grant in self.grants)

    def may_write(self, table: str) -> bool:
        return any({"*", table} & grant.writes for grant in self.grants)

    def is_limited(self, table: str) -> bool:
        return any(limit.table == table for grant in self.grants for limit in grant.limits)


def holders(kind: StoreKind) -> list[Holder]:
    """Return a user of every role of `kind`, and one more for each post where a role goes by post."""
    found = [Holder(role.id) for role in RULES.of(kind)]
    by_post = [role.id for role in RULES.of(kind) if role.by_post]
    return found + [Holder(role, post) for role in by_post for post in RULES.posts]


@dataclass
class Made:
    """What a store holds for everybody to try: a group, its leader, an open talk and a restricted one."""

    folder: Path
    ids: dict[str, str]


def made(folder: Path, kind: StoreKind) -> Made:
    """Make the store of `kind` with all its users."""
    ids: dict[str, str] = {}
    with new_store(folder, kind, AT) as store:
        if kind is StoreKind.BRANCH:
            ids = talks(store)
        admit(store, ids)
    return Made(folder, ids)


def admit(store: Store, ids: dict[str, str]) -> None:
    """Add a user for every holder of the store's kind, in a branch with a member and the posts."""
    for holder in holders(store.kind):
        member = None
        if store.kind is StoreKind.BRANCH:
            member = MemberService(store).register({"name": _name(holder), "joined_on": "2020-01-01"})
            if holder.post:
                BranchService(store).assign(holder.post, member, date(2026, 1, 1))
            if holder.role == "group_leader":
                MemberService(store).place_in_group([member], ids["group"])
                BranchService(store).assign(Post.GROUP_LEADER, member, date(2026, 1, 1), group_id=ids["group"])
        UserService(store).add(holder.login, OTHER, [holder.role], member, cost=CHEAP)


def _name(holder: Holder) -> str:
    return "王" + "".join("一二三四五六七八九十"[ord(letter) % 10] for letter in holder.login[-6:])


def talks(store: Store) -> dict[str, str]:
    """Register two members, a group, an open talk and a restricted one, a file at each; return their ids."""
    members, registers = MemberService(store), RegisterService(store)
    people = [members.register(person) for person in (GAO, LI)]
    ids = {"member": people[0], "other": people[1], "group": BranchService(store).save_group("试验党小组")}
    for key, kind in (("open", TalkKind.HEART_TALK), ("secret", TalkKind.ADMONITION)):
        talk = {"event_on": "2026-03-05", "kind": kind, "talker_id": people[0], "talkee_id": people[1]}
        ids[key] = registers.save("talk", {**talk, "title": f"{kind.label}一次", "points": "要点"})
        paper = store.folder.parent / f"{kind}.txt"
        paper.write_text(kind.label, encoding="utf-8")
        ids[f"{key}_file"] = AttachmentService(store).attach("talk", ids[key], paper).id
    return ids


class Doors:
    """The stores of every user, opened when first asked for and kept open for the module."""

    def __init__(self, root: Path, make: Callable[[Path, StoreKind], Made] = made) -> None:
        self.root, self._make, self._stack = root, make, ExitStack()
        self._made: dict[StoreKind, Made] = {}
        self._open: dict[Holder, Store] = {}

    def ids(self, kind: StoreKind) -> dict[str, str]:
        return self._of(kind).ids

    def open(self, holder: Holder) -> Store:
        """Return the store of `holder`, a copy nobody else works in."""
        if holder not in self._open:
            folder = self.root / holder.login
            shutil.copytree(self._of(holder.kind).folder, folder)
            store = open_store(folder, OTHER, holder.login, clock=clock_at(AT))
            self._open[holder] = self._stack.enter_context(store)
        return self._open[holder]

    def _of(self, kind: StoreKind) -> Made:
        if kind not in self._made:
            self._made[kind] = self._make(self.root / kind.value, kind)
        return self._made[kind]

    def close(self) -> None:
        self._stack.close()


def doors(root: Path, make: Callable[[Path, StoreKind], Made] = made) -> Iterator[Doors]:
    """Yield the doors of the stores that `make` makes, and close them."""
    opened = Doors(root, make)
    yield opened
    opened.close()
