"""Words of the year plan (全年安排)."""

from desktop.models.vocabulary.labels import Labelled


class DutyState(Labelled):
    """Where something the standard asks for in a period stands."""

    UNDATED = "undated", "无日期"
    PLANNED = "planned", "已安排"
    NOTIFIED = "notified", "已通知"
    HELD = "held", "已开"
    OVERDUE = "overdue", "逾期"
    MISSING = "missing", "缺"

    @property
    def late(self) -> bool:
        """Whether its day or its period is over without a record."""
        return self in (DutyState.OVERDUE, DutyState.MISSING)
