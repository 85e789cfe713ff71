"""A round in Excel: results as people keep them, in, again, changed, refused, out unchanged, taken back."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.book import ResultBook, RoundBook
from desktop.services.appraisal.rows import StepKey
from desktop.services.appraisal.service import AppraisalService
from desktop.services.intake.record import ImportRecord
from desktop.services.store import Store
from tests.services.appraisal.rounds import (
    FRESH,
    NAMES,
    YEAR,
    B,
    E,
    Q,
    branch,
    decided,
    graded,
    ids,
    prepared,
    round_of,
)
from tests.sheets import workbook
from tests.stores import new_store

HEAD = ["序号", "姓名", "正式/预备", "自评", "优秀", "合格", "基本合格", "不合格", "评定等次", "评定日期", "备注"]
ROUND = [
    "年度",
    "方案日期",
    "集中学习日期",
    "学时",
    "会议通知日期",
    "征求意见日期",
    "互评日期",
    "测评日期",
    "发出",
    "收回",
    "有效票",
]
PREPARED = [2026, "2026-12-20", "2026-12-25", 4, "2026-12-28", "2026-12-30", "2027-01-08", "2027-01-08", 10, 9, 9]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with branch(tmp_path / "store") as made:
        yield made


def results(folder: Path, *rows: list[Any], head: list[str] = HEAD) -> Path:
    return workbook(folder / "结果.xlsx", [["民主评议党员汇总表"], head, *rows], "汇总表")


def line(number: int, name: str, grade: str = "合格", votes: tuple[int, ...] = (8, 1, 0, 0), **given: Any) -> list[Any]:
    return [number, name, given.get("full", "正式"), "合格", *votes, grade, given.get("on", "2027-01-15"), None]


def test_a_list_of_name_standing_and_result_is_enough(store: Store, tmp_path: Path) -> None:
    path = results(tmp_path, *[[name, "正式党员", "合格"] for name in NAMES], head=["姓名", "党籍状态", "评议结果"])
    done = ResultBook(store).import_file(path)
    assert (done.accepted, done.rejected) == (len(NAMES), [])
    found = round_of(store)
    assert found.count(Q) == len(NAMES)
    assert not found.decided  # no day was written


def test_a_whole_year_comes_in_and_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    rounds = workbook(tmp_path / "准备.xlsx", [ROUND, PREPARED], "准备")
    assert RoundBook(store).import_file(rounds).accepted == 1
    rows = [line(number, name, "优秀" if number < 3 else "合格") for number, name in enumerate(NAMES)]
    path = results(tmp_path, *rows, [9, FRESH, "预备", "合格", None, None, None, None, "不评定", None, None])
    done = ResultBook(store).import_file(path)
    assert (done.accepted, done.rejected) == (10, [])
    assert [each.reason for each in done.warnings] == ["表里没有写年度，按2026年度登记"]
    found = round_of(store)
    assert (found.facts.valid, found.facts.decided_on, found.count(E)) == (9, date(2027, 1, 15), 3)
    again = ResultBook(store).import_file(path)
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, 10)
    assert RoundBook(store).import_file(rounds).unchanged == 1


def test_grades_over_the_third_come_in_and_are_not_set(store: Store, tmp_path: Path) -> None:
    path = results(
        tmp_path, *[line(number, name, "优秀" if number < 4 else "合格") for number, name in enumerate(NAMES)]
    )
    done = ResultBook(store).import_file(path)
    assert "优秀4名，最多3名" in done.warnings[-1].reason
    assert not round_of(store).decided
    assert round_of(store).count(E) == 4


def test_what_cannot_be_is_refused_row_by_row(store: Store, tmp_path: Path) -> None:
    path = results(
        tmp_path,
        line(1, "陈晓东"),
        line(2, FRESH, "合格", full="预备"),
        line(3, "没有这人"),
        line(4, "褚东升", "先进"),
        line(5, "秦海波", on="2027-06-01"),
    )
    done = ResultBook(store).import_file(path)
    assert [(each.row, each.field) for each in done.rejected] == [
        (4, "评定等次"), (5, "姓名"), (6, "评定等次"), (7, "评定日期"),
    ]  # fmt: skip
    assert done.accepted == 1


def test_sums_that_differ_and_another_standing_are_said(store: Store, tmp_path: Path) -> None:
    RoundBook(store).import_file(workbook(tmp_path / "准备.xlsx", [ROUND, PREPARED], "准备"))
    done = ResultBook(store).import_file(results(tmp_path, line(1, "陈晓东", votes=(9, 1, 0, 0), full="预备")))
    told = [each.reason for each in done.warnings]
    assert "名册上是正式党员，没有改动" in told
    assert "陈晓东的票数合计差+1票，照表登记" in told


def test_what_is_set_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    decided(store)
    done = ResultBook(store).import_file(results(tmp_path, line(1, "周立军", "基本合格")))
    assert any("已经定下" in each.reason for each in done.warnings)
    found = round_of(store).line(ids(store)["周立军"])
    assert found is not None
    assert found.grade is Q


def test_what_goes_out_comes_in_unchanged_elsewhere(store: Store, tmp_path: Path) -> None:
    service = graded(store)
    service.grade(YEAR, ids(store)["周立军"], B, "两次不参加组织生活")
    service.decide(YEAR, date(2027, 1, 15), "支委会")
    rounds, lines = tmp_path / "准备.xlsx", tmp_path / "结果.xlsx"
    assert RoundBook(store).export(rounds) == 1
    assert ResultBook(store).export(lines, YEAR) == len(NAMES) + 1
    assert ResultBook(store).import_file(lines).unchanged == len(NAMES) + 1
    with branch(tmp_path / "other") as other:
        RoundBook(other).import_file(rounds)
        done = ResultBook(other).import_file(lines)
        assert (done.accepted, done.rejected, done.warnings) == (len(NAMES) + 1, [], [])
        here, there = round_of(store), AppraisalService(other).round(YEAR)
        assert [(each.name, each.votes, each.grade, each.reason) for each in here.lines] == [
            (each.name, each.votes, each.grade, each.reason) for each in there.lines
        ]
        assert there.facts.decided_on == date(2027, 1, 15)
        assert there.step(StepKey.BALLOT).lacking == ()


def test_an_import_is_taken_back_whole(store: Store, tmp_path: Path) -> None:
    prepared(store)
    ResultBook(store).import_file(results(tmp_path, line(1, "陈晓东")))
    ImportRecord(store).undo_last("appraisal")
    kept = round_of(store).line(ids(store)["陈晓东"])
    assert kept is not None
    assert (kept.id, kept.grade) == ("", None)


def test_the_empty_sheet_names_the_roster(store: Store, tmp_path: Path) -> None:
    ResultBook(store).template(tmp_path / "空表.xlsx")
    done = ResultBook(store).import_file(tmp_path / "空表.xlsx", dry_run=True)
    assert not done.rejected
    with new_store(tmp_path / "empty") as empty:
        RoundBook(empty).template(tmp_path / "准备.xlsx")
    assert (tmp_path / "准备.xlsx").exists()
    assert len(AppraisalGrade) == 4
