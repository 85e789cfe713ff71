"""What was written to a stick, and that it may be pulled: the system lets it go first."""

from desktop.services import volumes
from desktop.services.sync import usb
from desktop.ui.page import Page

PULL = "可以安全拔出U盘。"


def let_go(page: Page, volume: volumes.Volume | None, words: str) -> None:
    """Say `words`, of what was written and read back; where it went to a stick, once the system has let go of it."""
    if volume is None:
        page.desk.say(words)
    else:
        page.read(lambda: usb.eject(volume), lambda _none: page.desk.say(f"{words}{PULL}"))
