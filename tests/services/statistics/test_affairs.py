"""What happened in the year: each figure has its people, and discipline is a figure for the entitled alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.models import people
from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.development import CaseStep, DevelopmentCase
from desktop.models.learning import Trainee
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import ConditionKind, MemberStatus, Post
from desktop.models.vocabulary.conduct import DisciplineKind, HonourRecipient
from desktop.models.vocabulary.dues import DuesRelief
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.branches import BranchService
from desktop.services.development.windows import ACTIVIST, APPLY, LIST
from desktop.services.members import ConditionService, LifeService, MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.statistics.affairs import (
    ADMISSIONS,
    APPRAISED,
    CASES,
    CONFIRMED,
    DISPOSED,
    HONOURED,
    PUNISHED,
    PUT_OUT,
)
from desktop.services.statistics.bands import load_bands
from desktop.services.statistics.counts import CIRCUMSTANCES, NO_YEARS, POSTS, Figure, StatisticsService
from desktop.services.statistics.learning import hours_list
from desktop.services.statistics.yearly import YearlyService
from desktop.services.store import Store
from tests.stores import new_store

OLD = {"admitted_on": "2010-07-01", "full_on": "2011-07-01"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as opened:
        yield opened


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    members = MemberService(store)
    return {name: members.register({"name": name, **OLD}) for name in ("赵一", "钱二", "孙三", "李四")}


def told(figures: tuple[Figure, ...], group: str) -> dict[str, list[str]]:
    return {f.label: [each.name for each in f.people] for f in figures if f.group == group}


def test_what_became_of_probations(store: Store) -> None:
    members, life = MemberService(store), LifeService(store)
    names = ("按期", "延后", "取消", "期满", "还早", "没写")
    begun = ("2025-03-18", "2024-09-18", "2025-06-18", "2025-10-18", "2026-03-18", "2025-04-18")
    own = {"category": "预备党员"}
    ids = {
        name: members.register({**own, "name": name * 2, "admitted_on": on})
        for name, on in zip(names, begun, strict=True)
    }
    life.transition(ids["按期"], MemberStatus.FULL_MEMBER, date(2026, 3, 18))
    life.extend_probation(ids["延后"], date(2026, 3, 18))
    life.transition(ids["延后"], MemberStatus.FULL_MEMBER, date(2026, 3, 18))
    life.transition(ids["取消"], MemberStatus.PROBATION_CANCELLED, date(2026, 6, 20), document_no="3号")
    life.extend_probation(ids["没写"], date(2026, 12, 18))
    counts = YearlyService(store).year(2026)
    assert told(counts.figures, CONFIRMED) == {
        "按期转正": ["按期按期"],
        "延长预备期后转正": ["延后延后"],
        "取消预备党员资格": ["取消取消"],
        "预备期满尚未讨论或审批": ["期满期满"],
    }
    assert "没写没写延长过预备期，没有登记决议日期，没有列入“延长预备期”" in counts.notes
    with store.unit_of_work("登记发展党员") as session:
        person = people.Person(branch_id=store.branch_id, name="没写没写")
        session.add(person)
        session.flush()
        session.add(
            DevelopmentCase(
                branch_id=store.branch_id, person_id=person.id, member_id=ids["没写"], extended_on=date(2026, 4, 20)
            )
        )
    assert told(YearlyService(store).year(2026).figures, CONFIRMED)["延长预备期"] == ["没写没写"]


def test_discipline_is_counted_for_the_entitled_and_no_figure_for_others(store: Store, ids: dict[str, str]) -> None:
    for name, kind in (("赵一", DisciplineKind.WARNING), ("钱二", DisciplineKind.CORRECTION)):
        values = {"event_on": date(2026, 5, 5), "title": "一事", "kind": kind, "member_id": ids[name], "months": 6}
        RegisterService(store).save("discipline", values)
    ConditionService(store).save(ids["赵一"], ConditionKind.PROBATION_DISCIPLINE, date(2026, 1, 1))
    LifeService(store).transition(ids["李四"], MemberStatus.EXPELLED, date(2026, 8, 1), document_no="5号")
    figures = YearlyService(store).year(2026).figures
    assert told(figures, PUNISHED) == {"警告": ["赵一"]}
    assert told(figures, DISPOSED) == {"限期改正": ["钱二"]}
    assert told(figures, PUT_OUT) == {"开除党籍": ["李四"]}
    assert told(figures, CIRCUMSTANCES) == {"留党察看": ["赵一"]}
    store.rights = replace(store.rights, acts=store.rights.acts - {Act.RESTRICTED})
    figures = YearlyService(store).year(2026).figures
    assert (told(figures, PUNISHED), told(figures, DISPOSED), told(figures, CIRCUMSTANCES)) == ({}, {}, {})


def test_grades_count_once_they_are_decided(store: Store, ids: dict[str, str]) -> None:
    assert "还没有2026年度民主评议的记录" in YearlyService(store).year(2026).notes
    with store.unit_of_work("评议") as session:
        own = {"branch_id": store.branch_id, "for_year": 2026}
        session.add(Appraisal(**own))
        for name, grade in (("赵一", AppraisalGrade.EXCELLENT), ("钱二", AppraisalGrade.QUALIFIED)):
            session.add(AppraisalResult(**own, member_id=ids[name], grade=grade))
    counts = YearlyService(store).year(2026)
    assert told(counts.figures, APPRAISED) == {"参加评议": ["赵一", "钱二"]}
    assert "2026年度民主评议还没有定下等次" in counts.notes
    with store.unit_of_work("定等次") as session:
        session.query(Appraisal).one().decided_on = date(2026, 11, 20)
    figures = YearlyService(store).year(2026).figures
    assert told(figures, APPRAISED) == {"参加评议": ["赵一", "钱二"], "优秀": ["赵一"], "合格": ["钱二"]}


def test_honours_dues_relief_and_admissions_are_counted(store: Store, ids: dict[str, str]) -> None:
    registers = RegisterService(store)
    honour = {"event_on": date(2026, 7, 1), "title": "先进", "level": "市级"}
    registers.save("honour", {**honour, "member_id": ids["孙三"]})
    registers.save("honour", {**honour, "recipient": HonourRecipient.BRANCH})
    with store.unit_of_work("登记") as session:
        for name, steps in (("王申", [APPLY]), ("王积", [APPLY, ACTIVIST]), ("王对", [APPLY, ACTIVIST, LIST])):
            person = people.Person(branch_id=store.branch_id, name=name)
            session.add(person)
            session.flush()
            case = DevelopmentCase(branch_id=store.branch_id, person_id=person.id)
            session.add(case)
            session.flush()
            for no in steps:
                session.add(CaseStep(branch_id=store.branch_id, case_id=case.id, no=no, done_on=date(2026, 2, no)))
    counts = YearlyService(store).year(2026)
    assert told(counts.figures, HONOURED) == {"受表彰的党员": ["孙三"]}
    assert "党支部受表彰 1 次" in counts.notes
    assert told(counts.figures, ADMISSIONS) == {"发展对象": ["王对"], "入党积极分子": ["王积"], "入党申请人": ["王申"]}
    assert {each.kind for f in counts.figures if f.group == ADMISSIONS for each in f.people} == {CASES}
    assert told(YearlyService(store).year(2025).figures, ADMISSIONS) == {}
    assert DuesRelief.EXEMPT.label == "免交"


@pytest.mark.parametrize(("years", "band"), [(0, "不满5年"), (5, "5—9年"), (49, "40—49年"), (50, "50年及以上")])
def test_bands_of_membership(years: int, band: str) -> None:
    assert load_bands().standing(years) == band


def test_posts_and_membership_are_counted_on_the_day(store: Store, ids: dict[str, str]) -> None:
    branches = BranchService(store)
    for post in (Post.SECRETARY, Post.ORG_COMMISSIONER):
        branches.assign(post, ids["赵一"], date(2026, 1, 1))
    MemberService(store).register({"name": "预备", "admitted_on": "2026-06-18"})
    counts = StatisticsService(store).counts()
    assert told(counts.figures, POSTS) == {"支部书记": ["赵一"], "组织委员": ["赵一"]}
    assert told(counts.figures, "党龄") == {NO_YEARS: ["预备"], "10—19年": ["赵一", "钱二", "孙三", "李四"]}
    assert all(check.holds for check in counts.checks)


def test_a_round_of_courses_covers_who_took_one_in_its_years(store: Store, ids: dict[str, str]) -> None:
    years = {"赵一": (2024, True), "钱二": (2023, True), "孙三": (2026, False)}
    for name, (year, central) in years.items():
        on = date(year, 5, 6)
        values = {"event_on": on, "title": "班", "centralised": central, "participants": (Trainee(ids[name], 8.0),)}
        RegisterService(store).save("training_record", values)
    found = hours_list(store, 2026)
    covered = told(found.figures, found.cycle_words)
    assert covered["参加过"] == ["赵一"]
    assert sorted(covered["还没参加"]) == sorted(["钱二", "孙三", "李四"])
    assert found.cycle_words == "轮训（2024—2028年）"
