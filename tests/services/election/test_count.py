"""Counting a round of ballots: the worked cases of the rules, and what holds of every count."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.models.vocabulary.elections import Fared, Finding, PollKind
from desktop.services.election.count import Count, Poll, Tally, count, least_candidates
from desktop.services.meetings.votes import vote_kind

COMMITTEE, SECRETARY = PollKind.COMMITTEE, PollKind.SECRETARY


def polled(
    due: int = 10,
    present: int = 10,
    seats: int = 1,
    yes: dict[str, int] | None = None,
    *,
    kind: PollKind = COMMITTEE,
    void: int = 0,
) -> Poll:
    votes = {"甲": 8, "乙": 2} if yes is None else yes
    return Poll(
        kind=kind,
        due=due,
        present=present,
        seats=seats,
        issued=present,
        collected=present,
        void=void,
        tallies=tuple(Tally(name=name, yes=number) for name, number in votes.items()),
    )


def counted(poll: Poll) -> Count:
    return count(poll, vote_kind(poll.kind.rule))


def breaches(found: Count) -> list[str]:
    return [check.title for check in found.checks if check.finding is Finding.BREACH]


@pytest.mark.parametrize(
    ("due", "present", "yes", "valid", "elected"),
    [
        (10, 7, 7, False, False),
        (10, 8, 5, True, True),
        (10, 8, 4, True, False),
        (10, 9, 5, True, True),
        (10, 9, 4, True, False),
        (9, 7, 7, False, False),
        (9, 8, 5, True, True),
        (5, 4, 3, True, True),
        (5, 4, 2, True, False),
        (1, 1, 1, True, True),
    ],
)
def test_four_fifths_must_come_and_more_than_half_of_them_elect(
    due: int, present: int, yes: int, valid: bool, elected: bool
) -> None:
    found = counted(polled(due, present, 1, {"甲": yes, "乙": 0}))
    assert (found.valid, found.elected == ("甲",)) == (valid, elected)


@pytest.mark.parametrize(("seats", "least"), [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 8), (7, 9)])
def test_candidates_exceed_the_seats_by_a_fifth_rounded_up(seats: int, least: int) -> None:
    assert least_candidates(seats, vote_kind("election")) == least
    names = {f"候选{number}": 1 for number in range(least)}
    assert counted(polled(20, 20, seats, names)).valid is True
    del names["候选0"]
    found = counted(polled(20, 20, seats, names))
    assert found.valid is False
    assert breaches(found) == ["候选人多于应选两成"]
    assert found.reasons[0].endswith(f"要{least}名")


def test_secretary_and_deputy_are_elected_by_as_many_candidates_as_seats() -> None:
    assert counted(polled(5, 5, 2, {"甲": 5, "乙": 4}, kind=SECRETARY)).elected == ("甲", "乙")
    found = counted(polled(5, 5, 1, {"甲": 3, "乙": 2}, kind=SECRETARY))
    assert (found.valid, breaches(found)) == (False, ["候选人与应选相等"])


def test_a_tie_at_the_cut_elects_those_above_and_lets_the_tied_stand_again() -> None:
    poll = polled(22, 19, 5, {"李": 18, "王": 17, "周": 16, "陈": 14, "孙": 11, "郑": 11}, void=1)
    found = counted(poll)
    assert found.elected == ("李", "王", "周", "陈")
    assert (found.runoff, found.seats_left, found.least) == (("孙", "郑"), 1, 10)
    assert found.checks[0].title == "第5席同票，再投一次"
    assert found.checks[0].words == "孙、郑各11票，只对这2人投"
    again = replace(poll, seats=1, tallies=(Tally(name="孙", yes=10), Tally(name="郑", yes=8)), again=True)
    assert counted(again).elected == ("孙",)
    assert counted(again).reasons == ()


def test_a_tie_of_three_for_two_seats_elects_none_of_them() -> None:
    found = counted(polled(10, 10, 3, {"甲": 10, "乙": 6, "丙": 6, "丁": 6}))
    assert (found.elected, found.runoff, found.seats_left) == (("甲",), ("乙", "丙", "丁"), 2)


def test_a_tie_above_the_cut_or_below_half_asks_for_nothing() -> None:
    assert counted(polled(10, 10, 2, {"甲": 8, "乙": 8, "丙": 4})).elected == ("甲", "乙")
    found = counted(polled(10, 10, 2, {"甲": 8, "乙": 5, "丙": 5}))
    assert (found.elected, found.runoff, found.seats_left) == (("甲",), (), 1)


def test_too_few_elected_leave_seats_for_another_election() -> None:
    found = counted(polled(10, 10, 3, {"甲": 9, "乙": 8, "丙": 5, "丁": 4}))
    assert (found.valid, found.elected, found.seats_left) == (True, ("甲", "乙"), 1)
    assert found.reasons == (
        "当选人数不足：当选2名，应选3名，还差1名，对差额另行选举；实到会人数的半数以上同意的，也可以不再选",
    )


@pytest.mark.parametrize(
    ("changed", "breach"),
    [
        ({"issued": 11}, "发出不多于实到"),
        ({"issued": 9}, "收回不多于发出"),
        ({"void": 11}, "多划的票作废"),
        ({"void": -1}, "数字"),
        ({"present": 11, "issued": 11, "collected": 11}, "到会够五分之四"),
        ({"due": 0}, "到会够五分之四"),
        ({"seats": 0}, "应选名额"),
        ({"void": 3}, "票面合计不超"),
        ({"tellers": ("丙", "乙")}, "监票计票不是候选人"),
    ],
)
def test_numbers_that_cannot_be_make_a_round_invalid(changed: dict[str, object], breach: str) -> None:
    found = counted(replace(polled(), **changed))  # type: ignore[arg-type]
    assert found.valid is False
    assert breach in breaches(found)
    assert (found.elected, found.runoff) == ((), ())
    assert found.seats_left == (0 if breach == "应选名额" else 1)


def test_more_marks_than_the_ballots_hold_are_refused_in_numbers() -> None:
    found = counted(polled(10, 10, 1, {"甲": 8, "乙": 4}))
    assert found.reasons == ("票面合计不超：12 > 10 × 1 = 10，每张有效票最多选应选名额",)


def test_the_marks_of_a_name_add_up_to_the_valid_ballots() -> None:
    full = Tally(name="甲", yes=6, no=2, abstain=1, illegible=1)
    poll = replace(polled(), tallies=(full, Tally(name="乙", yes=2, no=8, abstain=0)))
    assert counted(poll).valid is True
    short = replace(poll, tallies=(replace(full, illegible=None), *poll.tallies[1:]))
    assert counted(short).reasons == ("票面合计不超：甲 赞成 6 + 不赞成 2 + 弃权 1 = 9，比有效票10少1",)


def test_a_name_written_in_is_no_candidate_but_may_win() -> None:
    poll = polled(yes={"甲": 4, "乙": 0})
    written = Tally(name="韩", yes=6, written_in=True)
    assert counted(replace(poll, tallies=(*poll.tallies, written))).elected == ("韩",)


def test_missing_numbers_are_open_and_decide_nothing() -> None:
    found = counted(replace(polled(), collected=None))
    assert (found.valid, found.elected) == (None, ())
    assert {standing.fared for standing in found.standings} == {Fared.OPEN}


numbers = st.integers(0, 40)


@given(
    due=numbers,
    absent=st.integers(0, 8),
    kept_back=st.integers(-1, 3),
    lost=st.integers(-1, 3),
    void=st.integers(0, 5),
    seats=st.integers(0, 7),
    votes=st.lists(st.integers(0, 40), min_size=1, max_size=9),
    kind=st.sampled_from(PollKind),
)
def test_whatever_is_counted_nobody_is_elected_against_the_rules(
    due: int, absent: int, kept_back: int, lost: int, void: int, seats: int, votes: list[int], kind: PollKind
) -> None:
    present = due - absent
    issued = present - kept_back
    collected = issued - lost
    tallies = tuple(Tally(name=f"候选{number}", yes=yes) for number, yes in enumerate(votes))
    poll = replace(polled(due, present, seats, kind=kind, void=void), issued=issued, collected=collected)
    found = counted(replace(poll, tallies=tallies))
    yes = {tally.name: tally.yes or 0 for tally in tallies}
    assert found.valid is not None
    assert len(found.elected) + found.seats_left == seats
    assert not set(found.elected) & set(found.runoff)
    if not found.valid:
        assert found.reasons
        assert found.elected == found.runoff == ()
        return
    assert 0 <= void <= collected <= issued <= present <= due
    assert 5 * present >= 4 * due
    assert all(2 * yes[name] > present for name in (*found.elected, *found.runoff))
    assert len({yes[name] for name in found.runoff}) <= 1
    assert not found.runoff or len(found.runoff) > found.seats_left
    others = set(yes) - set(found.elected)
    assert all(yes[name] >= yes[other] for name in found.elected for other in others)
    assert bool(found.reasons) == bool(found.seats_left)


@given(st.integers(1, 7), st.data())
def test_the_order_of_the_names_changes_nobodys_result(seats: int, data: st.DataObject) -> None:
    size = least_candidates(seats, vote_kind("election"))
    votes = data.draw(st.lists(st.integers(0, 12), min_size=size, max_size=size + 2))
    assume(sum(votes) <= 12 * seats)
    tallies = [Tally(name=f"候选{number}", yes=yes) for number, yes in enumerate(votes)]
    mixed = data.draw(st.permutations(tallies))
    first, second = (counted(replace(polled(12, 12, seats), tallies=tuple(order))) for order in (tallies, mixed))
    assert set(first.elected) == set(second.elected)
    assert set(first.runoff) == set(second.runoff)
