"""The race's arithmetic: the scheme file, points, ranks, classes, and what would move a branch."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.services.errors import PackInvalid
from desktop.services.race.scheme import CLASS_ORDER, Scheme, default_scheme, read_scheme
from desktop.services.race.standings import (
    UNCLASSED,
    Entry,
    Reading,
    Standing,
    Status,
    merge_groups,
    round_half_up,
    score,
    standings,
    year_total,
)

SCHEME = default_scheme()
FILE = Path("resources/standards/horse_race.toml").read_text(encoding="utf-8")
PARTS = {part.id: part for indicator in SCHEME.indicators for part in indicator.parts}

# name: H1 … H7 as the clerk has them; H3 as the share of its points, the same in all three parts
LEAF = {
    "南岭县站": (94.6, 93, 0.93, 0.94, 3.5, 0.98, 0.94),
    "清溪县站": (93.0, 92, 0.92, 0.93, 3.5, 0.94, 0.93),
    "石桥县站": (91.8, 91, 0.90, 0.92, 3.25, 0.92, 0.92),
    "云河县站": (84.2, 88, 0.86, 0.90, 3.5, 0.79, 0.92),
    "白塔县站": (82.5, 87, 0.84, 0.89, 3, 0.78, 0.90),
    "柳湖县站": (80.9, 88, 0.80, 0.90, 2.5, 0.74, 0.86),
    "望山县站": (78.4, 84, 0.78, 0.87, 2.5, 0.72, 0.85),
    "金坪县站": (77.0, 83, 0.75, 0.86, 2.25, 0.66, 0.84),
    "松台县站": (66.3, 76, 0.58, 0.80, 1.5, 0.48, 0.74),
}
EXPECTED = {
    "南岭县站": ("92.53", 1, "advanced"),
    "清溪县站": ("89.89", 2, "advanced"),
    "石桥县站": ("86.99", 3, "advanced"),
    "云河县站": ("78.62", 4, "middle"),
    "白塔县站": ("74.82", 5, "middle"),
    "柳湖县站": ("71.37", 6, "middle"),
    "望山县站": ("66.36", 7, "middle"),
    "金坪县站": ("62.61", 8, "lagging"),
    "松台县站": ("41.51", 9, "lagging"),
}


def at_share(key: str, share: object) -> Decimal:
    """The value of a part that brings `share` of its points."""
    part = PARTS[key]
    return part.zero + (part.full - part.zero) * Decimal(str(share))


def entry(name: str, values: tuple[float, ...], group: str = "leaf") -> Entry:
    h1, h2, h3, h4, h5, h6, h7 = (Decimal(str(value)) for value in values)
    readings = {"H1": h1, "H2": h2, "H4": h4, "H5": h5, "H6": h6, "H7": h7}
    readings |= {key: at_share(key, h3) for key in ("H3-1", "H3-2", "H3-3")}
    return Entry(name, name, group, {k: Reading(v, 30 if k == "H4" else None) for k, v in readings.items()})


def flat(name: str, share: object, group: str = "mixed", **other: object) -> Entry:
    """A branch that has `share` of the points of everything."""
    values = {key: Reading(at_share(key, share), 30) for key in PARTS}
    return replace(Entry(name, name, group, values), **other)  # type: ignore[arg-type]


def by_name(rows: list[Standing]) -> dict[str, Standing]:
    return {row.name: row for row in rows}


def test_the_leaf_stations_come_out_as_drawn() -> None:
    rows = by_name(standings(SCHEME, [entry(name, values) for name, values in LEAF.items()]))
    assert {n: (str(r.total), r.rank, r.class_id) for n, r in rows.items()} == EXPECTED
    points = [i.points for i in rows["云河县站"].indicators]
    assert points == [Decimal(p) for p in ("20.52", "8.00", "21.50", "9.60", "7.00", "5.60", "6.40")]


def test_a_middle_branch_hears_why_and_what_would_move_it() -> None:
    row = by_name(standings(SCHEME, [entry(name, values) for name, values in LEAF.items()]))["云河县站"]
    assert row.reasons[0] == ("总分78.62，低于先进线85分6.38分；名次第4，共9个支部，未进前3名，须高于86.99分。")
    assert row.reasons[1] == "无否决、无扣分。"
    assert row.reasons[2] == (
        "与先进支部均分差距最大的是标准化建设得分（−5.36分）、提质升级改进（−1.79分）、群众和客户满意度（−1.44分）。"
    )
    assert (row.next_class, row.to_next_line) == ("advanced", Decimal("8.38"))
    chosen = row.chosen_moves
    assert [(m.part, m.now_text, m.target_text, m.gain) for m in chosen] == [
        ("H1", "84.2", "93.2", Decimal("5.40")),
        ("H6", "79%", "94.7%", Decimal("1.79")),
        ("H4", "90%", "92.5%", Decimal("1.20")),
    ]
    assert sum(m.gain for m in chosen) >= Decimal("8.38")
    assert [m.gain for m in row.moves] == sorted((m.gain for m in row.moves), reverse=True)


def test_the_chosen_moves_do_reach_the_class() -> None:
    entries = [entry(name, values) for name, values in LEAF.items()]
    for row in standings(SCHEME, entries):
        if row.next_class is None:
            assert row.chosen_moves == ()
            continue
        moved = [
            replace(e, readings={**e.readings, **{m.part: Reading(m.target, 30) for m in row.chosen_moves}})
            if e.name == row.name
            else e
            for e in entries
        ]
        after = by_name(standings(SCHEME, moved))[row.name]
        assert CLASS_ORDER.index(after.class_id) >= CLASS_ORDER.index(row.next_class), row.name
        fewer = row.chosen_moves[:-1]
        short = [
            replace(e, readings={**e.readings, **{m.part: Reading(m.target, 30) for m in fewer}})
            if e.name == row.name
            else e
            for e in entries
        ]
        assert by_name(standings(SCHEME, short))[row.name].class_id == row.class_id, row.name


@pytest.mark.parametrize(
    ("part", "value", "points"),
    [
        ("H1", "100", "30"),
        ("H1", "120", "30"),
        ("H1", "50", "0"),
        ("H1", "12", "0"),
        ("H1", "84.2", "20.52"),
        ("H2", "83", "6.57"),
        ("H3-1", "0.93", "7.80"),
        ("H3-2", "0.4", "0"),
        ("H4", "0.7", "0"),
        ("H4", "0.825", "6"),
        ("H5", "3.25", "6.5"),
        ("H6", "0.65", "4"),
        ("H7", "0.613", "0.26"),
    ],
)
def test_points_are_linear_clipped_and_rounded_half_up(part: str, value: str, points: str) -> None:
    scored = score(SCHEME, Entry("a", "a", readings={part: Reading(Decimal(value), 10)}))
    (result,) = (p for i in scored.indicators for p in i.parts if p.id == part)
    assert result.points == Decimal(points)


@pytest.mark.parametrize(
    ("number", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("-1.004", "-1"), ("7", "7")],
)
def test_half_goes_away_from_zero(number: str, rounded: str) -> None:
    assert round_half_up(Decimal(number)) == Decimal(rounded)


def without(base: Entry, *parts: str) -> Entry:
    return replace(base, readings={k: v for k, v in base.readings.items() if k not in parts})


def test_missing_values_are_left_out_and_the_rest_rescaled() -> None:
    base = flat("a", "0.9")
    row = standings(SCHEME, [without(base, "H2")])[0]
    assert row.total == Decimal("90.00")
    assert row.missing_weight == 10
    assert row.class_id == "advanced"
    assert "数据不全：党员积分水平没有数据，不按0分计，其余指标折算。" in row.reasons


def test_too_much_missing_is_not_classed_nor_ranked() -> None:
    rows = by_name(
        standings(SCHEME, [without(flat("a", "1"), "H2", "H7"), flat("b", "0.9"), without(flat("c", 1), "H1")])
    )
    assert (rows["a"].class_id, rows["a"].rank, rows["a"].missing_weight) == (UNCLASSED, None, Decimal(17))
    assert (rows["c"].class_id, rows["c"].rank) == (UNCLASSED, None)
    assert rows["b"].rank == 1
    assert rows["a"].reasons[0] == "缺数据的指标权重共17分，超过15分，暂不定类，不参加名次。"
    assert by_name(standings(SCHEME, [without(flat("a", 1), "H2", "H3-3")]))["a"].class_id == "advanced"


def test_nothing_known_has_no_total() -> None:
    row = standings(SCHEME, [Entry("a", "a")])[0]
    assert (row.total, row.class_id, row.moves, row.to_next_line) == (None, UNCLASSED, (), None)


def test_h6_before_the_first_plan_is_not_missing() -> None:
    row = standings(SCHEME, [replace(without(flat("a", "0.8"), "H6"), not_applicable=frozenset({"H6"}))])[0]
    assert row.missing_weight == 0
    assert row.total == Decimal("80.00")
    assert [i.status for i in row.indicators if i.id == "H6"] == [Status.NOT_APPLICABLE]
    other = standings(SCHEME, [replace(without(flat("a", "0.8"), "H7"), not_applicable=frozenset({"H7"}))])[0]
    assert other.missing_weight == 7, "only what the scheme lists may be not applicable"


@pytest.mark.parametrize(("samples", "status"), [(9, Status.TOO_FEW), (10, Status.SCORED), (None, Status.TOO_FEW)])
def test_satisfaction_needs_ten_answers(samples: int | None, status: Status) -> None:
    base = flat("a", "0.8")
    row = standings(SCHEME, [replace(base, readings={**base.readings, "H4": Reading(Decimal("0.95"), samples)})])[0]
    assert [i.status for i in row.indicators if i.id == "H4"] == [status]
    assert row.missing_weight == (0 if status is Status.SCORED else 12)


def test_a_missing_part_leaves_the_rest_of_its_indicator() -> None:
    row = standings(SCHEME, [without(flat("a", "1"), "H3-2")])[0]
    h3 = next(i for i in row.indicators if i.id == "H3")
    assert (h3.status, row.missing_weight) == (Status.PARTLY, Decimal(8))
    assert (h3.points, h3.present) == (Decimal(17), Decimal(17))


def test_small_groups_run_with_the_mixed_one() -> None:
    groups = {"a": "office", "b": "office", "c": "leaf", "d": "leaf", "e": "leaf", "f": "mixed", "g": "gone"}
    merged = merge_groups(SCHEME, [flat(name, "0.5", group) for name, group in groups.items()])
    assert merged == {"a": "mixed", "b": "mixed", "c": "leaf", "d": "leaf", "e": "leaf", "f": "mixed", "g": "mixed"}
    assert set(merge_groups(replace(SCHEME, grouping=False), [flat("a", 1, "leaf")]).values()) == {"mixed"}


def classes(*shares: str, scheme: Scheme = SCHEME) -> str:
    rows = by_name(standings(scheme, [flat(f"{i:02}", share) for i, share in enumerate(shares)]))
    return "".join({"advanced": "a", "middle": "m", "lagging": "l"}[rows[name].class_id] for name in sorted(rows))


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        (("0.85", "0.849", "0.65", "0.649"), "amml"),  # four branches: lines only
        (("0.95", "0.90", "0.86", "0.85"), "aaaa"),
        (("0.95", "0.90", "0.89", "0.88", "0.87"), "aammm"),  # five: two places (1.5 rounded up)
        (("0.95", "0.84", "0.80", "0.78", "0.76"), "ammmm"),  # nobody is forced into 落后
        (("0.95", "0.84", "0.80", "0.78", "0.74"), "ammml"),
        (("0.95", "0.84", "0.80", "0.74", "0.74"), "ammmm"),  # a tie at the bottom nothing can break
        (("0.64", "0.63", "0.62", "0.61", "0.60"), "lllll"),
        (("0.9", "0.9", "0.9", "0.9", "0.9"), "aaaaa"),
    ],
)
def test_lines_and_places(shares: tuple[str, ...], expected: str) -> None:
    assert classes(*shares) == expected


def test_force_bottom_is_the_schemes_choice() -> None:
    forced = replace(SCHEME, classification=replace(SCHEME.classification, force_bottom=True))
    assert classes("0.95", "0.84", "0.80", "0.78", "0.76", scheme=forced) == "ammml"


def test_equal_totals_share_a_rank() -> None:
    rows = standings(SCHEME, [flat("a", "0.9"), flat("b", "0.8"), flat("c", "0.8"), flat("d", "0.7")])
    assert [row.rank for row in rows] == [1, 2, 2, 4]


def test_a_tie_at_the_cut_is_broken_by_h3_then_h7_then_h1() -> None:
    def shifted(name: str, up: str, down: str) -> Entry:
        """Moves points from `down` to `up`, the total unchanged."""
        base = flat(name, "0.9")
        readings = dict(base.readings)
        for key, points in ((up, Decimal("0.30")), (down, Decimal("-0.30"))):
            part = PARTS[key]
            value = readings[key].value + points / part.weight * (part.full - part.zero)
            readings[key] = Reading(value, 30)
        return replace(base, readings=readings)

    def advanced(*entries: Entry) -> set[str]:
        others = [flat(str(i), "0.5") for i in range(5 - len(entries) - 1)] + [flat("top", "0.99")]
        rows = standings(SCHEME, [*others, *entries])
        assert len({row.total for row in rows if row.name in {e.name for e in entries}}) == 1
        return {row.name for row in rows if row.class_id == "advanced"} - {"top"}

    assert advanced(shifted("x", "H3-1", "H2"), flat("y", "0.9")) == {"x"}
    assert advanced(shifted("x", "H7", "H2"), flat("y", "0.9")) == {"x"}
    assert advanced(shifted("x", "H1", "H2"), flat("y", "0.9")) == {"x"}
    assert advanced(shifted("x", "H4", "H2"), flat("y", "0.9")) == {"x", "y"}


@pytest.mark.parametrize(
    ("veto", "share", "class_id"),
    [("V-01", "0.95", "middle"), ("V-02", "0.95", "lagging"), ("V-04", "0.5", "lagging"), ("V-03", "0.7", "lagging")],
)
def test_a_veto_caps_the_class(veto: str, share: str, class_id: str) -> None:
    row = standings(SCHEME, [flat("a", share, vetoes=frozenset({veto}))])[0]
    assert row.class_id == class_id
    assert any(reason.startswith("否决项：") for reason in row.reasons)


def test_penalties_come_off_the_rescaled_total() -> None:
    row = standings(SCHEME, [without(flat("a", "0.9", penalties={"P-01": 2, "P-04": 1}), "H2")])[0]
    assert (row.base, row.total) == (Decimal("90.00"), Decimal("81.00"))
    assert "扣分：党员受警告处分2人扣4分、抽查发现记录失真1处扣5分。" in row.reasons


def test_the_year_is_six_tenths_quarters_and_four_tenths_year_end() -> None:
    quarters = [Decimal(q) for q in ("80", "84.25", "90", "88.5")]
    assert year_total(SCHEME, quarters, Decimal("91.33")) == Decimal("87.94")


# -- properties ------------------------------------------------------------------------------

shares = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
some_readings = st.dictionaries(st.sampled_from(sorted(PARTS)), shares)


@st.composite
def fields(draw: st.DrawFn) -> list[Entry]:
    count = draw(st.integers(1, 9))
    entries = []
    for index in range(count):
        full: Mapping[str, Decimal] = {key: draw(shares) for key in PARTS}
        dropped = draw(st.sets(st.sampled_from(sorted(PARTS)), max_size=2))
        entries.append(
            Entry(
                str(index),
                f"支部{index}",
                draw(st.sampled_from([group.id for group in SCHEME.groups])),
                {k: Reading(at_share(k, s), 30) for k, s in full.items() if k not in dropped},
                draw(st.dictionaries(st.sampled_from(["P-01", "P-04"]), st.integers(0, 3), max_size=1)),
                draw(st.frozensets(st.sampled_from(["V-01", "V-02"]), max_size=1)),
            )
        )
    return entries


@settings(max_examples=60, deadline=None)
@given(fields(), st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(entries: list[Entry], random: "object") -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standings(SCHEME, shuffled) == standings(SCHEME, entries)


@settings(max_examples=60, deadline=None)
@given(fields())
def test_ranks_and_classes_hold_together(entries: list[Entry]) -> None:
    rows = standings(SCHEME, entries)
    assert sorted(row.branch for row in rows) == sorted(e.branch for e in entries)
    for group in {row.group for row in rows}:
        ranked = [row for row in rows if row.group == group and row.rank is not None]
        for row in ranked:
            assert row.rank == 1 + sum(o.total > row.total for o in ranked)  # type: ignore[operator]
            assert row.total is not None
            if row.class_id == "advanced":
                assert row.total >= 85
                assert not row.vetoes
            if row.uncapped_class == "lagging":
                assert row.total < 75, "nobody is forced into 落后"
            if row.total < 65:
                assert row.uncapped_class == "lagging"
            assert CLASS_ORDER.index(row.class_id) <= CLASS_ORDER.index(row.uncapped_class)
        for row in rows:
            assert (row.rank is None) == (row.class_id == UNCLASSED)


@settings(max_examples=60, deadline=None)
@given(fields(), st.data())
def test_doing_better_never_costs(entries: list[Entry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    one = entries[index]
    key = data.draw(st.sampled_from(sorted(one.readings)))
    part = PARTS[key]
    better = min(part.full, one.readings[key].value + (part.full - part.zero) * data.draw(shares))
    raised = replace(one, readings={**one.readings, key: Reading(better, 30)})
    before = next(r for r in standings(SCHEME, entries) if r.branch == one.branch)
    after = next(
        r for r in standings(SCHEME, [*entries[:index], raised, *entries[index + 1 :]]) if r.branch == one.branch
    )
    if before.total is None or before.rank is None:
        assert after.rank is None
        return
    assert after.total is not None
    assert after.rank is not None
    assert after.total >= before.total
    assert after.rank <= before.rank
    assert CLASS_ORDER.index(after.class_id) >= CLASS_ORDER.index(before.class_id)


@settings(max_examples=60, deadline=None)
@given(some_readings)
def test_a_total_is_the_weighted_mean_of_what_is_present(values: dict[str, Decimal]) -> None:
    scored = score(SCHEME, Entry("a", "a", readings={k: Reading(at_share(k, s), 30) for k, s in values.items()}))
    if not values:
        assert scored.total is None
        return
    assert scored.total is not None
    weights = sum(PARTS[key].weight for key in values)
    exact = sum(Fraction(s) * Fraction(PARTS[k].weight) for k, s in values.items()) * 100 / Fraction(weights)
    assert abs(Fraction(scored.total) - exact) <= Fraction(len(values)) * Fraction(1, 200) * 100 / Fraction(weights) + 1
    assert 0 <= scored.total <= 100


# -- the file ----------------------------------------------------------------------------------


def test_the_scheme_of_the_program_reads() -> None:
    assert (SCHEME.scheme_id, SCHEME.version) == ("horse-race-default", "2026.1")
    assert sum(i.weight for i in SCHEME.indicators) == 100
    assert [s.within_days for s in SCHEME.template("middle").steps] == [20, 120, 150, 180]
    assert SCHEME.race_class("lagging").name == "落后党支部"
    assert SCHEME.part("H3-2")[0].id == "H3"


@pytest.mark.parametrize(
    ("old", "new", "item", "field", "reason"),
    [
        ('version = "2026.1"', "", "方案", "version", "缺少这个字段"),
        ('schema = "horse-race/1"', 'schema = "horse-race/2"', "方案", "schema",
         "格式“horse-race/2”不存在，可填：horse-race/1"),
        ("weight = 30", "weight = 31", "indicators", "weight", "各指标权重之和应为100"),
        ("weight = 30", 'weight = "30"', "H1", "weight", "应为数字"),
        ("weight = 12\nfull = 1.00", "weight = 11\nfull = 1.00", "H3", "sub_items", "各分项权重之和不等于本指标权重"),
        ("full = 100\nzero = 50", "full = 50\nzero = 50", "H1", "full", "满分值不能等于零分值"),
        ('id = "H2"', 'id = "H1"', "H1", "id", "编号“H1”重复"),
        ("min_samples = 10", "min_sample = 10", "H4", "min_sample", "不认识这个字段"),
        ("points = -5", "points = 5", "P-04", "points", "扣分应为负数"),
        ('max_class = "middle"', 'max_class = "good"', "V-01", "max_class",
         "类别“good”不存在，可填：lagging、middle、advanced"),
        ('tie_break = ["H3"', 'tie_break = ["H9"', "classification", "tie_break", "没有指标H9"),
        ('  { id = "mixed",', '  { id = "mix",', "grouping", "groups", "缺少综合类分组 mixed"),
        ("within_days = 60", "within_days = 10", "lagging", "steps", "各步天数应递增，末步等于计划总天数"),
        ("year_end = 0.40", "year_end = 0.30", "final_formula", "quarters", "季度与年终的比例之和应为1"),
        ("advanced_min_score = 85", "advanced_min_score = 60", "classification", "lagging_bottom_below",
         "分数线应从低到高：落后线、后段线、先进线"),
        ("total = 100", "total = 1e400000000", "方案", "total", "数字超出范围"),
    ],
)  # fmt: skip
def test_a_broken_scheme_is_refused_with_item_and_field(old: str, new: str, item: str, field: str, reason: str) -> None:
    assert old in FILE
    with pytest.raises(PackInvalid) as caught:
        read_scheme(FILE.replace(old, new, 1), "horse_race.toml")
    error = caught.value
    assert (error.file, error.item, error.field, error.reason) == ("horse_race.toml", item, field, reason)


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(PackInvalid, match="不是有效的 TOML"):
        read_scheme("= 1")
