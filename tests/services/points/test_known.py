"""What the records know gives its points, each line with the record it comes from."""

from datetime import date

import pytest

from desktop.models.learning import HoursOfMember, Trainee
from desktop.models.meetings import Speech
from desktop.models.vocabulary.conduct import DisciplineKind
from desktop.models.vocabulary.dues import DuesMeans
from desktop.models.vocabulary.meetings import MeetingKind, TalkKind
from desktop.models.vocabulary.registers import PledgeResult, RoleModelLevel
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.collecting import PaymentService
from desktop.services.dues.keeping import AssessmentDraft, PaymentDraft
from desktop.services.meetings import Absence, ActionDraft, MeetingDraft
from desktop.services.registers.service import RegisterService
from tests.services.points.conftest import Points


def points_of(points: Points, name: str, on: date | None = None) -> dict[str, str]:
    return {entry.rule: str(entry.points) for entry in points.of(name, on).entries}


def theme_day(points: Points, on: date, *away: Absence, **more: object) -> str:
    """Hold a theme day of an hour."""
    return points.meetings.record(
        MeetingDraft(
            kind=MeetingKind.THEME_DAY,
            held_on=on,
            started_at="09:00",
            ended_at="10:00",
            topic="学条例",
            place="活动室",
            resolution="通过",
            chair_id=points.ids["赵一"],
            recorder_id=points.ids["钱二"],
            absences=away,
            **more,  # type: ignore[arg-type]
        )
    )


def test_a_meeting_gives_attendance_hours_speeches_and_duties(points: Points) -> None:
    ids = points.ids
    meeting = theme_day(
        points,
        date(2026, 3, 5),
        Absence(ids["孙三"], "病假"),
        Absence(ids["周五"]),
        speaker_ids=(ids["钱二"],),
        speeches=(Speech("李四", "结合岗位谈三点", ids["李四"]),),
    )
    assert points_of(points, "赵一") == {"B1-01": "14.0", "B3-01": "0.2"}  # 6 × 1 / 32
    assert points_of(points, "钱二") == {"B1-01": "14.0", "B1-03": "1.0", "B3-01": "0.2"}
    assert points_of(points, "孙三") == {}  # who is ill is not asked
    assert points_of(points, "周五") == {"B1-01": "0.0", "K-01": "-2.0"}
    assert "B1-02" not in points_of(points, "李四")  # until the chair confirms the minutes
    points.meetings.confirm(meeting)
    assert points_of(points, "李四")["B1-02"] == "1.0"
    assert {entry.record_id for entry in points.of("李四").entries} == {meeting}


def test_registers_give_service_training_pledges_study_and_honours(points: Points) -> None:
    registers, li = RegisterService(points.store), points.ids["李四"]
    day = {"event_on": date(2026, 5, 8)}
    registers.save(
        "volunteer_activity",
        {**day, "title": "义务植树", "hours": (HoursOfMember(li, 4),), "satisfied": 9, "asked": 10},
    )
    registers.save("training_record", {**day, "title": "轮训", "participants": (Trainee(li, 16),)})
    registers.save("commitment", {**day, "title": "走访", "member_id": li, "result": PledgeResult.KEPT})
    registers.save("commitment", {**day, "title": "代办", "member_id": li, "due_on": date(2026, 9, 1)})
    registers.save(
        "study_application", {**day, "title": "改表", "member_id": li, "effect": "省一小时", "confirmed_by": "站长"}
    )
    registers.save("honour", {**day, "title": "优秀党员", "member_id": li, "level": RoleModelLevel.CITY})
    assert points_of(points, "李四") == {
        "B3-01": "3.0",
        "B3-02": "3.0",
        "B4-02": "3.0",  # of two pledges that are due one was kept
        "C1-01": "1.5",
        "C1-02": "3.6",
        "R-02": "5.0",
    }
    assert points_of(points, "李四", date(2026, 4, 30)) == {}


def test_a_pledge_counts_in_the_year_it_is_to_be_kept_in_whenever_it_was_given(points: Points) -> None:
    registers, li = RegisterService(points.store), points.ids["李四"]
    day = {"event_on": date(2025, 12, 22), "member_id": li, "result": PledgeResult.KEPT}
    registers.save("commitment", {**day, "title": "去年的"})
    assert "B4-02" not in points_of(points, "李四")
    registers.save("commitment", {**day, "title": "今年的", "due_on": date(2026, 3, 31)})
    assert points_of(points, "李四")["B4-02"] == "6.0"


def test_tasks_of_meetings_count_by_the_day_they_were_due(points: Points) -> None:
    due = date(2026, 3, 20)
    theme_day(points, date(2026, 3, 5), actions=(ActionDraft("写总结", owner_id=points.ids["李四"], due_on=due),))
    assert points_of(points, "李四")["B4-03"] == "0.0"


def test_dues_count_by_month_and_late_ones_are_a_question_and_cost_nothing_by_themselves(points: Points) -> None:
    li = points.ids["李四"]
    AssessmentService(points.store).save(AssessmentDraft(member_id=li, year=2026, base_fen=842_000))
    for month, paid_on in ((1, date(2026, 1, 9)), (2, date(2026, 3, 2))):
        PaymentService(points.store).pay(
            PaymentDraft(
                member_id=li,
                year=2026,
                from_month=month,
                to_month=month,
                amount_fen=126_30,
                paid_on=paid_on,
                means=DuesMeans.CASH,
            )
        )
    assert points_of(points, "李四", date(2026, 2, 28)) == {"B4-01": "3.0"}
    assert [(each.rule, each.title) for each in points.of("李四", date(2026, 2, 28)).questions] == [
        ("K-02", "2月党费逾期")
    ]
    later = points.of("李四", date(2026, 5, 31))
    assert later.vetoes == ()
    assert later.deduction == 0
    assert ("V-03", "连续3个月没有交党费") in [(each.rule, each.title) for each in later.questions]  # March to May


@pytest.mark.parametrize(
    ("kind", "given", "veto"),
    [
        ("discipline", {"title": "违反群众纪律", "kind": DisciplineKind.WARNING}, ("V-01",)),
        ("discipline", {"title": "不合格", "kind": DisciplineKind.CORRECTION}, ()),
    ],
)
def test_a_punishment_holds_the_level_down_for_its_year(
    points: Points, kind: str, given: dict[str, object], veto: tuple[str, ...]
) -> None:
    RegisterService(points.store).save(kind, {**given, "event_on": date(2026, 5, 8), "member_id": points.ids["李四"]})
    assert points.of("李四").vetoes == veto


def test_an_admonition_holds_the_level_down(points: Points) -> None:
    talk = {"event_on": date(2026, 5, 8), "title": "诫勉", "kind": TalkKind.ADMONITION}
    RegisterService(points.store).save(
        "talk", {**talk, "talker_id": points.ids["赵一"], "talkee_id": points.ids["李四"]}
    )
    assert points.of("李四").vetoes == ("V-04",)
