"""The rights of whoever works in a store, and how the one door to the database holds to them.

Reading: rows that a model declares `restricted` are not even read by a session whose user is not entitled, whatever
query asks for them; what hangs on such rows (history, attachments) stays away with them. Writing: each row that changes
is looked at before it is flushed.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    String,
    TableClause,
    event,
    func,
    inspect,
    literal_column,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from desktop.models.attachments import Attachment, StoredFile
from desktop.models.base import Base
from desktop.models.branches import PostAssignment
from desktop.models.history import PROGRAM, AuditEntry, Change, Draft, Setting, SettingName
from desktop.models.imports import ColumnMapping, ImportRun
from desktop.models.meetings import ActionItem, Attendance, Correction, Meeting, Vote
from desktop.models.registers import ABOVE, every_register
from desktop.models.snoozes import Snooze
from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.roles import ALL, Grant, Limit
from desktop.services.errors import NotAllowed, OnlyLooked
from desktop.services.unit_of_work import changed_rows

if TYPE_CHECKING:
    from sqlalchemy.orm.util import LoaderCriteriaOption

MEETINGS = Meeting.__tablename__
PARTS = frozenset(model.__tablename__ for model in (Attendance, Vote, ActionItem, Correction))
"""Tables whose rows are written by whoever may write their meeting."""
KEY = "rights"
"""Under which a session carries the rights of its user; a session without works for the program itself."""
BY = "act"
"""Under which a session carries the act whose right its action took: its rows are not held one by one any more."""
FREE = frozenset(
    model.__tablename__ for model in (Change, AuditEntry, Draft, ImportRun, ColumnMapping, StoredFile, Snooze)
)
"""Tables that are about the work, not of it, and where the contents of attachments lie: whoever works writes them."""
LOOKING = frozenset((Act.EXPORT, Act.RESTRICTED, Act.BACKUP))
"""Acts that write nothing into the store and owe it no line of the trail that somebody else relies on."""

_EVER = 2**63 - 1
"""Later than any change: ids made within a millisecond are in no order, so that places in the history are compared."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a user may do here; without grants, look only."""

    acts: frozenset[Act] = frozenset()
    writes: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    own_groups: frozenset[str] = field(default=frozenset())
    own_member: str = ""
    """Who the user is among the members: posts decide over rights, so nobody gives or keeps them on their own."""
    only_read: frozenset[str] = field(default=frozenset())
    """Registers whose rows are sent to this store and are another's to write, whatever is written here."""
    closed: str = ""
    """The code of what the disk says, where it takes nothing more whoever works."""

    @classmethod
    def of(cls, grants: Iterable[Grant], own_groups: Iterable[str] = (), own_member: str = "") -> "Rights":
        """Return what all of `grants` together allow to the member `own_member`, who leads `own_groups`."""
        grants = list(grants)
        return cls(
            frozenset(act for grant in grants for act in grant.acts),
            frozenset(table for grant in grants for table in grant.writes),
            tuple(limit for grant in grants for limit in grant.limits),
            frozenset(own_groups),
            own_member,
        )

    def at(self, kind: StoreKind) -> "Rights":
        """Return these rights in a store of this kind: what headquarters keeps, a branch is sent to read."""
        return replace(self, only_read=frozenset(ABOVE) if kind is StoreKind.BRANCH else frozenset())

    def looking(self, why: str) -> "Rights":
        """Return what is left of these rights where nothing can be written, `why`: the code of what the disk says.

        ID numbers stay masked: that one was shown could not be noted.
        """
        return Rights(self.acts & LOOKING, closed=why)

    def may(self, act: Act) -> bool:
        """Whether the user may do `act`."""
        return act in self.acts

    def may_write(self, table: str) -> bool:
        """Whether the user may write some rows at least of `table`: what the window offers."""
        if table in _apart() and Act.RESTRICTED not in self.acts:
            return False
        return self._whole(table) or any(limit.table == table for limit in self.limits)

    def may_write_row(self, table: str, values: Mapping[str, object]) -> bool:
        """Whether the user may write the row of `table` with these values; a column that is not told is not judged."""
        return self._whole(table) or any(self._within(limit, table, values) for limit in self.limits)

    @property
    def looks_only(self) -> bool:
        """Whether the user may write no record at all."""
        return not self.writes and not self.limits

    def require(self, act: Act) -> None:
        """Refuse `act` to whom it is not allowed.

        Raises:
            NotAllowed: it is not.
            OnlyLooked: nobody may do it while the disk takes nothing more.
        """
        if self.closed and act not in LOOKING:
            raise OnlyLooked(why=self.closed)
        if act not in self.acts:
            raise NotAllowed(what=act.label)

    def require_write(self, session: Session, row: Base) -> None:
        """Refuse to write `row`, or what belongs to another row, to whom that is not allowed.

        Raises:
            NotAllowed: it is not.
        """
        table = row.__tablename__
        if row.__restricted__ is not None and Act.RESTRICTED not in self.acts:
            column, values = row.__restricted__
            if getattr(row, column) in values:
                raise NotAllowed(what=Act.RESTRICTED.label)
        hangs_on = None if table in FREE else getattr(row, "record_id", None)  # under whatever kind it is given
        if hangs_on and Act.RESTRICTED not in self.acts and _is_restricted(session, hangs_on):
            raise NotAllowed(what=Act.RESTRICTED.label)
        if isinstance(row, PostAssignment) and self.own_member and Act.USERS not in self.acts:
            now, before = _standings(row)
            if self.own_member in (before["member_id"], now["member_id"]):
                raise NotAllowed(what="改自己的职务")
        kind = getattr(row, "record_kind", None) or table  # attachments and states go with their record
        owner, of_meeting = row, ""
        if kind in PARTS:  # so do attendances, votes, tasks and corrections of a meeting
            kind, of_meeting = MEETINGS, getattr(row, "meeting_id", "")
        elif kind == MEETINGS != table:
            of_meeting = getattr(row, "record_id")  # noqa: B009
        if table in FREE or self._whole(kind):
            return
        if of_meeting:
            owner = _meeting(session, of_meeting) or row
        if owner.__tablename__ == kind and all(self.may_write_row(kind, values) for values in _standings(owner)):
            return
        raise NotAllowed(what=f"写{row.__label__ or '这类记录'}")

    def require_setting(self, name: str) -> None:
        """Refuse to set `name`, a `SettingName`, to whom its declaration does not name.

        Raises:
            NotAllowed: neither an act nor a table it names is allowed, or nobody sets it any more.
        """
        by = SettingName(name).by
        if PROGRAM in by or any(each in self.acts if isinstance(each, Act) else self._whole(each) for each in by):
            return
        acts = [each.label for each in by if isinstance(each, Act)]
        raise NotAllowed(what=acts[0] if acts else "改这项设置")

    def require_table(self, table: str) -> None:
        """Refuse a statement that changes many rows of `table` at once to whom it is not allowed whole.

        Raises:
            NotAllowed: it is not.
        """
        if not self._whole(table):
            raise NotAllowed(what="写这类记录")

    def require_any(self, *tables: str) -> None:
        """Refuse what may write rows of `tables`, or notes about the work alone, to whom not even some are allowed.

        Which rows they are is looked at as each is written; this is for what takes long, or might come to none.

        Raises:
            NotAllowed: no row of any of them may be written.
            OnlyLooked: nobody may write while the disk takes nothing more.
        """
        if self.closed:
            raise OnlyLooked(why=self.closed)
        records = [table for table in tables if table not in FREE]
        if self.looks_only or (records and not any(self.may_write(table) for table in records)):
            raise NotAllowed(what="写这类记录")

    def _whole(self, table: str) -> bool:
        if table == User.__tablename__:  # whoever writes all records does not say by that who logs in as whom
            return Act.USERS in self.acts
        if table in self.only_read:
            return False
        return ALL in self.writes or table in self.writes or table in FREE

    def _within(self, limit: Limit, table: str, values: Mapping[str, object]) -> bool:
        if table != limit.table or str(values.get(limit.column, limit.values[0])) not in limit.values:
            return False
        return not limit.own_group or (values["group_id"] in self.own_groups if "group_id" in values else True)


@cache
def _apart() -> frozenset[str]:
    """Return the registers whose every row is for those entitled alone."""
    return frozenset(register.kind for register in every_register() if register.apart)


def _standings(row: Base) -> tuple[dict[str, object], dict[str, object]]:
    """Return the values of `row` as they are to be, and as they were: nobody turns another's row into one of theirs."""
    now: dict[str, object] = {}
    before: dict[str, object] = {}
    for column in inspect(row).mapper.column_attrs:
        now[column.key] = before[column.key] = getattr(row, column.key)
        replaced = inspect(row).attrs[column.key].history.deleted
        if replaced:
            before[column.key] = replaced[0]
    return now, before


def _meeting(session: Session, meeting_id: str) -> Meeting | None:
    """Return a meeting that is kept, or about to be."""
    for row in session.new:
        if isinstance(row, Meeting) and row.id == meeting_id:
            return row
    with session.no_autoflush:
        return session.get(Meeting, meeting_id)


def _is_restricted(session: Session, record_id: str) -> bool:
    """Whether a record is one that only those see who are entitled."""
    with session.no_autoflush:
        return any(
            session.scalar(select(table.c.id).where(table.c.id == record_id, table.c[column].in_(values)))
            for table, (column, values) in (
                (mapper.class_.__table__, mapper.class_.__restricted__)
                for mapper in Base.registry.mappers
                if mapper.class_.__restricted__ is not None
            )
        )


ALL_RIGHTS = Rights(frozenset(Act), frozenset((ALL,)))


@contextlib.contextmanager
def unscreened(session: Session) -> Iterator[None]:
    """Let `session` count and write what its user does not see, where what is left out would be lost.

    What it wrote before is held against the rights first. Nothing that is read here may be named to the user.
    """
    session.flush()
    rights = session.info.pop(KEY, None)
    try:
        yield
        session.flush()
    finally:
        if rights is not None:
            session.info[KEY] = rights


@event.listens_for(Session, "before_flush", insert=True)  # the right is asked first, whatever was imported first
def _hold_writing(session: Session, _context: UOWTransaction, _instances: object) -> None:
    rights: Rights | None = session.info.get(KEY)
    act: Act | None = session.info.get(BY)
    if rights is None and act is None:
        return
    changed = (row for row in changed_rows(session) if session.is_modified(row))
    for row in (*session.new, *changed, *session.deleted):
        if not isinstance(row, Base):
            continue
        if isinstance(row, Setting):
            (rights or Rights(frozenset(filter(None, (act,))))).require_setting(row.name)
        elif rights is not None:
            rights.require_write(session, row)


@event.listens_for(Session, "do_orm_execute")
def _hold_statement(state: ORMExecuteState) -> None:
    rights: Rights | None = state.session.info.get(KEY)
    if rights is None:
        return
    if state.is_select and Act.RESTRICTED not in rights.acts and not state.is_column_load:
        state.statement = state.statement.options(*_screen())
    elif state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if isinstance(table, TableClause):
            rights.require_table(table.name)


@cache
def _screen() -> "tuple[LoaderCriteriaOption, ...]":
    """Return what keeps restricted rows, and all that hangs on them, out of every query."""
    options: list[LoaderCriteriaOption] = []
    for mapper in Base.registry.mappers:
        model: type[Base] = mapper.class_
        if model.__restricted__ is None:
            continue
        column, values = model.__restricted__
        table = model.__table__
        kept = table.c[column].in_(values)
        ids = select(table.c.id).where(kept)  # of the bare table: the screen must not hide what it is to find
        options.append(with_loader_criteria(model, getattr(model, column).not_in(values), include_aliases=True))
        unseen = Change.id.not_in(_secret_changes(model, column, values))
        options.append(with_loader_criteria(Change, unseen, include_aliases=True))
        options.append(with_loader_criteria(Attachment, Attachment.record_id.not_in(ids), include_aliases=True))
    return tuple(options)


def _secret_changes(model: type[Base], column: str, values: Sequence[str]) -> CompoundSelect[tuple[str]]:
    """Return the ids of the changes that tell what was restricted at some time, of rows of `model` and of their files.

    Of a row that is restricted that is every one; of a row that is so no more, or is gone, everything until it was.
    """
    table, changes, files = model.__table__, Change.__table__, Attachment.__table__
    secret, told, filed = changes.alias("secret"), changes.alias("told"), changes.alias("filed")
    was = [_within(side, column).in_(values) for side in (secret.c.before, secret.c.after)]
    last = union_all(
        select(table.c.id.label("record_id"), literal_column(str(_EVER), Integer).label("until")).where(
            table.c[column].in_(values)
        ),
        select(secret.c.record_id, literal_column("secret.rowid", Integer)).where(
            secret.c.record_kind == model.__tablename__, or_(*was)
        ),
    ).subquery("last")
    owner = func.coalesce(_within(filed.c.after, "record_id"), _within(filed.c.before, "record_id"))
    attached = union(  # that a file was added tells its name, whether it is still there or not
        select(files.c.id, files.c.record_id),
        select(filed.c.record_id, owner).where(filed.c.record_kind == Attachment.__tablename__, owner.is_not(None)),
    ).subquery("attached")
    until = literal_column("told.rowid", Integer) <= last.c.until
    return union_all(
        select(told.c.id)
        .join(last, (told.c.record_id == last.c.record_id) & until)
        .where(told.c.record_kind == model.__tablename__),
        select(told.c.id)
        .join(attached, told.c.record_id == attached.c.id)
        .join(last, (attached.c.record_id == last.c.record_id) & until)
        .where(told.c.record_kind == Attachment.__tablename__),
    )


def _within(side: ColumnElement[Any], name: str) -> ColumnElement[str]:
    """Return a value of the history: `before` or `after` of a change."""
    return func.json_extract(side, f"$.{name}", type_=String)
