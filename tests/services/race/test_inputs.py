"""The figures headquarters types."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from desktop.models.race import RaceInput
from desktop.services.race.inputs import InputService
from desktop.services.race.rows import TypedFigure
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from tests.services.race.typed import TYPED, figures, ids, refused


def test_typed_figures_are_kept_once(store: Store, race: RaceService) -> None:
    branch = ids(race)["XC"]
    typed = figures(branch, "0.9")
    assert InputService(store).set_inputs("2026Q3", typed) == (len(TYPED), 0, 0)
    assert InputService(store).set_inputs("2026Q3", typed) == (0, 0, len(TYPED))
    assert InputService(store).set_inputs("2026Q3", [replace(typed[0], value=Decimal("92.5"))]) == (0, 1, 0)
    cells = {c.part: c for c in InputService(store).inputs("2026Q3") if c.branch_id == branch}
    assert (cells["H2"].value, cells["H2"].automatic, cells["H4"].wants_samples) == (Decimal("92.5"), False, 10)
    assert cells["H3-1"].value_text == "98%"
    InputService(store).clear_input("2026Q3", branch, "H2")
    assert {c.part: c.value for c in InputService(store).inputs("2026Q3") if c.branch_id == branch}["H2"] is None


def test_what_does_not_apply_is_not_missing_before_and_after_publishing(store: Store, race: RaceService) -> None:
    branches = ids(race)
    others = [part for part in TYPED if part not in ("H6", "H7")]
    for branch in branches.values():
        InputService(store).set_inputs("2026Q3", figures(branch, "0.9", others))

    def apart() -> dict[str, bool]:
        cells = InputService(store).inputs("2026Q3")
        return {c.part: c.not_applicable for c in cells if c.branch_id == branches["XC"] and c.value is None}

    before = apart()
    assert (before["H6"], before["H7"]) == (True, False)
    race.score("2026Q3")
    race.publish("2026Q3")
    assert apart() == before


@pytest.mark.parametrize(
    ("part", "value", "samples", "ground", "field", "reason"),
    [
        ("H9", "1", None, "x", "指标", "方案里没有这个指标，按编号填写，如H3-1"),
        ("H1", "90", None, "x", "指标", "标准化建设得分由考评得分计算，不能录入"),
        ("H3-1", "93", None, "x", "数值", "应为比例，写成0.93或93%"),
        ("H5", "4.5", None, "x", "数值", "评级在0到4之间"),
        ("H2", "-1", None, "x", "数值", "不能为负数"),
        ("H2", "5000", None, "x", "数值", "超出范围"),
        ("H4", "0.9", None, "x", "样本数", "这个指标要填样本数"),
        ("H5", "3", None, " ", "依据", "不能为空，写明数据出处"),
        ("H5", "3.1234567", None, "x", "数值", "最多六位小数"),
    ],
)
def test_a_figure_the_scheme_cannot_use_is_refused_and_nothing_kept(
    store: Store, race: RaceService, part: str, value: str, samples: int | None, ground: str, field: str, reason: str
) -> None:
    branch = ids(race)["XC"]
    good = TypedFigure(branch, "H5", Decimal(3), ground="考评组评定")
    bad = TypedFigure(branch, part, Decimal(value), samples, ground)
    assert refused(InputService(store).set_inputs, "2026Q3", [good, bad]) == (field, reason)
    with store.reading() as session:
        assert session.scalar(select(func.count(RaceInput.id))) == 0
