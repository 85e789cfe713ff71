"""The strict reader of JSON from outside: its text, and what single values may be."""

import json
import re
from datetime import datetime
from typing import Any

from desktop.services.errors import PackageRefused
from desktop.services.sync.package_format import MAX_DEPTH

HEX32 = re.compile(r"[0-9a-f]{32}")
HEX64 = re.compile(r"[0-9a-f]{64}")
TEXT = re.compile(r"[^\x00-\x1f\x7f]{1,64}")


def parse_json(data: bytes) -> Any:
    """Parse small JSON from outside: UTF-8, no repeated keys, no NaN, no numbers but integers, not too deep.

    Raises:
        PackageRefused: E-PKG-FORMAT.
    """
    if not depth_at_most(data):
        raise PackageRefused("E-PKG-FORMAT")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=no_repeats, parse_constant=refuse, parse_float=refuse)
    except (ValueError, RecursionError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error


def refuse(text: str) -> Any:
    """Take no number spelled `text`.

    Raises:
        ValueError: always.
    """
    raise ValueError(text)


def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of `pairs`, each key once.

    Raises:
        ValueError: a key is there twice.
    """
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key is there twice")
    return document


def depth_at_most(line: bytes, limit: int = MAX_DEPTH) -> bool:
    """Whether JSON text nests no deeper than `limit`; told without parsing it."""
    if line.count(b"{") + line.count(b"[") <= limit:
        return True
    depth = 0
    for token in _STRINGS_AND_BRACKETS.finditer(line):
        mark = token[0]
        if mark in b"{[":
            depth += 1
            if depth > limit:
                return False
        elif mark in b"}]":
            depth -= 1
    return True


_STRINGS_AND_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


def matching(pattern: re.Pattern[str], value: object) -> str:
    """Return `value` if it is a text that `pattern` describes whole.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(pattern.pattern)
    return value


def count(value: object, at_least: int = 0) -> int:
    """Return `value` if it is a whole number from `at_least` to what JSON carries exactly.

    Raises:
        ValueError: it is not.
    """
    if type(value) is not int or not at_least <= value < 1 << 53:
        raise ValueError("not a count")
    return value


def moment(value: object) -> str:
    """Return `value` if it is a moment in ISO 8601 with its zone.

    Raises:
        ValueError: it is not.
    """
    text = matching(TEXT, value)
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("no time zone")
    return text
