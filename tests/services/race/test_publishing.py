"""Publishing: nothing goes out that anything known since the scoring would change."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from desktop.models.race import RaceResult
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RacePeriodState
from desktop.models.vocabulary.stores import PartnerState
from desktop.paths import resource
from desktop.services.race.inputs import InputService
from desktop.services.race.marks import MarkService
from desktop.services.race.service import RaceService
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.race.typed import figures, ids, plan, refused, scored_by_an_older_program


def _figure(store: Store, branch: str) -> None:
    InputService(store).set_inputs("2026Q3", figures(branch, "1", ["H2"]))


def _no_figure(store: Store, branch: str) -> None:
    InputService(store).clear_input("2026Q3", branch, "H7")


def _penalty(store: Store, branch: str) -> None:
    MarkService(store).add("2026Q3", branch, "P-01", "市纪决〔2026〕5号")


def _veto(store: Store, branch: str) -> None:
    MarkService(store).add("2026Q3", branch, "V-01", "市纪决〔2026〕6号")


def _rating(store: Store, branch: str) -> None:
    RatingService(store).unrate("D4-10", 0, branch_id=branch, year=2026)


def _package(store: Store, branch: str) -> None:
    with store.unit_of_work("收包") as session:
        session.add(
            ReceivedPackage(
                sender=branch, seq=1, package_hash="a" * 64, kind="report", period="2026Q3", header={}, accepted=True,
                code="OK", received_at_utc="2026-10-08T03:00:00Z", file_name="x.dzp",
            )
        )  # fmt: skip


def _records(store: Store, branch: str) -> None:
    plan(store, branch, date(2026, 7, 10), (date(2026, 9, 1), 10, 5))


def _newcomer(store: Store, branch: str) -> None:
    with store.unit_of_work("登记支部") as session:
        session.add(Partner(org="x" * 36, code="HY", name="淮阳区党支部", install="i", state=PartnerState.ACTIVE))


def _gone(store: Store, branch: str) -> None:
    with store.unit_of_work("停用登记") as session:
        session.query(Partner).filter_by(org=branch).one().state = PartnerState.REVOKED


def _edition(store: Store, branch: str) -> None:
    text = resource("standards/horse_race.toml").read_text("utf-8")
    newer = re.sub(r'^version = ".*"', 'version = "2026.90"', text, flags=re.MULTILINE)
    StandardService(store).add_edition(newer.replace("points = -5", "points = -6"), "horse_race.toml")


CHANGES = (_figure, _no_figure, _penalty, _veto, _rating, _package, _records, _newcomer, _gone, _edition)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_nothing_is_published_that_later_knowledge_changes(
    store: Store, race: RaceService, change: Callable[[Store, str], None]
) -> None:
    branch = ids(race)["XC"]
    InputService(store).set_inputs("2026Q3", figures(branch, "0.9"))
    RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
    race.score("2026Q3")
    change(store, branch)
    assert refused(race.publish, "2026Q3")[1].startswith("计分以后数据有改动（涉及")
    race.score("2026Q3")
    assert race.publish("2026Q3").state is RacePeriodState.PUBLISHED


def test_what_an_older_program_scored_is_published_as_it_is(store: Store, race: RaceService) -> None:
    branch = ids(race)["XC"]
    InputService(store).set_inputs("2026Q3", figures(branch, "0.9"))
    race.score("2026Q3")
    scored_by_an_older_program(store)
    with store.unit_of_work("旧版本的说法", Act.EXCHANGE) as session:
        for result in session.scalars(select(RaceResult)):
            result.detail = {**result.detail, "reasons": ["总分高于某某分。"]}
    assert race.publish("2026Q3").state is RacePeriodState.PUBLISHED


def test_later_knowledge_changes_also_what_an_older_program_scored(store: Store, race: RaceService) -> None:
    branch = ids(race)["XC"]
    InputService(store).set_inputs("2026Q3", figures(branch, "0.9"))
    race.score("2026Q3")
    scored_by_an_older_program(store)
    _no_figure(store, branch)
    assert refused(race.publish, "2026Q3")[1].startswith("计分以后数据有改动（涉及")


def test_a_class_asks_nothing_of_a_branch_before_it_is_published(store: Store, race: RaceService) -> None:
    """Else scoring would change what it was scored by, and nothing could be published."""
    branch = ids(race)["XC"]
    InputService(store).set_inputs("2026Q3", figures(branch, "0.2"))
    RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
    race.score("2026Q3")
    assert StandardService(store).facts(2026, branch_id=branch).classes == ()
    race.publish("2026Q3")
    known = StandardService(store).facts(2026, branch_id=branch).classes
    assert [(fact.race_class, fact.received_on) for fact in known] == [("lagging", date(2026, 10, 12))]
