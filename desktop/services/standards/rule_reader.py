"""The trace rule of an item, read from its table: what each kind of rule asks for and what it may name."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.services.quoting import quoted
from desktop.services.standards.pack import RecordTag, Rule
from desktop.services.standards.vocabulary import (
    EACH,
    ENTITY_STATES,
    ISSUE_SOURCES,
    MEETING_KINDS,
    PDCA_STAGES,
    PERIODS,
    ROSTER_FIELDS,
    TALK_PAIRS,
)
from desktop.services.toml_tables import Table

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


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the items of a pack may refer to."""

    posts: Collection[str]
    periods: Collection[str]
    evidence_kinds: Collection[str]
    gates: Collection[str]
    bases: Collection[str]
    record_kinds: Collection[str]
    agenda_tags: Collection[str]
    metrics: Collection[str]
    conditions: Collection[str]
    record_tags: tuple[RecordTag, ...]


def read_rule(table: Table, names: Names, nested: bool = False) -> Rule:
    """Return the rule in a table; `nested`: one of those that an all_of joins.

    Raises:
        PackInvalid: an unknown kind, a parameter missing, unknown or out of range, or two that do not fit together.
    """
    kind = table.choice("kind", RULE_PARAMETERS, "规则")
    if nested and kind == "all_of":
        table.refuse("kind", "组合规则里不能再放组合规则")
    if table.lost():
        return Rule(kind, {})
    params: dict[str, Any] = {}
    rules: tuple[Rule, ...] = ()
    for field, (what, required) in RULE_PARAMETERS[kind].items():
        if not required and not table.has(field):
            continue
        if what == "rules":
            inner = table.tables(field, f"{table.item} 子规则", key="", least=1)
            rules = tuple(read_rule(t, names, nested=True) for t in inner)
        else:
            params[field] = _PARAMETERS[what](table, field, names)
    table.done()
    if table.sound:
        _check_together(kind, params, table, names)
    return Rule(kind, params, rules)


def _check_together(kind: str, params: Mapping[str, Any], table: Table, names: Names) -> None:
    """Refuse parameters that are right each, but not beside one another."""
    if kind == "attendance_rate" and params["zero"] >= params["min"]:
        table.refuse("zero", "应小于 min")
    if kind == "record_count" and "tag" in params:
        tags = {t.id for t in names.record_tags if t.record == params["record"]}
        if params["tag"] not in tags:
            table.refuse("tag", f"记录标签{quoted(params['tag'])}不存在")
    if kind == "project_state" and params["state"] not in ENTITY_STATES[params["entity"]]:
        table.refuse("state", f"状态{quoted(params['state'])}不存在")
    if kind == "appraisal_valid" and not params["excellent_max_ratio"][1]:
        table.refuse("excellent_max_ratio", "分母不能为0")


_PARAMETERS: Mapping[str, Callable[[Table, str, Names], Any]] = {
    "meeting_or_any": lambda t, f, n: t.choice(f, (*MEETING_KINDS, "any"), "会议种类"),
    "meetings": lambda t, f, n: t.choices(f, MEETING_KINDS, "会议种类"),
    "count": lambda t, f, n: t.integer(f, least=1),
    "amount": lambda t, f, n: t.number(f),
    "share": lambda t, f, n: t.share(f),
    "per": lambda t, f, n: t.choice(f, PERIODS, "周期"),
    "year": lambda t, f, n: t.choice(f, ("year",), "周期"),
    "month": lambda t, f, n: t.choice(f, ("month",), "周期"),
    "each": lambda t, f, n: t.choice(f, EACH, "对象"),
    "post": lambda t, f, n: t.choice(f, n.posts, "岗位"),
    "agenda_tag": lambda t, f, n: t.choice(f, n.agenda_tags, "议题标签"),
    "record": lambda t, f, n: t.choice(f, n.record_kinds, "记录种类"),
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
