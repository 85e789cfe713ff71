"""The roster in the order of another program (programs.toml): its headings, its words, and nothing unknown here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from desktop.models.members import Member
from desktop.models.vocabulary.branches import ConditionKind, DatePrecision
from desktop.services.errors import Input, InvalidInput
from desktop.services.intake.programs import Program, programs
from desktop.services.intake.vocabulary import Vocabulary, folded
from desktop.services.members.roster import Roster
from desktop.services.members.sheet import roster_sheet
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn

LAYOUT = Input("layout", "导出的列")
KIND = "members"
_FILLED = "filled:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What there is to say of one member besides the fields of the roster."""

    roster: Roster
    member: Member
    number: int
    branch: str
    on: date


def find_layout(name: str) -> Program:
    """Return the order called `name`.

    Raises:
        InvalidInput: there is none.
    """
    offered = {program.id: program for program in programs(KIND) if program.label}
    if name not in offered:
        raise InvalidInput(LAYOUT, f"可选：{'、'.join(f'{key}（{each.label}）' for key, each in offered.items())}")
    return offered[name]


def layout_sheet(program: Program) -> Sheet:
    """Return the sheet in the order of a program: its headings over the fields they mean."""
    sheet = roster_sheet()
    vocabulary, columns = Vocabulary(sheet), {column.name: column for column in sheet.columns}
    ordered = []
    for heading in program.headings:
        meant = [meant.field for meant in vocabulary.exact(folded(heading)) if meant.field in columns]
        if heading in program.filled:
            ordered.append(SheetColumn(_FILLED + program.filled[heading], heading))
        elif meant:
            column = columns[meant[0]]
            words = program.words.get(column.name, {})
            ordered.append(replace(column, label=heading, if_used=False, format=_worded(column, words)))
        else:
            ordered.append(SheetColumn(f"empty:{heading}", heading))
    return replace(sheet, columns=tuple(ordered))


def filled(line: Line) -> dict[str, object]:
    """Return what stands under the headings of a program that are no fields of the roster."""
    return {_FILLED + name: say(line) for name, say in _SAYERS.items()}


def _worded(column: SheetColumn, words: Mapping[str, str]) -> Callable[[Any], object]:
    if not words:
        return column.format
    return lambda value: words.get(str(value)) or column.format(value)


def _years(line: Line) -> object:
    """Return the whole years since the member was confirmed, nothing where the day is not known."""
    since = line.member.full_on
    if since is None or line.member.full_precision is not DatePrecision.DAY or since > line.on:
        return None
    return line.on.year - since.year - ((line.on.month, line.on.day) < (since.month, since.day))


def _holds(kind: ConditionKind) -> Callable[[Line], object]:
    return lambda line: "是" if kind in line.roster.circumstances(line.member, line.on) else "否"


_SAYERS: Mapping[str, Callable[[Line], object]] = {
    "number": lambda line: line.number,
    "years": _years,
    "branch": lambda line: line.branch,
    "lost": _holds(ConditionKind.LOST_CONTACT),
    "mobile": _holds(ConditionKind.MOBILE),
}
