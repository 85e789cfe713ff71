"""What counts only without a good reason (正当理由): records tell what happened, somebody whether there was one.

A decision is kept as a claim under the rule, so that a deduction goes from hand to hand as every other does, and a good
reason stays to be seen as one that was sent back.
"""

from typing import TYPE_CHECKING

from desktop.models.points import PointsClaim
from desktop.models.vocabulary.points import ClaimState
from desktop.services.errors import Input, InvalidInput, NotAllowed, NotFound
from desktop.services.members.lookup import find_member, roster_of
from desktop.services.points.ledger import PointsService
from desktop.services.points.reckoning import Entry
from desktop.services.quoting import quoted

if TYPE_CHECKING:
    from desktop.services.store import Store

GOOD_REASON = Input("reason", "正当理由")


class QuestionService:
    """The questions of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def excuse(self, question: Entry, reason: str) -> str:
        """Say that there was a good reason: nothing is deducted; return the id of the record of it.

        Raises:
            InvalidInput: the reason is not said.
            NotAllowed: it is the user's own.
            NotFound: it is no question any more.
        """
        self._store.rights.require_table(PointsClaim.__tablename__)
        if self._store.rights.own_member == question.member_id:
            raise NotAllowed(what="判断自己有没有正当理由")
        if not reason.strip():
            raise InvalidInput(GOOD_REASON, "写明是什么理由，记录会留着")
        return self._decide(question, "有正当理由", reason.strip())

    def charge(self, question: Entry) -> str:
        """Say that there was no good reason: hand in the deduction, to be verified and approved; return its id.

        Raises:
            NotFound: it is no question any more.
        """
        self._store.rights.require_table(PointsClaim.__tablename__)
        return self._decide(question, "没有正当理由", "")

    def _decide(self, question: Entry, words: str, reason: str) -> str:
        today, year = self._store.today, question.on.year
        open_ = PointsService(self._store).year(year).asked(today)
        key = question.member_id, question.rule, question.title
        found = next((each for each in open_ if (each.member_id, each.rule, each.title) == key), None)
        if found is None:
            raise NotFound(what="要判断的这一笔")
        with self._store.reading() as session:
            name = find_member(self._store, session, found.member_id).name
        with self._store.unit_of_work(f"判断{quoted(name)}“{found.title}”{words}") as session:
            member = find_member(self._store, session, found.member_id)
            claim = PointsClaim(
                branch_id=self._store.branch_id,
                member_id=member.id,
                group_id=roster_of(self._store, session).group_of(member, today),
                rule=found.rule,
                event_on=found.on,
                title=found.title,
                outcome=words,
                handed_in_on=today,
            )
            if reason:
                claim.state, claim.reason, claim.closed_on = ClaimState.REJECTED, f"{words}：{reason}", today
            session.add(claim)
            session.flush()
            return claim.id
