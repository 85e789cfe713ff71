"""Standard packs and party rules: TOML read into frozen values, every field checked before anything uses it."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from desktop.services.errors import PackInvalid

T = TypeVar("T")

PERIODS = ("month", "quarter", "half_year", "year")
ITEM_PERIODS = ("once", *PERIODS, "term", "event")
MEETING_KINDS = (
    "branch_congress",
    "committee_meeting",
    "group_meeting",
    "party_lecture",
    "theme_day",
    "org_life_meeting",
    "democratic_appraisal",
)
EACH = (
    "member",
    "committee_member",
    "secretary",
    "group",
    "activist",
    "mobile_member",
    "signed_post",
    "assigned_member",
    "mentoring_pair",
)
CONDITIONS = ("has_committee", "has_groups", "has_activists")
METRICS = (
    "brand_target_ratio",
    "commitment_kept_ratio",
    "idea_implemented_ratio",
    "issue_closed_ratio",
    "meeting_task_done_ratio",
    "opinion_reply_ratio",
    "party_plus_target_ratio",
    "pdca_target_ratio",
    "theme_day_followup_ratio",
    "venue_use_match_ratio",
)
PDCA_STAGES = ("planning", "doing", "checking", "adjusting", "closed")
TALK_PAIRS = ("committee-committee", "committee-member", "member-any")
ISSUE_SOURCES = ("org_life", "inspection", "appraisal", "opinion")
ROSTER_FIELDS = (
    "name",
    "id_no",
    "gender",
    "ethnic",
    "born_on",
    "native_place",
    "education",
    "degree",
    "job_title",
    "unit",
    "phone",
    "admitted_on",
    "full_on",
    "category",
    "group_id",
)
ENTITY_STATES: Mapping[str, tuple[str, ...]] = {
    "party_plus_project": ("proposed", "approved", "active", "evaluated", "closed"),
    "lean_project": ("proposed", "approved", "running", "verified", "closed", "promoted"),
    "practical_deed": ("collected", "selected", "doing", "done", "reviewed"),
    "improvement_idea": ("submitted", "reviewed", "adopted", "implemented", "effect_confirmed"),
    "brand": ("conceived", "declared", "building", "reviewed", "recognised", "promoted", "retired"),
}
END_STATES = frozenset({"closed", "done", "promoted", "effect_confirmed", "retired"})

RULE_PARAMETERS: Mapping[str, Mapping[str, tuple[str, bool]]] = {
    "meeting_count": {
        "meeting": ("meeting_or_any", True),
        "min": ("count", True),
        "per": ("per", True),
        "each": ("each", False),
        "speaker_post": ("post", False),
        "agenda_tag": ("agenda_tag", False),
    },
    "attendance_rate": {
        "meetings": ("meetings", True),
        "min": ("share", True),
        "zero": ("share", True),
        "per": ("per", True),
        "neutral_reasons": ("texts", True),
    },
    "record_count": {
        "record": ("record", True),
        "min": ("count", True),
        "per": ("per", True),
        "each": ("each", False),
        "tag": ("record_tag", False),
    },
    "training_hours": {
        "who": ("who", True),
        "min": ("amount", True),
        "per": ("year", True),
        "min_sessions": ("count", False),
    },
    "volunteer_hours": {"who": ("who", True), "min_avg": ("amount", True), "per": ("year", True)},
    "dues_paid": {
        "min_ratio": ("share", True),
        "per": ("month", True),
        "allow_quarterly": ("yes_no", True),
        "max_arrears_months": ("count", True),
    },
    "talk_coverage": {"pairs": ("pairs", True), "min": ("count", True), "per": ("per", True)},
    "member_limits": {"min_full": ("count", True), "max_total": ("count", True)},
    "committee_size": {
        "full_threshold": ("count", True),
        "min": ("count", True),
        "usual_max": ("count", True),
        "max": ("count", True),
    },
    "group_assignment": {"each_member_once": ("yes_no", True), "leader_required": ("yes_no", True)},
    "term_valid": {"years": ("count", True), "remind_days": ("count", True), "max_shift_years": ("count", True)},
    "post_filled": {"max_vacant_days": ("count", True)},
    "post_requirement": {"post": ("post", True), "min_party_years": ("count", True)},
    "roster_complete": {"fields": ("roster_fields", True), "min_ratio": ("share", True)},
    "development_valid": {"ruleset": ("ruleset", True)},
    "appraisal_valid": {
        "min": ("count", True),
        "per": ("year", True),
        "excellent_max_ratio": ("ratio_pair", True),
        "rate_probationary": ("yes_no", True),
    },
    "vote_valid": {"meetings": ("meetings", True)},
    "transfer_closed": {"max_days": ("count", True)},
    "issue_closed": {"source": ("issue_source", True), "min_ratio": ("share", True)},
    "points_published": {"min": ("count", True), "per": ("per", True)},
    "pdca_stage": {"min_stage": ("pdca_stage", True), "per": ("per", True)},
    "project_state": {
        "entity": ("entity", True),
        "min": ("count", True),
        "state": ("entity_state", True),
        "per": ("per", True),
    },
    "archive_ready": {"late_days": ("count", True), "per": ("per", True)},
    "all_of": {"rules": ("rules", True)},
}


@dataclass(frozen=True, slots=True)
class Named:
    """An id with its Chinese name: a period, a record kind, a metric, a condition."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A trace rule: its kind and parameters (checked against `RULE_PARAMETERS`); `rules` only for all_of."""

    kind: str
    params: Mapping[str, Any]
    rules: tuple["Rule", ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One quality criterion. `full` and `zero` bound the linear scale of surveys and metrics."""

    text: str
    how: str
    by: str
    metric: str = ""
    full: Fraction | None = None
    zero: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the standard (条目). Weights are hundredths of a point."""

    id: str
    dimension: str
    title: str
    target: str
    period: str
    trace_weight: int
    quality_weight: int
    post: str
    evidence: tuple[str, ...]
    basis: str
    rule: Rule
    quality: tuple[Criterion, ...]
    applies_if: str = ""
    gate: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the dimensions (维度); `weight` in hundredths of a point."""

    id: str
    key: str
    name: str
    weight: int
    items: tuple[Item, ...]

    @property
    def active_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.enabled)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (等次): lowest rate in points and lowest quality ratio."""

    id: str
    name: str
    min: Fraction
    min_quality_ratio: Fraction


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that caps the grade whatever the points."""

    id: str
    name: str
    effect: str
    max_grade: str


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of evidence (佐证); `nature` is trace or outcome."""

    id: str
    name: str
    nature: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post that answers for items."""

    id: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """A regulation or paper that items rest on."""

    id: str
    name: str
    effective: str


@dataclass(frozen=True, slots=True)
class AgendaTag:
    """A tag of meetings; `words` propose it when a meeting is typed or imported."""

    id: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordTag:
    """A tag of records of one kind."""

    id: str
    record: str
    name: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """How points are made from ratios and ratings."""

    quality_scale_max: int
    low_quality_threshold: Fraction
    low_quality_trace_cap: Fraction
    max_photos_per_record: int
    late_entry_days: int
    late_entry_factor: Fraction
    sample_ratio: Fraction
    sample_min: int
    fabrication_item_score: Fraction
    extra_evidence_bonus: bool


@dataclass(frozen=True)
class Pack:
    """One edition of the branch standard (标准包)."""

    pack_id: str
    version: str
    title: str
    effective_from: date
    total: int
    scoring: Scoring
    grades: tuple[Grade, ...]
    gates: tuple[Gate, ...]
    evidence_kinds: tuple[EvidenceKind, ...]
    posts: tuple[Post, ...]
    periods: tuple[Named, ...]
    bases: tuple[Basis, ...]
    record_kinds: tuple[Named, ...]
    agenda_tags: tuple[AgendaTag, ...]
    record_tags: tuple[RecordTag, ...]
    metrics: tuple[Named, ...]
    conditions: tuple[Named, ...]
    dimensions: tuple[Dimension, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Every enabled item, in order."""
        return tuple(item for dimension in self.dimensions for item in dimension.active_items)

    def item(self, item_id: str) -> Item:
        """Return the item with this id, enabled or not.

        Raises:
            KeyError: no such item in this edition.
        """
        for dimension in self.dimensions:
            for item in dimension.items:
                if item.id == item_id:
                    return item
        raise KeyError(item_id)

    def post_name(self, post: str) -> str:
        return next((p.name for p in self.posts if p.id == post), post)

    def proposed_tags(self, topic: str) -> tuple[str, ...]:
        """Return the agenda tags whose words occur in `topic`: a proposal for people to confirm."""
        return tuple(tag.id for tag in self.agenda_tags if any(word in topic for word in tag.words))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A threshold of a vote: count compared (gt, ge) with num/den of `of` (due, present)."""

    of: str
    num: int
    den: int
    cmp: str

    def holds(self, count: int, due: int, present: int) -> bool:
        """Return whether `count` reaches the threshold, exactly (no floats)."""
        base = due if self.of == "due" else present
        left, right = count * self.den, base * self.num
        return left > right if self.cmp == "gt" else left >= right


@dataclass(frozen=True, slots=True)
class VoteRule:
    """When a vote of this kind is valid and when it is carried."""

    id: str
    name: str
    quorum: Comparison
    passing: Comparison
    election: bool
    secret: bool
    basis: str
    confidence: str


@dataclass(frozen=True, slots=True)
class MeetingRule:
    """How often a kind of meeting is due; `closes` ("03-31") for kinds that count for a year (所属年度)."""

    id: str
    name: str
    min: int
    per: str
    counts_for: str
    closes: str
    each: str
    applies_if: str
    basis: str
    confidence: str


@dataclass(frozen=True, slots=True)
class TrainingRule:
    """Class hours (学时): which meetings count and for how much."""

    member_hours: int
    committee_hours: int
    committee_min_sessions: int
    hours_per_day: int
    hours_per_half_day: int
    study_meetings: tuple[str, ...]
    hours_per_meeting: Fraction


@dataclass(frozen=True, slots=True)
class BranchLimits:
    """Numbers about the branch itself."""

    min_full_members: int
    usual_max_members: int
    joint_branch_max_units: int
    committee_threshold: int
    committee_min: int
    committee_usual_max: int
    committee_max: int
    term_years: int


@dataclass(frozen=True, slots=True)
class DevelopmentRules:
    """Limits of the admission procedure (发展党员) of one edition."""

    id: str
    min_age: int
    talk_within_months: int
    contacts: tuple[int, int]
    cultivate_min_months: int
    publicity_min_workdays: int
    introducers: int
    training_min_days: int
    training_min_hours: int
    congress_after_pre_review_months: int
    approve_months: int
    probation_months: int
    extend_months: tuple[int, int]
    confirm_approve_months: int
    basis: str


@dataclass(frozen=True, slots=True)
class DevelopmentStep:
    """One of the steps of admission."""

    no: int
    stage: str
    name: str
    article: str
    limit: str


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off beside weekends, and weekends worked, of one year."""

    year: int
    holidays: frozenset[str]
    extra_workdays: frozenset[str]

    def is_workday(self, day: date) -> bool:
        key = day.strftime("%m-%d")
        return key in self.extra_workdays or (day.weekday() < 5 and key not in self.holidays)


@dataclass(frozen=True)
class PartyRules:
    """The numbers of the regulations (党内法规) that rules and services share."""

    version: str
    as_of: date
    regulations: tuple[Basis, ...]
    meetings: Mapping[str, MeetingRule]
    votes: Mapping[str, VoteRule]
    branch: BranchLimits
    training: TrainingRule
    development: Mapping[str, DevelopmentRules]
    development_steps: tuple[DevelopmentStep, ...]
    calendars: Mapping[int, WorkCalendar]
    due_exclusions: tuple[str, ...]
    dues_arrears_months: int
    letter_max_days: int
    raw: Mapping[str, Any]

    def closes(self, meeting: str) -> str:
        """Return "MM-DD" of the next year at which a for-year kind closes, "" for kinds counted by date."""
        rule = self.meetings.get(meeting)
        return rule.closes if rule and rule.counts_for == "for_year" else ""


class Table:
    """A TOML table being read: hands out checked values, then complains about what nobody asked for."""

    def __init__(self, data: Any, file: str, item: str) -> None:
        self.file, self.item = file, item
        if not isinstance(data, dict):
            raise PackInvalid(file, item, "", "应为一组字段")
        self._data: dict[str, Any] = data
        self._seen: set[str] = set()

    def fail(self, field: str, reason: str) -> PackInvalid:
        return PackInvalid(self.file, self.item, field, reason)

    def has(self, field: str) -> bool:
        return field in self._data

    def names(self) -> tuple[str, ...]:
        """Return the names of all fields."""
        return tuple(self._data)

    def raw(self) -> Mapping[str, Any]:
        """Return the table as read."""
        return self._data

    def _take(self, field: str) -> Any:
        self._seen.add(field)
        if field not in self._data:
            raise self.fail(field, "缺少这个字段")
        return self._data[field]

    def text(self, field: str, default: str | None = None, empty: bool = False) -> str:
        if default is not None and field not in self._data:
            return default
        value = self._take(field)
        if not isinstance(value, str):
            raise self.fail(field, "应为文字")
        if not value.strip() and not empty:
            raise self.fail(field, "不能为空")
        return value

    def choice(self, field: str, allowed: Iterable[str], what: str, default: str | None = None) -> str:
        value = self.text(field, default)
        if value != default and value not in set(allowed):
            raise self.fail(field, f"{what}“{value}”不存在")
        return value

    def integer(self, field: str, least: int = 0) -> int:
        value = self._take(field)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(field, "应为整数")
        if value < least:
            raise self.fail(field, f"不能小于{least}")
        return value

    def number(self, field: str) -> Fraction:
        value = self._take(field)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.fail(field, "应为数字")
        if isinstance(value, Decimal) and not value.is_finite():
            raise self.fail(field, "应为数字")
        if value < 0:
            raise self.fail(field, "不能为负数")
        return Fraction(value)

    def share(self, field: str) -> Fraction:
        value = self.number(field)
        if value > 1:
            raise self.fail(field, "应在0和1之间")
        return value

    def hundredths(self, field: str) -> int:
        scaled = self.number(field) * 100
        if scaled.denominator != 1:
            raise self.fail(field, "最多两位小数")
        return int(scaled)

    def yes_no(self, field: str, default: bool | None = None) -> bool:
        if default is not None and field not in self._data:
            return default
        value = self._take(field)
        if not isinstance(value, bool):
            raise self.fail(field, "应为 true 或 false")
        return value

    def day(self, field: str) -> date:
        value = self._take(field)
        if type(value) is not date:
            raise self.fail(field, "应为日期")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        value = self._take(field)
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.fail(field, "应为一列文字")
        return tuple(value)

    def choices(self, field: str, allowed: Iterable[str], what: str) -> tuple[str, ...]:
        values = self.texts(field)
        known = set(allowed)
        if not values:
            raise self.fail(field, "不能为空")
        for value in values:
            if value not in known:
                raise self.fail(field, f"{what}“{value}”不存在")
        if len(set(values)) != len(values):
            raise self.fail(field, "有重复")
        return values

    def pair(self, field: str) -> tuple[int, int]:
        value = self._take(field)
        if (
            not isinstance(value, list)
            or len(value) != 2
            or any(isinstance(v, bool) or not isinstance(v, int) or v < 0 for v in value)
        ):
            raise self.fail(field, "应为两个整数")
        return value[0], value[1]

    def tables(self, field: str, name: str = "", key: str = "id", least: int = 0) -> list["Table"]:
        if field not in self._data and not least:
            self._seen.add(field)
            return []
        value = self._take(field)
        if not isinstance(value, list):
            raise self.fail(field, "应为一列表格")
        if len(value) < least:
            raise self.fail(field, "不能为空")
        found = []
        for number, entry in enumerate(value, start=1):
            label = entry.get(key) if isinstance(entry, dict) else None
            found.append(Table(entry, self.file, str(label) if label else f"{name or field}第{number}项"))
        return found

    def table(self, field: str) -> "Table":
        return Table(self._take(field), self.file, field)

    def done(self) -> None:
        """Refuse fields that were not asked for.

        Raises:
            PackInvalid: the table holds a field the program does not know.
        """
        for field in self._data:
            if field not in self._seen:
                raise self.fail(field, "不认识这个字段")


def _unique(entries: Iterable[tuple[Table, str]]) -> None:
    seen: set[str] = set()
    for table, key in entries:
        if key in seen:
            raise table.fail("id", f"编号“{key}”重复")
        seen.add(key)


def _list(
    root: Table, field: str, read: Callable[[Table], T], key: Callable[[T], str], least: int = 1
) -> tuple[T, ...]:
    found = []
    for table in root.tables(field, least=least):
        value = read(table)
        table.done()
        found.append((table, value))
    _unique((table, key(value)) for table, value in found)
    return tuple(value for _, value in found)


def _named(table: Table) -> Named:
    return Named(table.text("id"), table.text("name"))


class _Names:
    """What the items of a pack may refer to."""

    def __init__(self, pack: dict[str, Iterable[str]], record_tags: Iterable[RecordTag]) -> None:
        self.known = {name: set(ids) for name, ids in pack.items()}
        self.record_tags = tuple(record_tags)

    def __getitem__(self, name: str) -> set[str]:
        return self.known[name]


def _rule(table: Table, names: _Names, nested: bool = False) -> Rule:
    kind = table.choice("kind", RULE_PARAMETERS, "规则")
    if nested and kind == "all_of":
        raise table.fail("kind", "组合规则里不能再放组合规则")
    params: dict[str, Any] = {}
    rules: tuple[Rule, ...] = ()
    for field, (what, required) in RULE_PARAMETERS[kind].items():
        if not required and not table.has(field):
            continue
        if what == "rules":
            inner = table.tables(field, f"{table.item} 子规则", key="", least=1)
            rules = tuple(_rule(t, names, nested=True) for t in inner)
        else:
            params[field] = _PARAMETERS[what](table, field, names)
    table.done()
    if kind == "attendance_rate" and params["zero"] >= params["min"]:
        raise table.fail("zero", "应小于 min")
    if kind == "record_count" and "tag" in params:
        tags = {t.id for t in names.record_tags if t.record == params["record"]}
        if params["tag"] not in tags:
            raise table.fail("tag", f"记录标签“{params['tag']}”不存在")
    if kind == "project_state" and params["state"] not in ENTITY_STATES[params["entity"]]:
        raise table.fail("state", f"状态“{params['state']}”不存在")
    if kind == "appraisal_valid" and not params["excellent_max_ratio"][1]:
        raise table.fail("excellent_max_ratio", "分母不能为0")
    return Rule(kind, params, rules)


_PARAMETERS: Mapping[str, Callable[[Table, str, _Names], Any]] = {
    "meeting_or_any": lambda t, f, n: t.choice(f, (*MEETING_KINDS, "any"), "会议种类"),
    "meetings": lambda t, f, n: t.choices(f, MEETING_KINDS, "会议种类"),
    "count": lambda t, f, n: t.integer(f, least=1),
    "amount": lambda t, f, n: t.number(f),
    "share": lambda t, f, n: t.share(f),
    "per": lambda t, f, n: t.choice(f, PERIODS, "周期"),
    "year": lambda t, f, n: t.choice(f, ("year",), "周期"),
    "month": lambda t, f, n: t.choice(f, ("month",), "周期"),
    "each": lambda t, f, n: t.choice(f, EACH, "对象"),
    "post": lambda t, f, n: t.choice(f, n["posts"], "岗位"),
    "agenda_tag": lambda t, f, n: t.choice(f, n["agenda_tags"], "议题标签"),
    "record": lambda t, f, n: t.choice(f, n["record_kinds"], "记录种类"),
    "record_tag": lambda t, f, n: t.text(f),
    "texts": lambda t, f, n: t.texts(f),
    "who": lambda t, f, n: t.choice(f, ("members", "committee"), "对象"),
    "yes_no": lambda t, f, n: t.yes_no(f),
    "pairs": lambda t, f, n: t.choices(f, TALK_PAIRS, "谈话对象"),
    "roster_fields": lambda t, f, n: t.choices(f, ROSTER_FIELDS, "名册字段"),
    "ruleset": lambda t, f, n: t.text(f),
    "ratio_pair": lambda t, f, n: t.pair(f),
    "issue_source": lambda t, f, n: t.choice(f, ISSUE_SOURCES, "问题来源"),
    "pdca_stage": lambda t, f, n: t.choice(f, PDCA_STAGES, "阶段"),
    "entity": lambda t, f, n: t.choice(f, ENTITY_STATES, "项目种类"),
    "entity_state": lambda t, f, n: t.text(f),
}


def _criterion(table: Table, names: _Names) -> Criterion:
    text = table.text("text")
    how = table.choice("how", ("rating", "survey", "metric", "site"), "评定方式")
    by = {
        "rating": ("superior", "grassroots"),
        "survey": ("members", "beneficiary"),
        "metric": ("system",),
        "site": ("superior",),
    }[how]
    who = table.choice("by", by, "评定人")
    metric, full, zero = "", None, None
    if how == "metric":
        metric = table.choice("metric", names["metrics"], "指标")
    if how in ("metric", "survey"):
        full, zero = table.share("full"), table.share("zero")
        if zero >= full:
            raise table.fail("zero", "应小于 full")
    table.done()
    return Criterion(text, how, who, metric, full, zero)


def _item(table: Table, dimension: str, names: _Names) -> Item:
    rule = _rule(_inner(table, "rule"), names)
    item = Item(
        id=table.text("id"),
        dimension=dimension,
        title=table.text("title"),
        target=table.text("target"),
        period=table.choice("period", names["periods"], "周期"),
        trace_weight=table.hundredths("trace_weight"),
        quality_weight=table.hundredths("quality_weight"),
        post=table.choice("post", names["posts"], "岗位"),
        evidence=table.choices("evidence", names["evidence_kinds"], "佐证"),
        basis=table.text("basis"),
        rule=rule,
        quality=tuple(_criterion(t, names) for t in table.tables("quality", f"{table.item} 质量标准", key="", least=1)),
        applies_if=table.choice("applies_if", names["conditions"], "条件", default=""),
        gate=table.choice("gate", names["gates"], "限定条件", default=""),
        enabled=table.yes_no("enabled", default=True),
    )
    for part in item.basis.split(";"):
        if not any(part == basis or part.startswith(f"{basis}-") for basis in names["bases"]):
            raise table.fail("basis", f"依据“{part}”不存在")
    if not item.trace_weight + item.quality_weight:
        raise table.fail("trace_weight", "分值不能为0")
    table.done()
    return item


def _inner(table: Table, field: str) -> Table:
    inner = table.table(field)
    inner.item = f"{table.item} {field}"
    return inner


def _dimension(table: Table, names: _Names) -> Dimension:
    found = Dimension(
        id=table.text("id"),
        key=table.text("key"),
        name=table.text("name"),
        weight=table.hundredths("weight"),
        items=_list(table, "items", lambda t: _item(t, table.text("id"), names), lambda i: i.id),
    )
    table.done()
    points = sum(item.trace_weight + item.quality_weight for item in found.active_items)
    if points != found.weight:
        raise table.fail("weight", f"条目分值合计{points / 100:g}，与维度分值{found.weight / 100:g}不等")
    return found


def _scoring(table: Table) -> Scoring:
    table.choice("rounding", ("half_up_2",), "取整方式")
    table.choice("unrated_quality", ("pending",), "未评质量的处理")
    table.choice("not_applicable", ("redistribute_within_dimension",), "不适用的处理")
    scoring = Scoring(
        quality_scale_max=table.integer("quality_scale_max", least=1),
        low_quality_threshold=table.number("low_quality_threshold"),
        low_quality_trace_cap=table.share("low_quality_trace_cap"),
        max_photos_per_record=table.integer("max_photos_per_record"),
        late_entry_days=table.integer("late_entry_days"),
        late_entry_factor=table.share("late_entry_factor"),
        sample_ratio=table.share("sample_ratio"),
        sample_min=table.integer("sample_min"),
        fabrication_item_score=table.share("fabrication_item_score"),
        extra_evidence_bonus=table.yes_no("extra_evidence_bonus"),
    )
    if scoring.extra_evidence_bonus:
        raise table.fail("extra_evidence_bonus", "多交材料不加分，应为 false")
    table.done()
    return scoring


def _root(source: str | bytes, file: str) -> Table:
    try:
        text = source.decode("utf-8") if isinstance(source, bytes) else source
        data = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise PackInvalid(file, "", "", "不是 UTF-8 文字") from error
    except tomllib.TOMLDecodeError as error:
        raise PackInvalid(file, "", "", f"不是有效的 TOML：{error}") from error
    return Table(data, file, "")


def parse_pack(source: str | bytes, file: str = "branch_standard.toml") -> Pack:
    """Read a standard pack.

    Raises:
        PackInvalid: with file, item, field and the reason in Chinese; nothing half-read is ever returned.
    """
    root = _root(source, file)
    root.choice("schema", ("branch-standard/1",), "格式")
    scoring = _scoring(root.table("scoring"))
    grades = _list(
        root,
        "grades",
        lambda t: Grade(t.text("id"), t.text("name"), t.number("min"), t.share("min_quality_ratio")),
        lambda g: g.id,
    )
    if min(g.min for g in grades) != 0:
        raise root.fail("grades", "最低等次的 min 应为0")
    grade_ids = {g.id for g in grades}
    gates = _list(
        root,
        "gates",
        lambda t: Gate(t.text("id"), t.text("name"), t.text("effect"), t.choice("max_grade", grade_ids, "等次")),
        lambda g: g.id,
        least=0,
    )
    evidence = _list(
        root,
        "evidence_kinds",
        lambda t: EvidenceKind(t.text("id"), t.text("name"), t.choice("nature", ("trace", "outcome"), "性质")),
        lambda e: e.id,
    )
    posts = _list(root, "posts", lambda t: Post(t.text("id"), t.text("name"), t.text("note", "")), lambda p: p.id)
    periods = _list(
        root, "periods", lambda t: Named(t.choice("id", ITEM_PERIODS, "周期"), t.text("name")), lambda p: p.id
    )
    bases = _list(
        root,
        "bases",
        lambda t: Basis(t.text("id"), t.text("name"), t.text("effective", empty=True)),
        lambda b: b.id,
    )
    kinds = _list(root, "record_kinds", _named, lambda k: k.id)
    agenda = _list(
        root,
        "agenda_tags",
        lambda t: AgendaTag(t.text("id"), t.text("name"), t.texts("words")),
        lambda t: t.id,
        least=0,
    )
    kind_ids = {k.id for k in kinds}
    tags = _list(
        root,
        "record_tags",
        lambda t: RecordTag(t.text("id"), t.choice("record", kind_ids, "记录种类"), t.text("name")),
        lambda t: t.id,
        least=0,
    )
    metrics = _list(
        root,
        "metrics",
        lambda t: Named(t.choice("id", METRICS, "指标"), t.text("name")),
        lambda m: m.id,
        least=0,
    )
    conditions = _list(
        root,
        "conditions",
        lambda t: Named(t.choice("id", CONDITIONS, "条件"), t.text("name")),
        lambda c: c.id,
        least=0,
    )
    names = _Names(
        {
            "posts": (p.id for p in posts),
            "periods": (p.id for p in periods),
            "evidence_kinds": (e.id for e in evidence),
            "gates": (g.id for g in gates),
            "bases": (b.id for b in bases),
            "record_kinds": kind_ids,
            "agenda_tags": (a.id for a in agenda),
            "metrics": (m.id for m in metrics),
            "conditions": (c.id for c in conditions),
        },
        tags,
    )
    dimension_tables = root.tables("dimensions", least=1)
    dimensions = tuple(_dimension(t, names) for t in dimension_tables)
    _unique(zip(dimension_tables, (d.id for d in dimensions), strict=True))
    _unique((Table({}, file, item.id), item.id) for dimension in dimensions for item in dimension.items)
    pack = Pack(
        pack_id=root.text("pack_id"),
        version=root.text("version"),
        title=root.text("title"),
        effective_from=root.day("effective_from"),
        total=root.hundredths("total"),
        scoring=scoring,
        grades=tuple(sorted(grades, key=lambda g: -g.min)),
        gates=gates,
        evidence_kinds=evidence,
        posts=posts,
        periods=periods,
        bases=bases,
        record_kinds=kinds,
        agenda_tags=agenda,
        record_tags=tags,
        metrics=metrics,
        conditions=conditions,
        dimensions=dimensions,
    )
    root.done()
    weights = sum(d.weight for d in dimensions)
    if weights != pack.total:
        raise root.fail("total", f"各维度分值合计{weights / 100:g}，与总分{pack.total / 100:g}不等")
    return pack


def load_pack(path: Path) -> Pack:
    """Read a standard pack from a file; see `parse_pack`."""
    return parse_pack(path.read_bytes(), path.name)


_EDITION = re.compile(r"development_\d{4}")


def _comparison(table: Table) -> Comparison:
    found = Comparison(
        table.choice("of", ("due", "present"), "基数"),
        table.integer("num", least=1),
        table.integer("den", least=1),
        table.choice("cmp", ("gt", "ge"), "比较"),
    )
    table.done()
    return found


def _vote(table: Table) -> VoteRule:
    election = table.has("elected")
    return VoteRule(
        id=table.text("id"),
        name=table.text("name"),
        quorum=_comparison(_inner(table, "quorum")),
        passing=_comparison(_inner(table, "elected" if election else "pass")),
        election=election,
        secret=table.yes_no("secret", default=False),
        basis=table.text("basis"),
        confidence=table.text("confidence"),
    )


def _meeting(table: Table) -> MeetingRule:
    closes = table.text("closes", "")
    if closes:
        try:
            date.fromisoformat(f"2001-{closes}")
        except ValueError as error:
            raise table.fail("closes", "应为“月-日”") from error
    return MeetingRule(
        id=table.text("id"),
        name=table.text("name"),
        min=table.integer("min", least=1),
        per=table.choice("per", PERIODS, "周期"),
        counts_for=table.choice("counts_for", ("for_year", "held_on"), "计入方式", default="held_on"),
        closes=closes,
        each=table.text("each", ""),
        applies_if=table.text("applies_if", ""),
        basis=table.text("basis"),
        confidence=table.text("confidence"),
    )


def _development(table: Table) -> DevelopmentRules:
    return DevelopmentRules(
        id=table.item,
        min_age=table.integer("min_age"),
        talk_within_months=table.integer("talk_within_months"),
        contacts=table.pair("contacts"),
        cultivate_min_months=table.integer("cultivate_min_months"),
        publicity_min_workdays=table.integer("publicity_min_workdays"),
        introducers=table.integer("introducers"),
        training_min_days=table.integer("training_min_days"),
        training_min_hours=table.integer("training_min_hours"),
        congress_after_pre_review_months=table.integer("congress_after_pre_review_months"),
        approve_months=table.integer("approve_months"),
        probation_months=table.integer("probation_months"),
        extend_months=table.pair("extend_months"),
        confirm_approve_months=table.integer("confirm_approve_months"),
        basis=table.text("basis"),
    )


def _calendar(table: Table) -> WorkCalendar:
    year = table.integer("year", least=1900)
    days: list[frozenset[str]] = []
    for field in ("holidays", "extra_workdays"):
        values = table.texts(field)
        for value in values:
            try:
                date.fromisoformat(f"{year}-{value}")
            except ValueError as error:
                raise table.fail(field, f"“{value}”不是日期") from error
        days.append(frozenset(values))
    return WorkCalendar(year, days[0], days[1])


def _keyed(tables: Iterable[Table], read: Callable[[Table], T], key: Callable[[T], Any]) -> dict[Any, T]:
    found: dict[Any, T] = {}
    for table in tables:
        value = read(table)
        if key(value) in found:
            raise table.fail("id", f"编号“{key(value)}”重复")
        found[key(value)] = value
    return found


def parse_party_rules(source: str | bytes, file: str = "party_rules.toml") -> PartyRules:
    """Read the numbers of the regulations. Fields that only people read are kept in `raw`, unchecked.

    Raises:
        PackInvalid: a number the program computes with is missing or of the wrong type.
    """
    root = _root(source, file)
    root.choice("schema", ("party-rules/1",), "格式")
    branch, training = root.table("branch"), root.table("training")
    meetings = _keyed(root.tables("meetings", least=1), _meeting, lambda m: m.id)
    votes = _keyed(root.tables("votes", least=1), _vote, lambda v: v.id)
    development = {name: _development(root.table(name)) for name in root.names() if _EDITION.fullmatch(name)}
    rules = PartyRules(
        version=root.text("version"),
        as_of=root.day("as_of"),
        regulations=tuple(
            Basis(t.text("id"), t.text("name"), t.day("effective_from").isoformat())
            for t in root.tables("regulations", least=1)
        ),
        meetings=meetings,
        votes=votes,
        branch=BranchLimits(
            min_full_members=branch.integer("min_full_members", least=1),
            usual_max_members=branch.integer("usual_max_members", least=1),
            joint_branch_max_units=branch.integer("joint_branch_max_units", least=1),
            committee_threshold=branch.integer("committee_threshold_full_members", least=1),
            committee_min=branch.integer("committee_min", least=1),
            committee_usual_max=branch.integer("committee_usual_max", least=1),
            committee_max=branch.integer("committee_max", least=1),
            term_years=branch.integer("term_years", least=1),
        ),
        training=TrainingRule(
            member_hours=training.integer("member_hours"),
            committee_hours=training.integer("committee_hours"),
            committee_min_sessions=training.integer("committee_min_sessions"),
            hours_per_day=training.integer("hours_per_day"),
            hours_per_half_day=training.integer("hours_per_half_day"),
            study_meetings=training.choices("study_meetings", MEETING_KINDS, "会议种类"),
            hours_per_meeting=training.number("hours_per_meeting"),
        ),
        development=development,
        development_steps=tuple(
            DevelopmentStep(
                t.integer("no", least=1),
                t.text("stage"),
                t.text("name"),
                t.text("article", empty=True),
                t.text("limit", empty=True),
            )
            for t in root.tables("development_steps", key="no", least=1)
        ),
        calendars=_keyed(root.tables("work_calendar", key="year"), _calendar, lambda c: c.year),
        due_exclusions=root.table("due_exclusions").texts("reasons"),
        dues_arrears_months=root.table("dues").integer("arrears_max_months"),
        letter_max_days=root.table("membership").integer("letter_max_days"),
        raw=root.raw(),
    )
    for kind in ("congress_ordinary", "committee_decision"):
        if kind not in rules.votes:
            raise root.fail("votes", f"缺少表决种类“{kind}”")
    return rules


def load_party_rules(path: Path) -> PartyRules:
    """Read party_rules.toml; see `parse_party_rules`."""
    return parse_party_rules(path.read_bytes(), path.name)
