"""What some branches of 总览 come to: packages, members, and the means of their rates as the statistics reckon them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.services.reporting_due import Lateness
from desktop.services.statistics.measures import OWN_RATE, VERIFIED_RATE, WHOSE_RATE, Total, rate_count, total

if TYPE_CHECKING:
    from desktop.services.branch_overview import BranchOverview
    from desktop.services.reporting_due import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """How many of some branches reported the quarter, owe it still or do not owe it, their members, their mean rates.

    A branch that sent nothing yet has no rate, and is none that was left out of the mean.
    """

    branches: int
    reported: int
    missing: int
    not_owing: int
    members: int
    verified: Total
    own: Total
    year_end: bool = False

    @property
    def words(self) -> str:
        """24 个支部 · 22 个已报，2 个没报 · 党员 412 人 · 自评均分 86.70（23 个支部，1 个未自评未计入）."""
        asked = (
            f"{self.reported} 个已报" if self.reported or self.missing else "",
            f"{self.missing} 个没报" if self.missing else "",
            f"{self.not_owing} 个不用报" if self.not_owing else "",
        )
        means = [
            f"{WHOSE_RATE[mean.measure]}均分 {mean.text}"
            + (f"（{mean.branches} 个支部，{mean.lacking_words}）" if mean.lacking else "")
            for mean in (self.verified, self.own)
            if mean.value is not None
        ]
        told = (
            f"{self.branches} 个支部",
            "，".join(filter(None, asked)),
            f"{'年底' if self.year_end else ''}党员 {self.members} 人",
            "，".join(means),
        )
        return " · ".join(filter(None, told))


def summed(rows: "Sequence[BranchOverview]", due: "Due", today: date, *, year_end: bool = False) -> Summed:
    """Return what some branches come to; `year_end`: as they stood at the end of a past year. A rate without judgement
    of quality is left out of the mean, and counted.
    """
    states = [due.lateness(row, today) for row in rows]
    sent = [row for row in rows if row.last_seq is not None]
    return Summed(
        branches=len(rows),
        reported=states.count(Lateness.REPORTED),
        missing=states.count(Lateness.LATE) + states.count(Lateness.DUE),
        not_owing=states.count(Lateness.NOT_OWED),
        members=sum(row.members for row in rows),
        year_end=year_end,
        verified=total(VERIFIED_RATE, [rate_count(row.rate, judged=row.quality_rated) for row in sent]),
        own=total(OWN_RATE, [rate_count(row.own_rate, judged=row.own_rated) for row in sent]),
    )
