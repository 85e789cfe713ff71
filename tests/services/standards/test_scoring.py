"""Sums, redistribution, what waits, the anti-paper rules, gates and grades (domain reference 3.2, 3.3)."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.services.standards.facts import Facts, GateFact, GroupFact, TermFact
from desktop.services.standards.meeting_facts import VoteFact
from desktop.services.standards.quality import Rated
from desktop.services.standards.score import half_up
from desktop.services.standards.scoring import shared_out
from tests.services.standards.samples import (
    EVERYTHING,
    PACK,
    branch,
    meeting,
    present,
    rated_everything,
    record,
    scored,
)

F = Fraction


def test_what_does_not_apply_leaves_its_points_to_the_dimension() -> None:
    facts = branch(groups=(GroupFact("g1", "第一党小组", "m5"),))
    result = scored(facts)
    d4 = result.dimensions[3]
    assert result.item("D4-03").status == "not_applicable"
    assert result.item("D4-10").status == "not_applicable"  # no vote recorded
    assert result.item("D4-03").trace_max == result.item("D4-03").quality_max == 0
    rest = [i for i in d4.items if i.status != "not_applicable"]
    scale = F(d4.dimension.weight, sum(i.item.trace_weight + i.item.quality_weight for i in rest))
    assert all(abs(i.trace_max - i.item.trace_weight * scale) < 1 for i in rest)
    assert sum(i.trace_max + i.quality_max for i in rest) == d4.max
    assert d4.max == d4.dimension.weight


def test_totals_are_sums_of_the_rounded_parts() -> None:
    held = tuple(meeting("committee_meeting", date(2026, m, 10)) for m in (1, 2, 4))
    result = scored(branch(meetings=held), {("D4-02", 0): Rated(level_hundredths=300)})
    assert result.trace == sum(i.trace_points or 0 for i in result.items)
    assert result.quality == sum(i.quality_points or 0 for i in result.items)
    assert result.total == result.trace + result.quality
    assert result.pending == sum(i.pending for i in result.items)


def test_unrated_quality_is_null_and_waits() -> None:
    item = scored(branch(meetings=(meeting("branch_congress", date(2026, 1, 5)),))).item("D4-01")
    assert item.quality_points is None
    assert item.pending == item.quality_max
    half = scored(branch(), {("D4-01", 0): Rated(level_hundredths=400)}).item("D4-01")
    assert half.quality_points == half_up(F(half.quality_max, 2))
    assert half.pending == half.quality_max - half.quality_judged_max


def test_quality_of_form_only_halves_the_trace() -> None:
    held = tuple(meeting("committee_meeting", date(2026, m, 10)) for m in range(1, 12))
    full = scored(branch(meetings=held), {("D4-02", 0): Rated(level_hundredths=200)}).item("D4-02")
    paper = scored(branch(meetings=held), {("D4-02", 0): Rated(level_hundredths=100)}).item("D4-02")
    assert (full.capped, paper.capped) == (False, True)
    assert paper.trace_points == half_up(F(full.trace_points or 0, 2))
    assert paper.quality_points == half_up(F(paper.quality_max, 4))


def test_the_cap_waits_until_all_criteria_are_judged() -> None:
    held = tuple(meeting("branch_congress", date(2026, m, 10)) for m in (1, 4, 7, 10))
    item = scored(branch(meetings=held), {("D4-01", 0): Rated(level_hundredths=0)}).item("D4-01")
    assert not item.capped


def test_a_computed_criterion_is_judged_without_anyone() -> None:
    days = tuple(meeting("theme_day", date(2026, m, 8), followed_up=m < 3) for m in range(1, 11))
    criterion = scored(branch(meetings=days)).item("D4-05").criteria[1]
    assert criterion.share == (F(2, 10) - F(1, 10)) / (F(6, 10) - F(1, 10))
    assert criterion.text == "主题党日10次，有后续落实2次，20%"


def test_the_rate_is_taken_on_judged_points_and_the_grade_is_provisional() -> None:
    result = scored(branch())
    assert result.rate == half_up(F(result.total, 10000 - result.pending) * 10000)
    assert result.grade is None
    assert result.grade_text == "未定等次"
    some = scored(branch(), {("D1-01", 0): Rated(level_hundredths=400)})
    assert some.grade is not None
    assert some.provisional
    assert some.grade_text.endswith("（暂定）")


def test_of_what_is_judged_no_more_can_be_got_where_points_of_others_are_shared_out() -> None:
    (dimension, *_) = scored(branch(groups=()), rated_everything()).dimensions
    assert any(item.status == "not_applicable" for item in dimension.items)
    assert dimension.score <= dimension.judged == dimension.max - dimension.pending


def complete_year() -> Facts:
    """Return a branch whose meetings of 2026 are all there, with their attendance and one vote."""
    everyone = present(*(f"m{n}" for n in range(1, 10)))
    held = []
    for month in range(1, 13):
        tags = frozenset({"work_analysis", "discipline_education"})
        held.append(meeting("committee_meeting", date(2026, month, 5), agenda_tags=tags))
        held.append(meeting("theme_day", date(2026, month, 8), attendance=everyone, followed_up=True))
        for group in ("g1", "g2"):
            on = date(2026, month, 12)
            held.append(meeting("group_meeting", on, id=f"{group}{month}", group_id=group, attendance=everyone))
    for month in (2, 5, 8, 11):
        vote = VoteFact(
            id=f"v{month}", kind="congress_ordinary", title="", due=9, present=9, yes=9, no=0, abstain=0, passed=True
        )
        held.append(meeting("branch_congress", date(2026, month, 20), attendance=everyone, votes=(vote,)))
        held.append(meeting("party_lecture", date(2026, month, 21), attendance=everyone, speaker_ids=frozenset({"m1"})))
    held.append(meeting("org_life_meeting", date(2027, 1, 15), for_year=2026))
    return branch(meetings=tuple(replace(m, confirmed_on=m.held_on) for m in held))


def test_what_is_asked_at_the_records_is_not_typed_again() -> None:
    reports = tuple(record("duty_report", date(2026, month, 9), "m1", satisfied=9, asked=10) for month in (3, 6))
    number = next(n for n, c in enumerate(PACK.item("D2-04").quality) if c.how == "survey")
    counted = scored(branch(records=reports)).item("D2-04").criteria[number]
    assert counted.share == 1
    assert counted.rated is None
    assert counted.text == "18/20满意（90%），2条“述职”合计"
    assert [used.on for used in counted.used] == [report.event_on for report in reports]
    unrated = scored(branch(records=reports))
    assert unrated.judged[0] > 0, "the answers bring points"
    assert (unrated.quality_rated, unrated.rate_text) == (False, "待评"), "and are nobody's judgement"
    typed = scored(branch(records=reports), {("D2-04", number): Rated(satisfied=6, asked=10)})
    assert typed.quality_rated
    assert typed.rate_text.endswith("%")
    part = typed.item("D2-04").criteria[number]
    assert part.share == 0, "a judgement of the criterion itself holds"
    assert part.text == "6/10满意（60%）；登记簿：18/20满意（90%），2条“述职”合计"


def test_an_expired_term_without_approval_caps_the_grade() -> None:
    ratings = rated_everything()
    good = scored(branch(terms=(TermFact("t", date(2024, 5, 1), date(2027, 5, 1)),)), ratings)
    gone = scored(branch(terms=(TermFact("t", date(2023, 5, 1), date(2026, 5, 1)),)), ratings)
    assert not good.gates
    assert [g.id for g in gone.gates] == ["overdue_without_approval"]
    order = [g.id for g in PACK.grades]
    assert gone.grade is not None
    assert order.index(gone.grade.id) >= order.index("pass")


def test_the_grade_needs_points_and_quality() -> None:
    facts = complete_year()
    kept = frozenset({"meeting", "member"})
    lean = replace(facts, kept=kept, subjects={})
    on = date(2027, 4, 1)
    best = scored(lean, rated_everything(400), on, year=2026)
    assert best.rate is not None
    assert best.rate >= 9000
    assert best.grade is not None
    assert "missing_in_year" in [g.id for g in best.gates]  # no appraisal by the end of March
    assert best.grade.id == "pass"
    no_gate = replace(lean, appraisals=complete_appraisal())
    assert scored(no_gate, rated_everything(400), on, year=2026).grade == PACK.grades[0]
    middling = scored(no_gate, rated_everything(300), on, year=2026)
    assert middling.grade is not None
    assert middling.quality_ratio is not None
    assert middling.quality_ratio < F(85, 100)
    assert middling.grade.id != "excellent"


def complete_appraisal() -> tuple[Any, ...]:
    from desktop.services.standards.facts import AppraisalFact

    return (AppraisalFact("a", 2026, date(2027, 1, 16), 9, 3),)


def test_a_fabricated_record_zeroes_the_item_and_its_gate_falls() -> None:
    held = tuple(meeting("committee_meeting", date(2026, m, 10)) for m in range(1, 12))
    gate = GateFact("fabrication", "抽查认定6月记录造假", "D4-02", date(2026, 11, 1))
    result = scored(
        branch(meetings=held, gates=(gate,)),
        {("D4-02", 0): Rated(level_hundredths=400), ("D1-01", 0): Rated(level_hundredths=400)},
    )
    item = result.item("D4-02")
    assert (item.trace_points, item.quality_points, item.fabricated) == (0, 0, "抽查认定6月记录造假")
    assert result.grade is not None
    assert result.grade.id == "weak"
    assert scored(branch(meetings=held, gates=(gate,)), {}, date(2026, 10, 31)).gates == ()


def test_where_nobody_holds_the_post_the_secretary_answers() -> None:
    facts = branch()
    without = replace(facts, posts=tuple(p for p in facts.posts if p.post != "publicity_commissioner"))
    assert scored(without).item("D3-01").who.text == "陈一（支部书记）"
    assert scored(facts).item("D3-01").who.text == "陈三（宣传委员）"
    assert scored(facts).item("D8-06").who.text == "上级党组织"
    assert scored(facts).item("D2-07").who.text == "全体支委"


def test_a_year_may_be_judged_from_the_next() -> None:
    result = scored(complete_year(), on=date(2027, 4, 1), year=2026)
    assert (result.year, result.on) == (2026, date(2027, 4, 1))
    assert result.item("D4-06").status == "met"
    assert result.item("D4-05").status == "met"
    assert scored(complete_year(), on=date(2027, 4, 1)).item("D4-05").status == "open"


# ---- properties

DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))
MEETINGS = st.lists(
    st.builds(
        lambda n, kind, on, group, who, absent: meeting(
            kind,
            on,
            id=f"{n}-{kind}-{on}",
            group_id=group if kind == "group_meeting" else None,
            agenda_tags=frozenset({"work_analysis"}),
            attendance=present(*who, absent=absent),
        ),
        st.integers(0, 9),
        st.sampled_from(["branch_congress", "committee_meeting", "group_meeting", "party_lecture", "theme_day"]),
        DAYS,
        st.sampled_from(["g1", "g2"]),
        st.lists(st.sampled_from([f"m{n}" for n in range(1, 6)]), unique=True).map(tuple),
        st.lists(st.sampled_from([f"m{n}" for n in range(6, 10)]), unique=True).map(tuple),
    ),
    max_size=25,
    unique_by=lambda m: m.id,
)
RECORDS = st.lists(
    st.builds(
        lambda kind, on, subject: record(kind, on, subject),
        st.sampled_from(["commitment", "study_application", "venue_check", "relief_visit", "contact_visit"]),
        DAYS,
        st.sampled_from([f"m{n}" for n in range(1, 10)]),
    ),
    max_size=25,
    unique_by=lambda r: r.id,
)
LEVELS = st.integers(0, 400).map(lambda level: Rated(level_hundredths=level))
RATINGS = st.dictionaries(st.sampled_from(list(rated_everything())), LEVELS, max_size=40)


@given(MEETINGS, RECORDS, RATINGS, DAYS, st.sampled_from([EVERYTHING, frozenset(), frozenset({"commitment"})]))
@settings(max_examples=60, deadline=None)
def test_whatever_the_facts_the_sums_hold(
    meetings: list[Any], records: list[Any], ratings: dict[tuple[str, int], Rated], on: date, kept: frozenset[str]
) -> None:
    result = scored(branch(meetings=tuple(meetings), records=tuple(records), kept=kept), ratings, on, year=2026)
    for item in result.items:
        assert (item.ratio is None) == (item.status in ("running", "pending", "not_applicable"))
        assert item.ratio is None or 0 <= item.ratio <= 1
        assert 0 <= (item.trace_points or 0) <= item.trace_max
        assert 0 <= (item.quality_points or 0) <= item.quality_max
        assert item.pending >= 0
        assert all(gap.gain >= 0 for gap in item.gaps)
        if item.status == "met":
            assert not item.gaps
    for dimension in result.dimensions:
        exact = sum(
            (F(i.item.trace_weight + i.item.quality_weight) for i in dimension.items if i.status != "not_applicable"),
            F(0),
        )
        assert dimension.max == (dimension.dimension.weight if exact else 0)
        assert dimension.max == sum(i.trace_max + i.quality_max for i in dimension.items)
        assert dimension.score == sum(i.got for i in dimension.items) <= dimension.judged
    assert result.total == sum(d.score for d in result.dimensions)
    assert result.pending == sum(d.pending for d in result.dimensions)
    assert result.rate is None or 0 <= result.rate <= 10000
    assert result.after_mending == result.total + sum(job.gain for job in result.jobs) >= result.total
    assert result.after_mending <= result.total + sum(i.trace_max - (i.trace_points or 0) for i in result.items)


COUNTED = ("D3-03", "D7-01", "D7-08", "D6-01", "D2-07", "D4-01", "D4-02", "D4-03", "D4-04", "D4-05")


@given(MEETINGS, RECORDS, MEETINGS, RECORDS, DAYS)
@settings(max_examples=40, deadline=None)
def test_another_record_never_lowers_a_counting_rule(
    meetings: list[Any], records: list[Any], more: list[Any], more_records: list[Any], on: date
) -> None:
    before = scored(branch(meetings=tuple(meetings), records=tuple(records)), {}, on, year=2026)
    all_meetings = {m.id: m for m in (*more, *meetings)}
    all_records = {r.id: r for r in (*more_records, *records)}
    facts = branch(meetings=tuple(all_meetings.values()), records=tuple(all_records.values()))
    after = scored(facts, {}, on, year=2026)
    for item_id in COUNTED:
        first, then = before.item(item_id).ratio, after.item(item_id).ratio
        assert (first or 0) <= (then or 0)


@given(st.lists(st.booleans(), min_size=8, max_size=8), st.integers(0, len(PACK.dimensions) - 1))
@settings(max_examples=40, deadline=None)
def test_whatever_does_not_apply_what_is_left_shares_the_whole_dimension(off: list[bool], which: int) -> None:
    dimension = PACK.dimensions[which]
    items = [i for n, i in enumerate(dimension.items) if not off[n % 8]]
    weights = [part for i in items for part in (i.trace_weight, i.quality_weight)]
    shared = shared_out(dimension.weight, weights)
    assert sum(shared) == (dimension.weight if items else 0)
    assert all(
        abs(part - F(dimension.weight * weight, sum(weights))) < 1 for part, weight in zip(shared, weights, strict=True)
    )


@given(st.integers(0, 10000), st.lists(st.integers(0, 3000), max_size=30))
def test_what_is_shared_out_is_neither_more_nor_less_and_none_goes_to_what_weighs_nothing(
    points: int, weights: list[int]
) -> None:
    shared = shared_out(points, weights)
    assert sum(shared) == (points if any(weights) else 0)
    assert all(part == 0 for part, weight in zip(shared, weights, strict=True) if not weight)


def test_the_day_after_changes_nothing_without_a_period_ending() -> None:
    facts = complete_year()
    first = scored(facts, {}, date(2026, 8, 24))
    second = scored(facts, {}, date(2026, 8, 24) + timedelta(days=1))
    assert first.trace == second.trace
