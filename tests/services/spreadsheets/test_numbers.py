"""Numbers and amounts: exact, or refused by rule."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.numbers import parse_decimal, parse_integer, parse_money


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (4150.5, 415050),
        (10450, 1045000),
        ("3,000.00", 300000),
        ("￥3000元", 300000),
        ("２８６０", 286000),
        (0.1 + 0.2, 30),
        ("1.2万元", 1_200_000),
        ("约 3000 元整", 300_000),
        ("人民币：50元", 5000),
    ],
)
def test_money_is_exact(cell: object, fen: int) -> None:
    assert parse_money(cell) == fen


@pytest.mark.parametrize("cell", [-1, "3000.005", "三千", "1,00", 1e9, True])
def test_refused_amounts(cell: object) -> None:
    with pytest.raises(InvalidInput):
        parse_money(cell)


@given(st.integers(0, 99_999_999))
def test_money_survives_floats_and_text(fen: int) -> None:
    assert parse_money(fen / 100) == parse_money(f"{fen / 100:,.2f}") == parse_money(f"{fen / 100:.2f}元") == fen


def test_whole_numbers() -> None:
    assert [parse_integer(one) for one in (5, 5.0, "５", "5人", "5.0")] == [5, 5, 5, 5, 5]
    for cell, reason in [(5.5, "须为整数"), (-1, "须在0至1000000之间"), ("五", "不是数字")]:
        with pytest.raises(InvalidInput, match=reason):
            parse_integer(cell)


def test_units_are_passed_over() -> None:
    for cell in ("2小时", "2 课时", "2h", "2学时", "2天", "2㎡", "2 平方米", "2人次", "2条", "2%"):
        assert parse_decimal(cell) == 2, cell
    for cell in ("2公里", "2个人半", "小时"):
        with pytest.raises(InvalidInput):
            parse_decimal(cell)


def test_decimals() -> None:
    assert parse_decimal("12.50") == Decimal("12.5")
