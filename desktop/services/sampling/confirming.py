"""What follows from a record found made up: its item is zero, the grade is capped, the race counts a penalty.

Nothing follows before somebody else than who looked confirmed it (复核), and all of it is taken back together.
"""

import re
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from desktop.models.base import LONGEST_NAMES
from desktop.models.race import RaceAppeal, RaceMark
from desktop.models.sampling import SampledRecord
from desktop.models.standards import GateFinding
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput
from desktop.services.numbers import digits
from desktop.services.race.appeals import uphold_elsewhere
from desktop.services.race.corrections import correct, locked_because
from desktop.services.race.editions import race_span
from desktop.services.race.marks import mark_words
from desktop.services.race.periods import scheme_of
from desktop.services.race.records import ever_enrolled
from desktop.services.race.scoring import short_name
from desktop.services.sampling.reading import kept_record, kept_sheet
from desktop.services.sampling.service import CHECKED_BY, VERDICT, WHAT
from desktop.services.standards.asked import headquarters_only
from desktop.services.standards.editions import pack_on
from desktop.services.standards.gates import with_hearing
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.store import Store

CONFIRMED_BY = Input("confirmed_by", "复核人")
FABRICATION = "fabrication"
"""The gate of the standard for made-up records."""
FALSE_RECORD = "P-04"
"""The penalty of the race for each of them."""


class ConfirmingService:
    """Confirms that records were made up, at headquarters."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def follows(self, sampled_id: str) -> str:
        """Say what a confirmation brings about: D4-02 记 0 分，当期等次直接列待提升（标准化考评的等次）；赛马另算，按
        P-04 扣 5 分，先进、中间、落后仍按总分和名次定. Grades of the standard and classes of the race are two scales.

        Raises:
            InvalidInput: not at headquarters.
            NotFound: there is no such record.
        """
        headquarters_only(self._store, WHAT)
        with self._store.reading() as session:
            row = kept_record(session, sampled_id)
            span = race_span(kept_sheet(session, row.sheet_id).period)
            gates = pack_on(session, min(span.last, self._store.today), span.first.year).gates
            effect = next((gate.effect for gate in gates if gate.id == FABRICATION), "")
            reason = self._unpenalized(session, span.code)
            scheme = scheme_of(self._store, span)
        points = next((digits(abs(each.points)) for each in scheme.penalties if each.id == FALSE_RECORD), "")
        classes = "、".join(short_name(scheme, each.id) for each in scheme.classes)
        counted = f"赛马另算，按 {FALSE_RECORD} 扣 {points} 分，{classes}仍按总分和名次定"
        race = f"赛马不扣分：{reason}" if reason else counted
        graded = effect and f"{effect}（标准化考评的等次）"
        return f"{'，'.join(filter(None, (f'{row.item_id} 记 0 分', graded)))}；{race}"

    def confirm(self, sampled_id: str, confirmed_by: str) -> str:
        """Confirm that a drawn record is made up; return why the race does not count it, "" where it does.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it was not found so, is confirmed already, nobody is named, or the one who looked is.
            NotFound: there is no such record.
        """
        self._store.rights.require(Act.PUBLISH)
        headquarters_only(self._store, WHAT)
        name = confirmed_by.strip()
        if not name or len(name) > LONGEST_NAMES:
            raise InvalidInput(CONFIRMED_BY, f"不能为空，最多{LONGEST_NAMES}字")
        with self._store.unit_of_work("复核认定不实的记录") as session:
            row = kept_record(session, sampled_id)
            sheet = kept_sheet(session, row.sheet_id)
            if row.verdict is not SampleVerdict.FABRICATED:
                raise InvalidInput(VERDICT, "没有认定不实，不用复核")
            if row.confirmed_on is not None:
                raise InvalidInput(VERDICT, f"{row.confirmed_by}已经复核")
            if not sheet.checked_by:
                raise InvalidInput(CHECKED_BY, "还没有登记，先登记整张核查表")
            if _same_person(sheet.checked_by, name):
                raise InvalidInput(CONFIRMED_BY, "复核人不能是核查人")
            span = race_span(sheet.period)
            ground = f"{span.name}抽查：{row.of_day:%Y-%m-%d}“{row.title}”（{row.number}），{row.ground}"
            ground = with_hearing(ground, row.heard)
            finding = GateFinding(
                branch_id=row.branch_id,
                year=span.first.year,
                gate_id=FABRICATION,
                item_id=row.item_id,
                ground=ground,
                found_on=self._store.today,
            )
            session.add(finding)
            session.flush()
            row.confirmed_by, row.confirmed_on, row.finding_id = name, self._store.today, finding.id
            whose = {racer.branch_id: racer.name for racer in ever_enrolled(session)}.get(row.branch_id, "")
            action_of(session).sentence = f"复核{whose}“{row.title}”不实，{row.item_id}记零分"
            reason = self._unpenalized(session, sheet.period)
            if not reason:
                mark = RaceMark(branch_id=row.branch_id, period=span.code, rule_id=FALSE_RECORD, count=1, ground=ground)
                session.add(mark)
                session.flush()
                row.mark_id = mark.id
            return reason

    def take_back(self, sampled_id: str) -> None:
        """Take a confirmation back, with the finding and the penalty; the verdict waits for it again.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it is not confirmed, or the race it counted in is published.
            NotFound: there is no such record.
        """
        self._store.rights.require(Act.PUBLISH)
        with self._store.unit_of_work("撤销对不实记录的复核") as session:
            row = kept_record(session, sampled_id)
            if row.confirmed_on is None:
                raise InvalidInput(VERDICT, "还没有复核")
            undo(session, row, utc_text(self._store.clock()))

    def _unpenalized(self, session: Session, period: str) -> str:
        span = race_span(period)
        if FALSE_RECORD not in {penalty.id for penalty in scheme_of(self._store, span).penalties}:
            return f"赛马方案里没有{FALSE_RECORD}这一项"
        return locked_because(session, span)


def undo(session: Session, row: SampledRecord, moment: str, upheld: RaceAppeal | None = None) -> bool:
    """Take back what a confirmed record brought about; return whether a published race is to be scored anew for it.

    `upheld`: the case of the appeal that was upheld against it; a published race is corrected under it.

    Raises:
        InvalidInput: the penalty counted in a race that is published, and no appeal was upheld; or that is final.
    """
    finding = session.get(GateFinding, row.finding_id) if row.finding_id else None
    mark = session.get(RaceMark, row.mark_id) if row.mark_id else None
    anew = False
    if mark is not None and mark.deleted_at_utc is None:
        span = race_span(mark.period)
        if upheld is not None and uphold_elsewhere(session, span, upheld):
            anew = True
            correct(mark, upheld, mark_words(mark))
        locked = locked_because(session, span)
        if locked:
            raise InvalidInput(VERDICT, locked)
        mark.deleted_at_utc = moment
    if finding is not None:
        finding.deleted_at_utc = moment
    row.confirmed_by, row.confirmed_on, row.finding_id, row.mark_id = "", None, None, None
    return anew


def _same_person(some: str, others: str) -> bool:
    """Whether two lists of names name somebody twice, with or without what he is (赵国平 科长)."""
    here, there = (["".join(name.split()) for name in re.split("[、，,；;]", names)] for names in (some, others))
    return any(one and other and (one.startswith(other) or other.startswith(one)) for one in here for other in there)
