"""A branch appeals against its published result: up in the package, decided at headquarters, down with the result."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.assessment import AssessmentState
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.appeals import Raised
from desktop.services.assessment import AssessmentService
from desktop.services.attachments import AttachmentService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.home import read_home
from desktop.services.race.appeals import AppealService, mended_in
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.marks import MarkService
from desktop.services.race.raising import RaisingService, appeal_works
from desktop.services.race.scheme import default_scheme
from desktop.services.race.service import RaceService
from desktop.services.race.versions import VersionService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.race.typed import refused
from tests.stores import clock_at
from tests.ui.full import PERIOD, full_store

SAID = Raised(raised_by="书记 刘志强", ground="问卷少算了六份", wished="按 36 份重算", item="H2")
FILE = b"\xff\xd8\xff\xe0 a sheet that was filled in"


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        yield store


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "branch") as store:
        yield store


def up(branch: Store, headquarters: Store, folder: Path) -> None:
    """Carry a package of the branch to headquarters."""
    Receiver(headquarters).receive([Sender(branch).pack(folder / "up", None).file])


def down(headquarters: Store, branch: Store, folder: Path) -> None:
    """Carry the answers of headquarters to the branch."""
    for answer in Sender(headquarters).answer(None, folder / "down"):
        Receiver(branch).receive([answer.file])


def decide(store: Store, case: str, state: AppealState, late_reason: str = "") -> RacePeriodState:
    said = {"decided_by": "党建科会议", "decision": "复核了原始问卷", "late_reason": late_reason}
    return AppealService(store).decide(case, state, **said)  # type: ignore[arg-type]


def test_an_appeal_goes_up_is_decided_corrected_and_comes_back(
    headquarters: Store, branch: Store, tmp_path: Path
) -> None:
    here, there = RaisingService(branch), AppealService(headquarters)
    found = here.appealable(PERIOD)
    assert (found.until, found.days_left, found.refused) == (date(2026, 10, 19), 7, "")
    assert found.words == "申诉期到 2026-10-19，还有 7 天"
    assert {"", "H1", "H2", "D4-10"} <= dict(found.items).keys()
    (work,) = (each for each in read_home(branch, 2026, branch.today).works if each.verb == "看结果")
    assert (work.by, work.due(branch.today)) == (date(2026, 10, 19), "还有 7 天")
    appeal = here.raise_appeal(PERIOD, SAID)
    assert list(appeal_works(branch)) == []
    (tmp_path / "问卷.jpg").write_bytes(FILE)
    AttachmentService(branch).attach("appeals", appeal, tmp_path / "问卷.jpg")
    assert refused(here.raise_appeal, PERIOD, SAID) == ("对哪一项", "已经申诉过，等市公司决定")
    assert [(each.state_words, each.late) for each in here.raised(PERIOD)] == [("待报送", False)]
    assert AssessmentService(branch).own(PERIOD).state is AssessmentState.APPEALED
    for store in (branch, headquarters):
        store.clock = clock_at("2026-10-12 09:30")
    up(branch, headquarters, tmp_path)
    assert [each.state_words for each in here.raised(PERIOD)] == ["待决定"]

    (case,) = there.appeals(PERIOD)
    told = (case.raised_id, case.raised_by, case.indicator, case.wished, case.ground, case.due_on, case.state)
    said = (SAID.raised_by, "H2", SAID.wished, SAID.ground, date(2026, 10, 19), AppealState.PENDING)
    assert told == (appeal, *said)
    assert case.indicator_name
    (file,) = AttachmentService(headquarters).list("appeals", appeal)
    assert AttachmentService(headquarters).read(file.id) == FILE
    race = RaceService(headquarters)
    assert (race.race(PERIOD).state, race.race(PERIOD).undecided) == (RacePeriodState.APPEALED, 1)
    assert next(each.state for each in race.periods() if each.period == PERIOD) is RacePeriodState.APPEALED
    assert [row.state for row in AssessmentService(headquarters).rows(PERIOD)] == [AssessmentState.APPEALED]
    headquarters.clock = clock_at("2026-10-20 09:00")
    assert refused(race.settle, PERIOD)[1].endswith("还有1件申诉没有决定，决定以后再定案")
    headquarters.clock = clock_at("2026-10-13 09:00")

    assert decide(headquarters, case.id, AppealState.UPHELD) is RacePeriodState.APPEALED
    with pytest.raises(InvalidInput, match="已经决定：成立"):
        decide(headquarters, case.id, AppealState.REJECTED)
    MarkService(headquarters).add(PERIOD, case.branch_id, race.scheme(PERIOD).penalties[0].id, "更正")
    race.score(PERIOD)
    assert race.publish(PERIOD).state is RacePeriodState.PUBLISHED
    (kept,) = there.appeals(PERIOD)
    assert (kept.raised_id, kept.replaced_version) == (appeal, 1)
    assert [version.number for version in VersionService(headquarters).versions(PERIOD)] == [1, 2]
    branch.clock = clock_at("2026-10-14 09:00")
    down(headquarters, branch, tmp_path)
    (mine,) = here.raised(PERIOD)
    assert (mine.state, mine.decided_by, mine.decision) == (AppealState.UPHELD, "党建科会议", "复核了原始问卷")
    assert mine.outcome == kept.outcome
    assert AssessmentService(branch).own(PERIOD).state is AssessmentState.PUBLISHED
    with pytest.raises(InvalidInput, match="已经决定：成立"):
        here.withdraw(appeal)


@pytest.mark.parametrize(
    ("item", "where"), [("", "figures"), ("H2", "figures"), ("H1", "ratings"), ("D4-10", "ratings"), ("P-02", "marks")]
)
def test_what_is_appealed_against_says_where_it_is_corrected(item: str, where: str) -> None:
    assert mended_in(default_scheme(), item) == where


def test_a_result_that_is_final_is_final_at_the_branch_too(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    appeal = RaisingService(branch).raise_appeal(PERIOD, replace(SAID, item=""))
    up(branch, headquarters, tmp_path)
    (case,) = AppealService(headquarters).appeals(PERIOD)
    assert decide(headquarters, case.id, AppealState.REJECTED) is RacePeriodState.PUBLISHED
    for store in (headquarters, branch):
        store.clock = clock_at("2026-10-20 09:00")
    assert RaceService(headquarters).settle(PERIOD).state is RacePeriodState.FINAL
    down(headquarters, branch, tmp_path)
    here = RaisingService(branch)
    assert [(each.id, each.state) for each in here.raised(PERIOD)] == [(appeal, AppealState.REJECTED)]
    assert AssessmentService(branch).own(PERIOD).state is AssessmentState.FINAL
    final = "2026年三季度结果已于2026-10-20定案，不再受理申诉"
    assert refused(here.raise_appeal, PERIOD, SAID) == ("评比周期", final)


def test_one_that_is_taken_back_is_seen_as_withdrawn_at_headquarters(
    headquarters: Store, branch: Store, tmp_path: Path
) -> None:
    here, there = RaisingService(branch), AppealService(headquarters)
    appeal = here.raise_appeal(PERIOD, SAID)
    up(branch, headquarters, tmp_path)
    assert [each.state for each in there.appeals(PERIOD)] == [AppealState.PENDING]
    branch.clock = clock_at("2026-10-13 09:00")
    here.withdraw(appeal)
    assert [each.state_words for each in here.raised(PERIOD)] == ["2026-10-13 撤回，随下一个报送包告诉总部"]
    assert [each.period for each in appeal_works(branch)] == [PERIOD]
    for unknown in ("无", appeal):
        with pytest.raises(NotFound):
            here.withdraw(unknown)
    assert AssessmentService(branch).own(PERIOD).state is AssessmentState.PUBLISHED
    here.raise_appeal(PERIOD, replace(SAID, item=""))
    branch.clock = headquarters.clock = clock_at("2026-10-13 10:00")
    up(branch, headquarters, tmp_path)
    assert [(each.indicator, each.state, each.withdrawn_on) for each in there.appeals(PERIOD)] == [
        ("", AppealState.PENDING, None),
        ("H2", AppealState.WITHDRAWN, date(2026, 10, 13)),
    ]
    assert RaceService(headquarters).race(PERIOD).undecided == 1
    with pytest.raises(NotFound):
        decide(headquarters, appeal, AppealState.REJECTED)
    assert [each.state_words for each in here.raised(PERIOD)] == ["2026-10-13 撤回", "待决定"]


def test_one_that_is_taken_back_before_any_package_took_it_up_is_gone(branch: Store) -> None:
    here = RaisingService(branch)
    branch.clock = clock_at("2026-10-13 09:00")
    here.withdraw(here.raise_appeal(PERIOD, SAID))
    assert here.raised(PERIOD) == []


def test_too_late_a_day_is_told_and_headquarters_decides(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    for store in (headquarters, branch):
        store.clock = clock_at("2026-10-22 09:00")
    here = RaisingService(branch)
    assert here.appealable(PERIOD).words.startswith("申诉期到 2026-10-19，已过 3 天：仍可提出，注明逾期")
    here.raise_appeal(PERIOD, SAID)
    assert here.raised(PERIOD)[0].late
    up(branch, headquarters, tmp_path)
    (case,) = AppealService(headquarters).appeals(PERIOD)
    assert case.late
    with pytest.raises(InvalidInput, match="逾期的写明理由才能受理"):
        decide(headquarters, case.id, AppealState.UPHELD)
    decide(headquarters, case.id, AppealState.UPHELD, late_reason="公布通知未送达")
    assert AppealService(headquarters).appeals(PERIOD)[0].late_reason == "公布通知未送达"


def test_one_that_comes_after_the_end_is_answered_and_corrects_nothing(
    headquarters: Store, branch: Store, tmp_path: Path
) -> None:
    headquarters.clock = clock_at("2026-10-20 09:00")
    RaceService(headquarters).settle(PERIOD)
    RaisingService(branch).raise_appeal(PERIOD, SAID)  # the branch knows nothing of it yet
    up(branch, headquarters, tmp_path)
    service = AppealService(headquarters)
    assert service.open_periods() == [PERIOD]
    (case,) = service.appeals(PERIOD)
    with pytest.raises(InvalidInput, match="结果已定，不能再更正"):
        decide(headquarters, case.id, AppealState.UPHELD)
    assert decide(headquarters, case.id, AppealState.REJECTED) is RacePeriodState.FINAL
    assert service.open_periods() == []
    branch.clock = clock_at("2026-10-21 09:00")
    down(headquarters, branch, tmp_path)
    assert RaisingService(branch).raised(PERIOD)[0].state is AppealState.REJECTED


@pytest.mark.parametrize(
    ("period", "said", "refusal"),
    [
        (PERIOD, replace(SAID, ground=" "), ("申诉理由", "不能为空")),
        (PERIOD, replace(SAID, raised_by=""), ("提出人", "不能为空")),
        (PERIOD, replace(SAID, raised_by="刘" * 61), ("提出人", "最多60字")),
        (PERIOD, replace(SAID, item="H99"), ("对哪一项", "结果里没有这一项")),
        ("2025Q4", SAID, ("评比周期", "2025年四季度的结果还没有公布，公布以后才能申诉")),
    ],
)
def test_an_appeal_says_who_against_what_and_why(
    branch: Store, period: str, said: Raised, refusal: tuple[str, str]
) -> None:
    assert BranchRace(branch).latest() is not None
    assert refused(RaisingService(branch).raise_appeal, period, said) == refusal


def test_a_decision_made_before_the_taking_back_arrived_is_told(
    headquarters: Store, branch: Store, tmp_path: Path
) -> None:
    here, there = RaisingService(branch), AppealService(headquarters)
    appeal = here.raise_appeal(PERIOD, SAID)
    up(branch, headquarters, tmp_path)
    here.withdraw(appeal)
    (case,) = there.appeals(PERIOD)
    decide(headquarters, case.id, AppealState.REJECTED)
    down(headquarters, branch, tmp_path)
    (mine,) = here.raised(PERIOD)
    assert (mine.id, mine.state, mine.decision) == (appeal, AppealState.REJECTED, "复核了原始问卷")
    assert mine.state_words == "不成立（撤回以前已决定）"
    up(branch, headquarters, tmp_path)
    assert [each.state for each in there.appeals(PERIOD)] == [AppealState.REJECTED]
