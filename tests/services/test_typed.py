"""What is typed into a form: the day that is allowed, and the words of one that is not."""

from datetime import date

import pytest

from desktop.paths import resource
from desktop.services.errors import Input, InvalidInput
from desktop.services.typed import refuse_outside

ON = Input("compared_on", "核对日期")
SINCE, TODAY = date(2026, 10, 8), date(2026, 11, 26)


@pytest.mark.parametrize("on", [SINCE, date(2026, 11, 1), TODAY])
def test_the_first_day_and_today_are_allowed(on: date) -> None:
    refuse_outside(ON, on, SINCE, "申报那天", TODAY)


@pytest.mark.parametrize("on", [date(2026, 10, 7), date(2026, 11, 27)])
def test_a_day_outside_is_refused_in_words_that_allow_what_is_allowed(on: date) -> None:
    with pytest.raises(InvalidInput) as refused:
        refuse_outside(ON, on, SINCE, "申报那天", TODAY, of="“甲”的日期")
    assert (refused.value.name, refused.value.reason) == ("compared_on", "“甲”的日期不能早于申报那天、晚于今天")


def test_no_other_piece_words_a_range_that_today_is_part_of() -> None:
    services = resource(".").parent / "desktop" / "services"
    worded = [
        file.name
        for file in services.rglob("*.py")
        if file.name != "typed.py" and any(words in file.read_text("utf-8") for words in ("、晚于今天", "今天以前"))
    ]
    assert worded == []
