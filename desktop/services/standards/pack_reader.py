"""Reading a standard pack: TOML into frozen values, every field checked before anything uses it."""

from collections.abc import Collection, Iterable
from typing import Protocol

from desktop.models.duties import DUTY_LEVEL
from desktop.models.registers import LONGEST_CODE
from desktop.services.errors import PackInvalid
from desktop.services.numbers import digits
from desktop.services.quoting import quoted
from desktop.services.standards.pack import (
    AgendaTag,
    Basis,
    Criterion,
    Dimension,
    EvidenceKind,
    Gate,
    Grade,
    Item,
    Label,
    Pack,
    Post,
    RecordTag,
    Scoring,
    Similarity,
)
from desktop.services.standards.rule_reader import Names, read_rule
from desktop.services.standards.vocabulary import CONDITIONS, ITEM_PERIODS, METRICS
from desktop.services.toml_tables import Table, read_toml, refuse_twice


def parse_pack(
    source: str | bytes, file: str = "branch_standard.toml", faults: list[PackInvalid] | None = None
) -> Pack:
    """Read a standard pack; with `faults` all that is wrong is put there, and what is returned is good for nothing.

    Raises:
        PackInvalid: with file, item, field and the reason in Chinese; nothing half-read is ever returned.
    """
    root = read_toml(source, file, faults=faults)
    root.choice("schema", ("branch-standard/1",), "格式")
    scoring = _scoring(root.table("scoring"))
    grades = _grades(root)
    gates = _gates(root, [grade.id for grade in grades])
    evidence_kinds = root.rows("evidence_kinds", _evidence_kind)
    posts = root.rows("posts", _post)
    periods = root.rows("periods", lambda table: _label(table, ITEM_PERIODS, "周期"))
    bases = root.rows("bases", _basis)
    record_kinds = root.rows("record_kinds", _label)
    agenda_tags = root.rows("agenda_tags", _agenda_tag, least=0)
    record_tags = root.rows("record_tags", lambda table: _record_tag(table, _ids(record_kinds)), least=0)
    duty_levels, duty_posts = root.rows("duty_levels", _code, least=0), root.rows("duty_posts", _code, least=0)
    if duty_levels and DUTY_LEVEL not in _ids(duty_levels):
        root.refuse("duty_levels", f"缺 {DUTY_LEVEL}，支部的清单不写层级时按它算", whole=True)
    metrics = root.rows("metrics", lambda table: _label(table, METRICS, "指标"), least=0)
    conditions = root.rows("conditions", lambda table: _label(table, CONDITIONS, "条件"), least=0)
    names = Names(
        posts=_ids(posts),
        periods=_ids(periods),
        evidence_kinds=_ids(evidence_kinds),
        gates=_ids(gates),
        bases=_ids(bases),
        record_kinds=_ids(record_kinds),
        agenda_tags=_ids(agenda_tags),
        metrics=_ids(metrics),
        conditions=_ids(conditions),
        record_tags=record_tags,
    )
    dimensions = root.rows("dimensions", lambda table: _dimension(table, names))
    refuse_twice(
        (Table({}, file, item.id, parent=root, path=("dimensions", number, "items", place)), item.id)
        for number, dimension in enumerate(dimensions)
        for place, item in enumerate(dimension.items)
    )
    pack = Pack(
        pack_id=root.text("pack_id"),
        version=root.text("version"),
        title=root.text("title"),
        effective_from=root.day("effective_from"),
        total=root.hundredths("total"),
        scoring=scoring,
        grades=grades,
        gates=gates,
        evidence_kinds=evidence_kinds,
        posts=posts,
        periods=periods,
        bases=bases,
        record_kinds=record_kinds,
        agenda_tags=agenda_tags,
        similarity=_similarity(root),
        record_tags=record_tags,
        duty_levels=duty_levels,
        duty_posts=duty_posts,
        metrics=metrics,
        conditions=conditions,
        dimensions=dimensions,
    )
    root.done()
    weights = sum(dimension.weight for dimension in dimensions)
    if weights != pack.total:
        root.refuse("total", f"各维度分值合计{digits(weights / 100)}，与总分{digits(pack.total / 100)}不等", whole=True)
    return pack


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


def _ids(rows: Iterable[_Identified]) -> tuple[str, ...]:
    return tuple(row.id for row in rows)


def _label(table: Table, allowed: Collection[str] | None = None, what: str = "") -> Label:
    key = table.text("id") if allowed is None else table.choice("id", allowed, what)
    return Label(key, table.text("name"))


def _code(table: Table) -> Label:
    label = _label(table)
    if len(label.id) > LONGEST_CODE:
        table.refuse("id", f"超过{LONGEST_CODE}字")
    return label


def _grades(root: Table) -> tuple[Grade, ...]:
    """Return the grades, best first."""
    grades = root.rows("grades", _grade)
    if min((grade.min for grade in grades), default=0) != 0:
        root.refuse("grades", "最低等次的 min 应为0", whole=True)
    return tuple(sorted(grades, key=lambda grade: -grade.min))


def _grade(table: Table) -> Grade:
    return Grade(table.text("id"), table.text("name"), table.number("min"), table.share("min_quality_ratio"))


def _gates(root: Table, grade_ids: Collection[str]) -> tuple[Gate, ...]:
    def gate(table: Table) -> Gate:
        cap = table.choice("max_grade", grade_ids, "等次")
        return Gate(table.text("id"), table.text("name"), table.text("effect"), cap)

    return root.rows("gates", gate, least=0)


def _evidence_kind(table: Table) -> EvidenceKind:
    nature = table.choice("nature", ("trace", "outcome"), "性质")
    return EvidenceKind(table.text("id"), table.text("name"), nature)


_SAID_NOW = {"种子文章提出的做法，无法规条款": "本单位党建工作要求"}
"""Names of bases that the first edition wrote for us and not for who reads a paper; past years keep that edition."""


def _post(table: Table) -> Post:
    return Post(table.text("id"), table.text("name"), table.text("note", ""))


def _basis(table: Table) -> Basis:
    name = table.text("name")
    return Basis(table.text("id"), _SAID_NOW.get(name, name), table.text("effective", empty=True))


def _agenda_tag(table: Table) -> AgendaTag:
    return AgendaTag(table.text("id"), table.text("name"), table.texts("words"), table.yes_no("study", False))


def _similarity(root: Table) -> Similarity:
    """Return from when on minutes are alike; an edition that does not say so has what the first one said."""
    if not root.has("similarity"):
        return Similarity()
    table = root.table("similarity")
    found = Similarity(
        minutes_ratio=float(table.share("minutes_ratio")),
        years=table.integer("years", least=1),
        least_characters=table.integer("least_characters", least=1),
    )
    table.done()
    return found


def _record_tag(table: Table, record_kinds: Collection[str]) -> RecordTag:
    record = table.choice("record", record_kinds, "记录种类")
    return RecordTag(table.text("id"), record, table.text("name"))


def _criterion(table: Table, names: Names) -> Criterion:
    text = table.text("text")
    how = table.choice("how", ("rating", "survey", "metric", "site"), "评定方式")
    by = {
        "rating": ("superior", "grassroots"),
        "survey": ("members", "beneficiary"),
        "metric": ("system",),
        "site": ("superior",),
    }[how]
    if table.lost():
        return Criterion(text=text, how=how, by="")
    who = table.choice("by", by, "评定人")
    metric, full, zero = "", None, None
    if how == "metric":
        metric = table.choice("metric", names.metrics, "指标")
    if how in ("metric", "survey"):
        full, zero = table.share("full"), table.share("zero")
        if zero >= full:
            table.refuse("zero", "应小于 full", whole=True)
    table.done()
    return Criterion(text=text, how=how, by=who, metric=metric, full=full, zero=zero)


def _item(table: Table, dimension: str, names: Names) -> Item:
    rule = read_rule(table.table("rule", f"{table.item} rule"), names)
    item = Item(
        id=table.text("id"),
        dimension=dimension,
        title=table.text("title"),
        target=table.text("target"),
        period=table.choice("period", names.periods, "周期"),
        trace_weight=table.hundredths("trace_weight"),
        quality_weight=table.hundredths("quality_weight"),
        post=table.choice("post", names.posts, "岗位"),
        evidence=table.choices("evidence", names.evidence_kinds, "佐证"),
        basis=table.text("basis"),
        rule=rule,
        quality=tuple(_criterion(t, names) for t in table.tables("quality", f"{table.item} 质量标准", key="", least=1)),
        applies_if=table.choice("applies_if", names.conditions, "条件", default=""),
        gate=table.choice("gate", names.gates, "限定条件", default=""),
        enabled=table.yes_no("enabled", default=True),
    )
    for part in item.basis.split(";"):
        if not any(part == basis or part.startswith(f"{basis}-") for basis in names.bases):
            table.refuse("basis", f"依据{quoted(part)}不存在")
    if not item.trace_weight + item.quality_weight:
        table.refuse("trace_weight", "分值不能为0", whole=True)
    return item


def _dimension(table: Table, names: Names) -> Dimension:
    dimension = Dimension(
        id=table.text("id"),
        key=table.text("key"),
        name=table.text("name"),
        weight=table.hundredths("weight"),
        items=table.rows("items", lambda item: _item(item, table.text("id"), names)),
    )
    points = sum(item.trace_weight + item.quality_weight for item in dimension.active_items)
    if points != dimension.weight:
        table.refuse(
            "weight",
            f"条目分值合计{digits(points / 100)}，与维度分值{digits(dimension.weight / 100)}不等",
            whole=True,
        )
    return dimension


def _scoring(table: Table) -> Scoring:
    table.choice("rounding", ("half_up_2",), "取整方式")
    table.choice("unrated_quality", ("pending",), "未评质量的处理")
    table.choice("not_applicable", ("redistribute_within_dimension",), "不适用的处理")
    scoring = Scoring(
        quality_scale_max=table.integer("quality_scale_max", least=1),
        low_quality_threshold=table.number("low_quality_threshold"),
        low_quality_trace_cap=table.share("low_quality_trace_cap"),
        max_photos_per_record=table.integer("max_photos_per_record"),
        photo_longest_side=table.integer("photo_longest_side", least=400, default=2400),
        late_entry_days=table.integer("late_entry_days"),
        late_entry_factor=table.share("late_entry_factor"),
        sample_ratio=table.share("sample_ratio"),
        sample_min=table.integer("sample_min"),
        fabrication_item_score=table.share("fabrication_item_score"),
        extra_evidence_bonus=table.yes_no("extra_evidence_bonus"),
    )
    if scoring.extra_evidence_bonus:
        table.refuse("extra_evidence_bonus", "多交材料不加分，应为 false")
    table.done()
    return scoring
