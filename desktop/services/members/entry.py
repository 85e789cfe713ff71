"""What is typed about one member, as it is stored, and the facts that rules look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from desktop.models.members import Member
from desktop.models.vocabulary.branches import DatePrecision, MemberCategory, Post
from desktop.services.errors import Input, InvalidInput
from desktop.services.members.rules import MemberFacts, faults
from desktop.services.members.sheet import CATEGORY, COLUMN, COLUMNS, NAME, PRECISIONS, roster_sheet
from desktop.services.spreadsheets.dates import PartialDate, Precision
from desktop.services.spreadsheets.identity import IdNumber
from desktop.services.spreadsheets.sheets import SheetColumn

GROUP_ID = Input("group_id", "党小组")
_ELSEWHERE = ("posts", "group", "standing", "left_on", "left_to", "died_on")
"""Columns of the sheet that are no fields of a member."""


@dataclass(slots=True)
class MemberEntry:
    """Typed values, understood. `values` are those of `Member` by field; what was not typed is not among them."""

    values: dict[str, object] = field(default_factory=dict)
    category: MemberCategory | None = None
    identity: IdNumber | None = None

    def take(self, column: SheetColumn, typed: object) -> None:
        """Understand what was typed for `column`.

        Raises:
            InvalidInput: it cannot be understood, or may not be empty.
        """
        name, value = column.name, _meaning(column, typed)
        if isinstance(value, IdNumber):
            self.identity, value = value, value.number
        if name in PRECISIONS and value is not None:
            precision = value.precision if isinstance(value, PartialDate) else Precision.DAY
            self.values[PRECISIONS[name]] = DatePrecision(precision.value)
        if isinstance(value, PartialDate):
            if name not in PRECISIONS and value.precision is not Precision.DAY:
                raise InvalidInput(column, "请写到日")
            value = value.on
        if column is CATEGORY:
            self.category = MemberCategory(str(value)) if value is not None else None
        else:
            self.values[name] = value

    def complete(self, member: Member | None) -> None:
        """Take birth and gender from the ID number where nothing says them."""
        if self.identity is None:
            return
        for name, value in (("born_on", self.identity.born_on), ("gender", self.identity.gender)):
            if self.values.get(name, getattr(member, name, None)) is None:
                self.values[name] = value
                if name in PRECISIONS:
                    self.values[PRECISIONS[name]] = DatePrecision.DAY


def read_entry(typed: Mapping[str, object], member: Member | None, today: date) -> MemberEntry:
    """Return what was typed about `member` (None for a new one), understood; texts as people write them.

    Raises:
        InvalidInput: a value cannot be understood, may not be empty, or does not belong here.
    """
    columns = {column.name: column for column in roster_sheet(today).columns}
    entry = MemberEntry()
    for name, value in typed.items():
        if name == GROUP_ID.name:
            entry.values[name] = value or None
        elif name not in columns or name in _ELSEWHERE:
            raise InvalidInput(columns.get(name, Input(name, name)), "不能在这里修改")
        else:
            entry.take(columns[name], value)
    if member is None and NAME.name not in entry.values:
        raise InvalidInput(NAME, "没有姓名")
    entry.complete(member)
    return entry


def facts_of(
    member: Member | None, values: Mapping[str, object], category: MemberCategory | None, posts: tuple[Post, ...] = ()
) -> MemberFacts:
    """Return what rules look at: the new `values`, and the stored ones where there is no new one."""

    def now(name: str) -> Any:
        return values[name] if name in values else getattr(member, name, None)

    return MemberFacts(
        born_on=now("born_on"),
        born_precision=now("born_precision") or DatePrecision.DAY,
        gender=now("gender"),
        admitted_on=now("admitted_on"),
        admitted_precision=now("admitted_precision") or DatePrecision.DAY,
        full_on=now("full_on"),
        full_precision=now("full_precision") or DatePrecision.DAY,
        category=category,
        probation_ends_on=getattr(member, "probation_ends_on", None),
        posts=posts,
    )


def refuse(facts: MemberFacts, today: date) -> None:
    """Refuse a record that cannot be.

    Raises:
        InvalidInput: at the first field that contradicts another, or lies after `today`.
    """
    for name, reason in faults(facts, today):
        raise InvalidInput(COLUMN[name], reason)


def refuse_untypable(values: Mapping[str, Any], today: date) -> None:
    """Refuse stored values of a member that nobody could have typed: each is written as the roster does, and read.

    Raises:
        InvalidInput: a value cannot be read again, or the rules refuse the record.
    """
    for column in COLUMNS:
        if values.get(column.name) is not None:
            column.parse(column.format(values[column.name]), column)
    refuse(facts_of(None, values, values["category"]), today)


def _meaning(column: SheetColumn, typed: object) -> object:
    """Return what `typed` means for the column, None for an empty value."""
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        if column.name == NAME.name:
            raise InvalidInput(NAME, "没有姓名")
        return None
    return column.parse(typed, column) if isinstance(typed, str) else typed
