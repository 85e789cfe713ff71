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
    RETURNED = "returned", "没有转成"


class OrderState(Labelled):
    """Where a transfer between two branches of one headquarters stands, as headquarters sees it."""

    REPORTED = "reported", "待下发"
    OUTSIDE = "outside", "转往外单位"
    UNDER_WAY = "under_way", "等接收"
    RUN_OUT = "run_out", "过期未接收"
    RECALLED = "recalled", "转出方已收回"
    RECEIVED = "received", "已接收"
    REFUSED = "refused", "没有接收"
    WITHDRAWN = "withdrawn", "已撤回"
    CROSSED = "crossed", "撤回后仍接收"

    @property
    def under_way(self) -> bool:
        """Whether an order stands that nobody answered yet."""
        return self in (OrderState.UNDER_WAY, OrderState.RUN_OUT, OrderState.RECALLED)


class HereState(Labelled):
    """Where a transfer that headquarters arranged stands, as one of its two branches sees it."""

    TO_RECEIVE = "to_receive", "待接收"
    RUN_OUT = "run_out", "过期未接收"
    RECEIVED = "received", "已接收"
    REFUSED = "refused", "没有接收"
    WITHDRAWN = "withdrawn", "已撤回"
    WAITING = "waiting", "等接收"
    TO_CLOSE = "to_close", "回执已到"
    TO_TAKE_BACK = "to_take_back", "没有转成"
    CLOSED = "closed", "已办结"
    TAKEN_BACK = "taken_back", "已收回"

    @property
    def asks(self) -> bool:
        """Whether something is to be done here."""
        return self in (HereState.TO_RECEIVE, HereState.RUN_OUT, HereState.TO_CLOSE, HereState.TO_TAKE_BACK)
