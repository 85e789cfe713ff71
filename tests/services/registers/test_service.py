"""Declared registers: every row can be kept, listed, recycled, by the declaration alone."""

from datetime import date

import pytest
from sqlalchemy import select

from desktop.models.learning import HoursOfMember, Trainee
from desktop.models.registers import REGISTERS, StateChange
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.history import HistoryService
from desktop.services.registers import RegisterService
from desktop.services.registers.keeping import refuse
from desktop.services.store import Store


def someone(registers: RegisterService) -> tuple[str, str]:
    return registers.choices("commitment", "member_id")[0]


def test_a_row_says_itself_in_words(registers: RegisterService) -> None:
    member_id, name = someone(registers)
    made = registers.save(
        "volunteer_activity",
        {
            "event_on": "2026.3.5",
            "title": "学雷锋志愿服务",
            "hours": (HoursOfMember(member_id, 2.5),),
            "place": "中心广场",
        },
    )
    row = registers.row("volunteer_activity", made)
    assert row.on == date(2026, 3, 5)
    assert row.texts["hours"] == f"{name}，小时 2.5"
    assert (row.late, row.before_records) == (True, False)
    older = registers.save("volunteer_activity", {"event_on": "2025.12.5", "title": "清扫", "place": "中心广场"})
    row = registers.row("volunteer_activity", older)
    assert (row.late, row.before_records) == (False, True)
    assert registers.rows("volunteer_activity", 2026)[0].heading
    assert made not in {kept.id for kept in registers.rows("volunteer_activity", 2025)}


def test_the_history_of_a_row_names_whom_its_lines_point_to(registers: RegisterService, store: Store) -> None:
    member_id, name = someone(registers)
    values = {"event_on": "2026.3.5", "title": "学雷锋志愿服务", "place": "中心广场"}
    made = registers.save("volunteer_activity", {**values, "hours": (HoursOfMember(member_id, 2.5),)})
    changed = {field.label: field.after for field in HistoryService(store).of("volunteer_activity", made)[0].fields}
    assert changed["参加党员时长"] == f"{name}，小时 2.5"


def test_what_is_planned_for_a_day_ahead_is_kept_changed_and_may_travel(registers: RegisterService) -> None:
    made = registers.save("planned_activity", {"planned_on": "2026-12-10", "title": "走访慰问"})
    registers.save("planned_activity", {"place": "上门"}, made)
    row = registers.row("planned_activity", made)
    assert (row.on, row.texts["place"]) == (date(2026, 12, 10), "上门")
    refuse(REGISTERS["planned_activity"], row.values, date(2026, 10, 12))  # as whoever takes a package does
    with pytest.raises(InvalidInput, match="完成日期"):
        registers.save("planned_activity", {"done_on": "2026-12-10"}, made)


@pytest.mark.parametrize(
    ("kind", "values", "field", "reason"),
    [
        ("commitment", {"title": "承诺", "event_on": date(2026, 3, 1)}, "党员", "不能为空"),
        ("security_check", {"event_on": "2026-13-01", "title": "自查", "finding": "好"}, "日期", ""),
        ("security_check", {"event_on": date(2026, 12, 1), "title": "自查", "finding": "好"}, "日期", "还没有到"),
        (
            "asset_check",
            {"event_on": date(2026, 3, 1), "title": "清点", "counted": 5, "missing": 9},
            "缺少件数",
            "多于",
        ),
        ("asset_check", {"event_on": date(2026, 3, 1), "title": "清点", "counted": "很多"}, "清点件数", ""),
        ("venue", {"title": "活动室", "kind": "操场"}, "类别", "不在可选项中"),
        (
            "issue",
            {"event_on": date(2026, 3, 1), "title": "问", "source": "上级检查", "closed_on": date(2026, 12, 30)},
            "销号日期",
            "在今天之后",
        ),
        (
            "opinion_round",
            {
                "event_on": date(2026, 3, 1),
                "title": "征求",
                "asked_whom": "客户",
                "opinions": "意见|客户|王|2026-4-1|2027-1-1",
            },
            "意见",
            "答复日期2027-01-01在今天之后",
        ),
        ("practical_deed", {"title": "办", "state": "已办结", "state_on": date(2027, 1, 1)}, "状态日期", "在今天之后"),
        (
            "venue_use",
            {"event_on": date(2026, 3, 1), "title": "用", "purpose": "会", "venue_id": "没有"},
            "阵地",
            "请先登记",
        ),
        (
            "venue_check",
            {"event_on": date(2026, 3, 1), "title": "查", "finding": "好", "tag": "别的"},
            "检查内容",
            "可选项",
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_and_nothing_is_kept(
    registers: RegisterService, kind: str, values: dict[str, object], field: str, reason: str
) -> None:
    before = registers.rows(kind)
    with pytest.raises(InvalidInput) as caught:
        registers.save(kind, values)
    assert caught.value.label == field
    assert reason in caught.value.reason
    assert registers.rows(kind) == before


def test_a_row_changed_meanwhile_is_not_overwritten(registers: RegisterService) -> None:
    row = registers.rows("venue")[0]
    registers.save("venue", {"seats": 40}, row.id, row.rev)
    with pytest.raises(Conflict):
        registers.save("venue", {"seats": 50}, row.id, row.rev)
    assert registers.row("venue", row.id).values["seats"] == 40


def test_an_emptied_yes_or_no_says_what_a_new_row_says(registers: RegisterService) -> None:
    made = registers.save("asset_check", {"event_on": date(2026, 3, 1), "title": "清点", "counted": 5, "working": "否"})
    registers.save("asset_check", {"working": ""}, made)
    assert registers.row("asset_check", made).values["working"] is True


def test_what_points_to_a_deleted_row_still_names_it(registers: RegisterService) -> None:
    venue = registers.rows("venue")[0]
    use = registers.save(
        "venue_use", {"event_on": date(2026, 3, 1), "title": "用", "purpose": "会", "venue_id": venue.id}
    )
    registers.remove("venue", venue.id)
    assert registers.row("venue_use", use).texts["venue_id"] == f"{venue.heading}（已删除）"
    assert venue.id not in dict(registers.choices("venue_use", "venue_id"))


def test_the_recycle_bin_gives_a_row_back(registers: RegisterService) -> None:
    row = registers.rows("venue")[0]
    registers.remove("venue", row.id)
    assert row.id not in {kept.id for kept in registers.rows("venue")}
    assert [kept.id for kept in registers.rows("venue", deleted=True)] == [row.id]
    registers.restore("venue", row.id)
    assert row.id in {kept.id for kept in registers.rows("venue")}


def test_states_leave_their_days_on_the_time_line(store: Store, registers: RegisterService) -> None:
    made = registers.save("practical_deed", {"title": "修缮车棚", "state": "doing", "started_on": date(2026, 5, 1)})
    registers.save(
        "practical_deed", {"state": "done", "state_on": date(2026, 6, 20), "done_on": date(2026, 6, 20)}, made
    )
    with store.reading() as session:
        line = session.execute(
            select(StateChange.state, StateChange.on).where(StateChange.record_id == made).order_by(StateChange.on)
        ).all()
    assert line == [("doing", date(2026, 5, 1)), ("done", date(2026, 6, 20))]


def test_history_tells_each_change_in_the_users_words(store: Store, registers: RegisterService) -> None:
    row = registers.rows("venue")[0]
    registers.save("venue", {"seats": 40, "state": "under_repair"}, row.id)
    newest = HistoryService(store).of("venue", row.id)[0]
    assert newest.sentence == f"修改活动阵地“{row.heading}”"
    assert {(change.label, change.after) for change in newest.fields} == {("可容纳人数", "40"), ("状态", "维修中")}


def test_counts_are_those_of_the_lists(registers: RegisterService) -> None:
    kinds = [register.kind for register in registers.registers()]
    registers.remove("venue", registers.rows("venue")[0].id)
    for year in (None, 2025, 2026):
        assert registers.counts(kinds, year) == {kind: len(registers.rows(kind, year)) for kind in kinds}


def test_a_refusal_names_the_declared_field(registers: RegisterService) -> None:
    values = {"event_on": date(2026, 3, 1), "title": "清点", "counted": 5, "missing": 9}
    with pytest.raises(InvalidInput) as refused:
        registers.save("asset_check", values)
    assert (refused.value.name, refused.value.label) == ("missing", "缺少件数")


def test_an_unknown_register_is_not_found(registers: RegisterService) -> None:
    with pytest.raises(NotFound):
        registers.rows("no_such_kind")


@pytest.mark.parametrize(
    ("kind", "field", "hours", "reason"),
    [
        ("training_record", "participants", [-5.0], "大于0"),
        ("training_record", "participants", [0.0], "大于0"),
        ("training_record", "participants", [40.0], ""),
        ("volunteer_activity", "hours", [90.0], "最多24小时"),
        ("volunteer_activity", "hours", [20.0, 20.0], "最多24小时"),
        ("volunteer_activity", "hours", [8.0], ""),
    ],
)
def test_hours_that_cannot_be_are_refused(
    registers: RegisterService, kind: str, field: str, hours: list[float], reason: str
) -> None:
    member_id, _ = someone(registers)
    line = Trainee if kind == "training_record" else HoursOfMember
    lines = tuple(line(member_id, each) for each in hours)
    values = {"event_on": date(2026, 3, 1), "title": "活动", field: lines}
    if not reason:
        registers.save(kind, values)
        return
    with pytest.raises(InvalidInput, match=reason) as refused:
        registers.save(kind, values)
    assert refused.value.name == field


def test_nobody_talks_with_oneself(registers: RegisterService) -> None:
    one, other = (member_id for member_id, _ in registers.choices("commitment", "member_id")[:2])
    values = {"event_on": date(2026, 3, 1), "title": "谈心", "talker_id": one}
    with pytest.raises(InvalidInput, match="不能是谈话人自己"):
        registers.save("talk", {**values, "talkee_id": one})
    registers.save("talk", {**values, "talkee_id": other})


@pytest.mark.parametrize(("satisfied", "asked", "field"), [("9", None, "评价人数"), (None, "9", "满意人数")])
def test_of_a_survey_both_numbers_are_typed_or_none(
    registers: RegisterService, satisfied: str | None, asked: str | None, field: str
) -> None:
    deed = {"title": "修路灯", "event_on": date(2026, 3, 1), "satisfied": satisfied, "asked": asked}
    with pytest.raises(InvalidInput) as refused:
        registers.save("practical_deed", deed)
    assert (refused.value.label, "一起填" in refused.value.reason) == (field, True)
