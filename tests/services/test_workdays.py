"""Working days: weekends, days off, weekends worked, and years whose calendar is not known."""

from datetime import date

from desktop.services.workdays import after_workdays, calendar_known, is_workday, workdays
from tests.services.standards.samples import LAW

CALENDARS = LAW.calendars


def test_days_off_and_weekends_that_are_worked_count_as_the_calendar_says() -> None:
    assert not is_workday(date(2026, 10, 7), CALENDARS)
    assert is_workday(date(2026, 10, 10), CALENDARS)  # a Saturday
    assert workdays(date(2026, 9, 29), date(2026, 10, 10), CALENDARS) == 5
    assert after_workdays(date(2026, 9, 28), 5, CALENDARS) == date(2026, 10, 10)


def test_a_year_without_calendar_has_its_weekdays() -> None:
    assert workdays(date(2027, 10, 1), date(2027, 10, 8), CALENDARS) == 6
    assert not calendar_known(date(2026, 12, 30), date(2027, 1, 5), CALENDARS)
    assert calendar_known(date(2026, 1, 1), date(2026, 12, 31), CALENDARS)
