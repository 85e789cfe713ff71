"""The rules of the points of members (积分办法): read from `member_points.toml`, every field asked for and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from desktop.services.errors import PackInvalid
from desktop.services.toml_tables import Table, read_toml, refuse_twice

BASE, CONTRIBUTION = "base", "contribution"
GROUPS = (BASE, CONTRIBUTION)
ATTENDANCE, PER_EVENT, PER_YEAR, RATED = "attendance_ratio", "per_event", "per_year", "rated"
RATIO, HOURS, MONTH_RATIO, MAP = "ratio", "hours", "month_ratio", "map"
KINDS = (ATTENDANCE, PER_EVENT, PER_YEAR, RATED, RATIO, HOURS, MONTH_RATIO, MAP)
REWARD, DEDUCTION, VETO = "reward", "deduction", "veto"
RECENT = "recent"
AS_IT_HAPPENS = (PER_EVENT, HOURS)
"""Kinds that give points for each thing that happens; the others judge once there is something to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; `kind` says how it counts: a kind of the categories, or reward, deduction, veto.

    `sources` are what the program finds by itself; a rule nothing is found for lives by claims alone.
    """

    id: str
    name: str
    kind: str
    points: Fraction = Fraction(0)
    sources: tuple[str, ...] = ()
    cap: Fraction | None = None
    full_at: Fraction = Fraction(1)
    zero_at: Fraction = Fraction(0)
    full_hours: int = 0
    scale_max: int = 0
    by_choice: Mapping[str, Fraction] = field(default_factory=dict)
    neutral: frozenset[str] = frozenset()
    needs_outcome: bool = False
    unit: str = ""
    max_level: str = ""
    months: int = 0


@dataclass(frozen=True, slots=True)
class Category:
    """A category of rules with the most it gives in a year."""

    id: str
    group: str
    name: str
    cap: Fraction
    rules: tuple[Rule, ...]

    @property
    def judged(self) -> bool:
        """Whether most of it is judged at a time: with nothing to judge yet it is not due (未到期), and no zero."""
        counted = sum(
            (rule.points if rule.cap is None else rule.cap) for rule in self.rules if rule.kind in AS_IT_HAPPENS
        )
        return sum(rule.points for rule in self.rules if rule.kind not in AS_IT_HAPPENS) > counted


@dataclass(frozen=True, slots=True)
class Level:
    """A level from `least` points on; at most `max_ratio` of those who are ranked have it."""

    id: str
    name: str
    least: Fraction
    max_ratio: Fraction | None = None
    follow_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exemption:
    """Who is not ranked: a circumstance of the roster that has held so many months."""

    reason: str
    flag: str
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsScheme:
    """All rules of the points of a year. Levels run from the highest to the lowest."""

    version: str
    title: str
    base_total: Fraction
    contribution_total: Fraction
    regular_total: Fraction
    reward_cap: Fraction
    floor: Fraction
    publish_workdays: int
    claim_within_days: int
    same_event_once: bool
    prorate_months: bool
    levels: tuple[Level, ...]
    categories: tuple[Category, ...]
    rewards: tuple[Rule, ...]
    deductions: tuple[Rule, ...]
    vetoes: tuple[Rule, ...]
    exemptions: tuple[Exemption, ...]
    exempt_reasons: tuple[str, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules in the order of the file."""
        own = tuple(rule for category in self.categories for rule in category.rules)
        return (*own, *self.rewards, *self.deductions, *self.vetoes)

    def rule(self, rule_id: str) -> Rule | None:
        """Return a rule; None for one this edition does not have."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def level(self, level_id: str) -> Level | None:
        """Return a level; None for one this edition does not have."""
        return next((level for level in self.levels if level.id == level_id), None)


def read_points(
    source: str | bytes, file: str = "member_points.toml", faults: list[PackInvalid] | None = None
) -> PointsScheme:
    """Return the rules of a points file; with `faults` as `parse_pack`.

    Raises:
        PackInvalid: with item, field and reason.
    """
    root = read_toml(source, file, faults=faults)
    root.choice("rounding", ("half_up_1",), "取整方式")
    flow, against, exempt = root.table("workflow"), root.table("anti_trace"), root.table("exemptions")
    outcome = frozenset(against.texts("outcome_required_categories", ()))
    levels = root.rows("levels", _level)
    known = frozenset(level.id for level in levels)
    categories = root.rows("categories", lambda table: _category(table, outcome))
    rewards = root.rows("rewards", lambda table: _plain(table, REWARD), least=0)
    deductions = root.rows("deductions", lambda table: _plain(table, DEDUCTION), least=0)
    vetoes = root.rows("vetoes", lambda table: _veto(table, known), least=0)
    ordered = sorted(levels, key=lambda level: level.least, reverse=True)
    if not ordered or ordered[-1].least > 0:
        root.refuse("levels", "最低一档要从0分起", whole=True)
    scheme = PointsScheme(
        version=root.text("version"),
        title=root.text("title", "党员积分管理办法"),
        base_total=root.number("base_total"),
        contribution_total=root.number("contribution_total"),
        regular_total=root.number("regular_total"),
        reward_cap=root.number("reward_cap"),
        floor=root.number("floor"),
        publish_workdays=flow.integer("publish_workdays", 1),
        claim_within_days=flow.integer("claim_within_days", 1),
        same_event_once=against.yes_no("same_event_once", True),
        prorate_months=exempt.yes_no("prorate_months", False),
        levels=tuple(ordered),
        categories=categories,
        rewards=rewards,
        deductions=deductions,
        vetoes=vetoes,
        exemptions=exempt.rows("when", _exemption, key="flag", least=0),
        exempt_reasons=exempt.texts("reasons", ()),
    )
    refuse_twice((root, rule.id) for rule in scheme.rules)
    return scheme


def _level(table: Table) -> Level:
    return Level(
        id=table.text("id"),
        name=table.text("name"),
        least=table.number("min"),
        max_ratio=table.share("max_ratio") if table.has("max_ratio") else None,
        follow_up=table.texts("follow_up", ()),
    )


def _category(table: Table, outcome: frozenset[str]) -> Category:
    category_id = table.text("id")
    table.text("key")
    return Category(
        id=category_id,
        group=table.choice("group", GROUPS, "积分部分"),
        name=table.text("name"),
        cap=table.number("cap"),
        rules=table.rows("rules", lambda rule: _rule(rule, category_id in outcome)),
    )


def _rule(table: Table, outcome: bool) -> Rule:
    rule_id, name, kind = table.text("id"), table.text("name"), table.choice("kind", KINDS, "计分方式")
    if table.lost():
        return Rule(id=rule_id, name=name, kind=kind)
    if kind == ATTENDANCE:
        full, zero = table.share("full_at"), table.share("zero_at")
        if zero >= full:
            table.refuse("zero_at", "应小于 full_at", whole=True)
        meetings = table.texts("meetings")
        return Rule(
            id=rule_id,
            name=name,
            kind=kind,
            points=table.number("full_points"),
            sources=tuple(f"meeting:{each}" for each in meetings),
            full_at=full,
            zero_at=zero,
            neutral=frozenset(table.texts("neutral_reasons", ())),
        )
    choices: dict[str, Fraction] = {}
    if kind == MAP:
        options = table.table("map", rule_id)
        choices = {choice: options.number(choice) for choice in options.names()}
    for said in ("confirm", "rater"):
        table.text(said, "")
    by_outcome = table.text("evidence", "") == "outcome"
    return Rule(
        id=rule_id,
        name=name,
        kind=kind,
        points=max(choices.values(), default=Fraction(0)) if kind == MAP else table.number("points"),
        sources=(table.text("source"),),
        cap=table.number("cap") if table.has("cap") else None,
        full_hours=table.integer("full_hours", 1) if kind == HOURS else 0,
        scale_max=table.integer("scale_max", 1) if kind == RATED else 0,
        by_choice=choices,
        needs_outcome=outcome or by_outcome,
    )


def _plain(table: Table, kind: str) -> Rule:
    points = Fraction(table.decimal("points"))
    if (points < 0) is not (kind == DEDUCTION):
        table.refuse("points", "扣分应小于0" if kind == DEDUCTION else "奖励应大于0")
    source = table.text("auto_source", "")
    return Rule(
        id=table.text("id"),
        name=table.text("name"),
        kind=kind,
        points=points,
        sources=(source,) if source else (),
        unit=table.text("unit", ""),
        needs_outcome=kind == REWARD,
    )


def _veto(table: Table, levels: frozenset[str]) -> Rule:
    source = table.text("auto_source", "")
    return Rule(
        id=table.text("id"),
        name=table.text("name"),
        kind=VETO,
        sources=(source,) if source else (),
        max_level=table.choice("max_level", levels, "等次"),
        months=table.integer("months", 1) if table.has("months") else 0,
    )


def _exemption(table: Table) -> Exemption:
    return Exemption(table.text("reason"), table.text("flag"), table.integer("months", 0, 0))
