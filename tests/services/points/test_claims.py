"""Claims go from hand to hand, nobody says yes to their own, and what is wrong stays to be seen."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from desktop.models.meetings import Meeting
from desktop.models.points import PointsClaim
from desktop.models.vocabulary.points import ClaimState
from desktop.paths import resource
from desktop.services.attachments import AttachmentService
from desktop.services.errors import InvalidInput
from desktop.services.standards.service import StandardService
from tests.services.attachments.files import a_file
from tests.services.points.conftest import TODAY, Points


def test_a_claim_counts_once_a_committee_meeting_approved_what_the_leader_of_the_group_verified(
    points: Points,
) -> None:
    meeting, claim = points.committee(), points.claim()
    assert (points.row(claim).state, points.row(claim).late) == (ClaimState.SUBMITTED, True)
    assert points.of("周五").total == 0
    points.claims.verify([claim])
    assert (points.row(claim).state, points.row(claim).verified_by) == (ClaimState.VERIFIED, "李四")
    points.claims.approve([claim], meeting)
    row = points.row(claim)
    assert (row.state, row.approved_on, "委员会" in row.approved_by) == (ClaimState.APPROVED, TODAY, True)
    entries = points.of("周五").entries
    assert [(entry.rule, str(entry.points), entry.claim_id) for entry in entries] == [("C4-01", "2.0", claim)]


def test_what_is_handed_in_within_the_days_of_the_rules_is_not_late(points: Points) -> None:
    assert not points.row(points.claim(event_on=date(2026, 10, 27))).late
    assert points.row(points.claim(event_on=date(2026, 10, 26), title="抢修")).late


def test_nobody_verifies_their_own_and_of_a_committee_member_only_the_secretary(points: Points) -> None:
    def able(name: str) -> set[str]:
        return {label for _, label in points.claims.verifiers(points.claim(name))}

    assert able("李四") == {"赵一", "钱二", "孙三"}
    assert able("钱二") == {"赵一"}
    assert able("赵一") == {"钱二", "孙三"}
    claim = points.claim("周五", title="另一件")
    with pytest.raises(InvalidInput, match="不能自己核实"):
        points.claims.verify([claim], points.ids["周五"])


def test_claims_of_the_secretary_wait_for_the_superior(points: Points) -> None:
    meeting, claim = points.committee(), points.claim("赵一")
    points.claims.verify([claim])
    assert points.row(claim).waits_above
    with pytest.raises(InvalidInput, match="报上级党组织审核"):
        points.claims.approve([claim], meeting)
    points.claims.answered(claim, "市公司机关党委", TODAY, "周烟党〔2026〕9号")
    row = points.row(claim)
    assert (row.state, row.waits_above, row.approved_by) == (ClaimState.APPROVED, False, "市公司机关党委")
    other = points.claim("周五")
    points.claims.verify([other])
    with pytest.raises(InvalidInput, match="不是书记的申报"):
        points.claims.answered(other, "市公司机关党委", TODAY)


def test_what_was_rejected_or_revoked_stays_with_its_reason_and_counts_no_more(points: Points) -> None:
    meeting = points.committee()
    approved, refused = points.approved(meeting), points.claim(title="另一件")
    points.claims.revoke(approved, "核对是另一人")
    points.claims.reject([refused], "没有效果")
    assert [(row.state, row.reason) for row in map(points.row, (approved, refused))] == [
        (ClaimState.REVOKED, "核对是另一人"),
        (ClaimState.REJECTED, "没有效果"),
    ]
    assert points.of("周五").entries == ()
    assert points.row(points.claim()).state is ClaimState.SUBMITTED  # the same may be handed in anew


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"event_on": date(2026, 11, 27)}, "event_on"),
        ({"title": " "}, "title"),
        ({"outcome": ""}, "outcome"),
        ({"rule": "C1-01"}, "rule"),  # hours of service come from their register
        ({"rule": "X-01"}, "rule"),
        ({"rule": "B2-02"}, "rating"),
        ({"rule": "B2-02", "rating": 5}, "rating"),
        ({"rating": 3}, "rating"),
        ({"rule": "C3-01", "choice": "好"}, "choice"),
        ({"event_on": date(2009, 1, 1)}, "member_id"),
    ],
)
def test_a_claim_that_the_rules_do_not_know_is_refused_at_its_field(
    points: Points, given: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        points.claim(**given)  # type: ignore[arg-type]
    assert refused.value.name == field


def test_the_same_event_is_handed_in_once(points: Points) -> None:
    points.claim()
    with pytest.raises(InvalidInput, match="已经申报过"):
        points.claim(rule="C2-01")


@pytest.mark.parametrize(
    "ask",
    [
        lambda points, claim, meeting: points.claims.approve([claim], meeting),
        lambda points, claim, meeting: points.claims.revoke(claim, "错了"),
        lambda points, claim, meeting: points.claims.reject([claim], " "),
        lambda points, claim, meeting: points.claims.verify([]),
    ],
)
def test_a_step_out_of_turn_changes_nothing(points: Points, ask: Callable[[Points, str, str], None]) -> None:
    meeting, claim = points.committee(), points.claim()
    with pytest.raises(InvalidInput):
        ask(points, claim, meeting)
    assert points.row(claim).state is ClaimState.SUBMITTED


def test_several_are_approved_together_or_none(points: Points) -> None:
    meeting, first, second = points.committee(), points.claim(), points.claim("钱二")
    points.claims.verify([first])
    with pytest.raises(InvalidInput, match="还没有核实"):
        points.claims.approve([first, second], meeting)
    assert points.row(first).state is ClaimState.VERIFIED


def test_a_meeting_before_the_claim_approves_nothing(points: Points) -> None:
    earlier, claim = points.committee(date(2026, 11, 20)), points.claim()
    points.claims.verify([claim])
    with pytest.raises(InvalidInput, match="之前"):
        points.claims.approve([claim], earlier)


def test_only_meetings_that_may_approve_are_offered_and_where_there_is_none_it_says_why(points: Points) -> None:
    points.committee(date(2026, 11, 20))
    claim = points.claim()
    offered = points.claims.meetings([claim])
    assert offered.meetings == ()
    assert offered.lacking.startswith("申报（2026-11-26）以后还没有开过支委会")
    later = points.committee()
    offered = points.claims.meetings([claim])
    assert ([each.id for each in offered.meetings], offered.lacking) == ([later], "")
    points.claims.verify([claim])
    points.claims.approve([claim], later)


def test_a_claim_takes_as_many_photos_as_its_own_rules_say(points: Points, tmp_path: Path) -> None:
    text = resource("standards/member_points.toml").read_text("utf-8")
    changed = text.replace("max_photos_per_claim = 3", "max_photos_per_claim = 1")
    StandardService(points.store).add_edition(changed.replace('version = "', 'version = "9', 1), "积分.toml")
    attach, claim = AttachmentService(points.store).attach, points.claim()
    attach(PointsClaim.__tablename__, claim, a_file(tmp_path, "1.jpg", b"photo 1"))
    with pytest.raises(InvalidInput, match="一条记录最多附1张照片"):
        attach(PointsClaim.__tablename__, claim, a_file(tmp_path, "2.jpg", b"photo 2"))
    meeting = points.committee()  # a meeting goes by the standard
    attach(Meeting.__tablename__, meeting, a_file(tmp_path, "1.jpg", b"photo 1"))
    attach(Meeting.__tablename__, meeting, a_file(tmp_path, "2.jpg", b"photo 2"))
