"""Penalties and vetoes."""

from decimal import Decimal

import pytest

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
