"""Quality as people judge it: scales, surveys, and what is off them."""

from fractions import Fraction
from typing import Any

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.standards.quality import Rated, check
from tests.services.standards.samples import PACK, branch, scored

F = Fraction


@pytest.mark.parametrize(
    ("satisfied", "asked", "share"), [(18, 20, F(1)), (12, 20, F(0)), (15, 20, F(1, 2)), (0, 0, None)]
)
def test_a_survey_is_linear(satisfied: int, asked: int, share: Fraction | None) -> None:
    item = scored(branch(), {("D4-04", 0): Rated(satisfied=satisfied, asked=asked)}).item("D4-04")
    assert item.criteria[0].share == share


@pytest.mark.parametrize(
    ("item", "number", "values", "reason"),
    [
        ("D4-02", 0, {"level": 5}, "应在0至4级之间"),
        ("D4-02", 0, {"level": "-1"}, "应在0至4级之间"),
        ("D4-02", 0, {"level": "很好"}, "应为0至4级的数字"),
        ("D4-02", 0, {"level": "nan"}, "应为0至4级的数字"),
        ("D4-02", 0, {}, "应为0至4级"),
        ("D4-02", 0, {"satisfied": 3, "asked": 4}, "这一条按0至4级评定，不填测评人数"),
        ("D4-04", 0, {"level": 3}, "这一条是测评，应填满意人数和测评人数"),
        ("D4-04", 0, {"satisfied": 5, "asked": 4}, "应在0和测评人数之间"),
        ("D4-04", 0, {"satisfied": 0, "asked": 0}, "应大于0"),
        ("D4-04", 0, {"satisfied": 3}, "应同时填满意人数和测评人数"),
        ("D2-03", 1, {"level": 3}, "这一条由程序计算，不用评定"),
    ],
)
def test_a_judgement_off_its_scale_is_refused(item: str, number: int, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check(PACK.item(item).quality[number], 4, **values)
    assert caught.value.reason == reason
