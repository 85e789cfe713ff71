"""Days of the plan: the fixed theme day, usual working days, and days that are refused."""

from datetime import date

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.year_plan.days import ThemeDay, marks_of, nearest_workday, proposed_day, refusal
from desktop.services.year_plan.rows import Duty
from desktop.services.year_plan.templates import templates
from tests.services.standards.samples import LAW, branch
from tests.services.year_plan.test_duties import of

CALENDARS = LAW.calendars


@pytest.mark.parametrize(
    ("theme", "words", "day"),
    [
        (ThemeDay(day=5), "每月5日", date(2026, 2, 5)),
        (ThemeDay(day=31), "每月31日", date(2026, 2, 28)),
        (ThemeDay(week=1, weekday=4), "每月第一个周五", date(2026, 2, 6)),
        (ThemeDay(week=-1, weekday=0), "每月最后一个周一", date(2026, 2, 23)),
    ],
)
def test_a_theme_day_is_a_day_of_each_month(theme: ThemeDay, words: str, day: date) -> None:
    assert (theme.words, theme.of(2026, 2)) == (words, day)
    assert ThemeDay.read(theme.written()) == theme


def test_no_such_theme_day_is_refused() -> None:
    assert ThemeDay.read("") is None
    with pytest.raises(InvalidInput, match="1至31号"):
        ThemeDay(day=40).written()
    with pytest.raises(InvalidInput):
        ThemeDay(week=7, weekday=1).written()


def test_a_proposed_day_is_a_working_day_of_the_period_to_come() -> None:
    def duty(item: str, month: int) -> Duty:
        return next(each for each in of(branch(), item, date(2026, 1, 1)) if each.first.month == month)

    def proposed(item: str, month: int, today: date = date(2026, 1, 1)) -> date | None:
        return proposed_day(duty(item, month), ThemeDay(day=5), today, CALENDARS)

    assert proposed("D4-05", 4) == date(2026, 4, 7)  # a Sunday, and Monday is a day off
    assert proposed("D4-02", 9) == date(2026, 9, 28)
    assert proposed("D4-02", 1, date(2026, 1, 27)) == date(2026, 1, 30)
    assert proposed("D4-02", 1, date(2026, 1, 30)) is None
    assert proposed("D4-06", 1) is None


def test_holidays_at_the_end_of_a_period_lead_back_into_it() -> None:
    assert nearest_workday(date(2026, 1, 31), date(2026, 1, 1), date(2026, 1, 31), CALENDARS) == date(2026, 1, 30)
    assert nearest_workday(date(2026, 10, 1), date(2026, 10, 1), date(2026, 10, 3), CALENDARS) is None


def test_days_off_and_weekends_worked_have_a_word() -> None:
    marks = marks_of(CALENDARS, date(2026, 2, 13), date(2026, 2, 17))
    assert marks == {date(2026, 2, 14): "班", date(2026, 2, 16): "休", date(2026, 2, 17): "休"}
    assert marks_of({}, date(2026, 2, 13), date(2026, 2, 17)) == {}


def test_a_day_outside_the_period_is_refused_with_the_period() -> None:
    window = (date(2026, 11, 1), date(2026, 11, 30))
    today = date(2026, 11, 22)
    assert refusal(window, date(2026, 11, 27), today) == ""
    assert refusal(window, date(2026, 12, 1), today) == "须在11月1日至11月30日之间"
    assert refusal((date(2026, 1, 1), date(2027, 3, 31)), date(2027, 4, 1), today) == "须在1月1日至2027年3月31日之间"
    assert refusal(None, date(2026, 11, 21), today).startswith("已经过去")


def test_every_kind_has_its_template() -> None:
    from desktop.models.vocabulary.meetings import MeetingKind

    assert set(templates().kinds) == set(MeetingKind)
    assert all(each.agenda and each.materials for each in templates().kinds.values())
