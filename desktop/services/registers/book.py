"""The workbook of a register, as its declaration makes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import plain
from desktop.models.registers import ABOVE, REGISTERS, Register, RegisterField
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import InvalidInput, Named
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking, TakingBook
from desktop.services.leaving import leaving
from desktop.services.registers.keeping import Keeper, values_of
from desktop.services.registers.lookup import law_numbers, load_names, require_seen, tags_of
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.registers.values import RowNames, cell_line, show, understand
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.examples import example_of
from desktop.services.spreadsheets.results import Changed, ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn, yuan
from desktop.services.spreadsheets.text import plain as plain_text

if TYPE_CHECKING:
    from desktop.services.store import Store

Looks = Literal["text", "long", "date", "integer", "decimal", "money"]
LOOKS: Mapping[str, Looks] = {
    "long": "long",
    "lines": "long",
    "date": "date",
    "integer": "integer",
    "number": "decimal",
    "money": "money",
}
Key = tuple[object, ...]
Beside: TypeAlias = Callable[["Store"], tuple[SheetColumn, Mapping[str, object]]]
"""What others say of the rows of a register: a column that is written beside theirs and never read (its heading is one
of the `quiet` ones), and its cells by the ids of the rows."""
_WORDS = frozenset({"choice", "code", "tag", "yes_no"})
"""Kinds of field that know a few words only; where none is needed nor taken for granted, a strange one costs no row."""


def books(store: "Store", beside: Mapping[str, Beside] = MappingProxyType({})) -> tuple["RegisterBook", ...]:
    """Return the workbooks of all registers, those that others point to before those that point to them; `beside` is
    by kind what others say of their rows."""
    kept = ABOVE if store.is_headquarters else REGISTERS
    registers = sorted(kept.values(), key=lambda register: any(f.ref in kept for f in register.fields))
    return tuple(RegisterBook(store, register, beside.get(register.kind)) for register in registers)


def sent_books(store: "Store", beside: Mapping[str, Beside] = MappingProxyType({})) -> tuple["RegisterBook", ...]:
    """Return what a branch is sent of the registers of headquarters: listed and written out, never taken in."""
    if store.is_headquarters:
        return ()
    return tuple(RegisterBook(store, register, beside.get(register.kind)) for register in ABOVE.values())


class RegisterBook(TakingBook):
    """One register in and out of Excel."""

    def __init__(self, store: "Store", register: Register, beside: Beside | None = None) -> None:
        super().__init__(store)
        self._register, self._beside = register, beside
        self.name, self.title = register.kind, register.title
        self.tables = (register.model.__tablename__,)

    def sheet(self) -> Sheet:
        """Return the sheet, with what its fields may point to at present."""
        with self._store.reading() as session:
            names = load_names(session, self._register, self._store.branch_id, self._store.today)
        return self._sheet(names, tags_of(self._store, self.name))

    def template(self, path: Path) -> None:
        """Write the sheet to fill in."""
        tables.template(path, self.sheet())

    def export(self, path: Path, year: int | None = None) -> int:
        """Write the register as a workbook that imports again unchanged; return how many rows. Restricted ones stay.

        What others say of its rows stands in the last column.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: rows of this register leave the store in no way.
        """
        self._store.rights.require(Act.EXPORT)
        require_seen(self._store, self.name)
        if self._register.stays:
            raise InvalidInput(self._register.field(self._register.heading), f"{self.title}只留在本机，不导出")
        rows = RegisterService(self._store).rows(self.name, year)
        sheet, values = self._whole([row for row in rows if not row.restricted])
        with leaving(self._store, path):
            count = tables.write(path, sheet, values, on=self._store.today)
        self._store.audit(Use.EXPORT, f"{self.title}，{count}行")
        return count

    def withheld(self) -> int:
        """Return how many restricted rows (内部掌握) an export leaves out, of those that who works here may see.

        Nobody else is told that there are any.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        require_seen(self._store, self.name)
        return sum(row.restricted for row in RegisterService(self._store).rows(self.name))

    def rows(self, year: int | None = None) -> Rows:
        """Return what the register holds of a year, or whole, oldest first; all that who works here may see.

        Raises:
            NotAllowed: the rows of this register are for those entitled alone.
        """
        return self.lines(year)[1]

    def lines(self, year: int | None = None) -> tuple[Sheet, Rows]:
        """Return the rows as `rows` does under the columns an export has: the last one says what others say of them.

        Raises:
            NotAllowed: as `rows`.
        """
        require_seen(self._store, self.name)
        return self._whole(RegisterService(self._store).rows(self.name, year))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> "_RegisterImport":
        """Begin to hold rows against the register: one of the same date, title and subject is updated."""
        register, branch_id = self._register, self._store.branch_id
        names = load_names(session, register, branch_id, self._store.today)
        limits, _starts = law_numbers(session, register, self._store.today)
        keeper = Keeper(register, branch_id, self._store.today, names, tags_of(self._store, self.name), limits)
        return _RegisterImport(session, keeper, result, answers)

    def _whole(self, rows: Sequence[RegisterRow]) -> tuple[Sheet, Rows]:
        """Return `rows`, the newest first, oldest first and with what others say of them."""
        sheet, lines = self.sheet(), [{**row.values, "id": row.id} for row in reversed(rows)]
        if self._beside is None:
            return sheet, lines
        column, said = self._beside(self._store)
        columns = (*sheet.columns, column)
        return replace(sheet, columns=columns), [{**line, column.name: said.get(str(line["id"]))} for line in lines]

    def _sheet(self, names: RowNames, tags: Mapping[str, str]) -> Sheet:
        return Sheet(
            kind=self.name,
            title=self.title,
            columns=tuple(_column(field, names, tags, self.name) for field in self._register.fields),
            keys=(self._register.heading,),
            note=self._register.hint,
        )


class _RegisterImport(Taking):
    """One import: rows kept or refused, counted in `result`."""

    def __init__(self, session: Session, keeper: Keeper, result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self._session, self._keeper = session, keeper
        self._columns = {
            field.name: _column(field, keeper.names, keeper.tags, keeper.register.kind)
            for field in keeper.register.fields
        }
        model = keeper.register.model
        kept = select(model).where(model.branch_id == keeper.branch_id, model.deleted_at_utc.is_(None))
        self._kept = {self._key(values_of(keeper.register, record)): record for record in session.scalars(kept)}
        self._taken: dict[Key, int] = {}

    def take(self, row: Row) -> None:
        """Keep one row where it is new or differs, or refuse it."""
        register, result = self._keeper.register, self.result
        self._ask_words(row)
        try:
            values = self._keeper.understood(row.values, parsed=True)
        except InvalidInput as error:
            result.rejected.append(row.reject(error.name, error.reason))
            return
        key = self._key(values)
        if key in self._taken:
            result.rejected.append(row.reject(register.heading, f"与第{self._taken[key]}行重复"))
            return
        record = self._kept.get(key)
        changes = self._changes(row, record, values)
        if record is not None and not changes:
            self._taken[key] = row.number
            result.unchanged += 1
            self.kept(row, str(values.get(register.heading, "")))
            return
        try:
            self._keeper.keep(self._session, record, values)
        except InvalidInput as error:  # a new row lacks what every row must have
            result.rejected.append(row.reject(error.name, error.reason))
            return
        self._taken[key] = row.number
        if record is None:
            result.accepted += 1
            self.added(row, str(values.get(register.heading, "")), self._told(values))
        else:
            result.updated += 1
            result.changes.extend(changes)

    def _ask_words(self, row: Row) -> None:
        """Ask what the words mean that nobody understood; the row goes in without them."""
        for name, reason in row.open:
            self.ask_word(row, self._columns[name], plain_text(row.shown(name)))
            self.result.warnings.append(row.warn(name, f"{reason}，这一格没有登记"))

    def _changes(self, row: Row, record: object | None, values: Mapping[str, object]) -> list[Changed]:
        register, names = self._keeper.register, self._keeper.names
        before = values_of(register, record) if record is not None else {}
        heading = str(values.get(register.heading, ""))
        return [
            row.change(
                heading,
                field.label,
                show(field, before.get(field.name), names, self._keeper.tags),
                show(field, value, names, self._keeper.tags),
                name=field.name,
            )
            for field in register.fields
            if field.name in values and plain(before.get(field.name)) != plain(value := values[field.name])
        ]

    def _told(self, values: Mapping[str, object]) -> dict[str, str]:
        keeper = self._keeper
        return {
            field.label: show(field, values[field.name], keeper.names, keeper.tags)
            for field in keeper.register.fields
            if field.name in values
        }

    def _key(self, values: Mapping[str, object]) -> Key:
        """What makes two rows the same for an import: the day or year, the heading, and whom it stands for."""
        register = self._keeper.register
        parts = [register.date_field, "year", register.heading, register.subject, "member_id", "post"]
        return tuple(plain(values.get(name)) for name in dict.fromkeys(parts) if name)


def _column(field: RegisterField, names: RowNames, tags: Mapping[str, str], kind: str) -> SheetColumn:
    choices: tuple[str, ...] = ()
    if field.choices is not None:
        choices = tuple(choice.label for choice in field.choices)
    elif field.kind == "tag":
        choices = tuple(tags.values())
    elif field.kind == "code":
        choices = tuple(names.of_kind.get(field.codes, {}).values())
    elif field.kind == "yes_no":
        choices = ("是", "否")
    elif field.ref is not None and field.ref in names.codes:  # few, and known to every sheet of headquarters: branches
        choices = tuple(names.offered(field.ref).values())
    help_text = field.help
    if field.ref in names.codes:
        help_text = "；".join(filter(None, (help_text, "全称或代码")))
    if field.parts:
        shape = "|".join(part.label for part in field.parts)
        help_text = "；".join(filter(None, (field.help, f"每行一条，写成“{shape}”")))

    def parse(cell: object, _column: Named) -> object:
        return understand(field, cell, names, tags)

    def write(value: object) -> object:
        if field.kind in ("date", "integer", "number"):
            return value
        if field.kind == "money":
            return yuan(value)
        if field.kind == "lines":
            return "\n".join(cell_line(field, line, names) for line in value) if isinstance(value, tuple) else ""
        return show(field, value, names, tags)

    looks = LOOKS.get(field.kind, "text")
    return SheetColumn(
        name=field.name,
        label=field.label,
        parse=parse,
        format=write,
        required=field.required and field.kind not in ("choice", "code"),
        help=help_text,
        example=example_of(kind, field.name),
        width=30 if looks == "long" else 24 if field.name == "title" else 14,
        looks=looks,
        choices=choices,
        decides=field.required or field.default is not None or field.kind not in _WORDS,
    )
