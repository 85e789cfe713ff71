"""What the spot checks show: sheets by branch, drawn records, verdicts, what branches say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.models.appeals import Appeal
from desktop.models.sampling import CheckLine, SampledRecord, SampleSheet
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import SampleReason, SampleVerdict
from desktop.services.race.editions import period_name
from desktop.services.sampling.drawing import Candidate


def unconfirmed(verdict: SampleVerdict | None, confirmed_on: date | None) -> bool:
    """Return whether a record was found made up, and nobody confirmed that yet: it counts for nothing."""
    return verdict is SampleVerdict.FABRICATED and confirmed_on is None


def said_of(verdict: SampleVerdict, confirmed_on: date | None) -> str:
    """Return a verdict in words, with what is still to come."""
    return f"{verdict.label}，待复核" if unconfirmed(verdict, confirmed_on) else verdict.label


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchDraw:
    """What would be drawn of a branch, or is: of how many records, how many late ones; `left_out` says why nothing."""

    branch_id: str
    code: str
    name: str
    population: int
    late: int
    alike: int
    drawn: tuple[Candidate, ...]
    kept: bool = False
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledRow:
    """One drawn record as people see it, at headquarters and at its branch."""

    id: str
    rev: int
    branch_id: str
    position: int
    kind: str
    record_id: str
    on: date
    title: str
    item_id: str
    number: str
    reason: SampleReason
    measure: int
    stands_for: str
    verdict: SampleVerdict | None
    checks: tuple[CheckLine, ...]
    ground: str
    heard: str
    judged_on: date | None
    confirmed_by: str
    confirmed_on: date | None
    appeal: "AppealOfSample | None"
    appeal_until: date | None = None
    """The last day to say something against the verdict, where it went against the branch."""

    @property
    def why(self) -> str:
        """Why it was drawn: 补录 23 天, 雷同 92%, 随机."""
        if self.reason is SampleReason.LATE:
            return f"补录 {self.measure} 天"
        return f"雷同 {self.measure}%" if self.reason is SampleReason.ALIKE else self.reason.label

    @property
    def awaits_confirmation(self) -> bool:
        """Whether it was found made up, and nobody confirmed that yet: it counts for nothing."""
        return unconfirmed(self.verdict, self.confirmed_on)

    @property
    def state(self) -> str:
        """The verdict in words, with what is still to come."""
        return "没核" if self.verdict is None else said_of(self.verdict, self.confirmed_on)

    @property
    def appealed_late(self) -> bool:
        """Whether its branch spoke against it after the time to appeal: that is told, and decided all the same."""
        raised_on = self.appeal.raised_on if self.appeal is not None else None
        return raised_on is not None and self.appeal_until is not None and raised_on > self.appeal_until

    @property
    def may_appeal(self) -> bool:
        """Whether its branch may say something against it: it went badly, and nothing was said yet."""
        against = self.verdict is SampleVerdict.INCOMPLETE or (
            self.verdict is SampleVerdict.FABRICATED and self.confirmed_on is not None
        )
        return against and (self.appeal is None or self.appeal.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealOfSample:
    """What a branch said against a verdict, and what was decided.

    `withdrawn_on`: when the branch took it back. It stands undecided then, or the branch did not know yet of the
    decision, which stands. `id` and words are empty where the branch lost its appeal and headquarters decided it.
    """

    id: str
    raised_by: str
    raised_on: date | None
    ground: str
    withdrawn_on: date | None
    state: AppealState
    decided_by: str
    decided_on: date | None
    decision: str

    @property
    def gone(self) -> bool:
        """Whether it was taken back before anybody decided it: the branch may raise one again."""
        return self.withdrawn_on is not None and self.decided_on is None

    @property
    def state_words(self) -> str:
        """What became of it, and when: 待决定, 支部撤回　2026-10-14, 不成立　2026-10-14，撤回以前已决定."""
        on = self.decided_on or self.withdrawn_on
        told = f"{self.state.label}　{on.isoformat()}" if on is not None else self.state.label
        return f"{told}，撤回以前已决定" if self.withdrawn_on is not None and self.decided_on is not None else told


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """The sheet of one branch for one period."""

    id: str
    rev: int
    branch_id: str
    code: str
    name: str
    period: str
    seed: str
    drawn_on: date
    population: int
    checked_by: str
    checked_on: date | None
    way: str
    records: tuple[SampledRow, ...]
    revoked: bool = False
    """Whether its branch was revoked since: nobody goes there to check."""

    @property
    def period_name(self) -> str:
        """Return 2026年三季度."""
        return period_name(self.period)

    @property
    def drawn(self) -> int:
        """How many were drawn at first: one that stands for another whose original was away is not one more."""
        return sum(not record.stands_for for record in self.records)

    @property
    def drawn_words(self) -> str:
        """Return 14 条里抽 5 条，补抽 1 条."""
        more = len(self.records) - self.drawn
        return f"{self.population} 条里抽 {self.drawn} 条" + (f"，补抽 {more} 条" if more else "")

    @property
    def judged(self) -> int:
        """How many drawn records have a verdict."""
        return sum(record.verdict is not None for record in self.records)

    @property
    def done(self) -> bool:
        """Whether every drawn record has its verdict, and what was found made up is confirmed."""
        return all(record.verdict is not None and not record.awaits_confirmation for record in self.records)

    @property
    def waits(self) -> bool:
        """Whether somebody is to check or confirm something of it."""
        return not self.done and not self.revoked

    def count(self, verdict: SampleVerdict) -> int:
        """Return how many records have a verdict."""
        return sum(record.verdict is verdict for record in self.records)


def sheet_row(
    sheet: SampleSheet,
    code: str,
    name: str,
    records: Sequence[SampledRecord],
    appeals: Sequence[Appeal],
    until: Mapping[str, date],
) -> SheetRow:
    """Return a kept sheet with its records as people see them; `until`: the last day to appeal, by record."""
    said = {appeal.sampled_id: appeal for appeal in appeals}
    return SheetRow(
        id=sheet.id,
        rev=sheet.rev,
        branch_id=sheet.branch_id,
        code=code,
        name=name,
        period=sheet.period,
        seed=sheet.seed,
        drawn_on=sheet.drawn_on,
        population=sheet.population,
        checked_by=sheet.checked_by,
        checked_on=sheet.checked_on,
        way=sheet.way,
        records=tuple(
            _sampled(record, said.get(record.id), until.get(record.id))
            for record in sorted(records, key=lambda each: each.position)
        ),
    )


def _sampled(record: SampledRecord, appeal: Appeal | None, until: date | None) -> SampledRow:
    """Return a record; a decision stands, and is told, though the appeal was taken back meanwhile."""
    said, withdrawn_on = None, appeal.withdrawn_on if appeal is not None else None
    if appeal is not None or record.appeal_state is not None:
        said = AppealOfSample(
            id=appeal.id if appeal is not None else "",
            raised_by=appeal.raised_by if appeal is not None else "",
            raised_on=appeal.raised_on if appeal is not None else None,
            ground=appeal.ground if appeal is not None else "",
            withdrawn_on=withdrawn_on,
            state=record.appeal_state or (AppealState.PENDING if withdrawn_on is None else AppealState.WITHDRAWN),
            decided_by=record.decided_by,
            decided_on=record.decided_on,
            decision=record.decision,
        )
    return SampledRow(
        id=record.id,
        rev=record.rev,
        branch_id=record.branch_id,
        position=record.position,
        kind=record.of_kind,
        record_id=record.of_id,
        on=record.of_day,
        title=record.title,
        item_id=record.item_id,
        number=record.number,
        reason=record.reason,
        measure=record.measure,
        stands_for=record.stands_for or "",
        verdict=record.verdict,
        checks=tuple(record.checks),
        ground=record.ground,
        heard=record.heard,
        judged_on=record.judged_on,
        confirmed_by=record.confirmed_by,
        confirmed_on=record.confirmed_on,
        appeal=said,
        appeal_until=until,
    )
