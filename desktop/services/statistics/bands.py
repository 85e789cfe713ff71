"""By what members are counted: bands of age and of admission, groups of education (member_statistics.toml)."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from desktop.paths import resource
from desktop.services.toml_tables import read_toml

FILE = "standards/member_statistics.toml"


@dataclass(frozen=True, slots=True)
class Bands:
    """What the file says."""

    age_last: tuple[int, ...]
    admitted: tuple[tuple[str, date], ...]
    education: tuple[tuple[str, str], ...]
    birthday_notice_days: int

    def age(self, years: int) -> str:
        """Return the band an age lies in: 31–35 岁."""
        first = 0
        for last in self.age_last:
            if years <= last:
                return f"{first}—{last}岁" if first else f"{last}岁及以下"
            first = last + 1
        return f"{first}岁及以上"

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
        root.integers("age_last"),
        tuple((table.text("name"), table.day("last")) for table in root.tables("admitted", key="name")),
        tuple((table.text("name"), table.text("first")) for table in root.tables("education", key="name")),
        root.integer("birthday_notice_days"),
    )
    root.text("basis")
    root.done()
    return bands
