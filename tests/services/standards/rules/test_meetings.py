"""Rules about meetings: how often, who came, whether votes hold, whether the minutes are confirmed in time."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from desktop.services.standards.facts import PostFact
from desktop.services.standards.meeting_facts import CandidateFact, MeetingFact, VoteFact
from desktop.services.standards.rules.meetings import vote_breach
from desktop.services.standards.verdict import JUDGED, NOT_APPLICABLE, RUNNING
from tests.services.standards.samples import LAW, branch, item_verdict, meeting, present, states

F = Fraction


def test_elapsed_months_are_cells_and_the_running_one_counts_only_once_met() -> None:
    held = tuple(meeting("committee_meeting", date(2026, m, 10)) for m in (1, 2, 3, 4, 5, 7, 8, 9, 10))
    verdict = item_verdict("D4-02", branch(meetings=held), date(2026, 11, 22))
    assert verdict.ratio == F(9, 10)
    assert states(verdict) == "mmmmmmmmmmra"
    assert [c.state for c in verdict.cells][5] == "missing"
    assert [m.what for m in verdict.missing] == ["6月缺支部委员会会议"]
    assert verdict.missing[0].by == date(2026, 6, 30)
    assert [m.what for m in verdict.upcoming] == ["11月要开支部委员会会议"]
    november = (*held, meeting("committee_meeting", date(2026, 11, 3)))
    assert item_verdict("D4-02", branch(meetings=november), date(2026, 11, 22)).ratio == F(10, 11)


def test_a_period_has_elapsed_on_its_last_day_not_before() -> None:
    assert item_verdict("D4-01", branch(), date(2026, 3, 30)).state == RUNNING
    assert item_verdict("D4-01", branch(), date(2026, 3, 31)).ratio == 0


def test_a_meeting_on_31_march_does_not_count_for_the_second_quarter() -> None:
    verdict = item_verdict(
        "D4-01", branch(meetings=(meeting("branch_congress", date(2026, 3, 31)),)), date(2026, 6, 30)
    )
    assert (verdict.ratio, states(verdict)) == (F(1, 2), "mmaa")


def test_what_happens_after_the_day_of_judging_is_not_seen() -> None:
    later = branch(meetings=(meeting("branch_congress", date(2026, 3, 20)),))
    assert item_verdict("D4-01", later, date(2026, 3, 10)).state == RUNNING


def test_each_group_is_its_own_cell_and_its_leader_answers() -> None:
    held = tuple(
        replace(meeting("group_meeting", date(2026, m, 5)), id=f"{g}{m}", group_id=g)
        for m in (1, 2)
        for g in (("g1", "g2") if m == 1 else ("g1",))
    )
    verdict = item_verdict("D4-03", branch(meetings=held), date(2026, 2, 28))
    assert verdict.ratio == F(3, 4)
    assert verdict.missing[0].what == "第二党小组2月缺党小组会"
    assert verdict.missing[0].person_id == "m6"
    assert verdict.missing[0].where.prefill["group_id"] == "g2"


def test_a_group_founded_inside_a_month_is_not_asked_for_that_month() -> None:
    facts = branch()
    new = replace(facts.groups[1], since=date(2026, 1, 15))
    assert item_verdict("D4-03", replace(facts, groups=(facts.groups[0], new)), date(2026, 2, 28)).ratio == 0
    cells = item_verdict("D4-03", replace(facts, groups=(facts.groups[0], new)), date(2026, 2, 28)).cells
    assert [cell.asked for cell in cells[:2]] == [1, 2]


def test_only_a_lecture_by_the_secretary_meets_the_secretarys_lecture() -> None:
    by_other = branch(meetings=(meeting("party_lecture", date(2026, 4, 1), speaker_ids=frozenset({"m2"})),))
    by_secretary = branch(meetings=(meeting("party_lecture", date(2026, 4, 1), speaker_ids=frozenset({"m1"})),))
    assert item_verdict("D2-06", by_other, date(2026, 12, 31)).ratio == 0
    assert item_verdict("D2-06", by_other, date(2026, 11, 22)).state == RUNNING
    assert item_verdict("D2-06", by_secretary, date(2026, 11, 22)).ratio == 1


def test_the_speaker_must_hold_the_post_on_that_day() -> None:
    facts = branch(meetings=(meeting("party_lecture", date(2026, 4, 1), speaker_ids=frozenset({"m1"})),))
    posts = (PostFact("p1", "m1", "secretary", date(2026, 5, 1)), *facts.posts[1:])
    assert item_verdict("D2-06", replace(facts, posts=posts), date(2026, 12, 31)).ratio == 0


def test_the_agenda_tag_decides_whatever_the_kind() -> None:
    tagged = meeting("theme_day", date(2026, 5, 8), agenda_tags=frozenset({"discipline_education"}))
    assert item_verdict("D3-09", branch(meetings=(tagged,)), date(2026, 6, 30)).ratio == 1
    assert (
        item_verdict("D3-09", branch(meetings=(replace(tagged, agenda_tags=frozenset()),)), date(2026, 6, 30)).ratio
        == 0
    )


@pytest.mark.parametrize(
    ("held_on", "for_year", "judged_on", "expected"),
    [
        (None, None, date(2026, 12, 31), RUNNING),
        (None, None, date(2027, 3, 30), RUNNING),
        (None, None, date(2027, 3, 31), 0),
        (None, None, date(2027, 4, 1), 0),
        (date(2027, 2, 10), 2026, date(2027, 4, 1), 1),
        (date(2027, 2, 10), 2027, date(2027, 4, 1), 0),
        (date(2026, 2, 10), 2025, date(2027, 4, 1), 0),
        (date(2026, 12, 20), 2026, date(2026, 12, 31), 1),
        (date(2027, 2, 10), 2026, date(2027, 2, 1), RUNNING),
    ],
)
def test_a_kind_that_settles_the_year_runs_until_it_closes(
    held_on: date | None, for_year: int | None, judged_on: date, expected: Any
) -> None:
    held = () if held_on is None else (meeting("org_life_meeting", held_on, for_year=for_year),)
    verdict = item_verdict("D4-06", branch(meetings=held), judged_on, 2026)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected
    if verdict.state == RUNNING:
        assert verdict.missing[0].by == date(2027, 3, 31)


def test_before_the_founding_nothing_is_asked() -> None:
    young = branch(founded_on=date(2026, 5, 10), meetings=(meeting("branch_congress", date(2026, 6, 1)),))
    verdict = item_verdict("D4-01", young, date(2026, 9, 30))
    assert (verdict.ratio, states(verdict)) == (F(1, 2), "mma")


def test_leave_for_a_neutral_reason_leaves_the_sum_other_leave_does_not() -> None:
    held = meeting(
        "branch_congress",
        date(2026, 2, 1),
        attendance=present(*(f"m{n}" for n in range(1, 9)), leave=(("m9", "公差"),)),
    )
    assert item_verdict("D4-09", branch(meetings=(held,)), date(2026, 3, 31)).ratio == 1
    personal = replace(
        held, attendance=present(*(f"m{n}" for n in range(1, 9)), leave=(("m9", "事假"), ("m10", "事假")))
    )
    verdict = item_verdict("D4-09", branch(meetings=(personal,)), date(2026, 3, 31))
    assert verdict.ratio == (F(8, 10) - F(6, 10)) / (F(9, 10) - F(6, 10))
    assert verdict.missing[0].mend == "fact"


@pytest.mark.parametrize(("attended", "ratio"), [(9, F(1)), (6, F(0)), (5, F(0)), (7, F(1, 3))])
def test_attendance_is_linear_between_zero_and_full(attended: int, ratio: Fraction) -> None:
    ids = [f"m{n}" for n in range(1, 11)]
    held = meeting("theme_day", date(2026, 1, 9), attendance=present(*ids[:attended], absent=tuple(ids[attended:])))
    assert item_verdict("D4-09", branch(meetings=(held,)), date(2026, 3, 31)).ratio == ratio


def test_attendance_is_the_mean_over_quarters_and_a_meeting_without_a_list_is_refused() -> None:
    good = meeting("theme_day", date(2026, 1, 9), attendance=present("m1", "m2"))
    bad = meeting("theme_day", date(2026, 4, 9), attendance=present(absent=("m1", "m2")))
    unlisted = meeting("theme_day", date(2026, 5, 9))
    verdict = item_verdict("D4-09", branch(meetings=(good, bad, unlisted)), date(2026, 6, 30))
    assert verdict.ratio == F(1, 2)
    assert any("没有应到名单" in note for note in verdict.notes)
    assert item_verdict("D4-09", branch(), date(2026, 3, 31)).state == NOT_APPLICABLE
    assert item_verdict("D4-09", branch(), date(2026, 2, 1)).state == RUNNING


def vote(kind: str, due: int, attended: int, yes: int, passed: bool | None, **more: Any) -> VoteFact:
    return VoteFact(
        id="v",
        kind=kind,
        title="",
        due=due,
        present=attended,
        yes=yes,
        no=more.pop("no", 0),
        abstain=more.pop("abstain", 0),
        passed=passed,
        **more,
    )


@pytest.mark.parametrize(
    ("recorded", "fault"),
    [
        (vote("admit_probationary", 9, 5, 5, True), ""),
        (vote("admit_probationary", 9, 5, 4, False), ""),
        (vote("admit_probationary", 9, 5, 4, True), "按规定未通过"),
        (vote("admit_probationary", 10, 5, 5, False), "未达到法定人数"),
        (vote("congress_ordinary", 10, 5, 5, False), ""),
        (vote("congress_ordinary", 10, 6, 6, True), ""),
        (vote("election", 10, 7, 7, True), "未达到法定人数"),
        (vote("election", 10, 8, 5, True), ""),
        (vote("election", 10, 9, 5, True), ""),
        (vote("election", 10, 8, 4, False), ""),
        (vote("election", 10, 8, 4, True), "按规定未通过"),
        (vote("committee_decision", 4, 2, 2, False), ""),
        (vote("committee_decision", 4, 3, 3, True), ""),
        (vote("congress_ordinary", 10, 9, 9, None), "没有填全"),
        (vote("congress_ordinary", 10, 9, 9, True, abstain=1), "票数对不上"),
        (vote("congress_ordinary", 10, 11, 9, True), "票数对不上"),
        (vote("admit_probationary", 9, 5, 4, True, written=1, written_yes=1), ""),
        (vote("admit_probationary", 9, 5, 4, True, written=1, written_yes=0), "按规定未通过"),
        (vote("admit_probationary", 9, 4, 4, True, written=5, written_yes=5), "未达到法定人数"),
        (vote("congress_ordinary", 10, 6, 5, False, written=1, written_yes=1), ""),
        (vote("confirm_full", 10, 6, 5, True, written=2), "没有写赞成几份"),
        (vote("confirm_full", 10, 6, 5, True, written=5, written_yes=5), "书面意见对不上"),
        (vote("confirm_full", 10, 6, 5, True, written=1, written_yes=2), "书面意见对不上"),
        (vote("show_of_hands", 10, 9, 9, True), "不在规则里"),
    ],
)
def test_the_worked_votes(recorded: VoteFact, fault: str) -> None:
    breach = vote_breach(recorded, LAW.votes.get(recorded.kind))
    assert fault in breach
    assert bool(fault) == bool(breach)


def ballot(seats: int, *candidates: tuple[str, int, bool]) -> VoteFact:
    return VoteFact(
        id="v", kind="election", due=10, present=9, seats=seats, candidates=tuple(CandidateFact(*c) for c in candidates)
    )


@pytest.mark.parametrize(
    ("recorded", "in_order"),
    [
        (ballot(2, ("甲", 9, True), ("乙", 7, True), ("丙", 5, False)), True),
        (ballot(2, ("甲", 9, True), ("乙", 4, True), ("丙", 4, False)), False),
        (ballot(2, ("甲", 9, True), ("乙", 6, False), ("丙", 6, False)), True),
        (ballot(2, ("甲", 9, True), ("乙", 6, True), ("丙", 6, False)), False),
        (ballot(1, ("甲", 10, True)), False),
        (ballot(3, ("甲", 9, True), ("乙", 8, True), ("丙", 7, True)), False),
        (ballot(3, ("甲", 9, True), ("乙", 8, True), ("丙", 7, True), ("丁", 2, False)), True),
    ],
)
def test_an_election_seats_who_has_most_votes_above_half(recorded: VoteFact, in_order: bool) -> None:
    assert (vote_breach(recorded, LAW.votes["election"]) == "") == in_order


def test_votes_are_a_share_and_none_is_nothing_to_judge() -> None:
    good, bad = vote("congress_ordinary", 9, 8, 8, True), replace(vote("congress_ordinary", 9, 4, 4, True), id="w")
    facts = branch(meetings=(meeting("branch_congress", date(2026, 3, 1), votes=(good, bad)),))
    verdict = item_verdict("D4-10", facts, date(2026, 5, 1))
    assert (verdict.ratio, len(verdict.used)) == (F(1, 2), 2)
    assert item_verdict("D4-10", branch(), date(2026, 5, 1)).state == NOT_APPLICABLE


def confirmed(on: date, confirmed_on: date | None) -> MeetingFact:
    return meeting("theme_day", on, confirmed_on=confirmed_on)


@pytest.mark.parametrize(
    ("meetings", "on", "expected"),
    [
        ((confirmed(date(2026, 2, 1), date(2026, 2, 16)),), date(2026, 3, 31), 1),
        ((confirmed(date(2026, 2, 1), date(2026, 2, 17)),), date(2026, 3, 31), 0),
        ((confirmed(date(2026, 2, 1), None),), date(2026, 3, 31), 0),
        ((confirmed(date(2026, 3, 25), None),), date(2026, 3, 31), NOT_APPLICABLE),
        ((confirmed(date(2025, 12, 1), None),), date(2026, 2, 1), RUNNING),
    ],
)
def test_meetings_are_confirmed_within_fifteen_days(meetings: tuple[MeetingFact, ...], on: date, expected: Any) -> None:
    verdict = item_verdict("D8-02", branch(meetings=meetings), on)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def test_meetings_before_the_store_was_made_are_left_out() -> None:
    facts = branch(meetings=(confirmed(date(2026, 2, 1), None),), store_created_on=date(2026, 6, 1))
    assert item_verdict("D8-02", facts, date(2026, 9, 30)).state != JUDGED


def test_a_committee_meeting_without_quorum_is_none() -> None:
    held = [
        meeting("committee_meeting", date(2026, m, 10), attendance=present("m1", "m2", absent=("m3", "m4")))
        for m in (1, 2, 3, 4)
    ]
    assert item_verdict("D4-02", branch(meetings=tuple(held)), date(2026, 4, 30)).ratio == 1
    held[2] = replace(held[2], attendance=present("m1", absent=("m2", "m3", "m4")))
    verdict = item_verdict("D4-02", branch(meetings=tuple(held)), date(2026, 4, 30))
    assert (verdict.ratio, [c.state for c in verdict.cells][:4]) == (F(3, 4), ["met", "met", "missing", "met"])
    assert "3月10日的支部委员会会议到会不足法定人数，不算召开，不计次数。" in verdict.notes
    assert held[2].id not in {used.id for used in verdict.used}


@pytest.mark.parametrize(
    ("reason", "ratio"), [("公差", 1), ("出差", 1), ("病假住院", 1), ("住院", 1), ("事假", 0), ("探亲", 0), ("", 0)]
)
def test_another_word_for_a_neutral_leave_is_as_neutral(reason: str, ratio: int) -> None:
    away = tuple((f"m{n}", reason) for n in range(6, 10))
    day = meeting("theme_day", date(2026, 2, 8), attendance=present("m1", "m2", "m3", "m4", "m5", leave=away))
    assert item_verdict("D4-09", branch(meetings=(day,)), date(2026, 3, 31)).ratio == ratio
