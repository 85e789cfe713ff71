"""Words of organisational life (组织生活)."""

from desktop.models.vocabulary.labels import Labelled


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


class StudyState(Labelled):
    """Where a required study (必学内容) stands."""

    STUDIED = "studied", "已学"
    LATE = "late", "过了时限才学"
    WAITING = "waiting", "还没学"
    MISSING = "missing", "过期没学"

    @property
    def open(self) -> bool:
        """Whether it is still to be studied."""
        return self in (StudyState.WAITING, StudyState.MISSING)


class MakeUpWay(Labelled):
    """How an absent member made up for a meeting (补课方式)."""

    HOME = "home", "上门送学"
    SELF = "self", "自学"
    ONLINE = "online", "线上学习"
    TOGETHER = "together", "集中补课"


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
