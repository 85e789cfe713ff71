"""How results move over quarters, how groups compare, and the explanation of a result on paper."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.models.race import RaceResult
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RaceClass
from desktop.services.archive.race_explained import ExplanationPapers
from desktop.services.errors import NotFound
from desktop.services.race.inputs import InputService
from desktop.services.race.rows import QuarterView
from desktop.services.race.scheme import default_scheme
from desktop.services.race.service import RaceService
from desktop.services.race.trend import TrendService, group_figures
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.race.typed import figures, ids, refused
from tests.stores import clock_at


def run(store: Store, race: RaceService, period: str) -> None:
    """Score and publish a period of three branches."""
    for code, share in (("XC", "0.9"), ("SQ", "0.8"), ("LY", "0.7")):
        InputService(store).set_inputs(period, figures(ids(race)[code], share))
    race.score(period)
    race.publish(period)


@pytest.fixture
def year(store: Store, race: RaceService) -> RaceService:
    """A whole year: three quarters as they came back from headquarters, the fourth and the year scored here."""
    store.clock = clock_at("2027-01-12 09:00")
    for branch in ids(race).values():
        RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
    run(store, race, "2026Q4")
    with store.unit_of_work("前三季度", Act.EXCHANGE) as session:
        last = session.query(RaceResult).all()
        for number in (1, 2, 3):
            for result in last:
                session.add(
                    RaceResult(
                        branch_id=result.branch_id, period=f"2026Q{number}", scheme_version="2026.1",
                        group=result.group, group_size=3, total_hundredths=7000 + number * 100, rank=1,
                        race_class=RaceClass.MIDDLE, published_on=date(2026, number * 3, 20), detail=result.detail,
                    )
                )  # fmt: skip
    run(store, race, "2026")
    return race


def words(path: Path) -> str:
    return text_of(path).replace("\n", "").replace(" ", "")


def test_a_branch_is_followed_over_its_quarters_with_the_mean_of_its_group(store: Store, year: RaceService) -> None:
    branch = ids(year)["SQ"]
    trend = TrendService(store).trend(branch)
    assert [point.period for point in trend] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [point.total for point in trend[:3]] == [Decimal(71), Decimal(72), Decimal(73)]
    assert trend[0].group_mean == 71
    assert dict(trend[-1].shares)["党员积分水平"] == Decimal("80.0")
    (group,) = TrendService(store).groups("2026Q4")
    assert (group.size, group.ranked) == (3, 3)
    assert group.best is not None
    assert group.mean is not None
    assert group.least is not None
    assert group.best > group.mean > group.least
    assert sum(number for _, _, number in group.classes) == 3
    assert dict(group.shares)["党员积分水平"] == Decimal("80.0")


def test_groups_stand_in_the_order_of_the_scheme_and_classes_best_first(store: Store, year: RaceService) -> None:
    row = year.race("2026Q4").rows[0]
    order = [group.id for group in default_scheme().groups]
    classes = ("unclassed", "lagging", "advanced", "middle")
    rows = [replace(row, group=group, class_id=each, class_name=each) for group in sorted(order) for each in classes]
    found = group_figures([*rows, replace(row, group="a-former-one")], order)
    assert [group.id for group in found] == [*order, "a-former-one"]
    assert [each for each, _, _ in found[0].classes] == ["advanced", "middle", "lagging", "unclassed"]


def test_the_year_says_its_quarters_and_the_shares_of_the_scheme(
    store: Store, year: RaceService, tmp_path: Path
) -> None:
    row = next(row for row in year.race("2026").rows if row.code == "SQ")
    assert row.year is not None
    scheme = default_scheme()
    assert (row.year.quarters_share, row.year.year_end_share) == (scheme.quarters_share, scheme.year_end_share)
    assert row.year.quarters[:2] == (QuarterView("2026Q1", Decimal(71)), QuarterView("2026Q2", Decimal(72)))
    assert row.year.mean is not None
    assert row.year.year_end is not None
    total = row.year.mean * scheme.quarters_share + row.year.year_end * scheme.year_end_share
    assert row.total is not None
    assert abs(row.total - total) < Decimal("0.02")
    ExplanationPapers(store).explanation("2026", tmp_path / "年度.pdf", row.branch_id)
    said = words(tmp_path / "年度.pdf")
    assert f"四季度均分{row.year.mean}{scheme.quarters_share * 100:.0f}%" in said
    assert f"年终评{row.year.year_end}{scheme.year_end_share * 100:.0f}%" in said


def test_the_explanation_names_every_figure_with_its_ground(store: Store, year: RaceService, tmp_path: Path) -> None:
    papers = ExplanationPapers(store)
    papers.explanation("2026Q4", tmp_path / "一.pdf", ids(year)["SQ"])
    said = words(tmp_path / "一.pdf")
    row = next(row for row in year.race("2026Q4").rows if row.code == "SQ")
    for indicator in row.indicators:
        for part in indicator.parts:
            assert f"{part.id}" in said
    assert "9月报表" in said
    assert "50为0分，100为满分" in said, "how the value became points is told, not only what it rests on"
    assert "历季走势" in said
    assert "和本组比较" in said
    assert "标准化建设得分到条目" in said
    assert "没有得满的条目如下" in said
    assert papers.explanation("2026Q4", tmp_path / "全.pdf").pages >= 3
    papers.groups("2026Q4", tmp_path / "组.pdf")
    assert "各项指标平均得分率" in words(tmp_path / "组.pdf")
    assert refused(papers.groups, "2025Q4", tmp_path / "x.pdf")[0] == "评比周期"
    with pytest.raises(NotFound):
        papers.explanation("2026Q4", tmp_path / "x.pdf", "nobody")
