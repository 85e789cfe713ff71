"""Which registers a year begins with from last year's: what is of a year, what is begun, what a new row says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from desktop.services.standards.periods import add_years

Values = Mapping[str, Any]
DECEMBER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One register whose rows of last year are begun anew."""

    kind: str
    words: str
    of_year: Callable[[Values, int], bool]
    """Whether a row is one of the year."""
    key: Callable[[Values], tuple[object, ...]]
    """What a row of the new year shares with the one it follows."""
    renew: Callable[[Values, int, date], dict[str, object]]
    """The values of the new row, from those of the old, the new year and the day of today."""
    alone: bool = False
    """Whether the only row of last year is followed by whatever the new year has, however that is called."""


def _by_year(values: Values, year: int) -> bool:
    return values.get("year") == year


def _ended_with(values: Values, year: int) -> bool:
    """Tell whether something ran until the end of the year; what was ended in its course was ended for a reason."""
    end = values.get("to_on")
    return isinstance(end, date) and (end.year, end.month) == (year, DECEMBER)


def _runs_in(values: Values, year: int) -> bool:
    """Tell whether something runs in the year at all."""
    start, end = values.get("from_on"), values.get("to_on")
    return (start is None or start.year <= year) and (end is None or end.year >= year)


def _named_anew(values: Values, year: int) -> str:
    return str(values.get("title") or "").replace(str(year - 1), str(year))


def _untimed(values: Values) -> tuple[object, ...]:
    """Return what a row is called, whichever year stands in its name."""
    return (str(values.get("title") or "").replace(str(values.get("year")), ""),)


def _duty_list(values: Values, year: int, _today: date) -> dict[str, object]:
    items = tuple(
        replace(item, due_on=item.due_on and add_years(item.due_on, 1), evidence="")
        for item in values.get("items") or ()
    )
    kept = {name: values.get(name) for name in ("level", "post", "member_id", "countersigned_by")}
    return {**kept, "title": _named_anew(values, year), "year": year, "items": items}


def _study_plan(values: Values, year: int, today: date) -> dict[str, object]:
    quarters = tuple(replace(quarter, done="") for quarter in values.get("quarters") or ())
    return {"title": _named_anew(values, year), "event_on": today, "year": year, "quarters": quarters}


def _running(values: Values, year: int, _today: date) -> dict[str, object]:
    kept = {name: value for name, value in values.items() if name not in ("from_on", "to_on")}
    return {**kept, "title": _named_anew(values, year), "from_on": date(year, 1, 1), "to_on": date(year, DECEMBER, 31)}


CARRIED: tuple[Carried, ...] = (
    Carried(
        kind="duty_list",
        words="照去年各岗的清单建成草拟，期限往后推一年，佐证清空；改好再签订。",
        of_year=_by_year,
        key=lambda values: (values.get("level"), values.get("post"), values.get("member_id")),
        renew=_duty_list,
    ),
    Carried(
        kind="study_plan",
        words="照去年的计划各建一份，分季的内容带上，完成情况清空；改成今年的内容。",
        of_year=_by_year,
        key=_untimed,
        renew=_study_plan,
        alone=True,
    ),
    Carried(
        kind="customer_assignment",
        words="去年年底到期的联系分工，从1月1日起再分一年；没有写结束日期的本来就接着，不用管。",
        of_year=_ended_with,
        key=lambda values: (values.get("title"), values.get("member_id")),
        renew=_running,
    ),
    Carried(
        kind="mentoring_pair",
        words="去年年底到期的帮带对子，从1月1日起再结一年；没有写结束日期的本来就接着，不用管。",
        of_year=_ended_with,
        key=lambda values: (values.get("member_id"), values.get("mentee")),
        renew=_running,
    ),
)


def is_of(carried: Carried, values: Values, year: int) -> bool:
    """Tell whether a row belongs to `year`, the year it would be renewed for."""
    return _by_year(values, year) if carried.of_year is _by_year else _runs_in(values, year)
