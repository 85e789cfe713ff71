"""The end of an election: the result settled, corrected by additions only, approved, handed over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import PostAssignment, Term
from desktop.models.elections import Election, ElectionCandidate, ElectionCorrection, ElectionStep
from desktop.models.vocabulary.branches import Post, PostHow
from desktop.models.vocabulary.elections import ElectionKind, Seat
from desktop.services.election import fields as asked
from desktop.services.election.acting import ELECTIONS, changing, standing_in
from desktop.services.election.deeds import HAND_OVER, SETTLE
from desktop.services.election.rows import CandidateRow, ElectionRow
from desktop.services.election.service import ElectionService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.standards.periods import last_day
from desktop.services.typed import refuse_ahead, text, understand
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.store import Store

OWN_POSTS = {Seat.SECRETARY: Post.SECRETARY, Seat.DEPUTY: Post.DEPUTY_SECRETARY}
"""What somebody elected to a seat is at once; members of the committee take on a work (分工)."""
HAND = {
    asked.APPROVED_ON: asked.STEP[asked.DONE_ON],
    asked.APPROVAL_NO: text(asked.WORD),
    asked.NEW_EXPIRES_ON: asked.STEP[asked.DONE_ON],
    asked.HANDED_OVER_ON: asked.STEP[asked.DONE_ON],
}
CORRECTION = {asked.TEXT: text(asked.LONG), asked.WHY: text(asked.LONG)}


class Settling:
    """What ends an election of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._service = ElectionService(store)

    def settle(self, election_id: str, rev: int | None = None) -> None:
        """Let the result stand: who is elected is written down, and nothing of the count changes any more.

        Raises:
            InvalidInput: the count is not at its end; the reason is that of the main button.
            Stale: the election was changed since revision `rev` was read.
        """
        self._store.rights.require_any(ELECTIONS)
        row = self._service.election(election_id)
        if row.next.deed != SETTLE or row.next.why_not:
            raise InvalidInput(asked.RESULT, row.next.why_not or row.next.verb)
        with changing(self._store, election_id, "定下{}的结果", rev) as (session, election):
            election.settled_on = self._store.today
            election.settled_by = action_of(session).actor or None
            kept = {(each.seat, each.member_id): each for each in standing_in(session, election_id)}
            for candidate in kept.values():
                candidate.elected = False
            for round_ in row.rounds:
                ids = {line.name: line.member_id for line in round_.tallies}
                for name in round_.count.elected:
                    member_id = ids[name]
                    if member_id is None:
                        raise InvalidInput(asked.WRITTEN_IN, f"{name}是另选的，写明是名册上的哪一名党员")
                    found = kept.get((round_.seat, member_id))
                    if found is None:
                        found = ElectionCandidate(
                            branch_id=election.branch_id,
                            election_id=election_id,
                            seat=round_.seat,
                            member_id=member_id,
                            position=1 + max((each.position for each in kept.values()), default=0),
                            note="另选",
                        )
                        session.add(found)
                        kept[round_.seat, member_id] = found
                    found.elected = True
            days = {seat: [each.held_on for each in row.rounds_of(seat) if each.held_on] for seat in Seat}
            self._did(session, election, "congress", min(days[Seat.COMMITTEE] or days[Seat.SECRETARY], default=None))
            self._did(session, election, "first_meeting", min(days[Seat.SECRETARY], default=None))

    def correct(self, election_id: str, values: Mapping[str, object]) -> None:
        """Add a correction to a settled election.

        Raises:
            InvalidInput: it is not settled, or says nothing or no reason.
        """
        self._store.rights.require_any(ELECTIONS)
        understood = understand(CORRECTION, values)
        for field in (asked.TEXT, asked.WHY):
            if not understood.get(field.name):
                raise InvalidInput(field, "不能为空")
        with changing(self._store, election_id, "更正{}", settled=True) as (session, election):
            if election.settled_on is None:
                raise InvalidInput(asked.RESULT, "结果还没有定下，直接改就行")
            session.add(
                ElectionCorrection(
                    branch_id=election.branch_id,
                    election_id=election_id,
                    on=self._store.today,
                    text=str(understood["text"]),
                    reason=str(understood["why"]),
                )
            )

    def hand_over(
        self,
        election_id: str,
        values: Mapping[str, object],
        works: Mapping[str, Post | None] | None = None,
        rev: int | None = None,
    ) -> None:
        """Write down the approval: the term and the posts that follow from the result begin on its day.

        Secretary and deputy are approved (批复), members of the committee are put on record (备案) by the same paper.
        `works`: which work (分工) each elected member takes on, by candidate; kept with the approval or not at all.

        Raises:
            InvalidInput: the result is not settled or handed over already, a day is impossible, or somebody elected
                has no work, one that is not of the committee, or one that another has.
            NotFound: a work is given to nobody of this election.
            Stale: the election was changed since revision `rev` was read.
        """
        self._store.rights.require_any(ELECTIONS)
        understood = understand(HAND, values)
        refuse_ahead(understood, self._store.today, asked.APPROVED_ON, asked.HANDED_OVER_ON)
        row = self._service.election(election_id)
        if row.next.deed != HAND_OVER:
            raise InvalidInput(asked.RESULT, row.next.why_not or f"先{row.next.verb}")
        approved, number = understood.get("approved_on"), understood.get("approval_no")
        held = next((each.done_on for each in row.steps if each.id == "congress"), None)
        if not isinstance(approved, date):
            raise InvalidInput(asked.APPROVED_ON, "不能为空")
        if held is not None and approved < held:
            raise InvalidInput(asked.APPROVED_ON, f"早于选举大会（{held}）")
        row = _with_works(row, works or {})
        posts = self._posts(row)
        handed = understood.get("handed_over_on")
        if isinstance(handed, date) and held is not None and handed < held:
            raise InvalidInput(asked.HANDED_OVER_ON, f"早于选举大会（{held}）")
        with changing(self._store, election_id, "{}结果批复，任职开始", rev, settled=True) as (session, election):
            election.approved_on, election.approval_no = approved, str(number) if number else None
            election.handed_over_on = handed if isinstance(handed, date) else None
            self._did(session, election, "result_approval", approved, election.approval_no)
            self._did(session, election, "handover", election.handed_over_on)
            if election.kind is ElectionKind.FULL:
                began, ends = held or approved, understood.get("new_expires_on")
                self._term(
                    session, election, began, ends if isinstance(ends, date) else last_day(began, row.term_years)
                )
            self._appoint(session, election, posts, approved)
            for each in row.candidates:
                if each.id in (works or {}):
                    session.get_one(ElectionCandidate, each.id).post = each.post

    # inside

    def _posts(self, row: ElectionRow) -> dict[str, list[Post]]:
        """Return the posts of everybody elected, by member."""
        found: dict[str, list[Post]] = {}
        leading = {each.member_id for seat in OWN_POSTS for each in row.winners(seat)}
        taken: dict[Post, CandidateRow] = {}
        for seat, post in OWN_POSTS.items():
            for each in row.winners(seat):
                found.setdefault(each.member_id, []).append(post)
        for each in row.winners(Seat.COMMITTEE):
            if each.post is None and each.member_id not in leading:
                raise InvalidInput(asked.POST, f"{each.name}还没有分工")
            if each.post is None:
                continue
            if each.post in taken:
                raise InvalidInput(asked.POST, f"{each.name}和{taken[each.post].name}的分工都是{each.post.label}")
            taken[each.post] = each
            found.setdefault(each.member_id, []).append(each.post)
        return found

    def _term(self, session: Session, election: Election, held: date, ends: date) -> None:
        if ends <= held:
            raise InvalidInput(asked.NEW_EXPIRES_ON, f"不晚于选举大会（{held}）")
        term = Term(
            branch_id=election.branch_id,
            term_no=election.term_no,
            elected_on=held,
            approved_on=election.approved_on,
            expires_on=ends,
            approval_no=election.approval_no,
        )
        session.add(term)
        session.flush()
        election.new_term_id = term.id
        old = session.get(Term, election.term_id) if election.term_id else None
        if old is not None and old.handed_over_on is None:
            old.handed_over_on = election.handed_over_on or election.approved_on

    def _appoint(self, session: Session, election: Election, posts: Mapping[str, list[Post]], approved: date) -> None:
        """Begin the posts on the day of approval; those whom they follow leave the day before."""
        taken = {post for mine in posts.values() for post in mine}
        query = select(PostAssignment).where(
            PostAssignment.branch_id == election.branch_id,
            PostAssignment.deleted_at_utc.is_(None),
            PostAssignment.to_on.is_(None),
        )
        whole = election.kind is ElectionKind.FULL
        for held in session.scalars(query).all():
            if not held.post.on_committee or not (whole or (held.post in taken and held.post in _SINGLE)):
                continue
            if held.from_on is not None and held.from_on >= approved:
                raise InvalidInput(asked.APPROVED_ON, f"不晚于现任{held.post.label}的任职日期（{held.from_on}）")
            held.to_on = approved - timedelta(days=1)
        for member_id, mine in posts.items():
            for post in mine:
                session.add(
                    PostAssignment(
                        branch_id=election.branch_id,
                        member_id=member_id,
                        post=post,
                        from_on=approved,
                        how=PostHow.ELECTED,
                        approval_no=election.approval_no,
                    )
                )

    def _did(self, session: Session, election: Election, step: str, on: date | None, number: str | None = None) -> None:
        """Write down a step that the act itself is, unless somebody did already."""
        if on is None:
            return
        row = session.scalar(
            select(ElectionStep).where(
                ElectionStep.election_id == election.id,
                ElectionStep.step == step,
                ElectionStep.deleted_at_utc.is_(None),
            )
        )
        if row is None:
            row = ElectionStep(branch_id=election.branch_id, election_id=election.id, step=step)
            session.add(row)
        row.done_on = row.done_on or on
        row.document_no = row.document_no or number


def _with_works(row: ElectionRow, works: Mapping[str, Post | None]) -> ElectionRow:
    """Return an election with the work that each of its candidates takes on."""
    if not works.keys() <= {each.id for each in row.candidates}:
        raise NotFound(what="候选人")
    for post in works.values():
        if post is not None and (not post.on_committee or post in OWN_POSTS.values()):
            raise InvalidInput(asked.POST, f"{post.label}不是委员的分工")
    return replace(row, candidates=tuple(replace(each, post=works.get(each.id, each.post)) for each in row.candidates))


_SINGLE = frozenset(Post) - {Post.DEPUTY_SECRETARY, Post.GROUP_LEADER}
"""Posts of the committee that one person holds."""
