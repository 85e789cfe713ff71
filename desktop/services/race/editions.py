"""Which edition of the scheme a race runs by, and the periods it is run for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.standards import StandardPack
from desktop.models.vocabulary.stores import StandardKind
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.race.scheme import Scheme, default_scheme, read_scheme
from desktop.services.standards.editions import edition_on
from desktop.services.standards.periods import quarter_name

PERIOD = Input("period", "评比周期")
_PERIOD = re.compile(r"([0-9]{4})(?:[Qq]([1-4]))?")


@dataclass(frozen=True, slots=True)
class RaceSpan:
    """A period of the race: a quarter (2026Q3) or the year (2026), its days and how people say it."""

    code: str
    first: date
    last: date

    @property
    def name(self) -> str:
        """Return 2026年三季度."""
        return period_name(self.code)

    @property
    def before(self) -> str:
        """Return the code of the period before."""
        day = self.first - timedelta(days=1)
        return quarter_of(day) if "Q" in self.code else str(day.year)

    @property
    def after(self) -> str:
        """Return the code of the period after."""
        day = self.last + timedelta(days=1)
        return quarter_of(day) if "Q" in self.code else str(day.year)

    @property
    def whole(self) -> str:
        """Return the code of the year it is of, or is."""
        return str(self.first.year)

    @property
    def quarters(self) -> tuple[str, ...]:
        """Return the quarters a year's race counts with; none for a quarter."""
        return () if "Q" in self.code else tuple(f"{self.code}Q{number}" for number in range(1, 5))


def race_span(period: str) -> RaceSpan:
    """Return the period written `period`.

    Raises:
        InvalidInput: it is neither a quarter like 2026Q3 nor a year like 2026.
    """
    found = _PERIOD.fullmatch(period.strip())
    if found is None:
        raise InvalidInput(PERIOD, "写成年份加季度，如2026Q3；年度写成2026", value=period)
    year = int(found[1])
    if not 2000 <= year <= 2100:
        raise InvalidInput(PERIOD, "年份超出范围", value=period)
    if found[2] is None:
        return RaceSpan(str(year), date(year, 1, 1), date(year, 12, 31))
    quarter = int(found[2])
    following = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return RaceSpan(f"{year}Q{quarter}", date(year, quarter * 3 - 2, 1), following - timedelta(days=1))


def begun_span(period: str, today: date, asked: Input = PERIOD) -> RaceSpan:
    """Return the period written `period` in the field `asked`, of which there is something to look at.

    Raises:
        InvalidInput: it is no period, or has not begun by `today`.
    """
    span = race_span(period)
    if span.first > today:
        raise InvalidInput(asked, f"{span.name}还没有开始")
    return span


def period_order(period: str) -> tuple[date, bool]:
    """Return what sorts periods by time; a year comes after its last quarter."""
    return race_span(period).last, "Q" not in period


def period_name(period: str) -> str:
    """Say a period as people do: 2026Q3 → 2026年三季度, 2026 → 2026年度."""
    year, _, quarter = period.partition("Q")
    return f"{year}年{quarter_name(int(quarter))}" if quarter else f"{year}年度"


def period_names(periods: Sequence[str]) -> str:
    """Say quarters of one year in one go: 2026年一季度、二季度."""
    first, *others = periods
    return "、".join((period_name(first), *(quarter_name(int(code[-1])) for code in others)))


def ended_last(today: date) -> str:
    """Return the quarter that ended last."""
    return race_span(quarter_of(today)).before


def ended_quarters(today: date) -> tuple[str, ...]:
    """Return the quarters of one year that are over, up to the one that ended last: in January all of last year."""
    last = ended_last(today)
    return tuple(code for code in race_span(last[:4]).quarters if code <= last)


def quarter_of(day: date) -> str:
    """Return the quarter a day is in."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_in_view(today: date, year: int) -> str:
    """Return the quarter of a year that people speak of: the one that ended last, or its first while none has."""
    return f"{year}Q4" if year < today.year else max(ended_last(today), f"{year}Q1")


def scheme_in_force(session: Session, on: date) -> Scheme:
    """Return the edition of the scheme that held on `on`; the program's own where the store keeps none.

    Raises:
        PackInvalid: the edition in the store breaks the schema.
    """
    try:
        row = edition_on(session, StandardKind.HORSE_RACE, on)
    except NotFound:
        return default_scheme()
    return read_scheme(row.text, f"{row.kind}-{row.version}.toml")


def scheme_of_version(session: Session, version: str) -> Scheme:
    """Return the edition a stored result was made by; the one in force if that edition is gone."""
    kind = StandardKind.HORSE_RACE
    text = session.scalar(select(StandardPack.text).where(StandardPack.kind == kind, StandardPack.version == version))
    return read_scheme(text, f"{kind}-{version}.toml") if text else default_scheme()
