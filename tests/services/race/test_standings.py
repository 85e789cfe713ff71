"""Who stands where in the race, why, and what would move them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.services.race.details import detail_of
from desktop.services.race.scheme import CLASS_ORDER
from desktop.services.race.scoring import CENT, UNCLASSED, Entry, Reading
from desktop.services.race.standings import merge_groups, standings
from tests.services.race.entries import (
    EXPECTED,
    LEAF,
    PARTS,
    SCHEME,
    by_name,
    classes,
    entry,
    fields,
    flat,
    shares,
    without,
)


def test_the_leaf_stations_come_out_as_drawn() -> None:
    rows = by_name(standings(SCHEME, [entry(name, values) for name, values in LEAF.items()]))
    assert {n: (str(r.total), r.rank, r.class_id) for n, r in rows.items()} == EXPECTED
    points = [i.points for i in rows["云河县站"].indicators]
    assert points == [Decimal(p) for p in ("20.52", "8.00", "21.50", "9.60", "7.00", "5.60", "6.40")]


def test_a_middle_branch_hears_why_and_what_would_move_it() -> None:
    row = by_name(standings(SCHEME, [entry(name, values) for name, values in LEAF.items()]))["云河县站"]
    assert row.reasons[0] == ("总分78.62，比先进线85分低6.38分；名次第4，共9个支部，未进前3名，须到87.00分。")
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


def test_too_much_missing_is_not_classed_nor_ranked() -> None:
    rows = by_name(
        standings(SCHEME, [without(flat("a", "1"), "H2", "H7"), flat("b", "0.9"), without(flat("c", 1), "H1")])
    )
    assert (rows["a"].class_id, rows["a"].rank, rows["a"].missing_weight) == (UNCLASSED, None, Decimal(17))
    assert (rows["c"].class_id, rows["c"].rank) == (UNCLASSED, None)
    assert rows["b"].rank == 1
    assert "名次第1，参加名次的共1个支部" in rows["b"].reasons[0], "not those of the group, who are counted elsewhere"
    assert rows["a"].reasons[0] == "缺数据的指标权重共17分，超过15分，暂不定类，不参加名次。"
    assert by_name(standings(SCHEME, [without(flat("a", 1), "H2", "H3-3")]))["a"].class_id == "advanced"


def test_nothing_known_has_no_total() -> None:
    row = standings(SCHEME, [Entry(branch="a", name="a")])[0]
    assert (row.total, row.class_id, row.moves, row.to_next_line) == (None, UNCLASSED, (), None)


def test_small_groups_run_with_the_mixed_one() -> None:
    groups = {"a": "office", "b": "office", "c": "leaf", "d": "leaf", "e": "leaf", "f": "mixed", "g": "gone"}
    merged = merge_groups(SCHEME, [flat(name, "0.5", group) for name, group in groups.items()])
    assert merged == {"a": "mixed", "b": "mixed", "c": "leaf", "d": "leaf", "e": "leaf", "f": "mixed", "g": "mixed"}
    assert set(merge_groups(replace(SCHEME, grouping=False), [flat("a", 1, "leaf")]).values()) == {"mixed"}


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


def test_the_total_that_is_asked_for_is_the_one_that_the_ways_lead_to() -> None:
    row = by_name(standings(SCHEME, [entry(name, values) for name, values in LEAF.items()]))["云河县站"]
    assert row.total is not None
    assert row.to_next_line is not None
    assert f"须到{row.total + row.to_next_line}分" in row.reasons[0]


@pytest.mark.parametrize(("second", "alone"), [("0.7", True), ("0.88", False)])
def test_the_only_leader_is_not_measured_by_itself(second: str, alone: bool) -> None:
    rows = standings(SCHEME, [flat("甲", "0.9"), flat("乙", second), flat("丙", "0.6"), flat("丁", "0.5")])
    assert [row.class_id == "advanced" for row in rows] == [True, not alone, False, False]
    details = {
        row.name: detail_of(SCHEME, row, rows, code="", previous_rank=None, handed_in=True, unreported="", grounds={})
        for row in rows
    }
    measured = {
        name: {each["leaders"] is not None for each in detail["indicators"]} for name, detail in details.items()
    }
    assert measured == {"甲": {not alone}, "乙": {True}, "丙": {True}, "丁": {True}}


def test_force_bottom_is_the_schemes_choice() -> None:
    forced = replace(SCHEME, classification=replace(SCHEME.classification, force_bottom=True))
    assert classes("0.95", "0.84", "0.80", "0.78", "0.76", scheme=forced) == "ammml"


def test_equal_totals_share_a_rank() -> None:
    rows = standings(SCHEME, [flat("a", "0.9"), flat("b", "0.8"), flat("c", "0.8"), flat("d", "0.7")])
    assert [row.rank for row in rows] == [1, 2, 2, 4]


def shifted(name: str, up: str, down: str, share: str = "0.9") -> Entry:
    """Move points from `down` to `up`, the total unchanged."""
    base = flat(name, share)
    readings = dict(base.readings)
    for key, points in ((up, Decimal("0.30")), (down, Decimal("-0.30"))):
        part = PARTS[key]
        value = readings[key].value + points / part.weight * (part.full - part.zero)
        readings[key] = Reading(value, 30)
    return replace(base, readings=readings)


def test_a_tie_at_the_cut_is_broken_by_h3_then_h7_then_h1() -> None:
    def advanced(*entries: Entry) -> set[str]:
        others = [flat(str(i), "0.5") for i in range(5 - len(entries) - 1)] + [flat("top", "0.99")]
        rows = standings(SCHEME, [*others, *entries])
        assert len({row.total for row in rows if row.name in {e.name for e in entries}}) == 1
        return {row.name for row in rows if row.class_id == "advanced"} - {"top"}

    assert advanced(shifted("x", "H3-1", "H2"), flat("y", "0.9")) == {"x"}
    assert advanced(shifted("x", "H7", "H2"), flat("y", "0.9")) == {"x"}
    assert advanced(shifted("x", "H1", "H2"), flat("y", "0.9")) == {"x"}
    assert advanced(shifted("x", "H4", "H2"), flat("y", "0.9")) == {"x", "y"}


def test_a_branch_that_lost_a_tie_hears_by_what() -> None:
    entries = [flat("top", "0.99"), shifted("x", "H3-1", "H2"), flat("y", "0.9"), *(flat(str(i), "0.5") for i in "12")]
    rows = by_name(standings(SCHEME, entries))
    assert (rows["x"].class_id, rows["y"].class_id, rows["y"].rank) == ("advanced", "middle", 2)
    names = {indicator.id: indicator.name for indicator in SCHEME.indicators}
    compared = f"总分相同的依次比{names['H3']}、{names['H7']}、{names['H1']}"
    wanted = (rows["y"].total or 0) + CENT
    assert rows["y"].reasons[0].endswith(f"名次第2，共5个支部，{compared}，未进前2名，须到{wanted}分。")
    assert compared not in rows["1"].reasons[0]


def test_a_branch_that_lost_a_tie_at_the_bottom_hears_by_what() -> None:
    entries = [flat(name, share) for name, share in (("a", "0.95"), ("b", "0.84"), ("c", "0.8"), ("y", "0.7"))]
    rows = by_name(standings(SCHEME, [*entries, shifted("x", "H3-1", "H2", "0.7")]))
    assert (rows["x"].class_id, rows["y"].class_id, rows["y"].rank) == ("middle", "lagging", 4)
    assert "且在后1名之内；名次第4，共5个支部，总分相同的依次比" in rows["y"].reasons[0]


@pytest.mark.parametrize(
    ("veto", "share", "class_id"),
    [("V-01", "0.95", "middle"), ("V-02", "0.95", "lagging"), ("V-04", "0.5", "lagging"), ("V-03", "0.7", "lagging")],
)
def test_a_veto_caps_the_class(veto: str, share: str, class_id: str) -> None:
    row = standings(SCHEME, [flat("a", share, vetoes=frozenset({veto}))])[0]
    assert row.class_id == class_id
    assert any(reason.startswith("否决项：") for reason in row.reasons)


@pytest.mark.parametrize(
    ("veto", "share", "next_class"),
    [("V-01", "0.5", "middle"), ("V-01", "0.8", None), ("V-02", "0.5", None), ("V-02", "0.8", None)],
)
def test_no_way_is_promised_into_a_class_that_a_veto_closes(veto: str, share: str, next_class: str | None) -> None:
    row = standings(SCHEME, [flat("a", share, vetoes=frozenset({veto}))])[0]
    assert row.next_class == next_class
    assert (row.to_next_line is None) == (next_class is None)
    assert row.moves, "more points are still worth having"
    assert bool(row.chosen_moves) == (next_class is not None)
    assert row.rank == 1, "a veto takes the class, not the place"


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
