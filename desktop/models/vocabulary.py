"""Words of the field: every enum with the 中文 label people see (the field's standard terms)."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """An enum whose value is stored and whose `label` is shown."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def labelled(cls, label: str) -> Self:
        """Return the member shown as `label`.

        Raises:
            ValueError: there is none.
        """
        for member in cls:
            if member.label == label:
                return member
        raise ValueError(label)


class StoreKind(Labelled):
    """Who works in a store."""

    BRANCH = "branch", "党支部"
    HEADQUARTERS = "headquarters", "市公司"


class Use(Labelled):
    """Uses of the data that change no record, as the trail of uses shows them (使用记录)."""

    LOG_IN = "log-in", "打开数据"
    SHOW_ID = "show-id", "查看身份证号"
    EXPORT = "export", "导出表格"
    ARCHIVE = "archive", "生成检查档案"
    BACKUP = "backup", "手动备份"
    BACKUP_FILE = "backup-file", "写出备份文件"
    RESTORE = "restore", "从备份恢复"
    PACK = "pack", "生成数据包"
    RECEIVE = "receive", "导入数据包"
    DISCARD_FORK = "discard-fork", "放弃另一台电脑的数据包"


class OrgKind(Labelled):
    """Kinds of party body that a branch store can stand for (党组织)."""

    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"
    TEMPORARY_BRANCH = "temporary_branch", "临时党支部"
    MOBILE_BRANCH = "mobile_branch", "流动党员党支部"
    GENERAL_BRANCH = "general_branch", "党总支"


class GroupState(Labelled):
    """States of a party group (党小组)."""

    ACTIVE = "active", "在运行"
    DISSOLVED = "dissolved", "已撤销"


class Post(Labelled):
    """Posts a member can hold in a branch (支委/职务)."""

    SECRETARY = "secretary", "支部书记"
    DEPUTY_SECRETARY = "deputy_secretary", "支部副书记"
    ORG_COMMISSIONER = "org_commissioner", "组织委员"
    PUBLICITY_COMMISSIONER = "publicity_commissioner", "宣传委员"
    DISCIPLINE_COMMISSIONER = "discipline_commissioner", "纪检委员"
    YOUTH_COMMISSIONER = "youth_commissioner", "青年委员"
    MASS_WORK_COMMISSIONER = "mass_work_commissioner", "群工委员"
    UNITED_FRONT_COMMISSIONER = "united_front_commissioner", "统战委员"
    GROUP_LEADER = "group_leader", "党小组长"

    @property
    def on_committee(self) -> bool:
        """Whether the holder sits on the branch committee (支委会)."""
        return self is not Post.GROUP_LEADER


class PostHow(Labelled):
    """How a post was filled."""

    ELECTED = "elected", "选举"
    APPOINTED = "appointed", "任命"
    ACTING = "acting", "代理"


class MemberCategory(Labelled):
    """Whether a member has the vote (正式党员/预备党员)."""

    FULL_MEMBER = "full_member", "正式党员"
    PROBATIONARY_MEMBER = "probationary_member", "预备党员"


class MemberStatus(Labelled):
    """States of a member's life in the branch (domain: member life-cycle)."""

    PROBATIONARY = "probationary", "预备期"
    FULL_MEMBER = "full_member", "在册"
    PROBATION_CANCELLED = "probation_cancelled", "取消预备党员资格"
    TRANSFER_PENDING = "transfer_pending", "转出未回执"
    TRANSFERRED_OUT = "transferred_out", "已转出"
    SUSPENDED = "suspended", "停止党籍"
    QUIT_REMOVED = "quit_removed", "退党除名"
    AUTO_QUIT_REMOVED = "auto_quit_removed", "自行脱党除名"
    PERSUADED_OUT = "persuaded_out", "劝退除名"
    REMOVED = "removed", "除名"
    EXPELLED = "expelled", "开除党籍"
    DECEASED = "deceased", "去世"

    @property
    def on_roster(self) -> bool:
        """Whether the branch still answers for the person."""
        return self in (
            MemberStatus.PROBATIONARY,
            MemberStatus.FULL_MEMBER,
            MemberStatus.TRANSFER_PENDING,
            MemberStatus.SUSPENDED,
        )


class ConditionKind(Labelled):
    """Circumstances of a member that hold from a day to a day and change what is asked of the person."""

    RETIRED = "retired", "离退休"
    MOBILE = "mobile", "流动党员"
    LONG_ILLNESS = "long_illness", "长期病假"
    PROBATION_DISCIPLINE = "probation_discipline", "留党察看"
    RIGHTS_SUSPENDED = "rights_suspended", "党员权利中止"
    DUE_EXCLUDED = "due_excluded", "不计入应到会"


class DatePrecision(Labelled):
    """How exactly an old date is known."""

    DAY = "day", "日"
    MONTH = "month", "月"
    YEAR = "year", "年"


class MeetingKind(Labelled):
    """Kinds of organisational life that are recorded as a meeting (组织生活)."""

    BRANCH_CONGRESS = "branch_congress", "支部党员大会"
    COMMITTEE_MEETING = "committee_meeting", "支部委员会会议"
    GROUP_MEETING = "group_meeting", "党小组会"
    PARTY_LECTURE = "party_lecture", "党课"
    THEME_DAY = "theme_day", "主题党日"
    ORG_LIFE_MEETING = "org_life_meeting", "组织生活会"
    DEMOCRATIC_APPRAISAL = "democratic_appraisal", "民主评议党员"


class MeetingState(Labelled):
    """States of a meeting record; rules count MINUTED and later."""

    PLANNED = "planned", "计划中"
    NOTIFIED = "notified", "已通知"
    HELD = "held", "已召开"
    MINUTED = "minuted", "已记录"
    CONFIRMED = "confirmed", "已确认"
    ARCHIVED = "archived", "已归档"
    CANCELLED = "cancelled", "已取消"

    @property
    def counts(self) -> bool:
        """Whether rules and statistics see the meeting."""
        return self in (MeetingState.MINUTED, MeetingState.CONFIRMED, MeetingState.ARCHIVED)

    @property
    def final(self) -> bool:
        """Whether the record may only be corrected by appending (更正)."""
        return self in (MeetingState.CONFIRMED, MeetingState.ARCHIVED)


class AttendanceState(Labelled):
    """Where an expected person was."""

    PRESENT = "present", "实到"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"


class AppraisalGrade(Labelled):
    """Grades of the yearly appraisal (民主评议); a branch decides them, the program never."""

    EXCELLENT = "excellent", "优秀"
    QUALIFIED = "qualified", "合格"
    BASICALLY_QUALIFIED = "basically_qualified", "基本合格"
    UNQUALIFIED = "unqualified", "不合格"


class TalkKind(Labelled):
    """Kinds of talk (谈话); the last three are restricted."""

    HEART_TALK = "heart_talk", "谈心谈话"
    PRE_POST = "pre_post", "任前谈话"
    DEVELOPMENT = "development", "发展谈话"
    REMINDER = "reminder", "提醒谈话"
    ADMONITION = "admonition", "诫勉谈话"
    CRITICISM = "criticism", "批评教育"

    @property
    def restricted(self) -> bool:
        """Whether its text stays in this store and out of prints and search."""
        return self in (TalkKind.REMINDER, TalkKind.ADMONITION, TalkKind.CRITICISM)


class RaceClass(Labelled):
    """Class of a branch in a race period (赛马); the article's word is 落后."""

    ADVANCED = "advanced", "先进"
    MIDDLE = "middle", "中间"
    LAGGING = "lagging", "落后"


class RacePeriodState(Labelled):
    """States of a race period."""

    OPEN = "open", "进行中"
    CLOSED = "closed", "已封账"
    SCORED = "scored", "已计分"
    PUBLISHED = "published", "已公布"
    APPEALED = "appealed", "申诉中"
    FINAL = "final", "已定"


class PdcaStage(Labelled):
    """Stages of an improvement plan (提质升级), in order, and its end states."""

    PLANNING = "planning", "计划"
    DOING = "doing", "执行"
    CHECKING = "checking", "检查"
    ADJUSTING = "adjusting", "处理"
    CLOSED = "closed", "已结束"
    ROLLED_OVER = "rolled_over", "转入下一轮"

    @property
    def letter(self) -> str:
        """P, D, C or A; empty once the plan has ended."""
        return {"planning": "P", "doing": "D", "checking": "C", "adjusting": "A"}.get(self.value, "")


class IssueSource(Labelled):
    """Where a problem to be put right came from (整改清单)."""

    ORG_LIFE = "org_life", "组织生活会"
    INSPECTION = "inspection", "上级检查"
    APPRAISAL = "appraisal", "民主评议"
    OPINION = "opinion", "征求意见"


class IssueState(Labelled):
    """States of a problem to be put right."""

    OPEN = "open", "待整改"
    IN_PROGRESS = "in_progress", "整改中"
    SUBMITTED = "submitted", "待销号"
    CLOSED = "closed", "已销号"


class PartnerState(Labelled):
    """How far two sides that exchange packages know each other (登记)."""

    INVITED = "invited", "已邀请"
    ACTIVE = "active", "在用"
    REVOKED = "revoked", "已停用"


class PackageState(Labelled):
    """States of a package at its sender (同步包)."""

    PREPARED = "prepared", "已生成"
    COPIED = "copied", "待回执"
    ACKED = "acked", "已收"
    REJECTED = "rejected", "退回"
    SUPERSEDED = "superseded", "被更新的代替"


class RegisterArea(Labelled):
    """Groups of registers, as the pages show them; the order follows the dimensions of the standard."""

    DUTIES = "duties", "责任与监督"
    LEARNING = "learning", "教育管理"
    CARRIERS = "carriers", "工作载体"
    VENUES = "venues", "活动场所"
    SERVING = "serving", "服务群众"
    SUPPORT = "support", "基本保障"


class DutyLevel(Labelled):
    """Levels of the four-level duty lists (四级)."""

    CITY_COMMITTEE = "city_committee", "市公司党组织"
    COUNTY_ORG = "county_org", "县级党组织"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"


class DutyPost(Labelled):
    """Posts of the five-post duty lists (五岗)."""

    SECRETARY = "secretary", "书记"
    COMMITTEE_MEMBER = "committee_member", "班子成员"
    PARTY_CADRE = "party_cadre", "党务干部"
    GROUP_LEADER = "group_leader", "党小组长"
    MEMBER = "member", "党员"


class DutyListState(Labelled):
    """States of a duty list."""

    DRAFT = "draft", "草拟"
    SIGNED = "signed", "已签订"
    IN_PROGRESS = "in_progress", "落实中"
    CHECKED_HALF_YEAR = "checked_half_year", "半年已对账"
    SETTLED = "settled", "已销号"


class DutyItemState(Labelled):
    """States of one duty."""

    OPEN = "open", "未完成"
    DONE = "done", "已完成"
    OVERDUE = "overdue", "超期"
    WAIVED = "waived", "不再要求"


class VenueKind(Labelled):
    """Kinds of place for activities (阵地)."""

    ROOM = "room", "活动室"
    BOARD = "board", "公开栏"
    ONLINE = "online", "网络阵地"


class VenueState(Labelled):
    """States of a place."""

    IN_USE = "in_use", "在用"
    UNDER_REPAIR = "under_repair", "维修中"
    RETIRED = "retired", "停用"


class BrandState(Labelled):
    """States of a brand (党建品牌)."""

    CONCEIVED = "conceived", "构想"
    DECLARED = "declared", "已申报"
    BUILDING = "building", "创建中"
    REVIEWED = "reviewed", "已评估"
    RECOGNISED = "recognised", "已认定"
    PROMOTED = "promoted", "已推广"
    RETIRED = "retired", "已停用"


class PartyPlusTrack(Labelled):
    """Tracks of 党建+."""

    OFFICE = "office", "党建+机关"
    CUSTOMER = "customer", "党建+客户"
    FIELD_TEAM = "field_team", "党建+队所"


class PartyPlusState(Labelled):
    """States of a party-plus project."""

    PROPOSED = "proposed", "拟立项"
    APPROVED = "approved", "已立项"
    ACTIVE = "active", "实施中"
    EVALUATED = "evaluated", "已评价"
    CLOSED = "closed", "已结项"


class LeanState(Labelled):
    """States of a lean project (精益课题)."""

    PROPOSED = "proposed", "拟立项"
    APPROVED = "approved", "已立项"
    RUNNING = "running", "实施中"
    VERIFIED = "verified", "效果已验证"
    CLOSED = "closed", "已结题"
    PROMOTED = "promoted", "已推广"


class LeanKind(Labelled):
    """Types of lean project."""

    QC = "qc", "QC"
    SIX_SIGMA = "six_sigma", "六西格玛"
    LEAN = "lean", "精益"


class IdeaKind(Labelled):
    """Kinds of improvement idea."""

    SMALL_CHANGE = "small_change", "小改小革"
    SUGGESTION = "suggestion", "合理化建议"


class IdeaState(Labelled):
    """States of an improvement idea."""

    SUBMITTED = "submitted", "已提交"
    REVIEWED = "reviewed", "已评审"
    ADOPTED = "adopted", "已采纳"
    DECLINED = "declined", "未采纳"
    IMPLEMENTED = "implemented", "已实施"
    EFFECT_CONFIRMED = "effect_confirmed", "效果已确认"


class PioneerKind(Labelled):
    """Kinds of pioneer unit."""

    AREA = "area", "责任区"
    POST = "post", "示范岗"
    TASK_FORCE = "task_force", "突击队"


class DeedState(Labelled):
    """States of a practical deed (办实事)."""

    COLLECTED = "collected", "已收集"
    SELECTED = "selected", "已确定"
    DOING = "doing", "办理中"
    DONE = "done", "已办结"
    REVIEWED = "reviewed", "已回访"


class PledgeResult(Labelled):
    """Whether a pledge was kept (评诺)."""

    KEPT = "kept", "兑现"
    PARTLY = "partly", "部分兑现"
    BROKEN = "broken", "未兑现"


class PairingState(Labelled):
    """States of a pairing with a partner (结对共建)."""

    PROPOSED = "proposed", "拟结对"
    SIGNED = "signed", "已签约"
    ACTIVE = "active", "共建中"
    CONCLUDED = "concluded", "已结束"


class MentoringKind(Labelled):
    """Kinds of mentoring pair."""

    ONE_LEADS_ONE = "one_leads_one", "一带一"
    ONE_TO_ONE = "one_to_one", "一对一"
    ONE_HELPS_ONE = "one_helps_one", "一帮一"


class RoleModelLevel(Labelled):
    """Level at which a role model was selected."""

    BRANCH = "branch", "支部"
    COUNTY = "county", "县级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级"
    NATION = "nation", "国家级"


class ExchangeKind(Labelled):
    """Kinds of exchange activity."""

    FORUM = "forum", "党员论坛"
    READING_DAY = "reading_day", "读书日"
    YOUTH_STUDY = "youth_study", "青年学习小组"
    ONLINE = "online", "线上交流"
    OBSERVATION = "observation", "现场观摩会"
    SEMINAR = "seminar", "座谈会"


class SummaryKind(Labelled):
    """Kinds of plan or summary (计划与总结)."""

    PLAN = "plan", "年度计划"
    HALF_YEAR = "half_year", "半年小结"
    YEAR = "year", "年度总结"


class StandardKind(Labelled):
    """Kinds of standards file (标准文件); the value is the name of its schema."""

    BRANCH_STANDARD = "branch-standard", "标准化建设标准"
    PARTY_RULES = "party-rules", "党内法规数字"
    HORSE_RACE = "horse-race", "赛马方案"
    MEMBER_POINTS = "member-points", "积分办法"
    CODES = "codes", "代码表"
