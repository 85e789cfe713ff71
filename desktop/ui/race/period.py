"""The period in view on the race pages of headquarters, shared between their tabs."""

from datetime import date
from typing import TYPE_CHECKING

from desktop.services.race.editions import ended_last, period_name

if TYPE_CHECKING:
    from desktop.services.store import Store
    from desktop.ui.page import Desk, Page

QUARTERS_BACK = 7
PERIOD_WIDTH = 132


class PeriodInView:
    """Which period the race pages look at: at first the quarter that ended last."""

    def __init__(self, store: "Store") -> None:
        self.code = ended_last(store.today)


def look_at(desk: "Desk", code: str) -> bool:
    """Put another period in view for every page that shares it; False if it is in view already."""
    view = desk.service(PeriodInView)
    if code == view.code:
        return False
    view.code = code
    desk.turned()
    return True


def turn_to(page: "Page", code: str | None) -> None:
    """Let `page` read the period that was chosen on it now, and the others that share it when they are next shown."""
    if code is not None and look_at(page.desk, code):
        page.loaded_generation = page.desk.generation
        page.reload()


def choices(today: date) -> list[tuple[str, str]]:
    """Return the periods that can be looked at, newest first: the running quarter, those before it, the years."""
    number = today.year * 4 + (today.month - 1) // 3
    codes: list[str] = []
    for back in range(number, number - QUARTERS_BACK, -1):
        year, quarter = back // 4, back % 4 + 1
        codes.append(f"{year}Q{quarter}")
        if quarter == 1:
            codes.append(str(year - 1))
    codes.insert(0, str(today.year))
    return [(code, period_name(code)) for code in codes]


def year_choices(today: date, in_view: str) -> list[tuple[str, str]]:
    """Return the years of these periods for what is told of a whole year; that of `in_view` stands for it as it is."""
    years = dict.fromkeys(code[:4] for code, _name in choices(today))
    return [(in_view if year == in_view[:4] else year, f"{year}年") for year in sorted({*years, in_view[:4]})[::-1]]
