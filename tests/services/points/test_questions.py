"""A late payment costs points once somebody says there was no good reason, and what was decided stays to be seen."""

from datetime import date

import pytest

from desktop.models.vocabulary.points import ClaimState
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.keeping import AssessmentDraft
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.points.book import Line, LineState, PointsBook, Way
from desktop.services.points.questions import QuestionService
from desktop.services.points.reckoning import Entry
from tests.services.points.conftest import Points


@pytest.fixture
def february(points: Points) -> Entry:
    """周五 paid nothing this year: the question of February."""
    AssessmentService(points.store).save(AssessmentDraft(member_id=points.ids["周五"], year=2026, base_fen=842_000))
    return next(each for each in points.of("周五").questions if each.title == "2月党费逾期")


def lines(points: Points, title: str) -> list[Line]:
    return [line for line in PointsBook(points.store).book(2026).lines if line.what == title]


def test_nothing_is_deducted_until_no_good_reason_was_found_verified_and_approved(
    points: Points, february: Entry
) -> None:
    (asked,) = lines(points, "2月党费逾期")
    assert (asked.state, asked.points, asked.rule) == (LineState.ASKED, None, "K-02")
    claim = QuestionService(points.store).charge(february)
    assert points.of("周五").deduction == 0
    points.claims.verify([claim])
    points.claims.approve([claim], points.committee())
    assert points.of("周五").deduction == -1
    (decided,) = lines(points, "2月党费逾期")
    assert (decided.way, decided.source, decided.state) == (Way.DECIDED, "支部判断", LineState.UNPUBLISHED)
    points.claims.revoke(claim, "那时住院")
    assert points.of("周五").deduction == 0
    assert february in points.of("周五").questions


def test_a_good_reason_is_kept_with_its_words_and_costs_nothing(points: Points, february: Entry) -> None:
    questions = QuestionService(points.store)
    with pytest.raises(InvalidInput, match="写明是什么理由"):
        questions.excuse(february, " ")
    row = points.row(questions.excuse(february, "住院"))
    assert (row.state, row.reason, row.late) == (ClaimState.REJECTED, "有正当理由：住院", False)
    assert february not in points.of("周五").questions
    assert points.of("周五").deduction == 0
    with pytest.raises(NotFound):
        questions.charge(february)


def test_what_was_decided_by_mistake_is_decided_anew_and_both_stay_to_be_seen(points: Points, february: Entry) -> None:
    questions = QuestionService(points.store)
    wrong = questions.excuse(february, "出差")
    with pytest.raises(InvalidInput, match="写明原因"):
        points.claims.reconsider(wrong, " ")
    points.claims.reconsider(wrong, "出差的是别人")
    assert february in points.of("周五").questions
    charged = questions.charge(february)
    points.claims.verify([charged])
    points.claims.reconsider(charged, "查到了请假条")
    assert february in points.of("周五").questions
    questions.excuse(february, "请过假")
    states = {line.state for line in lines(points, "2月党费逾期")}
    assert states == {LineState.REVOKED, LineState.EXCUSED}
    assert points.row(wrong).reason == "有正当理由：出差；收回：出差的是别人"
    with pytest.raises(InvalidInput, match="已撤销"):
        points.claims.reconsider(wrong, "再来一次")


def test_months_without_dues_hold_the_level_down_only_after_the_decision(points: Points, february: Entry) -> None:
    idle = next(each for each in points.of("周五").questions if each.rule == "V-03")
    assert points.of("周五").vetoes == ()
    claim = QuestionService(points.store).charge(idle)
    points.claims.verify([claim])
    points.claims.approve([claim], points.committee())
    assert points.of("周五").vetoes == ("V-03",)


def test_a_quarter_is_published_after_its_questions_are_decided(points: Points, february: Entry) -> None:
    asked = [each for each in points.of("周五").questions if each.on <= date(2026, 9, 30)]
    assert points.publishing.standing(2026, 3).hindrances == (f"{len(asked)}笔没有判断有没有正当理由",)
    for question in asked:
        QuestionService(points.store).excuse(question, "住院")
    assert points.publishing.standing(2026, 3).hindrances == ()
