"""The yearly round of this branch: prepared, held, counted, graded by people, fed back, published."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.base import new_id
from desktop.models.improvement import Issue
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.models.vocabulary.race import IssueState
from desktop.services.appraisal.keeping import GRADE, STEP, VOTES, of_line, of_round, refuse_line, refuse_round
from desktop.services.appraisal.loading import find_round, load_round, year_in_work
from desktop.services.appraisal.rows import Line, Round, RoundFacts, StepKey
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, Input, InvalidInput, NotFound
from desktop.services.members.lookup import find_member
from desktop.services.quoting import quoted
from desktop.services.registers import RegisterService
from desktop.services.revisions import check_revision
from desktop.services.standards.editions import law_on

if TYPE_CHECKING:
    from desktop.services.store import Store

WHAT = "民主评议"
REASON = Input("reopened", "重新议定的原因")
_ROUND = frozenset(field.name for field in fields(RoundFacts)) - {"decided_on", "decided_by", "reopened"}
_LINE = frozenset(AppraisalResult.__table__.c.keys()) & (
    {field.name for field in fields(Line)} - {"id", "rev", "member_id", "grade", "reason"}
)
STEP_OF = {
    **dict.fromkeys(("ballots_on", "issued", "collected", "valid"), StepKey.BALLOT),
    **dict.fromkeys(("branch_good", "branch_fair", "branch_average", "branch_poor"), StepKey.BALLOT),
    **dict.fromkeys(VOTES, StepKey.BALLOT),
    **dict.fromkeys(("peer_on", "review_on", "review", "self_grade", "peer", "written", "read_by"), StepKey.REVIEW),
    **dict.fromkeys(
        ("fed_back_on", "fed_back_by", "praise", "faults", "hopes", "signed_on", "follow_up"), StepKey.FEEDBACK
    ),
    **dict.fromkeys(("published_on", "registered_on", "reported_on"), StepKey.PUBLISH),
}
"""Which step has to be open before a value is typed; the others may be typed from the start."""
_TIME = 13
"""So many letters of an id say when it was made."""


class AppraisalService:
    """Rounds of this branch; at headquarters `branch_id` chooses the branch, for reading."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # reading

    def year_in_work(self) -> int:
        """Return the year that is settled on the day it is: last year until it closes."""
        with self._store.reading() as session:
            return year_in_work(self._store, session)

    def round(self, for_year: int, branch_id: str | None = None) -> Round:
        """Return the round of a year, begun or not."""
        with self._store.reading() as session:
            return load_round(self._store, session, for_year, branch_id)

    def years(self) -> list[int]:
        """Return the years that have a round, newest first."""
        query = select(Appraisal.for_year).where(
            Appraisal.branch_id == self._store.branch_id, Appraisal.deleted_at_utc.is_(None)
        )
        with self._store.reading() as session:
            return sorted(set(session.scalars(query)), reverse=True)

    # the round

    def begin(self, for_year: int) -> str:
        """Begin the round of a year; return its id.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            Conflict: it is begun already.
            InvalidInput: the year is still to come.
        """
        self._store.rights.require_table(Appraisal.__tablename__)
        if for_year > self._store.today.year:
            raise InvalidInput(of_round("for_year"), f"{for_year}年还没有到")
        with self._store.unit_of_work(f"开始{for_year}年度组织生活会和民主评议") as session:
            if find_round(session, self._store.branch_id, for_year) is not None:
                raise Conflict(what=WHAT, name=f"{for_year}年度", reason="已经开始")
            return new_round(session, self._store, for_year).id

    def change(self, for_year: int, values: Mapping[str, Any], rev: int | None = None) -> None:
        """Keep facts of the round by the names of `RoundFacts`.

        Raises:
            InvalidInput: a value breaks a rule, its step is not open yet, or the grades are set already.
            Conflict: changed since revision `rev` was read.
            NotFound: the round is not begun.
        """
        self._store.rights.require_table(Appraisal.__tablename__)
        refuse_unknown(values, _ROUND)
        with self._store.unit_of_work(f"改{for_year}年度组织生活会和民主评议") as session:
            found, record = self._open(session, for_year, values, rev)
            whole = {name: getattr(record, name) for name in (*_ROUND, "decided_on")} | dict(values)
            refuse_round(whole, self._store.today)
            base = values.get("quota_base", record.quota_base)
            if found.decided and base != record.quota_base:
                raise InvalidInput(of_round("quota_base"), "等次已经定下，名额不能再改")
            write(record, values)

    def ballots(
        self,
        for_year: int,
        votes: Mapping[str, tuple[int | None, ...]],
        values: Mapping[str, Any],
        rev: int | None = None,
    ) -> None:
        """Keep the sums of ballots of several members (by id, in the order of grades) with the numbers of the hall.

        Raises:
            InvalidInput, Conflict, NotFound: as `change`; or a member gets no grade.
        """
        self._store.rights.require_table(Appraisal.__tablename__)
        refuse_unknown(values, _ROUND)
        with self._store.unit_of_work(f"登记{for_year}年度民主测评票数") as session:
            needed: dict[str, Any] = {**values, VOTES[0]: None}
            found, record = self._open(session, for_year, needed, rev)
            whole = {name: getattr(record, name) for name in (*_ROUND, "decided_on")} | dict(values)
            refuse_round(whole, self._store.today)
            write(record, values)
            for member_id, sums in votes.items():
                line = _line(found, member_id)
                if not line.rated:
                    raise InvalidInput(of_line(VOTES[0]), f"{line.name}不评定等次，没有票数")
                row = line_of(session, self._store, for_year, member_id)
                counted = dict(zip(VOTES, sums, strict=True))
                refuse_line(counted, self._store.today)
                write(row, counted)

    def note(self, for_year: int, member_id: str, values: Mapping[str, Any], rev: int | None = None) -> None:
        """Keep facts of a member's line by the names of `Line`: self-review, feedback, steps taken, registration.

        Raises:
            InvalidInput: a value breaks a rule, its step is not open yet, or the grades are set already.
            Conflict: changed since revision `rev` was read.
            NotFound: the round is not begun, or no such member takes part.
        """
        self._store.rights.require_table(AppraisalResult.__tablename__)
        refuse_unknown(values, _LINE)
        name = self._name(for_year, member_id)
        with self._store.unit_of_work(f"记{for_year}年度民主评议{quoted(name)}") as session:
            found, _record = self._open(session, for_year, values, None)
            self._note(session, found, _line(found, member_id), values, rev)

    def note_many(
        self,
        for_year: int,
        lines: Mapping[str, Mapping[str, Any]],
        values: Mapping[str, Any] | None = None,
        revs: Mapping[str, int | None] | None = None,
    ) -> None:
        """Keep facts of the lines of several members (by id) as `note`, and of the round as `change`, at once.

        Raises:
            InvalidInput, Conflict, NotFound: as `note` and `change`; nothing is kept then, and whose line it is is
                said.
        """
        self._store.rights.require_any(AppraisalResult.__tablename__)
        tables = {AppraisalResult.__tablename__} if lines else set()
        for table in sorted(tables | ({Appraisal.__tablename__} if values else set())):
            self._store.rights.require_table(table)
        kept, read = dict(values or {}), revs or {}
        refuse_unknown(kept, _ROUND)
        for typed in lines.values():
            refuse_unknown(typed, _LINE)
        with self._store.unit_of_work(f"记{for_year}年度民主评议{len(lines)}人") as session:
            needed = dict.fromkeys(name for typed in (*lines.values(), kept) for name in typed)
            found, record = self._open(session, for_year, needed, None)
            if kept:
                refuse_round(
                    {name: getattr(record, name) for name in (*_ROUND, "decided_on")} | kept, self._store.today
                )
                write(record, kept)
            for member_id, typed in lines.items():
                line = _line(found, member_id)
                try:
                    self._note(session, found, line, typed, read.get(member_id))
                except InvalidInput as error:
                    raise InvalidInput(Input(error.name, f"{line.name}的{error.label}"), error.reason) from error

    def _note(
        self, session: Session, found: Round, line: Line, values: Mapping[str, Any], rev: int | None
    ) -> None:  # fmt: skip
        row = line_of(session, self._store, found.for_year, line.member_id)
        if line.id:
            check_revision(row, rev, f"{line.name}的民主评议")
        whole = {each: getattr(row, each) for each in _LINE} | {"grade": row.grade} | dict(values)
        refuse_line(whole, self._store.today)
        if found.decided and values.get("excused"):
            raise InvalidInput(of_line("excused"), "等次已经定下")
        write(row, values)

    # grades

    def grade(
        self, for_year: int, member_id: str, grade: AppraisalGrade | None, reason: str | None = None
    ) -> AppraisalGrade | None:
        """Set the grade people chose, None to leave it open (待定); return the one before.

        Raises:
            InvalidInput: the member gets none, the ballots are not counted yet, or the grades are set already.
            NotFound: the round is not begun, or no such member takes part.
        """
        self._store.rights.require_table(AppraisalResult.__tablename__)
        name = self._name(for_year, member_id)
        chosen = grade.label if grade is not None else "待定"
        with self._store.unit_of_work(f"{quoted(name)}{for_year}年度民主评议定为{chosen}") as session:
            found = load_round(self._store, session, for_year)
            line = _line(found, member_id)
            _refuse_closed(found, StepKey.GRADE)
            if not line.full and not found.rules.rate_probationary:
                raise InvalidInput(GRADE, f"{line.name}是预备党员，参加评议、不评定等次")
            if line.excused:
                raise InvalidInput(GRADE, f"{line.name}没有参评（{line.excused}），不评定等次")
            row = line_of(session, self._store, for_year, member_id)
            before, row.grade = row.grade, grade
            if reason is not None:
                row.reason = reason.strip() or None
            return before

    def decide(self, for_year: int, on: date, by: str = "") -> None:
        """Set the grades for good: from now on they count, and nothing before them changes any more.

        Raises:
            InvalidInput: too many are excellent, somebody's grade is open, or the ballots do not agree.
            NotFound: the round is not begun.
        """
        self._store.rights.require_table(Appraisal.__tablename__)
        with self._store.unit_of_work(f"定下{for_year}年度民主评议等次") as session:
            record = _record(session, self._store, for_year)
            found = load_round(self._store, session, for_year)
            _refuse_closed(found, StepKey.GRADE)
            excellent = found.count(AppraisalGrade.EXCELLENT)
            if not found.quota.allows(excellent):
                raise InvalidInput(
                    GRADE, f"优秀{excellent}名，最多{found.quota.most}名（{found.quota.words(excellent)}）"
                )
            if found.why_not_decided:
                raise InvalidInput(GRADE, found.why_not_decided.replace(" ", ""))
            values = {"decided_on": on, "decided_by": by.strip() or None}
            refuse_round(values, self._store.today)
            held = found.facts.ballots_on
            if held is not None and on < held:
                raise InvalidInput(of_round("decided_on"), f"早于测评日期{held}")
            write(record, values)

    def reopen(self, for_year: int, reason: str) -> None:
        """Open grades that were set once more; the reason stays with the round.

        Raises:
            InvalidInput: no reason is given, or the grades are not set.
            NotFound: the round is not begun.
        """
        self._store.rights.require_table(Appraisal.__tablename__)
        why = reason.strip()
        if not why:
            raise InvalidInput(REASON, "不能为空")
        with self._store.unit_of_work(f"重新议定{for_year}年度民主评议等次：{why}") as session:
            record = _record(session, self._store, for_year)
            if record.decided_on is None:
                raise InvalidInput(REASON, "等次还没有定下")
            write(record, {"decided_on": None, "decided_by": None, "published_on": None, "reopened": why})

    # problems

    def close_problem(
        self, problem_id: str, on: date, evidence: str, confirmed_by: str, rev: int | None = None
    ) -> None:
        """Take a problem off the list: when, on what evidence, confirmed by whom.

        Raises:
            InvalidInput: without evidence or confirmation, or on an impossible day.
            Conflict: changed since revision `rev` was read.
            NotFound: it is gone.
        """
        self._store.rights.require_table(Issue.__tablename__)
        for name, words in (("evidence", evidence), ("confirmed_by", confirmed_by)):
            if not words.strip():
                raise InvalidInput(
                    Input(name, str(Issue.__table__.c[name].info["label"])), "不能为空，写明凭什么销号、谁确认"
                )
        values = {
            "closed_on": on,
            "evidence": evidence.strip(),
            "confirmed_by": confirmed_by.strip(),
            "state": IssueState.CLOSED.value,
        }
        RegisterService(self._store).save(Issue.__tablename__, values, problem_id, rev)

    # recycle bin

    def remove(self, for_year: int) -> str:
        """Put the round of a year into the recycle bin with its lines; return its id.

        Raises:
            NotFound: it is not begun.
        """
        self._store.rights.require_table(Appraisal.__tablename__)
        with self._store.unit_of_work(f"删除{for_year}年度民主评议") as session:
            record = _record(session, self._store, for_year)
            at = utc_text(self._store.clock())
            record.deleted_at_utc = at
            for row in _lines(session, self._store.branch_id, for_year):
                row.deleted_at_utc = row.deleted_at_utc or at
            return record.id

    def restore(self, round_id: str) -> None:
        """Take a round out of the recycle bin, with the lines that went there with it.

        Raises:
            NotFound: it does not lie there.
            Conflict: the year has been begun anew.
        """
        self._store.rights.require_table(Appraisal.__tablename__)
        with self._store.unit_of_work("恢复民主评议") as session:
            record = session.get(Appraisal, round_id)
            if record is None or record.deleted_at_utc is None or record.branch_id != self._store.branch_id:
                raise NotFound(what=WHAT)
            if find_round(session, record.branch_id, record.for_year) is not None:
                raise Conflict(what=WHAT, name=f"{record.for_year}年度", reason="已经重新开始")
            at, record.deleted_at_utc = record.deleted_at_utc, None
            first, following = _reach(session, record)
            for row in _lines(session, record.branch_id, record.for_year):
                if (
                    row.deleted_at_utc == at
                    and first <= row.id[:_TIME]
                    and (following is None or row.id[:_TIME] < following)
                ):
                    row.deleted_at_utc = None

    # inside

    def _open(
        self, session: Session, for_year: int, values: Mapping[str, Any], rev: int | None
    ) -> tuple[Round, Appraisal]:
        record = _record(session, self._store, for_year)
        check_revision(record, rev, WHAT)
        found = load_round(self._store, session, for_year)
        needed = {STEP_OF[name] for name in values if name in STEP_OF}
        for key in (key for key in StepKey if key in needed):
            _refuse_closed(found, key)
        return found, record

    def _name(self, for_year: int, member_id: str) -> str:
        with self._store.reading() as session:
            if find_round(session, self._store.branch_id, for_year) is None:
                raise NotFound(what=f"{for_year}年度{WHAT}")
            return find_member(self._store, session, member_id).name


def new_round(session: Session, store: "Store", for_year: int) -> Appraisal:
    """Add the round of a year, by the base the rules propose."""
    law = law_on(session, store.today, for_year)
    record = Appraisal(id=new_id(), branch_id=store.branch_id, for_year=for_year, quota_base=law.appraisal.base)
    session.add(record)
    session.flush()
    return record


def line_of(session: Session, store: "Store", for_year: int, member_id: str) -> AppraisalResult:
    """Return the line of a member as it is stored, a new one where none is kept; what lies in the bin stays there."""
    query = select(AppraisalResult).where(
        AppraisalResult.branch_id == store.branch_id,
        AppraisalResult.for_year == for_year,
        AppraisalResult.member_id == member_id,
        AppraisalResult.deleted_at_utc.is_(None),
    )
    row = session.scalar(query)
    if row is None:
        row = AppraisalResult(id=new_id(), branch_id=store.branch_id, for_year=for_year, member_id=member_id)
        session.add(row)
        session.flush()
    return row


def write(record: Appraisal | AppraisalResult, values: Mapping[str, Any]) -> None:
    """Write values into a row; an empty text is nothing."""
    for name, value in values.items():
        setattr(record, name, (value.strip() or None) if type(value) is str else value)


def refuse_unknown(values: Mapping[str, Any], known: frozenset[str]) -> None:
    """Raise on a name that is none: a defect of ours."""
    strange = values.keys() - known
    if strange:
        raise KeyError(*strange)


def _record(session: Session, store: "Store", for_year: int) -> Appraisal:
    record = find_round(session, store.branch_id, for_year)
    if record is None:
        raise NotFound(what=f"{for_year}年度{WHAT}")
    return record


def _lines(session: Session, owner: str, for_year: int) -> list[AppraisalResult]:
    query = select(AppraisalResult).where(AppraisalResult.branch_id == owner, AppraisalResult.for_year == for_year)
    return list(session.scalars(query))


def _reach(session: Session, record: Appraisal) -> tuple[str, str | None]:
    """Return between which ids lie the lines of one of several rounds of a year: what is made later has a later id."""
    query = select(Appraisal.id).where(Appraisal.branch_id == record.branch_id, Appraisal.for_year == record.for_year)
    rounds = sorted(session.scalars(query))
    place = rounds.index(record.id)
    following = next(iter(rounds[place + 1 :]), None)
    return record.id[:_TIME] if place else "", following and following[:_TIME]


def _line(found: Round, member_id: str) -> Line:
    line = found.line(member_id)
    if line is None:
        raise NotFound(what="参评的党员")
    return line


def _refuse_closed(found: Round, key: StepKey) -> None:
    """Refuse what belongs to a step that is not open: the grades are set, or a step before it misses facts."""
    if why := found.why_closed(key):
        raise InvalidInput(STEP, why)
