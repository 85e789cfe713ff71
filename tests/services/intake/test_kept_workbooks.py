"""What the kept workbooks of rosters mean: every format of a case gives the records that its .toml says."""

import tomllib
from datetime import date

import pytest

from desktop.services.intake import files
from desktop.services.intake.answers import Answers
from desktop.services.members.sheet import roster_sheet
from desktop.services.spreadsheets.dates import PartialDate, Precision
from desktop.services.spreadsheets.identity import IdNumber
from tests.workbooks.make import FOLDER

EXPECTED = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
ROSTER = roster_sheet(date(2026, 11, 26))
ROSTERS = [
    (name, file) for name, case in EXPECTED.items() if case["kind"] == "members" and "records" in case
    for file in case["files"]
]  # fmt: skip
LENGTHS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}


def said(value: object) -> object:
    """Return a value as the expectations write it."""
    if isinstance(value, PartialDate):
        return value.on.isoformat()[: LENGTHS[value.precision]]
    return value.number if isinstance(value, IdNumber) else value


@pytest.mark.parametrize(("name", "file"), ROSTERS)
def test_every_format_of_a_roster_gives_its_records(name: str, file: str) -> None:
    expected = EXPECTED[name]
    found = files.read(FOLDER / file, ROSTER, Answers())
    got = [
        {field: said(row.get(field)) for field in record}
        for row, record in zip(found.rows, expected["records"], strict=False)
    ]
    assert (got, len(found.rows)) == (expected["records"], len(expected["records"]))
    assert {question.kind.value for question in found.questions if question.holds} == set(expected["asks"])
    if not file.endswith((".csv", ".txt")):
        assert {left.sheet for left in found.left_out} >= set(expected["leaves"])
