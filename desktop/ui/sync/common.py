"""What the pages that write and take packages share."""

from desktop.models.vocabulary.stores import PackageState
from desktop.services.clock import Clock, local
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
