"""Meetings kept by hand: expected from the roster of the day, confirmed for good, corrected by appending."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop.models.history import Change
from desktop.models.meetings import AgendaItem, Speech
from desktop.models.vocabulary.meetings import AttendanceState, MakeUpWay, MeetingKind, MeetingState
from desktop.services.attachments import AttachmentService
from desktop.services.branches import BranchService
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.meetings import Absence, ActionDraft, MeetingDraft, MeetingService, TaskReport, VoteDraft
from desktop.services.meetings.book import MeetingBook
from desktop.services.quoting import DAMAGED
from desktop.services.store import Store
from tests.services.meetings.people import people
from tests.sheets import content
from tests.stores import new_store


def congress(ids: dict[str, str], **changes: Any) -> MeetingDraft:
    """Return the congress that admits 吴六: 李四 is ill."""
    draft = MeetingDraft(
        kind=MeetingKind.BRANCH_CONGRESS,
        held_on=date(2026, 3, 27),
        started_at="14:30",
        ended_at="16:05",
        place="党员活动室",
        chair_id=ids["赵一"],
        recorder_id=ids["孙三"],
        topic="讨论接收吴六同志为预备党员",
        speeches=(Speech("钱二", "介绍培养情况"),),
        resolution="同意接收吴六同志为预备党员",
        absences=(Absence(ids["李四"], "病假"),),
        votes=(
            VoteDraft(
                kind="admit_probationary",
                subject="接收吴六",
                due=5,
                present=4,
                yes=4,
                no=0,
                abstain=0,
                declared_passed=True,
            ),
        ),
        actions=(ActionDraft("报上级党委审批", ids["钱二"], due_on=date(2026, 4, 3)),),
    )
    return replace(draft, **changes)


def test_everyone_on_the_roster_of_the_day_is_expected(meetings: MeetingService, ids: dict[str, str]) -> None:
    detail = meetings.detail(meetings.record(congress(ids)))
    assert (detail.row.due, detail.row.present, detail.row.leave, detail.row.absent) == (6, 5, 1, 0)
    assert (detail.voters_due, detail.voters_present) == (5, 4)
    assert [
        (one.name, one.state, one.reason) for one in detail.attendance if one.state is not AttendanceState.PRESENT
    ] == [("李四", AttendanceState.LEAVE, "病假")]
    assert {one.name for one in detail.attendance if not one.has_vote} == {"吴六"}
    assert (detail.row.state, detail.row.chair, detail.row.recorder) == (MeetingState.MINUTED, "赵一", "孙三")
    assert detail.draft.speeches[0].member_id == ids["钱二"]
    earlier = meetings.record(congress(ids, held_on=date(2026, 3, 26), votes=()))
    assert meetings.detail(earlier).row.due == 5


def test_a_meeting_that_nobody_was_expected_at_says_which_registration_is_missing(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    before_posts = date(2024, 3, 1)
    with pytest.raises(InvalidInput, match="2024-03-01还没有登记支委：先在“队伍 > 班子和职务”") as refused:
        meetings.record(congress(ids, kind=MeetingKind.COMMITTEE_MEETING, held_on=before_posts, absences=()))
    assert refused.value.name == "kind"
    empty = BranchService(store).save_group("第三党小组")
    with pytest.raises(InvalidInput, match="“第三党小组”里没有在册在岗的党员：先在“党员 > 名册”") as refused:
        meetings.record(congress(ids, kind=MeetingKind.GROUP_MEETING, group_id=empty, absences=()))
    assert refused.value.name == "group_id"


def test_the_vote_is_judged_and_compared_with_what_was_declared(meetings: MeetingService, ids: dict[str, str]) -> None:
    vote = meetings.detail(meetings.record(congress(ids))).votes[0]
    assert (vote.kind_name, vote.secret, vote.verdict.passed, vote.matches) == ("接收预备党员", True, True, True)
    wrong = VoteDraft(
        kind="admit_probationary", subject="接收吴六", due=5, present=4, yes=2, no=2, abstain=0, declared_passed=True
    )
    draft = congress(ids, started_at="17:00", ended_at="", votes=(wrong,))
    assert meetings.detail(meetings.record(draft)).votes[0].matches is False
    assert any("记录为通过" in one for one in meetings.proposed(draft).warnings)


def test_opinions_of_those_absent_are_kept_and_read_back_from_a_workbook(
    meetings: MeetingService, ids: dict[str, str]
) -> None:
    vote = VoteDraft(
        kind="admit_probationary",
        subject="接收吴六",
        due=5,
        present=4,
        yes=2,
        no=2,
        abstain=0,
        written=1,
        written_yes=1,
        declared_passed=True,
    )
    kept = meetings.detail(meetings.record(congress(ids, votes=(vote,))))
    assert (kept.votes[0].written, kept.votes[0].written_yes, kept.votes[0].matches) == (1, 1, True)
    assert [replace(each, id=None) for each in kept.draft.votes] == [vote]
    with pytest.raises(InvalidInput, match="书面意见2份多于没有到会的1人"):
        meetings.confirm(
            meetings.record(congress(ids, started_at="17:00", ended_at="", votes=(replace(vote, written=2),)))
        )


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (MeetingKind.BRANCH_CONGRESS, 6),
        (MeetingKind.THEME_DAY, 6),
        (MeetingKind.PARTY_LECTURE, 6),
        (MeetingKind.ORG_LIFE_MEETING, 6),
        (MeetingKind.DEMOCRATIC_APPRAISAL, 6),
        (MeetingKind.COMMITTEE_MEETING, 3),
        (MeetingKind.GROUP_MEETING, 3),
    ],
)
def test_who_is_expected_at_each_kind(
    meetings: MeetingService, ids: dict[str, str], kind: MeetingKind, count: int
) -> None:
    assert len(meetings.expected(kind, date(2026, 4, 1), ids["第二党小组"])) == count


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"held_on": date(2026, 11, 23)}, "held_on", "还没有到这一天，开过再记录"),
        ({"ended_at": "14:00"}, "started_at", "结束时间不晚于开始时间"),
        ({"topic": " "}, "topic", "没有议题"),
        ({"kind": MeetingKind.GROUP_MEETING}, "group_id", "党小组会要写明是哪个小组"),
        ({"held_on": date(2001, 1, 1)}, "held_on", "2001-01-01的名册上没有应到会的人"),
        ({"votes": (VoteDraft("hands"),)}, "vote_kinds", "没有“hands”这种表决"),
        ({"actions": (ActionDraft(" "),)}, "actions", "没有写事项"),
        ({"place": "三楼\ufffd"}, "place", DAMAGED),
        ({"chair_name": "\udc00"}, "chair_id", DAMAGED),
        ({"speeches": (Speech("钱二", "介绍\ud800"),)}, "speeches", DAMAGED),
        ({"actions": (ActionDraft("报批", result="\ufffd"),)}, "actions", DAMAGED),
    ],
)
def test_records_that_cannot_be_store_nothing(
    store: Store, meetings: MeetingService, ids: dict[str, str], change: dict[str, Any], field: str, reason: str
) -> None:
    before = content(store)
    with pytest.raises(InvalidInput) as refused:
        meetings.record(congress(ids, **change))
    assert (refused.value.name, refused.value.reason) == (field, reason)
    assert content(store) == before


def test_only_those_expected_can_be_absent(store: Store, meetings: MeetingService, ids: dict[str, str]) -> None:
    draft = MeetingDraft(MeetingKind.COMMITTEE_MEETING, date(2026, 4, 1), topic="研究工作")
    before = content(store)
    with pytest.raises(InvalidInput, match="“李四”当日不在应到名单中"):
        meetings.record(replace(draft, absences=(Absence(ids["李四"], "病假"),)))
    with pytest.raises(InvalidInput, match="“赵一”写了两次"):
        meetings.record(replace(draft, absences=(Absence(ids["赵一"]), Absence(ids["赵一"]))))
    assert content(store) == before


def test_a_meeting_is_recorded_once(store: Store, meetings: MeetingService, ids: dict[str, str]) -> None:
    meetings.record(congress(ids))
    before = content(store)
    with pytest.raises(Conflict) as refused:
        meetings.record(congress(ids, topic="又一次"))
    assert refused.value.facts["reason"] == "同一天同一时间已有一次这样的会议"
    assert content(store) == before


def test_minutes_may_change_until_they_are_confirmed(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    meeting_id = meetings.record(congress(ids))
    first = meetings.detail(meeting_id)
    changed = replace(first.draft, absences=(), place="三楼会议室")
    assert meetings.record(changed, meeting_id, rev=1) == meeting_id
    second = meetings.detail(meeting_id)
    assert (second.row.present, second.row.place) == (6, "三楼会议室")
    assert [one.id for one in second.votes] == [one.id for one in first.votes]
    with pytest.raises(Conflict):
        meetings.record(changed, meeting_id, rev=1)
    meetings.confirm(meeting_id)
    confirmed = meetings.detail(meeting_id)
    assert (confirmed.row.state, confirmed.row.confirmed_on) == (MeetingState.CONFIRMED, date(2026, 11, 22))
    assert confirmed.confirmed_by == "赵一、孙三"
    before = content(store)
    for act in (
        lambda: meetings.record(changed, meeting_id),
        lambda: meetings.remove(meeting_id),
        lambda: meetings.cancel(meeting_id, "记错"),
        lambda: meetings.confirm(meeting_id),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.facts["reason"] == "会议记录已确认，不能再改；有错请用更正，原文保留"
    assert content(store) == before


@pytest.mark.parametrize(
    ("vote", "reason"),
    [
        ({"present": 5, "yes": 6}, "数字前后矛盾：赞成、反对、弃权共6票，多于实到5人"),
        ({"present": 4, "yes": 3, "no": 2}, "数字前后矛盾：赞成、反对、弃权共5票，多于实到4人"),
        ({"present": 6}, "数字前后矛盾：实到6人多于应到5人"),
        ({"present": 4, "yes": 5, "no": None, "abstain": None}, "数字前后矛盾：赞成、反对、弃权共5票，多于实到4人"),
        ({"due": 9, "present": 7, "yes": 7}, "写的实到7人，出席名单只有5人到会"),
    ],
)
def test_numbers_that_cannot_have_been_are_kept_in_the_draft_and_never_confirmed(
    meetings: MeetingService, ids: dict[str, str], vote: dict[str, int | None], reason: str
) -> None:
    draft = congress(ids)
    meeting_id = meetings.record(replace(draft, votes=(replace(draft.votes[0], **vote),)))  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        meetings.confirm(meeting_id)
    assert (refused.value.name, refused.value.reason) == ("votes", f"中“接收吴六”{reason}，改正以后再确认")
    assert meetings.detail(meeting_id).row.state is MeetingState.MINUTED
    meetings.record(draft, meeting_id)
    meetings.confirm(meeting_id)


def test_corrections_are_appended_with_their_reason(meetings: MeetingService, ids: dict[str, str]) -> None:
    meeting_id = meetings.record(congress(ids))
    with pytest.raises(InvalidInput, match="还没有确认，直接修改即可"):
        meetings.correct(meeting_id, "实到应为4人", "漏记")
    meetings.confirm(meeting_id)
    with pytest.raises(InvalidInput, match="更正原因"):
        meetings.correct(meeting_id, "实到应为4人", " ")
    meetings.correct(meeting_id, "周五中途离会", "漏记")
    detail = meetings.detail(meeting_id)
    assert [(one.text, one.reason, one.by) for one in detail.corrections] == [("周五中途离会", "漏记", "书记")]
    assert detail.row.present == 5


def test_minutes_without_chair_or_recorder_cannot_be_confirmed(meetings: MeetingService, ids: dict[str, str]) -> None:
    meeting_id = meetings.record(congress(ids, recorder_id=None))
    with pytest.raises(InvalidInput, match="没有记录人，不能确认"):
        meetings.confirm(meeting_id)
    meetings.record(congress(ids, recorder_id=None, recorder_name="王干事（上级）"), meeting_id)
    meetings.confirm(meeting_id)
    assert meetings.detail(meeting_id).confirmed_by == "赵一、王干事（上级）"


def test_what_looks_odd_is_said_of_minutes_until_they_are_confirmed(
    meetings: MeetingService, ids: dict[str, str]
) -> None:
    meeting_id = meetings.record(congress(ids, chair_id=ids["李四"]))
    assert meetings.detail(meeting_id).doubts == ("“李四”既是主持人又在缺席名单中",)
    meetings.confirm(meeting_id)
    assert meetings.detail(meeting_id).doubts == ()


def test_what_follows_a_meeting_may_be_noted_after_confirmation(meetings: MeetingService, ids: dict[str, str]) -> None:
    meeting_id = meetings.record(congress(ids))
    meetings.confirm(meeting_id)
    action = meetings.actions()[0]
    assert (action.meeting, action.owner, action.overdue) == ("3月27日支部党员大会", "钱二", True)
    with pytest.raises(InvalidInput, match="不能早于会议那天、晚于今天"):
        meetings.finish_action(action.id, date(2026, 3, 26))
    meetings.finish_action(action.id, date(2026, 4, 2), "已报")
    assert meetings.actions() == []
    assert meetings.actions(open_only=False)[0].done_on == date(2026, 4, 2)
    meetings.made_up(meeting_id, [ids["李四"]], date(2026, 4, 5), MakeUpWay.HOME, "传达精神", "赵一")
    with pytest.raises(InvalidInput, match="没有缺席"):
        meetings.made_up(meeting_id, [ids["李四"], ids["赵一"]], date(2026, 4, 5))
    meetings.note_follow_up(meeting_id, "上级已批准")
    detail = meetings.detail(meeting_id)
    assert [one.make_up_on for one in detail.attendance if one.name == "李四"] == [date(2026, 4, 5)]
    assert detail.draft.follow_up == "上级已批准"


def test_what_nobody_could_read_back_is_refused_at_its_field_after_a_meeting_too(
    meetings: MeetingService, ids: dict[str, str]
) -> None:
    meeting = meetings.record(congress(ids))
    task = meetings.detail(meeting).actions[0].id
    absent, on = [ids["李四"]], date(2026, 4, 1)
    for field, note in (
        ("result", lambda text: meetings.finish_action(task, on, text)),
        ("content", lambda text: meetings.made_up(meeting, absent, on, content=text)),
        ("by", lambda text: meetings.made_up(meeting, absent, on, by=text)),
        ("text", lambda text: meetings.note_follow_up(meeting, text)),
        ("reason", lambda text: meetings.cancel(meeting, text)),
        ("reason", lambda text: meetings.correct(meeting, "地点是会议室", text)),
        ("topic", lambda text: meetings.plan(MeetingDraft(MeetingKind.PARTY_LECTURE, on, topic=text))),
    ):
        for damaged in ("三楼\ufffd", "三楼\ud800"):
            with pytest.raises(InvalidInput, match=DAMAGED) as refused:
                note(damaged)
            assert refused.value.name == field


def test_a_meeting_typed_in_long_after_is_marked_late(tmp_path: Path) -> None:
    for at, late in (("2026-04-11 09:00", False), ("2026-04-12 09:00", True)):
        with new_store(tmp_path / at[:10], at=at) as opened:
            ids = people(opened)
            service = MeetingService(opened)
            service.record(congress(ids))
            assert service.meetings(2026)[0].late is late


def test_a_meeting_of_before_the_branch_recorded_here_is_told_as_that_and_not_as_late(tmp_path: Path) -> None:
    with new_store(tmp_path / "data", at="2026-04-12 09:00") as opened:  # which began on 2026-01-01
        people(opened)
        service = MeetingService(opened)
        for day, before in ((date(2025, 12, 31), True), (date(2026, 1, 1), False)):
            kept = service.record(MeetingDraft(MeetingKind.COMMITTEE_MEETING, day, topic="学习", for_year=day.year))
            row = service.detail(kept).row
            assert (row.before_records, row.late) == (before, not before)


def test_what_settles_the_last_year_counts_for_it(meetings: MeetingService, ids: dict[str, str]) -> None:
    def year_of(kind: MeetingKind, on: date, for_year: int | None = None) -> int:
        draft = MeetingDraft(kind, on, topic="查摆问题", for_year=for_year)
        return meetings.detail(meetings.record(draft)).row.for_year

    assert year_of(MeetingKind.ORG_LIFE_MEETING, date(2026, 3, 31)) == 2025
    assert year_of(MeetingKind.ORG_LIFE_MEETING, date(2026, 4, 1)) == 2026
    assert year_of(MeetingKind.DEMOCRATIC_APPRAISAL, date(2026, 2, 12)) == 2025
    assert year_of(MeetingKind.ORG_LIFE_MEETING, date(2026, 2, 11), 2026) == 2026
    assert year_of(MeetingKind.BRANCH_CONGRESS, date(2026, 2, 11)) == 2026


def test_the_list_of_a_year_is_that_of_the_desk_whatever_year_a_meeting_counts_for(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    meetings.record(MeetingDraft(MeetingKind.DEMOCRATIC_APPRAISAL, date(2026, 2, 12), topic="民主评议"))
    meetings.record(congress(ids))
    assert {row.for_year for row in meetings.meetings(2026)} == {2025, 2026}
    for year in (2025, 2026):
        assert {row["id"] for row in MeetingBook(store).rows(year)} == {row.id for row in meetings.meetings(year)}


def test_tags_and_vote_kinds_are_proposed_from_words(meetings: MeetingService, ids: dict[str, str]) -> None:
    draft = MeetingDraft(MeetingKind.COMMITTEE_MEETING, date(2026, 3, 2), topic="研判党员思想动态")
    proposed = meetings.proposed(draft)
    assert (proposed.tag_names, proposed.vote_kind) == (("专题研判",), "committee_decision")
    assert meetings.proposed(congress(ids)).vote_kind == "admit_probationary"
    assert meetings.detail(meetings.record(draft)).tag_names == ("专题研判",)
    plain = replace(draft, started_at="10:00", tags=())
    assert meetings.detail(meetings.record(plain)).tag_names == ()


def test_the_list_filters(meetings: MeetingService, ids: dict[str, str]) -> None:
    meetings.record(congress(ids))
    group = MeetingDraft(MeetingKind.GROUP_MEETING, date(2026, 5, 6), group_id=ids["第一党小组"], topic="学习讨论")
    meetings.record(group)
    meetings.record(MeetingDraft(MeetingKind.THEME_DAY, date(2025, 12, 15), topic="清洁家园"))
    assert [one.topic for one in meetings.meetings(2026)] == ["学习讨论", "讨论接收吴六同志为预备党员"]
    assert [one.group for one in meetings.meetings(kind=MeetingKind.GROUP_MEETING)] == ["第一党小组"]
    assert [one.topic for one in meetings.meetings(text="清洁")] == ["清洁家园"]
    assert len(meetings.meetings(since=date(2026, 1, 1), until=date(2026, 3, 31))) == 1
    assert len(meetings.meetings(group_id=ids["第一党小组"])) == 1
    assert meetings.meetings(state=MeetingState.CONFIRMED) == []


def test_the_recycle_bin(store: Store, meetings: MeetingService, ids: dict[str, str]) -> None:
    meeting_id = meetings.record(congress(ids))
    meetings.remove(meeting_id)
    assert (meetings.meetings(), [one.id for one in meetings.meetings(deleted=True)]) == ([], [meeting_id])
    assert meetings.actions() == []
    with pytest.raises(NotFound):
        meetings.record(congress(ids), meeting_id)
    again = meetings.record(congress(ids))
    with pytest.raises(Conflict):
        meetings.restore(meeting_id)
    meetings.remove(again)
    meetings.restore(meeting_id)
    assert [one.id for one in meetings.meetings()] == [meeting_id]


def test_a_planned_meeting_counts_nowhere_until_recorded(meetings: MeetingService, ids: dict[str, str]) -> None:
    draft = MeetingDraft(MeetingKind.THEME_DAY, date(2026, 12, 15), topic="冬季走访")
    meeting_id = meetings.plan(draft)
    row = meetings.meetings()[0]
    assert (row.state, row.due, row.late) == (MeetingState.PLANNED, 0, False)
    with pytest.raises(InvalidInput, match="还没有记录，不能确认"):
        meetings.confirm(meeting_id)
    with pytest.raises(InvalidInput, match="不能为空"):
        meetings.cancel(meeting_id, "")
    meetings.cancel(meeting_id, "大雪")
    assert meetings.meetings()[0].state is MeetingState.CANCELLED
    detail = meetings.detail(meeting_id)
    assert (detail.cancel_reason, detail.draft.follow_up) == ("大雪", "")
    held = meetings.plan(replace(draft, held_on=date(2026, 11, 15)))
    meetings.record(replace(draft, held_on=date(2026, 11, 15)), held)
    assert meetings.detail(held).row.due == 6
    with pytest.raises(InvalidInput, match="记错的可以删除"):
        meetings.cancel(held, "没开")


def test_attachments_are_counted(store: Store, meetings: MeetingService, ids: dict[str, str], tmp_path: Path) -> None:
    meeting_id = meetings.record(congress(ids))
    (tmp_path / "签到表.txt").write_text("签到", encoding="utf-8")
    AttachmentService(store).attach("meetings", meeting_id, tmp_path / "签到表.txt")
    assert meetings.meetings()[0].attachments == 1


def test_a_meeting_is_held_together_with_another_of_that_day_only(
    meetings: MeetingService, ids: dict[str, str]
) -> None:
    whole = meetings.record(congress(ids))
    lecture = MeetingDraft(MeetingKind.PARTY_LECTURE, date(2026, 3, 27), topic="讲党课", speaker_ids=(ids["赵一"],))
    part = meetings.record(replace(lecture, joint_with_id=whole))
    assert meetings.detail(part).joint_with == "支部党员大会"
    for other in (part, whole):
        with pytest.raises(InvalidInput, match="同一天"):
            meetings.record(replace(lecture, held_on=date(2026, 3, 28), joint_with_id=other))
    with pytest.raises(InvalidInput, match="同一天"):
        meetings.record(replace(lecture, joint_with_id=part), part)


def test_what_a_meeting_was_planned_for_stays_when_it_is_recorded_on_another_day(
    meetings: MeetingService, ids: dict[str, str]
) -> None:
    planned = meetings.plan(
        MeetingDraft(MeetingKind.BRANCH_CONGRESS, date(2026, 3, 25), started_at="09:00", topic="计划")
    )
    meetings.record(congress(ids), planned)
    kept = meetings.detail(planned).draft
    assert (kept.held_on, kept.planned_on, kept.planned_at) == (date(2026, 3, 27), date(2026, 3, 25), "09:00")


def test_the_kind_of_an_item_is_a_tag_of_its_meeting(meetings: MeetingService, ids: dict[str, str]) -> None:
    item = AgendaItem("学讲话", tag="first_topic", source="某篇")
    kept = meetings.detail(meetings.record(congress(ids, agenda=(item,), tags=("work_analysis",))))
    assert (kept.draft.agenda, kept.draft.tags) == ((item,), ("work_analysis", "first_topic"))


def test_counts_of_a_judgement_go_together(meetings: MeetingService, ids: dict[str, str]) -> None:
    for satisfied, asked in ((3, None), (None, 3), (4, 3), (0, 0)):
        with pytest.raises(InvalidInput, match="满意人数和评价人数"):
            meetings.record(congress(ids, satisfied=satisfied, asked=asked))


def test_open_tasks_of_earlier_meetings_of_the_kind_are_reported_on_and_closed_at_the_next(
    meetings: MeetingService, ids: dict[str, str]
) -> None:
    tasks = (ActionDraft("报上级", ids["钱二"], due_on=date(2026, 4, 3)), ActionDraft("备会场", None, "综合办"))
    first = meetings.record(congress(ids, actions=tasks))
    next_one = congress(ids, held_on=date(2026, 6, 20), actions=(), absences=())
    reported, going_on = meetings.open_before(next_one)
    assert [row.what for row in (reported, going_on)] == ["报上级", "备会场"]
    assert meetings.open_before(replace(next_one, kind=MeetingKind.THEME_DAY)) == []
    assert meetings.open_before(replace(next_one, held_on=date(2026, 3, 1))) == []
    assert meetings.open_before(next_one, first) == []
    reports = (TaskReport(reported.id, True, "已批复"), TaskReport(going_on.id, False, "等设备"))
    meetings.record(replace(next_one, reports=reports))
    after = {row.what: (row.done_on, row.result) for row in meetings.detail(first).actions}
    assert after == {"报上级": (date(2026, 6, 20), "已批复"), "备会场": (None, "等设备")}
    with pytest.raises(InvalidInput, match="后来的会议"):
        meetings.record(congress(ids, held_on=date(2026, 3, 1), reports=reports, actions=(), absences=()))


def test_the_trail_names_who_made_up_and_whose_task_is_done(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    kept = meetings.record(congress(ids))
    (task,) = meetings.detail(kept).actions
    meetings.made_up(kept, [ids["李四"]], date(2026, 4, 1))
    meetings.finish_action(task.id, date(2026, 4, 2))
    meetings.finish_action(task.id, None)
    with store.reading() as session:
        told = list(session.scalars(select(Change.sentence).order_by(Change.id)))
    assert [one for one in told if one.startswith("登记李四补课“") and "支部党员大会" in one]
    assert any(one == "办结会后任务“报上级党委审批”，责任人钱二" for one in told)
    assert any(one.startswith("重开会后任务“报上级党委审批”") for one in told)
