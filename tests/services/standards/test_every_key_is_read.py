"""What a standards file says is done, or is said to be for people to look up: no key means nothing."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import desktop
from desktop.models.vocabulary.stores import StandardKind
from desktop.paths import resource
from desktop.services.standards.editing.declared import FOR_READING, LEFT
from desktop.services.standards.editions import BUILT_IN

PROGRAM = Path(desktop.__file__).parent
READERS = (
    "standards/pack.py",
    "standards/party_rules.py",
    "standards/dues_rules.py",
    "standards/appraisal_rules.py",
    "points/scheme.py",
    "race/scheme.py",
)
"""Where what is read from the files is kept."""
TAKEN = ("text", "texts", "integer", "integers", "number", "decimal", "share", "decimal_share", "hundredths", "yes_no")
OTHERWISE = frozenset({"due_exclusions", "as_of"})
"""Fields that readers keep and nobody asks: one is printed law, the other is read with the edition (`_SINCE`)."""
NAMES = frozenset({"key", "pack_id"})
"""What a file calls itself and its parts by; `rows` and people tell them apart."""
BY_PATTERN = frozenset({"development_2014", "development_2026"})
"""Tables that are found by the beginning of their name (`read_editions`)."""
FILES = sorted(path.name for path in resource("standards").glob("*.toml") if path.name != "words.toml")
"""All but the words, whose keys are those of the others."""


@cache
def modules() -> dict[Path, ast.Module]:
    return {
        path: ast.parse(path.read_text("utf-8"))
        for path in PROGRAM.rglob("*.py")
        if "migrations" not in path.parts and "editing" not in path.parts
    }


@cache
def asked_for() -> frozenset[str]:
    """Every word that code could ask a file for: its texts, names of arguments, and fields that classes declare."""
    found: set[str] = set()
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.keyword) and node.arg:
                found.add(node.arg)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
    return frozenset(found)


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@pytest.mark.parametrize("name", FILES)
def test_each_key_of_each_file_is_asked_for_or_said_to_be_for_people(name: str) -> None:
    tree = tomllib.loads(resource(f"standards/{name}").read_text("utf-8"))
    kind = StandardKind(tree["schema"].partition("/")[0]) if name.removesuffix(".toml") in BUILT_IN else None
    by_other_keys = frozenset(texts(tree))  # a table of what a code means
    silent = set(keys(tree)) - asked_for() - by_other_keys - BY_PATTERN
    assert silent - FOR_READING.get(kind, frozenset()) == set()  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", FOR_READING)
def test_what_is_said_to_be_for_people_alone_stands_in_the_file(kind: StandardKind) -> None:
    files = (tomllib.loads(resource(f"standards/{name}.toml").read_text("utf-8")) for name in BUILT_IN)
    (tree,) = (tree for tree in files if tree["schema"].startswith(kind.value))
    assert FOR_READING[kind] <= set(keys(tree))


def test_what_is_kept_of_a_file_is_used_somewhere() -> None:
    used = {
        node.attr
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    kept = {
        line.target.id
        for reader in READERS
        for node in ast.walk(modules()[PROGRAM / "services" / reader])
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }
    people = frozenset().union(*FOR_READING.values()) | LEFT | OTHERWISE
    assert kept - used - people == set()


def test_no_reader_asks_for_a_value_and_throws_it_away() -> None:
    thrown = {
        node.value.args[0].value
        for path, tree in modules().items()
        if path.name in ("scheme.py", "pack_reader.py", "rule_reader.py", "party_rules.py", "dues_rules.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr in TAKEN
        and isinstance(node.value.args[0], ast.Constant)
    }
    assert thrown <= NAMES
