"""A checklist in the store: taken in whole, shared out, proved, scored, to do, printed, back as it came, recycled."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.inspections import PointState
from desktop.services.archive.documents import DocumentService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.home import read_home
from desktop.services.inspections.reading import read_lists
from desktop.services.inspections.service import InspectionDraft, InspectionService
from desktop.services.inspections.sheet import export_inspection
from desktop.services.members import MemberService
from desktop.services.recycling import RecycleBin
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.inspections.brought import HEADS, workbook
from tests.services.members.people import GAO
from tests.sheets import content, sheet_rows
from tests.stores import new_store

DRAFT = InspectionDraft(
    title="2026年党建考核",
    received_on=date(2026, 11, 2),
    inspector="市公司党建科",
    self_due_on=date(2026, 11, 25),
    visit_on=date(2026, 12, 8),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:  # 2026-11-22
        yield opened


@pytest.fixture
def taken(store: Store, tmp_path: Path) -> str:
    (brought,) = read_lists(workbook(tmp_path / "检查表.xlsx"))
    return InspectionService(store).take_in(brought, DRAFT)


def test_a_list_is_taken_in_with_its_scores_and_days(store: Store, taken: str) -> None:
    service = InspectionService(store)
    inspection = service.inspection(taken)
    assert (inspection.count, inspection.full, inspection.self_sum, inspection.checked_sum) == (3, 25, 5, None)
    points = service.points(taken)
    assert [point.position for point in points] == [1, 2, 3]
    assert {point.due_on for point in points} == {DRAFT.self_due_on}
    assert points[2].others == {"自查分": "酌情"}
    assert {point.state for point in points} == {PointState.WAITING}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"received_on": date(2026, 12, 1)}, "received_on"),
        ({"visit_on": date(2026, 11, 1)}, "visit_on"),
    ],
)
def test_a_list_that_cannot_be_is_refused_and_nothing_kept(
    store: Store, tmp_path: Path, changed: dict[str, object], field: str
) -> None:
    (brought,) = read_lists(workbook(tmp_path / "检查表.xlsx"))
    before = content(store)
    known = {name: getattr(DRAFT, name) for name in DRAFT.__slots__}
    with pytest.raises(InvalidInput) as refused:
        InspectionService(store).take_in(brought, InspectionDraft(**{**known, **changed}))
    assert refused.value.name == field
    assert content(store) == before


def test_points_are_shared_out_and_stand_in_the_to_do_until_they_are_ready(store: Store, taken: str) -> None:
    service = InspectionService(store)
    owner = MemberService(store).register(GAO)
    first, second, third = (point.id for point in service.points(taken))
    assert service.assign([first, second], owner, None) == 2
    service.assign([third], None, date(2026, 11, 20))
    RegisterService(store).save("inspection_point", {"done_on": "2026-11-21", "self_points": "9"}, first)
    works = [work for work in read_home(store, 2026, store.today).works if work.verb == "看检查表"]
    assert [(work.what, work.who, work.due(store.today)) for work in works] == [
        ("三会一课次数和记录", "", "逾期 2 天"),
        ("委员分工明确", "高红卫", "还有 3 天"),
    ]
    assert service.inspection(taken).progress == "3 条，已备齐 1 条，逾期 1 条"
    with pytest.raises(InvalidInput):
        service.assign([first], None, None)


def test_points_are_given_to_nobody_who_is_not_kept(store: Store, taken: str) -> None:
    service = InspectionService(store)
    first = service.points(taken)[0].id
    before = content(store)
    with pytest.raises(NotFound) as refused:
        service.assign([first], "无", date(2026, 11, 20))
    assert refused.value.facts["what"] == "党员"
    assert content(store) == before


def test_a_score_above_what_a_point_gives_is_refused(store: Store, taken: str) -> None:
    point = InspectionService(store).points(taken)[0]
    with pytest.raises(InvalidInput, match="自查分高于分值"):
        RegisterService(store).save("inspection_point", {"self_points": "10.5"}, point.id)


def test_records_prove_a_point_once_and_are_named_until_they_are_gone(store: Store, taken: str) -> None:
    service, registers = InspectionService(store), RegisterService(store)
    talk = registers.save("superior_task", {"title": "换届批复", "received_on": "2026-03-02", "from_org": "上级"})
    point = service.points(taken)[0].id
    service.link(point, "superior_task", talk)
    with pytest.raises(InvalidInput, match="已经关联"):
        service.link(point, "superior_task", talk)
    with pytest.raises(InvalidInput, match="找不到"):
        service.link(point, "superior_task", "无")
    with pytest.raises(InvalidInput, match="不能证明自己"):
        service.link(point, "inspection_point", point)
    assert service.points(taken)[0].evidence == "2026-03-02 换届批复"
    registers.remove("superior_task", talk)
    assert "已删除" in service.points(taken)[0].evidence
    service.unlink(point, "superior_task", talk)
    assert service.points(taken)[0].proofs == ()


def test_it_goes_back_in_the_columns_it_came_in_with_the_scores_and_comes_in_again(
    store: Store, taken: str, tmp_path: Path
) -> None:
    point = InspectionService(store).points(taken)[0]
    RegisterService(store).save("inspection_point", {"self_points": "8", "finding": "缺纪检委员"}, point.id)
    assert export_inspection(store, taken, tmp_path / "出.xlsx") == 3
    title, heads, *rows = sheet_rows(tmp_path / "出.xlsx")
    assert title[0] == "2026年党建考核"
    assert heads == (*HEADS[1:], "自查情况")
    kept = ("组织建设", "按期换届，班子配备齐全", 10, "缺一名委员扣2分", "查资料", 8, None)
    assert rows[0] == (*kept, "条例第十二条", None, "缺纪检委员")
    assert rows[2][5] == "酌情"
    assert (rows[-1][0], rows[-1][2], rows[-1][5]) == ("合计", 25, 13)
    (again,) = read_lists(tmp_path / "出.xlsx")
    assert [point.score("self_points") for point in again.points] == [8, 5, None]


def test_the_self_check_is_printed_with_both_columns_of_scores(store: Store, taken: str, tmp_path: Path) -> None:
    DocumentService(store).inspection(taken, tmp_path / "自查.pdf")
    text = text_of(tmp_path / "自查.pdf")
    for words in ("自查表", "自查分", "考核分", "委员分工明确", "还有2条没有填自查分", "检查组"):
        assert words in text


def test_a_list_goes_into_the_bin_and_comes_back_with_its_points(store: Store, taken: str) -> None:
    service, bin_ = InspectionService(store), RecycleBin(store)
    service.remove(taken)
    assert service.lists() == []
    assert [(row.table, row.id) for row in bin_.rows()] == [("inspection", taken)]
    bin_.restore("inspection", taken)
    assert service.inspection(taken).count == 3
    assert bin_.rows() == []
