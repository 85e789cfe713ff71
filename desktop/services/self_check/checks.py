"""The table of checks: what contradicts what, how much it matters, how it is mended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from desktop.models.vocabulary.self_check import Severity
from desktop.services.self_check import meetings, people
from desktop.services.self_check.records import YearRecords
from desktop.services.standards.verdict import Where

Finder = Callable[[YearRecords], "Iterator[Found]"]
Found = tuple[str, Where, date | None]
"""What is wrong, in words; the place of the record to look at; its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its name, how much its findings matter, how they are mended, the verb that leads there."""

    id: str
    title: str
    severity: Severity
    mend: str
    verb: str
    find: Finder


def _meeting(check: str, title: str, severity: Severity, mend: str, find: Finder) -> Check:
    return Check(id=check, title=title, severity=severity, mend=mend, verb="看会议", find=find)


WRONG, DOUBT, NOTE = Severity.WRONG, Severity.DOUBT, Severity.NOTE
CONFIRMED = "已经确认的会议用“更正”补一条，写明原来怎样、应当怎样"

CHECKS: tuple[Check, ...] = (
    _meeting(
        "two_places", "一人同时在两处", WRONG, f"核对两次会的时间和出席，改错的那一处；{CONFIRMED}", meetings.two_places
    ),
    _meeting(
        "votes_numbers", "表决的数字前后矛盾", WRONG, f"照原始记录改票数或结果；{CONFIRMED}", meetings.vote_numbers
    ),
    _meeting(
        "votes_roster",
        "表决人数和名册、出席不一致",
        DOUBT,
        f"核对应到会有表决权的人数和实到，改表决或改出席；{CONFIRMED}",
        meetings.vote_roster,
    ),
    _meeting(
        "chair_absent",
        "主持人、记录人没有到会",
        WRONG,
        f"改主持人、记录人，或者改出席；{CONFIRMED}",
        meetings.chair_absent,
    ),
    _meeting(
        "speaker_absent",
        "没有到会的人有发言、主讲",
        WRONG,
        f"改发言人、主讲人，或者改出席；{CONFIRMED}",
        meetings.speaker_absent,
    ),
    _meeting(
        "not_on_roster",
        "出席的人当天不在名册上",
        WRONG,
        "核对入党、转入、离开的日期和会议日期，哪个错改哪个",
        meetings.not_on_roster,
    ),
    _meeting("not_recorded", "已确认的会议缺主持人、记录人或出席", DOUBT, CONFIRMED, meetings.not_recorded),
    _meeting(
        "alike",
        "两次会议的记录几乎一样",
        DOUBT,
        "照当时的实际情况分别写清；确实是同一次会的删掉一条",
        meetings.alike_minutes,
    ),
    _meeting("tasks", "任务的日期早于会议", DOUBT, f"核对任务的期限和完成日期；{CONFIRMED}", meetings.tasks),
    _meeting("day_off", "会议在周末或者放假的日子", NOTE, "确实那天开的不用改；日期写错的改日期", meetings.day_off),
    Check(
        id="not_studied",
        title="必学内容过了时限没有学",
        severity=DOUBT,
        mend="学过没记的补记那次会议；记录里换了说法的，在“必学内容”的“认的词”写上；自学的填“另外学过的日期”",
        verb="记会议",
        find=meetings.not_studied,
    ),
    Check(
        id="photo_early",
        title="照片早于会议",
        severity=DOUBT,
        mend="看照片是不是别的会的，拿错的换掉；会议日期写错的改日期",
        verb="看记录",
        find=people.photo_early,
    ),
    Check(
        id="photo_twice",
        title="同一张照片用在两条记录里",
        severity=DOUBT,
        mend="留在真正的那一条，另一条删掉，有原照片的换上",
        verb="看记录",
        find=people.photo_twice,
    ),
    Check(
        id="register_people",
        title="台账里的人当天不在名册上",
        severity=DOUBT,
        mend="核对人和日期，选错人的改人，写错日期的改日期",
        verb="看记录",
        find=people.register_people,
    ),
    Check(
        id="post_left",
        title="离开的人还担任职务",
        severity=WRONG,
        mend="在“队伍 > 班子和职务”里免去职务，写实际的免职日期",
        verb="看职务",
        find=people.post_left,
    ),
    Check(
        id="post_early",
        title="任职早于入党、转入",
        severity=DOUBT,
        mend="核对任职日期和入党、转入日期",
        verb="看职务",
        find=people.post_early,
    ),
    Check(
        id="two_holders",
        title="同一职务同时有两个人",
        severity=WRONG,
        mend="给前一任填免职日期",
        verb="看职务",
        find=people.two_holders,
    ),
    Check(
        id="dues_left",
        title="收了不在名册上的月份的党费",
        severity=DOUBT,
        mend="核对是哪一个月、哪一个人的；收错的删掉，转接的按介绍信的“党费交至”改",
        verb="看党费",
        find=people.dues_left,
    ),
    Check(
        id="hours",
        title="一人一天的志愿服务超过24小时",
        severity=WRONG,
        mend="核对日期和时长，同一次活动记了两遍的删掉一条",
        verb="看记录",
        find=people.hours,
    ),
)
"""In the order in which they are told."""
