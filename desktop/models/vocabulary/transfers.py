"""Words of transfers of membership."""

from desktop.models.vocabulary.labels import Labelled


class TransferDirection(Labelled):
    """Which way a membership moves, seen from this branch."""

    OUT = "out", "转出"
    IN = "in", "转入"
    INTERNAL = "internal", "内部"


class TransferMeans(Labelled):
    """How a transfer is made."""

    LETTER = "letter", "介绍信"
    ONLINE = "online", "网上转接"


class TransferState(Labelled):
    """Where a transfer stands by its dates."""

    WAITING = "waiting", "待回执"
    RUN_OUT = "run_out", "过期未办结"
    CLOSED = "closed", "已办结"
