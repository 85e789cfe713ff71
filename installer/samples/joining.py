"""Nobody is in a record from before the day he was admitted."""

from datetime import date
from typing import Any

from installer.samples.registers import Cells, Team

_PEOPLE = ("member_id", "talkee_id", "talker_id", "owner_id", "leader_id")
_LISTS = ("participants", "hours")


def since_joining(year: dict[str, list[Cells]], team: Team) -> dict[str, list[Cells]]:
    """Return the rows without those, and without the lines of those, who were no members yet on the day."""
    return {
        kind: [_without_lines(row, team) for row in rows if not _too_early(row, team)] for kind, rows in year.items()
    }


def _day(row: Cells) -> date | None:
    day = row.get("event_on")
    return day if isinstance(day, date) else None


def _too_early(row: Cells, team: Team) -> bool:
    day = _day(row)
    return day is not None and any(_later(team, row.get(name), day) for name in _PEOPLE)


def _later(team: Team, name: Any, day: date) -> bool:
    joined = team.joined.get(str(name))
    return joined is not None and joined > day


def _without_lines(row: Cells, team: Team) -> Cells:
    day = _day(row)
    if day is None:
        return row
    kept = {
        name: "\n".join(line for line in str(row[name]).split("\n") if not _later(team, line.split("|")[0], day))
        for name in _LISTS
        if row.get(name)
    }
    return {**row, **kept}
