"""Opinions that were asked for (征求意见) and wait for an answer: who answers each, and by when."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.volunteering import OpinionRound

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class OpinionWork:
    """One opinion without an answer; no day may have been named."""

    round_id: str
    text: str
    asked: str
    owner: str
    by: date | None


def opinion_works(store: "Store") -> list[OpinionWork]:
    """Return the opinions of whatever year that nobody has answered, soonest first, those without a day last."""
    with store.reading() as session:
        kept = OpinionRound.branch_id == store.branch_id, OpinionRound.deleted_at_utc.is_(None)
        found = [
            OpinionWork(asked.id, line.text, asked.title, line.owner, line.reply_due)
            for asked in session.scalars(select(OpinionRound).where(*kept))
            for line in asked.opinions
            if line.text and line.replied_on is None
        ]
    return sorted(found, key=lambda work: (work.by or date.max, work.text))
