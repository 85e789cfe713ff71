"""On which days somebody was here, whatever happened in between."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.spells import Stay, Step, came, came_in, here, stays, turns

FULL, PENDING, OUT = MemberStatus.FULL_MEMBER, MemberStatus.TRANSFER_PENDING, MemberStatus.TRANSFERRED_OUT
ADMITTED = date(2012, 7, 1)
BACK = (
    Step(PENDING, date(2023, 4, 20), FULL),
    Step(OUT, date(2023, 5, 8), PENDING),
    Step(FULL, date(2025, 9, 1), OUT, date(2019, 3, 1), date(2023, 5, 8)),
)


def test_who_came_back_has_both_stays() -> None:
    found = stays(FULL, ADMITTED, date(2025, 9, 1), None, BACK)

    assert found == (Stay(date(2019, 3, 1), date(2023, 5, 7)), Stay(date(2025, 9, 1), None))
    assert [year for year in range(2018, 2027) if here(found, date(year, 6, 1))] == [2019, 2020, 2021, 2022, 2026]
    assert came(found, date(2024, 1, 1)) == date(2019, 3, 1)
    assert came_in(found, 2025) == date(2025, 9, 1)
    assert came_in(found, 2023) is None  # the year began in the first stay
    assert list(turns(found)) == [date(2019, 3, 1), date(2023, 5, 8), date(2025, 9, 1)]


def test_a_return_written_down_before_the_days_were_kept_still_tells_of_the_first_stay() -> None:
    old = (*BACK[:2], Step(FULL, date(2025, 9, 1), OUT))

    assert stays(FULL, ADMITTED, date(2025, 9, 1), None, old)[0] == Stay(ADMITTED, date(2023, 5, 7))


def test_who_left_again_has_two_stays_that_are_over() -> None:
    steps = (*BACK, Step(OUT, date(2026, 2, 1), PENDING))

    found = stays(OUT, ADMITTED, date(2025, 9, 1), date(2026, 2, 1), steps)
    assert found[-1] == Stay(date(2025, 9, 1), date(2026, 1, 31))


def test_a_day_of_joining_emptied_later_does_not_reach_back_over_the_time_away() -> None:
    assert stays(FULL, ADMITTED, None, None, BACK)[-1].since == date(2025, 9, 1)
    assert stays(FULL, ADMITTED, date(2014, 1, 1), None, BACK)[-1].since == date(2025, 9, 1)


def test_who_is_gone_since_no_day_is_known_was_never_here() -> None:
    assert stays(OUT, ADMITTED, None, None, ()) == ()
    assert stays(OUT, None, None, None, ()) == ()
    assert stays(FULL, None, None, None, ()) == (Stay(),)


@st.composite
def lives(draw: st.DrawFn) -> tuple[date | None, date | None, list[date]]:
    days = sorted(draw(st.sets(st.dates(date(2010, 1, 1), date(2026, 1, 1)), min_size=2, max_size=8)))
    admitted = draw(st.sampled_from([None, days[0]]))
    joined = draw(st.sampled_from([None, days[0]]))
    return admitted, joined, days[1:]


@given(lives())
@example((None, None, [date(2020, 1, 1), date(2020, 1, 2)]))
def test_stays_are_what_a_diary_of_coming_and_going_says(life: tuple[date | None, date | None, list[date]]) -> None:
    admitted, first, days = life
    joined, left, status = first, None, FULL
    steps: list[Step] = []
    for day in days:  # as `LifeService.step` writes it
        if status is FULL:
            steps.append(Step(OUT, day, FULL))
            left, status = day, OUT
        else:
            steps.append(Step(FULL, day, OUT, joined, left))
            joined, left, status = day, None, FULL
    found = stays(status, admitted, joined, left, steps)

    begun = first or admitted
    for day in (each + timedelta(days=shift) for each in days for shift in (-1, 0, 1)):
        expected = (begun is None or day >= begun) and sum(each <= day for each in days) % 2 == 0
        assert here(found, day) is expected, day
    for before, after in pairwise(found):
        assert before.until is not None
        assert after.since is not None
        assert before.until < after.since
