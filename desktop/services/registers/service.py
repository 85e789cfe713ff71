"""The one service of all declared registers: list, keep, recycle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.base import Base
from desktop.models.registers import ABOVE, REGISTERS, Kept, Register, RegisterField
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.labels import Labelled
from desktop.services.clock import day_of, utc_text
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.registers.keeping import Keeper, values_of
from desktop.services.registers.lookup import late_entry_days, law_numbers, load_names, register_of, tags_of
from desktop.services.registers.values import RowNames, show
from desktop.services.revisions import check_revision
from desktop.services.standards.lateness import days_late, recorded_since, typed_of_before

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One row of a register. `values` by field name; `texts` the same as people read them."""

    id: str
    kind: str
    heading: str
    on: date | None
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    rev: int
    created_on: date
    late: bool
    standing: Labelled | None = None
    """Where it stands by its dates, where the register tells that."""
    attachments: int = 0
    deleted: bool = False
    before_records: bool = False
    """Typed in so late, but of a day before the branch began to record here: not 补录."""

    @property
    def restricted(self) -> bool:
        """Whether its text stays in this store (提醒、诫勉谈话、批评教育): it is neither printed nor exported."""
        return any(getattr(value, "restricted", False) for value in self.values.values())


@dataclass(frozen=True, slots=True)
class UnderstoodRow:
    """What was typed into a row, as it is stored, over what the row holds at `present`."""

    keeper: Keeper
    values: dict[str, object]
    present: Mapping[str, object]

    @property
    def whole(self) -> Mapping[str, object]:
        """The row as it will be."""
        return {**self.present, **self.values}

    @property
    def sentence(self) -> str:
        """What history says of it."""
        register = self.keeper.register
        verb = "修改" if self.present else "登记"
        return f"{verb}{register.title}“{self.whole.get(register.heading) or self.present.get(register.heading)}”"


class RegisterService:
    """The registers of one branch, or those that headquarters keeps about branches."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # reading

    def registers(self) -> tuple[Register, ...]:
        """Return every register a branch keeps, in order of the dimensions they serve."""
        return tuple(sorted(REGISTERS.values(), key=lambda register: register.dimension))

    def seen(self) -> tuple[Register, ...]:
        """Return the registers kept here that who works here may see, in the same order."""
        if self._store.is_headquarters:
            return tuple(ABOVE.values())
        entitled = self._store.rights.may(Act.RESTRICTED)
        return tuple(register for register in self.registers() if entitled or not register.apart)

    def sent(self) -> tuple[Register, ...]:
        """Return the registers of headquarters of which a branch is sent what names it, to read."""
        return tuple(register for register in ABOVE.values() if register.model.__to_named__)

    def register(self, kind: str) -> Register:
        """Return the declaration of `kind`; NotFound if there is none."""
        return register_of(kind)

    def rows(
        self, kind: str, year: int | None = None, *, branch_id: str | None = None, deleted: bool = False
    ) -> list[RegisterRow]:
        """Return the rows of `kind`, newest first; of one calendar year where the register has a date.

        `deleted` asks for the recycle bin instead.
        """
        register = register_of(kind)
        owner, model = branch_id or self._store.branch_id, register.model
        query = _kept(register, owner, year, model, deleted=deleted)
        if register.date_field is not None:
            query = query.order_by(getattr(model, register.date_field).desc())
        query = query.order_by(model.id.desc())
        with self._store.reading() as session:
            records = session.scalars(query).all()
            if not records:  # most registers of a branch are empty, and an archive asks for all of them
                return []
            names = load_names(session, register, owner, self._store.today)
            counts: dict[str, int] = dict(
                session.execute(
                    select(Attachment.record_id, func.count())
                    .where(Attachment.record_kind == kind, Attachment.deleted_at_utc.is_(None))
                    .group_by(Attachment.record_id)
                ).all()
            )
            late, tags = self._late(session, owner), tags_of(self._store, kind)
            return [self._row(register, record, names, tags, counts.get(record.id, 0), late) for record in records]

    def counts(self, kinds: Sequence[str], year: int | None = None) -> dict[str, int]:
        """Return how many rows each of `kinds` has; of one calendar year where the register has a date."""
        with self._store.reading() as session:
            return {
                kind: session.scalar(_kept(register_of(kind), self._store.branch_id, year, func.count())) or 0
                for kind in kinds
            }

    def row(self, kind: str, record_id: str) -> RegisterRow:
        """Return one row.

        Raises:
            NotFound: it is not there.
        """
        register = register_of(kind)
        with self._store.reading() as session:
            record = session.get(register.model, record_id)
            if record is None:
                raise NotFound(what=register.title)
            names = load_names(session, register, record.branch_id, self._store.today)
            count = session.scalar(
                select(func.count())
                .select_from(Attachment)
                .where(Attachment.record_id == record_id, Attachment.deleted_at_utc.is_(None))
            )
            tags = tags_of(self._store, kind)
            late = self._late(session, record.branch_id)
            return self._row(register, record, names, tags, count or 0, late)

    def choices(self, kind: str, name: str, row: RegisterRow | None = None) -> list[tuple[str, str]]:
        """Return (value, name) of everything the field `name` may hold: choices, tags, or rows it may point to; what
        `row` holds of it stays, were it offered no more."""
        register = register_of(kind)
        field = register.field(name) if "." not in name else _part(register, name)
        if field.choices is not None:
            return [(choice.value, choice.label) for choice in field.choices]
        if field.kind == "tag":
            return list(tags_of(self._store, kind).items())
        with self._store.reading() as session:
            names = load_names(session, register, self._store.branch_id, self._store.today)
        return list(names.offered(field.codes or field.ref or "", _held(row, name)).items())

    def starts(self, kind: str) -> dict[str, int]:
        """Return what the rules in force let fields of a new row start from, by field."""
        with self._store.reading() as session:
            return law_numbers(session, register_of(kind), self._store.today)[1]

    # keeping

    def save(
        self, kind: str, values: Mapping[str, object], record_id: str | None = None, rev: int | None = None
    ) -> str:
        """Keep a new row, or change the row `record_id`; return its id.

        `values` by field name, typed or as people write them; fields not given stay as they are.

        Raises:
            InvalidInput: a value breaks a rule; it names the field.
            Conflict: the row was changed since revision `rev` was read.
            NotFound: the row to change is gone.
        """
        self._store.rights.require_any(register_of(kind).model.__tablename__)
        draft = self.understand(kind, values, record_id)
        with self._store.unit_of_work(draft.sentence) as session:
            return str(self.keep(session, draft, record_id, rev).id)

    def understand(self, kind: str, values: Mapping[str, object], record_id: str | None = None) -> "UnderstoodRow":
        """Return typed `values` as they are stored, nothing written yet; see `save`.

        Raises:
            InvalidInput, NotFound: as `save`.
        """
        register = register_of(kind)
        with self._store.reading() as session:
            names = load_names(session, register, self._store.branch_id, self._store.today)
            present = values_of(register, self._find(session, register, record_id)) if record_id else {}
            limits, _starts = law_numbers(session, register, self._store.today)
        keeper = Keeper(register, self._store.branch_id, self._store.today, names, tags_of(self._store, kind), limits)
        return UnderstoodRow(keeper, keeper.understood(values, present=present), present)

    def keep(
        self, session: Session, row: "UnderstoodRow", record_id: str | None = None, rev: int | None = None
    ) -> Kept:
        """Write an understood row in the action of somebody else; return it.

        Raises:
            InvalidInput, Conflict, NotFound: as `save`.
        """
        register = row.keeper.register
        record = self._find(session, register, record_id) if record_id else None
        if record is not None:
            check_revision(record, rev, f"{register.title}记录")
        record = row.keeper.keep(session, record, row.values)
        session.flush()
        return record

    def remove(self, kind: str, record_id: str) -> None:
        """Put a row into the recycle bin: it counts nowhere and does not travel.

        Raises:
            InvalidInput: a kept record cannot be without it.
            NotFound: there is none.
        """
        self._recycle(kind, record_id, "删除", utc_text(self._store.clock()))

    def restore(self, kind: str, record_id: str) -> None:
        """Take a row out of the recycle bin."""
        self._recycle(kind, record_id, "恢复", None)

    # inside

    def _recycle(self, kind: str, record_id: str, verb: str, at: str | None) -> None:
        register = register_of(kind)
        with self._store.reading() as session:
            record = self._find(session, register, record_id)
            heading = getattr(record, register.heading)
        with self._store.unit_of_work(f"{verb}{register.title}“{heading}”") as session:
            if at is not None:
                _refuse_pointed(session, register, record_id)
            self._find(session, register, record_id).deleted_at_utc = at

    def _find(self, session: Session, register: Register, record_id: str) -> Kept:
        record: Kept | None = session.get(register.model, record_id)
        if record is None or record.branch_id != self._store.branch_id:
            raise NotFound(what=register.title)
        return record

    def _late(self, session: Session, owner: str) -> tuple[date | None, int]:
        """Return since when the branch records here, and after how many days an entry counts as late (补录)."""
        return recorded_since(session, owner), late_entry_days(self._store)

    def _row(
        self,
        register: Register,
        record: Kept,
        names: RowNames,
        tags: Mapping[str, str],
        attachments: int,
        late: tuple[date | None, int],
    ) -> RegisterRow:
        values = values_of(register, record)
        created = day_of(record.created_at_utc, self._store.clock)
        on = values.get(register.date_field or "")
        return RegisterRow(
            id=record.id,
            kind=register.kind,
            heading=str(getattr(record, register.heading) or ""),
            on=on,
            values=values,
            texts={field.name: show(field, values[field.name], names, tags) for field in register.fields},
            rev=record.rev,
            created_on=created,
            standing=None if register.standing is None else register.standing(values, self._store.today),
            late=days_late(on, created, *late) > 0,
            before_records=typed_of_before(on, created, *late),
            attachments=attachments,
            deleted=record.deleted_at_utc is not None,
        )


def _kept(register: Register, branch_id: str, year: int | None, what: Any, *, deleted: bool = False) -> Select[Any]:
    """Return the query for `what` of the rows of a branch: those kept, or those in the recycle bin."""
    model = register.model
    query = select(what).select_from(model).where(model.branch_id == branch_id)
    query = query.where(model.deleted_at_utc.is_not(None) if deleted else model.deleted_at_utc.is_(None))
    if register.date_field is not None and year is not None:
        query = query.where(getattr(model, register.date_field).between(date(year, 1, 1), date(year, 12, 31)))
    return query


def _refuse_pointed(session: Session, register: Register, record_id: str) -> None:
    """Refuse to delete what a kept record of another table cannot be without: it would not travel with that record.

    Raises:
        InvalidInput: there is one; it says what.
    """
    for mapper in Base.registry.mappers:
        model: type[Base] = mapper.class_
        for column in model.__table__.columns:
            if not any(key.column.table is register.model.__table__ for key in column.foreign_keys):
                continue
            kept = select(func.count()).select_from(model).where(column == record_id)
            deleted = model.__table__.columns.get("deleted_at_utc")
            count = session.scalar(kept if deleted is None else kept.where(deleted.is_(None))) or 0
            if count:
                reason = f"还有记录用到（{model.__label__ or '其他记录'}{count}条），不能删除"
                raise InvalidInput(register.field(register.heading), reason)


def _held(row: RegisterRow | None, name: str) -> list[object]:
    """Return what a row holds in a field, or in the part of its lines that `name` (lines.part) means."""
    outer, _, inner = name.partition(".")
    value = None if row is None else row.values[outer]
    return [getattr(line, inner) for line in value or ()] if inner else [value]


def _part(register: Register, name: str) -> RegisterField:
    """Return the part that `name` (lines.part) means."""
    outer, _, inner = name.partition(".")
    return next(part for part in register.field(outer).parts if part.name == inner)
