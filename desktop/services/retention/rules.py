"""How long personal data are kept, as `retention.toml` says it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from desktop.models.members import Member
from desktop.paths import resource
from desktop.services.toml_tables import Table, read_toml

FILE = "security/retention.toml"
_LEAP_DAY = (2, 29)


class RuleKind(StrEnum):
    """What a rule looks at; each has its function in `finding`."""

    RECYCLED = "recycled"
    LEFT_MEMBERS = "left_members"
    ARCHIVED = "archived"
    DRAFTS = "drafts"
    PACKAGES = "packages"
    FORMER_DATA = "former_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One period: of what, why it ends, what clearing does; `fields` where only these go."""

    id: str
    kind: RuleKind
    title: str
    why: str
    effect: str
    days: int
    years: int
    fields: tuple[str, ...]

    def due(self, since: date) -> date:
        """Return from which day on something may be cleared that began to wait on `since`."""
        return years_after(since, self.years) + timedelta(days=self.days)


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; of a leap day where there is none, the next."""
    if (day.month, day.day) == _LEAP_DAY:
        try:
            return day.replace(year=day.year + years)
        except ValueError:
            return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return what the program's own `retention.toml` declares.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("retention/1",), "格式")
    root.text("version")
    root.text("basis")
    rules = root.rows("rules", _rule)
    root.done()
    return tuple(rules)


def _rule(table: Table) -> Rule:
    kind = RuleKind(table.choice("kind", list(RuleKind), "种类"))
    clears = kind is RuleKind.LEFT_MEMBERS
    return Rule(
        id=table.text("id"),
        kind=kind,
        title=table.text("title"),
        why=table.text("why"),
        effect=table.text("effect"),
        days=table.integer("days", least=0, default=0),
        years=table.integer("years", least=0, default=0),
        fields=table.choices("fields", list(Member.__table__.columns.keys()), "字段") if clears else (),
    )
