"""The elections of a branch: begun, prepared step by step, voted in rounds; what is settled stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Term
from desktop.models.elections import Election, ElectionCandidate, ElectionRound, ElectionStep, TallyLine
from desktop.models.vocabulary.elections import CandidateOrder, ElectionKind, Seat
from desktop.services.clock import utc_text
from desktop.services.election import fields as asked
from desktop.services.election.acting import (
    ELECTIONS,
    WHAT,
    belonging_to,
    changing,
    names_standing,
    running_term,
    standing_in,
    title_of,
)
from desktop.services.election.deeds import BEGIN, REFILL, REPEAT, RUNOFF, candidates_left, seats_left
from desktop.services.election.law import course
from desktop.services.election.loading import election_row, fault_of, load_elections
from desktop.services.election.rows import ElectionRow
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.revisions import check_revision
from desktop.services.standards.editions import law_on
from desktop.services.standards.periods import add_months, add_years
from desktop.services.typed import refuse_ahead, understand
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.store import Store


class ElectionService:
    """The elections of this branch. At headquarters `branch_id` chooses the branch, for reading."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # reading

    def elections(self, branch_id: str | None = None) -> list[ElectionRow]:
        """Return the elections, newest first."""
        with self._store.reading() as session:
            kept = load_elections(session, branch_id or self._store.branch_id)
            roster = roster_of(self._store, session, branch_id) if kept else None
            return [election_row(session, self._store, each, roster) for each in kept]

    def election(self, election_id: str) -> ElectionRow:
        """Return one election.

        Raises:
            NotFound: there is none, or it lies in the recycle bin.
        """
        with self._store.reading() as session:
            found = session.get(Election, election_id)
            if found is None or found.deleted_at_utc is not None:
                raise NotFound(what=WHAT)
            (kept,) = load_elections(session, found.branch_id, election_id)
            return election_row(session, self._store, kept)

    def coming(self) -> tuple[int, date, str | None] | None:
        """Return what the next election would be: number of the term, the end of the one that runs, its id.

        None where no term is kept.
        """
        with self._store.reading() as session:
            term = running_term(session, self._store.branch_id)
            return None if term is None else (term.term_no + 1, term.expires_on, term.id)

    def starts_on(self) -> date | None:
        """Return from which day the next election is to be prepared; None where no term is kept."""
        coming = self.coming()
        return None if coming is None else add_months(coming[1], -course().remind_months)

    def usual_seats(self) -> int:
        """Return how many seats a new committee is proposed: as many as this one has, else the least there may be."""
        with self._store.reading() as session:
            sitting = roster_of(self._store, session).committee(self._store.today)
            return len(sitting) or law_on(session, self._store.today, self._store.today.year).branch.committee_min

    # the election

    def begin(self, values: Mapping[str, object]) -> str:
        """Begin an election, or one to fill places (补选); return its id.

        Raises:
            InvalidInput: a value breaks a rule, or an election of this kind goes on already.
        """
        self._store.rights.require_any(ELECTIONS)
        understood = understand(asked.BEGIN, values)
        kind = understood.get("kind") or ElectionKind.FULL
        coming = self.coming()
        with self._store.unit_of_work(f"开始{ElectionKind(str(kind)).label}") as session:
            self._refuse_second(session)
            election = Election(branch_id=self._store.branch_id, kind=kind)
            if coming is not None:
                no, ends, term_id = coming
                full = kind is ElectionKind.FULL
                election.term_no, election.expires_on = (no if full else no - 1), ends
                election.term_id = term_id
            self._put(session, election, understood)
            session.add(election)
            session.flush()
            if kind is ElectionKind.FULL:
                step = ElectionStep(branch_id=election.branch_id, election_id=election.id, step="remind")
                step.done_on = self._store.today
                session.add(step)
            return election.id

    def change(self, election_id: str, values: Mapping[str, object], rev: int | None = None) -> None:
        """Change what is kept of the election as a whole; tellers and counters come as lists of names.

        Raises:
            InvalidInput: a value breaks a rule, or the result is settled.
            Stale: it was changed since revision `rev` was read.
        """
        typed = dict(values)
        people = {name: typed.pop(name) for name in ("tellers", "counters") if name in typed}
        understood = understand(asked.BEGIN, typed)
        with changing(self._store, election_id, "修改{}", rev) as (session, election):
            if "kind" in understood and understood["kind"] is not election.kind:
                raise InvalidInput(asked.KIND, "开始以后不能改")
            self._put(session, election, understood)
            for name, found in people.items():
                if not isinstance(found, list | tuple):
                    raise InvalidInput(asked.TELLERS, "应为一列姓名")
                setattr(election, name, list(dict.fromkeys(str(each).strip() for each in found if str(each).strip())))
            standing = names_standing(session, election.id)
            for field in (asked.TELLERS, asked.COUNTERS):
                both = [name for name in getattr(election, field.name) if name in standing]
                if both:
                    raise InvalidInput(field, f"{'、'.join(both)}是候选人，不能{field.label.removesuffix('人')}")

    def shift(self, election_id: str, values: Mapping[str, object], rev: int | None = None) -> None:
        """Keep that the election is to be later or earlier, and its approval, which the term gets too.

        Raises:
            InvalidInput: it is beyond what the rules allow, or says no reason.
        """
        self._store.rights.require_any(ELECTIONS)
        understood = understand(asked.SHIFT, values)
        refuse_ahead(understood, self._store.today, asked.SHIFT_APPROVED_ON)
        with changing(self._store, election_id, "登记{}延期或提前", rev) as (session, election):
            for name, value in understood.items():
                setattr(election, name, value)
            moved, ends = election.shifted_to, election.expires_on
            if moved is None:
                election.shift_approved_on = election.shift_approval_no = election.shift_reason = None
                return
            years = law_on(session, self._store.today, self._store.today.year).branch.term_shift_max_years
            if ends is None:
                raise InvalidInput(asked.SHIFTED_TO, "还没有登记本届届满日期")
            if not add_years(ends, -years) <= moved <= add_years(ends, years):
                raise InvalidInput(asked.SHIFTED_TO, f"离届满日期{ends}超过{years}年")
            if not election.shift_reason:
                raise InvalidInput(asked.SHIFT_REASON, "写明原因")
            term = session.get(Term, election.term_id) if election.term_id else None
            if term is not None and moved > ends and election.shift_approval_no and election.shift_approved_on:
                term.shifted_to, term.shift_approval_no = moved, election.shift_approval_no

    def remove(self, election_id: str) -> None:
        """Put an election into the recycle bin with all that belongs to it.

        Raises:
            InvalidInput: its result was handed over: a term and posts stand on it.
        """
        with changing(self._store, election_id, "删除{}", settled=True) as (session, election):
            if election.approved_on is not None:
                raise InvalidInput(asked.RESULT, "已经批复交接，届次和职务由它而来，不能删除")
            at = utc_text(self._store.clock())
            election.deleted_at_utc = at
            for row in belonging_to(session, election_id):
                row.deleted_at_utc = row.deleted_at_utc or at

    def restore(self, election_id: str) -> None:
        """Take an election out of the recycle bin, with what went there with it.

        Raises:
            NotFound: it is not there.
            InvalidInput: another election was begun meanwhile and goes on.
        """
        self._store.rights.require_any(ELECTIONS)
        with self._store.unit_of_work("恢复换届选举") as session:
            election = session.get(Election, election_id)
            if election is None or election.branch_id != self._store.branch_id or election.deleted_at_utc is None:
                raise NotFound(what=WHAT)
            self._refuse_second(session)
            at, election.deleted_at_utc = election.deleted_at_utc, None
            for row in belonging_to(session, election_id):
                if row.deleted_at_utc == at:
                    row.deleted_at_utc = None

    # steps and candidates

    def record_step(self, election_id: str, step_id: str, values: Mapping[str, object], rev: int | None = None) -> None:
        """Write down what was done in a step; a date that breaks a rule is kept and told.

        Raises:
            InvalidInput: the day lies ahead, nothing is said, or there is no such step.
            Stale: the step was changed since revision `rev` was read.
        """
        self._store.rights.require_any(ELECTIONS)
        understood = understand(asked.STEP, values)
        refuse_ahead(understood, self._store.today, asked.DONE_ON)
        if rev is None and not any(understood.values()):
            raise InvalidInput(asked.DONE_ON, "还没有填，什么都没有登记")
        with changing(self._store, election_id, "登记{}的步骤") as (session, election):
            step = next((each for each in course().of(election.kind) if each.id == step_id), None)
            if step is None:
                raise InvalidInput(asked.DONE_ON, "没有这一步")
            action_of(session).sentence = f"登记{title_of(election)}：{step.name}"
            row = session.scalar(
                select(ElectionStep).where(
                    ElectionStep.election_id == election_id,
                    ElectionStep.step == step_id,
                    ElectionStep.deleted_at_utc.is_(None),
                )
            )
            if row is None:
                row = ElectionStep(branch_id=election.branch_id, election_id=election_id, step=step_id)
                session.add(row)
            else:
                check_revision(row, rev, "这一步")
            for name, value in understood.items():
                setattr(row, name, value)

    def save_candidate(self, election_id: str, values: Mapping[str, object], candidate_id: str = "") -> str:
        """Keep who stands for a seat, or change it; return the id.

        Raises:
            InvalidInput: nobody is chosen, stands already, or may not stand; more full members named than members.
        """
        understood = understand(asked.CANDIDATE, values)
        with changing(self._store, election_id, "登记{}的候选人") as (session, election):
            row = session.get(ElectionCandidate, candidate_id) if candidate_id else None
            if candidate_id and (row is None or row.election_id != election_id or row.deleted_at_utc):
                raise NotFound(what="候选人")
            if row is None:
                row = ElectionCandidate(branch_id=election.branch_id, election_id=election_id, seat=Seat.COMMITTEE)
            for name, value in understood.items():
                if value is not None or name not in ("seat", "member_id"):
                    setattr(row, name, value)
            if not candidate_id:  # last of those who stand for the same seat
                others = [each.position for each in standing_in(session, election_id) if each.seat is row.seat]
                row.position = 1 + max(others, default=0)
                if row.seat is Seat.COMMITTEE:
                    election.order_said_by = None
            if not row.member_id:
                raise InvalidInput(asked.MEMBER, "选一名党员")
            roster = roster_of(self._store, session)
            self._refuse_candidate(session, election, row, roster)
            session.add(row)
            session.flush()
            return row.id

    def _refuse_candidate(self, session: Session, election: Election, row: ElectionCandidate, roster: Roster) -> None:
        member = roster.members.get(row.member_id)
        day = election.congress_on or self._store.today
        law = law_on(session, self._store.today, self._store.today.year)
        name = member.name if member is not None else ""
        fault = fault_of(member, row.seat, roster, max(day, self._store.today), law)
        if fault:
            raise InvalidInput(asked.MEMBER, f"{name}{fault}")
        others = [each for each in standing_in(session, election.id) if each.id != row.id and each.seat is row.seat]
        if any(each.member_id == row.member_id for each in others):
            raise InvalidInput(asked.MEMBER, f"{name}已经是{row.seat.label}候选人")
        if name in (*election.tellers, *election.counters):
            raise InvalidInput(asked.MEMBER, f"{name}是监票人或计票人，不能作候选人")
        if row.nominated is not None and row.nominated_full is not None and row.nominated_full > row.nominated:
            raise InvalidInput(asked.NOMINATED_FULL, f"多于提名党员数{row.nominated}")

    def order_candidates(self, election_id: str, candidate_ids: Sequence[str]) -> None:
        """Put those who stand for one seat into the order of the ballot; what was said of the former one falls away."""
        with changing(self._store, election_id, "调整{}的候选人次序") as (session, election):
            rows = {row.id: row for row in standing_in(session, election_id)}
            if any(rows[each].seat is Seat.COMMITTEE for each in candidate_ids if each in rows):
                election.order_said_by = None
            for position, candidate_id in enumerate(candidate_ids, start=1):
                if candidate_id in rows:
                    rows[candidate_id].position = position

    def say_order(self, election_id: str, said_by: CandidateOrder | None) -> None:
        """Keep by what the candidates for the committee are in order, as papers say it; None: they say nothing."""
        with changing(self._store, election_id, "写明{}的候选人次序的依据") as (_, election):
            election.order_said_by = said_by

    def remove_candidate(self, election_id: str, candidate_id: str) -> None:
        """Take somebody off the list.

        Raises:
            NotFound: the person does not stand.
            InvalidInput: there was a vote about the person already.
        """
        with changing(self._store, election_id, "划去{}的一名候选人") as (session, _):
            row = session.get(ElectionCandidate, candidate_id)
            if row is None or row.election_id != election_id or row.deleted_at_utc is not None:
                raise NotFound(what="候选人")
            rounds = select(ElectionRound).where(
                ElectionRound.election_id == election_id,
                ElectionRound.seat == row.seat,
                ElectionRound.deleted_at_utc.is_(None),
            )
            voted = {line.member_id for round_ in session.scalars(rounds) for line in round_.tallies}
            if row.member_id in voted:
                raise InvalidInput(asked.MEMBER, "已经投过票，不能划去")
            row.deleted_at_utc = utc_text(self._store.clock())

    # rounds

    def begin_round(self, election_id: str) -> str:
        """Begin the round that comes next: the first, one among those who tied, or one for the seats left.

        Raises:
            InvalidInput: it is not time for one; the reason is that of the main button.
        """
        self._store.rights.require_any(ELECTIONS)
        row = self.election(election_id)
        deed, seat = row.next, row.next.seat
        if seat is None or deed.deed not in (BEGIN, RUNOFF, REFILL, REPEAT) or deed.why_not:
            raise InvalidInput(asked.RESULT, deed.why_not or "没有要投的票")
        before = row.rounds_of(seat)
        again = deed.deed == RUNOFF or (deed.deed == REPEAT and before[-1].again)
        names = before[-1].count.runoff if deed.deed == RUNOFF else ()
        if deed.deed == REPEAT:
            names = tuple(line.name for line in before[-1].tallies if not line.written_in)
        standing = candidates_left(row, seat)
        chosen = [each for each in standing if not names or each.name in names]
        ordinal = f"第{len(before) + 1}次投票"
        with changing(self._store, election_id, "{}" + f"：{seat.label}{ordinal}") as (session, election):
            round_ = ElectionRound(
                branch_id=election.branch_id,
                election_id=election_id,
                seat=seat,
                no=len(before) + 1,
                held_on=self._store.today if before else election.congress_on,
                seats=seats_left(row, seat),
                again=again,
                due=before[-1].due if before else self._due(session, row, seat),
                tallies=tuple(TallyLine(name=each.name, member_id=each.member_id) for each in chosen),
            )
            session.add(round_)
            session.flush()
            return round_.id

    def save_round(
        self,
        election_id: str,
        round_id: str,
        values: Mapping[str, object],
        tallies: Sequence[TallyLine] = (),
        rev: int | None = None,
    ) -> None:
        """Keep the numbers of the last round; what does not add up is kept and told, until the result is settled.

        Raises:
            InvalidInput: an earlier round, a day ahead, or a name written in that is no member.
            Stale: the round was changed since revision `rev` was read.
        """
        self._store.rights.require_any(ELECTIONS)
        understood = understand(asked.ROUND, values)
        refuse_ahead(understood, self._store.today, asked.HELD_ON)
        with changing(self._store, election_id, "登记{}的票数") as (session, _):
            round_ = session.get(ElectionRound, round_id)
            if round_ is None or round_.election_id != election_id or round_.deleted_at_utc is not None:
                raise NotFound(what="投票")
            check_revision(round_, rev, "这次投票")
            later = select(ElectionRound.id).where(
                ElectionRound.election_id == election_id,
                ElectionRound.seat == round_.seat,
                ElectionRound.no > round_.no,
                ElectionRound.deleted_at_utc.is_(None),
            )
            if session.scalar(later) is not None:
                raise InvalidInput(asked.RESULT, "后面已经又投过一次，这一次的票数不能再改")
            for name, value in understood.items():
                setattr(round_, name, value)
            if tallies:
                round_.tallies = self._tallies(session, round_, tallies)

    def _tallies(self, session: Session, round_: ElectionRound, tallies: Sequence[TallyLine]) -> tuple[TallyLine, ...]:
        printed = [line for line in round_.tallies if not line.written_in]
        given = {line.name: line for line in tallies if not line.written_in}
        found = [replace(given.get(line.name, line), member_id=line.member_id, written_in=False) for line in printed]
        roster = roster_of(self._store, session)
        known = roster.named(round_.held_on or self._store.today)
        for line in tallies:
            name = line.name.strip()
            if not line.written_in or not name:
                continue
            if name not in known:
                raise InvalidInput(asked.WRITTEN_IN, f"名册上没有{name}，或有同名的")
            if any(each.name == name for each in found):
                raise InvalidInput(asked.WRITTEN_IN, f"{name}已经在候选人里")
            found.append(TallyLine(name=name, member_id=known[name], yes=line.yes, written_in=True))
        return tuple(found)

    def leave_unfilled(self, election_id: str, agreed: int | None) -> None:
        """Keep that the meeting agreed to leave the seats nobody won empty; None takes it back.

        Raises:
            InvalidInput: too few agreed, or no seat is left.
        """
        self._store.rights.require_any(ELECTIONS)
        row = self.election(election_id)
        rounds = row.rounds_of(Seat.COMMITTEE)
        rule = row.rule(Seat.COMMITTEE).unfilled
        left = seats_left(row, Seat.COMMITTEE)
        if agreed is not None:
            if not rounds or not rounds[-1].count.valid or left < 1 or rule is None:
                raise InvalidInput(asked.AGREED, "没有可以暂缺的名额")
            due, present = rounds[-1].due or 0, rounds[-1].present or 0
            if not rule.holds(agreed, due, present) or agreed > present:
                raise InvalidInput(
                    asked.AGREED, f"须{rule.words()}，至少{rule.least(due, present)}人，不多于{present}人"
                )
        with changing(self._store, election_id, "登记{}暂缺名额") as (_, election):
            election.left_unfilled, election.left_agreed = (left, agreed) if agreed is not None else (0, None)

    # inside

    def _refuse_second(self, session: Session) -> None:
        if any(other.election.approved_on is None for other in load_elections(session, self._store.branch_id)):
            raise InvalidInput(asked.KIND, "已有一次选举没有办完")

    def _put(self, session: Session, election: Election, understood: Mapping[str, object]) -> None:
        for name, value in understood.items():
            if value is not None or name not in (
                "kind",
                "layout",
                "seats",
                "term_no",
                "deputy_seats",
                "secretary_seats",
            ):
                setattr(election, name, value)
        if election.secretary_seats is None:
            election.secretary_seats = 1 if election.kind is ElectionKind.FULL else 0
        if not election.term_no:
            raise InvalidInput(asked.TERM_NO, "写明是第几届")
        law = law_on(session, self._store.today, self._store.today.year).branch
        full = election.kind is ElectionKind.FULL
        seats = election.seats or 0
        if seats > law.committee_max or (full and 0 < seats < law.committee_min):
            raise InvalidInput(asked.SEATS, f"支委会{law.committee_min}至{law.committee_max}人，不设支委会的填0")
        if not full and not seats and not (election.secretary_seats or election.deputy_seats):
            raise InvalidInput(asked.SEATS, "补选谁：委员、书记还是副书记")
        if not full and not election.reason:
            raise InvalidInput(asked.REASON, "写明谁的职务空缺、为什么")
        if election.secretary_seats is not None and election.secretary_seats > 1:
            raise InvalidInput(asked.SECRETARY_SEATS, "书记1名")

    def _due(self, session: Session, row: ElectionRow, seat: Seat) -> int | None:
        """Return who may vote in a first round: the members of the day, or the committee that elects its secretary."""
        if seat is Seat.COMMITTEE or not (row.seats or row.kind is ElectionKind.BY):
            return row.due_now or None
        if row.kind is ElectionKind.BY:
            on = row.congress_on or self._store.today
            sitting = {each.id for each in roster_of(self._store, session).committee(on)}
            names = row.rounds_of(Seat.COMMITTEE)
            return len(sitting) + sum(len(each.count.elected) for each in names)
        return sum(len(each.count.elected) for each in row.rounds_of(Seat.COMMITTEE))
