"""The overview at once: scores as they are kept, each with its day, and brought up to today apart from it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.improvement import PdcaPlan, PdcaStep
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.race import PdcaStage, RaceClass
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.branch_list import BranchList
from desktop.services.branch_sums import summed
from desktop.services.errors import InvalidInput
from desktop.services.headquarters import HeadquartersService
from desktop.services.members.counting import members_on
from desktop.services.members.lookup import roster_of
from desktop.services.reporting_due import Lateness
from desktop.services.statistics.counts import belongs
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from tests.stores import clock_at
from tests.ui.full import full_store

TODAY, TOMORROW = date(2026, 10, 12), date(2026, 10, 13)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        yield store


def test_a_new_day_shows_the_scores_of_the_last_and_says_so(store: Store) -> None:
    service = HeadquartersService(store)
    (nothing,) = service.overview(at_once=True)
    assert (nothing.to_reckon, nothing.rate, nothing.scored_on) == (True, None, None)
    (first,) = service.overview()
    assert (first.to_reckon, first.scored_on) == (False, TODAY)

    store.clock = clock_at(f"{TOMORROW} 09:00")
    (row,) = service.overview(at_once=True)
    assert (row.to_reckon, row.scored_on, row.rate) == (True, TODAY, first.rate)
    service.reckon([row.branch_id])
    (now,) = service.overview(at_once=True)
    assert (now.to_reckon, now.scored_on) == (False, TOMORROW)


def test_what_cannot_be_reckoned_is_tried_once_a_day(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def damaged(*_: object, **__: object) -> None:
        raise ValueError("a row nobody thought of")

    monkeypatch.setattr("desktop.services.standards.scoring.scores", damaged)
    service = HeadquartersService(store)
    (row,) = service.overview()
    assert row.broken
    before = len(caplog.records)
    (again,) = service.overview(at_once=True)
    assert (again.broken, again.to_reckon, len(caplog.records)) == (True, False, before)


def test_a_branch_belongs_to_a_county_that_stays_when_it_is_invited_anew(store: Store, tmp_path: Path) -> None:
    service = HeadquartersService(store)
    (row,) = service.overview()
    assert row.county == ""
    service.change_branch(row.branch_id, row.name, row.group, " 沈丘县局党总支 ")
    service.change_branch(row.branch_id, row.name, row.group)
    enrolment = EnrolmentService(store)
    enrolment.revoke(row.branch_id)
    enrolment.invite(row.code, row.name, row.group, tmp_path)
    (row,) = service.overview()
    assert (row.county, row.state) == ("沈丘县局党总支", PartnerState.INVITED)
    with pytest.raises(InvalidInput):
        service.change_branch(row.branch_id, row.name, row.group, "长" * 41)


def test_what_branches_come_to_leaves_out_what_is_not_judged(store: Store) -> None:
    service = HeadquartersService(store)
    (row,) = service.overview()
    judged = replace(row, rate=Decimal("80.00"), own_rate=Decimal("90.00"), quality_rated=True, own_rated=True)
    open_ = replace(row, quality_rated=False, own_rated=False, periods=())
    found = summed([judged, open_], service.due(), TODAY)
    assert (found.reported, found.missing) == (1, 1)
    assert [(mean.value, mean.branches, mean.lacking) for mean in (found.verified, found.own)] == [
        (Decimal(80), 1, 1),
        (Decimal(90), 1, 1),
    ]
    assert found.words == (
        f"2 个支部 · 1 个已报，1 个没报 · 党员 {2 * row.members} 人 · "
        "核定均分 80.00（1 个支部，1 个未核定未计入），自评均分 90.00（1 个支部，1 个未自评未计入）"
    )
    assert "未计入" not in summed([judged, judged], service.due(), TODAY).words
    assert judged.apart == Decimal("-10.00")
    assert open_.apart is None


def test_scores_classes_and_the_package_asked_for_are_of_one_year(store: Store) -> None:
    service = HeadquartersService(store)
    store.clock = clock_at("2027-01-12 09:00")
    (last,), (new,), (ahead,) = (service.overview(year) for year in (2026, 2027, 2028))
    assert service.overview() == [last], "in January people work on the year before"
    assert (last.scored_on, last.race_period[:4]) == (date(2026, 12, 31), "2026")
    assert (new.scored_on, new.race_period, new.race_class) == (date(2027, 1, 12), "", "")
    assert (ahead.scored_on, ahead.to_reckon, ahead.rate) == (None, False, None)
    dues = [service.due(year) for year in (2025, 2026, 2027)]
    assert [due.period for due in dues] == ["2025Q4", "2026Q4", "2027Q1"]
    today = store.today
    assert [due.lateness(last, today) for due in dues] == [
        Lateness.NOT_OWED,  # it was not registered yet
        Lateness.LATE,
        Lateness.NOT_ASKED,  # the quarter has only begun
    ]


def test_a_past_year_is_reckoned_on_its_last_day_and_kept(store: Store) -> None:
    service = HeadquartersService(store)
    store.clock = clock_at("2027-01-12 09:00")
    (row,) = service.overview(2026, at_once=True)
    assert row.to_reckon
    service.reckon([row.branch_id], 2026)
    (row,) = service.overview(2026, at_once=True)
    assert (row.to_reckon, row.scored_on) == (False, date(2026, 12, 31))
    service.reckon([row.branch_id], 2028)


def test_the_list_of_branches_says_its_year(store: Store) -> None:
    book = BranchList(store)
    (row,) = book.rows()
    assert (row["year"], row["due"], row["lateness"], row["scored_on"]) == (2026, "2026年三季度", "已报", TODAY)
    (before,) = book.rows(2025)
    assert (before["year"], before["due"], before["scored_on"]) == (2025, "2025年四季度", date(2025, 12, 31))
    assert {column.name for column in book.sheet().columns} == set(row) - {"id"}


def test_members_of_a_past_year_are_those_of_its_last_day_as_the_statistics_count_them(store: Store) -> None:
    def counted(year: int) -> int:
        (row,) = HeadquartersService(store).overview(year)
        return row.members

    with store.reading() as session:
        (branch,) = {member.branch_id for member in session.scalars(select(Member))}
        for day in (date(2025, 12, 31), date(2026, 12, 31), TODAY):
            roster = roster_of(store, session, branch)
            asked = sum(belongs(roster, member, day) for member in roster.members.values())
            assert members_on(session, day) == {branch: asked}
    before = counted(2025)
    came = {"branch_id": branch, "category": MemberCategory.FULL_MEMBER, "joined_on": date(2026, 3, 1)}
    gone = {"branch_id": branch, "category": MemberCategory.FULL_MEMBER, "left_on": date(2026, 3, 1)}
    with store.unit_of_work("名册", Act.EXCHANGE) as session:
        session.add(Member(name="新来", status=MemberStatus.FULL_MEMBER, **came))
        session.add(Member(name="走了", status=MemberStatus.TRANSFERRED_OUT, **gone))
        session.add(Member(name="停止", status=MemberStatus.SUSPENDED, admitted_on=date(2000, 1, 1), **came))
    now = counted(2026)
    assert counted(2025) == before + 1  # who left since
    rows = HeadquartersService(store).overview(2025)
    told = summed(rows, HeadquartersService(store).due(2025), TODAY, year_end=True).words
    assert f"年底党员 {before + 1} 人" in told
    with store.reading() as session:
        roster = roster_of(store, session, branch)
        assert now == sum(belongs(roster, member, TODAY) for member in roster.members.values())


def test_the_plan_of_a_past_year_is_the_one_that_was_worked_on_at_its_end(store: Store) -> None:
    with store.unit_of_work("计划", Act.EXCHANGE) as session:
        branch = session.scalars(select(Member.branch_id)).first()
        assert branch is not None
        plan = PdcaPlan(
            branch_id=branch, title="上年规划", race_class=RaceClass.MIDDLE, source_period="2025Q2",
            opened_on=date(2025, 7, 20), stage=PdcaStage.CLOSED,
        )  # fmt: skip
        session.add(plan)
        session.flush()
        for stage, on in ((PdcaStage.DOING, date(2025, 9, 1)), (PdcaStage.CLOSED, date(2026, 2, 1))):
            session.add(PdcaStep(branch_id=branch, plan_id=plan.id, stage=stage, on=on))
    (past,) = HeadquartersService(store).overview(2025)
    (now,) = HeadquartersService(store).overview(2026)
    assert (past.plan, past.plan_stage) == ("上年规划", PdcaStage.DOING.label)
    assert now.plan != "上年规划"
