"""The year before, whole: what a branch that does everything in time has on 31 December (2025)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from installer.samples.registers import Cells, Team, event

BEFORE = 2025
STANDING = (
    "venue", "brand", "pairing", "mentoring_pair", "customer_assignment", "party_customer", "disclosure_item",
)  # fmt: skip
"""Lists that go on from year to year: a line of them is there once, since the year before."""
ONLY_NOW = (
    "transfer", "activist_review", "cadre_selection", "cadre_training", "cadre_review", "cadre_assessment",
    "talent_pool", "superior_task", "method_spread", "article", "role_model_study", "brand_activity",
)  # fmt: skip
RENAMED = {
    "送货提前预约": "雨天送货加防水膜", "办证代办点进乡镇": "烟区便民打印点", "党建+终端服务": "党建+明码标价",
    "党建+机关下柜台": "党建+机关听诉求", "党建+队所普法": "党建+队所守市场",
    "城区客服": "乡镇客服", "缩短新办证客户首单时间": "压缩补货等待时间", "希望早送货": "希望固定送货日",
}  # fmt: skip
_LAST_QUARTER = date(BEFORE, 12, 11)
_HOLIDAYS = ((date(2025, 1, 28), date(2025, 2, 4)), (date(2025, 4, 4), date(2025, 4, 6)),
             (date(2025, 5, 1), date(2025, 5, 5)), (date(2025, 5, 31), date(2025, 6, 2)),
             (date(2025, 10, 1), date(2025, 10, 8)))  # fmt: skip


def open_day(day: date) -> date:
    """Return the day, or the next on which people of 2025 were at work."""
    while day.weekday() > 4 or any(first <= day <= last for first, last in _HOLIDAYS):
        day += timedelta(days=1)
    return day


def with_the_year_before(year: dict[str, list[Cells]], team: Team) -> dict[str, list[Cells]]:
    """Return the rows of the running year after those of the year before; standing lists since the year before."""
    last = _fourth_quarter(year, team)
    both = {}
    for kind, rows in year.items():
        if kind in STANDING:
            both[kind] = [_earlier(kind, row) for row in rows]
        elif kind in ONLY_NOW:
            both[kind] = rows
        elif kind == "role_model":  # another member each year
            both[kind] = [*(_of(row, team.names[5], team.names[6]) for row in rows), *rows]
        else:
            both[kind] = [*(_earlier(kind, row) for row in rows), *last.get(kind, ()), *rows]
    return both


def _earlier(kind: str, row: Cells) -> Cells:
    """Return a row as it was a year before."""
    return {name: _value(value, kind, name) for name, value in row.items()}


def _of(row: Cells, now: str, then: str) -> Cells:
    """Return a row as it was a year before, of somebody else."""
    return {
        name: value.replace(now, then) if isinstance(value, str) else value
        for name, value in _earlier("role_model", row).items()
    }


def _value(value: Any, kind: str, name: str) -> Any:
    if isinstance(value, date):
        earlier = value.replace(year=value.year - 1)
        return open_day(earlier) if name == "event_on" else earlier
    if isinstance(value, str):
        for now, then in RENAMED.items():
            value = value.replace(now, then)
        return value.replace("2026", "2025").replace("|年度回顾|", "|年度回顾|完成")
    if name == "year":
        return BEFORE
    return value


def _fourth_quarter(year: dict[str, list[Cells]], team: Team) -> dict[str, list[Cells]]:
    """Return what is written down from October to December."""
    latest: dict[str, list[Cells]] = {}
    for kind in (
        "contact_visit", "supervision_review", "opinion_round", "customer_visit", "party_affairs_publicity",
        "security_check", "notice_board_update",
    ):  # fmt: skip
        rows = year[kind]
        newest = max(row["event_on"] for row in rows)
        latest[kind] = [_moved(kind, row) for row in rows if row["event_on"] == newest]
    latest["venue_use"] = [
        {**_earlier("venue_use", row), "event_on": open_day(date(BEFORE, month, row["event_on"].day))}
        for month in (10, 11, 12)
        for row in year["venue_use"]
        if row["event_on"].month == 9
    ]
    latest["duty_check"] = [
        {
            **_earlier("duty_check", row),
            "event_on": date(BEFORE, 12, 29),
            "title": f"{row['title'][:-5]}全年对账",
        }
        for row in year["duty_check"]
    ]
    latest["exchange_activity"] = [
        event(date(BEFORE, 11, 6), "座谈会：晒一晒今年的一件事", kind="座谈会", place="党员活动室",
              attended=len(team.names) - 1, gain="定下明年各组一件事。")
    ]  # fmt: skip
    latest["volunteer_activity"] = [
        {**_earlier("volunteer_activity", year["volunteer_activity"][0]), "event_on": date(BEFORE, 12, 4),
         "title": "宪法日普法进集市"}
    ]  # fmt: skip
    latest["work_summary"] = [
        event(date(BEFORE, 12, 26), "2025年支部工作总结", kind="年度总结", reported_on=date(BEFORE, 12, 30))
    ]
    latest["brand_review"] = [
        event(
            date(BEFORE, 12, 19), "品牌年度评估", brand_id=year["brand"][0]["title"], finding="目标过半，乡镇点明年补。"
        )
    ]
    latest["dues_publicity"] = [
        event(date(BEFORE, 12, 29), "2025年党费收缴使用公布", period="2025年", collected_fen=19724.8,
              remitted_fen=19724.8, used_fen=2400)
    ]  # fmt: skip
    latest["budget_review"] = [
        event(
            date(BEFORE, 12, 30), "经费全年核对", budget_fen=18000, spent_fen=16920, purpose="教育培训、图书、走访慰问"
        )
    ]
    latest["training_record"] = [
        event(date(BEFORE, 11, 18), "支委冬季培训班", organiser="县局", centralised="是",
              participants="\n".join(f"{name}|16" for name in team.committee)),
        event(date(BEFORE, 11, 20), "党员冬训", organiser="县局", centralised="是",
              participants="\n".join(f"{name}|8" for name in team.names)),
    ]  # fmt: skip
    return latest


def _moved(kind: str, row: Cells) -> Cells:
    """Return a row of the third quarter as it was in the fourth of the year before."""
    opinions = row.get("opinions")
    moved = {**_earlier(kind, row), "event_on": open_day(_LAST_QUARTER)}
    if kind == "opinion_round" and opinions:
        text, source, owner = str(opinions).split("|")[:3]
        due, replied = _LAST_QUARTER + timedelta(days=20), _LAST_QUARTER + timedelta(days=9)
        moved["opinions"] = f"{text}|{source}|{owner}|{due}|{replied}"
    if "approved_on" in moved:
        moved["approved_on"] = _LAST_QUARTER - timedelta(days=2)
    moved["title"] = str(moved["title"]).replace("第3", "第4")
    return moved


SURVEYED = ("D2-04", "D7-02", "D7-03", "D7-05")
"""Items whose surveys are counted from the registers: nobody types them twice."""
NOT_YET = {
    BEFORE: ("D3-08", "D4-06", "D4-07", "D5-06"),
    BEFORE + 1: ("D3-08", "D4-06", "D4-07"),
}
"""What cannot be judged by a branch that is honest: held only in the next year, no race yet, no points kept."""


def rating_rows(criteria: Iterable[tuple[str, int, str]], years: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    """Yield what the branch holds its own work to be worth: year, item, criterion, level or counts, ground."""
    grounds = {"rating": "支委会逐条对照记录、问过当事人", "site": "书记带队现场看过", "survey": "测评表汇总"}
    for year in years:
        for turn, (item, number, how) in enumerate(criteria):
            if item in NOT_YET[year] or (how == "survey" and item in SURVEYED):
                continue
            value = f"{20 + turn % 3}/22" if how == "survey" else ("4", "4", "3.5", "4")[turn % 4]
            yield year, item, str(number), value, grounds[how]
