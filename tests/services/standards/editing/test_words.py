"""Every field and every kind of rule of the files the program brings has a name in Chinese."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal

import pytest

from desktop.models.vocabulary.stores import StandardKind
from desktop.paths import resource
from desktop.services.standards.editing.words import Words, field_words, rule_kind_help, rule_kind_words
from desktop.services.standards.rule_reader import RULE_PARAMETERS

FILES = {kind: kind.value.replace("-", "_") for kind in StandardKind}


def fields(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from fields(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner)


@pytest.mark.parametrize("kind", FILES)
def test_every_field_has_its_words(kind: StandardKind) -> None:
    found = set(fields(tomllib.loads(resource(f"standards/{FILES[kind]}.toml").read_text("utf-8"))))
    assert {name for name in found if name.isascii() and field_words(kind, name) == name} == set()


@pytest.mark.parametrize("rule", RULE_PARAMETERS)
def test_every_kind_of_rule_and_its_parameters_have_words(rule: str) -> None:
    assert rule_kind_words(rule) != rule
    assert rule_kind_help(rule)
    for name in RULE_PARAMETERS[rule]:
        assert field_words(StandardKind.BRANCH_STANDARD, name) != name


def test_codes_are_said_by_the_lists_of_the_same_file() -> None:
    root = tomllib.loads(resource("standards/branch_standard.toml").read_text("utf-8"))
    words = Words(StandardKind.BRANCH_STANDARD, root)
    assert words.value("post", "secretary") == "支部书记"
    assert words.value("each", "secretary") == "书记"
    assert words.value("evidence", ["approval", "roster"]) == "上级批复；名册"
    assert words.value("trace_weight", Decimal("1.50")) == "1.5"
    assert words.value("title", "secretary") == "secretary"
    assert words.value("rule", {"kind": "term_valid", "years": 3}) == "按期换届，年数 3"
