"""Every rule kind, each with a table of cases (domain reference 3.2)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from desktop.services.standards.facts import (
    AppraisalFact,
    CandidateFact,
    CaseFact,
    ClassFact,
    DuesFact,
    Facts,
    Flag,
    HoursFact,
    MeetingFact,
    PlanFact,
    PostFact,
    RecordFact,
    SubjectFact,
    TalkFact,
    TaskFact,
    TermFact,
    TransferFact,
    VoteFact,
)
from desktop.services.standards.rules.meetings import vote_breach
from desktop.services.standards.verdict import JUDGED, NOT_APPLICABLE, PENDING, RUNNING, Verdict
from tests.services.standards.samples import LAW, branch, item_verdict, judge, meeting, member, present, record

F = Fraction


def states(verdict: Verdict) -> str:
    """Return the year strip by first letters."""
    return "".join(cell.state[0] for cell in verdict.cells)


# ---- meeting_count


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


# ---- attendance_rate


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


# ---- record_count


def test_records_count_by_the_day_they_happened() -> None:
    facts = branch(
        records=(record("supervision_review", date(2026, 2, 1)), record("supervision_review", date(2026, 9, 1)))
    )
    verdict = item_verdict("D2-08", facts, date(2026, 9, 30))
    assert (verdict.ratio, states(verdict)) == (F(2, 3), "mmma")
    assert len(verdict.used) == 2


def test_a_kind_the_program_does_not_keep_is_pending_never_zero() -> None:
    verdict = item_verdict("D2-08", branch(kept=frozenset()), date(2026, 12, 31))
    assert (verdict.state, verdict.ratio) == (PENDING, None)


def test_two_pledges_of_each_member_at_work_are_asked() -> None:
    facts = branch(records=tuple(record("commitment", date(2026, 2, d), f"m{n}") for n in range(1, 9) for d in (1, 2)))
    verdict = item_verdict("D7-01", facts, date(2026, 12, 31))
    assert verdict.ratio == F(8, 9)
    assert verdict.missing[0].what == "陈九2026年缺“承诺事项”2次"
    retired = tuple(replace(m, flags=(Flag("retired"),)) if m.id == "m9" else m for m in facts.members)
    assert item_verdict("D7-01", replace(facts, members=retired), date(2026, 12, 31)).ratio == 1


@pytest.mark.parametrize("flag", ["retired", "mobile", "suspended", "long_illness"])
def test_nothing_is_demanded_of_members_away_from_work(flag: str) -> None:
    facts = branch()
    members = (*facts.members[:8], replace(facts.members[8], flags=(Flag(flag, date(2026, 3, 1)),)))
    verdict = item_verdict("D3-03", replace(facts, members=members), date(2026, 6, 30))
    assert verdict.cells[0].asked == 8


def test_a_member_who_joined_inside_the_period_is_not_asked_for_it() -> None:
    facts = branch()
    members = (*facts.members[:8], replace(facts.members[8], since=date(2026, 2, 1)))
    verdict = item_verdict("D3-03", replace(facts, members=members), date(2026, 12, 31))
    assert [cell.asked for cell in verdict.cells] == [8, 9]


def test_the_tag_of_a_record_decides() -> None:
    plain, signs = (
        record("venue_check", date(2026, 3, 1)),
        record("venue_check", date(2026, 4, 1), tags=frozenset({"signage"})),
    )
    assert item_verdict("D6-02", branch(records=(plain,)), date(2026, 12, 31)).ratio == 0
    assert item_verdict("D6-02", branch(records=(signs,)), date(2026, 12, 31)).ratio == 1


def test_the_secretary_is_a_post_that_may_change_hands() -> None:
    facts = branch(records=(record("duty_report", date(2026, 11, 1), "m2"),))
    posts = (
        PostFact("p1", "m1", "secretary", None, date(2026, 6, 30)),
        PostFact("p9", "m2", "secretary", date(2026, 7, 1)),
    )
    assert item_verdict("D2-04", replace(facts, posts=posts), date(2026, 12, 31)).ratio == 1
    early = replace(facts, posts=posts, records=(record("duty_report", date(2026, 3, 1), "m2"),))
    assert item_verdict("D2-04", early, date(2026, 12, 31)).ratio == 0


@pytest.mark.parametrize(("item", "expected"), [("D3-06", NOT_APPLICABLE), ("D2-02", 0), ("D7-05", 0), ("D7-07", 0)])
def test_without_subjects_there_is_nothing_to_judge_but_lists_must_be_made(item: str, expected: Any) -> None:
    verdict = item_verdict(item, branch(), date(2026, 6, 30))
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected
    if expected == 0:
        assert verdict.missing[0].verb == "建名单"


def test_lists_not_kept_are_pending() -> None:
    assert item_verdict("D7-07", branch(subjects={}), date(2026, 6, 30)).state == PENDING


def test_each_signed_list_is_checked_every_half_year() -> None:
    lists = tuple(SubjectFact(f"d{n}", f"清单{n}", date(2026, 1, 1), date(2026, 12, 31)) for n in (1, 2))
    facts = branch(records=(record("duty_check", date(2026, 6, 20), "d1"),))
    facts = replace(facts, subjects={**facts.subjects, "signed_post": lists})
    verdict = item_verdict("D2-02", facts, date(2026, 7, 1))
    assert (verdict.ratio, [m.what for m in verdict.missing]) == (F(1, 2), ["清单2上半年缺“责任清单对账”"])


def test_a_pair_made_inside_the_half_year_waits_for_the_next() -> None:
    pair = SubjectFact("pair", "甲带乙", date(2026, 2, 1))
    facts = branch()
    facts = replace(facts, subjects={**facts.subjects, "mentoring_pair": (pair,)})
    assert item_verdict("D7-07", facts, date(2026, 8, 1)).state == RUNNING
    assert item_verdict("D7-07", facts, date(2026, 12, 31)).ratio == 0


def test_meetings_in_a_venue_are_uses_by_themselves() -> None:
    held = tuple(meeting("theme_day", date(2026, 1, d), venue_id="v1") for d in (5, 6))
    facts = branch(meetings=held)
    assert item_verdict("D6-05", facts, date(2026, 1, 31)).ratio == 1
    same_day = branch(meetings=held[:1], records=(record("venue_use", date(2026, 1, 5), venue_id="v1"),))
    assert item_verdict("D6-05", same_day, date(2026, 1, 31)).ratio == 0


# ---- training_hours, volunteer_hours


def hours(member_id: str, on: date, count: int, central: bool = True) -> HoursFact:
    return HoursFact(f"h-{member_id}-{on}", member_id, on, count * 60, central)


def test_hours_are_asked_by_full_months_of_the_year_so_far() -> None:
    facts = branch(members=(member(1),), training=(hours("m1", date(2026, 2, 1), 8),))
    assert item_verdict("D3-02", facts, date(2026, 1, 30)).state == RUNNING
    assert item_verdict("D3-02", facts, date(2026, 3, 31)).ratio == 1
    assert item_verdict("D3-02", facts, date(2026, 6, 15)).ratio == F(8) / (F(32) * 5 / 12)
    assert item_verdict("D3-02", facts, date(2026, 12, 31)).ratio == F(1, 4)


def test_attended_study_meetings_are_hours_too_by_their_length_if_noted() -> None:
    lecture = meeting("party_lecture", date(2026, 1, 5), attendance=present("m1"), minutes=90)
    day = meeting("theme_day", date(2026, 1, 6), attendance=present("m1"))
    congress = meeting("branch_congress", date(2026, 1, 7), attendance=present("m1"))
    facts = branch(members=(member(1),), meetings=(lecture, day, congress))
    assert item_verdict("D3-02", facts, date(2026, 12, 31)).ratio == F(5, 2) / 32


def test_a_member_is_asked_for_the_months_on_the_roster() -> None:
    facts = branch(members=(member(1, since=date(2026, 6, 10)),), training=(hours("m1", date(2026, 8, 1), 16),))
    assert item_verdict("D3-02", facts, date(2026, 12, 31)).ratio == 1


def test_without_a_central_course_a_finished_year_is_halved() -> None:
    course = tuple(hours(f"m{n}", date(2026, 5, 1), 56, central=n > 1) for n in range(1, 5))
    facts = branch(training=course)
    assert item_verdict("D2-05", facts, date(2026, 11, 30)).ratio == 1
    verdict = item_verdict("D2-05", facts, date(2026, 12, 31))
    assert verdict.ratio == (F(3) + F(1, 2)) / 4
    assert verdict.missing[0].what == "陈一没有参加1次集中培训"


def test_below_the_committee_threshold_secretary_and_deputy_are_the_committee() -> None:
    facts = branch(members=tuple(member(n) for n in range(1, 6)), posts=(PostFact("p1", "m1", "secretary"),))
    facts = replace(facts, training=(hours("m1", date(2026, 5, 1), 56),))
    assert item_verdict("D2-05", facts, date(2026, 12, 31)).ratio == 1


def test_hours_by_meetings_alone_cannot_be_judged() -> None:
    lecture = meeting("party_lecture", date(2026, 1, 5), attendance=present("m1"))
    facts = branch(kept=frozenset(), meetings=(lecture,))
    assert item_verdict("D3-02", facts, date(2026, 12, 31)).state == PENDING


@pytest.mark.parametrize(("each", "ratio"), [(8, F(1)), (4, F(1, 2)), (20, F(1))])
def test_volunteer_hours_are_an_average(each: int, ratio: Fraction) -> None:
    work = tuple(hours(f"m{n}", date(2026, 5, 1), each) for n in range(1, 10))
    verdict = judge(
        "volunteer_hours", branch(volunteering=work), date(2026, 12, 31), who="members", min_avg=8, per="year"
    )
    assert verdict.ratio == ratio


def test_hours_of_one_may_stand_for_another() -> None:
    work = (hours("m1", date(2026, 5, 1), 16),)
    facts = branch(members=(member(1), member(2)), volunteering=work)
    assert judge("volunteer_hours", facts, date(2026, 12, 31), who="members", min_avg=8, per="year").ratio == 1


# ---- dues_paid


def paid(member_id: str, month: int, on: date | None, fen: int = 1500, **more: Any) -> DuesFact:
    return DuesFact(f"{member_id}-{month}", member_id, date(2026, month, 1), 1500, fen if on else 0, on, **more)


@pytest.mark.parametrize(
    ("entry", "on", "expected"),
    [
        (paid("m1", 1, date(2026, 1, 20)), date(2026, 1, 31), 1),
        (paid("m1", 1, None), date(2026, 1, 31), 0),
        (paid("m1", 1, date(2026, 1, 20), 1000), date(2026, 1, 31), 0),
        (paid("m1", 1, date(2026, 7, 31)), date(2026, 7, 31), F(1, 7)),
        (paid("m1", 1, date(2026, 8, 1)), date(2026, 8, 31), 0),
        (paid("m1", 1, None, quarterly=True), date(2026, 2, 15), RUNNING),
        (paid("m1", 1, date(2026, 3, 31), quarterly=True), date(2026, 1, 31), RUNNING),
        (DuesFact("x", "m1", date(2026, 1, 1), 0), date(2026, 1, 31), RUNNING),
    ],
)
def test_dues_of_a_member_month(entry: DuesFact, on: date, expected: Any) -> None:
    verdict = item_verdict("D3-04", branch(members=(member(1),), dues=(entry,)), on)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def test_retired_members_pay_too() -> None:
    facts = branch(members=(member(1), member(2, flags=(Flag("retired"),))), dues=(paid("m1", 1, date(2026, 1, 3)),))
    verdict = item_verdict("D3-04", facts, date(2026, 1, 31))
    assert (verdict.ratio, verdict.missing[0].what) == (F(1, 2), "1月陈二未交党费")


# ---- talk_coverage


def talks(*pairs: tuple[int, int]) -> tuple[TalkFact, ...]:
    return tuple(TalkFact(f"t{a}-{b}", date(2026, 5, 1), f"m{a}", f"m{b}") for a, b in pairs)


def test_talks_cover_pairs_members_and_each_other() -> None:
    every = [(a, b) for a in range(1, 5) for b in range(a + 1, 5)]
    facts = branch(talks=talks(*every, *((1, n) for n in range(5, 10))))
    assert item_verdict("D4-08", facts, date(2026, 8, 1)).ratio == 1
    part = branch(talks=talks(*every[:3], *((1, n) for n in range(5, 10))))
    assert item_verdict("D4-08", part, date(2026, 8, 1)).state == RUNNING
    assert item_verdict("D4-08", part, date(2026, 12, 31)).ratio == (F(3, 6) + 1 + 1) / 3


def test_only_heart_talks_count_and_not_with_oneself() -> None:
    facts = branch(
        talks=(TalkFact("x", date(2026, 5, 1), "m1", "m1"), TalkFact("y", date(2026, 5, 1), "m1", "m2", "reminder"))
    )
    assert item_verdict("D4-08", facts, date(2026, 12, 31)).ratio == 0


def test_a_kind_of_pair_without_subjects_is_left_out() -> None:
    facts = branch(members=(member(1), member(2), member(3)), posts=(PostFact("p1", "m1", "secretary"),))
    facts = replace(facts, talks=talks((1, 2), (1, 3)))
    assert item_verdict("D4-08", facts, date(2026, 12, 31)).ratio == 1


# ---- structure


@pytest.mark.parametrize(("count", "ratio", "warned"), [(2, 0, False), (3, 1, False), (50, 1, False), (51, 1, True)])
def test_member_limits_warn_about_what_is_usual(count: int, ratio: int, warned: bool) -> None:
    verdict = item_verdict("D1-01", branch(members=tuple(member(n) for n in range(1, count + 1))), date(2026, 5, 1))
    assert verdict.ratio == ratio
    assert any("只提醒" in note for note in verdict.notes) == warned


def test_probationary_members_are_no_full_members() -> None:
    members = (member(1), member(2), member(3, category="probationary_member", full_on=None))
    assert item_verdict("D1-01", branch(members=members), date(2026, 5, 1)).ratio == 0


@pytest.mark.parametrize(
    ("full", "posts", "ratio"),
    [
        (7, ["secretary", "org_commissioner", "publicity_commissioner"], 1),
        (7, ["secretary", "org_commissioner"], 0),
        (9, ["secretary", *(f"x{n}_commissioner" for n in range(6))], 1),
        (9, ["secretary", *(f"x{n}_commissioner" for n in range(7))], 0),
        (6, ["secretary"], 1),
        (6, ["secretary", "deputy_secretary"], 1),
        (6, ["deputy_secretary"], 0),
        (6, ["secretary", "deputy_secretary", "deputy_secretary"], 0),
    ],
)
def test_committee_size_follows_the_full_members(full: int, posts: list[str], ratio: int) -> None:
    facts = branch(
        members=tuple(member(n) for n in range(1, full + 1)),
        posts=tuple(PostFact(f"p{n}", f"m{n}", post) for n, post in enumerate(posts, start=1)),
    )
    assert item_verdict("D1-02", facts, date(2026, 5, 1)).ratio == ratio


def test_every_member_in_one_group_and_every_group_with_a_leader_of_its_own() -> None:
    facts = branch()
    assert item_verdict("D1-03", facts, date(2026, 5, 1)).ratio == 1
    loose = replace(facts, members=(*facts.members[:8], replace(facts.members[8], group_id=None)))
    assert item_verdict("D1-03", loose, date(2026, 5, 1)).ratio == 0
    stranger = replace(facts, groups=(replace(facts.groups[0], leader_id="m9"), facts.groups[1]))
    assert item_verdict("D1-03", stranger, date(2026, 5, 1)).missing[0].what == "第一党小组没有本组的组长"


@pytest.mark.parametrize(
    ("term", "on", "ratio", "gate"),
    [
        (TermFact("t", date(2025, 3, 1), date(2028, 3, 1)), date(2026, 5, 1), 1, False),
        (TermFact("t", date(2025, 3, 1)), date(2028, 2, 29), 1, False),
        (TermFact("t", date(2025, 3, 1)), date(2028, 3, 1), 0, True),
        (
            TermFact("t", date(2023, 3, 1), date(2026, 3, 1), None, date(2026, 9, 1), "批5号"),
            date(2026, 5, 1),
            1,
            False,
        ),
        (
            TermFact("t", date(2023, 3, 1), date(2026, 3, 1), None, date(2026, 9, 1), "批5号"),
            date(2026, 10, 1),
            0,
            False,
        ),
        (
            TermFact("t", date(2023, 3, 1), date(2026, 3, 1), None, date(2027, 9, 1), "批5号"),
            date(2026, 5, 1),
            0,
            False,
        ),
    ],
)
def test_a_term_is_valid_until_it_expires_or_as_long_as_approved(
    term: TermFact, on: date, ratio: int, gate: bool
) -> None:
    verdict = item_verdict("D1-04", branch(terms=(term,)), on)
    assert verdict.ratio == ratio
    assert verdict.gate is gate


def test_no_term_on_file_is_pending_and_the_end_is_announced() -> None:
    assert item_verdict("D1-04", branch(terms=()), date(2026, 5, 1)).state == PENDING
    soon = item_verdict("D1-04", branch(terms=(TermFact("t", date(2023, 8, 1), date(2026, 8, 1)),)), date(2026, 5, 1))
    assert "启动换届" in soon.upcoming[0].what


@pytest.mark.parametrize(("on", "ratio"), [(date(2026, 6, 29), 1), (date(2026, 6, 30), 0)])
def test_a_post_may_stand_empty_for_ninety_days(on: date, ratio: int) -> None:
    facts = branch()
    posts = (*facts.posts[:3], replace(facts.posts[3], until=date(2026, 3, 31)))
    assert item_verdict("D1-05", replace(facts, posts=posts), on).ratio == ratio


def test_a_post_given_up_with_the_last_committee_is_no_vacancy() -> None:
    facts = branch()
    posts = (*facts.posts, PostFact("old", "m9", "youth_commissioner", None, date(2025, 2, 20)))
    assert item_verdict("D1-05", replace(facts, posts=posts), date(2026, 5, 1)).ratio == 1


@pytest.mark.parametrize(("full_on", "expected"), [(date(2025, 5, 1), 1), (date(2025, 5, 2), 0), (None, PENDING)])
def test_the_secretary_has_a_year_of_party_standing(full_on: date | None, expected: Any) -> None:
    facts = branch()
    members = (replace(facts.members[0], full_on=full_on), *facts.members[1:])
    verdict = item_verdict("D2-01", replace(facts, members=members), date(2026, 5, 1))
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def test_no_posts_on_file_is_pending() -> None:
    for item in ("D1-02", "D1-05", "D2-01", "D2-05", "D2-06"):
        assert item_verdict(item, branch(posts=()), date(2026, 5, 1)).state == PENDING


def test_the_roster_is_the_share_of_filled_fields_and_full_on_only_of_full_members() -> None:
    facts = branch(members=(member(1), member(2)))
    holes = replace(facts.members[1], filled=facts.members[1].filled - {"phone", "education"})
    verdict = item_verdict("D1-06", replace(facts, members=(facts.members[0], holes)), date(2026, 5, 1))
    assert verdict.ratio == F(18, 20)
    probationary = replace(holes, category="probationary_member", full_on=None, filled=holes.filled - {"full_on"})
    verdict = item_verdict("D1-06", replace(facts, members=(facts.members[0], probationary)), date(2026, 5, 1))
    assert verdict.ratio == F(17, 19)


@pytest.mark.parametrize("item", ["D1-01", "D1-02", "D1-06", "D3-02", "D3-04"])
def test_an_empty_roster_cannot_be_judged(item: str) -> None:
    verdict = item_verdict(item, branch(members=(), posts=()), date(2026, 5, 1))
    assert verdict.state == PENDING


# ---- development_valid


GOOD_CASE = {
    1: date(2024, 1, 5),
    2: date(2024, 2, 1),
    3: date(2024, 3, 1),
    4: date(2024, 3, 5),
    5: date(2024, 3, 10),
    6: date(2024, 9, 10),
    7: date(2025, 3, 1),
    8: date(2025, 3, 10),
}


@pytest.mark.parametrize(
    ("changes", "breach"),
    [
        ({}, ""),
        ({2: date(2024, 2, 6)}, "收到申请书到谈话超过1个月"),
        ({7: date(2025, 2, 28)}, "培养考察不满12个月"),
        ({5: None}, "缺少“指定培养联系人”"),
        ({4: date(2024, 2, 20)}, "“报上级党委备案”早于“推荐和确定入党积极分子”"),
    ],
)
def test_a_case_in_order_and_its_breaches(changes: dict[int, date | None], breach: str) -> None:
    steps = {no: on for no, on in {**GOOD_CASE, **changes}.items() if on is not None}
    facts = branch(cases=(CaseFact("c", "丁一", steps),))
    verdict = item_verdict("D3-05", facts, date(2025, 4, 1))
    assert verdict.ratio == (0 if breach else 1)
    if breach:
        assert verdict.missing[0].what == f"丁一：{breach}"


def test_publicity_lasts_five_working_days_by_the_holiday_calendar() -> None:
    steps = {**GOOD_CASE, 7: date(2026, 4, 20), 8: date(2026, 4, 29)}
    short = CaseFact("c", "丁一", steps, publicity_ended_on=date(2026, 5, 6))
    verdict = item_verdict("D3-05", branch(cases=(short,)), date(2026, 5, 20))
    assert verdict.missing[0].what == "丁一：公示3个工作日，不足5个"
    enough = replace(short, publicity_ended_on=date(2026, 5, 8))
    assert item_verdict("D3-05", branch(cases=(enough,)), date(2026, 5, 20)).ratio == 1


def test_no_case_is_nothing_to_judge_and_an_unknown_edition_waits() -> None:
    assert item_verdict("D3-05", branch(), date(2026, 5, 1)).state == NOT_APPLICABLE
    old = CaseFact("c", "丁一", GOOD_CASE, ruleset="development_2014")
    assert item_verdict("D3-05", branch(cases=(old,)), date(2025, 4, 1)).state == PENDING


# ---- appraisal_valid


@pytest.mark.parametrize(
    ("appraisal", "on", "expected"),
    [
        (None, date(2026, 12, 31), RUNNING),
        (None, date(2027, 3, 31), 0),
        (AppraisalFact("a", 2026, date(2027, 1, 20), 9, 3), date(2027, 2, 1), 1),
        (AppraisalFact("a", 2026, date(2027, 1, 20), 9, 4), date(2027, 4, 1), 0),
        (AppraisalFact("a", 2026, date(2027, 1, 20), 9, 3, 1), date(2027, 4, 1), 0),
        (AppraisalFact("a", 2025, date(2026, 1, 20), 9, 3), date(2027, 4, 1), 0),
    ],
)
def test_the_appraisal_is_done_and_at_most_a_third_excellent(
    appraisal: AppraisalFact | None, on: date, expected: Any
) -> None:
    verdict = item_verdict("D4-07", branch(appraisals=(appraisal,) if appraisal else ()), on, 2026)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def test_an_appraisal_meeting_without_grades_waits() -> None:
    held = meeting("democratic_appraisal", date(2027, 1, 20), for_year=2026)
    assert item_verdict("D4-07", branch(meetings=(held,)), date(2027, 4, 1), 2026).state == PENDING


# ---- vote_valid


def vote(kind: str, due: int, attended: int, yes: int, passed: bool | None, **more: Any) -> VoteFact:
    return VoteFact("v", kind, "", due, attended, yes, more.pop("no", 0), more.pop("abstain", 0), passed, **more)


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
        (vote("show_of_hands", 10, 9, 9, True), "不在规则里"),
    ],
)
def test_the_worked_votes(recorded: VoteFact, fault: str) -> None:
    breach = vote_breach(recorded, LAW.votes.get(recorded.kind))
    assert fault in breach
    assert bool(fault) == bool(breach)


def ballot(seats: int, *candidates: tuple[str, int, bool]) -> VoteFact:
    return VoteFact("v", "election", "", 10, 9, seats=seats, candidates=tuple(CandidateFact(*c) for c in candidates))


@pytest.mark.parametrize(
    ("recorded", "in_order"),
    [
        (ballot(2, ("甲", 9, True), ("乙", 7, True), ("丙", 5, False)), True),
        (ballot(2, ("甲", 9, True), ("乙", 4, True), ("丙", 4, False)), False),
        (ballot(2, ("甲", 9, True), ("乙", 6, False), ("丙", 6, False)), True),
        (ballot(2, ("甲", 9, True), ("乙", 6, True), ("丙", 6, False)), False),
        (ballot(1, ("甲", 10, True)), False),
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


# ---- closing things


@pytest.mark.parametrize(
    ("transfer", "on", "expected"),
    [
        (TransferFact("x", date(2026, 1, 1), date(2026, 2, 1), 30), date(2026, 5, 1), 0),
        (TransferFact("x", date(2026, 1, 1), date(2026, 1, 31), 30), date(2026, 5, 1), 1),
        (TransferFact("x", date(2026, 1, 1)), date(2026, 4, 1), RUNNING),
        (TransferFact("x", date(2026, 1, 1)), date(2026, 4, 2), 0),
        (TransferFact("x", date(2026, 1, 1), date(2026, 5, 1), 200), date(2026, 5, 2), 0),
        (None, date(2026, 5, 1), NOT_APPLICABLE),
    ],
)
def test_transfers_are_closed_within_the_letter(transfer: TransferFact | None, on: date, expected: Any) -> None:
    verdict = judge("transfer_closed", branch(transfers=(transfer,) if transfer else ()), on, max_days=90)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def issue(name: str, due: date, done: date | None, source: str = "inspection") -> TaskFact:
    return TaskFact(name, name, due, done, source, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("issues", "expected"),
    [
        ((), NOT_APPLICABLE),
        ((issue("a", date(2026, 3, 1), date(2026, 3, 1)), issue("b", date(2026, 3, 1), date(2026, 3, 2))), F(1, 2)),
        ((issue("a", date(2026, 3, 1), None),), 0),
        ((issue("a", date(2026, 9, 1), None),), RUNNING),
        ((issue("a", date(2026, 3, 1), None, "org_life"),), NOT_APPLICABLE),
    ],
)
def test_issues_are_closed_by_their_day(issues: tuple[TaskFact, ...], expected: Any) -> None:
    verdict = item_verdict("D8-07", branch(issues=issues), date(2026, 5, 1))
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def test_points_are_published_every_quarter() -> None:
    facts = branch(records=(record("points_publication", date(2026, 3, 30)),))
    assert item_verdict("D3-08", facts, date(2026, 6, 30)).ratio == F(1, 2)
    assert item_verdict("D3-08", branch(kept=frozenset()), date(2026, 6, 30)).state == PENDING


TEMPLATES = {"lagging": (("planning", 15), ("doing", 60), ("checking", 75), ("adjusting", 90))}


def plan(*stages: tuple[str, date]) -> Facts:
    return branch(
        classes=(ClassFact("lagging", date(2026, 4, 20)),),
        plan_templates=TEMPLATES,
        plans=(PlanFact("plan", "lagging", date(2026, 4, 25), (("planning", date(2026, 4, 25)), *stages)),),
    )


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        (branch(), date(2026, 6, 30), RUNNING),
        (plan(("doing", date(2026, 5, 20))), date(2026, 6, 30), 1),
        (plan(), date(2026, 6, 30), 0),
        (plan(("doing", date(2026, 7, 2))), date(2026, 6, 30), 0),
        (plan(("doing", date(2026, 5, 20)), ("checking", date(2026, 7, 5))), date(2026, 9, 30), 1),
        (plan(("doing", date(2026, 5, 20))), date(2026, 9, 30), F(1, 2)),
        (
            branch(classes=(ClassFact("lagging", date(2026, 4, 20)),), plan_templates=TEMPLATES),
            date(2026, 6, 30),
            0,
        ),
    ],
)
def test_a_plan_reaches_the_stage_its_template_asks_for(facts: Facts, on: date, expected: Any) -> None:
    verdict = item_verdict("D5-06", facts, on)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def project(kind: str, *stages: tuple[str, date]) -> RecordFact:
    return RecordFact("r", kind, stages[0][1], "项目", states=stages)


@pytest.mark.parametrize(
    ("item", "entity", "on", "expected"),
    [
        ("D5-02", project("party_plus_project", ("active", date(2026, 2, 1))), date(2026, 9, 30), 1),
        (
            "D5-02",
            project("party_plus_project", ("active", date(2025, 2, 1)), ("closed", date(2026, 4, 1))),
            date(2026, 9, 30),
            F(2, 3),
        ),
        ("D5-02", project("party_plus_project", ("approved", date(2026, 2, 1))), date(2026, 9, 30), 0),
        ("D5-04", project("lean_project", ("running", date(2026, 2, 1))), date(2026, 9, 30), RUNNING),
        ("D5-04", project("lean_project", ("running", date(2026, 2, 1))), date(2026, 12, 31), 0),
        (
            "D5-04",
            project("lean_project", ("running", date(2026, 2, 1)), ("promoted", date(2026, 8, 1))),
            date(2026, 9, 30),
            1,
        ),
        (
            "D5-04",
            project("lean_project", ("closed", date(2025, 12, 1)), ("promoted", date(2026, 8, 1))),
            date(2026, 12, 31),
            0,
        ),
    ],
)
def test_projects_were_in_the_state_or_reached_the_end(item: str, entity: RecordFact, on: date, expected: Any) -> None:
    verdict = item_verdict(item, branch(records=(entity,)), on)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


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


# ---- all_of


def test_all_of_is_the_mean_of_what_there_is_to_judge() -> None:
    contact = (record("mobile_contact", date(2026, 2, 1), "m9"),)
    facts = branch()
    mobile = replace(facts, members=(*facts.members[:8], replace(facts.members[8], flags=(Flag("mobile"),))))
    closed = TransferFact("x", date(2026, 1, 1), date(2026, 1, 20), 30)
    assert item_verdict("D3-07", facts, date(2026, 3, 31)).state == NOT_APPLICABLE
    assert item_verdict("D3-07", replace(mobile, records=contact), date(2026, 3, 31)).ratio == 1
    assert item_verdict("D3-07", replace(mobile, transfers=(closed,)), date(2026, 3, 31)).ratio == F(1, 2)
    unkept = replace(mobile, kept=frozenset({"mobile_contact"}), records=contact)
    assert item_verdict("D3-07", unkept, date(2026, 3, 31)).state == PENDING


@pytest.mark.parametrize("item", ["D7-01", "D3-02", "D3-03"])
def test_with_nobody_at_work_nothing_is_demanded(item: str) -> None:
    facts = branch(members=(member(1, flags=(Flag("retired"),)), member(2, flags=(Flag("retired"),))))
    assert item_verdict(item, facts, date(2026, 12, 31)).state == NOT_APPLICABLE


def test_a_member_who_just_came_is_waited_for() -> None:
    facts = branch(members=(member(1, since=date(2026, 11, 20)),))
    for item in ("D3-02", "D3-03"):
        assert item_verdict(item, facts, date(2026, 11, 30)).state == RUNNING
