"""The form of one part of a draft, born from what its fields hold and from what each kind of rule asks for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from desktop.models.vocabulary.stores import StandardKind
from desktop.services.errors import Input, InvalidInput
from desktop.services.standards.editing.declared import (
    CODES,
    ENTRIES,
    FOR_READING,
    LEFT,
    LEFT_OF_THE_WHOLE,
    OPTIONAL,
    POINT_RULES,
    SEEN,
    Holds,
    point_rule,
)
from desktop.services.standards.editing.draft import StandardDraft
from desktop.services.standards.editing.words import (
    Tree,
    Words,
    code_words,
    entry_tables,
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
    for_reading: bool = False
    """People look it up; nothing is reckoned by it."""

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
    may_go: bool = False
    """Whether its table is one of a list that may have fewer."""


_CRITERION: Mapping[str, tuple[str, ...]] = {
    "rating": ("superior", "grassroots"),
    "survey": ("members", "beneficiary"),
    "metric": ("system",),
    "site": ("superior",),
}
POINT_KINDS = {kind: code_words(StandardKind.MEMBER_POINTS, kind) for kind in POINT_RULES}
ENTRY_UNSAID = "支部自己填"
ENTRY_HELP = "选了按什么记录计数的，支部的措施从立项起按市公司登记的观摩和座谈、结对帮带、联系计数，不用支部填。"
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
    for name in ENTRIES:
        found += _entries(draft, (*path, name), table.get(name))
    return tuple(group for group in found if group.fields)


def _plain_fields(draft: StandardDraft, path: Path, table: Tree) -> list[FieldForm]:
    words = draft.words
    found = []
    of_list = next((str(step) for step in reversed(path) if isinstance(step, str)), "") if path else ""
    optional = OPTIONAL.get(of_list, {}) if path and isinstance(path[-1], int) else {}
    left = LEFT if path else LEFT | LEFT_OF_THE_WHOLE.get(draft.kind, frozenset())
    counted = draft.kind is StandardKind.MEMBER_POINTS and of_list == "rules" and table.get("kind") in POINT_RULES
    asked = POINT_RULES[str(table["kind"])] if counted else {}
    for name in dict.fromkeys((*table, *asked, *optional)):
        value = table.get(name, asked.get(name))
        if name in left or is_tree(value) or rows_of(value) or (name in ENTRIES and isinstance(value, list)):
            continue
        choices = POINT_KINDS if counted and name == "kind" else _choices(draft, words, name)
        if name == "kind" and not counted:
            continue
        holds = _holding(choices, name, value, optional.get(name))
        found.append(_field(draft, (*path, name), holds, choices, required=name not in optional))
    return found


def _choices(draft: StandardDraft, words: Words, name: str) -> dict[str, str]:
    """Return what a field may hold: the ids of a list of the file, codes, or what the file names already."""
    codes: Iterable[str] = CODES.get(draft.kind, {}).get(name, ())
    if not codes and name in SEEN:
        codes = sorted(set(_said(draft.base, name)) | set(_said(draft.tree, name)))
    return dict(words.choices(name)) or {code: words.value(name, code) for code in codes}


def _holding(choices: Mapping[str, str], name: str, value: object, declared: Holds | None) -> Holds:
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
        return Holds.CHOICES if choices else Holds.LINES
    if choices:
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
    return Group(f"质量标准 {number + 1}", "", path, tuple(fields), may_go=True)


def _entries(draft: StandardDraft, path: Path, entries: object) -> Iterator[Group]:
    """Yield a group for each entry of a list of texts that may say more."""
    words, (head, *more) = draft.words, ENTRIES[str(path[-1])]
    title = words.field(str(path[-1]))
    for number in range(len(entry_tables(entries, head))):
        place = (*path, number)
        fields = [_field(draft, (*place, head), Holds.TEXT, {}, required=True)]
        for name in more:
            choices = {"": ENTRY_UNSAID, **_choices(draft, words, name)}
            fields.append(_field(draft, (*place, name), Holds.CHOICE, choices, required=False))
        yield Group(f"{title} {number + 1}", "" if number else ENTRY_HELP, place, tuple(fields), may_go=True)


def _field(
    draft: StandardDraft,
    path: Path,
    holds: Holds,
    choices: Mapping[str, str],
    *,
    required: bool,
) -> FieldForm:
    name, value, before = str(path[-1]), _said_at(draft.at, path), _said_at(draft.before, path)
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
        for_reading=name in FOR_READING.get(draft.kind, ()),
    )


def _said_at(look: Callable[[Path], object], path: Path) -> object:
    """Return what stands at a place; of an entry that is a bare text, the text itself."""
    owner = look(path[:-1]) if path[:-1] else None
    return owner if isinstance(owner, str) and path[-1] == "text" else look(path)


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
    if draft.at(field.path) is None and value == field.value:  # what is not written stays so
        return
    if len(field.path) > 2 and field.path[-3] in ENTRIES:
        _change_entry(draft, field.path, value)
    elif field.name == "kind" and field.value != value and str(value) in RULE_PARAMETERS:
        _change_rule(draft, field.path[:-1], str(value))
    elif field.name == "how" and field.value != value and str(value) in _CRITERION:
        _change_criterion(draft, field.path[:-1], str(value))
    elif field.name == "kind" and field.value != value and str(value) in POINT_RULES:
        old = draft.at(field.path[:-1])
        _replace(draft, field.path[:-1], point_rule(old if is_tree(old) else {}, str(value)))
    elif field.name == "enabled" and value is True:
        draft.put(field.path, None)
    else:
        draft.put(field.path, value)


def _change_entry(draft: StandardDraft, path: Path, value: object) -> None:
    """Let an entry say something else; one that says nothing but its text is written as a bare text."""
    place, number, name = path[:-2], path[-2], str(path[-1])
    head = ENTRIES[str(place[-1])][0]
    changed: list[object] = []
    for each, entry in enumerate(entry_tables(draft.at(place), head)):
        said: Tree = {**entry, name: value} if each == number else entry
        said = {key: part for key, part in said.items() if part is not None}
        changed.append(said.get(head, "") if set(said) <= {head} else said)
    draft.put(place, changed)


def _change_rule(draft: StandardDraft, path: Path, kind: str) -> None:
    old = draft.at(path)
    new: Tree = {"kind": kind}
    for name, (what, required) in RULE_PARAMETERS[kind].items():
        if is_tree(old) and name in old and what != "rules":
            new[name] = old[name]
        elif required:
            new[name] = _first(draft, name, what, new)
    _replace(draft, path, new)


def _replace(draft: StandardDraft, path: Path, new: Tree) -> None:
    """Let another table stand at a place, in a table or in a list."""
    owner, last = draft.at(path[:-1]), path[-1]
    if is_tree(owner):
        draft.put(path, new)
    elif isinstance(owner, list) and isinstance(last, int):
        draft.put(path[:-1], [new if number == last else row for number, row in enumerate(owner)])


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
    _replace(draft, path, new)


def add_criterion(draft: StandardDraft, path: Path) -> None:
    """Let the item at `path` have one more criterion."""
    rows = rows_of(draft.at((*path, "quality")))
    draft.put((*path, "quality"), [*rows, {"text": "", "how": "rating", "by": "superior"}])


def add_entry(draft: StandardDraft, path: Path) -> None:
    """Let the list of texts at `path` have one more, with nothing in it."""
    entries = draft.at(path)
    draft.put(path, [*(entries if isinstance(entries, list) else ()), ""])


def drop_entry(draft: StandardDraft, path: Path) -> None:
    """Take the criterion or entry at `path` out of its list."""
    entries, number = draft.at(path[:-1]), path[-1]
    if isinstance(entries, list):
        draft.put(path[:-1], [entry for place, entry in enumerate(entries) if place != number])
