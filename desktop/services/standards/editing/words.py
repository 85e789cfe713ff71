"""What the fields and values of standards files are called in Chinese, for their checks, comparisons and forms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TypeGuard

from desktop.models.vocabulary.stores import StandardKind
from desktop.paths import resource
from desktop.services.numbers import digits
from desktop.services.standards.rules.people import FIELD_WORDS
from desktop.services.toml_tables import read_toml

Tree = dict[str, object]
"""A standards file, or a table of it, as it is read from TOML."""
LISTS = {
    "post": "posts",
    "speaker_post": "posts",
    "period": "periods",
    "evidence": "evidence_kinds",
    "gate": "gates",
    "record": "record_kinds",
    "agenda_tag": "agenda_tags",
    "tag": "record_tags",
    "metric": "metrics",
    "applies_if": "conditions",
    "max_grade": "grades",
    "max_level": "levels",
    "class": "classes",
    "max_class": "classes",
    "tie_break": "indicators",
    "not_applicable": "indicators",
    "stage": "development_stages",
    "regulation": "regulations",
    "superseded_by": "regulations",
    "vote": "votes",
    "may_combine_with": "meetings",
}
"""Field -> the list of the same file whose ids it holds."""
KEYS = ("id", "class", "stage", "flag", "year", "no", "grade", "name")
"""What the tables of a list are told apart by: the first that they have."""
_OWN_WORDS = frozenset(
    {"text", "title", "name", "target", "words", "note", "version", "schema", "pack_id", "scheme_id", "id", "key"}
)
"""Fields whose texts say themselves what they mean."""


@dataclass(frozen=True, slots=True)
class _Known:
    fields: Mapping[str, str]
    of_kind: Mapping[str, Mapping[str, str]]
    rule_kinds: Mapping[str, tuple[str, str]]
    values: Mapping[str, str]


@cache
def _known() -> _Known:
    root = read_toml(resource("standards/words.toml").read_text("utf-8"), "words.toml")
    fields, kinds, values = root.table("fields"), root.table("rule_kinds"), root.table("values")
    tables = {kind.value: fields.table(kind.value) for kind in StandardKind if fields.has(kind.value)}
    rules = {name: kinds.table(name) for name in kinds.names()}
    return _Known(
        fields={name: fields.text(name) for name in fields.names() if name not in tables},
        of_kind={kind: {name: table.text(name) for name in table.names()} for kind, table in tables.items()},
        rule_kinds={name: (table.text("name"), table.text("help")) for name, table in rules.items()},
        values={name: values.text(name) for name in values.names()},
    )


def field_words(kind: StandardKind, field: str) -> str:
    """Return what a field is called; its own name where nobody gave it one."""
    known = _known()
    return known.of_kind.get(kind.value, {}).get(field) or known.fields.get(field, field)


def code_words(kind: StandardKind, code: str) -> str:
    """Return what a code is called that may be the name of a field, a value, or a kind of rule."""
    known = _known()
    if code in known.rule_kinds:
        return rule_kind_words(code)
    return known.values.get(code) or field_words(kind, code)


def rule_kind_words(kind: str) -> str:
    """Return what a kind of rule is called."""
    return _known().rule_kinds.get(kind, (kind, ""))[0]


def rule_kind_help(kind: str) -> str:
    """Return when a kind of rule is the right one, and how it counts."""
    return _known().rule_kinds.get(kind, ("", ""))[1]


def is_tree(value: object) -> TypeGuard[Tree]:
    """Return whether a value of a file is a table."""
    return isinstance(value, dict)


def rows_of(value: object) -> list[Tree]:
    """Return the tables of a list; none where it is anything else."""
    return [row for row in value if is_tree(row)] if isinstance(value, list) else []


def entry_tables(value: object, head: str = "text") -> list[Tree]:
    """Return the entries of a list as tables: a bare text as one of that text alone; none where it is no such list."""
    if not isinstance(value, list) or not all(isinstance(entry, str) or is_tree(entry) for entry in value):
        return []
    return [entry if is_tree(entry) else {head: entry} for entry in value]


def key_of(row: Tree) -> str:
    """Return what tells a table from the others of its list; "" where nothing does."""
    return next((str(row[key]) for key in KEYS if key in row), "")


def name_of(row: Tree) -> str:
    """Return what a table calls itself."""
    return next((str(row[key]) for key in ("title", "name", "text", "reason") if key in row), "")


class Words:
    """What stands in one file, in words: its codes by the lists of the same file."""

    def __init__(self, kind: StandardKind, root: Tree) -> None:
        self.kind, self._root = kind, root

    def field(self, field: str) -> str:
        """Return what a field is called."""
        return field_words(self.kind, field)

    def choices(self, field: str) -> Mapping[str, str]:
        """Return code -> name of the list whose codes a field holds; empty where there is none."""
        return {key_of(row): name_of(row) for row in rows_of(self._root.get(LISTS.get(field, "")))}

    def value(self, field: str, value: object) -> str:
        """Return a value as people write it."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if isinstance(value, float):
            return digits(value)
        if isinstance(value, list):
            return "；".join(self._entries(field, value))
        if is_tree(value):
            said = ((name, self.value(name, inner)) for name, inner in value.items())
            return "，".join(words if name == "kind" else f"{self.field(name)} {words}" for name, words in said)
        text = "" if value is None else str(value)
        if field in _OWN_WORDS or not text:
            return text
        if field == "kind" and text in _known().rule_kinds:
            return rule_kind_words(text)
        if field == "fields" and text in FIELD_WORDS:
            return FIELD_WORDS[text]
        return self.choices(field).get(text) or _known().values.get(text, text)

    def _entries(self, field: str, values: list[object]) -> Iterator[str]:
        for value in values:
            if not is_tree(value):
                yield self.value(field, value)
            elif "counts" in value:
                more = self.value("counts", value["counts"])
                yield f"{name_of(value)}（{self.field('counts')} {more}）"
            else:
                yield name_of(value) or self.value(field, value)
