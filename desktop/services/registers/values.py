"""The values of a declared field: as people read them, as they type them, and whether they may be kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.models.registers import Field
from desktop.models.vocabulary import Labelled
from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.lines import join_parts, piece, split_lines, split_parts
from desktop.services.spreadsheets.numbers import parse_decimal, parse_integer, parse_money
from desktop.services.spreadsheets.text import parse_text, parse_yes_no, plain

LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Names:
    """What people call the things a field may point to: per kind (member, venue …) id -> name, each name once."""

    of_kind: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def name(self, kind: str, target: object) -> str:
        """Return the name of the row `target` of `kind`; 已删除 if it is there no more."""
        return self.of_kind.get(kind, {}).get(str(target), "（已删除）") if target else ""

    def find(self, kind: str, name: str, label: str) -> str:
        """Return the id of what is called `name`.

        Raises:
            InvalidInput: nothing, or more than one thing, is called so.
        """
        wanted = _folded(name)
        exact = [target for target, known in self.of_kind.get(kind, {}).items() if _folded(known) == wanted]
        if not exact:  # 张伟（1234） also answers to 张伟 where that is one person
            exact = [
                target
                for target, known in self.of_kind.get(kind, {}).items()
                if _folded(known).partition("(")[0] == wanted
            ]
        if len(exact) == 1:
            return exact[0]
        if exact:
            raise InvalidInput(label, f"有{len(exact)}个“{name}”，请在姓名后用括号注明身份证后四位")
        raise InvalidInput(label, f"找不到“{name}”，请先登记" if kind != "member" else f"名册里没有“{name}”")


def _folded(name: str) -> str:
    """Return a name for comparison, as a part of a line would hold it too."""
    return plain(piece(name)).replace(" ", "")


def show(one: Field, value: Any, names: Names, tags: Mapping[str, str] | None = None) -> str:
    """Return `value` of the field as people read it; empty text for nothing."""
    if value is None or value == "" or value == ():
        return ""
    if one.kind == "lines":
        return "；".join(show_line(one, row, names) for row in value)
    if one.kind == "ref":
        return names.name(one.ref or "", value)
    if one.kind == "tag":
        return (tags or {}).get(value, str(value))
    if one.kind == "money":
        return f"{Decimal(value) / 100:,.2f}"
    if one.kind == "yes_no":
        return "是" if value else "否"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"  # every digit that was typed
    return str(value)


def show_line(one: Field, row: Any, names: Names) -> str:
    """Return one line as its parts with | between, without empty parts at the end."""
    return join_parts(show(part, getattr(row, part.name), names) for part in one.parts)


def understand(one: Field, value: object, names: Names, tags: Mapping[str, str] | None = None) -> Any:
    """Return what a typed or imported `value` means for the field; None for an empty one.

    Raises:
        InvalidInput: it means nothing certain, or breaks the field's rule.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return () if one.kind == "lines" else None
    if one.kind == "lines":
        return read_lines(one, value, names)
    if one.choices is not None:
        return _choice(one, value)
    if one.kind == "ref":
        known = names.of_kind.get(one.ref or "", {})
        return value if value in known else names.find(one.ref or "", str(value), one.label)
    if one.kind == "tag":
        return _tag(one, value, tags or {})
    if one.kind == "date":
        return parse_date(value, one)
    if one.kind == "integer":
        return parse_integer(value, one)
    if one.kind == "number":
        return float(parse_decimal(value, one, places=4, units="小时分件次个%平方米户"))
    if one.kind == "money":
        return parse_money(value, one)
    if one.kind == "yes_no":
        return parse_yes_no(value, one)
    return parse_text(value, one, longest=4000 if one.kind == "long" else LONGEST_LINE)


def read_lines(one: Field, value: object, names: Names) -> tuple[Any, ...]:
    """Return lines typed as text (parts by |, rows by a line break or ；) or given as rows already."""
    assert one.item is not None
    if isinstance(value, tuple | list):
        return tuple(value)
    rows = []
    for number, text in enumerate(split_lines(str(value)), start=1):
        typed = split_parts(text)
        if len(typed) > len(one.parts):
            wanted = "|".join(part.label for part in one.parts)
            raise InvalidInput(one.label, f"第{number}行有{len(typed)}段，应为“{wanted}”")
        parts: dict[str, Any] = {}
        for part, words in zip(one.parts, typed, strict=False):
            understood = understand(part, words, names)
            if understood is not None:
                parts[part.name] = understood
        rows.append(one.item(**parts))
    return tuple(rows)


def _choice(one: Field, value: object) -> Labelled:
    assert one.choices is not None
    if isinstance(value, one.choices):
        return value
    text = plain(value).replace(" ", "")
    for member in one.choices:
        if text in (plain(member.label), member.value):
            return member
    raise InvalidInput(one.label, f"“{text}”不在可选项中：" + "、".join(member.label for member in one.choices))


def _tag(one: Field, value: object, tags: Mapping[str, str]) -> str:
    text = plain(value)
    for tag, name in tags.items():
        if text in (tag, plain(name)):
            return tag
    raise InvalidInput(one.label, f"“{text}”不在可选项中：" + "、".join(tags.values()))
