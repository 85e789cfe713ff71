"""Words of developing members (发展党员): states of a case and its steps, roles of members in it, kinds of paper."""

from desktop.models.vocabulary.labels import Labelled


class CaseState(Labelled):
    """What people decided about a case as a whole; how far it got is told by its steps."""

    OPEN = "open", "在办"
    OBJECTION_HOLD = "objection_hold", "有异议，暂缓"
    FULL = "full", "已转正"
    CANCELLED = "cancelled", "取消资格"
    WITHDRAWN = "withdrawn", "本人撤回"
    MOVED = "moved", "转到别处"

    @property
    def active(self) -> bool:
        """Whether the case goes on."""
        return self in (CaseState.OPEN, CaseState.OBJECTION_HOLD)


class StepState(Labelled):
    """How a step stands."""

    DONE = "done", "完成"
    WARNED = "warned", "要核对"
    BREACH = "breach", "不符"
    MISSING = "missing", "缺"
    SKIPPED = "skipped", "没登记"
    NEXT = "next", "下一步"
    AHEAD = "ahead", "未到"


class HelperRole(Labelled):
    """What a member does in the case of somebody else."""

    CONTACT = "contact", "培养联系人"
    INTRODUCER = "introducer", "入党介绍人"


class PaperForm(Labelled):
    """Whether a paper on file is the original."""

    ORIGINAL = "original", "原件"
    COPY = "copy", "复印件"


class PersonKind(Labelled):
    """Who somebody is that is no member of the party."""

    STAFF = "staff", "本单位职工"
    OUTSIDE = "outside", "外单位人员"


class Gender(Labelled):
    """By the code table gender, as members have it."""

    MALE = "1", "男"
    FEMALE = "2", "女"
