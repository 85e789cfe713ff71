"""Trainings as they are kept on paper, a line for each person: hours and certificates of all of them in one record."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.learning import Trainee
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from desktop.services.workbooks import book
from tests.services.members.people import GAO, LI
from tests.sheets import workbook
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


def test_hours_and_certificates_come_in_beside_the_names_and_go_out_again(store: Store, tmp_path: Path) -> None:
    gao, li = (MemberService(store).register(person) for person in (GAO, LI))
    head = ["姓名", "培训班名称", "主办单位", "培训时间", "培训结束时间", "培训地点", "学时", "证书编号"]
    rows: list[list[object]] = [
        ["高红卫", "党务骨干班", "市公司", "2026-05-06", "2026-05-08", "周口", "24学时", "周培证012号"],
        ["李晓燕", "党务骨干班", "市公司", "2026-05-06", "2026-05-08", "周口", "24学时", None],
    ]
    result = book(store, "training_record").import_file(workbook(tmp_path / "台账.xlsx", [list[object](head), *rows]))
    assert result.rejected == []
    (row,) = RegisterService(store).rows("training_record", 2026)
    assert row.values["participants"] == (Trainee(gao, 24.0, certificate_no="周培证012号"), Trainee(li, 24.0))
    assert (row.values["until_on"], row.values["place"]) == (date(2026, 5, 8), "周口")
    book(store, "training_record").export(tmp_path / "出.xlsx")
    again = book(store, "training_record").import_file(tmp_path / "出.xlsx")
    assert (again.unchanged, again.updated, again.rejected) == (1, 0, [])
