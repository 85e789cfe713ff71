"""Words of the registers, area by area."""

from desktop.models.vocabulary.labels import Labelled


class RegisterArea(Labelled):
    """Groups of registers, as the pages show them; the order follows the dimensions of the standard."""

    DUTIES = "duties", "责任与监督"
    ORG_LIFE = "org_life", "组织生活"
    CADRES = "cadres", "党务干部"
    LEARNING = "learning", "教育管理"
    DUES = "dues", "党费"
    CARRIERS = "carriers", "工作载体"
    VENUES = "venues", "活动场所"
    SERVING = "serving", "服务群众"
    SUPPORT = "support", "基本保障"
    SUPERIOR = "superior", "上级任务"
    INSPECTIONS = "inspections", "专项检查"
    FOLLOWING = "following", "分类跟进"
    EXPERIENCE = "experience", "经验库"


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


class DutyGrade(Labelled):
    """How a duty report is graded in the end (述职评议综合等次)."""

    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    AVERAGE = "average", "一般"
    POOR = "poor", "较差"


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


class Scope(Labelled):
    """To whom a matter is made public (党务公开)."""

    PARTY = "party", "党内"
    PUBLIC = "public", "社会"


class DisclosureTerm(Labelled):
    """When a matter is made public."""

    STANDING = "standing", "长期公开"
    REGULAR = "regular", "定期公开"
    AT_ONCE = "at_once", "即时公开"


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


class PartyCustomerState(Labelled):
    """States of a customer who is a member of another branch (党员客户)."""

    ACTIVE = "active", "在营"
    INACTIVE = "inactive", "停业或注销"


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


class MediaLevel(Labelled):
    """Level of the medium an article was offered to or appeared in."""

    OWN = "own", "本单位"
    COUNTY = "county", "县级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级"
    NATION = "nation", "国家级"


class SpreadDirection(Labelled):
    """Which way a method went from one unit to another (推广借鉴)."""

    LEARNED = "learned", "学别人的"
    TAUGHT = "taught", "别人来学"


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


class CadreKind(Labelled):
    """Whether party work is all somebody does."""

    FULL_TIME = "full_time", "专职"
    PART_TIME = "part_time", "兼职"


class CadreTrainingKind(Labelled):
    """Ways of training party-affairs staff."""

    SITE_STUDY = "site_study", "实地考察"
    COURSE = "course", "专题培训"
    LIVE_TEACHING = "live_teaching", "实景教学"
    ATTACHMENT = "attachment", "轮岗挂职"


class IncentiveKind(Labelled):
    """Kinds of support and recognition of party-affairs staff."""

    COMMENDATION = "commendation", "表彰奖励"
    PROMOTION = "promotion", "提拔使用"
    SUPPORT = "support", "条件保障"


class CadreReviewMethod(Labelled):
    """How party-affairs staff are supervised."""

    DUTY_REPORT = "duty_report", "个人述职"
    APPRAISAL = "appraisal", "民主评议"
    ON_SITE = "on_site", "现场查看"


class CadreGrade(Labelled):
    """Grades of the combined yearly assessment of party-affairs staff."""

    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "称职"
    BARELY = "barely", "基本称职"
    NOT = "not", "不称职"


class TalentState(Labelled):
    """Where somebody stands in the talent pool."""

    LISTED = "listed", "在库"
    FOSTERED = "fostered", "重点培养"
    APPOINTED = "appointed", "已使用"
    REMOVED = "removed", "已出库"


class QuestionKind(Labelled):
    """How a question of a questionnaire is answered."""

    ONE = "one", "单选"
    SEVERAL = "several", "多选"
    SCORE = "score", "打分"
    WORDS = "words", "问答"
