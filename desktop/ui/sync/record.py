"""The record of receipts (收包记录) as both sides show it: what came in, what was not taken and why."""

from PySide6.QtWidgets import QWidget

from desktop.messages import Message
from desktop.services.clock import Clock
from desktop.services.race.editions import period_name
from desktop.services.sync.protocol import OK, Decision
from desktop.services.sync.results import ReceivedRow
from desktop.ui.sync.common import when
from desktop.ui.table_model import BRANCH_ROOM, Column, Tag, Two
from desktop.ui.widgets import box, col, text
from desktop.ui.widgets.layout import add

UNKNOWN = "不知道是谁的"


def outcome(code: str, held: bool = False) -> Tag:
    """Return what became of a file as a chip."""
    if code == OK:
        return Tag("已收", "good")
    if code.startswith("I-"):
        return Tag("无需再收", "none")
    return Tag("待处理", "part") if held else Tag("没有收", "bad")


def _number(seq: int | None) -> str:
    return f"第 {seq} 号" if seq else "—"


def _line_of(row: ReceivedRow) -> str:
    """Return what stands under the sender: the file, and why it was not taken."""
    return f"{row.file_name}　{row.reason}" if row.code != OK else row.file_name


def declared(row: ReceivedRow) -> str:
    """Return the period a package that came in declares; of one that was not taken nobody knows."""
    if row.period:
        return period_name(row.period)
    return "未申报" if row.accepted else "—"


def _state(row: ReceivedRow) -> Tag:
    return outcome(row.code, row.held)


def histories(clock: Clock, *, reports: bool) -> tuple[Column[ReceivedRow], ...]:
    """Return the columns of the packages that came in, moments by `clock`; `reports` where branches hand them in, since
    what headquarters sends declares no period."""
    period = (Column("期次", declared, width=128),) if reports else ()
    return (
        Column("收到", lambda row: row.received_at_utc, text=lambda at: when(at, clock), width=108, tone="sub"),
        Column("支部" if reports else "来自", lambda row: row.sender,
               cell=lambda row: Two(row.sender or UNKNOWN, _line_of(row)), least=BRANCH_ROOM),
        Column("包号", lambda row: row.seq or 0, text=_number, width=84, tone="sub", fold=460),
        *period,
        Column("记录", lambda row: sum(row.counts.values()), text=lambda n: f"{n} 条" if n else "—", width=84,
               tone="sub", align="r", fold=620),
        Column("结果", lambda row: _state(row).text, cell=_state, width=98),
    )  # fmt: skip


def refusal(message: Message) -> QWidget:
    """Return why a package was not taken, what is kept, and what to do."""
    layout = col(gap=4, pad=(12, 10, 12, 10))
    for words, role in ((message.title, "strong"), (message.kept, "sub"), (message.next, "sub")):
        if words:
            add(layout, text(words, role, wrap=True))
    add(layout, text(f"提示编号 {message.code}", "small"))
    return box(layout, "part" if message.code in (Decision.FORK, "E-SCHEMA-NEWER") else "soft")
