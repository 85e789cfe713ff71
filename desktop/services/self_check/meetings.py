"""Checks of meetings against their attendance, the roster, the rules of votes, the calendar and each other."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import AttendanceState, StudyState
from desktop.services.meetings.required import required_in
from desktop.services.meetings.similarity import alike, said_in
from desktop.services.meetings.votes import judge
from desktop.services.quoting import quoted
from desktop.services.self_check.records import YearRecords
from desktop.services.standards.verdict import Where
from desktop.services.workdays import WEEKDAYS, is_workday

Found = tuple[str, Where, date | None]
_WEEKEND = 5
_NAMED = 3


def two_places(year: YearRecords) -> Iterator[Found]:
    """Find who is noted as present at two meetings that were held at one time, not together."""
    days: dict[date, list[Meeting]] = defaultdict(list)
    for meeting in year.meetings:
        if meeting.started_at:
            days[meeting.held_on].append(meeting)
    for on, held in days.items():
        for first, second in combinations(held, 2):
            if not _overlap(first, second) or _joint(first, second):
                continue
            there = {each.member_id for each in year.present(first)}
            both = [each.member_id for each in year.present(second) if each.member_id in there]
            if both:
                times = f"（{first.started_at}、{second.started_at}）"
                what = f"{names_of(year, both)}同时在{year.title(first)}和{year.title(second)}{times}"
                yield what, year.where(second), on


def _overlap(first: Meeting, second: Meeting) -> bool:
    """Tell whether two meetings of a day ran at one time; one without an end is known by its beginning alone."""
    start, end = first.started_at or "", first.ended_at or ""
    other, other_end = second.started_at or "", second.ended_at or ""
    if start == other:
        return True
    return (bool(end) and start < other < end) or (bool(other_end) and other < start < other_end)


def _joint(first: Meeting, second: Meeting) -> bool:
    return second.id == first.joint_with_id or first.id == second.joint_with_id or (
        first.joint_with_id is not None and first.joint_with_id == second.joint_with_id
    )  # fmt: skip


def vote_numbers(year: YearRecords) -> Iterator[Found]:
    """Find votes whose numbers contradict each other, or whose result is not what they say."""
    for meeting in year.meetings:
        for vote in year.votes.get(meeting.id, ()):
            if vote.kind not in year.votes_by_rule:
                continue
            verdict = judge(
                vote.kind, vote.due, vote.present, vote.yes, vote.no, vote.abstain, year.votes_by_rule,
                written=vote.written, written_yes=vote.written_yes,
            )  # fmt: skip
            what = f"{year.title(meeting)}表决{quoted(vote.subject)}"
            if not verdict.consistent:
                yield f"{what}：{verdict.explanation.rstrip('。')}", year.where(meeting), meeting.held_on
            elif None not in (vote.declared_passed, verdict.passed) and vote.declared_passed != verdict.passed:
                said = "通过" if vote.declared_passed else "没有通过"
                yield f"{what}写的是{said}：{verdict.explanation.rstrip('。')}", year.where(meeting), meeting.held_on


def vote_roster(year: YearRecords) -> Iterator[Found]:
    """Find votes of other numbers than the roster of the day and the attendance give."""
    for meeting in year.meetings:
        votes = year.votes.get(meeting.id, ())
        if not votes:
            continue
        expected = year.expectations.at(meeting.kind, meeting.held_on, meeting.group_id)
        due = sum(person.has_vote for person in expected)
        there = sum(each.has_vote for each in year.present(meeting))
        for vote in votes:
            what, said = f"{year.title(meeting)}表决{quoted(vote.subject)}", []
            if vote.due is not None and due and vote.due != due:
                said.append(f"写应到会有表决权{vote.due}人，当天名册上是{due}人")
            if vote.present is not None and there and vote.present != there:
                said.append(f"写实到{vote.present}人，出席里有表决权的是{there}人")
            if said:
                yield f"{what}{'；'.join(said)}", year.where(meeting), meeting.held_on


def chair_absent(year: YearRecords) -> Iterator[Found]:
    """Find meetings whose chair or recorder is noted as away."""
    for meeting in year.meetings:
        away = year.away(meeting)
        for member_id, duty in ((meeting.chair_id, "主持人"), (meeting.recorder_id, "记录人")):
            if member_id in away:
                what = f"{year.title(meeting)}的{duty}{year.name(member_id)}记的是{_state(away, member_id)}"
                yield what, year.where(meeting), meeting.held_on


def speaker_absent(year: YearRecords) -> Iterator[Found]:
    """Find meetings at which somebody noted as away spoke or gave the lecture."""
    for meeting in year.meetings:
        away = year.away(meeting)
        said = {speech.member_id: "发言" for speech in meeting.speeches or () if speech.member_id}
        said |= dict.fromkeys(meeting.speaker_ids or (), "主讲")
        for member_id, how in said.items():
            if member_id in away:
                what = f"{year.title(meeting)}上{year.name(member_id)}有{how}，出席记的是{_state(away, member_id)}"
                yield what, year.where(meeting), meeting.held_on


def _state(away: dict[str, AttendanceState], member_id: str | None) -> str:
    return away[member_id or ""].label


def not_on_roster(year: YearRecords) -> Iterator[Found]:
    """Find meetings at which somebody is noted as expected or present who was not on the roster that day."""
    for meeting in year.meetings:
        found: dict[str, str] = {}
        for each in year.attendances.get(meeting.id, ()):
            if why := year.out_of_roster(each.member_id, meeting.held_on):
                found[each.member_id] = why
        for member_id, why in found.items():
            what = f"{year.title(meeting)}的出席里有{year.name(member_id)}，{why}"
            yield what, year.where(meeting), meeting.held_on


def not_recorded(year: YearRecords) -> Iterator[Found]:
    """Find confirmed meetings that do not say who led, who wrote, or who was there."""
    for meeting in year.meetings:
        if not meeting.state.final:
            continue
        lacking = [] if meeting.chair_id or meeting.chair_name else ["主持人"]
        lacking += [] if meeting.recorder_id or meeting.recorder_name else ["记录人"]
        lacking += [] if year.attendances.get(meeting.id) else ["出席"]
        if lacking:
            what = f"{year.title(meeting)}已经确认，没有写{'、'.join(lacking)}"
            yield what, year.where(meeting), meeting.held_on


def alike_minutes(year: YearRecords) -> Iterator[Found]:
    """Find meetings of the year whose minutes say nearly the same, by the measure of the standard; each pair once."""
    measure = year.similarity
    said = [(meeting, text) for meeting in year.meetings if len(text := said_in(meeting)) >= measure.least_characters]
    for (first, one), (second, other) in combinations(said, 2):
        if _joint(first, second) or not (ratio := alike(one, other, measure.minutes_ratio)):
            continue
        what = f"{year.title(second)}的记录和{year.title(first)}的有{ratio:.0%}相同"
        yield what, year.where(second), second.held_on


def tasks(year: YearRecords) -> Iterator[Found]:
    """Find tasks that are due or done before the meeting that set them."""
    for meeting in year.meetings:
        for task in year.actions.get(meeting.id, ()):
            for day, label in ((task.due_on, "期限"), (task.done_on, "完成日期")):
                if day is not None and day < meeting.held_on:
                    what = f"{year.title(meeting)}布置的{quoted(task.what)}，{label}{day}早于会议"
                    yield what, year.where(meeting), meeting.held_on


def day_off(year: YearRecords) -> Iterator[Found]:
    """Note meetings on days on which offices are closed."""
    for meeting in year.meetings:
        if is_workday(meeting.held_on, year.calendars):
            continue
        day = meeting.held_on.weekday()
        known = meeting.held_on.year in year.calendars
        said = f"星期{WEEKDAYS[day]}" if day >= _WEEKEND else "放假的日子"
        doubt = "" if known else "（没有当年放假安排，只看星期）"
        yield f"{year.title(meeting)}在{said}{doubt}", year.where(meeting), meeting.held_on


def names_of(year: YearRecords, member_ids: list[str]) -> str:
    """Return some names in words: 王芳、李明、张伟等5人."""
    names = [year.name(member_id) for member_id in member_ids]
    return "、".join(names[:_NAMED]) + (f"等{len(names)}人" if len(names) > _NAMED else "")


def not_studied(year: YearRecords) -> Iterator[Found]:
    """Find what the branch was told to study and did not in time."""
    for topic in required_in(year.session, year.branch_id, year.year, year.today):
        if topic.state is StudyState.MISSING:
            yield f"“{topic.title}”要求{topic.due_on}前学习，会议记录里没有找到", topic.form, topic.due_on
