"""What a search finds."""

from desktop.models.vocabulary.labels import Labelled


class HitKind(Labelled):
    """The groups in which hits are shown, in this order."""

    BRANCH = "branch", "支部"
    PERSON = "person", "人"
    MEETING = "meeting", "会议"
    RECORD = "record", "登记"
    TASK = "task", "任务"
    ATTACHMENT = "attachment", "附件"
