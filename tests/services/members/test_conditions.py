"""Circumstances that hold from a day to a day."""

from datetime import date
from typing import Any

import pytest

from desktop.models.vocabulary.branches import ConditionKind
from desktop.services.errors import InvalidInput
from desktop.services.members import ConditionService, MemberService
from tests.services.members.people import GAO


def test_circumstances_may_not_overlap(members: MemberService, conditions: ConditionService) -> None:
    member_id = members.register(GAO)
    first = conditions.save(member_id, ConditionKind.MOBILE, date(2026, 1, 1), date(2026, 6, 30), place="郑州")
    with pytest.raises(InvalidInput, match="时间重叠"):
        conditions.save(member_id, ConditionKind.MOBILE, date(2026, 6, 30))
    with pytest.raises(InvalidInput, match="早于起始日期"):
        conditions.save(member_id, ConditionKind.MOBILE, date(2026, 8, 1), date(2026, 7, 1))
    conditions.save(member_id, ConditionKind.MOBILE, date(2026, 1, 1), date(2026, 6, 1), condition_id=first)
    assert [(condition.to_on, condition.place) for condition in conditions.conditions(member_id)] == [
        (date(2026, 6, 1), "")
    ]
    conditions.remove(first)
    assert conditions.conditions(member_id) == []


@pytest.mark.parametrize(
    ("kind", "values", "reason"),
    [
        (ConditionKind.LOST_CONTACT, {"from_on": None}, "“失去联系”的期限从这一天算起，不能为空"),
        (ConditionKind.LOST_CONTACT, {"from_on": date(2026, 12, 1)}, "在今天之后"),
        (
            ConditionKind.CORRECTION,
            {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 1), "reason": "3号"},
            "有了结论再填",
        ),
        (ConditionKind.CORRECTION, {"from_on": date(2026, 1, 1)}, "限期改正须写明批准文件的文号"),
        (
            ConditionKind.CORRECTION,
            {"from_on": date(2025, 1, 1), "to_on": date(2026, 1, 2), "reason": "3号"},
            "不超过12个月",
        ),
    ],
)
def test_circumstances_whose_days_are_counted_have_days_to_count(
    members: MemberService, conditions: ConditionService, kind: ConditionKind, values: dict[str, Any], reason: str
) -> None:
    member_id = members.register(GAO)
    with pytest.raises(InvalidInput, match=reason):
        conditions.save(member_id, kind, **values)
    assert conditions.conditions(member_id) == []
