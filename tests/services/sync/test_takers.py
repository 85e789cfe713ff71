"""Values of JSON on their way into columns: what fits is taken as it is, what does not is refused in words."""

from datetime import date
from typing import Any, get_type_hints

import pytest
from sqlalchemy import Boolean, Column, Date, Float, Integer, String, Table
from sqlalchemy.types import TypeEngine

from desktop.models.attachments import Attachment
from desktop.models.base import LONGEST_TEXT, Base
from desktop.models.base import plain as plain_line
from desktop.models.duties import DutyItem, DutyList
from desktop.models.improvement import PdcaPlan
from desktop.models.meetings import AgendaItem, Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.sync.takers import MOST_LINES, Taker, Unfit, take_as_was, taker_of


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
        (Integer(), 0, 0),
        (Integer(), 1_000_000, 1_000_000),
        (String(36), "0197c0de-0000-7000-8000-000000000001", "0197c0de-0000-7000-8000-000000000001"),
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
        (Integer(), -5, "须在0至1000000之间"),
        (Integer(), 1 << 62, "须在0至1000000之间"),
        (Integer(), 1.0, "不是整数"),
        (Float(), True, "不是数值"),
        (Float(), "1", "不是数值"),
        (Float(), float("nan"), "不是数值"),
        (Float(), -1e15, "过大"),
        (Float(), float("inf"), "不是数值"),
        (Float(), 10**400, "不是数值"),
        (Boolean(), 1, "类型不对"),
        (Date(), "2026-02-30", "不是日期"),
        (Date(), "20260228", "不是日期"),
        (Date(), "0001-01-01", "须在1900年至2099年之间"),
        (Date(), "9999-12-31", "须在1900年至2099年之间"),
        (String(36), "nobody", "不是编号"),
        (String(36), "0197C0DE-0000-7000-8000-000000000001", "不是编号"),
        (String(), "\0", "无效字符"),
        (String(), "长" * (LONGEST_TEXT + 1), "超过"),
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
    later = {"tag": "first_topic", "source": "原文", "leader": "张三", "form": "领读", "measures": "落实"}
    assert agenda([{**item, **later}]) == (AgendaItem("议题", "内容", "同意", **later),)
    for bad in ([{"title": "议题"}], [{**item, "more": 1}], {"title": "x"}, ["x"]):
        with pytest.raises(Unfit):
            agenda(bad)


@pytest.mark.parametrize(
    ("model", "column", "fit", "unfit"),
    [
        (Meeting, "for_year", [1900, 2026], [0, 20260, 1 << 62]),
        (Meeting, "started_at", ["09:30", "23:59"], ["", "24:00", "9:30", "09：30"]),
        (Meeting, "created_at_utc", ["2026-03-01T08:00:00Z"], ["", "2026-02-30", "9999-12-31T00:00:00Z", "昨天"]),
        (Attachment, "name", ["签到表.pdf"], ["../../etc/x", "C:\\x.exe", "CON", "a\u202eb", "a\0", "a\nb", "..", ""]),
        (Attachment, "size_bytes", [1, 200 << 20], [-5, 0, (200 << 20) + 1]),
        (Attachment, "sha256", ["a" * 64], ["", "A" * 64, "a" * 63]),
        (PdcaPlan, "source_period", ["2026", "2026Q3"], ["2026Q5", "上季度"]),
        (Member, "dues_base_fen", [0, 415_050], [-1, 10**12]),
    ],
)
def test_what_a_column_is_said_to_hold_bounds_it(
    model: type[Base], column: str, fit: list[object], unfit: list[object]
) -> None:
    take = of_model(model, column)
    for value in fit:
        assert take(value) == value
    for value in unfit:
        with pytest.raises(Unfit):
            take(value)


def test_days_and_numbers_inside_lines_and_free_values_are_bounded_too() -> None:
    with pytest.raises(Unfit, match="1900年"):
        of_model(DutyList, "items")([{**plain_line(DutyItem()), "due_on": "0001-01-01"}])
    assert of_model(PdcaPlan, "before")({"rate": 0.5}) == {"rate": 0.5}
    for bad in ({"rate": 10**400}, {"rate": float("nan")}, {"\0": 1}):
        with pytest.raises(Unfit):
            of_model(PdcaPlan, "before")(bad)
    with pytest.raises(Unfit, match="项"):
        of_model(Meeting, "tags")(["x"] * (MOST_LINES + 1))


def test_days_of_a_former_revision_are_read_as_days() -> None:
    assert take_as_was(Date(), "2026-02-28") == date(2026, 2, 28)
    assert take_as_was(Date(), None) is None
    assert take_as_was(String(3), "anything") == "anything"
