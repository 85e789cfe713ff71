"""Counts for `dev.py fuzz`: how many strange inputs were tried, how many refused in words, how many taken."""

import os
from pathlib import Path

from hypothesis import settings

from desktop.messages import present
from desktop.services.errors import AppError

VARIABLE = "FUZZ_TALLY"
"""Names the file to which each trial adds a line."""


def tally(kind: str, outcome: str) -> None:
    """Count one trial of a kind (packages, standards, workbooks) that ended as `outcome` (refused, taken)."""
    target = os.environ.get(VARIABLE)
    if target:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(f"{kind} {outcome}\n")


def refused(kind: str, error: AppError, code: str) -> None:
    """Count a refusal, which must have the code expected and words."""
    assert error.code == code
    assert present(error).title
    tally(kind, "refused")


def few(examples: int) -> settings:
    """Try so many examples where a commit is judged, as many as the profile says where they wander."""
    return settings() if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else settings(max_examples=examples)
