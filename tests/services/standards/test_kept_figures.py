"""The scores of branches at headquarters are kept, and reckoned anew once anything they rest on has changed."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.race import RacePeriod, RaceResult
from desktop.models.standards import GateFinding, StandardPack, VerifiedRating
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RaceClass, RacePeriodState
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.headquarters import HeadquartersService
from desktop.services.standards import kept_figures
from desktop.services.standards.kept_figures import FIGURES, KeptFigures, StandardFigure, race_days
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import add_member
from tests.services.sync.parties import AT, enrol, make
from tests.stores import copied

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    with (
        make(folder / "headquarters", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(folder / "branch", name="云河县站党支部") as branch,
    ):
        enrol(headquarters, branch, "ZK01", "云河县站党支部", folder / "keys")
        add_member(branch, "张伟")
        (folder / "stick").mkdir()
        Receiver(headquarters).receive([Sender(branch).pack(folder / "stick").file])
    return folder


@pytest.fixture
def made(template: Path, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    with (
        copied(template / "headquarters", tmp_path / "headquarters", AT) as headquarters,
        copied(template / "branch", tmp_path / "branch", AT) as branch,
    ):
        yield headquarters, branch


def kept(store: Store) -> list[tuple[str, date, bool]]:
    with store.reading() as session:
        rows = session.execute(select(FIGURES.c.branch_id, FIGURES.c.scored_on, FIGURES.c.verified))
        return sorted((row[0], row[1], row[2]) for row in rows)


def holds(store: Store, branch: Store, on: date = TODAY) -> bool:
    """Tell whether the figure is read and not reckoned."""
    figures = KeptFigures(store, on)
    figures.figure(branch.org)
    reckoned = bool(figures._new)
    figures.keep()
    return not reckoned


def test_the_scores_of_a_branch_are_kept_when_its_package_came_in(made: tuple[Store, Store]) -> None:
    headquarters, branch = made
    ends = [(branch.org, date(2025, 12, 31), True), (branch.org, date(2026, 3, 31), True)]
    assert kept(headquarters) == sorted([(branch.org, TODAY, False), (branch.org, TODAY, True), *ends])
    assert holds(headquarters, branch)
    for _org, day, verified in kept(headquarters):
        figures = KeptFigures(headquarters, day)
        assert figures.knows(branch.org, verified=verified)
        reckoned = kept_figures.standard_figure(headquarters, branch.org, day, verified=verified)
        assert figures.figure(branch.org, verified=verified) == reckoned
        assert isinstance(reckoned, StandardFigure)
        assert reckoned.pending > Decimal(0)


def test_a_race_is_asked_for_the_quarters_whose_result_is_not_out(made: tuple[Store, Store]) -> None:
    headquarters, _branch = made
    with headquarters.sessions() as session:  # closed without a commit
        for period, state in (("2026Q1", RacePeriodState.FINAL), ("2026Q2", RacePeriodState.SCORED)):
            session.add(RacePeriod(period=period, state=state, scheme_version="2026.1"))
        session.flush()
        assert race_days(session, date(2026, 7, 2)) == [date(2026, 6, 30), date(2026, 9, 30)]
        assert race_days(session, date(2027, 1, 2)) == [date(2026, 12, 31), date(2027, 3, 31)]


def test_another_day_is_reckoned_once(made: tuple[Store, Store]) -> None:
    headquarters, branch = made
    assert not holds(headquarters, branch, date(2026, 2, 15))
    assert holds(headquarters, branch, date(2026, 2, 15))
    assert holds(headquarters, branch)


def test_a_year_that_ended_is_reckoned_for_the_overview_though_the_race_asked_for_its_verified_score_before(
    made: tuple[Store, Store],
) -> None:
    headquarters, branch = made
    assert (branch.org, date(2025, 12, 31), False) not in kept(headquarters), "the race asks for the verified one alone"
    service = HeadquartersService(headquarters)
    assert [row.to_reckon for row in service.overview(2025, at_once=True)] == [True]
    service.reckon([branch.org], 2025)
    (seen,) = service.overview(2025, at_once=True)
    assert (seen.to_reckon, seen.scored_on) == (False, date(2025, 12, 31))


def rating(store: Store, branch: Store) -> None:
    with store.unit_of_work("评定", Act.EXCHANGE) as session:
        taken = len(session.scalars(select(VerifiedRating)).all())
        session.add(
            VerifiedRating(
                branch_id=branch.org,
                year=2026,
                item_id="D2-03",
                criterion=taken,
                value_hundredths=300,
                ground="台账",
                rated_on=TODAY,
            )
        )


def rating_changed(store: Store, branch: Store) -> None:
    rating(store, branch)
    assert not holds(store, branch)
    with store.unit_of_work("评定", Act.EXCHANGE) as session:
        session.scalars(select(VerifiedRating)).all()[-1].value_hundredths = 200


def finding(store: Store, branch: Store) -> None:
    with store.unit_of_work("认定", Act.EXCHANGE) as session:
        session.add(GateFinding(branch_id=branch.org, year=2026, gate_id="fabrication", ground="抽查", found_on=TODAY))


def race_class(store: Store, branch: Store) -> None:
    with store.unit_of_work("定类", Act.EXCHANGE) as session:
        session.add(
            RaceResult(
                branch_id=branch.org,
                period="2025Q4",
                scheme_version="2026.1",
                group="mixed",
                group_size=5,
                race_class=RaceClass.LAGGING,
                published_on=TODAY,
                detail={},
            )
        )


def edition(store: Store, _branch: Store) -> None:
    with store.unit_of_work("换版", Act.EXCHANGE) as session:
        row = session.scalars(select(StandardPack).where(StandardPack.kind == "branch-standard")).one()
        row.text = row.text + "# 改\n"


def package(store: Store, branch: Store) -> None:
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        session.add(
            ReceivedPackage(
                sender=branch.org, seq=9, package_hash="9" * 64, kind="report", header={}, accepted=True, code="OK",
                received_at_utc="2026-03-01T03:00:00Z", file_name="x.dzp",
            )
        )  # fmt: skip


@pytest.mark.parametrize("change", [rating, rating_changed, finding, race_class, edition, package])
def test_what_a_score_rests_on_makes_it_new(made: tuple[Store, Store], change: Callable[[Store, Store], None]) -> None:
    headquarters, branch = made
    assert holds(headquarters, branch)
    change(headquarters, branch)
    assert not holds(headquarters, branch)
    assert holds(headquarters, branch)


def test_only_the_last_days_are_kept(made: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    headquarters, branch = made
    monkeypatch.setattr(kept_figures, "DAYS", 2)
    for day in (10, 11, 12):
        holds(headquarters, branch, date(2026, 2, day))
    holds(headquarters, branch)
    days = {on for _branch, on, _verified in kept(headquarters)} - {date(2025, 12, 31), date(2026, 3, 31)}
    assert len(days) == 2
    assert TODAY in days


def test_ends_of_quarters_stay_beside_the_last_days(made: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    headquarters, branch = made
    monkeypatch.setattr(kept_figures, "DAYS", 1)
    end = date(2025, 12, 31)
    for day in (end, date(2026, 2, 13), date(2026, 2, 14)):
        holds(headquarters, branch, day)
    assert end in {on for _branch, on, _verified in kept(headquarters)}


def test_the_score_of_an_earlier_day_is_at_hand_while_it_rests_on_the_same(made: tuple[Store, Store]) -> None:
    headquarters, branch = made
    holds(headquarters, branch)
    tomorrow = date(2026, 3, 2)
    known = KeptFigures(headquarters, tomorrow).latest(branch.org)
    assert known is not None
    assert known.on == TODAY
    assert known.figure == KeptFigures(headquarters, TODAY).figure(branch.org)
    assert KeptFigures(headquarters, date(2027, 1, 1)).latest(branch.org) is None, "another year is another score"
    rating(headquarters, branch)
    assert KeptFigures(headquarters, tomorrow).latest(branch.org) is None
