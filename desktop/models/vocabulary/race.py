"""Words of the race and of what it leads to: improvement plans and problems to put right."""

from desktop.models.vocabulary.labels import Labelled


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


class AppealState(Labelled):
    """What has become of an appeal (申诉)."""

    PENDING = "pending", "待决定"
    UPHELD = "upheld", "成立"
    PARTLY = "partly", "部分成立"
    REJECTED = "rejected", "不成立"
    WITHDRAWN = "withdrawn", "支部撤回"

    @property
    def corrects(self) -> bool:
        """Whether something of the result is corrected under it."""
        return self in (AppealState.UPHELD, AppealState.PARTLY)


class RemarkKind(Labelled):
    """What headquarters writes to a branch; the branch answers each but a notice (通知), which is only read."""

    REMARK = "remark", "意见"
    CORRECTION = "correction", "请求更正"
    TASK = "task", "任务"
    NOTICE = "notice", "通知"

    @property
    def asks(self) -> bool:
        """Whether an answer is waited for."""
        return self is not RemarkKind.NOTICE


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
