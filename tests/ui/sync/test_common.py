"""What the pages that write and take packages share."""

from datetime import date

from desktop.models.vocabulary.race import RemarkKind
from desktop.services.improvement.rows import RemarkRow
from desktop.ui.sync.common import remarks_words, when
from tests.stores import clock_at


def test_a_moment_is_told_by_the_clock_of_the_reader_not_by_that_of_the_machine() -> None:
    assert when("2026-03-04T23:30:00Z", clock_at("2026-03-10 09:00")) == "03-05 07:30"
    assert when(None, clock_at("2026-03-10 09:00")) == "—"


def test_notices_are_told_apart_from_what_waits_for_an_answer() -> None:
    def remark(kind: RemarkKind, answered: date | None = None) -> RemarkRow:
        return RemarkRow(
            id="x", period=None, item_id=None, text="补记录", due_on=None, made_on=date(2026, 9, 1), answer="",
            answered_on=answered, action_id=None, kind=kind,
        )  # fmt: skip

    task, notice = remark(RemarkKind.TASK), remark(RemarkKind.NOTICE)
    done = remark(RemarkKind.REMARK, date(2026, 9, 9))
    assert remarks_words([task, remark(RemarkKind.CORRECTION), notice]) == "意见、任务 2 条，2 条没办结；通知 1 条"
    assert remarks_words([task, done]) == "意见、任务 2 条，1 条没办结"
    assert remarks_words([done]) == "意见、任务 1 条，都已办结"
    assert remarks_words([notice]) == "通知 1 条"
    assert remarks_words([]) == "意见、任务 0 条"
