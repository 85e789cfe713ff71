"""The box at the top of the window in which the year in view is chosen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.ui.widgets.fields import Choice

if TYPE_CHECKING:
    from desktop.ui.page import Desk

YEARS_BACK = 4  # offered in any case, records or not
WIDTH = 96


class YearBox(Choice):
    """Turns the desk to the year chosen, and follows it where a page turned it."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__("年份", width=WIDTH)
        self._desk, self._years = desk, list[int]()
        self.offer(())
        self.currentIndexChanged.connect(lambda _index: desk.set_year(self.value()))
        desk.year_changed.connect(self._follow)

    def _follow(self, year: int) -> None:
        """Show the year a page turned to, one of which there is no record yet too."""
        if year not in self._years:
            self.offer(self._years)
        self.set_value(year)

    def offer(self, on_record: Sequence[int]) -> None:
        """Offer this year and some before it, the year in view, and those of which there are records."""
        this_year = self._desk.store.today.year
        always = range(this_year, this_year - YEARS_BACK, -1)
        years = sorted({*always, *on_record, self._desk.year}, reverse=True)
        if years != self._years:
            self._years = years
            self.set_options([(year, f"{year} 年") for year in years], self._desk.year)
