"""The code tables of the national standards (codes.toml) and how people write their entries."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from desktop.paths import resource
from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.text import plain, refuse_unreadable, shown
from desktop.services.spreadsheets.words import educations, words

SAID = ("gender", "ethnic", "education", "political")
"""Tables whose entries people write in many ways (words.toml)."""


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One table of codes.toml: code → name, and every spelling → code."""

    id: str
    title: str
    names: Mapping[str, str]
    spellings: Mapping[str, str]

    def parse(self, value: object, field: Named | None = None) -> str:
        """Return the code a cell means: the code itself, the name, the name without 族/性, or a common saying.

        Raises:
            InvalidInput: the cell names nothing in the table.
        """
        field = field or Input(self.id, self.title)
        refuse_unreadable(value, field)
        text = plain(value).replace(" ", "").upper()
        if text.isdigit():
            text = text.zfill(max(map(len, self.names)))
        if self.id == "education" and text not in self.spellings:
            levels = educations(text, self.spellings)
            if len(levels) == 1:
                return levels.pop()
        if text not in self.spellings:
            raise InvalidInput(field, f"{quoted(shown(value))}不在{self.title}代码表中")
        return self.spellings[text]

    def name(self, code: str | None) -> str:
        """Return the name of `code`, an empty text for none."""
        return self.names.get(code or "", "")


@cache
def party_founded() -> date:
    """Return the day before which nobody can have joined the Party."""
    founded: date = tomllib.loads(resource("standards/codes.toml").read_text(encoding="utf-8"))["party_founded"]
    return founded


@cache
def _code_tables() -> Mapping[str, CodeTable]:
    content = tomllib.loads(resource("standards/codes.toml").read_text(encoding="utf-8"))
    tables: dict[str, CodeTable] = {}
    for table in content["tables"]:
        names = {str(code): str(name) for code, name in table["entries"]}
        spellings = {code: code for code in names} | {name: code for code, name in names.items()}
        if table["id"] in ("ethnic", "gender"):
            spellings |= {name[:-1]: code for code, name in names.items() if name[-1] in "族性" and len(name) > 1}
        if table["id"] in SAID:
            by_name = {name: code for code, name in names.items()}
            spellings |= {said: by_name.get(value, value) for said, value in words(table["id"]).items()}
        tables[table["id"]] = CodeTable(
            table["id"], table["name"], MappingProxyType(names), MappingProxyType(spellings)
        )
    return MappingProxyType(tables)


def codes(table: str) -> CodeTable:
    """Return a code table by its id in codes.toml: ethnic, gender, education, education_ui, political, province …"""
    return _code_tables()[table]


def code_parser(table: str) -> Callable[[object, Named], str]:
    """Return a column parser for a code table, for declarations."""
    return lambda value, field: codes(table).parse(value, field)


def code_name(table: str) -> Callable[[object], str]:
    """Return a column formatter for a code table, for declarations: the short name of the screen where there is one."""

    def name(code: object) -> str:
        if table == "education" and str(code) in codes("education_ui").names:
            return codes("education_ui").name(str(code))
        text = codes(table).name(None if code is None else str(code))
        return text.removesuffix("性") if table == "gender" and len(text) == 2 else text

    return name
