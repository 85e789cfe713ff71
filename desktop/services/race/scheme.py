"""The race scheme (赛马方案): `horse_race.toml` read into types, every field checked.

Numbers are read as exact decimals, so that a score equals what a clerk computes by hand.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from desktop.paths import resource
from desktop.services.errors import PackInvalid

SCHEMA = "horse-race/1"
MIXED = "mixed"
CLASS_ORDER = ("lagging", "middle", "advanced")
"""From the lowest class to the highest."""
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
class ClassRule:
    """先进, 中间 or 落后, and what follows from it."""

    id: str
    name: str
    color_hint: str
    goal: str
    actions: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
        """Return the PDCA template of a class."""
        for template in self.templates:
            if template.class_id == class_id:
                return template
        raise KeyError(class_id)

    def part(self, key: str) -> tuple[Indicator, SubItem]:
        """Return the indicator and the part whose value is entered under `key` (H4, H3-1)."""
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


class _Table:
    """One table of the file: takes fields by name and type, and refuses what nobody took."""

    def __init__(self, file: str, item: str, data: Mapping[str, Any]) -> None:
        self.file, self.item, self._data = file, item, data
        self._left = set(data)

    def fail(self, field: str, reason: str) -> PackInvalid:
        return PackInvalid(self.file, self.item, field, reason)

    def _take(self, field: str, kind: type | tuple[type, ...], words: str, default: Any = ...) -> Any:
        self._left.discard(field)
        if field not in self._data:
            if default is ...:
                raise self.fail(field, "缺少该字段")
            return default
        value = self._data[field]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.fail(field, f"应为{words}")
        return value

    def text(self, field: str, default: Any = ...) -> str:
        value = cast(str, self._take(field, str, "文字", default))
        if default is ... and not value.strip():
            raise self.fail(field, "不能为空")
        return value

    def one_of(self, field: str, allowed: Sequence[str], default: Any = ...) -> str:
        value = self.text(field, default)
        if value not in allowed:
            raise self.fail(field, f"“{value}”不是规定的取值：{'、'.join(allowed)}")
        return value

    def number(self, field: str, default: Any = ..., least: Decimal | None = None) -> Decimal:
        value = Decimal(self._take(field, (int, Decimal), "数字", default))
        if not value.is_finite() or not (-6 <= value.adjusted() <= 6) or (least is not None and value < least):
            raise self.fail(field, "数字超出范围")
        return value

    def share(self, field: str) -> Decimal:
        value = self.number(field, least=Decimal(0))
        if value > 1:
            raise self.fail(field, "比例应在0到1之间")
        return value

    def count(self, field: str, default: Any = ...) -> int:
        value = cast(int, self._take(field, int, "整数", default))
        if value < 0:
            raise self.fail(field, "不能为负数")
        return value

    def flag(self, field: str, default: Any = ...) -> bool:
        return cast(bool, self._take(field, bool, "true 或 false", default))

    def texts(self, field: str, default: Any = ...) -> tuple[str, ...]:
        values = self._take(field, list, "文字列表", default)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.fail(field, "应为文字列表")
        return tuple(values)

    def table(self, field: str) -> "_Table":
        return _Table(self.file, field, self._take(field, dict, "一个表"))

    def tables(self, field: str, build: "Callable[[_Table], Any]", name: str = "id", empty: bool = False) -> Any:
        rows = self._take(field, list, "若干个表", [] if empty else ...)
        if not rows and not empty:
            raise self.fail(field, "不能为空")
        built, seen = [], set()
        for index, row in enumerate(rows, start=1):
            if not isinstance(row, dict):
                raise self.fail(field, "应为若干个表")
            key = row.get(name)
            label = key if isinstance(key, str) and key else f"{field}第{index}项"
            if label in seen:
                raise PackInvalid(self.file, label, name, "编号重复")
            seen.add(label)
            table = _Table(self.file, label, row)
            built.append(build(table))
            table.done()
        return tuple(built)

    def done(self) -> None:
        """Refuse fields nobody asked for: a misspelt one would be silently ignored."""
        for field in sorted(self._left):
            raise self.fail(field, "不认识的字段")


def read_scheme(text: str, file: str = "horse_race.toml") -> Scheme:
    """Return the scheme written in `text`.

    Raises:
        PackInvalid: which item and field of `file` is wrong, and why.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PackInvalid(file, "", "", f"不是有效的TOML文件（{error}）") from error
    top = _Table(file, "方案", data)
    top.one_of("schema", (SCHEMA,))
    top.one_of("rounding", ("half_up_2",))
    top.one_of("period", ("quarter",))
    top.one_of("final_period", ("year",))
    final = top.table("final_formula")
    quarters, year_end = final.share("quarters"), final.share("year_end")
    if quarters + year_end != 1:
        raise final.fail("quarters", "季度与年终的比例之和应为1")
    final.done()
    grouping = top.table("grouping")
    missing = top.table("missing")
    missing.one_of("policy", ("exclude_and_flag",))
    use = top.table("use_of_results")
    use.flag("system_outputs_only")
    scheme = Scheme(
        scheme_id=top.text("scheme_id"),
        version=top.text("version"),
        title=top.text("title"),
        total=top.number("total", least=Decimal(1)),
        quarters_share=quarters,
        year_end_share=year_end,
        close_days=top.count("data_close_days"),
        publish_days=top.count("publish_days"),
        appeal_workdays=top.count("appeal_workdays"),
        grouping=grouping.flag("enabled"),
        groups=grouping.tables("groups", lambda t: RaceGroup(t.text("id"), t.text("name"))),
        merge_when_less_than=grouping.count("merge_when_less_than"),
        missing=Missing(
            missing.number("max_missing_weight", least=Decimal(0)),
            missing.flag("rescale"),
            missing.texts("not_applicable", []),
            missing.flag("manual_fallback"),
        ),
        indicators=top.tables("indicators", _indicator),
        penalties=top.tables("penalties", _penalty, empty=True),
        vetoes=top.tables(
            "vetoes",
            lambda t: Veto(t.text("id"), t.text("name"), t.one_of("max_class", CLASS_ORDER)),
            empty=True,
        ),
        classification=_classification(top.table("classification")),
        classes=top.tables("classes", _race_class),
        links=use.texts("links", []),
        templates=top.tables("pdca_templates", _template, name="class"),
    )
    for table in (grouping, missing, use, top):
        table.done()
    _check_whole(scheme, file)
    return scheme


def load_scheme(path: Path) -> Scheme:
    """Read the scheme file at `path`; raises PackInvalid."""
    try:
        return read_scheme(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise PackInvalid(path.name, "", "", "文件无法读取") from error


@cache
def default_scheme() -> Scheme:
    """Return the scheme the program ships with."""
    return load_scheme(resource("standards/horse_race.toml"))


def _line(table: _Table, key: str, name: str, weight: Decimal) -> SubItem:
    full, zero = table.number("full"), table.number("zero")
    if full == zero:
        raise table.fail("full", "满分值不能等于零分值")
    return SubItem(key, name, weight, full, zero, table.count("min_samples", 0))


def _indicator(table: _Table) -> Indicator:
    key, name = table.text("id"), table.text("name")
    weight = table.number("weight", least=Decimal("0.01"))
    source = table.one_of("source", ("auto", "hq", "survey"))
    if table.one_of("method", ("linear", "sub_items"), "linear") == "linear":
        formula = table.one_of("formula", FORMULAS)
        return Indicator(key, name, weight, source, formula, (_line(table, key, name, weight),))
    parts: tuple[SubItem, ...] = table.tables(
        "sub_items",
        lambda t: _line(t, t.text("id"), t.text("name"), t.number("weight", least=Decimal("0.01"))),
    )
    if sum(part.weight for part in parts) != weight:
        raise table.fail("sub_items", "各分项权重之和不等于本指标权重")
    return Indicator(key, name, weight, source, "", parts)


def _penalty(table: _Table) -> Penalty:
    points = table.number("points")
    if points >= 0:
        raise table.fail("points", "扣分应为负数")
    return Penalty(table.text("id"), table.text("name"), points, table.text("unit"))


def _race_class(table: _Table) -> ClassRule:
    return ClassRule(
        table.one_of("id", CLASS_ORDER),
        table.text("name"),
        table.text("color_hint", ""),
        table.text("goal"),
        table.texts("actions"),
    )


def _classification(table: _Table) -> Classification:
    table.one_of("method", ("rank_and_score",))
    table.one_of("rank_count_rounding", ("half_up_min_1",))
    table.one_of("tie", ("competition",))
    rules = Classification(
        table.share("advanced_top_ratio"),
        table.number("advanced_min_score"),
        table.share("lagging_bottom_ratio"),
        table.number("lagging_bottom_below"),
        table.number("lagging_absolute_below"),
        table.flag("force_bottom"),
        table.count("small_group_less_than"),
        table.texts("tie_break", []),
    )
    if not rules.lagging_absolute_below <= rules.lagging_bottom_below <= rules.advanced_min_score:
        raise table.fail("lagging_bottom_below", "分数线应从低到高：落后线、后段线、先进线")
    table.done()
    return rules


def _template(table: _Table) -> PdcaTemplate:
    template = PdcaTemplate(
        table.one_of("class", CLASS_ORDER),
        table.text("name"),
        table.count("duration_days"),
        table.tables(
            "steps",
            lambda t: TemplateStep(
                t.one_of("stage", STAGES), t.text("name"), t.count("within_days"), t.texts("required")
            ),
            name="stage",
        ),
    )
    if tuple(step.stage for step in template.steps) != STAGES:
        raise table.fail("steps", "应依次为P、D、C、A四步")
    days = [step.within_days for step in template.steps]
    if days != sorted(set(days)) or days[-1] != template.duration_days:
        raise table.fail("steps", "各步天数应递增，末步等于计划总天数")
    return template


def _check_whole(scheme: Scheme, file: str) -> None:
    """Refuse what is wrong only in relation to other items."""
    if sum(indicator.weight for indicator in scheme.indicators) != scheme.total:
        raise PackInvalid(file, "indicators", "weight", f"各指标权重之和应为{scheme.total}")
    known = {indicator.id for indicator in scheme.indicators}
    for item, field, keys in (
        ("missing", "not_applicable", scheme.missing.not_applicable),
        ("classification", "tie_break", scheme.classification.tie_break),
    ):
        for key in keys:
            if key not in known:
                raise PackInvalid(file, item, field, f"没有指标{key}")
    if MIXED not in {group.id for group in scheme.groups}:
        raise PackInvalid(file, "grouping", "groups", "缺少综合类分组 mixed")
    for item, field, ids in (
        ("classes", "id", {race_class.id for race_class in scheme.classes}),
        ("pdca_templates", "class", {template.class_id for template in scheme.templates}),
    ):
        for key in CLASS_ORDER:
            if key not in ids:
                raise PackInvalid(file, item, field, f"缺少类别{key}")
