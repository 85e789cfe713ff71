"""The dates that bind headquarters next: until when a published result may be appealed, and when a quarter closes."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.vocabulary.race import RacePeriodState
from desktop.services.race.appeals import AppealService
from desktop.services.race.editions import period_name, race_span
from desktop.services.race.rows import PeriodRow
from desktop.services.race.service import RaceService

if TYPE_CHECKING:
    from desktop.services.reporting_due import Due
    from desktop.services.store import Store


def binding_dates(store: "Store", due: "Due") -> str:
    """Say what binds in the year of `due`: 2026年三季度10月20日公布，申诉收到10月27日为止；2026年四季度1月10日封账.

    "" where nothing of that year binds any more.
    """
    rows = RaceService(store).periods()
    closed = {row.period for row in rows if row.state is not RacePeriodState.OPEN}
    return "；".join((*_published(store, due.year, rows), *_closing(due, store.today, closed)))


def _published(store: "Store", year: int, rows: Sequence[PeriodRow]) -> Iterator[str]:
    """Give until when the newest result of a year that is published and not final may be appealed."""
    for row in rows:
        if race_span(row.period).first.year != year or row.published_on is None or row.state is RacePeriodState.FINAL:
            continue
        window = AppealService(store).window(row.period)
        if window is not None:
            over = store.today > window.last
            told = f"申诉期{_day(window.last)}已满，没有申诉的可以定案" if over else f"申诉收到{_day(window.last)}为止"
            yield f"{row.period_name}{_day(row.published_on)}公布，{told}"
        return


def _closing(due: "Due", today: date, closed: Collection[str]) -> Iterator[str]:
    """Give when the quarter closes that people wait for, or the one after it; neither of a year that is long over.

    One that is closed already, before its day or by a clock that was ahead, gives way to the next that is not.
    """
    span = race_span(due.period)
    days = due.closes_on - span.last
    if today > due.closes_on:
        span = race_span(span.after)
    if today > span.last + days:
        return
    while span.code in closed:
        span = race_span(span.after)
    yield f"{period_name(span.code)}{_day(span.last + days)}封账"


def _day(on: date) -> str:
    return f"{on.month}月{on.day}日"
