"""What a quarter that is over asks before its points are published, and that it asks nothing once they are."""

from datetime import date

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.points import CheckVerdict
from desktop.services.home import read_home
from desktop.services.meetings import MeetingDraft
from desktop.services.points.todo import points_tasks
from desktop.services.reminders import Bucket
from tests.services.points.conftest import Points
from tests.stores import clock_at


def said(points: Points) -> list[str]:
    return [task.what for task in points_tasks(points.store)]


def test_claims_are_verified_and_approved_before_the_quarter_is_published(points: Points) -> None:
    assert said(points) == []
    claim = points.claim()
    points.claim("钱二", event_on=date(2026, 10, 8), title="十月的事")
    assert said(points) == ["核实三季度积分申报1笔"]
    (task,) = points_tasks(points.store)
    assert (task.by, task.stand) == (date(2026, 12, 31), "submitted")
    points.claims.verify([claim])
    assert said(points) == ["支委会审核三季度积分申报1笔"]
    meeting = points.committee()
    points.claims.approve([claim], meeting)
    assert said(points) == ["三季度积分公布前核对1笔申报的原件"]
    points.comparing.compare(claim, verdict=CheckVerdict.TRUE)
    assert said(points) == ["公布三季度积分"]
    points.post(meeting)
    assert said(points) == []
    points.claims.revoke(claim, "算错了")
    assert said(points) == ["公布三季度积分"]


def test_what_waits_for_the_superior_or_for_a_reason_is_told_apart(points: Points) -> None:
    claim = points.claim("赵一")
    points.claims.verify([claim])
    assert said(points) == ["登记上级对书记三季度积分申报的审核1笔"]


def test_the_first_page_leads_to_where_the_claims_stand(points: Points) -> None:
    points.claim()
    points.meetings.record(MeetingDraft(kind=MeetingKind.THEME_DAY, held_on=date(2026, 9, 8), topic="学习"))
    (work,) = (work for work in read_home(points.store, 2026, points.store.today).works if work.source == "党员积分")
    assert work.where is not None
    assert (work.what, work.where.prefill, work.due(points.store.today)) == (
        "核实三季度积分申报1笔",
        {"stand": "submitted"},
        "12 月 31 日前",
    )


def test_the_last_quarter_of_a_year_is_asked_for_in_its_year_until_it_is_published(points: Points) -> None:
    points.claim(event_on=date(2026, 10, 8))
    store = points.store
    store.clock = clock_at("2027-01-12 09:00")
    assert [(task.what, task.by, task.year) for task in points_tasks(store)] == [
        ("核实四季度积分申报1笔", date(2027, 3, 31), 2026)
    ]
    store.clock = clock_at("2027-05-12 09:00")
    told = [(task.what, task.by, task.year) for task in points_tasks(store)]
    assert told == [("核实2026年四季度积分申报1笔", date(2027, 3, 31), 2026)], "nothing of the new year is kept yet"
    (work,) = (work for work in read_home(store, 2027, store.today).works if work.source == "党员积分")
    assert work.where is not None
    assert (work.where.prefill, work.bucket) == ({"stand": "submitted", "year": "2026"}, Bucket.LATE)
