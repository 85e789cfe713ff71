"""Checks of registers, files, posts and dues against the roster and each other."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from desktop.models.attachments import Attachment
from desktop.models.branches import PostAssignment
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.branches import Post
from desktop.models.volunteering import HOURS_OF_A_DAY, VolunteerActivity
from desktop.services.numbers import digits
from desktop.services.quoting import quoted
from desktop.services.self_check.meetings import names_of
from desktop.services.self_check.records import YearRecords
from desktop.services.spells import ONE_DAY, first_day
from desktop.services.spreadsheets.named_days import days_in
from desktop.services.standards.periods import month_end
from desktop.services.standards.verdict import Where

Found = tuple[str, Where, date | None]
SINGLE = (Post.SECRETARY,)
"""Posts that one person holds at a time."""
VOLUNTEERING = VolunteerActivity.__tablename__


def _owners(year: YearRecords) -> dict[tuple[str, str], tuple[str, Where, date]]:
    """Return what files of the year hang on: (kind, id) → what it is called, where it is, its day."""
    found = {
        (Meeting.__tablename__, meeting.id): (year.title(meeting), year.where(meeting), meeting.held_on)
        for meeting in year.meetings
    }
    for mention in year.mentions:
        found[mention.register.kind, mention.record_id] = (mention.called, mention.where, mention.on)
    return found


def photo_early(year: YearRecords) -> Iterator[Found]:
    """Find photos that bear a day before what they show, by their names."""
    owners = _owners(year)
    for file in year.files:
        owner = owners.get((file.record_kind, file.record_id))
        if owner is None or not file.is_photo:
            continue
        called, where, on = owner
        days = days_in(file.name)
        if days and max(days) < on:
            yield f"{called}的照片{quoted(file.name)}，名字里的日期是{max(days)}", where, on


def photo_twice(year: YearRecords) -> Iterator[Found]:
    """Find photos that are attached to more than one record, at least one of them of the year."""
    owners = _owners(year)
    joint = {meeting.id: meeting.joint_with_id for meeting in year.meetings}
    used: dict[str, list[Attachment]] = defaultdict(list)
    for file in year.files:
        if file.is_photo:
            used[file.sha256].append(file)
    for files in used.values():
        records = list({(file.record_kind, file.record_id): file for file in files}.values())
        here = [file for file in records if (file.record_kind, file.record_id) in owners]
        if len(records) < 2 or not here:
            continue
        if len(records) == 2 and _held_together(joint, records):
            continue
        named = [owners[file.record_kind, file.record_id][0] for file in here]
        elsewhere = len(records) - len(here)
        said = "、".join(named) + (f"，另外{elsewhere}条以前的或别的记录" if elsewhere else "")
        _called, where, on = owners[here[-1].record_kind, here[-1].record_id]
        yield f"照片{quoted(files[0].name)}同时用在{said}", where, on


def _held_together(joint: dict[str, str | None], records: list[Attachment]) -> bool:
    first, second = (file.record_id for file in records)
    return joint.get(first) == second or joint.get(second) == first


def register_people(year: YearRecords) -> Iterator[Found]:
    """Find rows of registers that name somebody who was not on the roster on their day."""
    for mention in year.mentions:
        for member_id in mention.member_ids:
            if why := year.out_of_roster(member_id, mention.on):
                yield f"{year.name(member_id)}{why}，记在{mention.called}里", mention.where, mention.on


def post_left(year: YearRecords) -> Iterator[Found]:
    """Find posts that go on after their holder has left."""
    for held in year.posts:
        member = year.roster.members.get(held.member_id)
        times = year.roster.stays(member) if member is not None else ()
        begun = [stay for stay in times if held.from_on is None or stay.since is None or stay.since <= held.from_on]
        until = begun[-1].until if begun else None
        if member is not None and until is not None and (held.to_on is None or held.to_on > until + ONE_DAY):
            left = until + ONE_DAY
            yield f"{member.name}{left}离开支部，{held.post.label}的职务没有免去", _post(held), left


def post_early(year: YearRecords) -> Iterator[Found]:
    """Find posts that begin before their holder was on the roster."""
    for held in year.posts:
        member = year.roster.members.get(held.member_id)
        start = first_day(year.roster.stays(member)) if member is not None else None
        if member is not None and held.from_on is not None and start is not None and held.from_on < start:
            what = f"{member.name}{held.from_on}任{held.post.label}，早于入党或转入的{start}"
            yield what, _post(held), held.from_on


def two_holders(year: YearRecords) -> Iterator[Found]:
    """Find posts of a single person that two hold at one time; the last day of the former is no overlap."""
    for post in SINGLE:
        holders = [held for held in year.posts if held.post is post]
        for first, second in combinations(holders, 2):
            start = max(first.from_on or date.min, second.from_on or date.min)
            end = min(first.to_on or date.max, second.to_on or date.max)
            if first.member_id != second.member_id and start < end:
                names = names_of(year, [first.member_id, second.member_id])
                yield f"{names}同时任{post.label}", _post(first), start if start != date.min else None


def _post(held: PostAssignment) -> Where:
    return Where("posts", "post_assignment", {"id": held.id})


def dues_left(year: YearRecords) -> Iterator[Found]:
    """Find dues of months at no day of which the member was on the roster."""
    for payment in year.payments:
        member = year.roster.members.get(payment.member_id)
        if member is None:
            continue
        for month in range(payment.from_month, payment.to_month + 1):
            first = date(payment.year, month, 1)
            if not year.roster.belongs(member, first) and (why := year.out_of_roster(member.id, month_end(first))):
                where = Where("dues", "dues_payment", {"month": first.isoformat(), "id": member.id})
                yield f"收了{member.name}{month}月的党费，{why}", where, payment.paid_on


def hours(year: YearRecords) -> Iterator[Found]:
    """Find who served more hours on a day than it has, over all activities."""
    served: dict[tuple[str, date], float] = defaultdict(float)
    places: dict[tuple[str, date], Where] = {}
    rows = (mention for mention in year.mentions if mention.register.kind == VOLUNTEERING)
    for mention in rows:
        activity = year.session.get(VolunteerActivity, mention.record_id)
        for line in activity.hours if activity is not None else ():
            served[line.member_id or "", mention.on] += line.hours or 0
            places[line.member_id or "", mention.on] = mention.where
    for (member_id, on), sum_of_day in served.items():
        if sum_of_day > HOURS_OF_A_DAY:
            yield f"{year.name(member_id)}{on}的志愿服务合计{digits(sum_of_day)}小时", places[member_id, on], on
