"""Values of JSON on their way into columns: what fits is taken as it is, what does not is refused in words."""

from datetime import date
from typing import Any, get_type_hints

import pytest
from sqlalchemy import Boolean, Column, Date, Float, Integer, String, Table
from sqlalchemy.types import TypeEngine

from desktop.models.base import Base
from desktop.models.meetings import AgendaItem, Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.sync.takers import Taker, Unfit, take_as_was, taker_of


def plain(kind: TypeEngine[Any], nullable: bool = False) -> Taker:
    return taker_of(Column("x", kind, nullable=nullable), object)


def of_model(model: type[Base], name: str) -> Taker:
    table = model.__table__
    assert isinstance(table, Table)
    return taker_of(table.c[name], get_type_hints(model)[name])


@pytest.mark.parametrize(
    ("kind", "value", "taken"),
    [
        (String(3), "王芳", "王芳"),
        (String(3), "", ""),
        (Integer(), -(1 << 63), -(1 << 63)),
        (Float(), 12.5, 12.5),
        (Float(), 3, 3.0),
        (Boolean(), True, True),
        (Date(), "2026-02-28", date(2026, 2, 28)),
    ],
)
def test_what_fits_is_taken(kind: TypeEngine[Any], value: object, taken: object) -> None:
    assert plain(kind)(value) == taken


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (String(3), "四个字了", "超过3字"),
        (String(3), 5, "类型不对"),
        (String(3), "\ud800", "无效字符"),
        (Integer(), True, "不是整数"),
        (Integer(), 1 << 63, "不是整数"),
        (Integer(), 1.0, "不是整数"),
        (Float(), True, "不是数值"),
        (Float(), "1", "不是数值"),
        (Float(), float("nan"), "不是数值"),
        (Float(), float("inf"), "不是数值"),
        (Float(), 10**400, "不是数值"),
        (Boolean(), 1, "类型不对"),
        (Date(), "2026-02-30", "不是日期"),
        (Date(), "20260228", "不是日期"),
        (String(3), None, "不能为空"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(kind: TypeEngine[Any], value: object, words: str) -> None:
    with pytest.raises(Unfit, match=words):
        plain(kind)(value)


def test_nothing_is_taken_where_the_column_may_be_empty() -> None:
    assert plain(Date(), nullable=True)(None) is None


def test_enumerations_lines_and_lists_are_taken_by_the_model() -> None:
    status = of_model(Member, "status")
    assert status(MemberStatus.FULL_MEMBER.value) is MemberStatus.FULL_MEMBER
    with pytest.raises(Unfit, match="可选范围"):
        status("king")
    agenda = of_model(Meeting, "agenda")
    item = {"title": "议题", "content": "内容", "resolution": "同意"}
    assert agenda([item]) == (AgendaItem("议题", "内容", "同意"),)
    for bad in ([{"title": "议题"}], [{**item, "more": 1}], {"title": "x"}, ["x"]):
        with pytest.raises(Unfit):
            agenda(bad)


def test_days_of_a_former_revision_are_read_as_days() -> None:
    assert take_as_was(Date(), "2026-02-28") == date(2026, 2, 28)
    assert take_as_was(Date(), None) is None
    assert take_as_was(String(3), "anything") == "anything"
