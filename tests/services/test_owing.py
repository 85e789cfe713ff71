"""Which periods a branch owes: none that ended before it was enrolled or founded, on every page that asks."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from desktop.models.branches import Branch
from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.assessment import AssessmentState
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.assessment import AssessmentService, still_to_do
from desktop.services.branch_list import BranchList
from desktop.services.branch_sums import summed
from desktop.services.deeds import deeds
from desktop.services.errors import InvalidInput
from desktop.services.headquarters import HeadquartersService
from desktop.services.owing import Owed, Owing
from desktop.services.race.closing import ClosingService
from desktop.services.race.editions import quarter_of, race_span
from desktop.services.race.service import RaceService
from desktop.services.statistics.across import NOTHING, BranchesStatistics
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.overview import hand_in
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sync.parties import enrol, make
from tests.stores import clock_at

BEFORE, ENDED, RUNNING = "2026Q2", "2026Q3", "2026Q4"
SINCE = "登记以后第一个应报的是2026年四季度"
DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@given(since=DAYS, day=DAYS)
def test_a_period_is_owed_if_and_only_if_it_had_not_ended_when_the_branch_came(since: date, day: date) -> None:
    owed = Owed(since)
    for code in (quarter_of(day), str(day.year)):
        span = race_span(code)
        assert owed.asks(code) == (since <= span.last)
        assert bool(owed.why_not(code)) != owed.asks(code)
        assert not owed.asks(code) or owed.asks(span.after), "what comes after something owed is owed"
    first = race_span(quarter_of(since))
    assert (owed.asks(first.code), owed.asks(first.before)) == (True, False)
    assert first.name in owed.words
    assert owed.asks(str(day.year)) == any(map(owed.asks, race_span(str(day.year)).quarters))


def test_who_came_when_is_not_known_owes_all_and_who_never_came_nothing() -> None:
    assert (Owed().asks("2001Q1"), Owed().words) == (True, "")
    assert (Owed(date.max).asks("2099Q4"), Owed(date.max).why_not("2026")) == (False, "已邀请，没有登记")


@pytest.fixture
def three(tmp_path: Path) -> Iterator[tuple[Store, Store, Store]]:
    """A headquarters and two branches that were enrolled there today, after the quarter's books were closed."""
    at = "2026-10-20 09:00"
    with (
        make(tmp_path / "hq", StoreKind.HEADQUARTERS, "市公司党建科", at=at) as headquarters,
        make(tmp_path / "one", name="草稿", at=at) as one,
        make(tmp_path / "two", name="草稿", at=at) as two,
    ):
        enrol(headquarters, one, "ZK01", "第一党支部", tmp_path / "files")
        enrol(headquarters, two, "ZK02", "第二党支部", tmp_path / "files")
        yield headquarters, one, two


def told(headquarters: Store) -> tuple[list[str], str]:
    """What is said first on 总览, and under its list."""
    service = HeadquartersService(headquarters)
    rows, due = service.overview(), service.due()
    return [deed.words for deed in deeds(headquarters, rows, due)], summed(rows, due, headquarters.today).words


def test_nobody_is_blamed_for_a_quarter_that_ended_before_it_was_enrolled(
    three: tuple[Store, Store, Store], tmp_path: Path
) -> None:
    headquarters, one, _ = three
    race, quarter = RaceService(headquarters), BranchesStatistics(headquarters)
    for sent in (False, True):
        if sent:
            packed = Sender(one).pack(tmp_path, hand_in(one).period)
            assert [result.code for result in Receiver(headquarters).receive([packed.file])] == ["OK"]
        words, below = told(headquarters)
        assert not any("三季度" in each for each in words)
        assert ("没报" in below, "2 个不用报" in below) == (False, True)
        assert [row["lateness"] for row in BranchList(headquarters).rows()] == ["不用报", "不用报"]
        table = race.race(ENDED)
        assert (table.not_handed_in, table.proposed, table.expected) == ((), (), 0)
        assert table.not_asked == (f"第一党支部、第二党支部（{SINCE}）",)
        lines = AssessmentService(headquarters).rows(ENDED)
        assert [line.state for line in lines] == [AssessmentState.NOT_ASKED] * 2
        assert still_to_do(lines) == []
        left = {each.code: (each.why, each.asked) for each in quarter.period(ENDED).left_out}
        assert left.pop("ZK02") == (SINCE, False)
        assert left == ({} if sent else {"ZK01": (SINCE, False)})
    assert [(each.code, each.why, each.asked) for each in quarter.period(RUNNING).left_out][-1] == (
        "ZK02", NOTHING, True,
    )  # fmt: skip
    branch_id = table.rows[0].branch_id
    with pytest.raises(InvalidInput, match=SINCE):
        ClosingService(headquarters).close(ENDED, [branch_id])


def test_a_package_of_such_a_quarter_is_taken_and_counted(three: tuple[Store, Store, Store], tmp_path: Path) -> None:
    headquarters, one, _ = three
    view = hand_in(one)
    assert (view.period, view.earlier, view.not_owed) == (RUNNING, (ENDED,), SINCE)
    packed = Sender(one).pack(None, view.earlier[0])
    assert (hand_in(one).period, hand_in(one).earlier, hand_in(one).step) == (ENDED, (), 1), "until its receipt"
    file = Sender(one).copy(packed.package_hash, tmp_path)
    assert [result.code for result in Receiver(headquarters).receive([file])] == ["OK"]
    assert [row["lateness"] for row in BranchList(headquarters).rows()] == ["已报", "不用报"]
    table = RaceService(headquarters).race(ENDED)
    assert (table.handed_in, table.expected, table.not_handed_in) == (1, 1, ())
    assert [each.code for each in BranchesStatistics(headquarters).period(ENDED).branches] == ["ZK01"]
    words, below = told(headquarters)
    assert "2026年三季度赛马该报的都报来了，还没封账" in words
    assert "1 个已报，1 个不用报" in below
    answer = next(each for each in Sender(headquarters).answer(None, tmp_path) if each.code == "ZK01")
    Receiver(one).receive([answer.file])
    assert (hand_in(one).period, hand_in(one).earlier) == (RUNNING, ())


def test_a_race_is_not_to_be_closed_before_its_day_while_somebody_may_still_report(
    three: tuple[Store, Store, Store], tmp_path: Path
) -> None:
    headquarters, one, _ = three
    one.clock = headquarters.clock = clock_at("2026-10-08 09:00")
    file = Sender(one).pack(tmp_path, ENDED).file
    Receiver(headquarters).receive([file])
    assert not any("封账" in each for each in told(headquarters)[0])


def test_a_branch_is_not_asked_for_the_quarter_before_it_was_enrolled_even_before_its_books_close(
    three: tuple[Store, Store, Store],
) -> None:
    _, one, _ = three
    one.clock = clock_at("2026-10-08 09:00")
    assert (hand_in(one).period, hand_in(one).earlier) == (RUNNING, (ENDED,))
    own = AssessmentService(one).own(ENDED)
    assert (own.state, own.not_asked) == (AssessmentState.NOT_ASKED, SINCE)
    assert AssessmentService(one).own(RUNNING).not_asked == ""


def test_a_branch_that_is_late_may_still_hand_in_the_quarter(three: tuple[Store, Store, Store], tmp_path: Path) -> None:
    _, one, _ = three
    one.clock = clock_at("2027-01-20 09:00")
    view = hand_in(one)
    assert (view.period, view.earlier, view.not_owed) == ("2027Q1", (RUNNING,), "")
    Sender(one).pack(tmp_path, RUNNING)
    assert hand_in(one).period == RUNNING
    Sender(one).pack(tmp_path, "2027Q1")
    assert (hand_in(one).period, hand_in(one).earlier) == ("2027Q1", ()), "it was carried to headquarters once"


def test_keys_that_were_renewed_or_revoked_do_not_excuse_from_what_was_owed_before(tmp_path: Path) -> None:
    with (
        make(tmp_path / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(tmp_path / "branch", name="草稿") as branch,
    ):
        enrol(headquarters, branch, "ZK01", "第一党支部", tmp_path / "files")
        headquarters.clock = branch.clock = clock_at("2026-10-20 09:00")
        EnrolmentService(headquarters).revoke(branch.org)
        for name in ("new", "newer"):
            enrol(headquarters, branch, "ZK01", "第一党支部", tmp_path / name)
        with headquarters.unit_of_work("同一台电脑重新登记", Act.EXCHANGE) as session:
            for row in session.scalars(select(Partner)):
                row.enrolled_at_utc = "2026-10-20T01:00:00Z"  # as a registration of the same PC writes over its own
        with headquarters.reading() as session:
            owed = Owing(session, headquarters.clock).of(branch.org)
        assert owed == Owed(date(2026, 3, 1))
        assert RaceService(headquarters).race(ENDED).not_handed_in == ("第一党支部",)
        assert any("还没报2026年三季度" in each for each in told(headquarters)[0])


@pytest.mark.parametrize(("days", "owes"), [(-1, True), (0, True), (1, False)])
def test_a_quarter_that_ended_before_a_branch_was_founded_is_not_owed(tmp_path: Path, days: int, owes: bool) -> None:
    with make(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters, make(tmp_path / "one", name="草稿") as branch:
        enrol(headquarters, branch, "ZK01", "第一党支部", tmp_path / "files")
        headquarters.clock = branch.clock = clock_at("2026-10-20 09:00")
        with branch.unit_of_work("成立日期", Act.EXCHANGE) as session:
            session.get_one(Branch, branch.branch_id).founded_on = race_span(BEFORE).last + timedelta(days=days)
        Receiver(headquarters).receive([Sender(branch).pack(tmp_path, RUNNING).file])
        for store in (headquarters, branch):
            with store.reading() as session:
                owed = Owing(session, store.clock).of(branch.org)
            assert (owed.asks(BEFORE), owed.asks(ENDED)) == (owes, True)
            assert owed.why_not(BEFORE) == ("" if owes else "成立以后第一个应报的是2026年三季度")
