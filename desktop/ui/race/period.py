"""The period in view on the race pages of headquarters, shared between their tabs."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from desktop.services.race.editions import ended_last, period_name, period_order
from desktop.services.race.periods import periods_kept
from desktop.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from desktop.services.store import Store
    from desktop.ui.page import Desk, Page

QUARTERS_BACK = 7
PERIOD_WIDTH = 132


class PeriodInView:
    """Which period the race pages look at: at first the quarter that ended last."""

    def __init__(self, store: "Store") -> None:
        self.store, self.code = store, ended_last(store.today)
        self.kept: frozenset[str] = frozenset()
        """The periods with records, as far as they were read."""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The periods that can be looked at: the latest, those with records, and the one in view."""
        return choices(self.store.today, {*self.kept, self.code})

    def learn(self, page: "Page", then: Callable[[], None]) -> None:
        """Read which periods have records; `then` follows here."""

        def learnt(kept: frozenset[str]) -> None:
            self.kept = kept
            then()

        page.read(lambda: periods_kept(self.store), learnt)


class PeriodChoice(Choice):
    """The drop-down of a page that looks at the period in view; every period with records can be chosen."""

    def __init__(self, page: "Page", view: PeriodInView, width: int) -> None:
        super().__init__("评比周期", view.choices, view.code, width=width)
        self._page, self._view = page, view

    def follow(self) -> None:
        """Name the period in view, and learn which older ones have records."""
        self._offer()
        self._view.learn(self._page, self._offer)

    def _offer(self) -> None:
        offered = self._view.choices
        if [code for code, _ in offered] != list(self.values()):
            self.set_options(offered, self._view.code)
        elif self.value() != self._view.code:
            self.set_value(self._view.code)


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


def choices(today: date, more: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the periods that can be looked at, newest first: the running quarter, those before it, the years; and
    `more` that are older.
    """
    number = today.year * 4 + (today.month - 1) // 3
    codes: list[str] = []
    for back in range(number, number - QUARTERS_BACK, -1):
        year, quarter = back // 4, back % 4 + 1
        codes.append(f"{year}Q{quarter}")
        if quarter == 1:
            codes.append(str(year - 1))
    codes.insert(0, str(today.year))
    ordered = sorted({*codes, *more}, key=period_order, reverse=True)
    return [(code, period_name(code)) for code in ordered]


def year_choices(offered: Sequence[tuple[str, str]], in_view: str) -> list[tuple[str, str]]:
    """Return the years of these periods for what is told of a whole year; that of `in_view` stands for it as it is."""
    years = dict.fromkeys(code[:4] for code, _name in offered)
    return [(in_view if year == in_view[:4] else year, f"{year}年") for year in sorted({*years, in_view[:4]})[::-1]]
