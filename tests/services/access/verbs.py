"""Every verb of the services that a person can ask for, what it takes, and with what it is tried here."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import ConditionKind, MemberCategory, MemberStatus, Post
from desktop.models.vocabulary.dues import DuesMeans, DuesRounding
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.race import AppealState, RemarkKind
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.models.vocabulary.stores import StandardKind, StoreKind
from desktop.paths import resource
from desktop.services.appeals import Raised
from desktop.services.appraisal.papers import Paper
from desktop.services.dues.keeping import AssessmentDraft, PaymentDraft
from desktop.services.experience.library import Adopting
from desktop.services.improvement.plan import Action
from desktop.services.inspections.service import InspectionDraft
from desktop.services.meetings.photos import Photo, Put
from desktop.services.points.claims import ClaimDraft
from desktop.services.points.reckoning import Entry
from desktop.services.race.appeals import NewAppeal
from desktop.services.race.rows import TypedFigure
from desktop.services.sampling.appeals import Decided
from desktop.services.sampling.service import Judgement, Signed
from desktop.services.standards.editing.draft import StandardDraft
from desktop.services.standards.editions import read_edition
from desktop.services.terms import TermDraft
from desktop.services.year_plan.days import ThemeDay
from desktop.services.year_turn.service import Begun
from tests.services.access.grounds import (
    APPEAL,
    ASSESSMENT,
    BOTH,
    BROUGHT,
    CLAIM,
    DAY,
    PART,
    PAYMENT,
    PERIOD,
    PUBLISHED,
    TODAY,
    B,
    H,
    congress,
)
from tests.services.access.planned import DONE, DUTY, NOTICE, PLANNED, SPARE_PLAN, claims_book, plan_book, samples_book


@dataclass(frozen=True)
class Id:
    """Stands for the id of something the stores hold."""

    name: str


@dataclass(frozen=True)
class Out:
    """Stands for a path that nothing lies at."""

    name: str


class Road:
    """One verb, what whoever asks for it has to be allowed (None: nothing), and what it is asked with."""

    def __init__(
        self, verb: str, needs: Act | str | None, *args: object, kinds: tuple[StoreKind, ...] = (B,), **named: object
    ) -> None:
        self.verb, self.needs, self.kinds, self._args, self._named = verb, needs, kinds, args, named

    def asked(self, ids: dict[str, str], out: Path) -> tuple[list[object], dict[str, object]]:
        """Return the arguments for stores with these ids."""

        def real(value: object) -> object:
            if isinstance(value, Id):
                return ids[value.name]
            if isinstance(value, PaymentDraft | AssessmentDraft | ClaimDraft):
                return replace(value, member_id=ids["member"])
            if isinstance(value, Put):
                return replace(value, meeting_id=ids["meeting"])
            if value is PLANNED:
                return replace(PLANNED, id=ids["planned"])
            if value is DONE:
                return replace(DONE, before=(replace(DONE.before[0], id=ids["planned"]),))
            if isinstance(value, NewAppeal | TypedFigure):
                return replace(value, branch_id=ids["branch"])
            if isinstance(value, dict):
                return {key: real(each) for key, each in value.items()}
            return out / value.name if isinstance(value, Out) else [real(each) for each in value] if isinstance(
                value, list) else value  # fmt: skip

        return [real(value) for value in self._args], {name: real(value) for name, value in self._named.items()}


def edition() -> str:
    return resource("standards/branch_standard.toml").read_text("utf-8")


SAMPLES = resource("samples")
REGISTER = next(iter(REGISTERS))
"""The register whose workbook stands first."""
CASES = "development_cases"
SERVING = "practical_deed"
"""Written by whoever writes anything."""
DRAFTED = StandardDraft(StandardKind.BRANCH_STANDARD, edition(), edition())
EDITION = read_edition(resource("standards/branch_standard.toml"))
FIGURE = TypedFigure("", PART, Decimal("0.8"), 40, "报表")
TALK: dict[str, object] = {
    "event_on": "2026-05-06", "title": "再谈", "kind": "heart_talk", "points": "要点",
    "talker_id": Id("member"), "talkee_id": Id("other"),
}  # fmt: skip
QUESTION = Entry(
    member_id="nobody", rule="K-02", name="", points=Decimal(0), on=date(2026, 2, 28), kind="dues_payment",
    record_id="", title="2月党费逾期",
)  # fmt: skip
"""A decision that nobody waits for: whoever may decide hears that there is none."""
RAISED = Raised(raised_by="刘志强", ground="找到了")
A = Act
ROADS: tuple[Road, ...] = (
    # spot checks
    Road("SamplingService.draw", "sample_sheets", "2026Q2", 7, kinds=(H,)),
    Road("SamplingService.sign", "sample_sheets", "无", Signed("周敏"), kinds=(H,)),
    Road("SamplingService.fill_in", "sample_sheets", "无", Signed("周敏"), [], kinds=(H,)),
    Road("SamplingService.judge", "sampled_records", [Judgement("无", SampleVerdict.TRUE)], kinds=(H,)),
    Road("ConfirmingService.confirm", A.PUBLISH, "无", "赵国平", kinds=(H,)),
    Road("ConfirmingService.take_back", A.PUBLISH, "无", kinds=(H,)),
    Road(
        "SampleAppealService.decide",
        A.PUBLISH,
        "无",
        Decided(state=AppealState.REJECTED, decided_by="党建科", decision="没有原件"),
        kinds=(H,),
    ),
    Road("SampleAppealService.raise_appeal", "appeals", "无", RAISED),
    Road("SampleAppealService.withdraw", "appeals", "无"),
    Road("RaisingService.raise_appeal", "appeals", PUBLISHED, RAISED),
    Road("RaisingService.withdraw", "appeals", "无"),
    Road("SamplingPapers.sheet", A.EXPORT, "2026Q1", Out("核查表.pdf"), kinds=(H,)),
    # out of the store
    Road("DocumentService.appraisal", A.EXPORT, 1990, Paper.BALLOT, Out("测评票.pdf")),
    Road("ResultListService.export", A.EXPORT, PUBLISHED, Out("名单.xlsx"), kinds=(H,)),
    Road("RacePapers.result_list", A.EXPORT, PUBLISHED, Out("名单.pdf"), kinds=(H,)),
    Road("RacePapers.notice", A.EXPORT, PUBLISHED, Out("通报.pdf"), kinds=(H,)),
    Road("RacePapers.decision", A.EXPORT, Id("appeal"), PUBLISHED, Out("决定书.pdf"), kinds=(H,)),
    Road("ExplanationPapers.explanation", A.EXPORT, PUBLISHED, Out("说明.pdf"), kinds=(H,)),
    Road("ExplanationPapers.groups", A.EXPORT, PUBLISHED, Out("比较.pdf"), kinds=(H,)),
    Road("PointsPapers.notice", A.EXPORT, Id("claim"), Out("公示.pdf")),
    Road("PointsPapers.statement", A.EXPORT, Id("member"), 2026, Out("对账单.pdf")),
    Road("DuesPapers.register", A.EXPORT, 2026, Out("党费.pdf")),
    Road("DuesPapers.assessment", A.EXPORT, 2026, Out("核定.pdf")),
    Road("DuesPapers.notice", A.EXPORT, 2026, Out("公示.pdf")),
    Road("DuesPapers.remittance", A.EXPORT, 2026, 1, Out("上缴.pdf")),
    Road("DuesPapers.reminder", A.EXPORT, 2026, Id("member"), Out("催交.pdf")),
    Road("DocumentService.dossier", A.EXPORT, "brand", Id("brand"), Out("品牌.pdf")),
    Road("DocumentService.cadre", A.RESTRICTED, Id("member"), Out("干部.pdf")),
    Road("DocumentService.warning", A.RESTRICTED, Id("secret"), Out("提醒.pdf")),
    Road("DocumentService.pledges", A.EXPORT, Id("member"), 2026, Out("承诺.pdf")),
    Road("DocumentService.extract", A.EXPORT, Id("member"), Out("摘录.pdf")),
    Road("DocumentService.member_year", A.EXPORT, Id("member"), 2026, Out("一页.pdf")),
    Road("DocumentService.minutes", A.EXPORT, Id("meeting"), Out("记录.pdf")),
    Road("DocumentService.make_ups", A.EXPORT, Id("meeting"), Out("记录.pdf")),
    Road("DocumentService.notice", A.EXPORT, NOTICE, Out("通知.pdf")),
    Road("DocumentService.year_plan", A.EXPORT, 2026, Out("全年.pdf")),
    Road("DocumentService.plan", A.EXPORT, Id("plan"), Out("计划.pdf")),
    Road("DocumentService.record", A.EXPORT, "talk", Id("open"), Out("签字.pdf")),
    Road("DocumentService.register", A.EXPORT, "talk", Out("谈话.pdf")),
    Road("DocumentService.roster", A.EXPORT, Out("名册.pdf")),
    Road("DocumentService.score_report", A.EXPORT, Out("得分.pdf")),
    Road("DocumentService.sign_in", A.EXPORT, Id("meeting"), Out("签到.pdf")),
    Road("DocumentService.week", A.EXPORT, (), (), Out("本周.pdf")),
    Road("DocumentService.table", A.EXPORT, "表", ["甲"], [["乙"]], Out("表.pdf"), kinds=BOTH),
    Road("ArchiveService.build", A.EXPORT, 1900, Out("档案")),
    Road("ArchiveService.build_apart", A.EXPORT, 1900, Out("档案")),
    Road("AttachmentService.save", A.EXPORT, Id("open_file"), Out("附件.txt")),
    Road("export_list", A.EXPORT, "表", ["甲"], [["乙"]], Out("表.xlsx"), kinds=BOTH),
    Road("StandardService.save_edition", A.EXPORT, EDITION, Out("标准.toml"), kinds=BOTH),
    Road("RaceService.export", A.EXPORT, PUBLISHED, Out("赛马.xlsx"), kinds=(H,)),
    Road("RosterBook.export", A.EXPORT, Out("名册.xlsx")),
    Road("PlanBook.export", A.EXPORT, Out("计划.xlsx")),
    Road("ClaimBook.export", A.EXPORT, Out("申报.xlsx")),
    Road("MeetingBook.export", A.EXPORT, Out("会议.xlsx")),
    Road("RegisterBook.export", A.EXPORT, Out("登记簿.xlsx")),
    Road("LedgerBook.export", A.EXPORT, Out("党费.xlsx")),
    Road("AssessmentBook.export", A.EXPORT, Out("核定.xlsx")),
    Road("RatingBook.export", A.EXPORT, Out("评定.xlsx"), kinds=(H,)),
    Road("SelfRatingBook.export", A.EXPORT, Out("自评.xlsx")),
    Road("RaceInputImporter.export", A.EXPORT, Out("数据.xlsx"), kinds=(H,)),
    Road("SampleBook.export", A.EXPORT, Out("抽查.xlsx"), kinds=(H,)),
    Road("UrgingPapers.urge", A.EXPORT, [], None, Out("催报单.pdf"), kinds=(H,)),
    Road("keep_paper", A.EXPORT, "名册", b"%PDF", Out("名册.pdf"), kinds=BOTH),
    Road("note_printed", A.EXPORT, "名册", kinds=BOTH),
    Road("MemberService.id_number", A.IDENTITY, Id("member")),
    Road("BackupService.backup", A.BACKUP, kinds=BOTH),
    Road("BackupService.to_file", A.BACKUP, Out("备份"), kinds=BOTH),
    Road("MovingService.write", A.BACKUP, Out("备份"), kinds=BOTH),
    Road("MovingService.settle", A.BACKUP, kinds=BOTH),
    # into it from Excel
    Road("RosterBook.import_file", "members", SAMPLES / "shenqiu/roster.xlsx"),
    Road("PlanBook.import_file", "meetings", plan_book()),
    Road("ClaimBook.import_file", "points_claims", claims_book()),
    Road("MeetingBook.import_file", "meetings", SAMPLES / "huaiyang/meetings.xlsx"),
    Road("RegisterBook.import_file", REGISTER, SAMPLES / f"shenqiu/{REGISTER}.xlsx"),
    Road("LedgerBook.import_file", "dues_payments", SAMPLES / "shenqiu/dues.xlsx"),
    Road("AssessmentBook.import_file", "dues_assessments", SAMPLES / "shenqiu/dues.xlsx"),
    Road("RatingBook.import_file", "verified_ratings", SAMPLES / "headquarters/ratings.xlsx", kinds=(H,)),
    Road("SelfRatingBook.import_file", "self_ratings", SAMPLES / "huaiyang/self_ratings.xlsx"),
    Road("RaceInputImporter.import_file", "race_inputs", SAMPLES / "headquarters/race_inputs.xlsx", kinds=(H,)),
    Road("SampleBook.import_file", "sample_sheets", samples_book(), kinds=(H,)),
    Road("ImportRecord.undo", "members", Id("run")),
    Road("ImportRecord.undo_last", "members", "members"),
    Road("Mappings.take", SERVING, Out("无")),
    # packages
    Road("Sender.pack", A.EXCHANGE, Out("包")),
    Road("Sender.copy", A.EXCHANGE, "00", Out("盘"), kinds=BOTH),
    Road("Sender.answer", A.EXCHANGE, None, Out("包"), kinds=(H,)),
    Road("Sender.hand_back", A.EXCHANGE, "XC", Out("包"), kinds=(H,)),
    Road("Receiver.receive", A.EXCHANGE, [], kinds=BOTH),
    Road("Receiver.take_back", A.EXCHANGE, []),
    Road("Receiver.preview_take_back", A.EXCHANGE, [Out("无")]),
    Road("Receiver.preview_fork", A.EXCHANGE, "00", kinds=BOTH),
    Road("Receiver.accept_fork", A.EXCHANGE, "00", kinds=BOTH),
    Road("Receiver.discard_fork", A.EXCHANGE, "00", kinds=BOTH),
    Road("declare_local_valid", A.EXCHANGE),
    Road("EnrolmentService.invite", A.EXCHANGE, "XC", "项城", "mixed", Out("邀请"), kinds=(H,)),
    Road("EnrolmentService.accept_registration", A.EXCHANGE, Out("无"), kinds=(H,)),
    Road("EnrolmentService.accept_invitation", A.EXCHANGE, Out("无")),
    Road("EnrolmentService.revoke", A.EXCHANGE, "无", kinds=(H,)),
    Road("EnrolmentService.save_escrow", A.KEYS, Out("备用.txt"), kinds=(H,)),
    Road("AssistanceService.accept_request", A.KEYS, Out("无"), kinds=(H,)),
    Road("KeyService.rotate", A.KEYS, kinds=BOTH),
    Road("AssistanceService.allow", A.USERS),
    Road("AssistanceService.decline", A.USERS),
    # what binds others
    Road("StandardService.add_edition", A.STANDARDS, edition(), "标准.toml", kinds=BOTH),
    Road("EditingService.begin", A.STANDARDS, StandardKind.BRANCH_STANDARD, kinds=(H,)),
    Road("EditingService.keep", A.STANDARDS, StandardKind.BRANCH_STANDARD, edition(), kinds=(H,)),
    Road("EditingService.drop", A.STANDARDS, StandardKind.BRANCH_STANDARD, kinds=(H,)),
    Road("EditingService.settle", A.STANDARDS, DRAFTED, kinds=(H,)),
    Road("EditingService.withdraw", A.STANDARDS, "无", kinds=(H,)),
    Road("ClosingService.close", A.PUBLISH, PERIOD, kinds=(H,)),
    Road("ClosingService.reopen", A.PUBLISH, PUBLISHED, "补报", kinds=(H,)),
    Road("RaceService.publish", A.PUBLISH, PERIOD, kinds=(H,)),
    Road("RaceService.publish_scored", A.PUBLISH, kinds=(H,)),
    Road("RaceService.settle", A.PUBLISH, PUBLISHED, kinds=(H,)),
    Road(
        "AppealService.decide",
        A.PUBLISH,
        Id("appeal"),
        AppealState.UPHELD,
        decided_by="会",
        decision="成立",
        kinds=(H,),
    ),
    Road("DecidingService.decide", A.PUBLISH, "无", granted=True, ground="看过", decided_by="会", kinds=(H,)),
    Road("DecidingService.take_back", A.PUBLISH, "无", "会", "写错", kinds=(H,)),
    Road("GateService.find", A.PUBLISH, Id("branch"), Id("gate"), "查实", kinds=(H,)),
    Road("GateService.withdraw", A.PUBLISH, Id("finding"), kinds=(H,)),
    Road("MeetingService.confirm", A.CONFIRM, Id("meeting")),
    Road("RetentionService.proposals", A.ERASE, kinds=BOTH),
    Road("RetentionService.clear", A.ERASE, ["无"], "清理", kinds=BOTH),
    # users and keys
    Road("UserService.add", A.USERS, "甲", "123", [], kinds=BOTH),
    Road("UserService.change_roles", A.USERS, "无", [], kinds=BOTH),
    Road("UserService.reset_password", A.USERS, "无", "123", kinds=BOTH),
    Road("UserService.remove", A.USERS, "无", kinds=BOTH),
    Road("UserService.offer_recovery_code", A.USERS, kinds=BOTH),
    Road("UserService.take_recovery_code", A.USERS, None, kinds=BOTH),
    Road("UserService.code_written_down", A.USERS, kinds=BOTH),
    Road("UserService.lock_after", A.USERS, 20, kinds=BOTH),
    Road("UserService.change_own_password", None, "不是它", "123", kinds=BOTH),
    Road("change_data_key", A.USERS, {"无": "123"}, kinds=BOTH),
    Road("HandoverService.begin", A.USERS, kinds=BOTH),
    Road("HandoverService.end", A.USERS, kinds=BOTH),
    Road("forget_old_copies", A.USERS, (), kinds=BOTH),
    Road("OrdersHereService.receive", "members", "nothing"),
    Road("OrdersHereService.refuse", "transfer", "nothing", "不来了"),
    Road("OrdersHereService.refuse", "transfer", "nothing", ""),
    Road("OrdersHereService.close", "members", "nothing"),
    Road("OrdersHereService.take_back", "members", "nothing", "不走了"),
    Road("OrdersHereService.id_number", A.IDENTITY, "nothing"),
    # headquarters' own records
    Road("OrderService.issue", "transfer_orders", "nothing", Id("branch"), kinds=(H,)),
    Road("OrderService.withdraw", "transfer_orders", "nothing", "", kinds=(H,)),
    Road("OrderService.hold", "transfer_orders", "nothing", kinds=(H,)),
    Road("ChoosingService.take", "experience", "brand", Id("reported"), kinds=(H,)),
    Road("ChoosingService.take", "experience", "members", "", kinds=(H,)),
    Road("ChoosingService.publish", "experience", Id("entry"), kinds=(H,)),
    Road("ChoosingService.withdraw", "experience", Id("published"), kinds=(H,)),
    Road("HeadquartersService.add_remark", "remarks", Id("branch"), "补全", kinds=(H,)),
    Road("HeadquartersService.add_remark", "remarks", Id("branch"), "", kinds=(H,)),
    Road("AskingService.ask", "remarks", RemarkKind.NOTICE, [Id("branch")], "通知", kinds=(H,)),
    Road("AskingService.ask", "remarks", RemarkKind.REMARK, [], "", kinds=(H,)),
    Road("AskingService.ask_each", "remarks", RemarkKind.REMARK, {"nobody": "补"}, kinds=(H,)),
    Road("AskingService.ask_to_correct", "remarks", Id("branch"), Id("branch"), "改", kinds=(H,)),
    Road("HeadquartersService.withdraw_remark", "remarks", Id("remark"), kinds=(H,)),
    Road("HeadquartersService.renew_remark", "remarks", Id("withdrawn"), kinds=(H,)),
    Road("HeadquartersService.change_branch", "partners", Id("branch"), "新名", "mixed", kinds=(H,)),
    Road("HeadquartersService.change_branch", "partners", Id("branch"), "", "", kinds=(H,)),
    Road("HeadquartersService.rename", "partners", "新单位", kinds=(H,)),
    Road("InputService.set_inputs", "race_inputs", PERIOD, [FIGURE], kinds=(H,)),
    Road("InputService.clear_input", "race_inputs", PERIOD, Id("branch"), PART, kinds=(H,)),
    Road("MarkService.add", "race_marks", PERIOD, Id("branch"), Id("rule"), "查实", kinds=(H,)),
    Road("MarkService.remove", "race_marks", Id("mark"), kinds=(H,)),
    Road("RaceService.score", "race_results", PERIOD, kinds=(H,)),
    Road("RaceService.up_to_date", None, PERIOD, kinds=(H,)),
    Road("AppealService.take_up", "race_appeals", PUBLISHED, APPEAL, kinds=(H,)),
    Road(
        "RatingService.rate",
        "verified_ratings",
        Id("item"),
        0,
        level=3,
        ground="看了",
        branch_id=Id("branch"),
        kinds=(H,),
    ),
    Road("RatingService.unrate", "verified_ratings", Id("item"), 0, branch_id=Id("branch"), kinds=(H,)),
    Road("RatingService.adopt_rest", "verified_ratings", Id("branch"), kinds=(H,)),
    Road("RatingService.adopt", "verified_ratings", Id("branch"), Id("item"), kinds=(H,)),
    Road("RatingService.rate", "self_ratings", Id("item"), 0, level=3, ground="看了"),
    Road("YearPlanService.plan_meeting", "meetings", SPARE_PLAN),
    Road("YearPlanService.plan_activity", "planned_activity", "走访", date(2026, 12, 11)),
    Road("YearPlanService.put", "meetings", DUTY, date(2026, 12, 14)),
    Road("YearPlanService.move", "meetings", PLANNED, date(2026, 12, 10)),
    Road("YearPlanService.notify", "meetings", Id("planned")),
    Road("YearPlanService.withdraw", "meetings", PLANNED),
    Road("YearPlanService.done_on", "planned_activity", Id("activity"), DAY),
    Road("YearPlanService.fill", "meetings", 2027),
    Road("YearPlanService.copy_last_year", "meetings", 2027),
    Road("YearPlanService.take_back", "meetings", DONE),
    Road("AgendaTemplates.save", "meetings", {MeetingKind.PARTY_LECTURE: ["授课"]}),
    Road("PlanSettings.keep", "meetings", ThemeDay(day=5), 5),
    # a branch's
    Road("MemberService.register", "members", {"name": "赵新来", "joined_on": "2026-01-01"}),
    Road("MemberService.update", "members", Id("member"), {"phone": "13800000000"}),
    Road("MemberService.place_in_group", "members", [Id("member")], Id("group")),
    Road("MemberRecords.recategorise", "members", Id("spare"), MemberCategory.PROBATIONARY_MEMBER, "录错"),
    Road("MemberRecords.remove", "members", Id("spare"), "录重了"),
    Road("MemberRecords.restore", "members", Id("former")),
    Road("MemberRecords.merge", "members", Id("fresh"), Id("double")),
    Road("LifeService.transition", "members", Id("member"), MemberStatus.TRANSFER_PENDING, DAY),
    Road("LifeService.extend_probation", "members", Id("fresh"), date(2027, 9, 27)),
    Road("ConditionService.save", "member_conditions", Id("other"), ConditionKind.LONG_ILLNESS, DAY),
    Road("ConditionService.remove", "member_conditions", Id("condition")),
    Road("ClaimService.hand_in", "points_claims", CLAIM),
    Road("ClaimService.verify", "points_claims", [Id("claim")]),
    Road("ClaimService.approve", "points_claims", [Id("claim")], Id("meeting")),
    Road("ClaimService.answered", "points_claims", Id("claim"), "市公司机关党委", DAY),
    Road("ClaimService.reject", "points_claims", [Id("claim")], "没有佐证"),
    Road("ClaimService.revoke", "points_claims", Id("claim"), "算错了"),
    Road("ClaimService.reconsider", "points_claims", Id("claim"), "判断错了"),
    Road("QuestionService.excuse", "points_claims", QUESTION, "出差"),
    Road("QuestionService.charge", "points_claims", QUESTION),
    Road("PublishingService.publish", "points_publications", 2026, 3, meeting_id=Id("meeting")),
    Road("PaymentService.pay", "dues_payments", PAYMENT),
    Road("PaymentService.collect", "dues_payments", 2026, 5, [Id("member")], DAY, DuesMeans.CASH),
    Road("PaymentService.remove", "dues_payments", [Id("payment")]),
    Road("PaymentService.restore", "dues_payments", [Id("payment_gone")]),
    Road("AssessmentService.save", "dues_assessments", ASSESSMENT),
    Road("AssessmentService.carry_over", "dues_assessments", 2026),
    Road("AssessmentService.remove", "dues_assessments", Id("assessed")),
    Road("AssessmentService.restore", "dues_assessments", Id("assessed_gone")),
    Road("LedgerService.set_rounding", "dues_assessments", DuesRounding.YUAN),
    Road("LedgerService.set_share", "dues_payments", "60%"),
    Road("BranchService.assign", "post_assignments", Post.DEPUTY_SECRETARY, Id("member"), TODAY),
    Road("BranchService.end_post", "post_assignments", Id("post"), TODAY),
    Road("BranchService.save_group", "party_groups", "第九党小组"),
    Road("BranchService.dissolve_group", "party_groups", Id("empty"), TODAY),
    Road("BranchService.restore_group", "party_groups", Id("ended")),
    Road("TermService.save_term", "terms", TermDraft(term_no=9, elected_on=DAY, expires_on=date(2029, 10, 9))),
    Road("BranchService.change_profile", "branches", {"short_name": "简称"}),
    Road("SnoozeService.put_off", None, "a" * 64, "事", date(2026, 11, 30), "等批复"),
    Road("SnoozeService.take_up", None, Id("snoozed")),
    Road("MeetingService.record", "meetings", congress(13)),
    Road(
        "PhotoService.put",
        "meetings",
        "照片",
        [Put(photo=Photo(path=SAMPLES / "demo.toml", name="demo.toml"), meeting_id="")],
    ),
    Road("MeetingService.plan", "meetings", congress(14)),
    Road("MeetingService.cancel", "meetings", Id("planned"), "改期"),
    Road("MeetingService.correct", "meetings", Id("confirmed"), "改正", "写错"),
    Road("MeetingService.finish_action", "meetings", Id("task"), DAY, "办了"),
    Road("MeetingService.made_up", "meetings", Id("meeting"), [Id("other")], DAY),
    Road("MeetingService.note_follow_up", "meetings", Id("meeting"), "成果"),
    Road("MeetingService.remove", "meetings", Id("meeting")),
    Road("MeetingService.restore", "meetings", Id("gone")),
    Road("RegisterService.save", "talk", "talk", TALK),
    Road("TransferService.save", "transfer", {"name": "孙转来", "direction": "转入", "issued_on": "2026-03-02"}),
    Road("DocumentService.ballots", A.EXPORT, "duty_report", "无", Out("测评票.pdf")),
    Road("DocumentService.questionnaire", A.EXPORT, "无", Out("问卷.pdf")),
    Road("DocumentService.duty_figures", A.EXPORT, 2026, Out("述职数据.pdf")),
    # the turn of the year
    Road("YearTurnService.begin", "duty_list", "duty_list", 2026),
    Road("YearTurnService.take_back", "duty_list", Begun("duty_list", ("无",))),
    # checklists of inspectors
    Road("export_inspection", A.EXPORT, "无", Out("检查表.xlsx")),
    Road("DocumentService.inspection", A.EXPORT, "无", Out("自查表.pdf")),
    Road("InspectionService.take_in", "inspection", BROUGHT, InspectionDraft(title="检查", received_on=DAY)),
    Road("InspectionService.assign", "inspection_point", ["无"], None, DAY),
    Road("InspectionService.link", "inspection_point", "无", "talk", Id("open")),
    Road("InspectionService.unlink", "inspection_point", "无", "talk", "无"),
    Road("InspectionService.remove", "inspection", "无"),
    Road("InspectionService.restore", "inspection", "无"),
    Road("RegisterService.remove", "talk", "talk", Id("open")),
    Road("RegisterService.restore", "talk", "talk", Id("talk_gone")),
    Road("PortraitService.put", "members", Id("member"), resource("screenshots/home.png")),
    Road("PortraitService.remove", "members", Id("member")),
    Road("AttachmentService.attach", "talk", "talk", Id("open"), SAMPLES / "demo.toml", confirmed=True),
    Road("AttachmentService.attach_picture", "talk", "talk", Id("open"), b"picture", "图片.png"),
    Road("AttachmentService.remove", "talk", Id("open_file")),
    Road("take_result", None),
    Road("RemarkService.answer", "remark_answers", Id("remark"), "办了"),
    Road("RemarkService.to_action", "pdca_actions", Id("second")),
    Road("RemarkService.to_task", "superior_task", Id("asked")),
    Road("LibraryService.adopt", "method_spread", Id("entry"), Adopting("照着做了", DAY)),
    Road("LibraryService.to_action", "pdca_actions", Id("entry")),
    Road("RemarkService.to_issue", "issue", Id("third"), DAY),
    Road("ImprovementService.add_action", "pdca_actions", Id("plan"), Action("补记录")),
    Road("ImprovementService.edit_action", "pdca_actions", Id("measure"), Action("改过的措施")),
    Road("ImprovementService.delete_action", "pdca_actions", Id("measure")),
    Road("ImprovementService.edit_plan", "pdca_plans", Id("plan"), benchmark="沈丘"),
    Road("ImprovementService.record_actual", "pdca_actions", Id("measure"), 0.5),
    Road("ImprovementService.take_measured", "pdca_actions", Id("plan")),
    Road("ImprovementService.advance", "pdca_plans", Id("plan")),
    # admissions
    Road("DevelopmentBook.export", A.EXPORT, Out("发展.xlsx")),
    Road("DevelopmentBook.import_file", CASES, Out("无")),
    Road("DocumentService.admission", A.EXPORT, "无", "无", Out("材料.pdf")),
    Road("DocumentService.transfer_request", A.EXPORT, "无", Out("申请.pdf")),
    Road("DevelopmentService.id_number", A.IDENTITY, "无"),
    Road("DevelopmentService.begin", CASES, {"name": "周申请", "applied_on": "2026-01-05"}),
    Road("DevelopmentService.change", CASES, "无", {}),
    Road("DevelopmentService.remove", CASES, "无"),
    Road("DevelopmentService.restore", CASES, "无"),
    Road("DevelopmentService.record_step", CASES, "无", 2, {}),
    Road("DevelopmentService.clear_step", CASES, "无", 2),
    Road("DevelopmentService.save_paper", CASES, "无", 2, {}),
    Road("DevelopmentService.save_helper", CASES, "无", {}),
    Road("DevelopmentService.save_inquiry", CASES, "无", {}),
    Road("DevelopmentService.remove_part", CASES, "无", "无"),
    Road("Becoming.admit", CASES, "无"),
    Road("Becoming.link", CASES, "无", Id("member")),
    Road("Becoming.extend", CASES, "无", DAY, DAY),
    Road("Becoming.confirm", CASES, "无"),
    # organizational life meetings and appraisals
    Road("RoundBook.export", A.EXPORT, Out("准备.xlsx")),
    Road("ResultBook.export", A.EXPORT, Out("结果.xlsx")),
    Road("RoundBook.import_file", "appraisals", Out("无")),
    Road("ResultBook.import_file", "appraisal_results", Out("无")),
    Road("AppraisalService.begin", "appraisals", 2024),
    Road("AppraisalService.change", "appraisals", 1990, {}),
    Road("AppraisalService.ballots", "appraisals", 1990, {}, {}),
    Road("AppraisalService.note", "appraisal_results", 1990, Id("member"), {}),
    Road("AppraisalService.note_many", "appraisal_results", 1990, {"无": {}}),
    Road("AppraisalService.grade", "appraisal_results", 1990, Id("member"), None),
    Road("AppraisalService.decide", "appraisals", 1990, DAY),
    Road("AppraisalService.reopen", "appraisals", 1990, "复核"),
    Road("AppraisalService.close_problem", "issue", "无", DAY, "文件", "书记"),
    Road("AppraisalService.remove", "appraisals", 1990),
    Road("AppraisalService.restore", "appraisals", "无"),
    # elections
    Road("ElectionService.begin", "elections", {"seats": 3}),
    Road("ElectionService.change", "elections", "无", {}),
    Road("ElectionService.shift", "elections", "无", {}),
    Road("ElectionService.remove", "elections", "无"),
    Road("ElectionService.restore", "elections", "无"),
    Road("ElectionService.record_step", "elections", "无", "request", {}),
    Road("ElectionService.save_candidate", "elections", "无", {}),
    Road("ElectionService.order_candidates", "elections", "无", []),
    Road("ElectionService.say_order", "elections", "无", None),
    Road("ElectionService.remove_candidate", "elections", "无", "无"),
    Road("ElectionService.begin_round", "elections", "无"),
    Road("ElectionService.save_round", "elections", "无", "无", {}),
    Road("ElectionService.leave_unfilled", "elections", "无", 3),
    Road("BookService.handbook", A.EXPORT, 2026, Out("手册.pdf")),
    Road("BookService.minutes", A.EXPORT, 2026, Out("记录.pdf")),
    Road("DocumentService.profile", A.EXPORT, Out("基本情况.pdf")),
    Road("DocumentService.election", A.EXPORT, "无", "", Out("换届.pdf")),
    Road("Settling.settle", "elections", "无"),
    Road("Settling.correct", "elections", "无", {"text": "更正", "why": "笔误"}),
    Road("Settling.hand_over", "elections", "无", {}),
    # nobody is kept from
    Road("DraftService.save", None, "talk", "", {"title": "半句话"}),
    Road("DraftService.drop", None, "talk"),
    Road("MeetingDrafts.save", None, congress(15)),
    Road("MeetingDrafts.drop", None, MeetingKind.BRANCH_CONGRESS),
    Road("ViewingService.copy", None, Id("open_file")),
    Road("ArchiveService.preflight", None, 1900),
    Road("EnrolmentService.registrations", None, [Out("无")], kinds=(H,)),
)
