"""The values of a declared field: as people read them, as they type them, and whether they may be kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.models.base import NEWEST_YEAR, OLDEST_YEAR
from desktop.models.registers import LONGEST_CODE, RegisterField
from desktop.models.vocabulary.labels import Labelled
from desktop.services.dues.words import grouped
from desktop.services.errors import InvalidInput, Named
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.dates import Precision, parse_date, parse_partial_date
from desktop.services.spreadsheets.lines import join_parts, piece, split_lines, split_parts
from desktop.services.spreadsheets.numbers import parse_decimal, parse_integer, parse_money
from desktop.services.spreadsheets.text import parse_text, parse_yes_no, plain

LONGEST_LINE, LONGEST_WORDS = 200, 4000
"""So many characters a line of a register takes, and a field of many lines."""
YEAR = "year"
"""What the field of every register is called that says which year a row is of."""


@dataclass(frozen=True, slots=True)
class RowNames:
    """What people call the things a field may point to: per kind (member, venue …) id -> name, each name once."""

    of_kind: Mapping[str, Mapping[str, str]] = dataclass_field(default_factory=dict)
    deleted: Mapping[str, Mapping[str, str]] = dataclass_field(default_factory=dict)
    """What those are called that lie in the recycle bin: shown where a row points to them, never found."""
    codes: Mapping[str, Mapping[str, str]] = dataclass_field(default_factory=dict)
    """The short codes that things of a kind answer to as well: per kind id -> code."""
    revoked: Mapping[str, Collection[str]] = dataclass_field(default_factory=dict)
    """Ids per kind of what has a name and takes part in nothing new: found where a sheet names it, never offered."""

    def offered(self, kind: str, held: Collection[object] = ()) -> dict[str, str]:
        """Return id -> name of what a field may newly point to, and of what is `held` already."""
        gone = set(self.revoked.get(kind, ())) - set(held)
        return {target: name for target, name in self.of_kind.get(kind, {}).items() if target not in gone}

    def name(self, kind: str, target: object) -> str:
        """Return the name of the row `target` of `kind`, with 已删除 after it, or alone, if it is there no more."""
        if not target:
            return ""
        gone = f"{self.deleted.get(kind, {}).get(str(target), '')}（已删除）"
        return self.of_kind.get(kind, {}).get(str(target), gone)

    def find(self, kind: str, name: str, field: Named) -> str:
        """Return the id of what is called `name`.

        Raises:
            InvalidInput: nothing, or more than one thing, is called so.
        """
        wanted = _folded(name)
        present = [(target, _folded(called)) for target, called in self.of_kind.get(kind, {}).items()]
        matching = [target for target, called in present if called == wanted]
        if not matching:  # 张伟（1234） also answers to 张伟 where that is one person
            matching = [target for target, called in present if called.partition("(")[0] == wanted]
        if not matching:
            coded = self.codes.get(kind, {}).items()
            matching = [target for target, code in coded if _folded(code).upper() == wanted.upper()]
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise InvalidInput(field, f"有{len(matching)}个{quoted(name)}，请在姓名后用括号注明身份证后四位")
        raise InvalidInput(
            field, f"找不到{quoted(name)}，请先登记" if kind != "member" else f"名册里没有{quoted(name)}"
        )


def _folded(name: str) -> str:
    """Return a name for comparison, as a part of a line would hold it too."""
    return plain(piece(name)).replace(" ", "")


def show(field: RegisterField, value: Any, names: RowNames, tags: Mapping[str, str] | None = None) -> str:
    """Return `value` of the field as people read it; empty text for nothing."""
    if value is None or value == "" or value == ():
        return ""
    if field.kind == "lines":
        return "；".join(filter(None, (say_line(field, row, names) for row in value)))
    if field.kind == "ref":
        return names.name(field.ref or "", value)
    if field.kind == "tag":
        return (tags or {}).get(value, str(value))
    if field.kind == "code":
        return names.of_kind.get(field.codes, {}).get(value, str(value))
    if field.kind == "money":
        return grouped(value)
    if field.kind == "yes_no":
        return "是" if value else "否"
    if isinstance(value, Labelled):
        return value.label
    if field.kind == "month" and isinstance(value, date):
        return f"{value.year}年{value.month}月"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"  # every digit that was typed
    return str(value)


def say_line(field: RegisterField, row: object, names: RowNames) -> str:
    """Return one line as people read it, each part that says something after its label: 投诉数，目标 3. Who or what
    the line is about needs none where it has a name, or where the field is called by it."""
    first = field.parts[0]
    bare = first.name if first.kind == "ref" or first.label in field.label else ""
    parts = ((part, piece(show(part, getattr(row, part.name), names))) for part in field.parts)
    return "，".join(words if part.name == bare else f"{part.label} {words}" for part, words in parts if words)


def cell_line(field: RegisterField, row: object, names: RowNames) -> str:
    """Return one line as a cell of Excel holds it: its parts with | between, without empty parts at the end."""
    return join_parts(show(part, getattr(row, part.name), names) for part in field.parts)


def understand(field: RegisterField, value: object, names: RowNames, tags: Mapping[str, str] | None = None) -> Any:
    """Return what a typed or imported `value` means for the field; None for an empty value.

    Raises:
        InvalidInput: it means nothing certain, or breaks the field's rule.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return () if field.kind == "lines" else None
    if field.kind == "lines":
        return read_lines(field, value, names)
    if field.choices is not None:
        return _choice(field, field.choices, value)
    if field.kind == "ref":
        targets = names.of_kind.get(field.ref or "", {})
        return value if value in targets else names.find(field.ref or "", str(value), field)
    if field.kind == "tag":
        return _tag(field, value, tags or {})
    if field.kind == "code":
        return _tag(field, value, names.of_kind.get(field.codes, {}))
    if field.kind == "date":
        return parse_date(value, field)
    if field.kind == "month":
        return _month(field, value)
    if field.kind == "integer":
        if field.name == YEAR:
            return parse_integer(value, field, OLDEST_YEAR, NEWEST_YEAR)
        return parse_integer(value, field, field.lowest, field.highest)
    if field.kind == "number":
        return float(parse_decimal(value, field, places=4, units="小时分件次个%平方米户"))
    if field.kind == "money":
        return parse_money(value, field)
    if field.kind == "yes_no":
        return parse_yes_no(value, field)
    return parse_text(value, field, longest=LONGEST_WORDS if field.kind == "long" else LONGEST_LINE)


def refuse_untypable(field: RegisterField, value: Any) -> None:
    """Refuse a stored `value` that nobody could have typed; what it points to and its tag are not looked up.

    Raises:
        InvalidInput: it breaks the field's rule.
    """
    if value is None or field.kind in ("ref", "tag"):
        return
    if field.kind == "code":  # another edition may know it
        parse_text(value, field, longest=LONGEST_CODE)
        return
    if field.kind == "lines":
        for row in value:
            for part in field.parts:
                refuse_untypable(part, getattr(row, part.name))
        return
    understand(field, Decimal(value) / 100 if field.kind == "money" else value, RowNames())


def read_lines(field: RegisterField, value: object, names: RowNames) -> tuple[object, ...]:
    """Return lines typed as text (parts by |, rows by a line break or ；) or given as rows already.

    Raises:
        InvalidInput: a row has more parts than there are.
    """
    item = field.item
    if item is None:
        return ()
    if isinstance(value, tuple | list):
        return tuple(value)
    rows = []
    for number, text in enumerate(split_lines(str(value)), start=1):
        typed = split_parts(text)
        if len(typed) > len(field.parts):
            wanted = "|".join(part.label for part in field.parts)
            raise InvalidInput(field, f"第{number}行有{len(typed)}段，应为“{wanted}”")
        parts: dict[str, object] = {}
        for part, words in zip(field.parts, typed, strict=False):
            understood = understand(part, words, names)
            if understood is not None:
                parts[part.name] = understood
        rows.append(item(**parts))
    return tuple(rows)


def _month(field: RegisterField, value: object) -> date:
    """Return the first day of the month that `value`, a day or a month, means."""
    found = parse_partial_date(value, field)
    if found.precision is Precision.YEAR:
        raise InvalidInput(field, "请写到月")
    return found.on.replace(day=1)


def _choice(field: RegisterField, choices: type[Labelled], value: object) -> Labelled:
    if isinstance(value, choices):
        return value
    text = plain(value).replace(" ", "")
    for choice in choices:
        if text in (plain(choice.label), choice.value):
            return choice
    raise InvalidInput(field, f"{quoted(text)}不在可选项中：" + "、".join(choice.label for choice in choices))


def _tag(field: RegisterField, value: object, tags: Mapping[str, str]) -> str:
    text = plain(value).replace(" ", "")
    for tag, name in tags.items():
        if text in (tag, plain(name).replace(" ", "")):
            return tag
    raise InvalidInput(field, f"{quoted(text)}不在可选项中：" + "、".join(tags.values()))
