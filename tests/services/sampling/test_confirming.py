"""A made-up record counts once another person confirmed it; the branch learns it, appeals, and is answered."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.appeals import Raised
from desktop.services.attachments import AttachmentService
from desktop.services.errors import InvalidInput
from desktop.services.race.editions import race_span
from desktop.services.race.marks import MarkService
from desktop.services.sampling.appeals import Decided, SampleAppealService
from desktop.services.sampling.confirming import FABRICATION, FALSE_RECORD, ConfirmingService
from desktop.services.sampling.service import Judgement, SamplingService, Signed
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sampling.conftest import PERIOD

OPEN = "2026Q2"
WHY, SAYS = "三人签名笔迹相同", "会开过，签到是后补的"


FILE = b"\xff\xd8\xff\xe0 a sheet that was signed"


def found_false(sampling: SamplingService, period: str = PERIOD) -> str:
    sampling.draw(period, 7)
    (sheet,) = sampling.sheets(period)
    row = sheet.records[0]
    sampling.judge([Judgement(row.id, SampleVerdict.FABRICATED, WHY, SAYS)])
    sampling.sign(sheet.id, Signed("周敏、李卫东"))
    return row.id


def test_nothing_follows_before_another_person_confirmed_it(headquarters: Store, sampling: SamplingService) -> None:
    row_id = found_false(sampling)
    confirming, standards = ConfirmingService(headquarters), StandardService(headquarters)
    row = sampling.sheets(PERIOD)[0].records[0]
    assert (row.awaits_confirmation, row.state) == (True, "不实，待复核")
    whose = row.branch_id
    assert not standards.score(branch_id=whose).gates
    for name in ("李卫东", "李卫东 科长"):
        with pytest.raises(InvalidInput, match="复核人不能是核查人"):
            confirming.confirm(row_id, name)
    assert "已公布" in confirming.confirm(row_id, "赵国平")  # the race of the quarter is published: no penalty any more
    score = standards.score(branch_id=whose)
    assert [gate.id for gate in score.gates] == [FABRICATION]
    assert WHY in score.item(row.item_id).fabricated
    assert score.item(row.item_id).got == 0
    with pytest.raises(InvalidInput, match="先撤销复核"):
        sampling.judge([Judgement(row_id, SampleVerdict.TRUE)])
    confirming.take_back(row_id)
    assert not standards.score(branch_id=whose).gates


def test_the_race_of_a_period_that_is_open_counts_a_penalty(headquarters: Store, sampling: SamplingService) -> None:
    row_id = found_false(sampling, OPEN)
    confirming, marks = ConfirmingService(headquarters), MarkService(headquarters)
    before = len(marks.marks(OPEN))
    assert confirming.confirm(row_id, "赵国平") == ""
    assert [mark.rule_id for mark in marks.marks(OPEN)][before:] == [FALSE_RECORD]
    confirming.take_back(row_id)
    assert len(marks.marks(OPEN)) == before


def test_what_was_made_up_is_worth_nothing_in_the_quarter_that_was_checked(
    headquarters: Store, branch: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    """A quarter is checked after its last day, on which the race reads the score."""
    row_id, confirming = found_false(sampling, OPEN), ConfirmingService(headquarters)
    row, last = sampling.sheets(OPEN)[0].records[0], race_span(OPEN).last
    assert last < headquarters.today
    confirming.confirm(row_id, "赵国平")
    score = StandardService(headquarters).score(last, branch_id=row.branch_id)
    assert [gate.id for gate in score.gates] == [FABRICATION]
    assert score.item(row.item_id).got == 0
    for answer in Sender(headquarters).answer(None, tmp_path):
        Receiver(branch).receive([answer.file])
    assert StandardService(branch).score(last).item(row.item_id).got == 0
    confirming.take_back(row_id)
    late = found_false(sampling)
    confirming.confirm(late, "赵国平")
    published = StandardService(headquarters).score(race_span(PERIOD).last, branch_id=row.branch_id)
    assert not published.gates, "what was published is not changed by what was found later"


def test_a_branch_sees_the_verdict_appeals_and_is_answered(
    headquarters: Store, branch: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    row_id = found_false(sampling)
    ConfirmingService(headquarters).confirm(row_id, "赵国平")
    for answer in Sender(headquarters).answer(None, tmp_path / "down"):
        Receiver(branch).receive([answer.file])
    here, there = SampleAppealService(branch), SampleAppealService(headquarters)
    (sheet,) = here.sheets()
    row = sheet.records[0]
    assert (row.verdict, row.ground, row.may_appeal) == (SampleVerdict.FABRICATED, WHY, True)
    score = StandardService(branch).score(verified=True)
    assert WHY in score.item(row.item_id).fabricated
    with pytest.raises(InvalidInput, match="才能申诉"):
        here.raise_appeal(sheet.records[1].id, Raised(raised_by="刘志强", ground="没有核"))
    assert row.appeal_until == date(2026, 10, 19)  # five working days after 10-12
    appeal = here.raise_appeal(row_id, Raised(raised_by="刘志强", ground="原签到表找到了"))
    (tmp_path / "签到表.jpg").write_bytes(FILE)
    AttachmentService(branch).attach("appeals", appeal, tmp_path / "签到表.jpg")
    with pytest.raises(InvalidInput, match="已经申诉过"):
        here.raise_appeal(row_id, Raised(raised_by="刘志强", ground="再说一次"))
    packed = Sender(branch).pack(tmp_path / "up", None)
    Receiver(headquarters).receive([packed.file])
    (kept,) = sampling.sheets(PERIOD)
    assert (kept.records[0].appeal is not None, kept.records[0].appealed_late) == (True, False)
    (file,) = AttachmentService(headquarters).list("appeals", appeal)
    assert AttachmentService(headquarters).read(file.id) == FILE
    assert [(each.branch, each.period, each.until) for each in there.waiting()] == [
        (kept.name, PERIOD, date(2026, 10, 19))
    ]
    decided = Decided(state=AppealState.UPHELD, decided_by="党建科会议", decision="原件核对无误")
    there.decide(row_id, decided)
    assert there.waiting() == []
    judged = sampling.sheets(PERIOD)[0].records[0]
    assert (judged.verdict, judged.ground, judged.heard) == (SampleVerdict.TRUE, WHY, SAYS)
    assert not StandardService(headquarters).score(branch_id=judged.branch_id).gates
    with pytest.raises(InvalidInput, match="已经决定：成立"):
        there.decide(row_id, decided)
    for answer in Sender(headquarters).answer(None, tmp_path / "again"):
        Receiver(branch).receive([answer.file])
    told = here.sheets()[0].records[0]
    assert told.appeal is not None
    assert (told.verdict, told.appeal.state) == (SampleVerdict.TRUE, AppealState.UPHELD)
    assert told.appeal.decided_on == date(2026, 10, 12)


def test_a_decision_made_before_the_taking_back_arrived_is_told(
    headquarters: Store, branch: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    row_id = found_false(sampling)
    ConfirmingService(headquarters).confirm(row_id, "赵国平")
    here, there = SampleAppealService(branch), SampleAppealService(headquarters)

    def exchange(way: str) -> None:
        Receiver(headquarters).receive([Sender(branch).pack(tmp_path / way, None).file])
        for answer in Sender(headquarters).answer(None, tmp_path / way):
            Receiver(branch).receive([answer.file])

    exchange("first")
    said = Raised(raised_by="刘志强", ground="原签到表找到了")
    appeal = here.raise_appeal(row_id, said)
    Receiver(headquarters).receive([Sender(branch).pack(tmp_path / "up", None).file])
    there.decide(row_id, Decided(state=AppealState.REJECTED, decided_by="党建科会议", decision="原件没有签名"))
    here.withdraw(appeal)
    exchange("second")
    for row in (here.sheets()[0].records[0], sampling.sheets(PERIOD)[0].records[0]):
        assert row.appeal is not None
        assert (row.appeal.state, row.appeal.decision, row.appeal.taken_back) == (
            AppealState.REJECTED, "原件没有签名", True,
        )  # fmt: skip
        assert not row.may_appeal
    with pytest.raises(InvalidInput, match="已经决定：不成立"):
        here.raise_appeal(row_id, said)
