"""Waiting ends with what was looked for, or says what did not happen."""

import pytest

from installer.waiting import until


def test_looking_goes_on_until_there_is_something_and_gives_it_back() -> None:
    seen = iter(["", "", "a window"])
    assert until(lambda: next(seen), 60, "no window", pause=0) == "a window"


def test_what_never_happens_is_named() -> None:
    with pytest.raises(TimeoutError, match="no window opened"):
        until(lambda: "", 0, "no window opened", pause=0)
