"""The ledger as it is looked at: what a publication holds is posted, whatever quarter it is of."""

from datetime import date

from desktop.services.points.book import LineState, PointsBook
from tests.services.points.conftest import Points


def test_lines_of_quarters_that_were_never_posted_stand_with_the_next_that_was(points: Points) -> None:
    meeting = points.committee()
    claims = [
        points.approved(meeting, name, event_on=on)
        for name, on in (("钱二", date(2026, 2, 8)), ("周五", date(2026, 9, 8)), ("吴六", date(2026, 10, 8)))
    ]
    points.post(meeting)
    states = {line.key: line.state for line in PointsBook(points.store).book(2026).lines}
    assert [states[claim] for claim in claims] == [LineState.POSTED, LineState.POSTED, LineState.UNPUBLISHED]
