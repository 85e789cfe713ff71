"""What the pages that write and take packages share."""

from desktop.ui.sync.common import when
from tests.stores import clock_at


def test_a_moment_is_told_by_the_clock_of_the_reader_not_by_that_of_the_machine() -> None:
    assert when("2026-03-04T23:30:00Z", clock_at("2026-03-10 09:00")) == "03-05 07:30"
    assert when(None, clock_at("2026-03-10 09:00")) == "—"
