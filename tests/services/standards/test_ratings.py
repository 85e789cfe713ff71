"""Judgements of quality: kept, changed, taken back; headquarters beside the branch, never over it."""

from datetime import date
from fractions import Fraction

import pytest

from desktop.models.race import RacePeriod
from desktop.models.standards import SelfRating
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RacePeriodState
from desktop.services.errors import InvalidInput
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.score import half_up
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.standards.rosters import people
from tests.services.standards.samples import PACK


def points(level: int) -> int:
    """Return what a level is worth for the one criterion of D1-01."""
    return half_up(Fraction(PACK.item("D1-01").quality_weight * level, PACK.scoring.quality_scale_max))


def test_a_judgement_is_kept_changed_and_taken_back(store: Store) -> None:
    people(store)
    service, ratings = StandardService(store), RatingService(store)
    ratings.rate("D1-01", 0, level=3, ground="对照名册")
    assert service.score().item("D1-01").quality_points == points(3)
    ratings.rate("D1-01", 0, level=4, ground="看了台账")
    assert service.score().item("D1-01").quality_points == points(4)
    ratings.unrate("D1-01", 0)
    assert service.score().item("D1-01").quality_points is None
    ratings.rate("D1-01", 0, level="2", ground="看了台账")
    assert ratings.ratings(2026)[("D1-01", 0)].text == "2级 基本落实"


@pytest.mark.parametrize(
    ("item", "criterion", "reason"),
    [("D9-01", 0, "标准里没有“D9-01”"), ("D1-01", 1, "D1-01只有1条质量标准")],
)
def test_what_the_standard_does_not_have_cannot_be_rated(store: Store, item: str, criterion: int, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        RatingService(store).rate(item, criterion, level=3)


def test_headquarters_verifies_beside_the_self_score_never_over_it(headquarters: Store) -> None:
    service, ratings = StandardService(headquarters), RatingService(headquarters)
    branch = "01900000-0000-7000-8000-000000000001"
    with headquarters.unit_of_work("收包", Act.EXCHANGE) as session:
        session.add(
            SelfRating(
                branch_id=branch,
                year=2026,
                item_id="D1-01",
                criterion=0,
                value_hundredths=400,
                rated_on=date(2026, 10, 1),
                ground="自评",
            )
        )
    with pytest.raises(InvalidInput, match="请指明是哪个支部"):
        service.score()
    assert service.score(branch_id=branch).item("D1-01").quality_points is None
    ratings.rate("D1-01", 0, level=2, ground="抽查", branch_id=branch)
    assert service.score(branch_id=branch).item("D1-01").quality_points == points(2)
    assert service.score(branch_id=branch, verified=False).item("D1-01").quality_points == points(4)
    assert ratings.adopt(branch, "D1-01") == 1
    taken = ratings.ratings(2026, branch)[("D1-01", 0)]
    assert (taken.level_hundredths, taken.adopted) == (400, True)
    with pytest.raises(InvalidInput, match="支部还没有自评这一条"):
        ratings.adopt(branch, "D1-02")


def test_what_headquarters_has_not_judged_is_taken_over_in_one_go_and_nothing_else(headquarters: Store) -> None:
    ratings, branch = RatingService(headquarters), "01900000-0000-7000-8000-000000000001"
    with headquarters.unit_of_work("收包", Act.EXCHANGE) as session:
        for item, level in (("D1-01", 400), ("D2-03", 300)):
            session.add(
                SelfRating(
                    branch_id=branch,
                    year=2026,
                    item_id=item,
                    criterion=0,
                    value_hundredths=level,
                    rated_on=date(2026, 10, 1),
                    ground="自评",
                )
            )
    ratings.rate("D1-01", 0, level=2, ground="抽查", branch_id=branch)
    assert ratings.adopt_rest(branch) == 1
    kept = ratings.ratings(2026, branch)
    assert [(kept[key, 0].level_hundredths, kept[key, 0].adopted) for key in ("D1-01", "D2-03")] == [
        (200, False),
        (300, True),
    ]
    with pytest.raises(InvalidInput, match="没有还能采用的"):
        ratings.adopt_rest(branch)


def test_a_judgement_without_its_ground_is_refused_at_its_field(store: Store) -> None:
    for ground in ("", "  "):
        with pytest.raises(InvalidInput, match="不能为空") as refusal:
            RatingService(store).rate("D1-01", 0, level=3, ground=ground)
        assert refusal.value.name == "ground"


def test_a_judgement_holds_from_its_quarter_on_and_changes_none_before(headquarters: Store) -> None:
    ratings, service = RatingService(headquarters), StandardService(headquarters)
    branch = "01900000-0000-7000-8000-000000000001"

    def held(on: date) -> int | None:
        return service.score(on, 2026, branch_id=branch).item("D1-01").quality_points

    for period, level in ((None, 1), ("2026Q2", 2), ("2026Q4", 4)):
        ratings.rate("D1-01", 0, level=level, ground="看了原件", branch_id=branch, year=2026, period=period)
    assert [held(date(2026, month, 28)) for month in (3, 6, 9)] == [points(1), points(2), points(2)]
    assert held(date(2026, 10, 2)) == points(4)
    assert ratings.ratings(2026, branch, period="2026Q3")["D1-01", 0].period == "2026Q2"
    ratings.unrate("D1-01", 0, branch_id=branch, year=2026, period="2026Q2")
    assert held(date(2026, 9, 28)) == points(1)
    with pytest.raises(InvalidInput, match="不在2026年度里"):
        ratings.rate("D1-01", 0, level=1, ground="看了", branch_id=branch, year=2026, period="2025Q4")


def test_what_a_published_quarter_rests_on_is_not_judged_anew(headquarters: Store) -> None:
    with headquarters.unit_of_work("公布", Act.PUBLISH) as session:
        session.add(RacePeriod(period="2026Q3", state=RacePeriodState.PUBLISHED, scheme_version="1"))
    ratings, branch = RatingService(headquarters), "01900000-0000-7000-8000-000000000001"
    with pytest.raises(InvalidInput, match="2026年三季度结果已公布"):
        ratings.rate("D1-01", 0, level=1, ground="看了", branch_id=branch, year=2026, period="2026Q3")
    ratings.rate("D1-01", 0, level=1, ground="看了", branch_id=branch, year=2026, period="2026Q4")
