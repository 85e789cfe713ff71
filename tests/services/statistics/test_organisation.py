"""What the yearly statistics ask of the branch as a body: courses by who took them, its term and its election."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.learning import Trainee
from desktop.models.vocabulary.branches import ConditionKind, Post
from desktop.services.branches import BranchService
from desktop.services.members import ConditionService, MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.statistics.organisation import NEW_MEMBERS, TRAINED
from desktop.services.statistics.yearly import YearlyService
from desktop.services.store import Store
from desktop.services.terms import TermDraft, TermService
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as opened:
        yield opened


def test_courses_are_counted_by_the_post_and_the_circumstances_of_their_day(store: Store) -> None:
    old = {"admitted_on": "2010-07-01", "full_on": "2011-07-01"}
    ids = {name: MemberService(store).register({"name": name, **old}) for name in ("赵一", "钱二")}
    BranchService(store).assign(Post.SECRETARY, ids["赵一"], date(2026, 4, 1))
    ConditionService(store).save(ids["钱二"], ConditionKind.MOBILE, date(2026, 1, 1), date(2026, 5, 1))
    for month, centralised in ((3, True), (6, True), (7, False)):
        people = tuple(Trainee(who, 8.0) for who in ids.values())
        values = {"title": "轮训", "centralised": centralised, "participants": people}
        RegisterService(store).save("training_record", {"event_on": date(2026, month, 5), **values})
    counts = YearlyService(store).year(2026)
    found = {f.label: [each.name for each in f.people] for f in counts.figures if f.group == TRAINED}
    assert [len(found[label]) for label in ("合计", "党支部书记", "流动党员")] == [4, 1, 1]
    assert (found["党支部书记"], found["流动党员"]) == (["赵一（06-05 轮训）"], ["钱二（03-05 轮训）"])
    assert NEW_MEMBERS in counts.notes
    assert any(note.startswith("学时：全体党员还有") for note in counts.notes)


def test_the_term_says_whether_there_was_an_election_or_one_is_overdue(store: Store) -> None:
    def said(year: int) -> str:
        return next(note for note in YearlyService(store).year(year).notes if note.startswith("组织："))

    assert said(2026).endswith("没有登记届次，任期和换届没有数")
    TermService(store).save_term(TermDraft(term_no=1, elected_on=date(2022, 5, 10), expires_on=date(2025, 5, 9)))
    assert said(2025).endswith("第1届，2022-05-10选举，2025-05-09届满，到期没有换届")
    TermService(store).save_term(TermDraft(term_no=2, elected_on=date(2026, 3, 1), expires_on=date(2029, 2, 28)))
    assert said(2026).endswith("第2届，2026-03-01选举，2029-02-28届满，本年换届")
    assert "本年换届" not in said(2025)
