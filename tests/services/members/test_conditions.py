"""Circumstances that hold from a day to a day."""

from datetime import date

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
