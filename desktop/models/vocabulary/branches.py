"""Words of the branch and its members: posts, groups, the states of a member's life."""

from desktop.models.vocabulary.labels import Labelled


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
    ABROAD = "abroad", "出国（境）"
    LONG_ILLNESS = "long_illness", "长期病假"
    PROBATION_DISCIPLINE = "probation_discipline", "留党察看"
    RIGHTS_SUSPENDED = "rights_suspended", "党员权利中止"
    DUE_EXCLUDED = "due_excluded", "不计入应到会"
    LOST_CONTACT = "lost_contact", "失去联系"
    CORRECTION = "correction", "限期改正"


class DatePrecision(Labelled):
    """How exactly an old date is known."""

    DAY = "day", "日"
    MONTH = "month", "月"
    YEAR = "year", "年"
