"""What has passed its period: one function per kind of rule, each giving what it found and since when it waits."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import ID_LENGTH, Base, Record
from desktop.models.history import Draft
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.registers import REGISTERS, declared
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.archive.filing import filing_rules
from desktop.services.clock import day_of, day_of_file
from desktop.services.quoting import quoted
from desktop.services.retention.erasing import PARENTS, parts_of, portrait_ids
from desktop.services.retention.rules import Rule, RuleKind, years_after

if TYPE_CHECKING:
    from desktop.services.store import Store

_MOST_IDS = 500
_STAMP = re.compile(r"(\d{4})([01]\d)([0-3]\d)-\d{6}(?:-\d+)?")
_TITLES = ("title", "topic", "name", "text")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a rule looks at: where it lies, what people call it, since when it waits, when its period ends."""

    place: str
    id: str
    what: str
    since: date
    due: date


Finder = Callable[["Store", Session, Rule], Iterator[Found]]


def found(store: "Store", session: Session, rule: Rule) -> list[Found]:
    """Return what has passed the period of `rule` today, the longest waiting first."""
    rows = (each for each in _FINDERS[rule.kind](store, session, rule) if each.due <= store.today)
    return sorted(rows, key=lambda each: (each.since, each.id))


def _recycled(store: "Store", session: Session, rule: Rule) -> Iterator[Found]:
    for model in _records():
        query = select(model).where(model.deleted_at_utc.is_not(None), model.branch_id != "")
        rows = [row for row in session.scalars(query) if _mine(store, row)]
        needed = _needed(session, model, [row.id for row in rows])
        for row in rows:
            since = day_of(row.deleted_at_utc, store.clock)
            if row.id not in needed:
                yield Found(model.__tablename__, row.id, named(row), since, rule.due(since))


def _left_members(store: "Store", session: Session, rule: Rule) -> Iterator[Found]:
    if store.kind is not StoreKind.BRANCH:  # a branch clears its own; headquarters' copy follows with its next report
        return
    for row in session.scalars(select(Member).where(Member.left_on.is_not(None))):
        told = any(getattr(row, name) for name in rule.fields) or portrait_ids(session, [row.id])
        if row.left_on is not None and told:
            yield Found(Member.__tablename__, row.id, named(row), row.left_on, rule.due(row.left_on))


def _archived(store: "Store", session: Session, _rule: Rule) -> Iterator[Found]:
    if store.kind is not StoreKind.BRANCH:
        return
    rules = filing_rules()
    dated: list[tuple[type[Any], str, str]] = [(Meeting, "held_on", rules.period("meeting"))]
    dated += [
        (register.model, register.date_field, rules.period(register.kind))
        for register in REGISTERS.values()
        if register.date_field is not None
    ]
    for model, column, period in dated:
        years = rules.years(period)
        if years is None:
            continue
        last = date(store.today.year - years - 1, 12, 31)
        query = select(model).where(getattr(model, column) <= last, model.deleted_at_utc.is_(None))
        rows = [row for row in session.scalars(query) if _mine(store, row)]
        needed = _needed(session, model, [row.id for row in rows])
        for row in rows:
            since = date(getattr(row, column).year + 1, 1, 1)  # the period runs from the year after
            if row.id not in needed:
                yield Found(model.__tablename__, row.id, named(row), since, years_after(since, years))


def _drafts(store: "Store", session: Session, rule: Rule) -> Iterator[Found]:
    for draft in session.scalars(select(Draft)):
        since = day_of(draft.saved_at_utc, store.clock)
        whose = f"{draft.actor}的草稿" if draft.actor else "草稿"
        yield Found(Draft.__tablename__, draft.id, whose, since, rule.due(since))


def _packages(store: "Store", _session: Session, rule: Rule) -> Iterator[Found]:
    for path in (store.folder / "inbox").glob("*.dzp"):
        since = day_of_file(path.stat().st_mtime, store.clock)
        yield Found(rule.kind, path.name, path.name, since, rule.due(since))


def _former_data(store: "Store", _session: Session, rule: Rule) -> Iterator[Found]:
    for path in store.folder.parent.glob(f"{store.folder.name}.old-*"):
        stamp = _STAMP.fullmatch(path.name.removeprefix(f"{store.folder.name}.old-"))
        if stamp is not None and path.is_dir():
            since = date(int(stamp[1]), int(stamp[2]), int(stamp[3]))
            yield Found(rule.kind, path.name, path.name, since, rule.due(since))


_FINDERS: dict[RuleKind, Finder] = {
    RuleKind.RECYCLED: _recycled,
    RuleKind.LEFT_MEMBERS: _left_members,
    RuleKind.ARCHIVED: _archived,
    RuleKind.DRAFTS: _drafts,
    RuleKind.PACKAGES: _packages,
    RuleKind.FORMER_DATA: _former_data,
}


def named(row: Any) -> str:
    """Return what people call a record: its kind, its title, its day."""
    register = declared(row.__tablename__)
    kind = register.title if register is not None else row.__label__ or "记录"
    title = next((str(value) for name in _TITLES if (value := getattr(row, name, None))), "")
    column = register.date_field if register is not None else "held_on"
    day = getattr(row, column, None) if column else None
    return f"{kind}{quoted(title) if title else ''}{f' {day:%Y-%m-%d}' if day else ''}"


def _records() -> list[type[Any]]:
    classes = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)]
    return sorted(classes, key=lambda model: model.__tablename__)


def _mine(store: "Store", row: Any) -> bool:
    """Whether a row is this store's to clear: at headquarters those of the branches are not."""
    return row.branch_id == store.branch_id or (store.is_headquarters and row.__travels__.value != "up")


def _needed(session: Session, model: type[Any], ids: list[str]) -> set[str]:
    """Return those of `ids` that other records name, but for what is a part of them and goes along."""
    if not ids:
        return set()
    along = {part.name for part in parts_of(model.__table__)} if model.__tablename__ in PARENTS else set()
    along |= {"changes", "drafts", "attachments", "state_changes"}
    needed: set[str] = set()
    for table in Base.metadata.tables.values():
        if table.name in along:
            continue
        for column in table.columns:
            if not column.name.endswith("_id") or getattr(column.type, "length", None) != ID_LENGTH:
                continue
            for start in range(0, len(ids), _MOST_IDS):
                query = select(column).where(column.in_(ids[start : start + _MOST_IDS])).distinct()
                needed.update(session.scalars(query))
    return needed
