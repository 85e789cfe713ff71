"""The log of a store: what went wrong, without names, contents or keys."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

SIZE_BYTES = 1_000_000
KEPT = 3


class _NoContents(logging.Formatter):
    """Writes of an error its type and where it arose; its text may quote what the user typed."""

    def formatException(self, ei: object) -> str:
        import traceback

        kind, _error, trace = ei  # type: ignore[misc]
        frames = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([getattr(kind, "__name__", "?"), *frames])


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
