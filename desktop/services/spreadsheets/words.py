"""The words of cells that stand for a value of a list: spelling → value (resources/workbooks/words.toml)."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from desktop.paths import resource
from desktop.services.errors import InvalidInput, Named
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.text import plain, refuse_unreadable, shown

_BRACKETS = re.compile(r"[()\[\]{}【】〔〕]")


def folded(text: object) -> str:
    """Return a word for comparison: half-width, no spaces, capitals."""
    return plain(text).replace(" ", "").upper()


@cache
def _tables() -> Mapping[str, Mapping[str, list[str]]]:
    content: Any = tomllib.loads(resource("workbooks/words.toml").read_text(encoding="utf-8"))
    return MappingProxyType(content)


@cache
def words(table: str) -> Mapping[str, str]:
    """Return spelling (folded) → value of a table: education, posts, meeting_kinds, category …"""
    return MappingProxyType(
        {folded(spelling): value for value, spellings in _tables()[table].items() for spelling in spellings}
    )


@cache
def _qualifiers() -> tuple[tuple[str, ...], frozenset[str]]:
    table = _tables()["qualifiers"]
    return tuple(sorted(map(folded, table["education"]), key=len, reverse=True)), frozenset(
        map(folded, table["degrees"])
    )


def educations(text: str, known: Mapping[str, str]) -> set[str]:
    """Return the levels of education that a cell names, by `known` spellings: none, one, or several.

    How it was reached (在职, 函授) and a degree beside it (本科/学士) do not matter.
    """
    found: set[str] = set()
    for part in filter(None, re.split(r"[/、,，;；]+", folded(text))):
        if found and part in _qualifiers()[1]:
            continue
        bare = _BRACKETS.sub("", part)
        if bare in known:
            found.add(known[bare])
            continue
        for word in _qualifiers()[0]:
            shorter = bare.replace(word, "")
            bare = shorter or bare
        if bare in known:
            found.add(known[bare])
        else:
            return set()
    return found


def named_value(table: str, labels: Iterable[str]) -> Callable[[object, Named], str]:
    """Return the parser of a closed list whose spellings are a table; `labels` are named where a word is refused."""
    allowed = "、".join(labels)

    def parse(value: object, field: Named) -> str:
        refuse_unreadable(value, field)
        if (found := words(table).get(folded(value))) is None:
            raise InvalidInput(field, f"{quoted(shown(value))}不在可选项中：{allowed}")
        return found

    return parse
