"""Words of tasks and papers from above."""

from desktop.models.vocabulary.labels import Labelled


class SuperiorKind(Labelled):
    """What comes from above."""

    TASK = "task", "任务"
    PAPER = "paper", "文件"
    PROMPT = "prompt", "工作提示"
    MONTHLY = "monthly", "每月重点任务"
    MEETING = "meeting", "会议要求"

    @property
    def asks(self) -> bool:
        """Whether something is to be done even where no day is named; a paper may be there to be read only."""
        return self is not SuperiorKind.PAPER


class SuperiorState(Labelled):
    """Where a task or paper stands by its dates."""

    WAITING = "waiting", "待办"
    RUN_OUT = "run_out", "逾期"
    CLOSED = "closed", "已办结"
    FILED = "filed", "阅存"
