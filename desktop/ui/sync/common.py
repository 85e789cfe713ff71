"""What the pages that write and take packages share."""

from collections.abc import Sequence

from desktop.models.vocabulary.stores import PackageState
from desktop.services.clock import Clock, local
from desktop.services.improvement.rows import RemarkRow
from desktop.ui.attachments import file_size

PACKAGES = "数据包 (*.dzp)"
POLL_MS = 2000
"""How often a page in view looks for sticks."""

TONES = {
    PackageState.PREPARED: "run",
    PackageState.COPIED: "wait",
    PackageState.ACKED: "good",
    PackageState.REJECTED: "bad",
    PackageState.SUPERSEDED: "none",
}


def size_of(size: int) -> str:
    """Return the size of a package; a dash for one this store has forgotten."""
    return file_size(size) if size else "—"


def when(at_utc: str | None, clock: Clock) -> str:
    """Return a stored moment as the reader's clock tells it, month to minute; a dash for none."""
    return f"{local(at_utc, clock):%m-%d %H:%M}" if at_utc else "—"


def remarks_words(remarks: Sequence[RemarkRow]) -> str:
    """Say how many remarks came, how many of them wait as 上级任务 counts them, and how many notices are only read."""
    asked, waiting = sum(remark.kind.asks for remark in remarks), sum(remark.waits for remark in remarks)
    notices = len(remarks) - asked
    parts = [f"意见、任务 {asked} 条" + (f"，{waiting} 条没办结" if waiting else "，都已办结")] if asked else []
    parts += [f"通知 {notices} 条"] if notices else []
    return "；".join(parts) or "意见、任务 0 条"
