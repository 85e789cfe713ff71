"""Every field of a TOML text has its line, as people count them."""

import tomllib

import pytest

from desktop.paths import resource
from desktop.services.toml_places import Places
from desktop.services.toml_tables import Path

TEXT = '''# 说明 [x]
a = 1
b = """
两行
"""
list = [ "[", 2, # ]
  { c = "}", d.e = 3 },
]
[one]
f = 'x'
[[many]]
g = 1
[[many]]
g = 2
[[many.inner]]
h = 2026-01-01
[many.rule]
"甲" = { i = [1, 2] }
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),
        (("b",), 3),
        (("list",), 6),
        (("list", 1), 6),
        (("list", 2), 7),
        (("list", 2, "c"), 7),
        (("list", 2, "d", "e"), 7),
        (("one",), 9),
        (("one", "f"), 10),
        (("many",), 11),
        (("many", 0, "g"), 12),
        (("many", 1), 13),
        (("many", 1, "g"), 14),
        (("many", 1, "inner", 0, "h"), 16),
        (("many", 1, "rule", "甲", "i", 1), 18),
        (("one", "missing"), 9),
        (("nowhere", "at", "all"), 1),
    ],
)
def test_a_field_is_found_in_its_line(path: Path, line: int) -> None:
    assert Places(TEXT).line(path) == line


def paths(value: object, path: Path = ()) -> list[Path]:
    if isinstance(value, dict):
        return [p for key, inner in value.items() for p in ((*path, key), *paths(inner, (*path, key)))]
    if isinstance(value, list):
        return [p for number, inner in enumerate(value) for p in ((*path, number), *paths(inner, (*path, number)))]
    return []


@pytest.mark.parametrize("name", ["branch_standard", "party_rules", "horse_race", "member_points", "codes"])
def test_every_field_of_the_files_we_bring_stands_in_a_line_that_names_it(name: str) -> None:
    text = resource(f"standards/{name}.toml").read_text("utf-8")
    places, lines = Places(text), text.splitlines()
    for path in paths(tomllib.loads(text)):
        if isinstance(path[-1], str):
            assert path[-1] in lines[places.line(path) - 1], path
