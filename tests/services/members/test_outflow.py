"""Who lives elsewhere, as the list that is handed up has it: by the day of leaving, with the last contact."""

from datetime import date

from desktop.models.vocabulary.branches import ConditionKind
from desktop.services.members import ConditionService, MemberService
from desktop.services.members.outflow import HEADS, outflow
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI


def test_members_who_live_elsewhere_are_listed_with_where_and_when_they_were_last_spoken_to(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    gao, li = members.register(GAO), members.register(LI)
    conditions.save(li, ConditionKind.MOBILE, date(2026, 3, 1), None, place="郑州", reason="务工")
    conditions.save(gao, ConditionKind.MOBILE, date(2025, 5, 1), None, place="上海")
    RegisterService(store).save("mobile_contact", {"title": "电话", "event_on": "2026-09-03", "member_id": li})
    rows = [dict(zip(HEADS, row, strict=True)) for row in outflow(store)]
    assert [row["姓名"] for row in rows] == ["高红卫", "李晓燕"]
    assert (rows[1]["外出地点"], rows[1]["流出原因"], rows[1]["最近联系"]) == ("郑州", "务工", "2026-09-03")
    assert rows[0]["最近联系"] == ""
    assert outflow(store, date(2025, 1, 1)) == []
