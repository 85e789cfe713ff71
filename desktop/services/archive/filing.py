"""How papers are filed (归档): for how long which kind is kept, as `archive.toml` says."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from desktop.paths import resource

_YEARS = re.compile(r"D(\d+)")


@dataclass(frozen=True, slots=True)
class FilingRules:
    """How papers are filed: `periods` (Y, D30, D10) by kind of record, and the letters of the category."""

    category: str
    periods: Mapping[str, str]
    names: Mapping[str, str]  # of the periods, the longest first
    personal_steps: frozenset[int]  # of admission, whose papers all go into the personal file

    def period(self, kind: str) -> str:
        """Return how long papers of a kind are kept."""
        return self.periods.get(kind, self.periods["default"])

    def years(self, period: str) -> int | None:
        """Return for how many years a period lasts; None: for ever."""
        found = _YEARS.fullmatch(period)
        return None if found is None else int(found[1])


@cache
def filing_rules() -> FilingRules:
    """Return the rules that come with the program."""
    content = tomllib.loads(resource("standards/archive.toml").read_text("utf-8"))
    periods = {kind: str(period) for kind, period in content["retention"].items()}
    personal = frozenset(int(no) for no in content["admissions"]["personal_steps"])
    return FilingRules(str(content["category"]), periods, dict(content["retention_names"]), personal)
