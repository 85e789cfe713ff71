"""提升 > 计划: figures typed as people write them."""

import pytest

from desktop.services.errors import InvalidInput
from desktop.ui.improvement.forms import BASE, parse_number


@pytest.mark.parametrize(
    ("words", "number"), [("85", 85.0), ("９２．５", 92.5), ("92.5%", 92.5), ("92.5％", 92.5), ("", None)]
)
def test_figures_are_read_as_people_write_them(words: str, number: float | None) -> None:
    assert parse_number(words, BASE) == number


@pytest.mark.parametrize("words", ["很多", "nan", "inf", "%"])
def test_what_is_no_number_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput, match="应为数字"):
        parse_number(words, BASE)
