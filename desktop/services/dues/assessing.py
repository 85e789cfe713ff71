"""The yearly assessment (党费核定): the base of each member, the rate it gives, and what is due a month."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id
from desktop.models.dues import MONTHS, DuesAssessment, PayPart
from desktop.models.members import Member
from desktop.models.vocabulary.dues import DuesClass, DuesRelief
from desktop.services.clock import utc_text
from desktop.services.dues.keeping import (
    BASE,
    FROM_MONTH,
    MEMBER,
    MONTHLY,
    PAY,
    AssessmentDraft,
    refuse_assessment,
)
from desktop.services.dues.ledger import load_year, rounding_of
from desktop.services.dues.words import fen_of, ppm_of, yuan
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members.lookup import find_member
from desktop.services.quoting import quoted
from desktop.services.revisions import check_revision
from desktop.services.spreadsheets.numbers import parse_money
from desktop.services.standards.dues_rules import FEN, DuesRules
from desktop.services.standards.editions import law_on

if TYPE_CHECKING:
    from desktop.services.store import Store


_PART = re.compile(r"(?P<cut>[减扣\-−]?)\s*(?P<name>[^\d\s：:]+)[\s：:]*(?P<amount>\d[\d,.]*)元?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """An assessment as it is kept; `id` is empty where nothing of the year is kept and the roster or last year says it.

    `source` tells in words where what is proposed comes from.
    """

    id: str
    member_id: str
    name: str
    year: int
    from_month: int
    dues_class: DuesClass
    pay: tuple[PayPart, ...]
    base_fen: int | None
    rate_ppm: int | None
    monthly_fen: int | None
    assessed_on: date | None
    relief: DuesRelief | None
    decided_on: date | None
    approved_by: str
    document_no: str
    reason: str
    note: str
    rev: int
    source: str = ""

    def draft(self) -> AssessmentDraft:
        """Return it as what a form begins with."""
        names = AssessmentDraft.__dataclass_fields__
        return AssessmentDraft(**{name: getattr(self, name) for name in names})


class AssessmentService:
    """The assessments of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def rows(self, year: int, branch_id: str | None = None) -> list[AssessmentRow]:
        """Return, member by member in the order of the roster, what is assessed for a year, else what is proposed."""
        owner = branch_id or self._store.branch_id
        with self._store.reading() as session:
            law = law_on(session, self._store.today, year).dues
            step = Decimal(rounding_of(session).value)
            loaded = load_year(session, owner, year)
            kept, last = _kept(session, owner, year), _kept(session, owner, year - 1)
        rows: list[AssessmentRow] = []
        for payer in loaded.payers:
            own = kept.get(payer.id, [])
            rows += [_row(each, payer.name) for each in own]
            if own or not any(payer.pays(date(year, month, 1)) for month in range(1, MONTHS + 1)):
                continue
            former = [each for each in last.get(payer.id, []) if each.relief is None]
            dues_class = former[-1].dues_class if former else payer.dues_class
            base_fen = former[-1].base_fen if former else payer.base_fen
            if payer.base_fen is not None:  # the roster is what somebody last said
                dues_class, base_fen = payer.dues_class, payer.base_fen
            rate, monthly = reckoned(law, dues_class, base_fen, step)
            source = "名册" if payer.base_fen is not None else f"{year - 1}年核定" if former else ""
            rows.append(
                AssessmentRow(
                    id="",
                    member_id=payer.id,
                    name=payer.name,
                    year=year,
                    from_month=1,
                    dues_class=dues_class,
                    pay=(),
                    base_fen=base_fen if dues_class.by_base else None,
                    rate_ppm=rate,
                    monthly_fen=monthly,
                    assessed_on=None,
                    relief=None,
                    decided_on=None,
                    approved_by="",
                    document_no="",
                    reason="",
                    note="",
                    rev=0,
                    source=source,
                )
            )
        return rows

    def reckoned(self, year: int, dues_class: DuesClass, base_fen: int | None) -> tuple[int | None, int | None]:
        """Return rate (ppm) and monthly amount (fen) that the table gives; None for what is not known."""
        with self._store.reading() as session:
            law = law_on(session, self._store.today, year).dues
            return reckoned(law, dues_class, base_fen, Decimal(rounding_of(session).value))

    def assessment(self, year: int, assessment_id: str) -> AssessmentRow:
        """Return one assessment of a year.

        Raises:
            NotFound: it is gone.
        """
        found = next((row for row in self.rows(year) if row.id == assessment_id), None)
        if found is None:
            raise NotFound(what="党费核定")
        return found

    def save(self, draft: AssessmentDraft, assessment_id: str | None = None, rev: int | None = None) -> str:
        """Keep what was assessed for a member, new or changed; return its id.

        The base and class of the roster follow, where the year is not over.

        Raises:
            InvalidInput: a value breaks a rule; it names the field.
            Conflict: changed since revision `rev` was read.
            NotFound: no such member or assessment.
        """
        self._store.rights.require_table(DuesAssessment.__tablename__)
        with self._store.reading() as session:
            name = find_member(self._store, session, draft.member_id).name
        with self._store.unit_of_work(f"核定{quoted(name)}{draft.year}年党费") as session:
            keeper = AssessmentKeeper(session, self._store.branch_id, self._store.today, draft.year)
            record = None
            if assessment_id is not None:
                record = session.get(DuesAssessment, assessment_id)
                if record is None or record.deleted_at_utc is not None:
                    raise NotFound(what="党费核定")
                check_revision(record, rev, "党费核定")
            return keeper.keep(draft, record).id

    def carry_over(self, year: int, assessed_on: date | None = None) -> int:
        """Assess everyone who is not yet by what the roster or last year says; return how many.

        Raises:
            InvalidInput: nobody has anything to carry over.
        """
        self._store.rights.require_table(DuesAssessment.__tablename__)
        rows = [row for row in self.rows(year) if not row.id and row.monthly_fen is not None and row.base_fen != 0]
        if not rows:
            raise InvalidInput(BASE, "名册和上年都没有可以带过来的基数")
        on = assessed_on or self._store.today
        with self._store.unit_of_work(f"核定{year}年党费，{len(rows)}人") as session:
            keeper = AssessmentKeeper(session, self._store.branch_id, self._store.today, year)
            for row in rows:
                keeper.keep(replace(row.draft(), assessed_on=on), None)
        return len(rows)

    def remove(self, assessment_id: str) -> None:
        """Put an assessment into the recycle bin.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: it is gone.
        """
        self._store.rights.require_table(DuesAssessment.__tablename__)
        with self._store.unit_of_work("删除党费核定") as session:
            record = session.get(DuesAssessment, assessment_id)
            if record is None or record.deleted_at_utc is not None:
                raise NotFound(what="党费核定")
            record.deleted_at_utc = utc_text(self._store.clock())

    def restore(self, assessment_id: str) -> None:
        """Take an assessment out of the recycle bin.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: it is not there.
        """
        self._store.rights.require_table(DuesAssessment.__tablename__)
        with self._store.unit_of_work("恢复党费核定") as session:
            record = session.get(DuesAssessment, assessment_id)
            if record is None or record.deleted_at_utc is None:
                raise NotFound(what="党费核定")
            record.deleted_at_utc = None


class AssessmentKeeper:
    """Writes assessments of one year in one transaction, typed or imported."""

    def __init__(self, session: Session, branch_id: str, today: date, year: int) -> None:
        self._session, self._branch_id, self._today, self._year = session, branch_id, today, year
        self._law = law_on(session, today, year).dues
        self._step = Decimal(rounding_of(session).value)
        self.kept = _kept(session, branch_id, year)
        self._payers = {payer.id: payer for payer in load_year(session, branch_id, year).payers}

    def values(self, draft: AssessmentDraft) -> dict[str, object]:
        """Return a draft as it is stored, rate and amount reckoned.

        Raises:
            InvalidInput: a value breaks a rule.
        """
        payer = self._payers.get(draft.member_id)
        if payer is None:
            raise InvalidInput(MEMBER, "不在名册上")
        if not 1 <= draft.from_month <= MONTHS:
            raise InvalidInput(FROM_MONTH, f"须在1至{MONTHS}之间")
        if draft.year > self._today.year + 1:
            raise InvalidInput(FROM_MONTH, f"现在最多核定到{self._today.year + 1}年，{draft.year}年多半是写错了")
        if not any(payer.pays(date(draft.year, month, 1)) for month in range(draft.from_month, MONTHS + 1)):
            raise InvalidInput(MEMBER, f"{draft.year}年{draft.from_month}月起不在本支部交纳党费")
        base = draft.base if draft.dues_class.by_base else None
        if base is not None and base < 0:
            raise InvalidInput(BASE, "扣除的比工资还多")
        if base == 0 and draft.relief is None:
            least = f"没有收入的选“{DuesClass.STUDENT.label}”，批准全免的选“{DuesRelief.EXEMPT.label}”"
            raise InvalidInput(BASE, f"应大于0；{least}")
        if draft.dues_class.by_base and base is None:
            raise InvalidInput(BASE, f"{draft.dues_class.label}党员的党费按基数算，不能为空")
        rate, normal = reckoned(self._law, draft.dues_class, base, self._step)
        values = {**_fields(draft), "base_fen": base, "rate_ppm": rate, "pay": draft.pay}
        values["monthly_fen"] = self._monthly(draft, normal or 0)
        for name in ("approved_by", "document_no", "reason", "note"):
            values[name] = str(values[name]).strip() or None
        refuse_assessment(values, self._today)
        return values

    def keep(self, draft: AssessmentDraft, record: DuesAssessment | None) -> DuesAssessment:
        """Write a draft into `record`, or into a new row if it is None; return the row.

        Raises:
            InvalidInput: a value breaks a rule, or that month is assessed already.
        """
        values = self.values(draft)
        own = self.kept.setdefault(draft.member_id, [])
        if any(other.from_month == draft.from_month and other is not record for other in own):
            raise InvalidInput(FROM_MONTH, f"{draft.from_month}月起已经核定过，请改那一条")
        if record is None:
            record = DuesAssessment(id=new_id(), branch_id=self._branch_id)
            own.append(record)
            for name, value in values.items():
                setattr(record, name, value)
            self._session.add(record)
        else:
            for name, value in values.items():
                setattr(record, name, value)
        own.sort(key=lambda each: each.from_month)
        if own[-1] is record and self._year >= self._today.year:
            member = self._session.get_one(Member, draft.member_id)
            member.dues_class = record.dues_class.value
            if record.base_fen is not None:
                member.dues_base_fen = record.base_fen
        return record

    def _monthly(self, draft: AssessmentDraft, normal: int) -> int:
        """Return what is due a month: by the table, or what was decided within its bounds."""
        if draft.relief is DuesRelief.EXEMPT:
            return 0
        if draft.dues_class is DuesClass.FARMER and draft.monthly_fen is not None:
            least, most = (fen_of(bound) for bound in self._law.farmer)
            if draft.relief is None and not least <= draft.monthly_fen <= most:
                raise InvalidInput(MONTHLY, f"农民党员每月{yuan(least)}至{yuan(most)}元")
            return draft.monthly_fen
        if draft.relief is DuesRelief.REDUCED:
            if draft.monthly_fen is None:
                raise InvalidInput(MONTHLY, "批准少交的，写明每月交多少")
            if not 0 < draft.monthly_fen < normal:
                raise InvalidInput(MONTHLY, f"少交的应比{yuan(normal)}元少；全免请选免交")
            return draft.monthly_fen
        return normal


def reckoned(
    law: DuesRules, dues_class: DuesClass, base_fen: int | None, step: Decimal = FEN
) -> tuple[int | None, int | None]:
    """Return rate (ppm) and monthly amount (fen) by the table of rates."""
    base = None if base_fen is None else Decimal(base_fen) / 100
    monthly = law.monthly(dues_class, base, step)
    rate = None if base is None else law.rate(dues_class, base)
    return ppm_of(rate), None if monthly is None else fen_of(monthly)


def parse_pay(text: str, deductions: Collection[str]) -> tuple[PayPart, ...]:
    """Return the parts of pay that are typed a line each: 岗位工资 5000, 减医疗保险 100; a known deduction is one.

    Raises:
        InvalidInput: a line has no name or no amount.
    """
    parts = []
    for line in filter(None, (each.strip(" 　、；;，") for each in text.splitlines())):
        found = _PART.fullmatch(line)
        if found is None:
            raise InvalidInput(PAY, f"{quoted(line)}写成“岗位工资 5000”，一行一项")
        name = found["name"].strip()
        parts.append(PayPart(name, parse_money(found["amount"], PAY), bool(found["cut"]) or name in deductions))
    return tuple(parts)


def typed_pay(parts: Iterable[PayPart]) -> str:
    """Return the parts of pay as they are typed."""
    return "\n".join(f"{'减' if part.deducted else ''}{part.name} {yuan(part.fen)}" for part in parts)


def _fields(draft: AssessmentDraft) -> dict[str, object]:
    return {**asdict(draft), "pay": draft.pay}


def _kept(session: Session, owner: str, year: int) -> dict[str, list[DuesAssessment]]:
    """Return the assessments of a year by member, in order of their months."""
    found: dict[str, list[DuesAssessment]] = {}
    for record in session.scalars(
        select(DuesAssessment)
        .where(DuesAssessment.branch_id == owner, DuesAssessment.year == year, DuesAssessment.deleted_at_utc.is_(None))
        .order_by(DuesAssessment.from_month, DuesAssessment.id)
    ):
        found.setdefault(record.member_id, []).append(record)
    return found


def _row(record: DuesAssessment, name: str) -> AssessmentRow:
    return AssessmentRow(
        id=record.id,
        member_id=record.member_id,
        name=name,
        year=record.year,
        from_month=record.from_month,
        dues_class=record.dues_class,
        pay=record.pay,
        base_fen=record.base_fen,
        rate_ppm=record.rate_ppm,
        monthly_fen=record.monthly_fen,
        assessed_on=record.assessed_on,
        relief=record.relief,
        decided_on=record.decided_on,
        approved_by=record.approved_by or "",
        document_no=record.document_no or "",
        reason=record.reason or "",
        note=record.note or "",
        rev=record.rev,
    )


def unassessed(rows: Sequence[AssessmentRow]) -> list[str]:
    """Return the names of members for whom nothing of the year is assessed."""
    return [row.name for row in rows if not row.id]
