"""From when to when somebody was on the roster, and when membership was suspended: read from states and steps."""

from collections.abc import Sequence
from datetime import date, timedelta

from desktop.models.vocabulary.branches import MemberStatus

Steps = Sequence[tuple[MemberStatus, date]]
"""The steps of a life-cycle, oldest first: to which state, on which day."""
NEVER = date.min
ONE_DAY = timedelta(days=1)


def last_day(status: MemberStatus, left_on: date | None, steps: Steps) -> date | None:
    """Return the last day on the roster; None of who is on it, `NEVER` where no day is known."""
    if left_on is not None:
        return left_on - ONE_DAY
    if status.on_roster:
        return None
    gone = [on for to, on in steps if to == status]
    return gone[-1] - ONE_DAY if gone else NEVER


def suspensions(status: MemberStatus, steps: Steps) -> list[tuple[date | None, date | None]]:
    """Return from when to when membership was suspended (停止党籍); open ends are None."""
    found: list[tuple[date | None, date | None]] = []
    for number, (to, on) in enumerate(steps):
        if to is MemberStatus.SUSPENDED:
            then = steps[number + 1][1] if number + 1 < len(steps) else None
            found.append((on, then - ONE_DAY if then else None))
    if status is MemberStatus.SUSPENDED and not found:
        found.append((None, None))
    return found
