"""The race scheme (赛马方案): `horse_race.toml` read into types, every field checked.

Numbers are read as exact decimals, so that a score equals what a clerk computes by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Protocol, TypeVar

from desktop.models.vocabulary.following import Counted
from desktop.paths import resource
from desktop.services.errors import PackInvalid
from desktop.services.quoting import quoted
from desktop.services.toml_tables import Table, read_toml

SCHEMA = "horse-race/1"
MIXED = "mixed"
CLASS_ORDER = ("lagging", "middle", "advanced")
"""From the lowest class to the highest."""
UNREPORTED = "P-03"
"""The penalty for a period not reported by its closing (封账后仍未报送), where a scheme has one."""
STAGES = ("P", "D", "C", "A")
FORMULAS = (
    "branch_standard_total",
    "member_points_median",
    "satisfaction_ratio",
    "rating_0_4",
    "pdca_target_ratio",
    "site_check_ratio",
)
"""Formulas the program can compute (auto), or knows the meaning of (typed at headquarters)."""
MOST = {"satisfaction_ratio": Decimal(1), "site_check_ratio": Decimal(1), "rating_0_4": Decimal(4)}
"""The most that a formula gives, where it has an end."""


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


@dataclass(frozen=True, slots=True)
class SubItem:
    """A part of an indicator with its own line from `zero` to `full`."""

    id: str
    name: str
    weight: Decimal
    full: Decimal
    zero: Decimal
    min_samples: int = 0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measure of the race. `parts` holds its sub-items, or itself when it has none."""

    id: str
    name: str
    weight: Decimal
    source: str
    formula: str
    parts: tuple[SubItem, ...]

    @property
    def divided(self) -> bool:
        """Say whether values are given per sub-item."""
        return len(self.parts) != 1 or self.parts[0].id != self.id


@dataclass(frozen=True, slots=True)
class Penalty:
    """Points taken per case (扣分项); `points` is negative."""

    id: str
    name: str
    points: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Veto:
    """A fact that caps the class (否决项)."""

    id: str
    name: str
    max_class: str


@dataclass(frozen=True, slots=True)
class RaceGroup:
    """Branches of one kind of work race among themselves."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ClassAction:
    """What the scheme asks of every branch of a class; `counts`: which records of headquarters tell how often."""

    text: str
    counts: Counted | None = None


@dataclass(frozen=True, slots=True)
class ClassRule:
    """先进, 中间 or 落后, and what follows from it."""

    id: str
    name: str
    color_hint: str
    goal: str
    actions: tuple[ClassAction, ...]


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """One stage of a PDCA template; `required` names what must be filled before it is left."""

    stage: str
    name: str
    within_days: int
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PdcaTemplate:
    """How a plan for one class runs."""

    class_id: str
    name: str
    duration_days: int
    steps: tuple[TemplateStep, ...]

    def step(self, stage: str) -> TemplateStep:
        """Return the step of stage P, D, C or A."""
        return self.steps[STAGES.index(stage)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """Lines and shares that sort branches into classes."""

    advanced_top_ratio: Decimal
    advanced_min_score: Decimal
    lagging_bottom_ratio: Decimal
    lagging_bottom_below: Decimal
    lagging_absolute_below: Decimal
    force_bottom: bool
    small_group_less_than: int
    tie_break: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What happens to indicators without a value."""

    max_weight: Decimal
    rescale: bool
    not_applicable: tuple[str, ...]
    manual_fallback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One edition of the race scheme."""

    scheme_id: str
    version: str
    title: str
    total: Decimal
    quarters_share: Decimal
    year_end_share: Decimal
    close_days: int
    publish_days: int
    appeal_workdays: int
    grouping: bool
    groups: tuple[RaceGroup, ...]
    merge_when_less_than: int
    missing: Missing
    indicators: tuple[Indicator, ...]
    penalties: tuple[Penalty, ...]
    vetoes: tuple[Veto, ...]
    classification: Classification
    classes: tuple[ClassRule, ...]
    links: tuple[str, ...]
    templates: tuple[PdcaTemplate, ...]

    def indicator(self, key: str) -> Indicator:
        """Return the indicator `key`; KeyError when the scheme has none."""
        return _by_id(self.indicators, key)

    def race_class(self, key: str) -> ClassRule:
        """Return the class `key`."""
        return _by_id(self.classes, key)

    def group(self, key: str) -> RaceGroup:
        """Return the group `key`, or 综合类 for a group this edition does not know."""
        known = {group.id for group in self.groups}
        return _by_id(self.groups, key if key in known else MIXED)

    def template(self, class_id: str) -> PdcaTemplate:
        """Return the PDCA template of a class.

        Raises:
            KeyError: the class has none.
        """
        for template in self.templates:
            if template.class_id == class_id:
                return template
        raise KeyError(class_id)

    def part(self, key: str) -> tuple[Indicator, SubItem]:
        """Return the indicator and the part whose value is entered under `key` (H4, H3-1).

        Raises:
            KeyError: no part has that key.
        """
        for indicator in self.indicators:
            for part in indicator.parts:
                if part.id == key:
                    return indicator, part
        raise KeyError(key)


def _by_id(rows: Sequence[T], key: str) -> T:
    for row in rows:
        if row.id == key:
            return row
    raise KeyError(key)


def read_scheme(
    text: str | bytes,
    file: str = "horse_race.toml",
    faults: list[PackInvalid] | None = None,
    *,
    strict: bool = False,
) -> Scheme:
    """Return the scheme written in `text`; with `faults` all that is wrong is put there, `strict` as `read_toml`.

    Raises:
        PackInvalid: which item and field of `file` is wrong, and why.
    """
    top = read_toml(text, file, "方案", faults, strict=strict)
    top.choice("schema", (SCHEMA,), "格式")
    top.choice("rounding", ("half_up_2",), "取整方式")
    if top.has("effective_from"):  # what the program brings holds from the first year on
        top.day("effective_from")
    top.choice("period", ("quarter",), "周期")
    top.choice("final_period", ("year",), "周期")
    final = top.table("final_formula")
    quarters, year_end = final.decimal_share("quarters"), final.decimal_share("year_end")
    if quarters + year_end != 1:
        final.refuse("quarters", "季度与年终的比例之和应为1", whole=True)
    final.done()
    grouping = top.table("grouping")
    missing = top.table("missing")
    missing.choice("policy", ("exclude_and_flag",), "缺项的处理")
    use = top.table("use_of_results")
    use.must(use.yes_no("system_outputs_only"), "system_outputs_only", "程序只出名单和依据，不算金额，应为 true")
    scheme = Scheme(
        scheme_id=top.text("scheme_id"),
        version=top.text("version"),
        title=top.text("title"),
        total=top.decimal("total", least=Decimal(1)),
        quarters_share=quarters,
        year_end_share=year_end,
        close_days=top.integer("data_close_days"),
        publish_days=top.integer("publish_days"),
        appeal_workdays=top.integer("appeal_workdays"),
        grouping=grouping.yes_no("enabled"),
        groups=grouping.rows("groups", lambda t: RaceGroup(t.text("id"), t.text("name"))),
        merge_when_less_than=grouping.integer("merge_when_less_than"),
        missing=Missing(
            missing.decimal("max_missing_weight", least=Decimal(0)),
            missing.yes_no("rescale"),
            missing.texts("not_applicable", ()),
            missing.yes_no("manual_fallback"),
        ),
        indicators=top.rows("indicators", _indicator),
        penalties=top.rows("penalties", _penalty, least=0),
        vetoes=top.rows(
            "vetoes",
            lambda t: Veto(t.text("id"), t.text("name"), t.choice("max_class", CLASS_ORDER, "类别")),
            least=0,
        ),
        classification=_classification(top.table("classification")),
        classes=top.rows("classes", _race_class),
        links=use.texts("links", ()),
        templates=top.rows("pdca_templates", _template, key="class"),
    )
    for table in (grouping, missing, use, top):
        table.done()
    if top.sound:
        _check_whole(scheme, top)
        _check_terms(scheme, top)
    return scheme


@cache
def default_scheme() -> Scheme:
    """Return the scheme the program ships with."""
    return read_scheme(resource("standards/horse_race.toml").read_bytes())


def _line(table: Table, key: str, name: str, weight: Decimal, most: Decimal | None = None) -> SubItem:
    full, zero = table.decimal("full"), table.decimal("zero")
    for field, value in (("full", full), ("zero", zero)):
        table.must(value >= 0, field, "不能小于0")
        table.must(most is None or value <= most, field, f"这个公式最多是{most}")
    samples = table.integer("min_samples", default=0)
    table.must(samples > 0 or not table.has("min_samples"), "min_samples", "应大于0，不设最少样本就去掉这一行")
    if full == zero:
        table.refuse("full", "满分值不能等于零分值", whole=True)
    return SubItem(key, name, weight, full, zero, samples)


def _indicator(table: Table) -> Indicator:
    key, name = table.text("id"), table.text("name")
    weight = table.decimal("weight", least=Decimal("0.01"))
    source = table.choice("source", ("auto", "hq", "survey"), "来源")
    method = table.choice("method", ("linear", "sub_items"), "计分方法", "linear")
    if table.lost():
        return Indicator(key, name, weight, source, "", ())
    if method == "linear":
        formula = table.choice("formula", FORMULAS, "公式")
        return Indicator(key, name, weight, source, formula, (_line(table, key, name, weight, MOST.get(formula)),))
    parts = table.rows(
        "sub_items",
        lambda t: _line(t, t.text("id"), t.text("name"), t.decimal("weight", least=Decimal("0.01"))),
    )
    if sum(part.weight for part in parts) != weight:
        table.refuse("sub_items", "各分项权重之和不等于本指标权重", whole=True)
    return Indicator(key, name, weight, source, "", parts)


def _penalty(table: Table) -> Penalty:
    points = table.decimal("points")
    if points >= 0:
        table.refuse("points", "扣分应为负数", whole=True)
    return Penalty(table.text("id"), table.text("name"), points, table.text("unit"))


def _race_class(table: Table) -> ClassRule:
    entries = table.entries("actions")
    rule = ClassRule(
        table.choice("id", CLASS_ORDER, "类别"),
        table.text("name"),
        table.text("color_hint", ""),
        table.text("goal"),
        tuple(_action(entry) for entry in entries),
    )
    table.must(bool(entries), "actions", "不能为空")
    seen: set[str] = set()
    for entry, action in zip(entries, rule.actions, strict=True):
        words = "".join(action.text.split())
        entry.must(words not in seen, "text", f"{quoted(action.text)}前面已经有了")
        seen.add(words)
    return rule


def _action(table: Table) -> ClassAction:
    text = table.text("text")
    counts = table.choice("counts", [each.value for each in Counted], "计数方式", "")
    table.done()
    return ClassAction(text, Counted(counts) if counts else None)


def _classification(table: Table) -> Classification:
    table.choice("method", ("rank_and_score",), "分类方法")
    table.choice("rank_count_rounding", ("half_up_min_1",), "名额取整方式")
    table.choice("tie", ("competition",), "并列的排法")
    rules = Classification(
        advanced_top_ratio=table.decimal_share("advanced_top_ratio"),
        advanced_min_score=table.decimal("advanced_min_score"),
        lagging_bottom_ratio=table.decimal_share("lagging_bottom_ratio"),
        lagging_bottom_below=table.decimal("lagging_bottom_below"),
        lagging_absolute_below=table.decimal("lagging_absolute_below"),
        force_bottom=table.yes_no("force_bottom"),
        small_group_less_than=table.integer("small_group_less_than"),
        tie_break=table.texts("tie_break", ()),
    )
    if not rules.lagging_absolute_below <= rules.lagging_bottom_below <= rules.advanced_min_score:
        table.refuse("lagging_bottom_below", "分数线应从低到高：落后线、后段线、先进线", whole=True)
    table.must(bool(rules.tie_break), "tie_break", "不能为空，写明总分相同时先比哪几项指标")
    table.must(len(set(rules.tie_break)) == len(rules.tie_break), "tie_break", "有重复")
    table.must(rules.lagging_absolute_below >= 0, "lagging_absolute_below", "不能小于0")
    table.done()
    return rules


def _template(table: Table) -> PdcaTemplate:
    template = PdcaTemplate(
        table.choice("class", CLASS_ORDER, "类别"),
        table.text("name"),
        table.integer("duration_days"),
        table.rows(
            "steps",
            lambda t: TemplateStep(
                t.choice("stage", STAGES, "环节"), t.text("name"), t.integer("within_days"), t.texts("required")
            ),
            key="stage",
        ),
    )
    if tuple(step.stage for step in template.steps) != STAGES:
        table.refuse("steps", "应依次为P、D、C、A四步", whole=True)
    days = [step.within_days for step in template.steps]
    if days != sorted(set(days)) or days[-1:] != [template.duration_days]:
        table.refuse("steps", "各步天数应递增，末步等于计划总天数", whole=True)
    return template


def _check_terms(scheme: Scheme, top: Table) -> None:
    """Refuse numbers that no period can keep to, in a scheme that is not kept yet."""
    top.must(scheme.appeal_workdays > 0, "appeal_workdays", "应大于0")
    top.must(scheme.publish_days >= scheme.close_days, "publish_days", "公布早于封账")
    highest = scheme.classification.advanced_min_score
    top.table("classification").must(highest <= scheme.total, "advanced_min_score", "高于满分，谁也达不到")
    top.table("missing").must(scheme.missing.max_weight <= scheme.total, "max_missing_weight", "大于满分")


def _check_whole(scheme: Scheme, top: Table) -> None:
    """Refuse what is wrong only in relation to other items."""

    def refuse(item: str, field: str, reason: str) -> None:
        top.note(PackInvalid(top.file, item, field, reason, (item,)))

    if sum(indicator.weight for indicator in scheme.indicators) != scheme.total:
        refuse("indicators", "weight", f"各指标权重之和应为{scheme.total}")
    known = {indicator.id for indicator in scheme.indicators}
    for item, field, keys in (
        ("missing", "not_applicable", scheme.missing.not_applicable),
        ("classification", "tie_break", scheme.classification.tie_break),
    ):
        for key in keys:
            if key not in known:
                refuse(item, field, f"没有指标{quoted(key)}")
    if MIXED not in {group.id for group in scheme.groups}:
        refuse("grouping", "groups", "缺少综合类分组 mixed")
    for item, field, ids in (
        ("classes", "id", {race_class.id for race_class in scheme.classes}),
        ("pdca_templates", "class", {template.class_id for template in scheme.templates}),
    ):
        for key in CLASS_ORDER:
            if key not in ids:
                refuse(item, field, f"缺少类别{key}")
