"""How far an assessment has come follows from what is kept: ratings, packages, spot checks, publishing, appeals."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import select

from desktop.cli.shapes import of_score
from desktop.models.standards import SelfRating
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.assessment import AssessmentState
from desktop.models.vocabulary.race import RacePeriodState
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.assessment import (
    AssessmentFacts,
    AssessmentRow,
    AssessmentService,
    missed_words,
    state_of,
    still_to_do,
)
from desktop.services.errors import InvalidInput
from desktop.services.numbers import hundredths
from desktop.services.sampling.service import Judgement, SamplingService
from desktop.services.standards import kept_figures
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.stores import clock_at
from tests.ui.full import PERIOD, full_store

S, R = AssessmentState, RacePeriodState


@pytest.mark.parametrize(
    ("race", "appeals", "judged", "reported", "self_judged", "state"),
    [
        (R.OPEN, 0, False, False, False, S.OPEN),
        (R.OPEN, 0, False, False, True, S.SELF_DONE),
        (R.CLOSED, 0, False, True, True, S.SUBMITTED),
        (R.SCORED, 0, True, True, False, S.VERIFIED),
        (R.OPEN, 0, True, False, True, S.SELF_DONE),
        (R.OPEN, 0, True, False, False, S.OPEN),
        (R.PUBLISHED, 0, False, True, True, S.PUBLISHED),
        (R.PUBLISHED, 1, True, True, True, S.APPEALED),
        (R.APPEALED, 0, True, True, True, S.PUBLISHED),
        (R.FINAL, 1, True, True, True, S.FINAL),
    ],
)
def test_the_furthest_step_that_is_borne_out_is_the_state(
    race: RacePeriodState, appeals: int, judged: bool, reported: bool, self_judged: bool, state: AssessmentState
) -> None:
    assert state_of(AssessmentFacts(race, appeals, judged, reported, self_judged)) is state


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        yield store


def test_both_numbers_stand_beside_each_other_with_trace_and_quality_apart(headquarters: Store) -> None:
    (row,) = AssessmentService(headquarters).rows(PERIOD)
    score = StandardService(headquarters).score(on=None, branch_id=row.branch_id)
    assert row.state is S.PUBLISHED
    assert row.verified is not None
    assert row.verified.quality is not None
    assert row.verified.total == row.verified.trace + row.verified.quality
    assert 0 < row.judged <= row.to_judge
    assert score.verified
    assert row.own is not None


def reported(store: Store, branch_id: str, period: str) -> None:
    """Let a branch have handed in a period."""
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        session.add(
            ReceivedPackage(
                sender=branch_id, seq=77, package_hash="7" * 64, kind="report", period=period, header={},
                accepted=True, code="OK", received_at_utc="2026-07-08T01:00:00Z", file_name="上报.dzp",
            )
        )  # fmt: skip


def test_a_quarter_is_verified_once_it_is_reported_all_is_judged_and_the_spot_check_is_done(
    headquarters: Store,
) -> None:
    service, period = AssessmentService(headquarters), "2026Q2"
    (row,) = service.rows(period)
    assert (row.state, row.left) == (S.SELF_DONE, 0), "what was judged before holds, and nothing came for this quarter"
    assert still_to_do([row]) == ["1 个支部没报送"]
    reported(headquarters, row.branch_id, period)
    (row,) = service.rows(period)
    assert (row.state, row.left) == (S.VERIFIED, 0)
    sampling = SamplingService(headquarters)
    sampling.draw(period, 7)
    (row,) = service.rows(period)
    assert (row.state, row.checked, row.checks_done) == (S.SUBMITTED, 0, False)
    (sheet,) = sampling.sheets(period)
    sampling.judge([Judgement(found.id, SampleVerdict.TRUE) for found in sheet.records])
    assert service.rows(period)[0].state is S.VERIFIED
    ratings = RatingService(headquarters)
    item, number = next(iter(ratings.ratings(2026, row.branch_id)))
    ratings.unrate(item, number, year=2026, branch_id=row.branch_id)
    (row,) = service.rows(period)
    assert (row.state, row.left) == (S.SUBMITTED, 1)


def test_nothing_is_set_against_a_branch_that_judged_itself_nowhere(headquarters: Store) -> None:
    (row,) = AssessmentService(headquarters).rows("2026Q2")
    assert row.own is not None
    with headquarters.unit_of_work("收包", Act.EXCHANGE) as session:
        gone = session.scalars(select(SelfRating).where(SelfRating.branch_id == row.branch_id)).all()
        for rating in gone:
            session.delete(rating)
    assert gone, "it had judged itself"
    (row,) = AssessmentService(headquarters).rows("2026Q2")
    assert row.own is not None
    assert (row.own.rate, row.apart, row.self_judged) == (None, None, 0), "answers that people gave are no judgement"
    assert (row.own.quality, row.own.trace > 0) == (None, True), "nor are the points they bring told as quality"
    score = StandardService(headquarters).score(branch_id=row.branch_id, verified=False)
    assert score.judged[0] > 0, "they count for points"
    assert score.rate_text == "待评", "and on paper and on the command line there is no rate either"
    assert score.parts_text.endswith(f"分，质量{hundredths(score.quality)}分待评"), "parts make up the total"
    shape = of_score(score)
    assert (shape["rate_name"], shape["quality_rated"]) == ("待评", False)
    assert shape["trace_ratio"] == pytest.approx(
        score.trace / (sum(item.trace_max for item in score.items) - score.trace_pending)
    )


def test_what_was_reckoned_once_is_read_the_next_time(headquarters: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = AssessmentService(headquarters).rows(PERIOD)

    def reckoned(*_about: object, **_more: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr(kept_figures, "standard_figure", reckoned)
    assert AssessmentService(headquarters).rows(PERIOD) == first


def _standing(state: AssessmentState, *, judged: int = 5, checked: int = 5, appeals: int = 0) -> AssessmentRow:
    return AssessmentRow(
        branch_id="b",
        code="ZK01",
        name="甲",
        period="2026Q3",
        state=state,
        own=None,
        verified=None,
        self_judged=0,
        judged=judged,
        to_judge=5,
        drawn=5,
        checked=checked,
        checks_done=checked == 5,
        appeals=appeals,
    )


def test_what_is_published_is_not_done_while_samples_are_unchecked_or_criteria_unjudged() -> None:
    assert still_to_do([_standing(S.PUBLISHED), _standing(S.FINAL, judged=0, checked=0)]) == []
    lacking = [_standing(S.PUBLISHED, judged=3, checked=1), _standing(S.APPEALED, checked=4, appeals=1)]
    assert still_to_do(lacking) == ["已公布的有 5 条抽样没核", "已公布的有 2 条质量没评", "1 件申诉待决定"]
    before = [_standing(S.OPEN), _standing(S.SUBMITTED, judged=0, checked=0)]
    assert still_to_do(before) == ["1 个支部没报送", "1 个支部待核定"]


def test_who_publishes_is_told_what_nobody_can_judge_afterwards() -> None:
    assert missed_words([_standing(S.VERIFIED), _standing(S.PUBLISHED, judged=1)]) == ""
    lacking = [_standing(S.SUBMITTED, judged=3), _standing(S.SUBMITTED, judged=1), _standing(S.VERIFIED)]
    left = sum(line.left for line in lacking)
    assert missed_words(lacking) == f"还有2个支部的{left}条质量没评，公布以后这一期不能再评。"
    unchecked = [_standing(S.VERIFIED, checked=2), _standing(S.VERIFIED, checked=4), _standing(S.PUBLISHED, checked=0)]
    assert missed_words(unchecked) == "抽中的还有2个支部的4条没核，公布以后查实的不实不计入这一期，只在名单里注明。"


def test_a_branch_and_a_period_to_come_are_refused(headquarters: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="还没有开始"):
        AssessmentService(headquarters).rows("2027Q1")
    with full_store(tmp_path / "branch") as branch, pytest.raises(InvalidInput, match="由市公司办理"):
        AssessmentService(branch).rows(PERIOD)


def test_a_branch_knows_its_own_way_from_what_it_did_and_was_fed_back(headquarters: Store, tmp_path: Path) -> None:
    with full_store(tmp_path / "branch") as branch:
        published = AssessmentService(branch).own(PERIOD)
        assert (published.state, published.published_on is None) == (S.PUBLISHED, False)
        assert AssessmentService(branch).own("2026Q2").state in (S.OPEN, S.SELF_DONE, S.VERIFIED)
    (row,) = AssessmentService(headquarters).rows(PERIOD)
    assert AssessmentService(headquarters).row(row.branch_id, PERIOD) == row
    assert AssessmentService(headquarters).row("nobody", PERIOD) is None


def test_a_year_is_reported_by_its_last_quarter_in_the_eyes_of_both(tmp_path: Path) -> None:
    with (
        full_store(tmp_path / "headquarters", StoreKind.HEADQUARTERS) as above,
        full_store(tmp_path / "branch") as branch,
    ):
        ratings = RatingService(above)
        item, number = next(iter(ratings.ratings(2026, branch.branch_id)))
        ratings.unrate(item, number, year=2026, branch_id=branch.branch_id)

        def seen() -> tuple[AssessmentState, AssessmentState]:
            (row,) = AssessmentService(above).rows("2026")
            return row.state, AssessmentService(branch).own("2026").state

        def answered() -> None:
            for answer in Sender(above).answer(None, tmp_path / "stick"):
                Receiver(branch).receive([answer.file])

        answered()
        assert seen() == (S.SELF_DONE, S.SELF_DONE)
        above.clock = branch.clock = clock_at("2026-12-31 09:00")  # what is packed before is no report of the quarter
        packed = Sender(branch).pack(tmp_path / "stick", "2026Q4")
        assert AssessmentService(branch).own("2026").waiting
        Receiver(above).receive([packed.file])
        answered()
        assert seen() == (S.SUBMITTED, S.SUBMITTED)
