"""Penalties and vetoes."""

from decimal import Decimal

import pytest

from desktop.models.base import LONGEST_TEXT
from desktop.services.errors import NotFound
from desktop.services.race.marks import MarkService
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from tests.services.race.typed import ids, refused


def test_penalties_and_vetoes_need_a_ground(store: Store, race: RaceService) -> None:
    branch = ids(race)["SQ"]
    assert refused(MarkService(store).add, "2026Q3", branch, "P-09", "x") == ("事项", "方案里没有这一项")
    assert refused(MarkService(store).add, "2026Q3", branch, "P-01", " ")[0] == "依据"
    assert refused(MarkService(store).add, "2026Q3", branch, "P-01", "x", 0)[0] == "数量"
    assert refused(MarkService(store).add, "2026Q3", "nobody", "P-01", "x")[0] == "支部"
    penalty = MarkService(store).add("2026Q3", branch, "P-02", "市局督办单第3号", 2)
    MarkService(store).add("2026Q3", branch, "V-01", "市纪决〔2026〕5号")
    rows = MarkService(store).marks("2026Q3")
    assert [(row.rule_id, row.veto, row.count, row.unit, row.code) for row in rows] == [
        ("P-02", False, 2, "件", "SQ"), ("V-01", True, 1, "", "SQ"),
    ]  # fmt: skip
    result = next(row for row in race.race("2026Q3").rows if row.code == "SQ")
    assert [(p.id, p.points, p.ground) for p in result.penalties] == [("P-02", Decimal(-4), "市局督办单第3号")]
    assert [(v.id, v.ground) for v in result.vetoes] == [("V-01", "市纪决〔2026〕5号")]
    MarkService(store).remove(penalty)
    assert [row.rule_id for row in MarkService(store).marks("2026Q3")] == ["V-01"]
    with pytest.raises(NotFound):
        MarkService(store).remove(penalty)


def test_grounds_that_together_are_too_long_for_a_result_are_counted_and_the_result_can_be_sent(
    store: Store, race: RaceService
) -> None:
    branch = ids(race)["SQ"]
    MarkService(store).add("2026Q3", branch, "P-02", "市局督办单第1号")
    for _ in range(2):
        MarkService(store).add("2026Q3", branch, "P-02", "长" * (LONGEST_TEXT - 100))
    result = next(row for row in race.race("2026Q3").rows if row.code == "SQ")
    (penalty,) = result.penalties
    assert (penalty.cases, len(penalty.ground) <= LONGEST_TEXT) == (3, True)
    assert penalty.ground.startswith("市局督办单第1号；长长")
    assert penalty.ground.endswith("；另有1条依据太长，没有列出，见扣分和否决登记")
