"""Whether rows make sense: what comes in a package is held to the rules by which it could have been typed.

The rules are those of the declarations, nowhere else: columns and what they are said to hold, fields and checks of
registers, the roster's columns and what is refused of a member or a meeting.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, TypeAlias, get_type_hints

from sqlalchemy import Table

from desktop.models.appeals import Appeal
from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.base import Base, Owned, Travel
from desktop.models.dues import DuesAssessment, DuesPayment
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.points import PointsCheck, PointsClaim, PointsPublication
from desktop.models.race import RaceResult
from desktop.models.registers import Register, declared
from desktop.models.transfers import KnownBranch
from desktop.services.appeals import refuse_appeal
from desktop.services.appraisal.keeping import refuse_line, refuse_round
from desktop.services.dues.keeping import refuse_assessment, refuse_payment
from desktop.services.errors import Input, InvalidInput, Named, PackageRefused
from desktop.services.meetings.keeping import refuse_span
from desktop.services.members.entry import refuse_untypable as refuse_member
from desktop.services.points.keeping import refuse_check, refuse_claim, refuse_publication
from desktop.services.race.details import refuse_unreadable
from desktop.services.registers.keeping import refuse
from desktop.services.registers.values import refuse_untypable
from desktop.services.sync.takers import Taker, Unfit, taker_of

Values: TypeAlias = dict[str, Any]
Rule: TypeAlias = Callable[[Values, date], None]
"""Refuses values of a row, as columns take them, that cannot be on a day: `InvalidInput`."""

_COMMON = {
    "id": "编号",
    "branch_id": "支部",
    "rev": "修改次数",
    "created_at_utc": "录入时间",
    "created_by": "录入人",
    "updated_at_utc": "修改时间",
    "updated_by": "修改人",
    "deleted_at_utc": "删除时间",
}
"""What every record carries besides its own fields."""
_TITLES = ("name", "title", "topic", "what", "subject")
"""Columns of which the first that is there names a row."""
_LONGEST_TITLE = 20
_TABLES = {"member": Member.__tablename__, "branch": KnownBranch.__tablename__}
"""Where the rows lie that fields point to, where they are no register's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Travelling:
    """A table whose rows travel, with what its columns take; `label` is what people call a row of it."""

    table: Table
    label: str
    takes: Mapping[str, Taker]
    owned: bool
    refers: tuple[tuple[str, str], ...]
    """Columns with a foreign key, and the table whose id each holds."""
    points: tuple[tuple[str, str], ...]
    """Columns that point without one: what they point to may have been deleted since."""
    hangs: tuple[tuple[str, str], ...]
    """Those of `refers` by which a row goes with the row it refers to."""
    rule: Rule | None

    def named(self, column: str) -> Named:
        """Return what people call a column."""
        label = _COMMON.get(column) or self.table.c[column].info.get("label") or column
        return Input(column, label)

    def title(self, row: Mapping[str, object]) -> str:
        """Return what people know a row by, empty if nothing names it."""
        day = row.get("held_on")
        said = (row.get(name) for name in _TITLES)
        text = next((text for text in said if isinstance(text, str) and text.strip()), "")
        return (f"{day} " if isinstance(day, str) else "") + text.strip()[:_LONGEST_TITLE]


@cache
def travelling(way: Travel) -> Mapping[str, Travelling]:
    """Return the tables that travel one way, by name, referred ones first."""
    models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    tables: dict[str, Travelling] = {}
    for table in Base.metadata.sorted_tables:
        model = models.get(table)
        if model is not None and model.__travels__ is way:
            hints = get_type_hints(model)
            register = declared(table.name)
            tables[table.name] = Travelling(
                table=table,
                label=register.title if register is not None else model.__label__,
                takes={column.name: taker_of(column, hints[column.key]) for column in table.columns},
                owned=issubclass(model, Owned),
                refers=tuple(_refers(table)),
                hangs=tuple(_refers(table, "CASCADE")),
                points=() if register is None else tuple(_points(register)),
                rule=_OWN_RULES.get(table.name) if register is None else _rule_of(register),
            )
    return tables


def called(table: str) -> str:
    """Return what people call a row of the table of that name, as far as it is one that travels."""
    found = travelling(Travel.UP).get(table) or travelling(Travel.DOWN).get(table)
    return found.label if found is not None else ""


def judged(carried: Travelling, row: Mapping[str, object], today: date) -> Values:
    """Return the values of a row of JSON as columns take them, once nothing speaks against them on the day `today`.

    Raises:
        InvalidInput: a value is not what its declaration allows; it names the field.
    """
    values: Values = {}
    for column, take in carried.takes.items():
        try:
            values[column] = take(row[column])
        except Unfit as error:
            raise InvalidInput(carried.named(column), str(error)) from error
    if carried.rule is not None:
        carried.rule(values, today)
    return values


def refusal(
    code: str, carried: Travelling, row: Mapping[str, object], error: InvalidInput, line: int
) -> PackageRefused:
    """Return the refusal of a row in the words of who keeps it: table, row, field, reason."""
    return PackageRefused(
        code, line=line, table=carried.label, row=carried.title(row), field=error.label, reason=error.reason
    )


def sound(
    way: Travel, rows: Iterable[tuple[str, Mapping[str, object]]], today: date
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Give `rows` (table, values as JSON carries them) on their way out, each once it is known to be taken there.

    Raises:
        PackageRefused: E-ROW-UNFIT; the other side would refuse the row, so it is named where it can be mended.
    """
    tables = travelling(way)
    own = OfOneMember(tables)
    for line, (name, row) in enumerate(rows, start=1):
        try:
            own.look(line, name, judged(tables[name], row, today))
        except InvalidInput as error:
            raise refusal("E-ROW-UNFIT", tables[name], row, error, line) from error
        yield name, row
    own.settle("E-ROW-UNFIT")


@dataclass(slots=True)
class Pointers:
    """What rows point to without a foreign key: something deleted since, perhaps, but never a row of another kind."""

    tables: Mapping[str, Travelling]
    ids: Mapping[str, set[str]]
    _open: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    _own: "OfOneMember" = field(init=False)

    def __post_init__(self) -> None:
        self._own = OfOneMember(self.tables)

    def look(self, line: int, name: str, values: Values) -> None:
        """Remember where a row points, and whose it is."""
        self._own.look(line, name, values)
        for column, target in self.tables[name].points:
            pointed = values[column]
            if pointed is not None and pointed not in self.ids.get(target, ()):
                self._open.append((line, name, column, target, pointed))

    def settle(self) -> None:
        """Refuse what points to a row of another kind, or of another member, once every row is known.

        Raises:
            PackageRefused: E-PKG-CONTENT.
        """
        every = {row_id for ids in self.ids.values() for row_id in ids} if self._open else set()
        for line, name, column, target, pointed in self._open:
            if pointed in every and pointed not in self.ids.get(target, ()):
                error = InvalidInput(self.tables[name].named(column), "指向别的一类记录")
                raise refusal("E-PKG-CONTENT", self.tables[name], {}, error, line)
        self._own.settle("E-PKG-CONTENT")


@dataclass(slots=True)
class OfOneMember:
    """Rows that say whose they are, and point to rows that say it too: to two members they would count for both."""

    tables: Mapping[str, Travelling]
    _members: dict[str, object] = field(default_factory=dict)
    _said: list[tuple[int, str, Values]] = field(default_factory=list)

    def look(self, line: int, name: str, values: Values) -> None:
        """Remember whose a row is."""
        if name in _OF_ONE_MEMBER:
            self._said.append((line, name, values))
        elif name in _OF_MEMBERS:
            self._members[str(values["id"])] = values[_WHOSE]

    def settle(self, code: str) -> None:
        """Refuse a row that points to one of another member, once every row is known.

        Raises:
            PackageRefused: `code`, with the row.
        """
        for line, name, values in self._said:
            for column in _OF_ONE_MEMBER[name]:
                if self._members.get(str(values[column]), values[_WHOSE]) != values[_WHOSE]:
                    error = InvalidInput(
                        self.tables[name].named(_WHOSE), f"和{self.tables[name].named(column).label}的党员不是同一个人"
                    )
                    raise refusal(code, self.tables[name], {}, error, line)


def _refers(table: Table, ondelete: str | None = None) -> Iterator[tuple[str, str]]:
    for column in table.c:
        for key in column.foreign_keys:
            if ondelete is None or key.ondelete == ondelete:
                yield column.name, key.column.table.name


def _points(register: Register) -> Iterator[tuple[str, str]]:
    for each in register.fields:
        if each.ref is not None:
            yield each.name, _TABLES.get(each.ref, each.ref)


def _rule_of(register: Register) -> Rule:
    def rule(values: Values, today: date) -> None:
        for each in register.fields:
            refuse_untypable(each, values[each.name])
        refuse(register, values, today)

    return rule


def _refuse_meeting(values: Values, today: date) -> None:
    if values["state"].counts:
        refuse_span(values["held_on"], values["started_at"], values["ended_at"], today)


def _refuse_result(values: Values, _today: date) -> None:
    refuse_unreadable(values)


_OWN_RULES: Mapping[str, Rule] = {
    Member.__tablename__: refuse_member,
    Meeting.__tablename__: _refuse_meeting,
    RaceResult.__tablename__: _refuse_result,
    Appeal.__tablename__: refuse_appeal,
    DuesAssessment.__tablename__: refuse_assessment,
    DuesPayment.__tablename__: refuse_payment,
    PointsClaim.__tablename__: refuse_claim,
    PointsCheck.__tablename__: refuse_check,
    PointsPublication.__tablename__: refuse_publication,
    Appraisal.__tablename__: refuse_round,
    AppraisalResult.__tablename__: refuse_line,
}
"""Of tables that are no registers."""
_WHOSE = "member_id"
_OF_ONE_MEMBER: Mapping[str, tuple[str, ...]] = {PointsCheck.__tablename__: ("claim_id", "deduction_id")}
_OF_MEMBERS = {PointsClaim.__tablename__}
"""Which columns point to rows of the same member, and where these are."""
