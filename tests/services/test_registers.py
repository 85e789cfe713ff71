"""Declared registers: every one can be kept, listed, recycled, and goes to Excel and back, by its declaration alone."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from desktop.models.duties import DutyItem
from desktop.models.learning import HoursOfMember
from desktop.models.registers import REGISTERS, StateChange
from desktop.paths import resource
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.history import HistoryService
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.services.registers.values import Names, show, understand
from desktop.services.store import Store
from desktop.services.workbooks import Workbooks
from tests.stores import LOGIN, PASSWORD, clock_at, new_store

SAMPLE = "samples/huaiyang"
AT = "2026-10-12 09:00"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with the sample branch's roster and all its registers."""
    folder = tmp_path_factory.mktemp("registers") / "data"
    with new_store(folder, at=AT) as store:
        MemberService(store).import_roster(resource(f"{SAMPLE}/roster.xlsx"))
        for kind in Workbooks(store).kinds():
            path = resource(f"{SAMPLE}/{kind.name}.xlsx")
            if kind.name in REGISTERS and path.exists():
                result = Workbooks(store).import_file(kind.name, path)
                assert not result.rejected, (kind.name, result.rejected)
    return folder


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(filled, tmp_path / "data")
    with Store.open(tmp_path / "data", PASSWORD, LOGIN, clock=clock_at(AT)) as opened:
        yield opened


@pytest.fixture(scope="module")
def unchanged(filled: Path) -> Iterator[RegisterService]:
    """The registers of the sample branch for tests that change nothing."""
    folder = filled.with_name("unchanged")
    shutil.copytree(filled, folder)
    with Store.open(folder, PASSWORD, LOGIN, clock=clock_at(AT)) as opened:
        yield RegisterService(opened)


@pytest.fixture
def registers(store: Store) -> RegisterService:
    return RegisterService(store)


def someone(registers: RegisterService) -> tuple[str, str]:
    return registers.choices("commitment", "member_id")[0]


@pytest.mark.parametrize("kind", list(REGISTERS))
def test_every_register_goes_to_excel_and_comes_back_unchanged(
    unchanged: RegisterService, kind: str, tmp_path: Path
) -> None:
    before = unchanged.rows(kind)
    unchanged.export(kind, tmp_path / "out.xlsx")
    result = unchanged.import_file(kind, tmp_path / "out.xlsx")
    assert (result.rejected, result.accepted, result.updated) == ([], 0, 0)
    assert result.unchanged == len(before)
    assert unchanged.rows(kind) == before


@pytest.mark.parametrize("kind", list(REGISTERS))
def test_every_register_has_a_template_that_is_an_empty_import(
    unchanged: RegisterService, kind: str, tmp_path: Path
) -> None:
    unchanged.template(kind, tmp_path / "template.xlsx")
    result = unchanged.import_file(kind, tmp_path / "template.xlsx")
    assert (result.read, result.rejected) == (0, [])


def test_a_row_says_itself_in_words(registers: RegisterService) -> None:
    member_id, name = someone(registers)
    made = registers.save(
        "volunteer_activity",
        {
            "event_on": "2026.3.5",
            "title": "学雷锋志愿服务",
            "hours": (HoursOfMember(member_id, 2.5),),
            "place": "中心广场",
        },
    )
    row = registers.row("volunteer_activity", made)
    assert row.on == date(2026, 3, 5)
    assert row.texts["hours"] == f"{name}|2.5"
    assert row.late
    assert registers.rows("volunteer_activity", 2026)[0].heading
    assert made not in {one.id for one in registers.rows("volunteer_activity", 2025)}


@pytest.mark.parametrize(
    ("kind", "values", "field", "reason"),
    [
        ("commitment", {"title": "承诺", "event_on": date(2026, 3, 1)}, "党员", "不能为空"),
        ("security_check", {"event_on": "2026-13-01", "title": "自查", "finding": "好"}, "日期", ""),
        ("security_check", {"event_on": date(2026, 12, 1), "title": "自查", "finding": "好"}, "日期", "还没有到"),
        (
            "asset_check",
            {"event_on": date(2026, 3, 1), "title": "清点", "counted": 5, "missing": 9},
            "缺少件数",
            "多于",
        ),
        ("asset_check", {"event_on": date(2026, 3, 1), "title": "清点", "counted": "很多"}, "清点件数", ""),
        ("venue", {"title": "活动室", "kind": "操场"}, "类别", "不在可选项中"),
        (
            "venue_use",
            {"event_on": date(2026, 3, 1), "title": "用", "purpose": "会", "venue_id": "没有"},
            "阵地",
            "请先登记",
        ),
        (
            "venue_check",
            {"event_on": date(2026, 3, 1), "title": "查", "finding": "好", "tag": "别的"},
            "检查内容",
            "可选项",
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_and_nothing_is_kept(
    registers: RegisterService, kind: str, values: dict[str, object], field: str, reason: str
) -> None:
    before = registers.rows(kind)
    with pytest.raises(InvalidInput) as caught:
        registers.save(kind, values)
    assert caught.value.field == field
    assert reason in caught.value.reason
    assert registers.rows(kind) == before


def test_a_row_changed_meanwhile_is_not_overwritten(registers: RegisterService) -> None:
    row = registers.rows("venue")[0]
    registers.save("venue", {"seats": 40}, row.id, row.rev)
    with pytest.raises(Conflict):
        registers.save("venue", {"seats": 50}, row.id, row.rev)
    assert registers.row("venue", row.id).values["seats"] == 40


def test_the_recycle_bin_gives_a_row_back(registers: RegisterService) -> None:
    row = registers.rows("venue")[0]
    registers.remove("venue", row.id)
    assert row.id not in {one.id for one in registers.rows("venue")}
    assert [one.id for one in registers.rows("venue", deleted=True)] == [row.id]
    registers.restore("venue", row.id)
    assert row.id in {one.id for one in registers.rows("venue")}


def test_states_leave_their_days_on_the_time_line(store: Store, registers: RegisterService) -> None:
    made = registers.save("practical_deed", {"title": "修缮车棚", "state": "doing", "started_on": date(2026, 5, 1)})
    registers.save(
        "practical_deed", {"state": "done", "state_on": date(2026, 6, 20), "done_on": date(2026, 6, 20)}, made
    )
    with store.reading() as session:
        line = session.execute(
            select(StateChange.state, StateChange.on).where(StateChange.record_id == made).order_by(StateChange.on)
        ).all()
    assert line == [("doing", date(2026, 5, 1)), ("done", date(2026, 6, 20))]


def test_history_tells_each_change_in_the_users_words(store: Store, registers: RegisterService) -> None:
    row = registers.rows("venue")[0]
    registers.save("venue", {"seats": 40, "state": "under_repair"}, row.id)
    newest = HistoryService(store).of("venue", row.id)[0]
    assert newest.sentence == f"修改活动阵地“{row.heading}”"
    assert {(one.label, one.after) for one in newest.fields} == {("可容纳人数", "40"), ("状态", "维修中")}


def test_importing_a_changed_row_updates_it_after_showing_what_changes(
    registers: RegisterService, tmp_path: Path
) -> None:
    registers.export("venue", tmp_path / "venues.xlsx")
    book = openpyxl.load_workbook(tmp_path / "venues.xlsx")
    page = book.worksheets[0]
    titles = next(row for row in page.iter_rows() if "可容纳人数" in [cell.value for cell in row])
    column = [cell.value for cell in titles].index("可容纳人数")
    page.cell(titles[0].row + 1, column + 1).value = 66
    book.save(tmp_path / "venues.xlsx")
    shown = registers.import_file("venue", tmp_path / "venues.xlsx", dry_run=True)
    assert [(one.field, one.after) for one in shown.changes] == [("可容纳人数", "66")]
    assert 66 not in {one.values["seats"] for one in registers.rows("venue")}
    assert registers.import_file("venue", tmp_path / "venues.xlsx").updated == 1
    assert 66 in {one.values["seats"] for one in registers.rows("venue")}


def test_a_row_twice_in_one_file_is_taken_once(registers: RegisterService, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["日期", "标题", "自查情况"])
    page.append(["2026年7月1日", "三季度自查", "未发现问题"])
    page.append(["20260701", "三季度自查", "未发现问题"])
    book.save(tmp_path / "twice.xlsx")
    result = registers.import_file("security_check", tmp_path / "twice.xlsx")
    assert (result.accepted, len(result.rejected)) == (1, 1)
    assert "重复" in result.rejected[0].reason


def test_an_unknown_register_is_not_found(registers: RegisterService) -> None:
    with pytest.raises(NotFound):
        registers.rows("no_such_kind")


def test_two_members_of_one_name_are_told_apart_by_their_last_digits() -> None:
    names = Names({"member": {"a": "张伟（1234）", "b": "张伟（567X）"}})
    field = REGISTERS["commitment"].field("member_id")
    assert understand(field, "张伟(567X)", names) == "b"
    with pytest.raises(InvalidInput):
        understand(field, "张伟", names)


def test_lines_are_written_and_read_with_bars_between_their_parts() -> None:
    field = REGISTERS["duty_list"].field("items")
    lines = understand(field, "讲党课|每年一次|有提纲|2026-12-01；走访\n谈心|每季", Names())
    assert lines[0] == DutyItem("讲党课", "每年一次", "有提纲", date(2026, 12, 1))
    assert show(field, lines, Names()) == "讲党课|每年一次|有提纲|2026-12-01；走访；谈心|每季"
    with pytest.raises(InvalidInput):
        understand(field, "a|b|c|2026-01-01|e|f", Names())


def test_the_text_of_a_restricted_talk_is_not_exported(registers: RegisterService, tmp_path: Path) -> None:
    (talker, _name), (talkee, _other) = registers.choices("talk", "talker_id")[:2]
    values = {"event_on": date(2026, 6, 1), "talker_id": talker, "talkee_id": talkee}
    before = registers.export("talk", tmp_path / "before.xlsx")
    registers.save("talk", {**values, "title": "提醒谈话", "kind": "reminder", "points": "迟到早退"})
    registers.save("talk", {**values, "title": "谈心", "kind": "heart_talk"})
    assert registers.export("talk", tmp_path / "after.xlsx") == before + 1
