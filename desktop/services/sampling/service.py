"""Spot checks at headquarters: drawn by a number anybody can draw by again, judged on the spot with what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from desktop.models.base import LONGEST_NAMES
from desktop.models.sampling import CheckLine, SampledRecord, SampleSheet
from desktop.models.vocabulary.sampling import SampleCheck, SampleReason, SampleVerdict
from desktop.services.errors import Input, InvalidInput
from desktop.services.meetings.across import nearest, said_since
from desktop.services.progress import Progress, silent
from desktop.services.race.editions import PERIOD, RaceSpan, begun_span, period_order, race_span
from desktop.services.race.records import ever_enrolled, racers
from desktop.services.revisions import check_revision
from desktop.services.sampling.drawing import SEED, Candidate, checked_seed, draw, next_one
from desktop.services.sampling.population import candidates
from desktop.services.sampling.reading import kept_record, kept_sheet, sheets_of
from desktop.services.sampling.rows import BranchDraw, SheetRow
from desktop.services.standards.asked import headquarters_only
from desktop.services.standards.service import StandardService
from desktop.services.typed import refuse_outside
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desktop.services.standards.pack import Pack
    from desktop.services.store import Store

VERDICT = Input("verdict", "认定")
GROUND = Input("ground", "依据")
HEARD = Input("heard", "支部说明")
CHECKED_BY = Input("checked_by", "核查人")
CHECKED_ON = Input("checked_on", "核查日期")
WAY = Input("way", "核查方式")
WHAT = "考评抽查"
NOTHING = "没有报来这一期的记录，抽不了"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one drawn record: what was found, and what the branch says. `checks` None: as they are kept."""

    sampled_id: str
    verdict: SampleVerdict | None
    ground: str = ""
    heard: str = ""
    rev: int | None = None
    checks: tuple[CheckLine, ...] | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """Who looked at the originals, on which day, and how (到现场, 调材料)."""

    checked_by: str
    checked_on: date | None = None
    way: str = ""


Pools = Mapping[str, Sequence[Candidate]]
"""Of sheets, by their id: all their branch reported for the period."""


class SamplingService:
    """The spot checks of all branches."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # -- drawing ---------------------------------------------------------------------------------

    def plan(self, period: str, seed: str | int, progress: Progress = silent) -> list[BranchDraw]:
        """Return what the seed draws of every branch for a period; what was drawn already stands as it was kept.

        Raises:
            InvalidInput: the period has not begun, the seed is none, or others were drawn by another one.
        """
        headquarters_only(self._store, WHAT)
        span, number = begun_span(period, self._store.today), checked_seed(seed)
        kept = {sheet.branch_id: sheet for sheet in self.sheets(span.code)}
        other = next((sheet.seed for sheet in kept.values() if sheet.seed != number), None)
        if other is not None:
            raise InvalidInput(SEED, f"{span.name}已按{other}号抽过，其余支部也按这个号抽")
        pack = self._pack(span)
        with self._store.reading() as session:
            taking_part = racers(session)
        alike = self._alike(span, pack, [racer.branch_id for racer in taking_part])
        plans = []
        for done, racer in enumerate(taking_part, start=1):
            sheet = kept.get(racer.branch_id)
            found = candidates(self._store, racer.branch_id, span, alike) if sheet is None else []
            plans.append(
                BranchDraw(
                    branch_id=racer.branch_id,
                    code=racer.code,
                    name=racer.name,
                    population=len(found) if sheet is None else sheet.population,
                    late=sum(bool(each.late) for each in found),
                    alike=sum(bool(each.alike) for each in found),
                    drawn=draw(number, span.code, found, pack.scoring.sample_ratio, pack.scoring.sample_min)
                    if sheet is None
                    else _as_drawn(sheet),
                    kept=sheet is not None,
                    left_out="" if found or sheet is not None else NOTHING,
                )
            )
            progress(done, len(taking_part))
        return plans

    def draw(self, period: str, seed: str | int, progress: Progress = silent) -> int:
        """Draw by a seed and keep it; return of how many branches. What was drawn before stays.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: as `plan`, or there is nothing to draw.
        """
        self._store.rights.require_any(SampleSheet.__tablename__)
        span, number = begun_span(period, self._store.today), checked_seed(seed)
        fresh = [plan for plan in self.plan(period, number, progress) if plan.drawn and not plan.kept]
        if not fresh:
            raise InvalidInput(PERIOD, f"{span.name}没有还能抽的支部：都抽过了，或者没有报来记录")
        with self._store.unit_of_work(f"抽查：{span.name}按{number}号抽{len(fresh)}个支部") as session:
            for plan in fresh:
                sheet = SampleSheet(
                    branch_id=plan.branch_id,
                    period=span.code,
                    seed=number,
                    drawn_on=self._store.today,
                    population=plan.population,
                )
                session.add(sheet)
                session.flush()
                for position, candidate in enumerate(plan.drawn, start=1):
                    session.add(_sampled(sheet, candidate, position))
        return len(fresh)

    def seed(self, period: str) -> str:
        """Return the number a period was drawn by, "" before anything was."""
        span = race_span(period)
        with self._store.reading() as session:
            found = session.scalars(
                select(SampleSheet.seed).where(SampleSheet.period == span.code, SampleSheet.deleted_at_utc.is_(None))
            ).first()
        return found or ""

    def sheets(self, period: str) -> list[SheetRow]:
        """Return the sheets of a period by the code of their branch."""
        span = race_span(period)
        with self._store.reading() as session:
            names = {racer.branch_id: (racer.code, racer.name) for racer in ever_enrolled(session)}
            here = {racer.branch_id for racer in racers(session)}
            found = sheets_of(session, names, span.code)
        return [replace(sheet, revoked=sheet.branch_id not in here) for sheet in found]

    def period_of(self, sampled_id: str) -> str | None:
        """Return the period for which a record was drawn; None where there is none of this id."""
        query = select(SampleSheet.period).join(SampledRecord, SampledRecord.sheet_id == SampleSheet.id)
        with self._store.reading() as session:
            return session.scalar(query.where(SampledRecord.id == sampled_id))

    def unfinished(self) -> list[str]:
        """Return the periods with a drawn record that has no verdict, or one made up that nobody confirmed."""
        row = SampledRecord
        waits = or_(row.verdict.is_(None), and_(row.verdict == SampleVerdict.FABRICATED, row.confirmed_on.is_(None)))
        query = select(SampleSheet.period).join(row, row.sheet_id == SampleSheet.id).distinct()
        kept = SampleSheet.deleted_at_utc.is_(None), row.deleted_at_utc.is_(None)
        with self._store.reading() as session:
            return sorted(session.scalars(query.where(*kept, waits)), key=period_order)

    # -- on the spot -----------------------------------------------------------------------------

    def sign(self, sheet_id: str, signed: Signed, rev: int | None = None) -> None:
        """Write down who looked at the originals of a branch, when and how.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: nobody is named, or the day cannot be.
            NotFound: there is no such sheet.
            Stale: the sheet was changed since revision `rev`.
        """
        self.fill_in(sheet_id, signed, (), rev)

    def judge(self, judgements: Sequence[Judgement]) -> int:
        """Keep verdicts of drawn records, all or none; return how many changed.

        For each whose original is not there the next record is drawn; both stay on the sheet. What was found made up
        counts only once it is confirmed.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: a ground or the words of the branch are missing, or the verdict is confirmed already; its
                fact `record` names the drawn record.
            NotFound: there is no such record.
            Stale: a record was changed since the revision a judgement names.
        """
        self._store.rights.require_any(SampledRecord.__tablename__)
        pools = self.pools(judgements)
        with self._store.unit_of_work("登记抽查的认定") as session:
            kept = keep_verdicts(session, judgements, pools, self._store.today)
            action_of(session).sentence = f"登记抽查：{kept.words or '没有改动'}"
        return kept.changed

    def fill_in(
        self, sheet_id: str, signed: Signed, judgements: Sequence[Judgement], rev: int | None = None
    ) -> "KeptVerdicts":
        """Keep what a sheet came back with: who looked, and the verdicts; return how many there are of what.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput, NotFound, Stale: as `sign` and `judge`.
        """
        self._store.rights.require_any(SampleSheet.__tablename__)
        pools = self.pools(judgements)
        with self._store.unit_of_work("登记现场核查表") as session:
            sheet = kept_sheet(session, sheet_id)
            check_revision(sheet, rev, "这张核查表")
            keep_signed(sheet, signed, self._store.today)
            kept = keep_verdicts(session, judgements, pools, self._store.today)
            whose = {racer.branch_id: racer.name for racer in ever_enrolled(session)}.get(sheet.branch_id, "")
            name = race_span(sheet.period).name
            action_of(session).sentence = "，".join(filter(None, (f"登记{whose}{name}现场核查表", kept.words)))
        return kept

    def pools(self, judgements: Sequence[Judgement], known: Pools | None = None) -> Pools:
        """Return what may take the place of records whose original is found missing now, by sheet.

        known: what an earlier call returned in the same act; those sheets are not read again.

        Raises:
            InvalidInput: a judgement lacks what it rests on.
        """
        for each in judgements:
            _refuse_unfounded(each)
        pools = dict(known or {})
        for sampled_id in (each.sampled_id for each in judgements if each.verdict is SampleVerdict.ABSENT):
            with self._store.reading() as session:
                sheet = kept_sheet(session, kept_record(session, sampled_id).sheet_id)
                stood_for = select(SampledRecord.id).where(SampledRecord.stands_for == sampled_id)
                if sheet.id in pools or session.scalar(stood_for.limit(1)) is not None:
                    continue
            span = race_span(sheet.period)
            alike = self._alike(span, self._pack(span), [sheet.branch_id])
            pools[sheet.id] = candidates(self._store, sheet.branch_id, span, alike)
        return pools

    def _pack(self, span: RaceSpan) -> "Pack":
        return StandardService(self._store).pack(min(span.last, self._store.today), span.first.year)

    def _alike(self, span: RaceSpan, pack: "Pack", asked: Sequence[str]) -> dict[str, int]:
        """Return in hundredths the minutes of `asked` branches in a period that say what others say, of any branch."""
        measure = pack.similarity
        since = date(span.first.year - measure.years, span.first.month, 1)
        with self._store.reading() as session:
            everybody = [racer.branch_id for racer in racers(session)]
            said = said_since(session, everybody, since, span.last, measure)
        texts = {key: each.text for key, each in said.items()}
        wanted = [key for key, each in said.items() if each.branch_id in asked and each.held_on >= span.first]
        found = nearest(texts, wanted, measure.minutes_ratio)
        return {key: int(near.ratio * 100) for key, near in found.items()}


def checked_signed(sheet: SampleSheet, signed: Signed, today: date) -> Signed:
    """Return who looked at the originals of a branch, when and how, as it is kept.

    Raises:
        InvalidInput: nobody is named, a word is too long, or the day cannot be.
    """
    for field, words in ((CHECKED_BY, signed.checked_by), (WAY, signed.way)):
        if len(words.strip()) > LONGEST_NAMES:
            raise InvalidInput(field, f"最多{LONGEST_NAMES}字")
    if not signed.checked_by.strip():
        raise InvalidInput(CHECKED_BY, "不能为空")
    on = signed.checked_on
    if on is not None:
        refuse_outside(CHECKED_ON, on, sheet.drawn_on, "抽样那天", today)
    return Signed(signed.checked_by.strip(), on, signed.way.strip())


def keep_signed(sheet: SampleSheet, signed: Signed, today: date) -> None:
    """Write down who looked at the originals of a branch, when and how.

    Raises:
        InvalidInput: as `checked_signed`.
    """
    kept = checked_signed(sheet, signed, today)
    sheet.checked_by, sheet.checked_on, sheet.way = kept.checked_by, kept.checked_on, kept.way


@dataclass(frozen=True, slots=True)
class KeptVerdicts:
    """Of how many drawn records a verdict was written, and of how many only what was seen, without one."""

    judged: int
    noted: int

    @property
    def changed(self) -> int:
        """How many drawn records say something else now."""
        return self.judged + self.noted

    @property
    def words(self) -> str:
        """Say it: 认定3条，1条只写了看到的、没有认定; "" where only who looked was written down."""
        noted = f"{self.noted}条只写了看到的、没有认定" if self.noted else ""
        return "，".join(filter(None, (f"认定{self.judged}条" if self.judged else "", noted)))


def keep_verdicts(session: "Session", judgements: Sequence[Judgement], pools: Pools, on: date) -> KeptVerdicts:
    """Write verdicts, and the records that take the place of missing ones; return how many there are of what.

    Raises:
        InvalidInput: a verdict is confirmed already.
        NotFound: there is no such record.
        Stale: a record was changed since the revision a judgement names.
    """
    judged = noted = 0
    for each in judgements:
        row = kept_record(session, each.sampled_id)
        checks = tuple(row.checks) if each.checks is None else in_order(each.checks)
        values = (each.verdict, checks, each.ground.strip(), each.heard.strip())
        if (row.verdict, tuple(row.checks), row.ground, row.heard) == values:
            continue
        check_revision(row, each.rev, "这条抽查记录")
        if row.confirmed_on is not None:
            raise InvalidInput(VERDICT, "已经复核，先撤销复核再改", record=row.id)
        row.verdict, row.checks, row.ground, row.heard = values
        row.judged_on = on if each.verdict is not None else None
        judged, noted = judged + (each.verdict is not None), noted + (each.verdict is None)
        if each.verdict is SampleVerdict.ABSENT:
            _draw_spare(session, row, pools)
    return KeptVerdicts(judged, noted)


def _draw_spare(session: "Session", row: SampledRecord, pools: Pools) -> None:
    """Draw the record that follows in the place of `row`, unless that was done or none is left.

    What stands on the sheet is read from the session that writes: records drawn a moment ago count too.
    """
    sheet = kept_sheet(session, row.sheet_id)
    standing = session.execute(
        select(SampledRecord.of_id, SampledRecord.stands_for, SampledRecord.position).where(
            SampledRecord.sheet_id == sheet.id
        )
    ).all()
    if any(stands_for == row.id for _of, stands_for, _position in standing):
        return
    candidate = next_one(sheet.seed, sheet.period, pools.get(sheet.id, ()), {of for of, _stands_for, _at in standing})
    if candidate is not None:
        last = max(position for _of, _stands_for, position in standing)
        session.add(_sampled(sheet, candidate, last + 1, stands_for=row.id))
        session.flush()


def in_order(checks: Sequence[CheckLine]) -> tuple[CheckLine, ...]:
    """Return what was looked at in the order of the sheet, each once, the words without spaces around them."""
    of = {check.what: CheckLine(check.what, check.state, check.found.strip()) for check in checks}
    return tuple(of[what] for what in SampleCheck if what in of)


def _refuse_unfounded(each: Judgement) -> None:
    """Refuse a verdict against a branch without what it rests on.

    Raises:
        InvalidInput: a word is missing.
    """
    if each.verdict in (None, SampleVerdict.TRUE):
        return
    if not each.ground.strip():
        raise InvalidInput(GROUND, "不能为空，写明看到什么、问了谁", record=each.sampled_id)
    if each.verdict is SampleVerdict.FABRICATED and not each.heard.strip():
        raise InvalidInput(HEARD, "认定不实以前要听支部说明；支部不说明的，写“没有说明”", record=each.sampled_id)


def _as_drawn(sheet: SheetRow) -> tuple[Candidate, ...]:
    """Return what a kept sheet drew, as a plan shows it."""
    return tuple(
        Candidate(
            kind=row.kind,
            id=row.record_id,
            on=row.on,
            title=row.title,
            item_id=row.item_id,
            number=row.number,
            late=row.measure if row.reason is SampleReason.LATE else 0,
            alike=row.measure if row.reason is SampleReason.ALIKE else 0,
        )
        for row in sheet.records
    )


def _sampled(sheet: SampleSheet, drawn: Candidate, position: int, stands_for: str | None = None) -> SampledRecord:
    return SampledRecord(
        branch_id=sheet.branch_id,
        sheet_id=sheet.id,
        position=position,
        of_kind=drawn.kind,
        of_id=drawn.id,
        of_day=drawn.on,
        title=drawn.title,
        item_id=drawn.item_id,
        number=drawn.number,
        reason=drawn.reason,
        measure=drawn.measure,
        stands_for=stands_for,
    )
