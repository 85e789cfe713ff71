"""From when to when somebody was on the roster, and when membership was suspended: read from states and steps.

The one place that says whether a person was here on a day: the roster, the dues, the points, the standard and the
statistics all ask the stays.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from desktop.models.vocabulary.branches import MemberStatus

ONE_DAY = timedelta(days=1)
NEVER, EVER = date.min, date.min + ONE_DAY
"""The day nothing happened on, and the first on which something may have."""


class Stay(NamedTuple):
    """A time on the roster, both days included; None is open."""

    since: date | None = None
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Return whether `on` is one of its days."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def meets(self, first: date, last: date) -> bool:
        """Return whether some day from `first` to `last` is one of its days."""
        return (self.since is None or self.since <= last) and (self.until is None or first <= self.until)


Stays = tuple[Stay, ...]
"""The times of one person on the roster, oldest first, with days between them."""
ALWAYS: Stays = (Stay(),)


class Step(NamedTuple):
    """A step of a life-cycle: to which state, on which day; from which, and the days of the roster it replaced."""

    to: MemberStatus
    on: date
    was: MemberStatus | None = None
    joined_before: date | None = None
    left_before: date | None = None


def stays(
    status: MemberStatus,
    admitted_on: date | None,
    joined_on: date | None,
    left_on: date | None,
    steps: Sequence[Step],
) -> Stays:
    """Return the times on the roster of a member with these days of now and these steps, oldest first.

    Who came back has a stay before: from the day that step replaced, else from admission, to the day of leaving.
    The day of leaving is no day on the roster. Where no day of leaving is known, there was no stay to tell of.
    """
    found: list[Stay] = []
    left: date | None = None
    """The day on which the member was gone, by the steps so far."""
    back: date | None = None
    """The day of the last return."""
    before: MemberStatus | None = None
    for step in steps:
        was = step.was or before
        if not step.to.on_roster:
            left = left or step.on
        elif was is not None and not was.on_roster:
            gone = step.left_before or left
            if gone is not None and gone <= step.on:
                found.append(Stay(_later(step.joined_before or (None if back else admitted_on), back), gone - ONE_DAY))
            left, back = None, step.on
        before = step.to
    start = joined_on or back or admitted_on
    if found and start is not None and found[-1].until is not None and start <= found[-1].until:
        start = back
    found.append(Stay(start, _last_day(status, left_on, left)))
    return tuple(stay for stay in found if stay.until is None or (stay.since or EVER) <= stay.until)


def here(times: Stays, on: date) -> bool:
    """Return whether `on` lies in one of the stays."""
    return any(stay.holds(on) for stay in times)


def came(times: Stays, on: date) -> date | None:
    """Return when the stay began that `on` lies in, or the last one before; None: before our records, or never."""
    begun = [stay for stay in times if stay.since is None or stay.since <= on]
    return begun[-1].since if begun else None


def first_day(times: Stays) -> date | None:
    """Return the first day of all; None: before our records, or never."""
    return times[0].since if times else None


def came_in(times: Stays, year: int) -> date | None:
    """Return on which day of a year the first of the stays that reach into it began; None: it went on from before."""
    reaching = [stay.since for stay in times if stay.meets(date(year, 1, 1), date(year, 12, 31))]
    return reaching[0] if reaching and reaching[0] is not None and reaching[0].year == year else None


def turns(times: Stays) -> Iterable[date]:
    """Return the days on which the person came, or was no longer there."""
    for stay in times:
        if stay.since is not None:
            yield stay.since
        if stay.until is not None and stay.until < date.max:
            yield stay.until + ONE_DAY


def status_on(status: MemberStatus, steps: Sequence[Step], on: date) -> MemberStatus:
    """Return the state on a day of a member who is in `status` now, by these steps."""
    found: MemberStatus | None = None
    for step in steps:
        if step.on > on:
            return found or step.was or status
        found = step.to
    return found or status


def suspensions(status: MemberStatus, steps: Sequence[Step]) -> list[tuple[date | None, date | None]]:
    """Return from when to when membership was suspended (停止党籍); open ends are None."""
    found: list[tuple[date | None, date | None]] = []
    for number, step in enumerate(steps):
        if step.to is MemberStatus.SUSPENDED:
            then = steps[number + 1].on if number + 1 < len(steps) else None
            found.append((step.on, then - ONE_DAY if then else None))
    if status is MemberStatus.SUSPENDED and not found:
        found.append((None, None))
    return found


def _last_day(status: MemberStatus, left_on: date | None, left: date | None) -> date | None:
    """Return the last day of who is on the roster no more; None of who is, `NEVER` where no day is known."""
    gone = left_on or left
    if gone is not None:
        return gone - ONE_DAY
    return None if status.on_roster else NEVER


def _later(first: date | None, second: date | None) -> date | None:
    return max((day for day in (first, second) if day is not None), default=None)
