"""Claims are held against their originals before they are posted; a false one loses its points and costs some."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop.models.base import Travel
from desktop.models.points import PointsCheck, PointsClaim
from desktop.models.vocabulary.points import CheckVerdict, ClaimState
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.branches import BranchService
from desktop.services.errors import InvalidInput, NotAllowed, NotFound, PackageRefused
from desktop.services.history import HistoryService
from desktop.services.points.book import LineState, PointsBook
from desktop.services.points.comparing import ComparingService, deduction_for_false
from desktop.services.points.keeping import refuse_check
from desktop.services.points.publishing import Lines
from desktop.services.points.todo import points_tasks
from desktop.services.sync.branch_store import branch_store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.rows import outgoing, replace_rows
from tests.services.points.conftest import AT, TODAY, Points
from tests.services.race.typed import refused
from tests.services.sync.pairs import Pair
from tests.services.sync.parties import enrol, make

LATER = TODAY + timedelta(days=1)
TRUE, FALSE, ABSENT = CheckVerdict.TRUE, CheckVerdict.FALSE, CheckVerdict.ABSENT


def drawn(points: Points) -> tuple[str, ...]:
    return points.publishing.standing(2026, 3).uncompared


def state(points: Points, claim: str) -> LineState:
    return next(line.state for line in PointsBook(points.store).book(2026).lines if line.key == claim)


def test_a_drawn_claim_stands_in_the_way_until_its_originals_say_something(points: Points) -> None:
    meeting = points.committee()
    claim = points.approved(meeting)
    (obstacle,) = points.publishing.standing(2026, 3).obstacles
    assert (obstacle.words, obstacle.lines) == ("公布前抽1笔核对原件，1笔还没有核对", Lines.UNCOMPARED)
    assert state(points, claim) is LineState.UNCOMPARED
    (task,) = points_tasks(points.store)
    assert (task.what, task.verb, task.stand) == ("三季度积分公布前核对1笔申报的原件", "去核对", "unpublished")
    with pytest.raises(InvalidInput, match="还没有核对"):
        points.publishing.publish(2026, 3, meeting_id=meeting)
    points.comparing.compare(claim, verdict=ABSENT, found="原始单据在县局档案室")
    assert drawn(points) == (claim,)
    points.comparing.compare(claim, verdict=TRUE, found="看了值班表和当天照片")
    assert (drawn(points), state(points, claim)) == ((), LineState.UNPUBLISHED)
    row = points.row(claim)
    assert [(each.verdict, each.found, each.compared_by, each.compared_on) for each in row.checks] == [
        (TRUE, "看了值班表和当天照片", "李四", TODAY),  # the leader of the group comes first
        (ABSENT, "原始单据在县局档案室", "李四", TODAY),
    ]
    assert not row.comparable
    assert points.publishing.publish(2026, 3, meeting_id=meeting)


def test_nothing_is_drawn_while_claims_of_the_quarter_wait(points: Points) -> None:
    meeting = points.committee()
    points.approved(meeting)
    points.claim("钱二")
    standing = points.publishing.standing(2026, 3)
    assert (standing.spot_checks, standing.hindrances) == ((), ("1笔申报没有审核完",))


def test_a_false_claim_is_revoked_and_costs_what_the_rules_say_once_that_is_approved(points: Points) -> None:
    meeting = points.committee()
    claim = points.approved(meeting)
    rule = deduction_for_false(points.ledger.scheme(2026))
    assert rule is not None
    points.comparing.compare(claim, verdict=FALSE, found="值班表上没有他")
    row = points.row(claim)
    assert (row.state, row.reason) == (ClaimState.REVOKED, "核对原件不实：值班表上没有他")
    (check,) = row.checks
    deduction = points.row(check.deduction_id or "")
    assert (deduction.rule, deduction.title, deduction.event_on, deduction.state) == (
        rule.id,
        "申报不实：防汛值守",
        row.event_on,
        ClaimState.SUBMITTED,
    )
    assert points.publishing.standing(2026, 3).hindrances == ("1笔申报没有审核完",)
    points.claims.verify([deduction.id])
    points.claims.approve([deduction.id], meeting)
    assert points.of("周五").deduction == rule.points
    assert drawn(points) == ()  # a deduction gains nobody anything
    assert state(points, deduction.id) is LineState.UNPUBLISHED
    assert refused(points.comparing.compare, deduction.id, verdict=TRUE)[0] == "申报"


def test_after_a_false_claim_another_one_is_drawn_of_those_that_are_left(points: Points) -> None:
    meeting = points.committee()
    claims = {points.approved(meeting, name) for name in ("钱二", "孙三", "周五")}
    (first,) = drawn(points)
    points.comparing.compare(first, verdict=FALSE, found="没有这回事")
    deduction = points.row(points.row(first).checks[0].deduction_id or "")
    points.claims.reject([deduction.id], "另行处理")
    (second,) = drawn(points)
    assert second in claims - {first}


def test_a_claim_found_false_after_it_was_posted_asks_for_a_new_publication(points: Points) -> None:
    meeting = points.committee()
    claims = {points.approved(meeting, name) for name in ("钱二", "周五")}
    (looked_at,) = drawn(points)
    points.post(meeting)
    (other,) = claims - {looked_at}
    points.comparing.compare(other, verdict=FALSE, found="有人反映，查实没有去")
    assert [kept.outdated for kept in points.publishing.publications(2026)] == [True]


def test_nobody_compares_what_is_their_own_and_a_members_of_the_committee_is_the_secretarys(points: Points) -> None:
    meeting = points.committee()
    of_leader, of_committee = points.approved(meeting, "李四"), points.approved(meeting, "钱二")
    names = {name for _id, name in points.comparing.comparers(of_leader)}
    assert names == {"赵一", "钱二", "孙三"}
    assert points.comparing.comparers(of_committee) == [(points.ids["赵一"], "赵一")]
    for claim, name in ((of_leader, "李四"), (of_committee, "孙三"), (of_committee, "钱二")):
        said = refused(points.comparing.compare, claim, verdict=TRUE, compared_by_id=points.ids[name])
        assert said[0] == "核对人"
    points.store.rights = replace(points.store.rights, own_member=points.ids["钱二"])
    with pytest.raises(NotAllowed, match="核对自己的积分申报"):
        points.comparing.compare(of_committee, verdict=TRUE)


def test_where_nobody_holds_a_post_who_may_compare_is_to_be_entered_first(points: Points) -> None:
    claim = points.approved(points.committee())
    for held in BranchService(points.store).posts():
        BranchService(points.store).end_post(held.id, date(2026, 11, 1))
    assert refused(points.comparing.compare, claim, verdict=TRUE) == (
        "核对人",
        "没有能核对的人，先登记党小组长或支委",
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"verdict": FALSE, "found": " "}, "核对情况"),
        ({"verdict": ABSENT}, "核对情况"),
        ({"verdict": TRUE, "compared_on": LATER}, "核对日期"),
        ({"verdict": TRUE, "compared_on": date(2026, 11, 25)}, "核对日期"),  # before it was handed in
    ],
)
def test_a_check_says_what_was_found_on_a_day_that_can_be(points: Points, more: dict[str, Any], field: str) -> None:
    claim = points.approved(points.committee())
    assert refused(points.comparing.compare, claim, **more)[0] == field
    assert points.row(claim).checks == ()


def test_only_what_is_approved_and_not_settled_is_compared(points: Points) -> None:
    claim = points.claim()
    assert refused(points.comparing.compare, claim, verdict=TRUE)[1].endswith("审核过的才核对原件")
    points.claims.verify([claim])
    points.claims.approve([claim], points.committee())
    points.comparing.compare(claim, verdict=TRUE)
    assert "写错的先撤销核对" in refused(points.comparing.compare, claim, verdict=FALSE, found="再看")[1]
    with pytest.raises(NotFound):
        points.comparing.compare("nobody", verdict=TRUE)


def test_what_was_found_is_taken_back_with_a_reason_and_looked_at_anew(points: Points) -> None:
    claim = points.approved(points.committee())
    check = points.comparing.compare(claim, verdict=TRUE)
    assert refused(points.comparing.take_back, check, " ")[0] == "原因"
    points.comparing.take_back(check, "看的是另一笔")
    assert refused(points.comparing.take_back, check, "又一次")[1] == "2026-11-26已经撤销"
    assert drawn(points) == (claim,)
    (kept,) = points.row(claim).checks
    assert (kept.revoked_on, kept.revoke_reason) == (TODAY, "看的是另一笔")
    said = [row.sentence for row in HistoryService(points.store).of("points_checks", check, {"verdict": "认定"})]
    assert said == ["撤销积分申报“防汛值守”的核对：属实", "核对积分申报“防汛值守”的原件：属实"]


@pytest.mark.parametrize("approved", [False, True])
def test_a_verdict_taken_back_takes_its_deduction_along_and_the_claim_is_handed_in_anew(
    points: Points, *, approved: bool
) -> None:
    meeting = points.committee()
    claim = points.approved(meeting)
    check = points.comparing.compare(claim, verdict=FALSE, found="值班表上没有他")
    deduction = points.row(claim).checks[0].deduction_id or ""
    if approved:
        points.claims.verify([deduction])
        points.claims.approve([deduction], meeting)
    points.comparing.take_back(check, "值班表是另一个月的")
    row = points.row(deduction)
    assert row.state is (ClaimState.REVOKED if approved else ClaimState.REJECTED)
    assert row.reason == "核对撤销：值班表是另一个月的"
    assert points.of("周五").deduction == 0
    assert points.row(claim).state is ClaimState.REVOKED  # nothing that was revoked counts again
    assert points.approved(meeting) != claim


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    (tmp_path / "stick").mkdir()
    with (
        make(tmp_path / "hq", StoreKind.HEADQUARTERS, "市公司党建科", at=AT) as headquarters,
        make(tmp_path / "branch", at=AT) as branch,
    ):
        EnrolmentService(headquarters).save_escrow(tmp_path / "escrow.txt")
        enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path / "files")
        yield Pair(headquarters, branch, tmp_path / "stick")


def test_what_was_found_goes_up_with_the_report_and_is_only_looked_at_there(pair: Pair) -> None:
    points = Points(pair.branch)
    meeting = points.committee()
    claim = points.approved(meeting)
    points.comparing.compare(claim, verdict=ABSENT, found="原始单据在县局档案室")
    assert pair.take(pair.report()) == ["OK"]
    check = points.comparing.compare(claim, verdict=FALSE, found="值班表上没有他")
    assert pair.take(pair.report()) == ["OK"]
    with branch_store(pair.headquarters, "ZK03") as read:
        row = Points.claims_of(read)[claim]
        assert row.state is ClaimState.REVOKED
        assert [(each.verdict, each.compared_by) for each in row.checks] == [(FALSE, "李四"), (ABSENT, "李四")]
        with pytest.raises(NotAllowed):
            ComparingService(read).compare(claim, verdict=TRUE)
        with pytest.raises(NotAllowed):
            ComparingService(read).take_back(check, "总部撤销")
    points.comparing.take_back(check, "值班表是另一个月的")
    assert pair.take(pair.report()) == ["OK"]
    with pair.headquarters.reading() as session:
        kept = session.scalars(select(PointsCheck).where(PointsCheck.id == check)).one()
    assert (kept.revoked_on, kept.revoke_reason) == (TODAY, "值班表是另一个月的")


SOUND: dict[str, Any] = {
    "verdict": FALSE,
    "found": "值班表上没有他",
    "member_id": "a",
    "compared_by_id": "b",
    "compared_on": TODAY,
    "deduction_id": "c",
    "revoked_on": None,
    "revoke_reason": "",
}


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"compared_on": LATER}, "核对日期"),
        ({"compared_by_id": "a"}, "核对人"),
        ({"found": " "}, "核对情况"),
        ({"verdict": ABSENT}, "扣分的申报"),
        ({"verdict": TRUE}, "扣分的申报"),
        ({"revoked_on": TODAY}, "原因"),
        ({"revoked_on": LATER, "revoke_reason": "写错"}, "撤销日期"),
        ({"revoked_on": TODAY - timedelta(days=1), "revoke_reason": "写错"}, "撤销日期"),
    ],
)
def test_rows_that_nobody_could_have_found_are_refused_on_arrival(other: dict[str, Any], field: str) -> None:
    refuse_check(SOUND, TODAY)
    assert refused(refuse_check, {**SOUND, **other}, TODAY)[0] == field


def test_a_report_with_a_check_by_whose_claim_it_is_does_not_leave(pair: Pair) -> None:
    points = Points(pair.branch)
    claim = points.approved(points.committee())
    check = points.comparing.compare(claim, verdict=TRUE)
    with points.store.unit_of_work("改数据") as session:
        session.get_one(PointsCheck, check).compared_by_id = points.ids["周五"]
    with pytest.raises(Exception, match="本人的申报不能自己核对"):
        pair.report()


@pytest.mark.parametrize(("verdict", "other"), [(TRUE, "积分申报"), (FALSE, "扣分的申报")])
def test_a_check_of_one_member_at_the_claim_of_another_neither_leaves_nor_is_taken(
    pair: Pair, verdict: CheckVerdict, other: str
) -> None:
    points = Points(pair.branch)
    claim = points.approved(points.committee())
    check = points.comparing.compare(claim, verdict=verdict, found="值班表上没有他" if verdict is FALSE else "")
    with points.store.unit_of_work("改数据") as session:
        kept = session.get_one(PointsCheck, check)
        of_claim, of_other = kept.member_id, next(each for each in points.ids.values() if each != kept.member_id)
        if other == "积分申报":
            kept.member_id = of_other
            kept.compared_by_id = next(each for each in points.ids.values() if each not in (of_claim, of_other))
        else:
            session.get_one(PointsClaim, kept.deduction_id).member_id = of_other
    words = f"和{other}的党员不是同一个人"
    with pytest.raises(PackageRefused) as left:
        pair.report()
    assert (left.value.code, left.value.facts["reason"]) == ("E-ROW-UNFIT", words)
    with pair.branch.reading() as session:
        sent = [(n, *row) for n, row in enumerate(outgoing(session, Travel.UP, pair.branch.branch_id), start=1)]
    with pair.headquarters.sessions() as session, pytest.raises(PackageRefused) as came:
        replace_rows(session, Travel.UP, pair.branch.branch_id, sent, TODAY)
    assert (came.value.code, came.value.facts["reason"]) == ("E-PKG-CONTENT", words)


def test_a_deduction_named_after_a_long_claim_says_that_its_name_is_cut(points: Points) -> None:
    claim = points.approved(points.committee(), title="防汛值守" * 30)
    points.comparing.compare(claim, verdict=FALSE, found="值班表上没有他")
    deduction = points.row(points.row(claim).checks[0].deduction_id or "")
    assert deduction.title == "申报不实：" + ("防汛值守" * 30)[:114] + "…"
