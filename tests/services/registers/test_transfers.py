"""The ledger of transfers: bounds of the rules, months of dues, the state by its dates, ledgers as they are kept."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from desktop.models.vocabulary.transfers import TransferDirection, TransferState
from desktop.services.errors import InvalidInput
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from desktop.services.workbooks import book

LETTER = {
    "name": "高红卫",
    "direction": "转出",
    "issued_on": "2026-09-20",
    "valid_days": "30",
    "paid_until": "2026年9月",
}


def test_a_row_says_where_it_stands_by_its_dates(store: Store) -> None:
    registers = RegisterService(store)
    for number, (changed, standing) in enumerate(
        (
            ({}, TransferState.WAITING),
            ({"issued_on": "2026-08-20"}, TransferState.RUN_OUT),
            ({"receipt_on": "2026-10-08"}, TransferState.CLOSED),
        )
    ):
        row = registers.row("transfer", registers.save("transfer", {**LETTER, "name": f"高{number}", **changed}))
        assert row.standing is standing
        assert row.texts["paid_until"] == "2026年9月"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("valid_days", "91", "按规定最多90"),
        ("valid_days", "0", "1"),
        ("receipt_on", "2026-09-19", "早于转接日期"),
        ("receipt_on", "2027-01-01", "'2027-01-01在今天之后"),
        ("paid_until", "2026", "请写到月"),
    ],
)
def test_what_no_letter_can_be_is_refused(store: Store, field: str, value: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refused:
        RegisterService(store).save("transfer", {**LETTER, field: value})
    assert refused.value.name == field


def test_a_form_starts_from_the_validity_of_the_rules(store: Store) -> None:
    assert RegisterService(store).starts("transfer") == {"valid_days": 30}
    assert RegisterService(store).starts("talk") == {}


LEDGER = """组织关系转接台账
序号|姓名|身份证号|性别|电话|党员类别|党内职务|转接类型|转出党组织|转入党组织|介绍信编号|转接日期|有效期|党费交至|回执日期|经办人|状态|备注
1|高红卫||男|13800000001|正式党员||转出|淮阳党支部|市局第一党支部|2026-007|2026-09-21|30|2026年9月||李晓燕|在途|
2|王小雨||女||预备党员||转入|郑州党支部|淮阳党支部||2026.3.2|90天|2026-02|2026-03-20||已办结|调动"""


def test_a_ledger_as_it_is_kept_comes_in_and_goes_out_whole(store: Store, tmp_path: Path) -> None:
    sheet = Workbook()
    page = sheet.worksheets[0]
    for line in LEDGER.split("\n"):
        page.append(line.split("|"))
    sheet.save(tmp_path / "转接.xlsx")
    kept = len(RegisterService(store).rows("transfer"))
    result = book(store, "transfer").import_file(tmp_path / "转接.xlsx")
    assert (result.accepted, result.rejected) == (2, [])
    rows = {row.heading: row for row in RegisterService(store).rows("transfer")}
    assert rows["高红卫"].values["direction"] is TransferDirection.OUT
    assert rows["高红卫"].values["valid_days"] == 30
    assert (rows["王小雨"].texts["paid_until"], rows["王小雨"].standing) == ("2026年2月", TransferState.CLOSED)
    assert book(store, "transfer").export(tmp_path / "出.xlsx") == len(rows) == kept + 2
    again = book(store, "transfer").import_file(tmp_path / "出.xlsx")
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, kept + 2)
