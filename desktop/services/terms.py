"""Terms of the branch committee (届次): from election to end, postponed only with an approval."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.branches import Term
from desktop.services.branches import APPROVAL_NO
from desktop.services.errors import Input, InvalidInput
from desktop.services.standards.editions import law_on
from desktop.services.standards.periods import add_years, month_end

if TYPE_CHECKING:
    from desktop.services.store import Store

TERM_NO = Input("term_no", "届次")
ELECTED_ON = Input("elected_on", "选举日期")
EXPIRES_ON = Input("expires_on", "届满日期")
APPROVED_ON = Input("approved_on", "批复日期")
SHIFTED_TO = Input("shifted_to", "经批准延期到")
SHIFT_APPROVAL_NO = Input("shift_approval_no", "批准延期的文号")
TERM_FIELDS = (TERM_NO, ELECTED_ON, EXPIRES_ON, APPROVED_ON, APPROVAL_NO, SHIFTED_TO, SHIFT_APPROVAL_NO)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """One term of the committee; `days_left` to its end (negative: 届满未换届).

    A postponement counts only with the number of its approval. `doubt`: what is usually otherwise, "" for nothing.
    """

    id: str
    term_no: int
    elected_on: date
    approved_on: date | None
    expires_on: date
    approval_no: str
    shifted_to: date | None
    shift_approval_no: str
    days_left: int
    handed_over_on: date | None
    doubt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDraft:
    """A term as it is typed."""

    term_no: int | None = None
    elected_on: date | None = None
    expires_on: date | None = None
    approved_on: date | None = None
    approval_no: str = ""
    shifted_to: date | None = None
    shift_approval_no: str = ""


class TermService:
    """The terms of the committee of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def terms(self) -> list[TermRow]:
        """Return the committee's terms, newest first."""
        with self._store.reading() as session:
            years = law_on(session, self._store.today, self._store.today.year).branch.term_years
            return [
                TermRow(
                    id=term.id,
                    term_no=term.term_no,
                    elected_on=term.elected_on,
                    approved_on=term.approved_on,
                    expires_on=term.expires_on,
                    approval_no=term.approval_no or "",
                    shifted_to=term.shifted_to,
                    shift_approval_no=term.shift_approval_no or "",
                    handed_over_on=term.handed_over_on,
                    days_left=(_ends_on(term) - self._store.today).days,
                    doubt=_long_term(term.elected_on, term.expires_on, years),
                )
                for term in session.scalars(
                    select(Term)
                    .where(Term.branch_id == self._store.branch_id, Term.deleted_at_utc.is_(None))
                    .order_by(Term.elected_on.desc())
                )
            ]

    def save_term(self, draft: TermDraft, term_id: str | None = None) -> str:
        """Keep a term; return its id.

        Raises:
            InvalidInput: a needed value is missing or the order of dates is impossible.
        """
        self._store.rights.require_any(Term.__tablename__)
        for field in (TERM_NO, ELECTED_ON, EXPIRES_ON):
            if not getattr(draft, field.name):
                raise InvalidInput(field, "不能为空")
        if draft.expires_on is not None and draft.elected_on is not None and draft.expires_on <= draft.elected_on:
            raise InvalidInput(EXPIRES_ON, "不晚于选举日期")
        if draft.approved_on is not None and draft.elected_on is not None and draft.approved_on < draft.elected_on:
            raise InvalidInput(APPROVED_ON, "早于选举日期")
        if draft.elected_on is not None and draft.elected_on > self._store.today:
            raise InvalidInput(ELECTED_ON, "晚于今天")
        if draft.shifted_to is not None:
            if draft.expires_on is not None and draft.shifted_to <= draft.expires_on:
                raise InvalidInput(SHIFTED_TO, "不晚于届满日期")
            if not draft.shift_approval_no.strip():
                raise InvalidInput(SHIFT_APPROVAL_NO, "延期换届须经上级批准，请填批准的文号")
        with self._store.unit_of_work(f"登记第{draft.term_no}届支委会") as session:
            term = session.get(Term, term_id) if term_id else None
            if term is None:
                term = Term(branch_id=self._store.branch_id)
                session.add(term)
            for field in TERM_FIELDS:
                setattr(term, field.name, getattr(draft, field.name))
            session.flush()
            return term.id


def _ends_on(term: Term) -> date:
    """Return the last day of a term; a postponement nobody approved moves nothing."""
    return term.shifted_to if term.shifted_to is not None and term.shift_approval_no else term.expires_on


def _long_term(elected_on: date, expires_on: date, years: int) -> str:
    """Return the doubt about a term longer than usual; it may end with the month of the last day."""
    longest = month_end(add_years(elected_on, years))
    return f"任期超过{years}年，一般为{years}年" if expires_on > longest else ""
