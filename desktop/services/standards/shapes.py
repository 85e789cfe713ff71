"""What a file may hold beyond what its reader asks for: fields that are read elsewhere, or by people alone.

The file that the program brings says which there are and of which type; one that people bring must say the same ones.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from desktop.services.toml_tables import Table

_NUMBERED = re.compile(r"\d+")


def refuse_strange(table: Table, brought: Mapping[str, object]) -> None:
    """Refuse fields that the file the program brings does not have, and values that are of another type there.

    Names that differ by their number alone (an edition of a year) are one. What lacks is not asked for.

    Raises:
        PackInvalid: no faults are gathered.
    """
    _hold(table, [brought])


def _hold(table: Table, known: Iterable[Mapping[str, object]]) -> None:
    values: dict[str, list[object]] = {}
    for each in known:
        for name, value in each.items():
            values.setdefault(_plain(name), []).append(value)
    for name in table.names():
        if _plain(name) not in values:
            table.refuse(name, "不认识这个字段")
        else:
            _weigh(table, name, values[_plain(name)])


def _weigh(table: Table, name: str, known: list[object]) -> None:
    first = known[0]
    inner = [entry for value in known if isinstance(value, list) for entry in value]
    tables = [entry for entry in inner if isinstance(entry, dict)]
    if isinstance(first, dict):
        _hold(table.table(name), [value for value in known if isinstance(value, dict)])
    elif tables:
        for row in table.tables(name, least=1):
            _hold(row, tables)
    elif isinstance(first, list):
        _list(table, name, inner)
    elif isinstance(first, bool):
        table.yes_no(name)
    elif isinstance(first, int | Decimal):
        numbers = [value for value in known if isinstance(value, int | Decimal)]
        if all(isinstance(value, int) for value in numbers):
            table.integer(name)
        else:
            table.decimal(name, least=Decimal(0))
    elif isinstance(first, date):
        table.day(name)
    else:
        table.text(name, empty="" in known)


def _list(table: Table, name: str, entries: list[object]) -> None:
    if any(isinstance(entry, Decimal) for entry in entries):
        table.decimals(name)
    elif any(isinstance(entry, int) for entry in entries):
        table.integers(name)
    elif all(isinstance(entry, str) for entry in entries):
        table.texts(name)


def _plain(name: str) -> str:
    return _NUMBERED.sub("#", name)
