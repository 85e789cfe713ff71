"""Records of members put right: one too many, one person twice, the category."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from desktop.models.appraisal import AppraisalResult
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus, Post
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.attachments import AttachmentService
from desktop.services.branches import BranchService
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.keeping import AssessmentDraft
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.history import HistoryService
from desktop.services.meetings.book import MeetingBook
from desktop.services.members import LifeService, MemberService, RosterBook
from desktop.services.members.portraits import PortraitService
from desktop.services.members.records import MemberRecords
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from tests.sheets import content, workbook

ZHAO = {"name": "赵一鸣", "full_on": "2006-07-01", "admitted_on": "2005-07-01"}


@pytest.fixture
def records(store: Store) -> MemberRecords:
    return MemberRecords(store)


def test_a_record_too_many_goes_with_its_reason_and_comes_back(
    store: Store, members: MemberService, records: MemberRecords
) -> None:
    member = members.register(ZHAO)
    with pytest.raises(InvalidInput) as refused:
        records.remove(member, " ")
    assert refused.value.name == "reason"
    records.remove(member, "录入了两遍")
    assert members.roster() == []
    assert HistoryService(store).of("members", member)[0].sentence == "删除党员“赵一鸣”：录入了两遍"
    with pytest.raises(NotFound):
        records.remove(member, "再来一次")
    records.restore(member)
    assert [row.name for row in members.roster()] == ["赵一鸣"]
    with pytest.raises(NotFound):
        records.restore(member)


def test_who_is_named_in_records_is_not_deleted(
    store: Store, members: MemberService, records: MemberRecords, tmp_path: Path
) -> None:
    member = members.register(ZHAO)
    RegisterService(store).save("volunteer_activity", {"event_on": "2026-03-05", "title": "清扫", "hours": "赵一鸣|2"})
    head = ["会议类型", "日期", "应到", "实到", "议题"]
    MeetingBook(store).import_file(workbook(tmp_path / "m.xlsx", [head, ["党员大会", "2026-01-05", 1, 1, "学习"]]))
    before = content(store)
    with pytest.raises(InvalidInput) as refused:
        records.remove(member, "录错")
    assert "还有记录用到这名党员" in refused.value.reason
    assert content(store) == before


def test_two_records_of_one_person_become_one(
    store: Store, members: MemberService, records: MemberRecords, tmp_path: Path
) -> None:
    RosterBook(store).import_file(
        workbook(
            tmp_path / "r.xlsx",
            [["姓名", "身份证号", "入党时间", "转正时间", "党内职务", "电话"],
             ["赵一鸣", None, "2005-07-01", "2006-07-01", "支部书记", "13800000001"]],
        )
    )  # fmt: skip
    keep = members.roster()[0].id
    other = members.register({**ZHAO, "id_no": "411602198001100118", "unit": "营销部"})
    head = ["会议类型", "日期", "应到", "实到", "缺席", "主持人", "议题"]
    row = ["党员大会", "2026-01-05", 2, 1, "赵一鸣（0118）（病假）", None, "学习"]
    assert MeetingBook(store).import_file(workbook(tmp_path / "m.xlsx", [head, row])).accepted == 1
    activity = {"event_on": "2026-03-05", "title": "清扫", "hours": "赵一鸣（0118）|2"}
    kept = RegisterService(store).save("volunteer_activity", activity)
    records.merge(keep, other)
    (row_now,) = members.roster()
    assert (row_now.id, row_now.id_no_masked, row_now.unit, row_now.phone, row_now.posts) == (
        keep,
        "4116************18",
        "营销部",
        "13800000001",
        (Post.SECRETARY,),
    )
    hours = RegisterService(store).row("volunteer_activity", kept).values["hours"]
    assert [line.member_id for line in hours] == [keep]
    with pytest.raises(NotFound):
        members.member(other)


@pytest.mark.parametrize("keeps_the_new", [True, False])
def test_whoever_left_and_was_entered_again_has_both_stays_once_merged(
    store: Store, members: MemberService, records: MemberRecords, keeps_the_new: bool
) -> None:
    old = members.register({**ZHAO, "id_no": "411602198001100118"})
    LifeService(store).transition(old, MemberStatus.TRANSFER_PENDING, date(2025, 1, 9))
    LifeService(store).transition(old, MemberStatus.TRANSFERRED_OUT, date(2025, 2, 10))
    new = members.register({**ZHAO, "joined_on": "2026-03-01"})
    records.merge(*((new, old) if keeps_the_new else (old, new)))
    days = [date(2025, 2, 9), date(2025, 2, 10), date(2026, 2, 28), date(2026, 3, 1)]
    assert [len(members.roster(day)) for day in days] == [1, 0, 0, 1]
    assert members.roster()[0].joined_on == date(2026, 3, 1)


def test_two_people_with_numbers_of_their_own_are_not_merged(members: MemberService, records: MemberRecords) -> None:
    one = members.register({**ZHAO, "id_no": "411602198001100118"})
    two = members.register({**ZHAO, "id_no": "411602198102110139"})
    with pytest.raises(InvalidInput) as refused:
        records.merge(one, two)
    assert refused.value.reason == "两条记录的身份证号不同，是两个人"
    with pytest.raises(InvalidInput):
        records.merge(one, one)


def test_a_category_entered_wrong_is_put_right_with_its_reason(
    store: Store, members: MemberService, records: MemberRecords, life: LifeService
) -> None:
    member = members.register({"name": "钱二宁", "category": "正式党员", "admitted_on": "2026-03-27"})
    records.recategorise(member, MemberCategory.PROBATIONARY_MEMBER, "登记错了")
    row = members.member(member)
    assert (row.category, row.status) == (MemberCategory.PROBATIONARY_MEMBER, MemberStatus.PROBATIONARY)
    assert row.probation_ends_on is not None
    records.recategorise(member, MemberCategory.FULL_MEMBER, "再更正")
    assert members.member(member).probation_ends_on is None
    full = members.register(ZHAO)
    with pytest.raises(InvalidInput) as refused:
        records.recategorise(full, MemberCategory.PROBATIONARY_MEMBER, "登记错了")
    assert refused.value.reason == "有转正时间，不能是预备党员"
    life.transition(full, MemberStatus.TRANSFER_PENDING, store.today)
    with pytest.raises(InvalidInput) as refused:
        records.recategorise(full, MemberCategory.FULL_MEMBER, "登记错了")
    assert refused.value.reason == "已经办理过变动，类别随变动走"
    assert BranchService(store).groups() == []


def _graded(store: Store, member: str, grade: AppraisalGrade | None, **more: object) -> None:
    with store.unit_of_work("登记") as session:
        session.add(AppraisalResult(branch_id=store.branch_id, for_year=2025, member_id=member, grade=grade, **more))


def test_two_results_of_one_appraisal_become_one_that_says_all_of_both(
    store: Store, members: MemberService, records: MemberRecords
) -> None:
    keep, other = members.register(ZHAO), members.register({**ZHAO, "unit": "营销部"})
    _graded(store, keep, None, peer="肯干")
    _graded(store, other, AppraisalGrade.QUALIFIED)
    records.merge(keep, other)
    with store.reading() as session:
        (result,) = session.scalars(select(AppraisalResult)).all()
    assert (result.member_id, result.grade, result.peer) == (keep, AppraisalGrade.QUALIFIED, "肯干")


def test_results_and_assessments_that_differ_are_settled_by_people_first(
    store: Store, members: MemberService, records: MemberRecords
) -> None:
    keep, other = members.register(ZHAO), members.register({**ZHAO, "unit": "营销部"})
    _graded(store, keep, AppraisalGrade.EXCELLENT)
    _graded(store, other, AppraisalGrade.QUALIFIED)
    with pytest.raises(InvalidInput, match="2025年度民主评议结果不一样"):
        records.merge(keep, other)
    with store.unit_of_work("改正") as session:
        for row in session.scalars(select(AppraisalResult)):
            row.grade = AppraisalGrade.QUALIFIED
    assessments = AssessmentService(store)
    drafts = [AssessmentDraft(member_id=who, year=2026, base_fen=500_000) for who in (keep, other)]
    ids = [assessments.save(draft) for draft in drafts]
    assessments.save(replace(drafts[1], base_fen=800_000), ids[1])
    with pytest.raises(InvalidInput, match="2026年1月起的党费核定不一样"):
        records.merge(keep, other)
    assessments.save(drafts[1], ids[1])
    records.merge(keep, other)
    assert [(row.member_id, row.id) for row in assessments.rows(2026)] == [(keep, ids[0])]


def test_of_two_portraits_that_of_the_kept_record_stays(
    store: Store, members: MemberService, records: MemberRecords, tmp_path: Path
) -> None:
    keep, other = members.register(ZHAO), members.register({**ZHAO, "unit": "营销部"})
    portraits = PortraitService(store)
    for who, colour in ((keep, "red"), (other, "blue")):
        Image.new("RGB", (60, 80), colour).save(tmp_path / f"{colour}.png")
        portraits.put(who, tmp_path / f"{colour}.png")
    before = portraits.portrait(keep)
    records.merge(keep, other)
    assert portraits.portrait(keep) == before
    assert len(AttachmentService(store).list("members", keep)) == 1
