"""The rules of the points of members (积分办法): read from `member_points.toml`, every field asked for and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from desktop.services.errors import PackInvalid
from desktop.services.numbers import digits
from desktop.services.quoting import quoted
from desktop.services.standards.vocabulary import MEETING_KINDS
from desktop.services.toml_tables import Table, read_toml, refuse_twice

BASE, CONTRIBUTION = "base", "contribution"
GROUPS = (BASE, CONTRIBUTION)
ATTENDANCE, PER_EVENT, PER_YEAR, RATED = "attendance_ratio", "per_event", "per_year", "rated"
RATIO, HOURS, MONTH_RATIO, MAP = "ratio", "hours", "month_ratio", "map"
KINDS = (ATTENDANCE, PER_EVENT, PER_YEAR, RATED, RATIO, HOURS, MONTH_RATIO, MAP)
REWARD, DEDUCTION, VETO = "reward", "deduction", "veto"
RECENT = "recent"
FLAGS = ("long_illness", "mobile", "retired", RECENT)
"""Circumstances of the roster that exempt."""
SCHEMA = "member-points/1"
CLAIM_STATES = ("draft", "submitted", "verified", "approved", "published", "confirmed", "rejected", "revoked")
ONE_WAY: Mapping[str, tuple[str, ...]] = {
    "confirm": ("chair",),
    "rater": ("branch_committee", "members_and_masses"),
    "evidence": ("outcome",),
}
"""Fields that a rule may have, of which the program knows these values."""
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
    """All rules of the points of a year. Levels run from the highest to the lowest.

    `max_photos`: so many at one claim, 0 in editions that do not say. `sample_ratio` of the claims are compared with
    their originals before they are posted. `false_claim`: the points that one costs that was made up.
    """

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
    max_photos: int
    sample_ratio: Fraction
    false_claim: Fraction
    prorate_months: bool
    levels: tuple[Level, ...]
    categories: tuple[Category, ...]
    rewards: tuple[Rule, ...]
    deductions: tuple[Rule, ...]
    vetoes: tuple[Rule, ...]
    exemptions: tuple[Exemption, ...]
    exempt_reasons: tuple[str, ...]

    @property
    def for_false_claims(self) -> tuple[Rule, ...]:
        """What is deducted for a claim that was made up: the deductions of just so many points."""
        return tuple(rule for rule in self.deductions if rule.points == self.false_claim)

    def group_cap(self, group: str) -> Fraction:
        """Return what the categories of a group give at most, all together."""
        return sum((each.cap for each in self.categories if each.group == group), start=Fraction(0))

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
    source: str | bytes,
    file: str = "member_points.toml",
    faults: list[PackInvalid] | None = None,
    *,
    strict: bool = False,
) -> PointsScheme:
    """Return the rules of a points file; with `faults` as `parse_pack`, `strict` as `read_toml`.

    Raises:
        PackInvalid: with item, field and reason.
    """
    root = read_toml(source, file, faults=faults, strict=strict)
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
        max_photos=against.integer("max_photos_per_claim", 1) if against.has("max_photos_per_claim") else 0,
        sample_ratio=against.share("sample_ratio") if against.has("sample_ratio") else Fraction(0),
        false_claim=Fraction(against.decimal("false_claim_penalty") if against.has("false_claim_penalty") else 0),
        prorate_months=exempt.yes_no("prorate_months", False),
        levels=tuple(ordered),
        categories=categories,
        rewards=rewards,
        deductions=deductions,
        vetoes=vetoes,
        exemptions=exempt.rows("when", _exemption, key="flag", least=0),
        exempt_reasons=exempt.texts("reasons", ()),
    )
    tables = [rule for category in root.tables("categories") for rule in category.tables("rules")]
    tables += [rule for name in ("rewards", "deductions", "vetoes") for rule in root.tables(name)]
    refuse_twice((table, table.item) for table in tables)
    if strict:
        _check_rest(root, flow, against, exempt)
        _check_whole(root, exempt, scheme)
    return scheme


def _check_rest(root: Table, flow: Table, against: Table, exempt: Table) -> None:
    """Check what the program does in one way only, and leave no field unread: none says what is not done."""
    root.choice("schema", (SCHEMA,), "格式")
    root.text("pack_id")
    root.choice("cycle", ("year",), "周期")
    flow.choices("states", CLAIM_STATES, "状态")
    flow.choice("publish_per", ("quarter",), "公示周期")
    for name, value, what in (
        ("verify_post", "group_leader", "核实的人"),
        ("approve_post", "branch_committee", "审核的人"),
        ("committee_member_claims_need", "secretary", "支委的申报由谁审核"),
        ("secretary_claims_need", "superior", "书记的申报由谁审核"),
    ):
        flow.choice(name, (value,), what)
    flow.must(not flow.yes_no("self_approval_allowed"), "self_approval_allowed", "自己的积分不能自己审核，应为 false")
    against.must(against.yes_no("text_length_scores_nothing"), "text_length_scores_nothing", "字数从不计分，应为 true")
    if root.has("effective_from"):
        root.day("effective_from")
    for table in (flow, against, exempt, root):
        table.done()


def _check_whole(root: Table, exempt: Table, scheme: PointsScheme) -> None:
    """Check what is wrong only in relation to something else."""
    root.must(scheme.regular_total > 0, "regular_total", "应大于0")
    least = [level.least for level in scheme.levels]
    root.must(len(set(least)) == len(least), "levels", "两档的起点分相同")
    root.must(least[:1] <= [scheme.regular_total], "levels", "最高一档的起点分高于满分，谁也达不到")
    reasons = {exemption.reason for exemption in scheme.exemptions}
    exempt.must(reasons <= set(scheme.exempt_reasons), "when", "写的缘由不在 reasons 里")
    known = {category.id for category in scheme.categories}
    for group, column, name, total in (
        (BASE, "base_total", "基础积分", scheme.base_total),
        (CONTRIBUTION, "contribution_total", "作用发挥", scheme.contribution_total),
    ):
        cap = scheme.group_cap(group)
        root.must(cap == total, column, f"{name}各类别上限合计{digits(float(cap))}，与上限{digits(float(total))}不等")
    whole = scheme.base_total + scheme.contribution_total
    reason = f"基础积分、作用发挥的上限合计{digits(float(whole))}，与{digits(float(scheme.regular_total))}不等"
    root.must(whole == scheme.regular_total, "regular_total", reason)
    against = root.table("anti_trace")
    for column in ("max_photos_per_claim", "sample_ratio", "false_claim_penalty"):
        against.must(against.has(column), column, "缺少这个字段")
    against.must(scheme.sample_ratio > 0, "sample_ratio", "应大于0")
    against.must(scheme.false_claim < 0, "false_claim_penalty", "扣分应小于0")
    reason = f"扣分项里没有扣{digits(float(-scheme.false_claim))}分的，申报不实就扣不成"
    against.must(bool(scheme.for_false_claims), "false_claim_penalty", reason)
    for category in against.texts("outcome_required_categories", ()):
        against.must(category in known, "outcome_required_categories", f"没有类别{quoted(category)}")


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
    cap = table.number("cap")
    table.must(cap > 0, "cap", "应大于0")
    return Category(
        id=category_id,
        group=table.choice("group", GROUPS, "积分部分"),
        name=table.text("name"),
        cap=cap,
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
        table.must(bool(meetings), "meetings", "不能为空")
        for meeting in meetings:
            table.must(meeting in MEETING_KINDS, "meetings", f"会议{quoted(meeting)}不存在")
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
        table.must(bool(choices), "map", "不能为空")
    for option, known in ONE_WAY.items():
        said = table.text(option, "")
        table.must(not table.has(option) or said in known, option, f"{quoted(said)}不存在，可填：{'、'.join(known)}")
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
    flag = table.text("flag")
    table.must(flag in FLAGS, "flag", f"{quoted(flag)}不存在，可填：{'、'.join(FLAGS)}")
    return Exemption(table.text("reason"), flag, table.integer("months", 0, 0))
