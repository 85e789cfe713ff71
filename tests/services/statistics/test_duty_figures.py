"""Figures for the duty report: this year beside the last one, from the records alone, and on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.archive.documents import DocumentService
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.services.statistics.duty_figures import FigureRow, duty_figures
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.members.people import GAO
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:  # 2026-11-22
        who = MemberService(opened).register(GAO)
        registers = RegisterService(opened)
        for on, hours in (("2025-03-05", "4"), ("2026-03-05", "3"), ("2026-09-01", "3.5")):
            registers.save("volunteer_activity", {"title": f"服务{on}", "event_on": on, "hours": f"{who}|{hours}"})
        issue = {"title": "学习不够", "event_on": "2026-02-01", "source": "上级检查", "due_on": "2026-06-30"}
        registers.save("issue", {**issue, "closed_on": "2026-06-01", "state": "已销号"})
        yield opened


def figure(store: Store, name: str) -> FigureRow:
    return next(row for row in duty_figures(store, 2026).rows if row.name == name)


def test_counts_and_sums_stand_beside_those_of_the_year_before(store: Store) -> None:
    served = figure(store, "志愿服务（小时）")
    assert (served.before, served.now, served.change) == ("4", "6.5", "+2.5")
    activities = figure(store, "志愿服务活动")
    assert (activities.area, activities.before, activities.now, activities.change) == ("登记（条）", "1", "2", "+1")
    assert (figure(store, "提出问题（个）").now, figure(store, "销号（个）").now) == ("1", "1")
    assert figure(store, "党员（名）").now == "1"


def test_what_nothing_is_known_of_says_so(store: Store) -> None:
    assert figure(store, "平均到会率").now == "—"
    assert figure(store, "自评得分（已评定部分）").before == "—"


def test_a_year_before_the_records_began_says_so_and_no_zero(store: Store) -> None:
    for row in duty_figures(store, 2025).rows:
        assert row.area == "党员队伍" or (row.before, row.change) == ("—", "")


def test_the_sheet_prints_itself(store: Store, tmp_path: Path) -> None:
    DocumentService(store).duty_figures(2026, tmp_path / "述职数据.pdf")
    text = text_of(tmp_path / "述职数据.pdf")
    for words in ("2026年度述职数据", "截至2026年11月22日", "支部党员大会（次）", "+2.5"):
        assert words in text
