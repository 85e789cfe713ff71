"""The one service of all declared registers: list, keep, recycle, Excel in and out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.base import plain
from desktop.models.members import Member
from desktop.models.registers import REGISTERS, Field, Register, StateChange, Stateful
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.progress import Progress, silent
from desktop.services.registers.values import Names, show, show_line, understand
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.tables import Changed, ImportResult, Row, Sheet, SheetColumn

if TYPE_CHECKING:
    from desktop.services.store import Store

LOOKS = {"long": "long", "lines": "long", "date": "date", "integer": "integer", "number": "decimal", "money": "money"}


@dataclass(frozen=True, slots=True)
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
    attachments: int = 0
    deleted: bool = False

    @property
    def restricted(self) -> bool:
        """Whether its text stays in this store (提醒、诫勉谈话、批评教育): it is neither printed nor exported."""
        return any(getattr(value, "restricted", False) for value in self.values.values())


class RegisterService:
    """The registers of one branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # reading

    def registers(self) -> tuple[Register, ...]:
        """Return every declared register, in order of the dimensions they serve."""
        return tuple(sorted(REGISTERS.values(), key=lambda one: one.dimension))

    def by_dependence(self) -> tuple[Register, ...]:
        """Return every declared register, those that others point to before those that point to them."""
        return tuple(sorted(REGISTERS.values(), key=lambda one: any(field.ref in REGISTERS for field in one.fields)))

    def register(self, kind: str) -> Register:
        """Return the declaration of `kind`; NotFound if there is none."""
        if kind not in REGISTERS:
            raise NotFound(what="登记簿", name=kind)
        return REGISTERS[kind]

    def rows(
        self, kind: str, year: int | None = None, *, branch_id: str | None = None, deleted: bool = False
    ) -> list[RegisterRow]:
        """Return the rows of `kind`, newest first; of one calendar year where the register has a date.

        `deleted` asks for the recycle bin instead.
        """
        register = self.register(kind)
        owner = branch_id or self._store.branch_id
        model = register.model
        query = select(model).where(model.branch_id == owner)
        query = query.where(model.deleted_at_utc.is_not(None) if deleted else model.deleted_at_utc.is_(None))
        day = getattr(model, register.date_field) if register.date_field else None
        if day is not None:
            if year is not None:
                query = query.where(day.between(date(year, 1, 1), date(year, 12, 31)))
            query = query.order_by(day.desc(), model.id.desc())
        else:
            query = query.order_by(model.id.desc())
        with self._store.reading() as session:
            names = self._names(session, register, owner)
            counts: dict[str, int] = dict(
                session.execute(
                    select(Attachment.record_id, func.count())
                    .where(Attachment.record_kind == kind, Attachment.deleted_at_utc.is_(None))
                    .group_by(Attachment.record_id)
                ).all()
            )
            late_days, tags = self._late_days(), self._tags(kind)
            return [
                self._row(register, record, names, tags, counts.get(record.id, 0), late_days)
                for record in session.scalars(query)
            ]

    def row(self, kind: str, record_id: str) -> RegisterRow:
        """Return one row; NotFound if it is not there."""
        register = self.register(kind)
        with self._store.reading() as session:
            record = session.get(register.model, record_id)
            if record is None:
                raise NotFound(what=register.title)
            names = self._names(session, register, record.branch_id)
            count = session.scalar(
                select(func.count())
                .select_from(Attachment)
                .where(Attachment.record_id == record_id, Attachment.deleted_at_utc.is_(None))
            )
            return self._row(register, record, names, self._tags(kind), count or 0, self._late_days())

    def choices(self, kind: str, name: str) -> list[tuple[str, str]]:
        """Return (value, name) of everything the field `name` may hold: choices, tags, or rows it may point to."""
        register = self.register(kind)
        one = register.field(name) if "." not in name else self._part(register, name)
        if one.choices is not None:
            return [(member.value, member.label) for member in one.choices]
        if one.kind == "tag":
            return list(self._tags(kind).items())
        with self._store.reading() as session:
            names = self._names(session, register, self._store.branch_id)
        return list(names.of_kind.get(one.ref or "", {}).items())

    # keeping

    def save(self, kind: str, values: Mapping[str, Any], record_id: str | None = None, rev: int | None = None) -> str:
        """Keep a new row, or change the row `record_id`; return its id.

        `values` by field name, typed or as people write them; fields not given stay as they are.

        Raises:
            InvalidInput: a value breaks a rule; `field` is the label, facts["name"] the field's name.
            Conflict: the row was changed since revision `rev` was read.
            NotFound: the row to change is gone.
        """
        register = self.register(kind)
        with self._store.reading() as session:
            names = self._names(session, register, self._store.branch_id)
            known = getattr(self._find(session, register, record_id), register.heading) if record_id else ""
        understood = self._understood(register, values, names)
        heading = understood.get(register.heading) or known
        verb = "修改" if record_id else "登记"
        with self._store.unit_of_work(f"{verb}{register.title}“{heading}”") as session:
            record = self._find(session, register, record_id) if record_id else None
            if record is not None and rev is not None and record.rev != rev:
                raise Conflict(what=register.title, reason="这条记录刚被改过，请重新打开再改")
            record = self._keep(session, register, record, understood)
            session.flush()
            return str(record.id)

    def remove(self, kind: str, record_id: str) -> None:
        """Put a row into the recycle bin: it counts nowhere and does not travel."""
        self._recycle(kind, record_id, "删除", utc_text(self._store.clock()))

    def restore(self, kind: str, record_id: str) -> None:
        """Take a row out of the recycle bin."""
        self._recycle(kind, record_id, "恢复", None)

    # Excel

    def sheet(self, kind: str, names: Names | None = None) -> Sheet:
        """Return the Excel sheet of a register, as its declaration makes it."""
        register = self.register(kind)
        tags = self._tags(kind)
        known = names or Names()
        return Sheet(
            kind=kind,
            title=register.title,
            columns=tuple(_column(one, known, tags) for one in register.fields),
            keys=(register.heading,),
            note=register.hint,
        )

    def template(self, kind: str, path: Path) -> None:
        """Write the sheet to fill in."""
        with self._store.reading() as session:
            names = self._names(session, self.register(kind), self._store.branch_id)
        tables.template(path, self.sheet(kind, names))

    def export(self, kind: str, path: Path, year: int | None = None) -> int:
        """Write the register as a workbook that imports again unchanged; return how many rows. Restricted ones stay."""
        with self._store.reading() as session:
            names = self._names(session, self.register(kind), self._store.branch_id)
        rows = [row.values for row in reversed(self.rows(kind, year)) if not row.restricted]
        return tables.write(path, self.sheet(kind, names), rows, on=self._store.today)

    def import_file(
        self,
        kind: str,
        path: Path,
        *,
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> ImportResult:
        """Take the rows of a workbook; good rows are kept together, bad ones reported.

        A row that is there already (same date, title and whom it stands for) is updated where it differs.

        Raises:
            InvalidInput: the file cannot be read as this register.
            Cancelled: nothing is kept.
        """
        register = self.register(kind)
        owner = self._store.branch_id
        with self._store.reading() as session:
            names = self._names(session, register, owner)
        sheet_rows = tables.read(self.sheet(kind, names), path)
        result = sheet_rows.result(dry_run)
        with self._store.unit_of_work(f"从 Excel 导入{register.title}") as session:
            known = {
                self._key(register, _values_of(register, record)): record
                for record in session.scalars(
                    select(register.model).where(
                        register.model.branch_id == owner, register.model.deleted_at_utc.is_(None)
                    )
                )
            }
            seen: dict[tuple[Any, ...], int] = {}
            for done, row in enumerate(sheet_rows.rows, start=1):
                self._import_row(session, register, row, known, seen, names, result)
                progress(done, len(sheet_rows.rows))
            if dry_run:
                session.rollback()
        return result

    # inside

    def _import_row(
        self,
        session: Session,
        register: Register,
        row: Row,
        known: dict[tuple[Any, ...], Any],
        seen: dict[tuple[Any, ...], int],
        names: Names,
        result: ImportResult,
    ) -> None:
        try:
            values = self._understood(register, row.values, names, parsed=True)
        except InvalidInput as error:
            result.rejected.append(row.reject(error.facts.get("name", error.field), error.reason))
            return
        key = self._key(register, values)
        if key in seen:
            result.rejected.append(row.reject(register.heading, f"与第{seen[key]}行重复"))
            return
        seen[key] = row.number
        record = known.get(key)
        before = _values_of(register, record) if record is not None else {}
        heading = str(values.get(register.heading, ""))
        changes = [
            Changed(heading, one.label, show(one, before.get(one.name), names), show(one, value, names), row.number)
            for one in register.fields
            if one.name in values and plain(before.get(one.name)) != plain(value := values[one.name])
        ]
        if record is not None and not changes:
            result.unchanged += 1
            return
        self._keep(session, register, record, values)
        if record is None:
            result.accepted += 1
        else:
            result.updated += 1
        result.changes.extend(changes if record is not None else [])

    def _understood(
        self, register: Register, values: Mapping[str, Any], names: Names, parsed: bool = False
    ) -> dict[str, Any]:
        tags = self._tags(register.kind)
        understood: dict[str, Any] = {}
        for one in register.fields:
            if one.name not in values:
                continue
            if parsed:  # a sheet's columns have understood their cells already
                understood[one.name] = values[one.name]
            else:
                try:
                    understood[one.name] = understand(one, values[one.name], names, tags)
                except InvalidInput as error:
                    raise InvalidInput(one.label, error.reason, name=one.name) from error
            if one.required and understood[one.name] in (None, "", ()):
                raise InvalidInput(one.label, "不能为空", name=one.name)
        for check in register.checks:
            refusal = check(understood)
            if refusal is not None:
                raise InvalidInput(register.field(refusal[0]).label, refusal[1], name=refusal[0])
        on = understood.get(register.date_field or "")
        if isinstance(on, date) and on > self._store.today:
            label = register.field(register.date_field or "").label
            raise InvalidInput(label, "还没有到这一天，办过再登记", name=register.date_field)
        return understood

    def _keep(self, session: Session, register: Register, record: Any, values: Mapping[str, Any]) -> Any:
        before_state = None if record is None else plain(getattr(record, "state", None))
        if record is None:
            for one in register.fields:
                missing = one.name not in values or values[one.name] in (None, "", ())
                if one.required and missing and not _has_default(register, one):
                    raise InvalidInput(one.label, "不能为空", name=one.name)
            given = {name: value for name, value in values.items() if value is not None}
            record = register.model(branch_id=self._store.branch_id, **given)
            session.add(record)
            session.flush()
        else:
            for name, value in values.items():
                setattr(record, name, value)
        if isinstance(record, Stateful):
            self._note_state(session, register, record, before_state, values)
        return record

    def _note_state(
        self, session: Session, register: Register, record: Any, before: Any, values: Mapping[str, Any]
    ) -> None:
        """Write the day the record entered its state; a corrected day replaces the one noted for that state."""
        state = plain(record.state)
        if state == before and "state_on" not in values:
            return
        if record.state_on is None or (state != before and values.get("state_on") is None):
            started = getattr(record, register.states.starts or "", None) if register.states else None
            is_start = register.states is not None and record.state in (register.states.first, register.states.active)
            record.state_on = started if started is not None and is_start else self._store.today
        noted = session.scalar(
            select(StateChange).where(StateChange.record_id == record.id, StateChange.state == state)
        )
        if noted is None:
            session.add(
                StateChange(
                    branch_id=record.branch_id,
                    record_kind=register.kind,
                    record_id=record.id,
                    state=state,
                    on=record.state_on,
                )
            )
        else:
            noted.on = record.state_on

    def _recycle(self, kind: str, record_id: str, verb: str, at: str | None) -> None:
        register = self.register(kind)
        with self._store.reading() as session:
            record = self._find(session, register, record_id)
            heading = getattr(record, register.heading)
        with self._store.unit_of_work(f"{verb}{register.title}“{heading}”") as session:
            self._find(session, register, record_id).deleted_at_utc = at

    def _find(self, session: Session, register: Register, record_id: str) -> Any:
        record = session.get(register.model, record_id)
        if record is None or record.branch_id != self._store.branch_id:
            raise NotFound(what=register.title)
        return record

    def _key(self, register: Register, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """What makes two rows the same for an import: the day or year, the heading, and whom it stands for."""
        parts = [register.date_field, "year", register.heading, register.subject, "member_id", "post"]
        return tuple(plain(values.get(name)) for name in dict.fromkeys(parts) if name)

    def _row(
        self,
        register: Register,
        record: Any,
        names: Names,
        tags: Mapping[str, str],
        attachments: int,
        late_days: int,
    ) -> RegisterRow:
        values = _values_of(register, record)
        created = datetime.fromisoformat(record.created_at_utc).astimezone(self._store.clock().tzinfo).date()
        on = values.get(register.date_field or "")
        return RegisterRow(
            id=record.id,
            kind=register.kind,
            heading=str(getattr(record, register.heading) or ""),
            on=on,
            values=values,
            texts={one.name: show(one, values[one.name], names, tags) for one in register.fields},
            rev=record.rev,
            created_on=created,
            late=on is not None and (created - on).days > late_days,
            attachments=attachments,
            deleted=record.deleted_at_utc is not None,
        )

    def _names(self, session: Session, register: Register, owner: str) -> Names:
        kinds = {one.ref for one in register.fields if one.ref}
        kinds |= {part.ref for one in register.fields for part in one.parts if part.ref}
        return Names({kind: self._names_of(session, kind, owner) for kind in kinds if kind})

    def _names_of(self, session: Session, kind: str, owner: str) -> dict[str, str]:
        if kind == "member":
            people = session.execute(
                select(Member.id, Member.name, Member.id_no)
                .where(Member.branch_id == owner, Member.deleted_at_utc.is_(None))
                .order_by(Member.id)
            ).all()
            total: dict[str, int] = {}
            for _id, name, _no in people:
                total[name] = total.get(name, 0) + 1
            return {one: f"{name}（{(no or one)[-4:]}）" if total[name] > 1 else name for one, name, no in people}
        target = self.register(kind)
        heading = getattr(target.model, target.heading)
        query = select(target.model.id, heading).where(
            target.model.branch_id == owner, target.model.deleted_at_utc.is_(None)
        )
        return dict(session.execute(query.order_by(target.model.id)).all())

    def _part(self, register: Register, name: str) -> Field:
        outer, _, inner = name.partition(".")
        return next(part for part in register.field(outer).parts if part.name == inner)

    def _tags(self, kind: str) -> dict[str, str]:
        from desktop.services.standards.service import StandardService

        return {tag.id: tag.name for tag in StandardService(self._store).pack().record_tags if tag.record == kind}

    def _late_days(self) -> int:
        from desktop.services.standards.service import StandardService

        return StandardService(self._store).pack().scoring.late_entry_days


def _values_of(register: Register, record: Any) -> dict[str, Any]:
    return {one.name: getattr(record, one.name) for one in register.fields}


def _has_default(register: Register, one: Field) -> bool:
    return register.model.__table__.columns[one.name].default is not None


def _column(one: Field, names: Names, tags: Mapping[str, str]) -> SheetColumn:
    choices: tuple[str, ...] = ()
    if one.choices is not None:
        choices = tuple(member.label for member in one.choices)
    elif one.kind == "tag":
        choices = tuple(tags.values())
    elif one.kind == "yes_no":
        choices = ("是", "否")
    help_text = one.help
    if one.parts:
        shape = "|".join(part.label for part in one.parts)
        help_text = "；".join(filter(None, (one.help, f"每行一条，写成“{shape}”")))

    def parse(cell: object, title: str) -> Any:
        return understand(one, cell, names, tags)

    def write(value: Any) -> object:
        if one.kind in ("date", "integer", "number"):
            return value
        if one.kind == "money":
            return tables.yuan(value)
        if one.kind == "lines":
            return "\n".join(show_line(one, row, names) for row in value or ())
        return show(one, value, names, tags)

    looks: Any = LOOKS.get(one.kind, "text")
    return SheetColumn(
        field=one.name,
        title=one.label,
        parse=parse,
        format=write,
        synonyms=one.synonyms,
        required=one.required and one.kind != "choice",
        help=help_text,
        width=30 if looks == "long" else 24 if one.name == "title" else 14,
        looks=looks,
        choices=choices,
    )
