"""The ledger as it is looked at: what follows from records and what was claimed, each with its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.models.points import PointsClaim, PointsPublication
from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.points import ClaimState
from desktop.services.points.claim_rows import ClaimRow
from desktop.services.points.claims import ClaimService
from desktop.services.points.ledger import QUARTER_MONTHS, PointsService, quarter_end
from desktop.services.points.publishing import Publication, PublishingService, Standing
from desktop.services.points.reckoning import Entry, PointsYear
from desktop.services.points.scheme import PointsScheme

if TYPE_CHECKING:
    from desktop.services.store import Store

QUARTERS = (1, 2, 3, 4)
SOURCES = {"meeting": "会议", "dues_payment": "党费", "action_item": "会后任务", "appraisal_results": "民主评议"}


class LineState(Labelled):
    """Where a line of the ledger stands on its way to be confirmed."""

    ASKED = "asked", "待判断"
    SUBMITTED = "submitted", "待核实"
    VERIFIED = "verified", "待审核"
    WAITS_ABOVE = "waits_above", "待上级"
    UNCOMPARED = "uncompared", "待核对"
    UNPUBLISHED = "unpublished", "待公布"
    POSTED = "posted", "公示中"
    CONFIRMED = "confirmed", "已确认"
    REJECTED = "rejected", "退回"
    REVOKED = "revoked", "已撤销"
    EXCUSED = "excused", "不扣分"


_OF_CLAIM = {
    ClaimState.SUBMITTED: LineState.SUBMITTED,
    ClaimState.VERIFIED: LineState.VERIFIED,
    ClaimState.REJECTED: LineState.REJECTED,
    ClaimState.REVOKED: LineState.REVOKED,
}


class Way(Labelled):
    """How a line came into the ledger."""

    FOUND = "found", "自动"
    CLAIMED = "claimed", "申报"
    LATE = "late", "补录"
    DECIDED = "decided", "判断"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the ledger; `points` None while a claim does not count (yet). `source`: where it comes from."""

    key: str
    on: date
    member_id: str
    name: str
    what: str
    rule: str
    rule_name: str
    points: Decimal | None
    source: str
    way: Way
    state: LineState
    entry: Entry | None = None
    claim: ClaimRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything the page of a year shows. `quarter` is the one to publish next, `counted` the points up to its end,
    as they are posted, `above` the headquarters that decides the claims of the secretary; "" where answers come on
    paper."""

    year: int
    points: PointsYear
    counted: PointsYear
    lines: tuple[Line, ...]
    scheme: PointsScheme
    publications: tuple[Publication, ...]
    quarter: int
    standing: Standing
    above: str = ""

    def count(self, *states: LineState) -> int:
        """Return how many lines stand there."""
        return sum(line.state in states for line in self.lines)


class PointsBook:
    """Reads the ledger of this branch as it is looked at."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def book(self, year: int) -> Book:
        """Return the ledger of a year, newest first, and where the publication of the next quarter stands."""
        points, publishing = PointsService(self._store), PublishingService(self._store)
        found, publications = points.year(year), publishing.publications(year)
        claims = ClaimService(self._store).claims(year)
        quarter = next_quarter(year, publications, self._store.today)
        end = quarter_end(year, quarter)
        standing = publishing.standing(year, quarter, found)
        lines = _lines(found, claims, publications, frozenset(standing.uncompared), self._store.today)
        return Book(
            year=year,
            points=found,
            counted=points.year(year, end) if end < found.on else found,
            lines=tuple(sorted(lines, key=lambda line: (line.on, line.key), reverse=True)),
            scheme=points.scheme(year),
            publications=tuple(publications),
            quarter=quarter,
            standing=standing,
            above=ClaimService(self._store).above(),
        )

    def year_of(self, record_id: str) -> int | None:
        """Return the year in whose ledger a claim or a publication stands; None for what is neither."""
        with self._store.reading() as session:
            claim = session.get(PointsClaim, record_id)
            if claim is not None:
                return claim.event_on.year
            publication = session.get(PointsPublication, record_id)
            return None if publication is None else publication.year


def next_quarter(year: int, publications: Sequence[Publication], today: date) -> int:
    """Return the last quarter that is over, or one before whose publication a revoked claim has outdated."""
    last = {each.quarter: each for each in publications}
    outdated = [quarter for quarter, each in last.items() if each.outdated]
    if outdated:
        return min(outdated)
    over = [quarter for quarter in QUARTERS if quarter_end(year, quarter) < today]
    return over[-1] if over else 1


def _lines(
    points: PointsYear,
    claims: Sequence[ClaimRow],
    publications: Sequence[Publication],
    uncompared: frozenset[str],
    today: date,
) -> list[Line]:
    counted: dict[str, Entry] = {}
    lines: list[Line] = []
    for member in points.members:
        lines += [_question(member.name, entry) for entry in member.questions]
        for entry in member.entries:
            if entry.claim_id:
                counted[entry.claim_id] = entry
                continue
            lines.append(
                Line(
                    key=f"{entry.rule}/{entry.record_id}/{entry.member_id}",
                    on=entry.on,
                    member_id=entry.member_id,
                    name=member.name,
                    what=entry.name if len(entry.records) > 1 or entry.points < 0 else entry.title or entry.name,
                    rule=entry.rule,
                    rule_name=entry.name,
                    points=entry.points,
                    source=source_of(entry),
                    way=Way.FOUND,
                    state=_posted(entry.on, publications, today),
                    entry=entry,
                )
            )
    for claim in claims:
        entry_of = counted.get(claim.id)
        lines.append(
            Line(
                key=claim.id,
                on=claim.event_on,
                member_id=claim.member_id,
                name=claim.name,
                what=claim.title,
                rule=claim.rule,
                rule_name=claim.rule_name,
                points=entry_of.points if entry_of else None,
                source="支部判断" if claim.decided or claim.charged else "自己申报",
                way=Way.DECIDED if claim.decided or claim.charged else Way.LATE if claim.late else Way.CLAIMED,
                state=LineState.UNCOMPARED if claim.id in uncompared else _state(claim, publications, today),
                entry=entry_of,
                claim=claim,
            )
        )
    return lines


def _question(name: str, entry: Entry) -> Line:
    return Line(
        key=f"?{entry.rule}/{entry.title}/{entry.member_id}",
        on=entry.on,
        member_id=entry.member_id,
        name=name,
        what=entry.title,
        rule=entry.rule,
        rule_name=entry.name,
        points=None,
        source=source_of(entry),
        way=Way.FOUND,
        state=LineState.ASKED,
        entry=entry,
    )


def source_of(entry: Entry) -> str:
    """Return in words where a line comes from."""
    register = REGISTERS.get(entry.kind)
    words = SOURCES.get(entry.kind) or (register.title if register is not None else "名册")
    more = f"等{len(entry.records)}条" if len(entry.records) > 1 else ""
    return f"{words} {entry.on:%m-%d}{more}"


def _state(claim: ClaimRow, publications: Sequence[Publication], today: date) -> LineState:
    if claim.waits_above:
        return LineState.WAITS_ABOVE
    if claim.decided and claim.state is ClaimState.REJECTED:
        return LineState.EXCUSED
    if claim.state in _OF_CLAIM:
        return _OF_CLAIM[claim.state]
    if claim.published_on is None:
        return LineState.UNPUBLISHED
    return _posted(claim.event_on, publications, today)


def _posted(on: date, publications: Sequence[Publication], today: date) -> LineState:
    """Return where a line of that day stands: its own quarter was posted, or the next one that was, whose sums hold the
    whole year up to its end."""
    quarter = -(-on.month // QUARTER_MONTHS)
    holding = [each for each in publications if each.quarter >= quarter]
    if not holding:
        return LineState.UNPUBLISHED
    first = min(each.quarter for each in holding)
    last = [each for each in holding if each.quarter == first][-1]
    return LineState.CONFIRMED if last.confirmed(today) else LineState.POSTED
