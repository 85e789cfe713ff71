"""The log of a store: what went wrong, without names, contents or keys."""

import contextlib
import logging
from copy import copy
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from desktop.crashes import frames

SysExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

SIZE_BYTES = 1_000_000
KEPT = 3


class _NoContents(logging.Formatter):
    """Writes of an error its type and where it arose; its text may quote what the user typed."""

    def format(self, record: logging.LogRecord) -> str:
        words = copy(record)
        words.exc_text = None  # a formatter before us leaves its own words of the error there, text and all
        return super().format(words)

    def formatException(self, ei: SysExcInfo) -> str:
        kind, _error, trace = ei
        return "\n".join([kind.__name__ if kind else "?", *frames(trace)])


def log_to(folder: Path) -> None:
    """Send warnings and errors of the program to `branch-desk.log` in `folder`, from now on and nowhere else."""
    with contextlib.suppress(OSError):  # a disk that cannot be written tells so where records are written
        folder.mkdir(exist_ok=True)
    handler = RotatingFileHandler(
        folder / "branch-desk.log", maxBytes=SIZE_BYTES, backupCount=KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(_NoContents("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log_nowhere()
    root = logging.getLogger("desktop")
    root.addHandler(handler)
    root.propagate = False


def log_nowhere() -> None:
    """Let go of the log's file, as before its folder is moved or put away."""
    root = logging.getLogger("desktop")
    for old in [handler for handler in root.handlers if isinstance(handler, RotatingFileHandler)]:
        root.removeHandler(old)
        old.close()
    root.propagate = True
