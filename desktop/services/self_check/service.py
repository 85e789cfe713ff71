"""The self-check of a branch's year: every check in turn, with progress, to be called off at any time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.vocabulary.self_check import Severity
from desktop.services.progress import Progress, silent
from desktop.services.self_check.checks import CHECKS, Check
from desktop.services.self_check.records import YearRecords
from desktop.services.standards.verdict import Where

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction: which check found it, what it is, where it is mended, of which day."""

    check: Check
    what: str
    where: Where
    on: date | None

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.check.severity


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What the self-check of a year found, the worst first."""

    year: int
    findings: tuple[Finding, ...]
    checks: int

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in Severity}

    @property
    def words(self) -> str:
        """The result in one line; notes alone are no reason to look."""
        wrong, doubt = self.counts[Severity.WRONG], self.counts[Severity.DOUBT]
        if not wrong and not doubt:
            return "记录之间没有发现矛盾"
        return "，".join(filter(None, (f"要改 {wrong} 处" if wrong else "", f"要核 {doubt} 处" if doubt else "")))


class SelfCheckService:
    """Looks through the records of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def run(self, year: int, progress: Progress = silent, checks: Sequence[Check] = CHECKS) -> SelfCheck:
        """Return what contradicts itself in the records of `year`; nothing is changed.

        What is restricted is looked at only for those entitled.

        Raises:
            Cancelled: `progress`, told checks done and all, was asked to stop.
        """
        found: list[Finding] = []
        with self._store.reading() as session:
            records = YearRecords(self._store, session, year)
            for number, check in enumerate(checks, start=1):
                found += [Finding(check, what, where, on) for what, where, on in check.find(records)]
                progress(number, len(checks))
        order = list(Severity)
        found.sort(key=lambda finding: order.index(finding.severity))
        return SelfCheck(year, tuple(found), len(checks))
