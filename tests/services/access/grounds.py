"""What the stores hold on which every verb of the services is tried: a row for each, and a user for every role."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from desktop.models.base import new_id
from desktop.models.brands import Brand
from desktop.models.race import Remark
from desktop.models.vocabulary.branches import ConditionKind
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.models.vocabulary.race import RemarkKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.branches import BranchService
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.collecting import PaymentService
from desktop.services.dues.keeping import AssessmentDraft, PaymentDraft
from desktop.services.headquarters import HeadquartersService
from desktop.services.improvement.service import ImprovementService
from desktop.services.inspections.reading import BroughtList, BroughtPoint, ListHead
from desktop.services.intake.record import ImportRecord
from desktop.services.meetings.rows import Absence, ActionDraft, MeetingDraft
from desktop.services.meetings.service import MeetingService
from desktop.services.members.conditions import ConditionService
from desktop.services.members.records import MemberRecords
from desktop.services.members.service import MemberService
from desktop.services.points.claims import ClaimDraft, ClaimService
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.inputs import InputService
from desktop.services.race.marks import MarkService
from desktop.services.race.rows import TypedFigure
from desktop.services.race.service import RaceService
from desktop.services.registers.service import RegisterService
from desktop.services.snoozing import SnoozeService
from desktop.services.standards.gates import GateService
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService, InvitationFile
from tests.from_above import brought
from tests.services.access.holders import Made, admit, talks
from tests.ui.full import full_store

B, H = StoreKind.BRANCH, StoreKind.HEADQUARTERS
BOTH = (B, H)
PERIOD, PUBLISHED = "2026Q4", "2026Q3"
DAY, TODAY = date(2026, 10, 9), date(2026, 11, 22)
PART = "H2"
BROUGHT = BroughtList("检查", "检查", (ListHead("内容", "title"),), (BroughtPoint({"title": "有计划"}),))
INVITED = InvitationFile(Path("ZK09.dzk"), "ZK09", "郸城县局党支部", TODAY, "51161 29099 57087")
CLAIM = ClaimDraft(member_id="", rule="C4-01", event_on=DAY, title="防汛值守", outcome="守住了库房")
PAYMENT = PaymentDraft(member_id="", year=2026, from_month=3, to_month=3, amount_fen=100_00, paid_on=DAY)
ASSESSMENT = AssessmentDraft(member_id="", year=2026, from_month=3, base_fen=600_000)
APPEAL = NewAppeal(
    branch_id="", raised_by="刘志强", received_on=date(2026, 10, 12), ground="分数有误", late_reason="出差"
)


ENTRY = {
    "chosen_on": DAY,
    "title": "三问三答",
    "origin": "一支部",
    "method": "会前问、会后答",
    "recommendation": "好用",
}
SIGNED = {"chair_name": "高红卫", "recorder_name": "李晓燕", "place": "活动室", "resolution": "通过"}


def congress(hour: int, **values: object) -> MeetingDraft:
    """Return a meeting of its own for each hour: there are no two at the same time."""
    return MeetingDraft(MeetingKind.BRANCH_CONGRESS, DAY, f"{hour}:00", topic="学习", **values)  # type: ignore[arg-type]


def everything(folder: Path, kind: StoreKind) -> Made:
    """Make the full store of `kind` with a row for every verb, and a user for every role."""
    with full_store(folder, kind) as store:
        ids = _branch(store) if kind is B else _headquarters(store)
        admit(store, ids)
        if kind is B:
            ids["post"] = BranchService(store).posts()[-1].id
    return Made(folder, ids)


def _branch(store: Store) -> dict[str, str]:
    ids = talks(store)
    meetings, branches, plans = MeetingService(store), BranchService(store), ImprovementService(store)
    ids["run"] = next(run.id for run in ImportRecord(store).runs() if run.kind == "members")
    ids["fresh"] = MemberService(store).register({"name": "孙预备", "admitted_on": "2026-03-27"})
    for name in ("spare", "double", "former"):
        ids[name] = MemberService(store).register({"name": "孙重录", "admitted_on": "2026-03-27"})
    MemberRecords(store).remove(ids["former"], "录错")
    away, task = Absence(ids["other"]), ActionDraft("写总结")
    meetings.remove(next(row.id for row in meetings.meetings() if row.state is MeetingState.MINUTED))
    ids["meeting"] = meetings.record(congress(10, absences=(away,), actions=(task,)))
    ids["task"] = meetings.detail(ids["meeting"]).actions[0].id
    ids["confirmed"] = meetings.record(congress(11, **SIGNED))
    meetings.confirm(ids["confirmed"])
    ids["gone"] = meetings.record(congress(12))
    meetings.remove(ids["gone"])
    ids["snoozed"] = SnoozeService(store).put_off("b" * 64, "别的事", date(2026, 12, 9), "等")
    ids["planned"] = meetings.plan(MeetingDraft(MeetingKind.PARTY_LECTURE, date(2026, 12, 9), topic="计划的"))
    ids["empty"] = branches.save_group("空的党小组")
    ids["ended"] = branches.save_group("撤销的党小组")
    branches.dissolve_group(ids["ended"], store.today)
    payments, assessments = PaymentService(store), AssessmentService(store)
    for name, month in (("payment", 1), ("payment_gone", 2)):
        ids[name] = payments.pay(replace(PAYMENT, member_id=ids["member"], from_month=month, to_month=month))
    payments.remove([ids["payment_gone"]])
    ids["claim"] = ClaimService(store).hand_in(replace(CLAIM, member_id=ids["member"], title="抢修线路"))
    for name, month in (("assessed", 1), ("assessed_gone", 2)):
        ids[name] = assessments.save(replace(ASSESSMENT, member_id=ids["member"], from_month=month))
    assessments.remove(ids["assessed_gone"])
    ids["condition"] = ConditionService(store).save(ids["member"], ConditionKind.LONG_ILLNESS, DAY)
    plan = plans.current()
    assert plan is not None
    ids["plan"], ids["measure"] = plan.id, plan.actions[0].id
    with store.unit_of_work("总部意见") as session:
        for name in ("remark", "second", "third"):
            ids[name] = new_id()
            row = Remark(id=ids[name], branch_id=store.branch_id, text="把会议记录补全", made_on=DAY, due_on=DAY)
            session.add(row)
        ids["asked"] = new_id()
        session.add(Remark(id=ids["asked"], branch_id=store.branch_id, kind=RemarkKind.TASK, text="报", made_on=DAY))
    judged = (each for each in StandardService(store).score().items if each.criteria)
    ids["item"] = next(each.id for each in judged if each.criteria[0].criterion.how not in ("survey", "metric"))
    registers = RegisterService(store)
    ids["activity"] = registers.save("planned_activity", {"planned_on": DAY, "title": "走访"})
    ids["brand"] = registers.save("brand", {"title": "先锋柜台"})
    ids["entry"] = brought(store, "experience", ENTRY)
    ids["talk_gone"] = registers.save("talk", talk(ids))
    registers.remove("talk", ids["talk_gone"])
    return ids


def talk(ids: dict[str, str]) -> dict[str, object]:
    parties = {"talker_id": ids["member"], "talkee_id": ids["other"]}
    return {"event_on": "2026-05-05", "title": "谈心", "kind": "heart_talk", "points": "要点", **parties}


def _headquarters(store: Store) -> dict[str, str]:
    branch = EnrolmentService(store).partners()[0].org
    ids = {"branch": branch}
    ids["remark"] = HeadquartersService(store).add_remark(branch, "补全记录")
    ids["withdrawn"] = HeadquartersService(store).add_remark(branch, "说错了")
    HeadquartersService(store).withdraw_remark(ids["withdrawn"])
    InputService(store).set_inputs(PERIOD, [TypedFigure(branch, PART, Decimal("0.9"), 40, "报表")])
    ids["mark"] = MarkService(store).add(PERIOD, branch, RaceService(store).scheme(PERIOD).penalties[0].id, "查实")
    ids["rule"] = RaceService(store).scheme(PERIOD).penalties[0].id
    gates = GateService(store)
    ids["gate"] = gates.gates()[0].id
    gates.find(branch, ids["gate"], "查实", "没有说明")
    ids["finding"] = gates.findings(branch)[0].id
    appeal = replace(APPEAL, branch_id=branch)
    ids["item"] = next(
        item for item, number in RatingService(store).ratings(2026, branch, verified=True) if number == 0
    )
    ids["appeal"] = AppealService(store).take_up(PUBLISHED, appeal)
    registers = RegisterService(store)
    ids["entry"] = registers.save("experience", ENTRY)
    ids["published"] = registers.save("experience", {**ENTRY, "title": "六步法", "published_on": DAY})
    with store.unit_of_work("报来") as session:
        session.add(Brand(branch_id=branch, title="先锋柜台", highlight="轮值"))
        session.flush()
        ids["reported"] = session.scalars(select(Brand.id).where(Brand.highlight == "轮值")).one()
    return ids
