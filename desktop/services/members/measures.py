"""What the rules say of punishments and disposals (党纪处分、组织处置): how long each runs and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.services.toml_tables import Table

CHECKED = ("text", "second")
"""What a number may rest on to be told without a word of doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One kind, in months; 0 where an edition says nothing, and nothing runs by it.

    `shortest` and `longest` bound what a decision sets as term, `usual` is what it mostly is. `leaves`: whoever it
    strikes is no member any more.
    """

    shortest: int = 0
    longest: int = 0
    usual: int = 0
    effect: int = 0
    ban: int = 0
    leaves: bool = False
    checked: bool = False

    @property
    def bounds(self) -> str:
        """The terms that are allowed, in words."""
        if self.shortest and self.shortest != self.longest:
            return f"{self.shortest}至{self.longest}个月"
        return f"不超过{self.longest}个月"


def read_measures(rules: "Table") -> Mapping[str, Measure]:
    """Return what the rules say of each kind, by its id."""
    found: dict[str, Measure] = {}
    for field in ("discipline", "disposals"):
        for table in rules.tables(field) if rules.has(field) else ():
            shortest, longest = table.pair("duration_months") if table.has("duration_months") else (0, 0)
            found[table.text("id")] = Measure(
                shortest=shortest,
                longest=longest or table.integer("max_months", default=0),
                usual=table.integer("usual_months", default=0),
                effect=table.integer("effect_months", default=0),
                ban=table.integer("rejoin_ban_months", default=0),
                leaves=table.yes_no("leaves", default=False),
                checked=table.text("confidence", "") in CHECKED,
            )
    return found
