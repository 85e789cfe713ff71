"""Race figures in and out of Excel."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from desktop.models.points import PointsPublication, PublishedLine
from desktop.models.race import RaceInput, RaceMark
from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.race.inputs import InputService
from desktop.services.race.service import RaceService
from desktop.services.race.sheet import RaceInputImporter
from desktop.services.spreadsheets.tables import write_rejects
from desktop.services.store import Store
from tests.services.race.typed import ids, plan, workbook

GOOD = (
    ("XC", "2026Q3", "H3-1", "93%", None, "营销系统报表"),
    ("项城市党支部", "2026年三季度", "H4", 0.91, 36, "问卷"),
    ("xc", "2026年第3季度", "H5 品牌与创新", "3.5", None, "评审会"),
    ("XC", "2026Q3", "P-02", 2, None, "督办单"),
)


def test_inputs_come_in_from_excel_once(store: Store, race: RaceService, tmp_path: Path) -> None:
    file = workbook(tmp_path / "race_inputs.xlsx", *GOOD)
    importer = RaceInputImporter(store)
    tried = importer.import_file(file, dry_run=True)
    assert (tried.read, tried.accepted, tried.rejected, tried.dry_run) == (4, 4, [], True)
    assert tried.changes[0].after == "93%（营销系统报表）"
    with store.reading() as session:
        assert session.scalar(select(func.count(RaceInput.id))) == 0
    first = importer.import_file(file)
    assert (first.read, first.accepted, first.updated, first.unchanged) == (4, 4, 0, 0)
    again = importer.import_file(file)
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, 4)
    with store.reading() as session:
        assert session.scalar(select(func.count(RaceInput.id))) == 3
        assert session.scalar(select(func.count(RaceMark.id))) == 1
    changed = workbook(tmp_path / "more.xlsx", ("XC", "2026Q3", "H3-1", "94%", None, "营销系统报表"))
    result = importer.import_file(changed)
    assert (result.updated, result.changes[0].before, result.changes[0].after) == (
        1, "93%（营销系统报表）", "94%（营销系统报表）",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (("ZZ", "2026Q3", "H5", 3, None, "x"), "支部", "没有登记的支部，填代码或全称"),
        (("XC", "9月", "H5", 3, None, "x"), "评比周期", "写成年份加季度，如2026Q3；年度写成2026"),
        (("XC", "2026Q3", "H3", 3, None, "x"), "指标", "H3分项填写，如H3-1"),
        (("XC", "2026Q3", "H7", 93, None, "x"), "数值", "应为比例，写成0.93或93%"),
        (("XC", "2026Q3", "H7", "优", None, "x"), "数值", "不是数字"),
        (("XC", "2026Q3", "H4", 0.9, None, "x"), "样本数", "这个指标要填样本数"),
        (("XC", "2026Q3", "H5", 3, None, None), "依据", "没有依据"),
        (("XC", "2026Q3", "V-01", 0.5, None, "x"), "数值", "扣分和否决填件数，1到999的整数"),
        (("XC", "2026Q3", "H5 品牌与创新", 2, None, "x"), "指标", "与第2行重复"),
    ],
)
def test_a_bad_row_is_refused_with_its_cell_and_the_others_kept(
    store: Store, race: RaceService, tmp_path: Path, row: tuple[object, ...], field: str, reason: str
) -> None:
    file = workbook(tmp_path / "race_inputs.xlsx", ("XC", "2026Q3", "H5", 3, None, "评审会"), row)
    result = RaceInputImporter(store).import_file(file)
    assert (result.accepted, len(result.rejected)) == (1, 1)
    assert (result.rejected[0].row, result.rejected[0].field, result.rejected[0].reason) == (3, field, reason)


def test_a_right_line_below_a_refused_one_of_the_same_figure_is_no_repetition(
    store: Store, race: RaceService, tmp_path: Path
) -> None:
    wrong, right = ("XC", "2026Q3", "H7", 93, None, "核查"), ("XC", "2026Q3", "H7", "93%", None, "核查")
    result = RaceInputImporter(store).import_file(workbook(tmp_path / "race_inputs.xlsx", wrong, right, right))
    assert [(refused.row, refused.reason) for refused in result.rejected] == [
        (2, "应为比例，写成0.93或93%"),
        (4, "与第3行重复"),
    ]
    assert (result.accepted, [new.row for new in result.changes]) == (1, [3])


def test_what_is_typed_goes_out_and_in_again(store: Store, race: RaceService, tmp_path: Path) -> None:
    importer = RaceInputImporter(store)
    importer.import_file(workbook(tmp_path / "race_inputs.xlsx", *GOOD))
    assert importer.export(tmp_path / "out.xlsx", "2026Q3") == 4
    again = importer.import_file(tmp_path / "out.xlsx")
    assert (again.read, again.unchanged, again.rejected) == (4, 4, [])
    importer.template(tmp_path / "template.xlsx")
    book = openpyxl.load_workbook(tmp_path / "template.xlsx")
    assert [cell.value for cell in book.worksheets[0][1]] == ["支部", "评比周期", "指标", "数值", "样本数", "依据"]


def test_lines_of_a_branch_that_left_after_its_result_was_published_go_out_and_in_as_the_form_has_them(
    store: Store, race: RaceService, tmp_path: Path
) -> None:
    importer, branch = RaceInputImporter(store), ids(race)["XC"]
    importer.import_file(workbook(tmp_path / "race_inputs.xlsx", *GOOD))
    race.score("2026Q3")
    race.publish("2026Q3")
    with store.unit_of_work("停用登记") as session:
        session.query(Partner).filter_by(org=branch).one().state = PartnerState.REVOKED
    assert branch in {cell.branch_id for cell in InputService(store).inputs("2026Q3")}
    assert importer.export(tmp_path / "out.xlsx", "2026Q3") == 4
    again = importer.import_file(tmp_path / "out.xlsx")
    assert (again.unchanged, again.rejected) == (4, [])
    later = importer.import_file(workbook(tmp_path / "q4.xlsx", ("XC", "2026Q4", "H3-1", "93%", None, "报表")))
    assert "没有登记的支部" in later.rejected[0].reason  # the form does not have it there either


def test_refused_rows_are_written_out(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path / "race_inputs.xlsx", ("ZZ", "2026Q3", "H5", 3, None, "评审会"))
    result = RaceInputImporter(store).import_file(file)
    assert len(result.rejected) == 1
    assert write_rejects(tmp_path / "rejects.xlsx", result.rejected) == 1


def test_the_sheet_to_fill_in_has_every_branch_and_figure_that_is_open(
    store: Store, race: RaceService, tmp_path: Path
) -> None:
    importer, path = RaceInputImporter(store), tmp_path / "template.xlsx"
    importer.import_file(workbook(tmp_path / "race_inputs.xlsx", GOOD[0]))
    importer.template(path)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    lines = [tuple(cell.value for cell in line[:3]) for line in page.iter_rows(min_row=3) if line[0].value]
    assert ("XC", "2026Q3", "H4") in lines
    assert ("XC", "2026Q3", "H3-1") not in lines
    row = 3 + lines.index(("XC", "2026Q3", "H5"))
    page.cell(row, 4).value, page.cell(row, 6).value = "3.5", "评审会"
    book.save(path)
    result = importer.import_file(path)
    assert (result.accepted, result.blank, result.rejected) == (1, len(lines) - 1, [])


def test_a_figure_that_the_branch_itself_tells_is_counted_instead_and_that_is_said(
    store: Store, race: RaceService, tmp_path: Path
) -> None:
    branch = ids(race)["XC"]
    plan(store, branch, date(2026, 7, 1), (date(2026, 9, 1), 10.0, 9.0))
    posted = PublishedLine(member_id="m1", name="赵一", level="pass", total=860)
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        session.add(
            PointsPublication(
                branch_id=branch, year=2026, quarter=3, posted_on=date(2026, 10, 8), ends_on=date(2026, 10, 14),
                lines=(posted,),
            )
        )  # fmt: skip
    rows = (("XC", "2026Q3", "H2", 92, None, "积分册"), ("XC", "2026Q3", "H6", 1, None, "台账"), GOOD[0])
    result = RaceInputImporter(store).import_file(workbook(tmp_path / "race_inputs.xlsx", *rows))
    assert (result.accepted, [(each.row, each.reason) for each in result.warnings]) == (
        3,
        [
            (2, "2026-10-08公示的积分中位数是86，按它计分，录入的不采用"),
            (3, "到期措施1条的平均达成率是90%，按它计分，录入的不采用"),
        ],
    )
    cells = {cell.part: cell for cell in InputService(store).inputs("2026Q3") if cell.branch_id == branch}
    assert (cells["H2"].value, cells["H2"].unused, cells["H6"].unused) == (Decimal(86), "92（积分册）", "100%（台账）")
    assert cells["H3-1"].unused == ""
