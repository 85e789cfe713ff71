"""Headings of other people: how many of the real and of the likely ones are understood, and what is never mistaken."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.registers import REGISTERS
from desktop.services.intake.vocabulary import Vocabulary, folded
from desktop.services.meetings.sheet import MEETINGS
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn
from tests.services.intake.grids import ROSTER, sheet, understood

DATA = Path(__file__).resolve().parents[2] / "data" / "headings"
CELLS = {
    "id_no": "411602198001100118",
    "category": "正式党员",
    "held_on": "2026-03-25",
    "span": "14:30",
    "ended_at": "16:00",
    "kind": "支委会",
    "event_on": "2026-03-05",
    "phone": "13800000001",
    "due": 6,
    "present": 5,
}
"""What stands in a column, where the heading alone does not decide."""
DATES = ("born_on", "admitted_on", "full_on", "joined_on")


def declared(kind: str) -> Sheet:
    """The sheet that is called `kind`."""
    if kind in REGISTERS:
        fields = REGISTERS[kind].fields
        return Sheet(kind, REGISTERS[kind].title, tuple(SheetColumn(field.name, field.label) for field in fields))
    return {"members": ROSTER, "meetings": MEETINGS}[kind]


def spellings(file: str) -> Iterator[tuple[str, str, str]]:
    """Kind of sheet, field and spelling of every line of the file."""
    for kind, fields in tomllib.loads((DATA / file).read_text("utf-8")).items():
        for name, written in fields.items():
            for spelling in written:
                yield kind, name, spelling


def field_of(kind: str, spelling: str, expected: str) -> str:
    """The field that a column of this heading is taken for, beside another that is surely known."""
    beside = "序号" if expected == "name" else declared(kind).columns[0].label
    if expected == declared(kind).columns[0].name:
        beside = declared(kind).columns[1].label
    value = "2005-07-01" if expected in DATES else CELLS.get(expected, "甲乙")
    rows: list[list[object]] = [[beside, spelling, "备注" if expected != "note" else "序号"], ["1", value, "x"]]
    found = understood(sheet("表", rows), of=declared(kind))
    look = next(look for one in found.sheets for look in one.columns if look.spots == (2,)) if found.sheets else None
    return (look.field or "") if look is not None else ""


def understands(known: Vocabulary, name: str, spelling: str) -> bool:
    """Whether a heading is taken for the field, or for none where there is none."""
    reading = known.path([spelling])
    meant = [meant.field for meant in reading.meant if meant.field in known.fields] if reading else []
    return name in meant if name else not meant


@pytest.mark.parametrize(("file", "least"), [("real.toml", 1.0), ("plausible.toml", 0.95), ("blind.toml", 1.0)])
def test_hit_rate_of_headings(file: str, least: float) -> None:
    known = {kind: Vocabulary(declared(kind)) for kind in ("members", "meetings", "volunteer_activity")}
    asked = list(spellings(file))
    table: dict[str, list[int]] = {}
    missed = []
    for kind, name, spelling in asked:
        hit = understands(known[kind], name, spelling)
        for part, count in enumerate((1, hit)):
            table.setdefault(f"{kind}.{name or '-'}", [0, 0])[part] += count
        if not hit:
            missed.append(f"{kind}.{name or '-'} {spelling}")
    rate = 1 - len(missed) / len(asked)
    if file == "real.toml":  # of these a fixed list of headings once knew none
        print(f"{'field':34}{'spellings':>10}{'before':>8}{'now':>6}")
        for field, (count, hits) in table.items():
            print(f"{field:34}{count:10}{0:8}{hits:6}")
    print(f"{file}: {len(asked) - len(missed)} of {len(asked)} headings understood ({rate:.1%}); missed: {missed}")
    assert rate >= least


@pytest.mark.parametrize(("kind", "name", "spelling"), list(spellings("real.toml")))
def test_a_real_heading_takes_its_column(kind: str, name: str, spelling: str) -> None:
    assert field_of(kind, spelling, name) == name


@pytest.mark.parametrize(
    "spelling",
    [
        *("申请入党时间", "入团时间", "参加工作时间", "拟转正时间", "入党介绍人", "培养联系人"),
        *("介绍人电话", "配偶姓名", "预备期满时间", "入党志愿书编号", "支部大会讨论时间", "党委审批时间"),
        *("紧急联系电话", "入党申请书递交时间"),
    ],
)
def test_what_only_looks_like_a_field_is_not_taken_for_it(spelling: str) -> None:
    reading = Vocabulary(ROSTER).path([spelling])
    assert reading is None or not {meant.field for meant in reading.meant} & Vocabulary(ROSTER).fields


@pytest.mark.parametrize(
    "written", ["入党时间", "入 党 时 间", "入党时间*", "入党时间：", "入党时间\n（年/月/日）", "3、入党时间"]
)
def test_marks_spaces_and_hints_do_not_matter(written: str) -> None:
    assert folded(written) == "入党时间"


def test_levels_are_read_together_where_the_last_says_too_little() -> None:
    levels = (["入党", "时间"], ["基本情况", "联系电话"], ["入党介绍人", "联系电话"])
    readings = [Vocabulary(ROSTER).path(above) for above in levels]
    assert [[meant.field for meant in reading.meant][:1] for reading in readings if reading is not None] == [
        ["admitted_on"],
        ["phone"],
        [],
    ]
