"""Whatever is wrong with whichever key of a standards file is told with its line: no value passes in silence."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from desktop.paths import resource
from desktop.services.standards.editing.checking import problems_of
from desktop.services.toml_tables import Path, parse_toml
from desktop.services.toml_writing import toml_of

NAMES = ("branch_standard", "party_rules", "horse_race", "member_points")
TREES = {name: parse_toml(resource(f"standards/{name}.toml").read_bytes(), name) for name in NAMES}


MAY_BE_EMPTY = ("article", "limit", "effective")
"""Of these the program knows that nobody says anything."""


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """Where each key of a file stands; of a list of equal things the first, the last and the one in the middle."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from places(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number in sorted({0, len(value) // 2, len(value) - 1}):
            yield from places(value[number], (*path, number))


def at(tree: Any, path: Path) -> Any:
    """What stands at a place."""
    for step in path:
        tree = tree[step]
    return tree


def wrong(path: Path, value: object) -> Iterator[object]:
    """What cannot stand at a place where `value` stands."""
    if isinstance(value, bool):
        yield from ("true", 1)
    elif isinstance(value, int | Decimal):
        yield from (str(value), True, -value - 1 if value >= 0 else -value)
    elif isinstance(value, str):
        yield from (7, [value], *([""] if path[-1] not in MAY_BE_EMPTY else []))
    elif isinstance(value, list):
        yield from ("", [[]])
    elif isinstance(value, dict):
        yield from ("", 3)
    else:  # a day
        yield from ("2026-01-01", 20260101)


def broken(name: str) -> list[tuple[Path, object]]:
    """Every key of a file with each value that cannot stand there."""
    return [(path, value) for path in places(TREES[name]) for value in wrong(path, at(TREES[name], path))]


def told(name: str, path: Path, value: object) -> bool:
    """Whether the fault of a key is told, with words and a line."""
    tree = copy.deepcopy(TREES[name])
    at(tree, path[:-1])[path[-1]] = value
    problems = problems_of(toml_of(tree), "试.toml")
    assert all(problem.what and problem.line >= 0 for problem in problems)
    return any(problem.line for problem in problems)


def misspelt(name: str, path: Path) -> bool:
    """Whether a key that nobody knows is told."""
    tree = copy.deepcopy(TREES[name])
    table = at(tree, path[:-1])
    table[f"{path[-1]}_x"] = table.pop(path[-1])
    return bool(problems_of(toml_of(tree), "试.toml"))


@pytest.mark.parametrize("name", ["horse_race", "member_points"])
def test_each_wrong_value_of_each_key_is_told(name: str) -> None:
    silent = [(path, value) for path, value in broken(name) if not told(name, path, value)]
    assert silent == []


@pytest.mark.parametrize("name", ["horse_race", "member_points"])
def test_each_misspelt_key_is_told(name: str) -> None:
    assert [path for path in places(TREES[name]) if not misspelt(name, path)] == []


LARGE = ("branch_standard", "party_rules")
AT_ONCE = 24
"""So many faults are put into one copy of a larger file; what is not told then is tried alone."""


def together(cases: list[tuple[Path, object]]) -> Iterator[list[tuple[Path, object]]]:
    """Faults that lie far apart, no key twice: what one of them hides is mostly not the other."""
    apart = max(1, len(cases) // AT_ONCE)
    yield from (cases[number::apart] for number in range(apart))


def put(tree: Any, path: Path, value: object) -> bool:
    """Put a value in its place; whether the place is still there."""
    try:
        table = at(tree, path[:-1])
        if not isinstance(table, dict) or path[-1] not in table:
            return False
    except (KeyError, IndexError, TypeError):
        return False
    table[path[-1]] = value
    return True


def whole(value: object) -> bool:
    """Whether a place holds tables: with it all below goes."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def silent_of(name: str, cases: list[tuple[Path, object]]) -> list[tuple[Path, object]]:
    """The faults of which nothing is told, neither among others nor alone."""
    alone = [case for case in cases if whole(at(TREES[name], case[0]))]
    for batch in together([case for case in cases if not whole(at(TREES[name], case[0]))]):
        tree = copy.deepcopy(TREES[name])
        there = [case for case in batch if put(tree, *case)]
        problems = problems_of(toml_of(tree), "试.toml")
        assert all(problem.what and problem.line > 0 for problem in problems if problem.path)
        found = {problem.path[: len(path)] for problem in problems for path, _ in there}
        alone += [case for case in batch if case not in there or case[0] not in found]
    return [(path, value) for path, value in alone if not told(name, path, value)]


@pytest.mark.parametrize("name", LARGE)
def test_each_wrong_value_of_each_key_of_the_larger_files_is_told(name: str) -> None:
    assert silent_of(name, broken(name)) == []


@pytest.mark.parametrize("name", LARGE)
def test_each_misspelt_key_of_the_larger_files_is_told(name: str) -> None:
    alone: list[Path] = []
    keys: list[tuple[Path, object]] = [(path, None) for path in places(TREES[name]) if not whole(at(TREES[name], path))]
    for batch in together(keys):
        tree = copy.deepcopy(TREES[name])
        for path, _ in batch:
            table = at(tree, path[:-1])
            table[f"{path[-1]}_x"] = table.pop(path[-1])
        found = {problem.path for problem in problems_of(toml_of(tree), "试.toml")}
        alone += [path for path, _ in batch if not found & {path, (*path[:-1], f"{path[-1]}_x")}]
    alone += [path for path in places(TREES[name]) if whole(at(TREES[name], path))]
    assert [path for path in alone if not misspelt(name, path)] == []
