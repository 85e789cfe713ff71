"""What became of packages: which feedback no branch has received, and of what a branch has no receipt."""

from pathlib import Path

from desktop.services.reminders import reminders
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages, unanswered, unreceived
from tests.services.sync.pairs import Pair
from tests.services.sync.parties import reopened
from tests.stores import clock_at


def test_headquarters_sees_which_feedback_no_branch_has_received(pair: Pair) -> None:
    assert pair.take(pair.report()) == ["OK"]
    first = pair.answer()
    (waiting,) = unreceived(pair.headquarters)
    assert (waiting.partner, waiting.seq) == ("第三党支部", 1)
    assert unreceived(pair.headquarters, reminders().receipt_days) == []
    with reopened(pair.headquarters, "2026-04-05 09:00") as later:
        assert [row.partner for row in unreceived(later, reminders().receipt_days)] == ["第三党支部"]
        assert pair.hear(first) == ["OK"]
        assert [one.code for one in Receiver(later).receive([pair.report()])] == ["OK"]
        assert unreceived(later) == []


def test_the_branch_is_reminded_after_thirty_days(pair: Pair) -> None:
    pair.report()
    assert unanswered(pair.branch) is None
    with reopened(pair.branch, "2026-04-05 09:00") as later:
        waiting = unanswered(later)
        assert waiting is not None
        assert waiting.seq == 1


def test_packages_stand_in_the_order_of_the_moments_beside_them_after_the_clock_was_set_back(
    pair: Pair, tmp_path: Path
) -> None:
    now, pair.branch.clock = pair.branch.clock, clock_at("2026-04-05 09:00")
    Sender(pair.branch).pack(tmp_path, None)
    pair.branch.clock = now
    pair.report()
    moments = [row.built_at_utc for row in sent_packages(pair.branch)]
    assert len(moments) == 2
    assert moments == sorted(moments, reverse=True)
