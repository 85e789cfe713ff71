"""Of which branch and year something is asked, and what else the services of the standard ask for."""

from datetime import date
from typing import TYPE_CHECKING

from desktop.services.errors import Input, InvalidInput

if TYPE_CHECKING:
    from desktop.services.store import Store

BRANCH = Input("branch", "支部")
YEAR = Input("year", "年度")
INSPECTED_ON = Input("on", "检查日期")
ITEM = Input("item", "条目")
CRITERION = Input("criterion", "质量标准")
FIRST_YEAR, LAST_YEAR = 1949, 2199


def branch_of(store: "Store", branch_id: str | None) -> str:
    """Return the branch asked for; in a branch store its own unless told.

    Raises:
        InvalidInput: headquarters must name one.
    """
    if branch_id is not None:
        return branch_id
    if store.is_headquarters:
        raise InvalidInput(BRANCH, "请指明是哪个支部")
    return store.branch_id


def day_and_year(store: "Store", on: date | None, year: int | None) -> tuple[date, int]:
    """Return the day asked for (today) and the year (that of the day).

    Raises:
        InvalidInput: no year the program knows.
    """
    day = on or store.today
    of_year = day.year if year is None else year
    if not FIRST_YEAR <= of_year <= LAST_YEAR:
        raise InvalidInput(YEAR, "超出范围")
    return day, of_year


def headquarters_only(store: "Store", what: str) -> None:
    """Refuse what a branch may not do.

    Raises:
        InvalidInput: this store is a branch's.
    """
    if not store.is_headquarters:
        raise InvalidInput(Input("store", what), "由市公司办理")
