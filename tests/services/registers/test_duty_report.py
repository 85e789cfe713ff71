"""Duty reports: ballots by grade feed the survey of the standard, agree with the sums, and print their own forms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.archive.documents import DocumentService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.members.people import GAO
from tests.stores import new_store

BALLOTS = {"good": "12", "fair": "6", "average": "2", "poor": "0"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def report(store: Store) -> dict[str, str]:
    who = MemberService(store).register(GAO)
    return {"title": "年度述职", "event_on": "2026-11-20", "to_whom": "党员大会", "member_id": who}


def judged(store: Store, kind: str) -> list[tuple[int | None, int | None]]:
    facts = StandardService(store).facts(2026)
    return [(row.satisfied, row.asked) for row in facts.by_kind.get(kind, ())]


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        (BALLOTS, (18, 20)),
        ({"good": "12", "poor": "1"}, (12, 13)),
        ({"favourable": "9", "asked": "10"}, (9, 10)),
        ({**BALLOTS, "favourable": "18", "asked": "20"}, (18, 20)),
        ({}, (None, None)),
    ],
)
def test_ballots_are_typed_once_and_counted(
    store: Store, report: dict[str, str], typed: dict[str, str], counted: tuple[int | None, int | None]
) -> None:
    RegisterService(store).save("duty_report", {**report, **typed})
    assert judged(store, "duty_report") == [counted]


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"favourable": "17", "asked": "20"}, "favourable"), ({"favourable": "18", "asked": "21"}, "asked")],
)
def test_sums_that_do_not_agree_with_the_ballots_are_refused(
    store: Store, report: dict[str, str], typed: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput, match="填一处就行") as refused:
        RegisterService(store).save("duty_report", {**report, **BALLOTS, **typed})
    assert refused.value.name == field


def test_who_was_helped_or_talked_to_and_who_was_asked_is_counted_from_the_record(
    store: Store, report: dict[str, str]
) -> None:
    registers, who = RegisterService(store), report["member_id"]
    day = {"event_on": "2026-05-05"}
    registers.save("member_care", {**day, "title": "探望", "member_id": who, "occasion": "生病", "satisfied": "是"})
    registers.save("role_model", {**day, "title": "先锋", "member_id": who, "satisfied": "17", "asked": "18"})
    registers.save(
        "party_affairs_publicity", {**day, "title": "党费公开", "matter": "党费", "aware": "20", "asked": "22"}
    )
    assert judged(store, "member_care") == [(1, 1)]
    assert judged(store, "role_model") == [(17, 18)]
    assert judged(store, "party_affairs_publicity") == [(20, 22)]


def test_forms_to_hand_out_have_the_grades_of_the_record(store: Store, report: dict[str, str], tmp_path: Path) -> None:
    kept = RegisterService(store).save("duty_report", report)
    DocumentService(store).ballots("duty_report", kept, tmp_path / "票.pdf")
    text = text_of(tmp_path / "票.pdf")
    assert text.count("述职测评票") >= 4
    for words in ("较好", "一般", "意见建议", "高红卫", "不写姓名"):
        assert words in text
    with pytest.raises(NotFound):
        DocumentService(store).ballots("venue", kept, tmp_path / "无.pdf")
