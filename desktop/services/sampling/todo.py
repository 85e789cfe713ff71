"""What spot checks ask of a branch: to look at what went against it, while there is time to appeal."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.services.sampling.appeals import SampleAppealService

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class VerdictWork:
    """A verdict against the branch that it said nothing about yet, and until when it may."""

    sampled_id: str
    title: str
    verdict: str
    period_name: str
    until: date


def verdict_works(store: "Store") -> list[VerdictWork]:
    """Return the verdicts against which this branch may still appeal in time, and has not, the soonest first."""
    found = [
        VerdictWork(row.id, row.title, row.verdict.label, sheet.period_name, row.appeal_until)
        for sheet in SampleAppealService(store).sheets()
        for row in sheet.records
        if row.may_appeal and row.verdict is not None and row.appeal_until is not None
    ]
    return sorted((each for each in found if each.until >= store.today), key=lambda each: (each.until, each.title))
