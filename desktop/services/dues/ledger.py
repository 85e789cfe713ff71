"""The ledger of a year (党费收缴台账): read at once, reckoned, summed by month and quarter."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch
from desktop.models.dues import MONTHS, QUARTERS, WHOLE_PPM, DuesAssessment, DuesConsent, DuesPayment, DuesRemittance
from desktop.models.history import Setting, SettingName
from desktop.models.members import Member, MemberCondition, StatusChange
from desktop.models.support import DuesPublicity
from desktop.models.transfers import Transfer
from desktop.models.vocabulary.branches import ConditionKind
from desktop.models.vocabulary.dues import DuesClass, DuesRounding
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.dues.keeping import SHARE
from desktop.services.dues.reckoning import (
    QUARTER_MONTHS,
    Assessed,
    CellState,
    Consent,
    LedgerRow,
    Paid,
    Payer,
    Year,
    reckon,
)
from desktop.services.errors import InvalidInput
from desktop.services.spells import Step, stays, suspensions
from desktop.services.spreadsheets.numbers import parse_decimal
from desktop.services.standards.dues_rules import DuesRules
from desktop.services.standards.editions import law_on
from desktop.services.standards.lateness import recorded_since
from desktop.services.standards.periods import month_end

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class MonthSum:
    """A month of all members: how many have to pay and have paid, and the amounts."""

    month: int
    payers: int
    settled: int
    due_fen: int
    paid_fen: int
    owing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterSum:
    """A quarter of the branch: what came in for its months, and what of it was remitted."""

    quarter: int
    due_fen: int
    paid_fen: int
    remitted_fen: int
    remitted: tuple[tuple[date, str], ...]
    """Day and receipt of each remittance."""
    over: bool
    share_ppm: int | None = None
    """What part of it is handed up; None: nobody said, so all of it is proposed."""

    @property
    def share_fen(self) -> int:
        """What is to be handed up of what came in, rounded half up to the fen."""
        if self.share_ppm is None:
            return self.paid_fen
        return (self.paid_fen * self.share_ppm * 2 + WHOLE_PPM) // (WHOLE_PPM * 2)

    @property
    def to_remit_fen(self) -> int:
        """What is to be handed up and is still here."""
        return max(0, self.share_fen - self.remitted_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The dues of a branch for a year, as of a day."""

    year: int
    on: date
    rows: tuple[LedgerRow, ...]
    months: tuple[MonthSum, ...]
    quarters: tuple[QuarterSum, ...]
    assessed_on: date | None
    """The last day on which something of the year was assessed."""
    assessed: int
    """How many members have an assessment of the year."""
    published_on: date | None
    """The last publication in the year."""
    begun: bool
    rules: DuesRules
    share: int | None = None
    """What part of the dues is handed up, in parts per million, where somebody said it."""

    @property
    def due_fen(self) -> int:
        """What is due in the whole year."""
        return sum(row.due_fen for row in self.rows)

    @property
    def paid_fen(self) -> int:
        """What came in for the year."""
        return sum(row.paid_fen for row in self.rows)

    @property
    def provisional(self) -> tuple[LedgerRow, ...]:
        """Members reckoned by the base of the roster for want of an assessment of the year."""
        return tuple(row for row in self.rows if row.provisional)

    @property
    def unrecorded(self) -> tuple[int, ...]:
        """The months that were over before the branch began to record here, of which nothing is on record."""
        return tuple(sorted({month for row in self.rows for month in row.unrecorded}))

    @property
    def last_over(self) -> int:
        """The last month of the year that is over; 0 where none is."""
        if self.year != self.on.year:
            return MONTHS if self.year < self.on.year else 0
        return self.on.month - 1

    @property
    def alarmed(self) -> tuple[LedgerRow, ...]:
        """Members in arrears of whom something is to be said, the gravest first."""
        found = [row for row in self.rows if row.alarm is not None]
        return tuple(sorted(found, key=lambda row: (-row.alarm.months, -len(row.owed))))  # type: ignore[union-attr]

    def open(self, month: int) -> tuple[LedgerRow, ...]:
        """Return who has not settled a month that is theirs to pay by the month."""
        return tuple(
            row
            for row in self.rows
            if (cell := row.cells[month - 1]).due_fen and not cell.state.settled and not cell.quarterly
        )


class LedgerService:
    """Reads ledgers. At headquarters `branch_id` chooses the branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def rules(self, year: int, on: date | None = None) -> DuesRules:
        """Return the rules in force in a year."""
        with self._store.reading() as session:
            return law_on(session, on or self._store.today, year).dues

    def rounding(self) -> DuesRounding:
        """Return to what this branch rounds the monthly amount."""
        with self._store.reading() as session:
            return rounding_of(session)

    def set_rounding(self, rounding: DuesRounding) -> None:
        """Round monthly amounts from now on as `rounding` says; what is assessed already stays."""
        self._store.rights.require_table(DuesAssessment.__tablename__)
        self._store.set_setting(SettingName.DUES_ROUNDING, rounding.value)

    def set_share(self, words: str) -> int | None:
        """Hand up the share `words` (60%, empty: not said) of what comes in; return it in parts per million.

        Raises:
            InvalidInput: it is no share from above 0 to 100 per cent.
        """
        self._store.rights.require_table(DuesPayment.__tablename__)
        share = _share(words) if words.strip() else None
        self._store.set_setting(SettingName.DUES_SHARE, "" if share is None else str(share))
        return share

    def ledger(self, year: int | None = None, on: date | None = None, branch_id: str | None = None) -> Ledger:
        """Return the ledger of a year as of a day (today), arrears first, then in the order of the roster.

        Without an assessment the base of the roster is used, and the row says that it is provisional.
        """
        day = on or self._store.today
        of_year = day.year if year is None else year
        owner = branch_id or self._store.branch_id
        with self._store.reading() as session:
            rules = law_on(session, day, of_year).dues
            step, share = Decimal(rounding_of(session).value), share_of(session)
            loaded, before = load_year(session, owner, of_year), load_year(session, owner, of_year - 1)
            remitted = _remittances(session, owner, of_year)
            published = session.scalars(
                select(DuesPublicity.event_on).where(
                    DuesPublicity.branch_id == owner,
                    DuesPublicity.deleted_at_utc.is_(None),
                    DuesPublicity.event_on.between(date(of_year, 1, 1), date(of_year, 12, 31)),
                )
            ).all()
        rows = reckon(loaded, rules, step, day, before)
        assessed = [each for each in loaded.assessed if each.member_id in {row.member_id for row in rows}]
        days = [each.assessed_on for each in assessed if each.assessed_on is not None]
        return Ledger(
            year=of_year,
            on=day,
            rows=tuple(sorted(rows, key=lambda row: -len(row.owed) if row.alarm else 0)),
            months=tuple(_month_sum(rows, month) for month in range(1, MONTHS + 1)),
            quarters=tuple(
                _quarter_sum(rows, quarter, remitted.get(quarter, ()), of_year, day, share)
                for quarter in range(1, QUARTERS + 1)
            ),
            assessed_on=max(days, default=None),
            assessed=len({each.member_id for each in assessed}),
            published_on=max(published, default=None),
            begun=loaded.begun,
            rules=rules,
            share=share,
        )

    def paid_until(self, member_id: str) -> date | None:
        """Return the first day of the month up to which a member paid all that was due (党费交至).

        None where no ledger of this year or the last says it.
        """
        year = self._store.today.year
        for of_year in (year, year - 1):
            ledger = self.ledger(of_year)
            row = next((row for row in ledger.rows if row.member_id == member_id), None)
            if row is None or row.unrecorded_before or any(owed < of_year for owed, _month in row.owed):
                continue
            if ledger.begun and row.paid_to:
                return date(of_year, row.paid_to, 1)
        return None


def rounding_of(session: Session) -> DuesRounding:
    """Return to what this store rounds the monthly amount; to the fen where nobody said."""
    kept = session.scalar(select(Setting.value).where(Setting.name == SettingName.DUES_ROUNDING))
    return DuesRounding(kept) if kept in set(DuesRounding) else DuesRounding.FEN


def share_of(session: Session) -> int | None:
    """Return what part of dues this store hands up, in parts per million; None where nobody said."""
    kept = session.scalar(select(Setting.value).where(Setting.name == SettingName.DUES_SHARE))
    return int(kept) if kept and kept.isdigit() and 0 < int(kept) <= WHOLE_PPM else None


def _share(words: str) -> int:
    """Return a share as parts per million, from 60%, 60 or 0.6."""
    number = parse_decimal(words, SHARE, places=6, units="%％")
    share = number / 100 if number > 1 or set(words) & set("%％") else number
    if not 0 < share <= 1:
        raise InvalidInput(SHARE, "应大于0，不超过100%")
    return int((share * WHOLE_PPM).to_integral_value(ROUND_HALF_UP))


def load_year(session: Session, owner: str, year: int) -> Year:
    """Return all that is kept about the dues of a branch for a year."""
    assessed, paid, consents = kept_of_year(session, owner, year)
    return Year(
        year=year,
        payers=_payers(session, owner, year),
        assessed=assessed,
        paid=paid,
        consents=consents,
        recorded_since=recorded_since(session, owner),
    )


def founded_on(session: Session, owner: str) -> date | None:
    """Return the day on which a branch was founded, where it is known."""
    branch = session.get(Branch, owner)
    return branch.founded_on if branch is not None else None


def collected_elsewhere(session: Session, owner: str) -> defaultdict[str, list[tuple[date | None, date]]]:
    """Return by member from which month to which other branches collected: that somebody came from, as the letter says,
    and any before this one was founded.
    """
    founded = founded_on(session, owner)
    before = [] if founded is None else [(None, founded.replace(day=1) - timedelta(days=1))]
    elsewhere: defaultdict[str, list[tuple[date | None, date]]] = defaultdict(lambda: list(before))
    moved_in = select(Transfer.member_id, Transfer.issued_on, Transfer.paid_until).where(
        Transfer.branch_id == owner,
        Transfer.deleted_at_utc.is_(None),
        Transfer.direction == TransferDirection.IN,
        Transfer.receipt_on.is_not(None),
    )
    for came, issued_on, paid_until in session.execute(moved_in):
        if came and paid_until:
            elsewhere[came].append((issued_on.replace(day=1), paid_until))
    return elsewhere


def kept_of_year(
    session: Session, owner: str, year: int
) -> tuple[Sequence[Assessed], Sequence[Paid], Sequence[Consent]]:
    """Return assessments, payments and consents of a branch for a year."""
    assessed = session.execute(
        select(
            DuesAssessment.id,
            DuesAssessment.member_id,
            DuesAssessment.from_month,
            DuesAssessment.dues_class,
            DuesAssessment.base_fen,
            DuesAssessment.rate_ppm,
            DuesAssessment.monthly_fen,
            DuesAssessment.relief,
            DuesAssessment.assessed_on,
        ).where(DuesAssessment.branch_id == owner, DuesAssessment.year == year, DuesAssessment.deleted_at_utc.is_(None))
    )
    paid = session.execute(
        select(
            DuesPayment.id,
            DuesPayment.member_id,
            DuesPayment.from_month,
            DuesPayment.to_month,
            DuesPayment.amount_fen,
            DuesPayment.paid_on,
            DuesPayment.kind,
        ).where(DuesPayment.branch_id == owner, DuesPayment.year == year, DuesPayment.deleted_at_utc.is_(None))
    )
    consents = session.execute(
        select(DuesConsent.member_id, DuesConsent.from_on, DuesConsent.to_on).where(
            DuesConsent.branch_id == owner, DuesConsent.deleted_at_utc.is_(None)
        )
    )
    return (
        [
            Assessed(
                id=id_,
                member_id=member,
                from_month=from_month,
                dues_class=dues_class,
                base_fen=base,
                rate_ppm=rate,
                monthly_fen=monthly,
                relief=relief,
                assessed_on=on,
            )
            for id_, member, from_month, dues_class, base, rate, monthly, relief, on in assessed
        ],
        [
            Paid(id=id_, member_id=member, from_month=first, to_month=last, amount_fen=amount, paid_on=on, kind=kind)
            for id_, member, first, last, amount, on, kind in paid
        ],
        [Consent(member, since, until) for member, since, until in consents if member and since],
    )


def _payers(session: Session, owner: str, year: int) -> list[Payer]:
    steps: dict[str, list[Step]] = defaultdict(list)
    for member_id, to, on, was, joined, left in session.execute(
        select(
            StatusChange.member_id,
            StatusChange.to_status,
            StatusChange.on,
            StatusChange.from_status,
            StatusChange.joined_before,
            StatusChange.left_before,
        )
        .where(StatusChange.branch_id == owner, StatusChange.deleted_at_utc.is_(None))
        .order_by(StatusChange.on, StatusChange.id)
    ):
        steps[member_id].append(Step(to, on, was, joined, left))
    elsewhere = collected_elsewhere(session, owner)
    retired: set[str] = set()
    begins = date(year, 1, 1)
    for member_id, since, until in session.execute(
        select(MemberCondition.member_id, MemberCondition.from_on, MemberCondition.to_on).where(
            MemberCondition.branch_id == owner,
            MemberCondition.kind == ConditionKind.RETIRED,
            MemberCondition.deleted_at_utc.is_(None),
        )
    ):
        if (since is None or since <= begins) and (until is None or until >= begins):
            retired.add(member_id)
    members = session.execute(
        select(
            Member.id,
            Member.name,
            Member.status,
            Member.dues_class,
            Member.dues_base_fen,
            Member.admitted_on,
            Member.joined_on,
            Member.left_on,
        )
        .where(Member.branch_id == owner, Member.deleted_at_utc.is_(None))
        .order_by(Member.id)
    )
    return [
        Payer(
            id=member_id,
            name=name,
            stays=stays(status, admitted_on, joined_on, left_on, steps.get(member_id, ())),
            admitted_on=admitted_on,
            suspended=tuple(suspensions(status, steps.get(member_id, ()))),
            elsewhere=tuple(elsewhere[member_id]),
            dues_class=class_of(dues_class, is_retired=member_id in retired),
            base_fen=base_fen,
        )
        for member_id, name, status, dues_class, base_fen, admitted_on, joined_on, left_on in members
    ]


def class_of(dues_class: str | None, *, is_retired: bool) -> DuesClass:
    """Return by which table a member of the roster pays, where no assessment says it."""
    if dues_class in set(DuesClass):
        return DuesClass(dues_class)
    return DuesClass.RETIRED if is_retired else DuesClass.WORKING


def _remittances(session: Session, owner: str, year: int) -> Mapping[int, list[tuple[date, str, int]]]:
    found: dict[int, list[tuple[date, str, int]]] = defaultdict(list)
    for quarter, on, receipt, amount in session.execute(
        select(DuesRemittance.quarter, DuesRemittance.event_on, DuesRemittance.receipt_no, DuesRemittance.amount_fen)
        .where(DuesRemittance.branch_id == owner, DuesRemittance.year == year, DuesRemittance.deleted_at_utc.is_(None))
        .order_by(DuesRemittance.event_on, DuesRemittance.id)
    ):
        found[quarter or 0].append((on, receipt or "", amount or 0))
    return found


def _month_sum(rows: Sequence[LedgerRow], month: int) -> MonthSum:
    cells = [row.cells[month - 1] for row in rows]
    due = [cell for cell in cells if cell.due_fen]
    return MonthSum(
        month,
        len(due),
        sum(cell.state.settled for cell in due),
        sum(cell.due_fen for cell in due),
        sum(cell.paid_fen for cell in cells),
        any(cell.state is CellState.OWED for cell in cells),
    )


def _quarter_sum(
    rows: Sequence[LedgerRow],
    quarter: int,
    remitted: Sequence[tuple[date, str, int]],
    year: int,
    on: date,
    share: int | None = None,
) -> QuarterSum:
    last = quarter * QUARTER_MONTHS
    cells = [cell for row in rows for cell in row.cells[last - QUARTER_MONTHS : last]]
    done = [each for each in remitted if each[0] <= on]
    return QuarterSum(
        quarter=quarter,
        due_fen=sum(cell.due_fen for cell in cells),
        paid_fen=sum(cell.paid_fen for cell in cells),
        remitted_fen=sum(amount for _, _, amount in done),
        remitted=tuple((day, receipt) for day, receipt, _ in done),
        over=month_end(date(year, last, 1)) < on,
        share_ppm=share,
    )
