"""A quarter is published once all is approved; its sums stand still, and a claim revoked later asks for another."""

from datetime import date
from decimal import Decimal
from math import ceil

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.points.publishing import last_publications, published_median
from desktop.services.standards.score import ItemScore
from desktop.services.standards.service import StandardService
from tests.services.points.conftest import TODAY, Points


def test_a_publication_freezes_the_sums_and_runs_five_working_days(points: Points) -> None:
    meeting = points.committee()
    points.approved(meeting)
    points.post(meeting, contact="孙三", phone="0394-5550126")
    points.approved(meeting, title="抗旱", event_on=date(2026, 9, 20))
    (kept,) = points.publishing.publications(2026)
    assert (kept.posted_on, kept.ends_on) == (TODAY, date(2026, 12, 2))  # Thursday to Wednesday
    assert [(line.name, line.total, line.level) for line in kept.lines[:2]] == [
        ("周五", 20, "warn"),
        ("赵一", 0, "warn"),
    ]
    assert kept.median == 0
    assert (kept.confirmed(date(2026, 12, 2)), kept.confirmed(date(2026, 12, 3))) == (False, True)


def test_an_open_claim_of_the_quarter_stands_in_the_way_and_one_of_the_next_does_not(points: Points) -> None:
    meeting = points.committee()
    claim = points.claim()
    points.claim(event_on=date(2026, 10, 8), title="下一季度")
    assert points.publishing.standing(2026, 3).hindrances == ("1笔申报没有审核完",)
    with pytest.raises(InvalidInput, match="没有审核完"):
        points.post(meeting)
    points.claims.reject([claim], "没有效果")
    assert points.post(meeting)


def test_a_claim_revoked_after_publication_asks_for_another_one(points: Points) -> None:
    meeting = points.committee()
    claim = points.approved(meeting)
    points.post(meeting)
    assert points.row(claim).published_on == TODAY
    with pytest.raises(InvalidInput, match="已经公示过"):
        points.post(meeting)
    points.claims.revoke(claim, "核对是另一人")
    standing = points.publishing.standing(2026, 3)
    assert (standing.last is not None and standing.last.outdated, standing.hindrances) == (True, ())
    points.post(meeting)
    assert [kept.outdated for kept in points.publishing.publications(2026)] == [True, False]
    assert points.publishing.publications(2026)[-1].lines[0].total == 0


@pytest.mark.parametrize(("quarter", "field"), [(4, "quarter"), (5, "quarter")])
def test_a_quarter_that_runs_or_does_not_exist_is_not_published(points: Points, quarter: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        points.publishing.publish(2026, quarter, meeting_id=points.committee())
    assert refused.value.name == field


def test_the_meeting_that_approves_a_publication_comes_after_the_quarter(points: Points) -> None:
    with pytest.raises(InvalidInput) as refused:
        points.post(points.committee(date(2026, 9, 28)))
    assert refused.value.name == "meeting_id"


def test_only_meetings_after_the_quarter_are_offered_for_its_publication(points: Points) -> None:
    points.committee(date(2026, 9, 28))
    offered = points.publishing.meetings(2026, 3)
    assert offered.meetings == ()
    assert offered.lacking.startswith("季度结束（2026-09-30）以后还没有开过支委会")
    later = points.committee()
    assert [each.id for each in points.publishing.meetings(2026, 3).meetings] == [later]


def test_the_median_of_a_quarter_is_that_of_its_last_publication(points: Points) -> None:
    meeting = points.committee()
    for name in ("钱二", "孙三", "李四", "周五"):
        points.approved(meeting, name)
    points.post(meeting)
    with points.store.reading() as session:
        (last,) = last_publications(session, [points.store.branch_id], 2026, 3).values()
        assert (published_median(last.lines), last.posted_on) == (Decimal(2), TODAY)
        assert last_publications(session, [points.store.branch_id], 2026, 2) == {}


def test_the_item_about_points_is_judged_by_the_day_of_publication(points: Points) -> None:
    def item() -> ItemScore:
        return StandardService(points.store).score(date(2026, 12, 31), 2026).item("D3-08")

    before = item()
    assert {gap.where.page for gap in before.gaps} == {"points"}
    meeting = points.committee()
    points.post(meeting)
    after = item()
    assert [used.title for used in after.used] == ["2026年第3季度积分公示"]
    assert len(before.gaps) - len(after.gaps) == 1  # it was posted in the fourth quarter


def test_a_share_of_the_claims_that_were_never_posted_is_compared_with_originals(points: Points) -> None:
    meeting = points.committee()
    names = ("钱二", "孙三", "李四", "周五")
    claims = {points.approved(meeting, name) for name in names}
    ratio = points.ledger.scheme(2026).sample_ratio
    (*drawn,) = points.publishing.standing(2026, 3).spot_checks
    assert len(drawn) == ceil(len(claims) * ratio)
    assert set(drawn) <= claims
    assert points.publishing.standing(2026, 3).spot_checks == tuple(drawn)  # anybody draws the same ones
    points.post(meeting)
    assert points.publishing.standing(2026, 3).spot_checks == ()
