"""By what members are counted: bands of age, membership and admission, groups of education (its file: `FILE`)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from desktop.paths import resource
from desktop.services.toml_tables import read_toml

FILE = "standards/member_statistics.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """What the file says."""

    age_last: tuple[int, ...]
    standing_first: tuple[int, ...]
    admitted: tuple[tuple[str, date], ...]
    education: tuple[tuple[str, str], ...]
    birthday_notice_days: int
    course_cycle: tuple[int, int]
    rates: tuple[int, int]
    """From which rate in percent a dimension is well, and from which it is partly."""

    def tone(self, rate: float) -> str:
        """Return whether a rate is good, part or bad, as it is shown: in whole percent."""
        good, part = self.rates
        shown = round(rate)
        return "good" if shown >= good else "part" if shown >= part else "bad"

    @property
    def rate_words(self) -> str:
        """What the colours of rates say: 80 及以上绿，75 及以上黄，不到 75 红."""
        good, part = self.rates
        return f"{good} 及以上绿，{part} 及以上黄，不到 {part} 红"

    def age(self, years: int) -> str:
        """Return the band an age lies in: 31–35 岁."""
        first = 0
        for last in self.age_last:
            if years <= last:
                return f"{first}—{last}岁" if first else f"{last}岁及以下"
            first = last + 1
        return f"{first}岁及以上"

    def standing(self, years: int) -> str:
        """Return the band in which so many years of membership lie: 10—19年."""
        return next(band for first, band in reversed(self._standings) if years >= first)

    @property
    def standings(self) -> tuple[str, ...]:
        """All bands of membership, the shortest first."""
        return tuple(band for _first, band in self._standings)

    @property
    def _standings(self) -> tuple[tuple[int, str], ...]:
        firsts = self.standing_first
        bands = [(0, f"不满{firsts[0]}年")]
        bands += [(first, f"{first}—{after - 1}年") for first, after in pairwise(firsts)]
        return (*bands, (firsts[-1], f"{firsts[-1]}年及以上"))

    @property
    def ages(self) -> tuple[str, ...]:
        """All bands of age, the youngest first."""
        return tuple(dict.fromkeys(self.age(years) for years in (*self.age_last, self.age_last[-1] + 1)))

    def admitted_in(self, on: date) -> str:
        """Return the period an admission lies in."""
        return next(name for name, last in self.admitted if on <= last)

    def educated(self, code: str) -> str:
        """Return the group of a code of education, "" for a code in none."""
        return next((name for name, first in self.education if code[:1] in first), "")


@cache
def load_bands() -> Bands:
    """Return the bands of this version."""
    root = read_toml(resource(FILE).read_bytes(), FILE)
    bands = Bands(
        age_last=root.integers("age_last"),
        standing_first=root.integers("standing_first"),
        admitted=tuple((table.text("name"), table.day("last")) for table in root.tables("admitted", key="name")),
        education=tuple((table.text("name"), table.text("first")) for table in root.tables("education", key="name")),
        birthday_notice_days=root.integer("birthday_notice_days"),
        course_cycle=root.pair("course_cycle"),
        rates=(root.integer("good_rate"), root.integer("part_rate")),
    )
    root.text("basis")
    root.text("course_cycle_basis")
    root.done()
    return bands
