"""Names with numbers are sorted as people count."""

import random

import pytest

from desktop.services.ordinals import by_number


@pytest.mark.parametrize(
    "names",
    [
        [
            "第一党小组",
            "第二党小组",
            "第三党小组",
            "第四党小组",
            "第九党小组",
            "第十党小组",
            "第十一党小组",
            "第二十党小组",
        ],
        ["第1党小组", "第2党小组", "第10党小组"],
        ["一组", "二组", "三组", "十二组"],
        ["第一党小组", "第2党小组", "第三党小组"],
    ],
)
def test_names_stand_by_their_numbers(names: list[str]) -> None:
    mixed = random.Random(1).sample(names, len(names))
    assert sorted(mixed, key=by_number) == names


def test_a_name_without_a_number_stays_as_it_is() -> None:
    assert by_number("一线服务队") == "一线服务队"
    assert by_number("机关党小组") == "机关党小组"
