"""A round from its beginning to its end. Cases of domain §2.8 and forms_org §5: case, rule, result."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.appraisal import AppraisalResult, FollowUp
from desktop.models.vocabulary.appraisal import QuotaBase
from desktop.services.appraisal.rows import StepKey, StepState
from desktop.services.appraisal.service import AppraisalService
from desktop.services.errors import Conflict, InvalidInput, NotFound, Stale
from desktop.services.registers import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.appraisal.rounds import (
    FRESH,
    HELD,
    NAMES,
    VALID,
    YEAR,
    B,
    E,
    Q,
    U,
    branch,
    counted,
    decided,
    graded,
    held,
    ids,
    prepared,
    reviewed,
    round_of,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with branch(tmp_path / "store") as made:
        yield made


def test_last_year_is_settled_until_it_closes(tmp_path: Path) -> None:
    for day, year in (("2027-03-31", 2026), ("2027-04-01", 2027)):
        with branch(tmp_path / day, f"{day} 09:00") as store:
            assert AppraisalService(store).year_in_work() == year


def test_a_year_is_begun_once_and_not_ahead(store: Store) -> None:
    service = AppraisalService(store)
    service.begin(YEAR)
    with pytest.raises(Conflict):
        service.begin(YEAR)
    with pytest.raises(InvalidInput, match="2028年还没有到"):
        service.begin(2028)
    assert service.years() == [YEAR]


def test_each_step_opens_with_the_facts_of_the_one_before(store: Store) -> None:
    service = AppraisalService(store)
    service.begin(YEAR)
    assert round_of(store).at.key is StepKey.PREPARE
    assert round_of(store).at.lacking == ("方案", "集中学习", "会议通知", "征求意见", "谈心谈话")
    with pytest.raises(InvalidInput, match="先补齐“会前准备”：方案"):
        service.change(YEAR, {"peer_on": HELD})


def test_the_steps_follow_the_facts_to_the_end(store: Store) -> None:
    service, who = decided(store), ids(store)
    assert round_of(store).at.key is StepKey.FEEDBACK
    for name in NAMES:
        service.note(
            YEAR, who[name], {"fed_back_on": date(2027, 1, 18), "fed_back_by": "书记", "signed_on": date(2027, 1, 18)}
        )
    assert round_of(store).at.key is StepKey.PUBLISH
    service.change(YEAR, {"published_on": date(2027, 1, 19), "reported_on": date(2027, 1, 19)})
    for name in NAMES:
        service.note(YEAR, who[name], {"registered_on": date(2027, 1, 19)})
    assert {step.state for step in round_of(store).steps} == {StepState.DONE}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"study_hours": 3.0}, "集中学习3学时，不足半天（4学时）"),
        ({"notice_on": date(2026, 12, 31)}, "通知提前8天，应提前10天"),
    ],
)
def test_what_breaks_a_rule_stands_and_is_said(store: Store, values: dict[str, object], fault: str) -> None:
    service = held(store)
    service.change(YEAR, values)
    assert fault in round_of(store).step(StepKey.PREPARE).faults


def test_who_was_absent_writes(store: Store) -> None:
    service, who = held(store, "秦海波"), ids(store)
    assert "1名缺席党员的书面发言" in round_of(store).step(StepKey.REVIEW).lacking
    service.note(YEAR, who["秦海波"], {"written": "因病请假，书面检查如下……", "read_by": "李建国"})
    assert "1名缺席党员的书面发言" not in round_of(store).step(StepKey.REVIEW).lacking


def test_every_criticism_is_answered_before_the_meeting_is_done(store: Store) -> None:
    held(store)
    who, registers = ids(store), RegisterService(store)
    told = {"event_on": "2027-01-08", "title": "记录写得简单", "for_year": YEAR, "concerned": "person"}
    with pytest.raises(InvalidInput, match="写明是谁提的"):
        registers.save("criticism", {**told, "receiver_id": who["褚东升"]})
    told |= {"receiver_id": who["褚东升"], "giver_id": who["李建国"]}
    kept = registers.save("criticism", told)
    assert round_of(store).step(StepKey.MEETING).lacking == ("1条批评意见的表态",)
    registers.save("criticism", {"reply": "接受，一月底前补写"}, kept)
    row = round_of(store).criticisms[0]
    assert (row.giver, row.receiver, row.reply) == ("李建国", "褚东升", "接受，一月底前补写")
    assert round_of(store).step(StepKey.MEETING).lacking == ()


@pytest.mark.parametrize(
    ("hall", "reason"),
    [
        ({"issued": 10, "collected": 11}, "收回11张，多于发出的10张"),
        ({"issued": 10, "collected": 9, "valid": 10}, "有效10张，多于收回的9张"),
        ({"issued": 10, "collected": 9, "valid": 9, "branch_good": 8, "branch_fair": 2}, "多于收回的9张"),
        ({"ballots_on": date(2027, 1, 21)}, "在今天之后"),
    ],
)
def test_ballots_that_cannot_be_are_refused(store: Store, hall: dict[str, object], reason: str) -> None:
    service = reviewed(store)
    with pytest.raises(InvalidInput, match=reason):
        service.ballots(YEAR, {}, hall)


def test_a_row_that_does_not_sum_up_is_said_with_its_difference(store: Store) -> None:
    service, who = counted(store), ids(store)
    service.ballots(YEAR, {who["褚东升"]: (VALID, 1, 0, 0)}, {})
    line = round_of(store).line(who["褚东升"])
    assert line is not None
    assert line.difference(VALID) == 1
    assert round_of(store).step(StepKey.BALLOT).lacking == ("1人的票合计不对",)
    with pytest.raises(InvalidInput, match="先补齐“民主测评”"):
        service.grade(YEAR, who["褚东升"], E)


def test_only_sums_are_kept() -> None:
    names = set(AppraisalResult.__table__.c.keys())
    assert not names & {"voter_id", "voter", "ballot_id"}


def test_a_probationary_member_takes_part_and_gets_no_grade(store: Store) -> None:
    service, who = counted(store), ids(store)
    found = round_of(store)
    assert [line.name for line in found.unrated] == [FRESH]
    assert len(found.taking_part) == len(NAMES) + 1
    with pytest.raises(InvalidInput, match="不评定等次"):
        service.grade(YEAR, who[FRESH], Q)
    with pytest.raises(InvalidInput, match="没有票数"):
        service.ballots(YEAR, {who[FRESH]: (9, 0, 0, 0)}, {})


@pytest.mark.parametrize(
    ("base", "excellent", "most"),
    [(QuotaBase.ALL_MEMBERS, 3, 3), (QuotaBase.RATED, 3, 3), (QuotaBase.ALL_MEMBERS, 4, 3)],
)
def test_grades_over_the_third_are_not_set(store: Store, base: QuotaBase, excellent: int, most: int) -> None:
    service = graded(store, excellent)
    service.change(YEAR, {"quota_base": base})
    found = round_of(store)
    assert found.quota.people == (10 if base is QuotaBase.ALL_MEMBERS else 9)
    assert found.quota.most == most
    if excellent > most:
        assert found.why_not_decided == "优秀超 1 名"
        with pytest.raises(InvalidInput, match="优秀4名，最多3名"):
            service.decide(YEAR, date(2027, 1, 15))
    else:
        service.decide(YEAR, date(2027, 1, 15))
        assert round_of(store).decided


def test_open_grades_are_not_set_and_none_is_proposed(store: Store) -> None:
    service = counted(store)
    assert round_of(store).count(None) == len(NAMES)
    with pytest.raises(InvalidInput, match="待定9名"):
        service.decide(YEAR, date(2027, 1, 15))


def test_grades_that_are_set_change_only_with_a_reason(store: Store) -> None:
    service, who = decided(store), ids(store)
    with pytest.raises(InvalidInput, match="已经定下"):
        service.grade(YEAR, who["周立军"], U)
    with pytest.raises(InvalidInput, match="已经定下"):
        service.ballots(YEAR, {who["周立军"]: (9, 0, 0, 0)}, {})
    with pytest.raises(InvalidInput, match="不能为空"):
        service.reopen(YEAR, " ")
    service.reopen(YEAR, "上级复核名额")
    assert service.grade(YEAR, who["周立军"], B, "两次不参加组织生活") is Q
    assert round_of(store).facts.reopened == "上级复核名额"


def test_who_does_not_take_part_gets_no_grade(store: Store) -> None:
    service, who = counted(store), ids(store)
    service.note(YEAR, who["周立军"], {"excused": "长期患病"})
    with pytest.raises(InvalidInput, match="没有参评"):
        service.grade(YEAR, who["周立军"], Q)
    assert len(round_of(store).rated) == len(NAMES) - 1


def test_after_a_low_grade_the_steps_of_the_rules_follow(store: Store) -> None:
    service, who = graded(store), ids(store)
    service.grade(YEAR, who["周立军"], U, "教育后没有转变")
    service.decide(YEAR, date(2027, 1, 15))
    faults = round_of(store).step(StepKey.FEEDBACK).faults
    assert "周立军：教育帮助" in faults
    service.note(YEAR, who["周立军"], {"follow_up": (FollowUp("教育帮助", date(2027, 1, 16), "陈晓东"),)})
    assert "周立军：支委会研究提出处置意见" in round_of(store).step(StepKey.FEEDBACK).faults


def test_grades_set_after_the_closing_day_are_late(tmp_path: Path) -> None:
    with branch(tmp_path / "late", "2027-04-20 09:00") as store:
        service = graded(store)
        service.decide(YEAR, date(2027, 4, 2))
        assert round_of(store).late
        assert "过了3月31日才定" in round_of(store).step(StepKey.GRADE).faults


def test_what_was_changed_meanwhile_is_not_written_over(store: Store) -> None:
    service = prepared(store)
    rev = round_of(store).rev
    service.change(YEAR, {"theme": "一"}, rev)
    with pytest.raises(Stale):
        service.change(YEAR, {"theme": "二"}, rev)


def test_a_round_goes_into_the_bin_and_comes_back_with_its_lines(store: Store) -> None:
    service, who = graded(store), ids(store)
    gone = service.remove(YEAR)
    assert not round_of(store).begun
    with pytest.raises(NotFound):
        service.decide(YEAR, date(2027, 1, 15))
    service.restore(gone)
    line = round_of(store).line(who["陈晓东"])
    assert line is not None
    assert line.grade is E


def test_a_year_begun_anew_knows_nothing_of_the_deleted_one(store: Store) -> None:
    service, who = graded(store), ids(store)
    gone = service.remove(YEAR)
    service.begin(YEAR)
    service.note(YEAR, who["陈晓东"], {"excused": "停止党籍"})
    line = round_of(store).line(who["陈晓东"])
    assert line is not None
    assert (line.grade, line.votes) == (None, (None,) * 4)
    with pytest.raises(Conflict):
        service.restore(gone)


def test_a_round_comes_back_as_it_was_though_the_year_was_begun_anew_in_between(store: Store) -> None:
    service, who = graded(store), ids(store)
    gone = service.remove(YEAR)
    service.begin(YEAR)
    service.note(YEAR, who["陈晓东"], {"excused": "停止党籍"})
    again = service.remove(YEAR)
    service.restore(gone)
    line = round_of(store).line(who["陈晓东"])
    assert line is not None
    assert (line.grade, line.excused) == (E, None)
    service.remove(YEAR)
    service.restore(again)
    line = round_of(store).line(who["陈晓东"])
    assert line is not None
    assert (line.grade, line.excused) == (None, "停止党籍")


def test_a_problem_goes_off_the_list_with_evidence_and_who_confirmed_it(store: Store) -> None:
    held(store)
    who, service = ids(store), AppraisalService(store)
    problem = {"event_on": "2027-01-08", "title": "党课联系实际不够", "source": "org_life", "due_on": "2027-01-31"}
    kept = RegisterService(store).save(
        "issue", {**problem, "for_year": YEAR, "concerned": "committee", "reviewer_id": who["陈晓东"]}
    )
    row = round_of(store).problems[0]
    assert (row.traced, row.standing(date(2027, 2, 2))) == ("陈晓东的自查", ("逾期 2 天", "bad"))
    with pytest.raises(InvalidInput, match="写明凭什么销号"):
        service.close_problem(kept, date(2027, 1, 18), "", "李建国")
    service.close_problem(kept, date(2027, 1, 18), "三次党课讲稿", "李建国", row.rev)
    assert round_of(store).problems[0].standing(date(2027, 2, 2)) == ("已销号", "good")


def item(store: Store, item_id: str) -> str:
    score = StandardService(store).score(date(2027, 4, 1), YEAR)
    return next(found.status for found in score.items if found.id == item_id)


def test_the_round_settles_both_items_of_the_standard(store: Store) -> None:
    graded(store)
    assert item(store, "D4-06") == "met"
    assert item(store, "D4-07") != "met"
    AppraisalService(store).decide(YEAR, date(2027, 1, 15))
    assert item(store, "D4-07") == "met"
    score = StandardService(store).score(date(2027, 4, 1), YEAR)
    assert "missing_in_year" not in [gate.id for gate in score.gates]


def test_the_gaps_of_both_lead_to_the_round(store: Store) -> None:
    score = StandardService(store).score(date(2027, 1, 20), YEAR)
    places = {
        gap.item_id: gap.where.page for gap in (*score.gaps, *score.upcoming) if gap.item_id in ("D4-06", "D4-07")
    }
    assert places == {"D4-06": "appraisal", "D4-07": "appraisal"}


def test_the_lines_of_several_members_are_kept_at_once_or_not_at_all(store: Store) -> None:
    service, who = held(store), ids(store)
    lines = {who[name]: {"review_on": HELD, "self_grade": Q} for name in NAMES}
    with pytest.raises(InvalidInput) as refused:
        service.note_many(YEAR, {**lines, who[FRESH]: {"review_on": date(2027, 1, 21)}}, {"peer_on": HELD})
    assert (refused.value.label, refused.value.reason) == (f"{FRESH}的自评交来日期", "在今天之后")
    assert round_of(store).facts.peer_on is None
    assert not any(line.review_on for line in round_of(store).lines)
    service.note_many(YEAR, {**lines, who[FRESH]: {"review_on": HELD}}, {"peer_on": HELD})
    assert round_of(store).step(StepKey.REVIEW).state is StepState.DONE


def test_a_line_changed_since_it_was_read_says_whose_it_is(store: Store) -> None:
    service, who = reviewed(store), ids(store)
    read = {line.member_id: line.rev for line in round_of(store).lines}
    service.note(YEAR, who[NAMES[2]], {"peer": "踏实"})
    typed = {who[name]: {"review": "一年的工作"} for name in NAMES}
    with pytest.raises(Stale, match=NAMES[2]):
        service.note_many(YEAR, typed, revs=read)
    assert not any(line.review for line in round_of(store).lines)
