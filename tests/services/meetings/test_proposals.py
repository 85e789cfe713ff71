"""What a new meeting begins with: as last time, by the posts, and what is still open."""

from dataclasses import replace
from datetime import date

from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import ActionDraft, AgendaItem, MeetingDraft, MeetingService
from desktop.services.meetings.proposals import Proposal, begun, propose
from desktop.services.members.life import LifeService
from desktop.services.store import Store

DAY = date(2026, 11, 20)
COMMITTEE = MeetingKind.COMMITTEE_MEETING


def test_place_chair_and_recorder_are_as_last_time_and_open_tasks_come_along(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    last = MeetingDraft(
        COMMITTEE,
        date(2026, 10, 29),
        "15:00",
        place="支部活动室",
        chair_id=ids["钱二"],
        recorder_id=ids["孙三"],
        topic="研究换届",
        actions=(
            ActionDraft("写请示", owner_id=ids["赵一"], due_on=date(2026, 11, 10)),
            ActionDraft("公示", done_on=date(2026, 11, 1)),
        ),
    )
    meetings.record(replace(last, held_on=date(2026, 9, 20), place="会议室", actions=()))
    meetings.record(last)
    found = propose(store, COMMITTEE, DAY)
    assert (found.place, found.started_at, found.chair_id, found.recorder_id) == (
        "支部活动室",
        "15:00",
        ids["钱二"],
        ids["孙三"],
    )
    assert found.tasks == "上次会议（2026-10-29）还没有办结：\n1. 写请示（赵一，11月10日前）"
    assert propose(store, COMMITTEE, date(2026, 10, 1)).place == "会议室"


def test_without_a_last_one_the_posts_say_who_chairs(store: Store, ids: dict[str, str]) -> None:
    assert propose(store, COMMITTEE, DAY).chair_id == ids["赵一"]
    assert propose(store, MeetingKind.GROUP_MEETING, DAY, ids["第一党小组"]).chair_id is None


def test_items_of_the_template_are_of_the_kind_their_words_name(store: Store) -> None:
    found = propose(store, COMMITTEE, DAY)
    assert [(item.title, item.tag) for item in found.agenda][:2] == [
        ("第一议题学习", "first_topic"),
        ("上次会议任务落实情况", ""),
    ]


def test_who_left_is_not_proposed(store: Store, meetings: MeetingService, ids: dict[str, str]) -> None:
    leaver = ids["周五"]
    meetings.record(
        MeetingDraft(MeetingKind.PARTY_LECTURE, date(2026, 10, 9), topic="学", chair_id=leaver, recorder_id=leaver)
    )
    assert propose(store, MeetingKind.PARTY_LECTURE, DAY).recorder_id == leaver
    LifeService(store).transition(leaver, MemberStatus.DECEASED, date(2026, 11, 10))
    found = propose(store, MeetingKind.PARTY_LECTURE, DAY)
    assert (found.recorder_id, found.chair_id) == (None, ids["赵一"])


def test_only_what_is_begun_from_the_plan_gets_an_agenda_and_typed_words_stay() -> None:
    agenda = (AgendaItem("学习"), AgendaItem("讨论"))
    proposal = Proposal(place="活动室", started_at="15:00", chair_id="c", recorder_id="r", agenda=agenda)
    typed = MeetingDraft(COMMITTEE, DAY, place="烟站", chair_name="上级书记")
    plain = begun(typed, proposal, prepared=False)
    assert (plain.place, plain.chair_id, plain.recorder_id, plain.started_at, plain.agenda) == (
        "烟站",
        None,
        "r",
        "",
        (),
    )
    whole = begun(typed, proposal, prepared=True)
    assert (whole.started_at, [item.title for item in whole.agenda]) == ("15:00", ["学习", "讨论"])
