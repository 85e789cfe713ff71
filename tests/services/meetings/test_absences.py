"""Absent people in one cell: what people write is understood, and what is written reads back."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.meetings import sheet
from desktop.services.meetings.absences import NamedAbsence, clean_reason, read_absences, write_absences
from tests.services.meetings.texts import DAYS, TEXTS

NAMESAKES = {("张伟", "1234"), ("张伟", "123X"), ("张伟", "ab12")}


def read(cell: str) -> tuple[NamedAbsence, ...]:
    """Read a cell by a roster on which several people are called 张伟."""
    return read_absences(cell, sheet.ABSENCES, lambda name, digits: (name, digits) in NAMESAKES)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("张三（病假）；李四（公差）", (NamedAbsence("张三", "病假"), NamedAbsence("李四", "公差"))),
        ("张三(病假)、李四", (NamedAbsence("张三", "病假"), NamedAbsence("李四"))),
        (
            "张三：病假，李四：公差、出差",
            (NamedAbsence("张三", "病假"), NamedAbsence("李四", "公差"), NamedAbsence("出差")),
        ),
        ("张三（病假，2026-03-20补课）", (NamedAbsence("张三", "病假", date(2026, 3, 20)),)),
        ("张三（2026年3月20日补课）", (NamedAbsence("张三", "", date(2026, 3, 20)),)),
        ("张三（病假；住院）\n李四", (NamedAbsence("张三", "病假；住院"), NamedAbsence("李四"))),
        ("张伟（1234）（病假）", (NamedAbsence("张伟（1234）", "病假"),)),
        ("张伟（123X）", (NamedAbsence("张伟（123X）"),)),
        ("张三（病假（住院））；李四", (NamedAbsence("张三", "病假（住院）"), NamedAbsence("李四"))),
        ("张三（均值班）", (NamedAbsence("张三", "均值班"),)),
        ("张三:值班（夜：1）", (NamedAbsence("张三", "值班（夜：1）"),)),
        ("张三（事由：0000）", (NamedAbsence("张三", "0000"),)),
        ("张三（事由：1234，2026-03-20补课）", (NamedAbsence("张三", "1234", date(2026, 3, 20)),)),
        ("无", ()),
        ("全勤", ()),
    ],
)
def test_absent_people_in_one_cell(cell: str, found: tuple[NamedAbsence, ...]) -> None:
    assert read(cell) == found
    assert read(write_absences(found)) == found


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("李四、周五（均病假）", "“周五（均病假）”中“均”指哪几人不清楚，请逐人注明原因"),
        ("张三（0000）", "名册上没有身份证后四位是“0000”的“张三”；如果是缺席原因，请写成“事由：0000”"),
        ("张伟（9999）（病假）", "名册上没有身份证后四位是“9999”的“张伟”"),
        ("张三（2026-02-30补课）", "没有这一天"),
    ],
)
def test_what_is_not_certain_is_refused(cell: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(cell)
    assert (refused.value.name, refused.value.reason) == ("absences", reason)


NAMES = st.sampled_from(["张三", "李四", "张伟（1234）", "张伟（ab12）"])


@example([NamedAbsence("张三", "0000")])
@example([NamedAbsence("张三"), NamedAbsence("李四", "均值班")])
@example([NamedAbsence("张三", "2026-1-1补课")])
@example([NamedAbsence("张三", "2026补学。", date(2026, 1, 1))])
@example([NamedAbsence("张三", "，", date(2026, 1, 1))])
@example([NamedAbsence("张三", "事由：病假")])
@example([NamedAbsence("张伟（1234）", "1234")])
@example([NamedAbsence("张三", "0 ) 0")])
@given(st.lists(st.builds(NamedAbsence, NAMES, TEXTS, DAYS)))
def test_absences_always_read_back(absences: list[NamedAbsence]) -> None:
    cleaned = [NamedAbsence(gone.name, clean_reason(gone.reason), gone.make_up_on) for gone in absences]
    assert list(read(write_absences(absences))) == cleaned
    assert write_absences(cleaned) == write_absences(absences)
