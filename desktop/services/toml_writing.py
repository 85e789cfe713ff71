"""Writing a tree as TOML that people can read and `tomllib` reads back as it was; remarks are not kept."""

import json
from datetime import date
from decimal import Decimal

Tree = dict[str, object]


def toml_of(tree: Tree) -> str:
    """Return a tree of texts, whole numbers, decimals, yes and no, days, lists and tables as TOML.

    Raises:
        TypeError: it holds anything else.
    """
    lines: list[str] = []
    _table(tree, (), lines)
    return "\n".join(lines).strip() + "\n"


def _table(table: Tree, path: tuple[str, ...], lines: list[str]) -> None:
    later: list[tuple[str, object]] = []
    for key, value in table.items():
        if _in_blocks(value, len(path)):
            later.append((key, value))
        else:
            lines.append(f"{_key(key)} = {_value(value, apart=True)}")
    for key, value in later:
        inner = (*path, key)
        name = ".".join(_key(part) for part in inner)
        many = isinstance(value, list)
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, dict):
                lines += ["", f"[[{name}]]" if many else f"[{name}]"]
                _table(row, inner, lines)


def _in_blocks(value: object, depth: int) -> bool:
    """Return whether a value has a heading of its own: outermost tables, and lists whose tables hold tables."""
    if isinstance(value, dict):
        return not depth
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return not depth or any(isinstance(inner, dict) or _tables(inner) for row in value for inner in row.values())
    return False


def _tables(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def _value(value: object, apart: bool = False) -> str:
    """Return a value on one line; `apart`: the tables of a list each on its own."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        if apart and _tables(value):
            return "[\n" + "".join(f"  {_value(row)},\n" for row in value) + "]"
        return f"[{', '.join(_value(row) for row in value)}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {_value(part)}" for key, part in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    raise TypeError(f"no TOML for {type(value).__name__}")


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else json.dumps(key, ensure_ascii=False)
