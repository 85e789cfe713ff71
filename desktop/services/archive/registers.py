"""Any declared register on paper, from its declaration: a table of its rows, or a card for each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from desktop.models.registers import Register, RegisterField
from desktop.services.archive.blocks import (
    TURN,
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Note,
    Side,
    Signatures,
    Table,
    Title,
)
from desktop.services.archive.wording import day
from desktop.services.quoting import in_quotes
from desktop.services.registers.service import RegisterRow
from desktop.services.registers.values import RowNames, show

_SHARES = {
    "date": 2.2,
    "integer": 1.3,
    "number": 1.3,
    "money": 1.8,
    "yes_no": 1.2,
    "choice": 1.8,
    "code": 1.8,
    "tag": 1.8,
}
_SHARES |= {"month": 1.8, "ref": 1.8, "text": 3.0, "long": 5.0, "lines": 5.0}
_CENTRED = ("date", "yes_no", "choice", "code", "tag")
_NUMBERS = ("integer", "number", "money")
_WIDE = 16.0  # shares from which a table lies on its side
TABLED = 3
"""Lines of so many parts are a table on a paper to be signed."""


def printable(rows: Iterable[RegisterRow]) -> list[RegisterRow]:
    """Return the rows that may be printed: a restricted kind (提醒、诫勉谈话 …) never leaves the store on paper."""
    return [row for row in rows if not row.restricted]


def register_table(register: Register, rows: Sequence[RegisterRow]) -> Table:
    """Return the listed fields of the rows as a table."""
    shown = [field for field in register.fields if field.listed]
    standing = () if register.standing is None else (Column("状态", 1.8, Side.CENTER),)
    columns = (Column("序号", 1.0, Side.CENTER), *map(_column, shown), *standing)
    lines = tuple(
        (str(number), *(row.texts[field.name] for field in shown), *(_stands(row) if standing else ()))
        for number, row in enumerate(rows, start=1)
    )
    return Table(columns, lines, record=register.title, empty="（无记录）")


def _stands(row: RegisterRow) -> tuple[str, ...]:
    return ("" if row.standing is None else row.standing.label,)


def register_card(register: Register, row: RegisterRow) -> tuple[Block, ...]:
    """Return one row whole: every field that says something."""
    pairs = tuple((field.label, row.texts[field.name].replace("；", "；\n") if field.parts else row.texts[field.name])
                  for field in register.fields if row.texts[field.name])  # fmt: skip
    said = "补录：" if row.late else "启用本系统前的记录，" if row.before_records else ""
    note = (Note(f"{said}{day(row.created_on)}录入。"),) if said else ()
    return (*note, Fields(pairs, record=f"{register.title}{in_quotes(row.heading)}"))


def register_document(register: Register, rows: Sequence[RegisterRow], branch: str, on: date, period: str) -> Document:
    """Return a register as a document of its own, oldest row first; restricted rows stay out."""
    shown = sorted(printable(rows), key=lambda row: (row.on or date.min, row.id))
    table = register_table(register, shown)
    title = (
        f"{branch}{register.title}台账"
        if not register.title.endswith(("册", "清单", "台账"))
        else branch + register.title
    )
    withheld = len(rows) - len(shown)
    blocks: tuple[Block, ...] = (
        Title(title.replace(branch, branch + TURN, 1), f"（{period}，共{len(shown)}条）"),
        table,
    )
    if withheld:
        blocks = (*blocks, Note(f"另有{withheld}条属内部掌握的记录，不在此打印。"))
    wide = sum(column.share for column in table.columns) > _WIDE
    return Document(
        title=title,
        author=branch,
        subject=period,
        day=on,
        blocks=blocks,
        running_head=title,
        running_foot=branch,
        landscape=wide,
    )


def record_document(register: Register, row: RegisterRow, branch: str, on: date) -> Document:
    """Return one row as a paper of its own, to be signed by those the register names."""
    called = register.paper or register.title
    title = f"{branch}{called}"
    signed = (Signatures(register.signed_by),) if register.signed_by else ()
    blocks: tuple[Block, ...] = (Title(f"{branch}{TURN}{called}"), *_signed_card(register, row), *signed)
    return Document(
        title=title,
        author=branch,
        subject=row.heading,
        day=row.on or on,
        blocks=blocks,
        running_head=title,
        running_foot=branch,
    )


def _signed_card(register: Register, row: RegisterRow) -> tuple[Block, ...]:
    """Return a row as it is signed: lines of several parts stand in a table of their own."""
    long = [
        field
        for field in register.fields
        if len(field.parts) >= TABLED and not any(part.ref for part in field.parts) and row.values.get(field.name)
    ]
    if not long:
        return register_card(register, row)
    texts = {**row.texts, **{field.name: "" for field in long}}
    blocks: tuple[Block, ...] = register_card(register, replace(row, texts=texts))
    for field in long:
        columns = (Column("序号", 0.8, Side.CENTER), *(_column(part) for part in field.parts))
        lines = tuple(
            (str(number), *(show(part, getattr(line, part.name), RowNames({})) for part in field.parts))
            for number, line in enumerate(row.values[field.name], start=1)
        )
        blocks = (*blocks, Heading(field.label, listed=False), Table(columns, lines, record=register.title))
    return blocks


def _column(field: RegisterField) -> Column:
    side = Side.CENTER if field.kind in _CENTRED else Side.RIGHT if field.kind in _NUMBERS else Side.LEFT
    return Column(field.label, _SHARES[field.kind], side)
