"""Roles (角色) as `roles.toml` declares them: which acts each may do and which records it may write."""

from dataclasses import dataclass
from functools import cache

from desktop.models.base import Base
from desktop.models.registers import every_register
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.registers import RegisterArea
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.toml_tables import Table, read_toml

FILE = "security/roles.toml"
ALL = "*"
_AREA = "area:"


@dataclass(frozen=True, slots=True)
class Limit:
    """Rows of `table` may be written only if a column has one of the values, or the row is of the user's own group."""

    table: str
    column: str
    values: tuple[str, ...]
    own_group: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role or a post lets its holder do: acts, tables written whole, and tables written within limits."""

    acts: frozenset[Act] = frozenset()
    writes: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role: `first`, whoever founds a store has it; `by_post`, the posts of its holder add to it."""

    id: str
    store: StoreKind
    label: str
    note: str
    first: bool
    by_post: bool
    grant: Grant

    @property
    def by_member(self) -> bool:
        """Whether who the holder is among the members decides: the posts in force, or the own group."""
        return self.by_post or any(limit.own_group for limit in self.grant.limits)


@dataclass(frozen=True, slots=True)
class Rules:
    """All roles in the order they are offered, and what each post adds."""

    roles: tuple[Role, ...]
    posts: dict[Post, Grant]

    def of(self, kind: StoreKind) -> tuple[Role, ...]:
        """Return the roles of one kind of store."""
        return tuple(role for role in self.roles if role.store is kind)


@cache
def load_roles() -> Rules:
    """Return what the program's own `roles.toml` declares.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("roles/1",), "格式")
    root.text("version")
    root.text("basis")
    roles = root.rows("roles", _role)
    posts = root.rows("posts", _post, key="post")
    root.done()
    return Rules(roles, dict(posts))


def _role(table: Table) -> Role:
    return Role(
        id=table.text("id"),
        store=StoreKind(table.choice("store", list(StoreKind), "数据文件夹的种类")),
        label=table.text("label"),
        note=table.text("note"),
        first=table.yes_no("first", default=False),
        by_post=table.yes_no("by_post", default=False),
        grant=_grant(table),
    )


def _post(table: Table) -> tuple[Post, Grant]:
    return Post(table.choice("post", list(Post), "职务")), _grant(table)


def _grant(table: Table) -> Grant:
    acts = table.choices("acts", [ALL, *Act], "权限", least=0)
    limits = table.rows("limited", _limit, key="table", least=0)
    writes = table.choices("writes", [ALL, *_tables(), *(f"{_AREA}{area}" for area in RegisterArea)], "记录", least=0)
    return Grant(
        frozenset(Act) if ALL in acts else frozenset(Act(act) for act in acts),
        frozenset(table for word in writes for table in _written(word)),
        tuple(limits),
    )


def _limit(table: Table) -> Limit:
    return Limit(
        table.choice("table", _tables(), "记录"),
        "kind",
        table.texts("kind"),
        table.yes_no("own_group", default=False),
    )


def _tables() -> list[str]:
    return list(Base.metadata.tables)


def _written(word: str) -> list[str]:
    if word.startswith(_AREA):
        return [register.kind for register in every_register() if register.area == word.removeprefix(_AREA)]
    return [word]
