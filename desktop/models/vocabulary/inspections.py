"""Words of checklists that inspectors bring."""

from desktop.models.vocabulary.labels import Labelled


class PointState(Labelled):
    """Where a point of a checklist stands by its dates."""

    WAITING = "waiting", "待备"
    RUN_OUT = "run_out", "逾期"
    CLOSED = "closed", "已备齐"
