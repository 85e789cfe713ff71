"""A made-up record counts once another person confirmed it; the branch learns it, appeals, and is answered."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.appeals import Raised
from desktop.services.attachments import AttachmentService
from desktop.services.errors import InvalidInput
from desktop.services.opening import open_store
from desktop.services.race.appeals import AppealService
from desktop.services.race.closing import ClosingService
from desktop.services.race.editions import race_span
from desktop.services.race.marks import MarkService
from desktop.services.race.results import ResultListService
from desktop.services.race.service import RaceService
from desktop.services.sampling.appeals import Decided, SampleAppealService
from desktop.services.sampling.confirming import FABRICATION, FALSE_RECORD, ConfirmingService
from desktop.services.sampling.rows import SampledRow
from desktop.services.sampling.service import Judgement, SamplingService, Signed
from desktop.services.standards.gates import GateService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sampling.conftest import PERIOD
from tests.stores import LOGIN, PASSWORD, clock_at

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
    assert confirming.follows(row_id).endswith("赛马不扣分：2026年三季度结果已公布，申诉成立后才能修改")
    assert "已公布" in confirming.confirm(row_id, "赵国平")  # the race of the quarter is published: no penalty any more
    score = standards.score(branch_id=whose)
    assert [gate.id for gate in score.gates] == [FABRICATION]
    assert WHY in score.item(row.item_id).fabricated
    assert SAYS in score.gates[0].ground, "what the branch said is told with the ground"
    assert score.item(row.item_id).got == 0
    gates = GateService(headquarters)
    (finding,) = gates.findings(whose)
    with pytest.raises(InvalidInput, match="撤销复核或决定申诉"):
        gates.withdraw(finding.id)  # the verdict and its penalty would stand without it
    with pytest.raises(InvalidInput, match="先撤销复核"):
        sampling.judge([Judgement(row_id, SampleVerdict.TRUE)])
    confirming.take_back(row_id)
    assert not standards.score(branch_id=whose).gates


def test_a_list_of_results_says_what_was_found_false_after_they_were_published(
    headquarters: Store, sampling: SamplingService
) -> None:
    row_id = found_false(sampling)
    (branch_id,) = {row.branch_id for row in sampling.sheets(PERIOD)[0].records if row.id == row_id}
    results = ResultListService(headquarters)

    def told() -> tuple[str, str]:
        (line,) = [each for each in results.results(PERIOD).lines if each.branch_id == branch_id]
        return line.held, "".join(line.grounds)

    clean = told()
    assert "不实" not in "".join(clean)
    ConfirmingService(headquarters).confirm(row_id, "赵国平")
    held, grounds = told()
    assert held == "有查实的不实记录没有计入，研究后再采用"
    assert "查实不实：2026年三季度抽查：" in grounds
    assert WHY in grounds
    assert f"（{headquarters.today:%Y-%m-%d}赵国平复核，这一期的结果没有计入）" in grounds
    ConfirmingService(headquarters).take_back(row_id)
    assert told() == clean


def test_a_list_of_results_holds_nobody_back_for_what_its_race_counted(
    headquarters: Store, sampling: SamplingService
) -> None:
    row_id = found_false(sampling, OPEN)
    ConfirmingService(headquarters).confirm(row_id, "赵国平")
    race = RaceService(headquarters)
    race.score(OPEN)
    race.publish(OPEN)
    (line,) = ResultListService(headquarters).results(OPEN).lines
    assert (line.held, "查实不实" in "".join(line.grounds)) == ("", False)
    assert WHY in "".join(line.grounds), "with its penalty"


def test_the_race_of_a_period_that_is_open_counts_a_penalty(headquarters: Store, sampling: SamplingService) -> None:
    row_id = found_false(sampling, OPEN)
    confirming, marks = ConfirmingService(headquarters), MarkService(headquarters)
    before = len(marks.marks(OPEN))
    item = sampling.sheets(OPEN)[0].records[0].item_id
    assert confirming.follows(row_id).startswith(f"{item} 记 0 分，")
    told = confirming.follows(row_id)
    assert re.search(f"赛马另算，按 {FALSE_RECORD} 扣 \\d+ 分", told), "without the minus of the scheme"
    assert "等次直接列待提升（标准化考评的等次）；" in told, "grades and classes of the race are two scales"
    assert told.endswith("分，先进、中间、落后仍按总分和名次定")
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
        assert (row.appeal.state, row.appeal.decision) == (AppealState.REJECTED, "原件没有签名")
        assert row.appeal.state_words.endswith("，撤回以前已决定")
        assert not row.may_appeal
    with pytest.raises(InvalidInput, match="已经决定：不成立"):
        here.raise_appeal(row_id, said)


def test_one_that_is_taken_back_undecided_is_seen_as_withdrawn_and_may_be_raised_again(
    headquarters: Store, branch: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    row_id = found_false(sampling)
    ConfirmingService(headquarters).confirm(row_id, "赵国平")
    here, there = SampleAppealService(branch), SampleAppealService(headquarters)
    for answer in Sender(headquarters).answer(None, tmp_path / "down"):
        Receiver(branch).receive([answer.file])
    said = Raised(raised_by="刘志强", ground="原签到表找到了")
    appeal = here.raise_appeal(row_id, said)

    def up(folder: str) -> SampledRow:
        Receiver(headquarters).receive([Sender(branch).pack(tmp_path / folder, None).file])
        return sampling.sheets(PERIOD)[0].records[0]

    up("raised")
    assert len(there.waiting()) == 1
    here.withdraw(appeal)
    row = up("withdrawn")
    assert row.appeal is not None
    assert (row.appeal.state, row.appeal.ground) == (AppealState.WITHDRAWN, said.ground)
    assert row.appeal.state_words == f"支部撤回　{branch.today.isoformat()}"
    assert there.waiting() == []
    with pytest.raises(InvalidInput, match="支部没有申诉"):
        there.decide(row_id, Decided(state=AppealState.REJECTED, decided_by="会议", decision="原件没有签名"))
    assert here.sheets()[0].records[0].may_appeal
    assert here.raise_appeal(row_id, said) == appeal
    assert len(there.waiting()) == 0
    up("again")
    assert len(there.waiting()) == 1


def test_an_appeal_upheld_after_publishing_opens_the_race_for_its_correction(
    headquarters: Store, branch: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    """The branch said it once, against the verdict: nobody has to raise another appeal against the race for it."""
    row_id = found_false(sampling, OPEN)
    ConfirmingService(headquarters).confirm(row_id, "赵国平")
    ClosingService(headquarters).close(OPEN)
    race, cases, marks = RaceService(headquarters), AppealService(headquarters), MarkService(headquarters)
    race.score(OPEN)
    before = race.publish(OPEN).rows[0]
    with pytest.raises(InvalidInput, match="已公布"):
        ConfirmingService(headquarters).take_back(row_id)
    for answer in Sender(headquarters).answer(None, tmp_path / "down"):
        Receiver(branch).receive([answer.file])
    SampleAppealService(branch).raise_appeal(row_id, Raised(raised_by="刘志强", ground="原签到表找到了"))
    Receiver(headquarters).receive([Sender(branch).pack(tmp_path / "up", None).file])
    decided = Decided(state=AppealState.UPHELD, decided_by="党建科会议", decision="原件核对无误")
    with pytest.raises(InvalidInput, match="改为属实或有瑕疵"):
        SampleAppealService(headquarters).decide(row_id, replace(decided, verdict=None))
    assert SampleAppealService(headquarters).decide(row_id, decided) == OPEN
    assert FALSE_RECORD not in [mark.rule_id for mark in marks.marks(OPEN)]
    (case,) = cases.appeals(OPEN)
    assert (case.awaits_correction, case.indicator, case.raised_by) == (True, FALSE_RECORD, "刘志强")
    assert "原签到表找到了" in case.ground
    race.score(OPEN)
    after = race.publish(OPEN).rows[0]
    penalties = [[each.id for each in row.penalties] for row in (before, after)]
    assert penalties == [[FALSE_RECORD], []]
    (case,) = cases.appeals(OPEN)
    assert case.republished_on == headquarters.today
    for answer in Sender(headquarters).answer(None, tmp_path / "again"):
        Receiver(branch).receive([answer.file])
    told = SampleAppealService(branch).sheets()[0].records[0]
    assert (told.verdict, told.appeal and told.appeal.state) == (SampleVerdict.TRUE, AppealState.UPHELD)


def test_a_result_is_not_final_while_an_appeal_against_a_check_that_cost_points_waits(
    tmp_path: Path, headquarters: Store, branch: Store, sampling: SamplingService
) -> None:
    row_id = found_false(sampling, OPEN)
    ConfirmingService(headquarters).confirm(row_id, "赵国平")
    ClosingService(headquarters).close(OPEN)
    RaceService(headquarters).score(OPEN)
    RaceService(headquarters).publish(OPEN)
    for answer in Sender(headquarters).answer(None, tmp_path / "down"):
        Receiver(branch).receive([answer.file])
    SampleAppealService(branch).raise_appeal(row_id, Raised(raised_by="刘志强", ground="原签到表找到了"))
    Receiver(headquarters).receive([Sender(branch).pack(tmp_path / "up", None).file])
    headquarters.close()
    with open_store(tmp_path / "hq", PASSWORD, LOGIN, clock=clock_at("2026-11-02 09:00")) as later:
        with pytest.raises(InvalidInput, match="还有1件抽查申诉没有决定"):
            RaceService(later).settle(OPEN)
        refused = Decided(state=AppealState.REJECTED, verdict=None, decided_by="党建科会议", decision="原件没有签名")
        assert SampleAppealService(later).decide(row_id, refused) == ""
        assert RaceService(later).settle(OPEN).state is RacePeriodState.FINAL
