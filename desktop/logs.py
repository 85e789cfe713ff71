"""The log of a store: what went wrong, without names, contents or keys."""

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

SysExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

SIZE_BYTES = 1_000_000
KEPT = 3


class _NoContents(logging.Formatter):
    """Writes of an error its type and where it arose; its text may quote what the user typed."""

    def formatException(self, ei: SysExcInfo) -> str:
        kind, _error, trace = ei
        frames = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([kind.__name__ if kind else "?", *frames])


def log_to(folder: Path) -> None:
    """Send warnings and errors of the program to `branch-desk.log` in `folder`, from now on and nowhere else."""
    folder.mkdir(exist_ok=True)
    handler = RotatingFileHandler(
        folder / "branch-desk.log", maxBytes=SIZE_BYTES, backupCount=KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(_NoContents("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("desktop")
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.propagate = False
