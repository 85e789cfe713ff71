"""Which meeting of its kind in a year a meeting is, counted unless somebody wrote it."""

from datetime import date

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.meetings.numbering import number_of, numbers_of
from desktop.services.store import Store


def committee(month: int, **more: object) -> MeetingDraft:
    return MeetingDraft(MeetingKind.COMMITTEE_MEETING, date(2026, month, 10), topic="研究工作", **more)  # type: ignore[arg-type]


def test_meetings_are_numbered_by_kind_group_and_year_in_the_order_of_their_days(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    third, first = meetings.record(committee(5)), meetings.record(committee(2))
    second = meetings.record(committee(3))
    others = [
        meetings.record(MeetingDraft(MeetingKind.GROUP_MEETING, date(2026, 4, 1), group_id=ids[group], topic="学习"))
        for group in ("第一党小组", "第二党小组")
    ]
    meetings.plan(committee(4))
    with store.reading() as session:
        numbers = numbers_of(session, store.branch_id, {2026})
        assert number_of(session, store.branch_id, committee(6)) == 4
        assert number_of(session, store.branch_id, committee(1)) == 1
    assert [numbers[each] for each in (first, second, third)] == [1, 2, 3]
    assert [numbers[each] for each in others] == [1, 1]


def test_a_number_that_was_written_holds_and_those_after_it_go_on_from_there(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    written, after = meetings.record(committee(7, number=13)), meetings.record(committee(8))
    with store.reading() as session:
        numbers = numbers_of(session, store.branch_id, {2026})
        assert number_of(session, store.branch_id, committee(9)) == 15
        assert number_of(session, store.branch_id, committee(9, number=20)) == 20
    assert (numbers[written], numbers[after]) == (13, 14)
