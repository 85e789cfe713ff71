"""Closing a period: the missing are named and may be penalized, late reports are told, opening again has its ground."""

from datetime import date

import pytest
from sqlalchemy import select

from desktop.models.base import new_id
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.race import RacePeriodState
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.headquarters import HeadquartersService
from desktop.services.race.closing import ClosingService
from desktop.services.race.history import PeriodHistory
from desktop.services.race.marks import MarkService
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from tests.services.race.typed import ids, refused
from tests.stores import clock_at

PERIOD = "2026Q3"


def report(store: Store, branch: str, moment: str, seq: int = 1, period: str = PERIOD) -> None:
    with store.unit_of_work("收包") as session:
        session.add(
            ReceivedPackage(
                sender=branch, seq=seq, package_hash=f"{seq:064}", kind="report", period=period, header={},
                accepted=True, code="OK", received_at_utc=moment, file_name="x.dzp",
            )
        )  # fmt: skip


def test_who_has_not_reported_is_named_and_who_never_registered_apart(store: Store, race: RaceService) -> None:
    report(store, ids(race)["XC"], "2026-10-08T03:00:00Z")
    table = race.race(PERIOD)
    assert table.not_handed_in == ("沈丘县党支部", "鹿邑县党支部")
    assert table.not_asked == ("刚邀请的支部（已邀请，没有登记）",)
    assert {row.code for row in table.proposed} == {"SQ", "LY"}


def test_what_came_in_the_middle_of_a_period_to_answer_something_is_no_report_of_it(
    store: Store, race: RaceService
) -> None:
    branch = ids(race)["XC"]
    report(store, branch, "2026-08-20T03:00:00Z")
    assert race.race(PERIOD).handed_in == 0
    assert [row.periods for row in HeadquartersService(store).overview() if row.branch_id == branch] == [()]
    report(store, branch, "2026-09-30T03:00:00Z", seq=2)
    assert race.race(PERIOD).handed_in == 1
    assert [row.periods for row in HeadquartersService(store).overview() if row.branch_id == branch] == [(PERIOD,)]


def test_a_year_is_reported_by_the_package_of_its_last_quarter(store: Store, race: RaceService) -> None:
    store.clock = clock_at("2027-01-12 09:00")
    report(store, ids(race)["XC"], "2027-01-08T03:00:00Z", period="2026Q4")
    report(store, ids(race)["SQ"], "2026-10-08T03:00:00Z", seq=2)
    table = race.race("2026")
    assert table.handed_in == 1
    assert table.not_handed_in == ("沈丘县党支部", "鹿邑县党支部")
    said = {row.code for row in table.rows if any("没有报来2026年四季度的报送包" in words for words in row.reasons)}
    assert said == {"SQ", "LY"}


def test_an_invitation_renewed_for_a_registered_branch_is_nobody_missing(store: Store, race: RaceService) -> None:
    with store.unit_of_work("重写邀请") as session:
        session.add(
            Partner(org=ids(race)["XC"], code="XC", name="项城市党支部", install=new_id(), state=PartnerState.INVITED)
        )
    assert race.race(PERIOD).not_enrolled == ()


def test_a_branch_that_was_registered_before_the_period_ended_and_is_invited_anew_is_missing(
    store: Store, race: RaceService
) -> None:
    with store.unit_of_work("停用、重新邀请") as session:
        former = session.scalars(select(Partner).where(Partner.code == "XC")).one()
        former.state, former.enrolled_at_utc = PartnerState.REVOKED, "2026-03-02T01:00:00Z"
        session.add(
            Partner(org=former.org, code="XC", name="项城市党支部", install=new_id(), state=PartnerState.INVITED)
        )
    table = race.race(PERIOD)
    assert table.not_enrolled == ("项城市党支部",)
    assert "项城市党支部（已邀请，没有登记）" in table.not_handed_in


def test_the_penalty_for_not_reporting_is_given_to_those_named_alone(store: Store, race: RaceService) -> None:
    branches = ids(race)
    report(store, branches["XC"], "2026-10-08T03:00:00Z")
    assert refused(ClosingService(store).close, PERIOD, [branches["XC"]]) == ("支部", "没有登记，或者已经报送")
    assert race.race(PERIOD).state is RacePeriodState.OPEN, "all or nothing"
    ClosingService(store).close(PERIOD, [branches["SQ"]])
    (mark,) = MarkService(store).marks(PERIOD)
    assert (mark.code, mark.rule_id, mark.count) == ("SQ", "P-03", 1)
    assert mark.ground == "2026-10-12封账时没有收到2026年三季度报送包"
    assert {row.code for row in race.race(PERIOD).proposed} == {"LY"}


def test_a_report_after_closing_is_told_as_late(store: Store, race: RaceService) -> None:
    branches = ids(race)
    report(store, branches["XC"], "2026-10-12T00:59:00Z")
    report(store, branches["SQ"], "2026-10-12T01:00:01Z", 2)
    ClosingService(store).close(PERIOD)  # at 2026-10-12T01:00:00Z
    report(store, branches["SQ"], "2026-10-15T01:00:00Z", 3)
    report(store, branches["LY"], "2026-10-15T17:00:00Z", 4)
    table = race.race(PERIOD)
    assert [(late.name, late.received_on) for late in table.late] == [
        ("沈丘县党支部", date(2026, 10, 12)), ("鹿邑县党支部", date(2026, 10, 16)),
    ]  # fmt: skip
    assert table.handed_in == 3


def test_a_period_is_opened_again_with_its_ground(store: Store, race: RaceService) -> None:
    service = ClosingService(store)
    assert refused(service.reopen, PERIOD, "x")[1] == "2026年三季度尚未开始：封账以后、公布以前才能重新开放"
    service.close(PERIOD)
    assert refused(service.reopen, PERIOD, " ") == ("重新开放的理由", "不能为空")
    race.score(PERIOD)
    store.clock = clock_at("2026-10-13 09:00")
    service.reopen(PERIOD, "沈丘县报送包被退回")
    table = race.race(PERIOD)
    assert (table.state, table.closed_on, table.late) == (RacePeriodState.OPEN, None, ())
    assert [(row.period, row.branches) for row in race.periods()] == [(PERIOD, 0)]
    done = PeriodHistory(store).of(PERIOD)
    assert [(step.sentence, step.actor, step.at.date().day) for step in done] == [
        ("重新开放：2026年三季度赛马，沈丘县报送包被退回", "书记", 13),
        ("计分：2026年三季度赛马", "书记", 12),
        ("封账：2026年三季度赛马", "书记", 12),
    ]
    service.close(PERIOD)
    race.score(PERIOD)
    race.publish(PERIOD)
    assert refused(service.reopen, PERIOD, "x")[0] == "评比周期"


@pytest.mark.parametrize("again", [False, True])
def test_only_what_is_open_is_closed(store: Store, race: RaceService, again: bool) -> None:
    if again:
        ClosingService(store).close(PERIOD)
        assert refused(ClosingService(store).close, PERIOD) == ("评比周期", "2026年三季度已封账")
    else:
        assert refused(ClosingService(store).close, "2026Q4") == ("评比周期", "2026年四季度还没有结束，不能封账")


def test_a_penalty_for_not_reporting_ends_with_the_closing_that_gave_it(store: Store, race: RaceService) -> None:
    service, marks, branch = ClosingService(store), MarkService(store), ids(race)["SQ"]
    service.close(PERIOD, [branch, branch])
    assert [mark.rule_id for mark in marks.marks(PERIOD)] == ["P-03"]
    service.reopen(PERIOD, "沈丘县报送包在路上")
    assert marks.marks(PERIOD) == []
    service.close(PERIOD, [branch])
    assert [mark.rule_id for mark in marks.marks(PERIOD)] == ["P-03"]
