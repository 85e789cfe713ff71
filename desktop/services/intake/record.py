"""The record of imports (导入记录): which file brought what, what is still open, and taking an import back whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Integer, func, literal_column, select
from sqlalchemy.orm import Session

from desktop.models.base import Base, plain
from desktop.models.file_names import plain_name
from desktop.models.history import Change
from desktop.models.imports import ImportRun
from desktop.models.lines import LinesType, read_line
from desktop.models.meetings import ActionItem, Attendance
from desktop.models.members import Member
from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.services.clock import local, utc_text
from desktop.services.errors import Input, InvalidInput, NotAllowed, NotFound
from desktop.services.intake import parts
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.store import Store

UNDO = Input("run", "撤销导入")
_TOLD = 3
"""How many of the things built on an import are named."""
_MOST = 500
_BACK = "请先改回或单独处理"
_IN_ORDER = literal_column("changes.rowid", Integer)
"""The place of a change in the history: ids made within a millisecond are in no order."""
Key = tuple[str, str]
"""Table and id of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One import: when (local time), by whom, what became of its rows, and whether it can be taken back."""

    id: str
    kind: str
    title: str
    file: str
    sheets: tuple[str, ...]
    at: datetime
    by: str
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    waiting: int
    undone_at: datetime | None
    undoable: bool
    why_not: str
    """What was built on it, or that it was taken back already; empty where it can be taken back."""
    open: tuple[str, ...]
    """In words: what nobody answered, what was left out and what was refused."""


@dataclass(slots=True)
class _Touched:
    """What an import did to one record: its values before, and after."""

    before: dict[str, Any] | None
    """None: it was new."""
    after: dict[str, Any] | None
    """None: it is gone."""


class ImportRecord:
    """The imports of one store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def runs(self) -> list[RunRow]:
        """Return every import, newest first."""
        with self._store.reading() as session, self._store.reading(whole=True) as whole:
            kept = session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).all()
            refusals = _refusals(session, whole, kept)
            return [self._row(run, refusals[run.id]) for run in kept]

    def undo(self, run_id: str) -> int:
        """Take an import back: what it made goes, what it changed is as it was; return how many records.

        Raises:
            NotFound: there is no such import.
            NotAllowed: who works here may write no such record.
            InvalidInput: something was built on it since, or it was taken back already; it names what.
        """
        with self._store.reading() as session, self._store.reading(whole=True) as whole:
            run = _find(session, run_id)
            kinds = select(Change.record_kind).where(Change.action_id == run.action_id).distinct()
            self._store.rights.require_any(*whole.scalars(kinds))
            file, refusal = run.file, _refusals(session, whole, [run])[run_id]
            if len(_touched(whole, run.action_id)) > len(_touched(session, run.action_id)):
                raise NotAllowed(what=Act.RESTRICTED.label)  # a part of it would stay, and nobody would know
        if refusal:
            raise InvalidInput(UNDO, refusal)
        with self._store.unit_of_work(f"撤销导入{quoted(file)}") as session:
            run = _find(session, run_id)
            if parts.worked_on(session, run.left.get("digests", {})):
                raise InvalidInput(UNDO, f"导入后又改过出席、表决或会后任务，{_BACK}")
            touched = _touched(session, run.action_id)
            models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
            with session.no_autoflush:
                for table, record_id, before, after in reversed(run.left.get("parts", [])):
                    _take_back(session, parts.model_of(table), record_id, _Touched(before, after))
                parts.drop_states(session, [key[1] for key, done in touched.items() if done.before is None])
                for (table, record_id), done in touched.items():
                    _take_back(session, models[table], record_id, done)
            run.undone_at_utc, run.undone_by = utc_text(self._store.clock()), self._store.actor
            return len(touched)

    def undo_last(self, kind: str | None = None) -> RunRow:
        """Take the newest import back that was not taken back yet, of one `kind` or of any; return which it was.

        Raises:
            NotFound: there is none.
            InvalidInput: as `undo`.
        """
        run = next((run for run in self.runs() if run.undone_at is None and kind in (None, run.kind)), None)
        if run is None:
            raise NotFound(what="可以撤销的导入")
        self.undo(run.id)
        return run

    def _row(self, run: ImportRun, why_not: str) -> RunRow:
        counts = run.counts
        return RunRow(
            id=run.id,
            kind=run.kind,
            title=run.title,
            file=run.file,
            sheets=tuple(run.sheets),
            at=local(run.at_utc, self._store.clock),
            by=run.actor,
            read=counts["read"],
            new=counts["accepted"],
            updated=counts["updated"],
            unchanged=counts["unchanged"],
            rejected=counts["rejected"],
            waiting=counts["waiting"],
            undone_at=local(run.undone_at_utc, self._store.clock) if run.undone_at_utc else None,
            undoable=not why_not,
            why_not=why_not,
            open=tuple(str(words) for words in run.left.get("open", ())),
        )


def note(
    session: Session, store: "Store", kind: str, title: str, file: str, result: ImportResult, done: parts.Parts
) -> str:
    """Write an import into the record, in its own transaction; return its id there."""
    action = action_of(session)
    run = ImportRun(
        action_id=action.id,
        at_utc=action.at_utc,
        actor=store.actor,
        kind=kind,
        title=title,
        file=plain_name(file),
        sheets=list(dict.fromkeys(sheet.title for sheet in result.sheets if sheet.taken)),
        counts={
            "read": result.read,
            "accepted": result.accepted,
            "updated": result.updated,
            "unchanged": result.unchanged,
            "blank": result.blank,
            "waiting": result.waiting,
            "rejected": len(result.rejected),
        },
        left={"open": _open(result), "parts": done.steps, "digests": parts.digests(session, done.owners)},
    )
    session.add(run)
    session.flush()
    return run.id


def _open(result: ImportResult) -> list[str]:
    """Return in words what of a file is not in the store; the cells themselves stay in the file."""
    where = [(question.sheet, question.row, question.words) for question in result.questions]
    where += [(refusal.sheet, refusal.row, f"{refusal.field}：{refusal.reason}") for refusal in result.rejected]
    where += [(part.sheet, part.row, f"{part.what}：{part.why}") for part in result.left_out if part.unasked]
    return [f"{sheet}第{row}行 {words}" if row else f"{sheet} {words}".strip() for sheet, row, words in where]


def _find(session: Session, run_id: str) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound(what="导入记录")
    return run


def _touched(session: Session, action_id: str) -> dict[Key, _Touched]:
    """Return what one action did to each record, in the order it first touched them."""
    found: dict[Key, _Touched] = {}
    for change in session.scalars(select(Change).where(Change.action_id == action_id).order_by(_IN_ORDER)):
        key = (change.record_kind, change.record_id)
        if key not in found:
            found[key] = _Touched(
                None if change.before is None else dict(change.before),
                None if change.after is None else dict(change.after),
            )
            continue
        done = found[key]
        if done.before is not None:
            done.before = {**(change.before or {}), **done.before}
        done.after = None if change.after is None else {**(done.after or {}), **change.after}
    return found


def _refusals(session: Session, whole: Session, runs: Sequence[ImportRun]) -> dict[str, str]:
    """Return for each import why it cannot be taken back, an empty text if it can.

    `whole` sees what the user of `session` is not entitled to: it counts, and is not told in words.
    """
    refusals = {run.id: "已经撤销过" if run.undone_at_utc else "" for run in runs}
    touched = {run.id: _touched(whole, run.action_id) for run in runs if not run.undone_at_utc}
    by_record: dict[Key, set[str]] = {}
    by_made: dict[str, set[str]] = {}
    for run_id, records in touched.items():
        for (table, record_id), done in records.items():
            by_record.setdefault((table, record_id), set()).add(run_id)
            if done.before is None:
                by_made.setdefault(record_id, set()).add(run_id)
    last = {run.id: _last(whole, run.action_id) for run in runs if run.id in touched}
    built: dict[str, dict[str, str]] = {run_id: {} for run_id in touched}
    later = select(
        _IN_ORDER, Change.id, Change.sentence, Change.record_kind, Change.record_id, Change.before, Change.after
    )
    for at, change_id, sentence, table, record_id, before, after in whole.execute(
        later.where(min(last.values(), default=0) < _IN_ORDER).order_by(_IN_ORDER)
    ):
        names = {*(before or {}), *(after or {})}
        for run_id in by_record.get((table, record_id), ()):
            done = touched[run_id][(table, record_id)]
            if at > last[run_id] and (done.before is None or not names.isdisjoint(done.after or {})):
                built[run_id][change_id] = sentence
        for mentioned in _mentioned(after) & by_made.keys():
            for run_id in by_made[mentioned]:
                if at > last[run_id]:
                    built[run_id][change_id] = sentence
    for person, meeting_id in _on_meetings(whole, [key[1] for key in by_record if key[0] == Member.__tablename__]):
        query = select(Change.id, Change.sentence).where(Change.record_id == meeting_id).order_by(_IN_ORDER).limit(1)
        for change_id, sentence in whole.execute(query):
            for run_id in by_made.get(person, ()):
                built[run_id][change_id] = sentence
    users: dict[str, list[str]] = {}
    for login, member_id in whole.execute(select(User.login, User.member_id).order_by(User.login)):
        for run_id in by_made.get(member_id or "", ()):
            users.setdefault(run_id, []).append(f"使用人{quoted(login)}")
    for run_id, changes in built.items():
        seen = set(session.scalars(select(Change.id).where(Change.id.in_(list(changes)[:_MOST]))))
        named = [words if key in seen else "内部掌握的记录" for key, words in changes.items()]
        named = list(dict.fromkeys([*named, *users.get(run_id, ())]))
        if named:
            more = f"等{len(named)}项" if len(named) > _TOLD else ""
            refusals[run_id] = f"导入后又做了：{'、'.join(named[:_TOLD])}{more}，{_BACK}"
    return refusals


def _on_meetings(whole: Session, members: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give which of `members` is named in which meeting as attending or with a task: of these there is no history."""
    for start in range(0, len(members), _MOST):
        ids = members[start : start + _MOST]
        for part, column in ((Attendance, Attendance.member_id), (ActionItem, ActionItem.owner_id)):
            query = select(column, part.meeting_id).where(column.in_(ids)).distinct()
            yield from ((person, meeting_id) for person, meeting_id in whole.execute(query) if person is not None)


def _last(session: Session, action_id: str) -> int:
    """Return the place of the last change of an action in the history."""
    return session.scalar(select(func.max(_IN_ORDER)).select_from(Change).where(Change.action_id == action_id)) or 0


def _mentioned(value: object) -> set[str]:
    """Return every text within a value of the history: among them the ids it points to."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, Mapping):
        return set().union(*map(_mentioned, value.values()))
    if isinstance(value, list):
        return set().union(*map(_mentioned, value))
    return set()


def _take_back(session: Session, model: type[Base], record_id: str, done: _Touched) -> None:
    if done.before is None and done.after is None:
        return
    if done.before is None:
        session.delete(session.get_one(model, record_id))
        return
    columns = model.__table__.c  # the history of minutes tells of attendance and votes too: parts are taken back apart
    values = {name: _typed(model, name, value) for name, value in done.before.items() if name in columns}
    if done.after is None:
        session.add(model(**{**values, "id": record_id}))
        return
    row = session.get_one(model, record_id)
    for name, value in values.items():
        if plain(getattr(row, name)) != plain(value):
            setattr(row, name, value)


def _typed(model: type[Base], name: str, value: Any) -> Any:
    """Return a value of the history (JSON) as the column of `model` holds it."""
    kind = model.__table__.c[name].type
    if isinstance(kind, LinesType):
        return tuple(read_line(kind.item, row) for row in value or ())
    members = getattr(kind, "enum_class", None)
    if value is not None and isinstance(members, type) and issubclass(members, Enum):
        return members(value)
    return date.fromisoformat(value) if isinstance(kind, Date) and isinstance(value, str) else value
