"""The form of one part of a draft, born from what its fields hold and from what each kind of rule asks for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from desktop.models.vocabulary.labels import Labelled
from desktop.services.errors import Input, InvalidInput
from desktop.services.standards.editing.draft import StandardDraft
from desktop.services.standards.editing.words import (
    Tree,
    Words,
    field_words,
    is_tree,
    key_of,
    rows_of,
    rule_kind_help,
    rule_kind_words,
)
from desktop.services.standards.rule_reader import RULE_PARAMETERS
from desktop.services.standards.vocabulary import (
    EACH,
    ENTITY_STATES,
    ISSUE_SOURCES,
    MEETING_KINDS,
    PDCA_STAGES,
    PERIODS,
    ROSTER_FIELDS,
    TALK_PAIRS,
)
from desktop.services.toml_tables import Path


class Holds(Labelled):
    """What a field of a form holds."""

    TEXT = "text", "一行文字"
    MEMO = "memo", "几行文字"
    LINES = "lines", "每行一项"
    NUMBERS = "numbers", "每行一个数字"
    WHOLE = "whole", "整数"
    NUMBER = "number", "数字"
    CHOICE = "choice", "选一个"
    CHOICES = "choices", "选几个"
    YES_NO = "yes_no", "是或否"
    DAY = "day", "日期"
    PAIR = "pair", "几分之几"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldForm:
    """One field: where it stands, what it holds now, and what it held in the edition before ("" for the same)."""

    path: Path
    label: str
    holds: Holds
    value: object
    before: str
    required: bool
    choices: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name of the field in the file."""
        return str(self.path[-1])


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together under a heading; `path` leads to their table."""

    title: str
    help: str
    path: Path
    fields: tuple[FieldForm, ...]


_OPTIONAL: Mapping[str, Mapping[str, Holds]] = {
    "items": {"applies_if": Holds.CHOICE, "gate": Holds.CHOICE, "enabled": Holds.YES_NO},
    "levels": {"max_ratio": Holds.NUMBER, "follow_up": Holds.LINES},
    "posts": {"note": Holds.TEXT},
    "sub_items": {"min_samples": Holds.WHOLE},
    "agenda_tags": {"study": Holds.YES_NO},
}
"""Fields that a table of a list may have and need not."""
_CRITERION: Mapping[str, tuple[str, ...]] = {
    "rating": ("superior", "grassroots"),
    "survey": ("members", "beneficiary"),
    "metric": ("system",),
    "site": ("superior",),
}
_FIXED = frozenset({"id", "schema", "key", "pack_id", "scheme_id"})
"""What keeps what it is from one edition to the next: shown, not asked for."""
_MEMOS = frozenset({"target", "text", "words", "goal"})
_CODES: Mapping[str, tuple[str, ...]] = {
    "meeting_or_any": (*MEETING_KINDS, "any"),
    "meetings": MEETING_KINDS,
    "per": PERIODS,
    "year": ("year",),
    "month": ("month",),
    "each": EACH,
    "who": ("members", "committee"),
    "pairs": TALK_PAIRS,
    "roster_fields": ROSTER_FIELDS,
    "issue_source": ISSUE_SOURCES,
    "pdca_stage": PDCA_STAGES,
    "entity": tuple(ENTITY_STATES),
}
_HOLDS: Mapping[str, Holds] = {
    "meetings": Holds.CHOICES,
    "pairs": Holds.CHOICES,
    "roster_fields": Holds.CHOICES,
    "count": Holds.WHOLE,
    "amount": Holds.NUMBER,
    "share": Holds.NUMBER,
    "texts": Holds.LINES,
    "yes_no": Holds.YES_NO,
    "ruleset": Holds.TEXT,
    "ratio_pair": Holds.PAIR,
}
"""What the parameters of rules hold; the rest are choices."""


def form_of(draft: StandardDraft, path: Path) -> tuple[Group, ...]:
    """Return the form of the table at `path`: its own fields, its rule, its criteria."""
    table = draft.at(path)
    if not is_tree(table):
        return ()
    found = [Group("", "", path, tuple(_plain_fields(draft, path, table)))]
    rule = table.get("rule")
    if is_tree(rule):
        found += _rule_groups(draft, (*path, "rule"), rule, field_words(draft.kind, "rule"))
    for number, row in enumerate(rows_of(table.get("quality"))):
        found.append(_criterion(draft, (*path, "quality", number), row, number))
    return tuple(group for group in found if group.fields)


def _plain_fields(draft: StandardDraft, path: Path, table: Tree) -> list[FieldForm]:
    words = draft.words
    found = []
    of_list = next((str(step) for step in reversed(path) if isinstance(step, str)), "") if path else ""
    optional = _OPTIONAL.get(of_list, {}) if path and isinstance(path[-1], int) else {}
    for name in dict.fromkeys((*table, *optional)):
        value = table.get(name)
        if name in _FIXED or is_tree(value) or (isinstance(value, list) and any(is_tree(row) for row in value)):
            continue
        holds = _holding(words, name, value, optional.get(name))
        found.append(_field(draft, (*path, name), holds, dict(words.choices(name)), required=name not in optional))
    return found


def _holding(words: Words, name: str, value: object, declared: Holds | None) -> Holds:
    """Return what a field holds, by what stands in it."""
    if declared is not None:
        return declared
    if isinstance(value, bool):
        return Holds.YES_NO
    if isinstance(value, Decimal) or (isinstance(value, int) and name in ("min", "points", "cap", "weight")):
        return Holds.NUMBER
    if isinstance(value, int):
        return Holds.NUMBER if name.endswith("weight") else Holds.WHOLE
    if isinstance(value, date):
        return Holds.DAY
    if isinstance(value, list):
        if name.endswith("ratio") and len(value) == 2:
            return Holds.PAIR
        if value and all(isinstance(entry, int | Decimal) for entry in value):
            return Holds.NUMBERS
        return Holds.CHOICES if words.choices(name) else Holds.LINES
    if words.choices(name):
        return Holds.CHOICE
    return Holds.MEMO if name in _MEMOS else Holds.TEXT


def _rule_groups(draft: StandardDraft, path: Path, rule: Tree, title: str) -> list[Group]:
    kind = str(rule.get("kind", ""))
    kinds = {name: rule_kind_words(name) for name in RULE_PARAMETERS if name != "all_of" or path[-1] == "rule"}
    fields = [_field(draft, (*path, "kind"), Holds.CHOICE, kinds, required=True)]
    for name, (what, required) in RULE_PARAMETERS.get(kind, {}).items():
        if what != "rules":
            fields.append(_parameter(draft, (*path, name), what, rule, required=required))
    found = [Group(title, rule_kind_help(kind), path, tuple(fields))]
    for number, row in enumerate(rows_of(rule.get("rules"))):
        found += _rule_groups(draft, (*path, "rules", number), row, f"{title}：第{number + 1}条")
    return found


def _parameter(draft: StandardDraft, path: Path, what: str, rule: Tree, *, required: bool) -> FieldForm:
    words = draft.words
    codes = ENTITY_STATES.get(str(rule.get("entity")), ()) if what == "entity_state" else _CODES.get(what, ())
    name = str(path[-1])
    listed = words.choices(name)
    if what == "record_tag":
        tags = rows_of(draft.tree.get("record_tags"))
        listed = {key_of(tag): str(tag.get("name", "")) for tag in tags if tag.get("record") == rule.get("record")}
    choices = {code: words.value(name, code) for code in codes} or dict(listed)
    return _field(draft, path, _HOLDS.get(what, Holds.CHOICE), choices, required=required)


def _criterion(draft: StandardDraft, path: Path, row: Tree, number: int) -> Group:
    words, how = draft.words, str(row.get("how", ""))
    fields = [_field(draft, (*path, "text"), Holds.MEMO, {}, required=True)]
    ways = {way: words.value("how", way) for way in _CRITERION}
    fields.append(_field(draft, (*path, "how"), Holds.CHOICE, ways, required=True))
    who = {each: words.value("by", each) for each in _CRITERION.get(how, ())}
    fields.append(_field(draft, (*path, "by"), Holds.CHOICE, who, required=True))
    if how == "metric":
        fields.append(_field(draft, (*path, "metric"), Holds.CHOICE, dict(words.choices("metric")), required=True))
    if how in ("metric", "survey"):
        fields += [_field(draft, (*path, name), Holds.NUMBER, {}, required=True) for name in ("full", "zero")]
    return Group(f"质量标准 {number + 1}", "", path, tuple(fields))


def _field(draft: StandardDraft, path: Path, holds: Holds, choices: Mapping[str, str], *, required: bool) -> FieldForm:
    name, value, before = str(path[-1]), draft.at(path), draft.before(path)
    known = draft.before(path[:-1]) is not None
    if holds is Holds.YES_NO:
        usual = name == "enabled"
        value = usual if value is None else value
        before = usual if before is None and known else before
    was = draft.words.value(name, before) or "没有"
    return FieldForm(
        path=path,
        label=draft.words.field(name),
        holds=holds,
        value=value,
        before=was if known and before != value else "",
        required=required,
        choices=choices,
    )


def shown(field: FieldForm) -> str:
    """Return the value of a field of text or numbers as it is typed."""
    value = field.value
    if value is None:
        return ""
    if field.holds is Holds.PAIR and isinstance(value, list) and len(value) == 2:
        return f"{value[0]}/{value[1]}"
    if isinstance(value, list):
        return "\n".join(str(entry) for entry in value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def typed(field: FieldForm, words: str) -> object:
    """Return what was typed into a field of text or numbers as the file holds it; None for nothing.

    Raises:
        InvalidInput: it is no such value.
    """
    text = words.strip()
    if not text:
        return "" if field.required and field.holds in (Holds.TEXT, Holds.MEMO) else None
    asked = Input(field.name, field.label)
    reader = _READERS.get(field.holds)
    if reader is None:
        return text
    try:
        return reader(text)
    except (ValueError, InvalidOperation) as error:
        raise InvalidInput(asked, f"应为{field.holds.label}") from error


def _number(text: str) -> object:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return int(number) if number == number.to_integral_value() and "." not in text else number


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pair(text: str) -> object:
    first, _slash, second = text.partition("/")
    return [int(first), int(second)]


_READERS: Mapping[Holds, Callable[[str], object]] = {
    Holds.WHOLE: int,
    Holds.NUMBER: _number,
    Holds.PAIR: _pair,
    Holds.DAY: date.fromisoformat,
    Holds.LINES: _lines,
    Holds.NUMBERS: lambda text: [_number(line) for line in _lines(text)],
}


def set_field(draft: StandardDraft, field: FieldForm, value: object) -> None:
    """Let a field have another value. Another kind of rule asks for other things: those it shares stay."""
    if field.name == "kind" and field.value != value and str(value) in RULE_PARAMETERS:
        _change_rule(draft, field.path[:-1], str(value))
    elif field.name == "how" and field.value != value and str(value) in _CRITERION:
        _change_criterion(draft, field.path[:-1], str(value))
    elif field.name == "enabled" and value is True:
        draft.put(field.path, None)
    else:
        draft.put(field.path, value)


def _change_rule(draft: StandardDraft, path: Path, kind: str) -> None:
    old = draft.at(path)
    new: Tree = {"kind": kind}
    for name, (what, required) in RULE_PARAMETERS[kind].items():
        if is_tree(old) and name in old and what != "rules":
            new[name] = old[name]
        elif required:
            new[name] = _first(draft, name, what, new)
    owner, last = draft.at(path[:-1]), path[-1]
    if is_tree(owner):
        draft.put(path, new)
    elif isinstance(owner, list) and isinstance(last, int):
        rules = [new if number == last else row for number, row in enumerate(owner)]
        draft.put(path[:-1], rules)


def _first(draft: StandardDraft, name: str, what: str, rule: Tree) -> object:
    """Return a value that a parameter may begin with."""
    if what == "rules":
        return [{"kind": "meeting_count", "meeting": "branch_congress", "min": 1, "per": "quarter"}]
    holds = _HOLDS.get(what, Holds.CHOICE)
    if holds is Holds.CHOICE or holds is Holds.CHOICES:
        offered = list(_parameter(draft, (name,), what, rule, required=True).choices)
        return offered if holds is Holds.CHOICES else next(iter(offered), "")
    beginnings: Mapping[Holds, object] = {
        Holds.WHOLE: 1,
        Holds.NUMBER: 1,
        Holds.LINES: [],
        Holds.YES_NO: False,
        Holds.PAIR: [1, 3],
        Holds.TEXT: next(_said(draft.base, name), ""),
    }
    return Decimal("0.5") if name == "zero" else beginnings[holds]


def _said(place: object, name: str) -> Iterator[str]:
    """Yield what other rules of the edition in force say for a parameter."""
    if is_tree(place):
        if isinstance(place.get(name), str):
            yield str(place[name])
        for inner in place.values():
            yield from _said(inner, name)
    elif isinstance(place, list):
        for inner in place:
            yield from _said(inner, name)


def _change_criterion(draft: StandardDraft, path: Path, how: str) -> None:
    old = draft.at(path)
    new: Tree = {"text": old.get("text", "") if is_tree(old) else "", "how": how, "by": _CRITERION[how][0]}
    if how == "metric":
        new["metric"] = next(iter(draft.words.choices("metric")), "")
    if how in ("metric", "survey"):
        new |= {"full": Decimal("0.9"), "zero": Decimal("0.6")}
    number = path[-1]
    rows = draft.at(path[:-1])
    if isinstance(rows, list):
        draft.put(path[:-1], [new if place == number else row for place, row in enumerate(rows)])


def add_criterion(draft: StandardDraft, path: Path) -> None:
    """Let the item at `path` have one more criterion."""
    rows = rows_of(draft.at((*path, "quality")))
    draft.put((*path, "quality"), [*rows, {"text": "", "how": "rating", "by": "superior"}])


def drop_criterion(draft: StandardDraft, path: Path) -> None:
    """Take the criterion at `path` out of its item."""
    rows, number = rows_of(draft.at(path[:-1])), path[-1]
    draft.put(path[:-1], [row for place, row in enumerate(rows) if place != number])
