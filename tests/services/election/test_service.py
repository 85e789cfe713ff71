"""An election from its beginning to the hand-over, and what is refused on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.models.elections import TallyLine
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.elections import ElectionKind, Seat, StepState
from desktop.services.branches import BranchService
from desktop.services.election.service import ElectionService
from desktop.services.election.settling import Settling
from desktop.services.errors import InvalidInput
from desktop.services.history import HistoryService
from desktop.services.store import Store
from desktop.services.terms import TermDraft, TermService
from tests.services.election.hall import NAMES, OLD_END, hall, prepared, vote
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        hall(opened)
        yield opened


@pytest.fixture
def service(store: Store) -> ElectionService:
    return ElectionService(store)


def test_the_next_election_follows_from_the_term_that_runs(store: Store, service: ElectionService) -> None:
    coming = service.coming()
    assert coming is not None
    assert coming[:2] == (4, OLD_END)
    assert service.starts_on() == date(2026, 7, 10)
    BranchService(store).assign(Post.DISCIPLINE_COMMISSIONER, hall(store, again=True)["周立军"], None)
    assert service.usual_seats() == 4
    row = service.election(service.begin({"seats": 3, "congress_on": "2026-11-20"}))
    assert row.title == "第4届支部委员会换届选举"
    assert row.least_candidates == 4
    limits = {step.id: step.limit for step in row.steps}
    assert (limits["remind"], limits["request"]) == (date(2026, 7, 10), date(2026, 10, 20))
    assert (limits["report"], limits["handover"]) == (date(2026, 11, 27), OLD_END)
    assert [step.state for step in row.steps][:2] == [StepState.DONE, StepState.LATE]


def test_steps_out_of_order_are_kept_and_told(store: Store, service: ElectionService) -> None:
    election = service.begin({"seats": 3, "congress_on": "2026-11-20"})
    service.record_step(election, "request", {"done_on": "2026-11-01", "document_no": "支字1号"})
    service.record_step(election, "approval", {"done_on": "2026-10-30"})
    breaches = {step.id: step.breach for step in service.election(election).steps}
    assert breaches["request"] == "请示晚了：大会前至少1个月，最晚2026-10-20"
    assert breaches["approval"] == "批复早于请示（2026-11-01）"
    with pytest.raises(InvalidInput, match="今天之后"):
        service.record_step(election, "report", {"done_on": "2026-12-01"})


def test_a_step_of_which_nothing_is_said_is_refused(service: ElectionService) -> None:
    election = service.begin({"seats": 3, "congress_on": "2026-11-20"})
    with pytest.raises(InvalidInput, match="什么都没有登记"):
        service.record_step(election, "request", {"done_on": None, "document_no": "", "note": ""})
    service.record_step(election, "request", {"note": "等上级定日子"})
    rev = next(step.rev for step in service.election(election).steps if step.id == "request")
    service.record_step(election, "request", {"done_on": None, "note": ""}, rev)


def test_who_stands_is_numbered_seat_by_seat(store: Store, service: ElectionService) -> None:
    row = service.election(prepared(store, service))
    assert [each.position for each in row.standing(Seat.COMMITTEE)] == [1, 2, 3, 4]
    assert [each.position for each in row.standing(Seat.SECRETARY)] == [1]


def test_numbers_that_contradict_one_another_are_to_be_checked_and_end_no_election(
    store: Store, service: ElectionService
) -> None:
    election = prepared(store, service)
    service.begin_round(election)
    vote(service, election, {"李建国": 91, "王秀英": 8, "周立军": 6, "陈晓东": 4}, present=10, void=0)
    row = service.election(election)
    assert (row.next.verb, row.rounds[0].count.valid) == ("票数对不上", False)
    assert row.next.why_not.startswith("核对票数：李建国")


def test_a_postponement_is_bounded_and_moves_the_term_only_with_its_approval(
    store: Store, service: ElectionService
) -> None:
    election = service.begin({"seats": 3})
    with pytest.raises(InvalidInput, match="超过1年"):
        service.shift(election, {"shifted_to": "2028-02-01", "shift_reason": "改制"})
    with pytest.raises(InvalidInput, match="写明原因"):
        service.shift(election, {"shifted_to": "2027-06-01"})
    service.shift(election, {"shifted_to": "2027-06-01", "shift_reason": "改制"})
    assert TermService(store).terms()[0].shifted_to is None
    approval = {"shift_approved_on": "2026-11-01", "shift_approval_no": "周烟党〔2026〕9号"}
    service.shift(election, approval)
    assert TermService(store).terms()[0].shifted_to == date(2027, 6, 1)


def test_who_may_not_stand_is_refused_by_name(store: Store, service: ElectionService) -> None:
    ids = hall(store, again=True)
    election = service.begin({"seats": 3})
    with pytest.raises(InvalidInput, match="预备党员没有被选举权"):
        service.save_candidate(election, {"member_id": ids["丁预备"]})
    service.save_candidate(election, {"member_id": ids["李建国"], "nominated": 9, "nominated_full": 8})
    with pytest.raises(InvalidInput, match="已经是委员候选人"):
        service.save_candidate(election, {"member_id": ids["李建国"]})
    with pytest.raises(InvalidInput, match="多于提名党员数"):
        service.save_candidate(election, {"member_id": ids["王秀英"], "nominated": 3, "nominated_full": 8})
    with pytest.raises(InvalidInput, match="李建国是候选人，不能监票"):
        service.change(election, {"tellers": ["李建国"]})


def test_an_election_runs_from_ballots_over_a_runoff_to_new_posts(store: Store, service: ElectionService) -> None:
    settling = Settling(store)
    election = prepared(store, service)
    assert service.election(election).next.verb == "开始投票"
    service.begin_round(election)
    vote(service, election, {"李建国": 9, "王秀英": 8, "周立军": 6, "陈晓东": 6}, present=10, void=0)
    row = service.election(election)
    assert (row.next.verb, row.rounds[0].count.runoff) == ("开始第二次投票", ("周立军", "陈晓东"))
    service.begin_round(election)
    again = service.election(election).rounds[-1]
    assert [line.name for line in again.tallies] == ["周立军", "陈晓东"]
    assert (again.seats, again.again, again.due) == (1, True, 12)
    with pytest.raises(InvalidInput, match="不能再改"):
        service.save_round(election, row.rounds[0].id, {"present": 11})
    vote(service, election, {"周立军": 6, "陈晓东": 4}, present=10, void=0)
    assert service.election(election).next.verb == "开始选书记"
    service.begin_round(election)
    first = service.election(election).rounds[-1]
    assert (first.seat, first.due) == (Seat.SECRETARY, 3)
    vote(service, election, {"李建国": 3}, present=3, void=0)
    assert service.election(election).next.verb == "定下结果"
    settling.settle(election)
    row = service.election(election)
    assert [each.name for each in row.winners(Seat.COMMITTEE)] == ["李建国", "王秀英", "周立军"]
    assert row.settled_by == store.actor
    with pytest.raises(InvalidInput, match="更正"):
        service.change(election, {"congress_place": "别处"})
    settling.correct(election, {"text": "第一次投票地点写错，应为二楼会议室", "why": "笔误"})
    assert [each.text for each in service.election(election).corrections] == ["第一次投票地点写错，应为二楼会议室"]
    approval = {"approved_on": "2026-11-22", "approval_no": "周烟党〔2026〕30号", "handed_over_on": "2026-11-22"}
    with pytest.raises(InvalidInput, match="王秀英还没有分工"):
        settling.hand_over(election, approval)
    works = {each.name: each.id for each in row.winners(Seat.COMMITTEE)}
    shared = {works["王秀英"]: Post.ORG_COMMISSIONER, works["周立军"]: Post.ORG_COMMISSIONER}
    with pytest.raises(InvalidInput, match="分工都是组织委员"):
        settling.hand_over(election, approval, shared)
    with pytest.raises(InvalidInput, match="书记不是委员的分工"):
        settling.hand_over(election, approval, {works["王秀英"]: Post.SECRETARY})
    divided = {**shared, works["周立军"]: Post.DISCIPLINE_COMMISSIONER}
    with pytest.raises(InvalidInput, match="不晚于选举大会"):
        settling.hand_over(election, {**approval, "new_expires_on": "2026-11-20"}, divided)
    kept = service.election(election)
    assert [each.post for each in kept.winners(Seat.COMMITTEE)] == [None, None, None]
    assert kept.approved_on is None
    settling.hand_over(election, approval, divided)
    assert [each.post for each in service.election(election).winners(Seat.COMMITTEE)] == [
        None,
        Post.ORG_COMMISSIONER,
        Post.DISCIPLINE_COMMISSIONER,
    ]
    posts = {(each.post, each.member): (each.from_on, each.to_on) for each in BranchService(store).posts(history=True)}
    day, before = date(2026, 11, 22), date(2026, 11, 21)
    assert posts[Post.SECRETARY, "李建国"] == (day, None)
    assert posts[Post.ORG_COMMISSIONER, "王秀英"] == (day, None)
    assert posts[Post.PUBLICITY_COMMISSIONER, "陈晓东"] == (None, before)
    terms = TermService(store).terms()
    assert (terms[0].term_no, terms[0].elected_on, terms[0].expires_on) == (4, date(2026, 11, 20), date(2029, 11, 19))
    assert terms[0].approval_no == "周烟党〔2026〕30号"
    assert [each.handed_over_on for each in terms] == [None, day]
    done = {step.id: step.done_on for step in service.election(election).steps}
    assert (done["congress"], done["result_approval"], done["handover"]) == (date(2026, 11, 20), day, day)
    with pytest.raises(InvalidInput, match="不能删除"):
        service.remove(election)
    told = [row.sentence for row in HistoryService(store).trail()]
    assert "第4届换届选举结果批复，任职开始" in told


def test_too_few_elected_are_filled_by_another_round_or_left_empty_by_agreement(
    store: Store, service: ElectionService
) -> None:
    election = prepared(store, service)
    service.begin_round(election)
    vote(service, election, {"李建国": 9, "王秀英": 8, "周立军": 5, "陈晓东": 4}, present=10, void=0)
    row = service.election(election)
    assert (row.next.verb, row.next.why_not) == ("补选差额", "")
    with pytest.raises(InvalidInput, match="至少5人"):
        service.leave_unfilled(election, 4)
    service.leave_unfilled(election, 5)
    assert service.election(election).next.verb == "开始选书记"
    service.leave_unfilled(election, None)
    service.begin_round(election)
    round_ = service.election(election).rounds[-1]
    assert ([line.name for line in round_.tallies], round_.seats) == (["周立军", "陈晓东"], 1)


def test_a_name_written_in_wins_as_a_member(store: Store, service: ElectionService) -> None:
    election = prepared(store, service)
    round_id = service.begin_round(election)
    with pytest.raises(InvalidInput, match="名册上没有韩英杰"):
        service.save_round(election, round_id, {}, [TallyLine(name="韩英杰", yes=1, written_in=True)])
    vote(
        service,
        election,
        {"李建国": 9, "王秀英": 8, "周立军": 2, "陈晓东": 2, "何晓梅": 6},
        present=10,
        void=0,
    )
    assert service.election(election).rounds[-1].count.elected == ("李建国", "王秀英", "何晓梅")


def test_an_invalid_round_is_voted_again_and_is_never_settled(store: Store, service: ElectionService) -> None:
    election = prepared(store, service)
    service.begin_round(election)
    vote(service, election, {"李建国": 9, "王秀英": 8, "周立军": 6, "陈晓东": 4}, present=9, void=0)
    row = service.election(election)
    assert (row.rounds[0].count.valid, row.next.verb) == (False, "选举无效，第二次投票")
    with pytest.raises(InvalidInput):
        Settling(store).settle(election)
    service.begin_round(election)
    assert len(service.election(election).rounds[-1].tallies) == 4


def test_nothing_begins_without_the_slate_or_before_the_day(store: Store, service: ElectionService) -> None:
    election = service.begin({"seats": 3})
    assert service.election(election).next.why_not == "先定选举大会日期"
    service.change(election, {"congress_on": "2026-12-20"})
    assert service.election(election).next.why_not == "大会定在2026-12-20，那天再开始"
    service.change(election, {"congress_on": "2026-11-20"})
    assert service.election(election).next.why_not == "候选人0名，应选3名，至少要4名"
    with pytest.raises(InvalidInput, match="候选人0名"):
        service.begin_round(election)
    with pytest.raises(InvalidInput, match="没有办完"):
        service.begin({"seats": 3})
    with pytest.raises(InvalidInput, match="支委会3至7人"):
        service.change(election, {"seats": 9})


def test_places_are_filled_in_a_committee_that_goes_on(store: Store, service: ElectionService) -> None:
    ids = hall(store, again=True)
    with pytest.raises(InvalidInput, match="写明谁的职务空缺"):
        service.begin({"kind": "by", "seats": 1})
    election = service.begin({"kind": "by", "seats": 1, "congress_on": "2026-11-20", "reason": "纪检委员周立军调出"})
    assert service.election(election).kind is ElectionKind.BY
    for name in ("何晓梅", "冯雪松"):
        service.save_candidate(election, {"member_id": ids[name]})
    for step in ("approval", "candidates"):
        service.record_step(election, step, {"done_on": "2026-11-10"})
    service.begin_round(election)
    vote(service, election, {"何晓梅": 9, "冯雪松": 1}, present=10, void=0)
    settling = Settling(store)
    with pytest.raises(InvalidInput, match="还没有定监票人、计票人"):
        settling.settle(election)
    service.change(election, {"tellers": ["李建国"], "counters": ["王秀英"]})
    settling.settle(election)
    (winner,) = service.election(election).winners(Seat.COMMITTEE)
    approval = {"approved_on": "2026-11-22", "approval_no": "备案3号"}
    settling.hand_over(election, approval, {winner.id: Post.DISCIPLINE_COMMISSIONER})
    posts = {(each.post, each.member) for each in BranchService(store).posts()}
    assert (Post.DISCIPLINE_COMMISSIONER, "何晓梅") in posts
    assert (Post.SECRETARY, "李建国") in posts
    assert len(TermService(store).terms()) == 1


def test_a_removed_election_comes_back_whole(store: Store, service: ElectionService) -> None:
    election = prepared(store, service)
    before = service.election(election)
    service.remove(election)
    assert service.elections() == []
    service.restore(election)
    after = service.election(election)
    assert after.candidates == tuple(
        replace(each, rev=now.rev) for each, now in zip(before.candidates, after.candidates, strict=True)
    )
    assert len(NAMES) >= len(after.candidates)


def test_a_removed_election_stays_in_the_bin_while_another_goes_on(store: Store, service: ElectionService) -> None:
    first = prepared(store, service)
    service.remove(first)
    second = service.begin({"seats": 3})
    with pytest.raises(InvalidInput, match="已有一次选举没有办完"):
        service.restore(first)
    assert [each.id for each in service.elections()] == [second]
    service.remove(second)
    service.restore(first)
    assert [each.id for each in service.elections()] == [first]


def test_a_branch_without_a_committee_elects_its_secretary_in_the_congress(
    store: Store, service: ElectionService
) -> None:
    ids = hall(store, again=True)
    election = service.begin({"seats": 0, "congress_on": "2026-11-20"})
    service.save_candidate(election, {"seat": "secretary", "member_id": ids["李建国"]})
    service.begin_round(election)
    round_ = service.election(election).rounds[-1]
    assert (round_.seat, round_.due) == (Seat.SECRETARY, 12)


def test_a_term_that_is_not_kept_says_nothing(tmp_path: Path) -> None:
    with new_store(tmp_path / "空") as empty:
        assert ElectionService(empty).coming() is None
        assert ElectionService(empty).starts_on() is None
        assert ElectionService(empty).usual_seats() == 3
        TermService(empty).save_term(TermDraft(term_no=1, elected_on=date(2024, 1, 1), expires_on=date(2027, 1, 1)))
        assert ElectionService(empty).starts_on() == date(2026, 7, 1)
