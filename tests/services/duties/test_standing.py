"""Where a duty stands: settled by the newest check that names it, else open until its day, then late."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.duties import DutyItem, DutyState
from desktop.models.vocabulary.registers import DutyItemState
from desktop.services.archive.documents import DocumentService
from desktop.services.duties.standing import check_title, duties, duty_works, standing, to_mark
from desktop.services.home import read_home
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.stores import new_store

TODAY = date(2026, 11, 22)
DONE, OPEN, LATE, WAIVED = DutyItemState.DONE, DutyItemState.OPEN, DutyItemState.OVERDUE, DutyItemState.WAIVED


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        yield opened


@pytest.mark.parametrize(
    ("due", "checks", "state"),
    [
        (date(2026, 12, 31), [], OPEN),
        (date(2026, 11, 21), [], LATE),
        (TODAY, [], OPEN),
        (None, [], OPEN),
        (date(2026, 6, 30), [(date(2026, 7, 1), DONE)], DONE),
        (date(2026, 6, 30), [(date(2026, 7, 1), WAIVED)], WAIVED),
        (date(2026, 6, 30), [(date(2026, 7, 1), DONE), (date(2026, 9, 1), OPEN)], LATE),
        (date(2026, 6, 30), [(date(2026, 7, 1), OPEN), (date(2026, 7, 1), DONE)], DONE),
        (date(2026, 12, 31), [(date(2026, 7, 1), LATE)], LATE),
        (date(2026, 12, 31), [(date(2026, 7, 1), None)], OPEN),
    ],
)
def test_the_newest_check_decides_and_the_day_makes_late(
    due: date | None, checks: list[tuple[date, DutyItemState | None]], state: DutyItemState
) -> None:
    lines = [(on, DutyState("每月 讲评一次", told)) for on, told in checks]
    assert standing(DutyItem(what="每月讲评一次", due_on=due), lines, TODAY)[0] is state


def kept(store: Store, signed: str = "2026-01-10") -> str:
    member = MemberService(store).register({"name": "李建国", "admitted_on": "2010-07-01"})
    return RegisterService(store).save(
        "duty_list",
        {
            "title": "书记责任清单",
            "year": 2026,
            "level": "branch",
            "post": "secretary",
            "member_id": member,
            "items": "抓换届|按程序办|按期完成|2026-06-30|批复\n讲党课|每季度一次|4次|2026-12-15|教案",
            "signed_on": signed,
            "state": "signed" if signed else "draft",
        },
    )


def test_a_late_duty_is_asked_for_until_a_check_settles_it(store: Store) -> None:
    duty_list = kept(store)
    works = duty_works(store, 30)
    assert [(work.what, work.owner, work.late) for work in works] == [
        ("书记责任清单：抓换届过了期限，对账销号", "李建国", True),
        ("书记责任清单：讲党课", "李建国", False),
    ]
    home = [work for work in read_home(store, 2026, TODAY).works if work.source == "责任清单"]
    assert [(work.verb, work.where and work.where.prefill["subject"]) for work in home] == [("对账", duty_list)] * 2
    RegisterService(store).save(
        "duty_check",
        {"event_on": "2026-07-05", "title": "上半年对账", "duty_list_id": duty_list, "states": "抓换届|已完成"},
    )
    assert [work.what for work in duty_works(store, 30)] == ["书记责任清单：讲党课"]
    with store.reading() as session:
        found = duties(session, store.branch_id, TODAY, 2026)
    assert [(duty.what, duty.state, duty.checked_on) for duty in found] == [
        ("抓换届", DONE, date(2026, 7, 5)),
        ("讲党课", OPEN, None),
    ]


def test_a_new_check_lists_what_no_check_settled_yet(store: Store) -> None:
    duty_list = kept(store)
    assert to_mark(store, duty_list) == (DutyState("抓换届"), DutyState("讲党课"))
    RegisterService(store).save(
        "duty_check",
        {
            "event_on": "2026-07-05",
            "title": check_title(date(2026, 6, 30)),
            "duty_list_id": duty_list,
            "states": "抓换届|已完成\n讲党课|未完成",
        },
    )
    assert to_mark(store, duty_list) == (DutyState("讲党课"),)
    assert to_mark(store, "没有") == ()
    assert [check_title(date(2026, month, 1)) for month in (6, 7)] == ["2026年上半年对账", "2026年下半年对账"]


def test_a_list_that_nobody_signed_asks_for_nothing(store: Store) -> None:
    assert to_mark(store, kept(store, signed="")) == ()
    assert duty_works(store, 30) == []


def test_a_list_is_printed_to_be_signed_with_its_duties_in_a_table(store: Store, tmp_path: Path) -> None:
    duty_list = kept(store)
    path = tmp_path / "清单.pdf"
    DocumentService(store).record("duty_list", duty_list, path)
    text = "".join(text_of(path).split())
    for words in ("干到什么程度", "完成期限", "抓换届", "2026-06-30", "责任人", "审签人", "签订日期"):
        assert words in text, words
