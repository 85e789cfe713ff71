"""What is written as TOML is read back as it was."""

import tomllib
from datetime import date
from decimal import Decimal

import pytest

from desktop.paths import resource
from desktop.services.toml_writing import toml_of


@pytest.mark.parametrize("name", ["branch_standard", "party_rules", "horse_race", "member_points", "codes"])
def test_a_standards_file_is_written_as_it_was_read(name: str) -> None:
    tree = tomllib.loads(resource(f"standards/{name}.toml").read_text("utf-8"), parse_float=Decimal)
    assert tomllib.loads(toml_of(tree), parse_float=Decimal) == tree


def test_every_kind_of_value_keeps_its_kind() -> None:
    tree = {
        "text": '引号"、反斜杠\\、\n换行、\x7f',
        "whole": 3,
        "exact": Decimal("0.30"),
        "yes": True,
        "on": date(2027, 1, 1),
        "none": [],
        "称职": {"甲 乙": 1},
        "rows": [{"id": "a", "rule": {"kind": "x", "rules": [{"n": 1}]}, "texts": ["一", "二"]}],
    }
    written = toml_of(tree)
    assert tomllib.loads(written, parse_float=Decimal) == tree
    assert 'rule = { kind = "x", rules = [{ n = 1 }] }' in written


def test_what_toml_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError):
        toml_of({"x": None})
