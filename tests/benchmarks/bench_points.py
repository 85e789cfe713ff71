"""How long the points of a year take: fifty members, ten years of records, meetings and dues in full."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.services.points.ledger import PointsService
from tests.benchmarks.bench_dues import keep_dues
from tests.benchmarks.bench_score import best, fill
from tests.stores import new_store

AIM_MS = 100


@pytest.mark.benchmark
def test_the_points_of_fifty_members_in_ten_years_stay_within_the_aim(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with new_store(tmp_path / "branch", at="2026-12-31 09:00") as store:
        fill(store, range(2017, 2027))
        keep_dues(store)
        service = PointsService(store)
        assert len(service.year(2026).members) == 50
        ours = best(lambda: service.year(2026))
    record_property("figure", ("points, ten years", f"{ours:.0f} ms", "", "", f"≤ {AIM_MS} ms"))
    assert ours <= AIM_MS
