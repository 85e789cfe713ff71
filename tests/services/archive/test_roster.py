"""The roster on paper: order, columns and foot as inspectors ask for them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.services.archive.blocks import Note, Signatures, Table
from desktop.services.archive.roster import roster_document
from desktop.services.branches import BranchService
from desktop.services.members import MemberService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.stores import new_store

ON = date(2026, 11, 22)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


def test_people_stand_by_group_and_admission_with_totals_and_signatures(store: Store) -> None:
    members, branches = MemberService(store), BranchService(store)
    second, tenth = branches.save_group("第二党小组"), branches.save_group("第十党小组")
    old = {"admitted_on": "2001-07-01", "full_on": "2002-11-23", "gender": "女", "ethnic": "回族"}
    ids = {
        name: members.register({**values, "name": name})
        for name, values in (("周后", GAO), ("李新", LI), ("马早", old), ("无组", old))
    }
    members.place_in_group([ids["周后"]], tenth)
    members.place_in_group([ids["李新"], ids["马早"]], second)
    blocks = roster_document(members.roster(ON), "云河县站党支部", ON).blocks
    (table,) = [block for block in blocks if isinstance(block, Table)]
    heads = [column.title for column in table.columns]
    assert heads[:8] == ["序号", "姓名", "性别", "身份证号", "民族", "出生日期", "学历", "状态"]
    assert [row[1] for row in table.rows if isinstance(row, tuple)] == ["马早", "李新", "周后", "无组"]
    years = heads.index("党龄")
    assert [row[years] for row in table.rows if isinstance(row, tuple)] == ["23", "", "11", "23"]
    notes = [block.text for block in blocks if isinstance(block, Note)]
    assert notes[0].startswith("合计4人：正式党员3人，预备党员1人；女党员2人，少数民族党员2人。")
    assert Signatures(("支部书记", "制表人", "制表日期")) in blocks
