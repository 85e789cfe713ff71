"""What a round asks to be done: only what is open, with its day."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.services.appraisal.service import AppraisalService
from desktop.services.appraisal.todo import appraisal_tasks
from desktop.services.home import read_home
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.appraisal.rounds import NAMES, YEAR, branch, decided, graded, ids, round_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with branch(tmp_path / "store") as made:
        yield made


def test_grades_that_are_set_wait_to_be_fed_back(store: Store) -> None:
    graded(store)
    assert appraisal_tasks(store) == []
    AppraisalService(store).decide(YEAR, date(2027, 1, 15))
    (task,) = appraisal_tasks(store)
    assert (task.what, task.by, task.verb) == (
        f"2026年度民主评议的结果还有{len(NAMES)}人没有反馈", date(2027, 3, 31), "登记反馈",
    )  # fmt: skip


def test_a_problem_stands_on_the_first_page_until_it_is_closed(store: Store) -> None:
    service = decided(store)
    for member_id in ids(store).values():
        if (line := round_of(store).line(member_id)) is not None and line.rated:
            service.note(YEAR, member_id, {"fed_back_on": date(2027, 1, 18)})
    problem = {"event_on": "2027-01-08", "title": "党课联系实际不够", "source": "org_life", "due_on": "2027-01-15"}
    kept = RegisterService(store).save("issue", {**problem, "for_year": YEAR})
    works = [
        work for work in read_home(store, 2027, store.today).works if work.where and work.where.page == "appraisal"
    ]
    assert [(work.what, work.verb) for work in works if work.verb == "销号"] == [("整改“党课联系实际不够”", "销号")]
    service.close_problem(kept, date(2027, 1, 18), "讲稿", "李建国")
    assert appraisal_tasks(store) == []
