"""What is due of each member month by month, what is paid of it, and what is owed: plain arithmetic on rows.

Amounts are in fen. A payment for several months fills them one after the other; what is over stays with the last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from desktop.models.dues import MONTHS
from desktop.models.vocabulary.dues import DuesClass, DuesKind, DuesRelief
from desktop.models.vocabulary.labels import Labelled
from desktop.services.dues.words import fen_of, ppm_of
from desktop.services.spells import ALWAYS, Stays, came_in, here
from desktop.services.standards.dues_rules import FEN, DuesAlarm, DuesRules
from desktop.services.standards.periods import add_months, month_end

Month = tuple[int, int]
"""Year and month."""
QUARTER_MONTHS = 3
Kept = TypeVar("Kept", "Assessed", "Paid", "Consent")


class CellState(Labelled):
    """What a month of a member is, on a day."""

    PAID = "paid", "已交"
    MADE_GOOD = "made_good", "补交"
    OWED = "owed", "欠交"
    OPEN = "open", "待交"
    AHEAD = "ahead", "未到期"
    NONE = "none", "不用交"
    EXEMPT = "exempt", "免交"
    UNKNOWN = "unknown", "未核定"
    UNRECORDED = "unrecorded", "没有记录"

    @property
    def settled(self) -> bool:
        """Whether all that was due is paid."""
        return self in (CellState.PAID, CellState.MADE_GOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A member as the ledger needs one; `base_fen` and `dues_class` are those of the roster."""

    id: str
    name: str
    stays: Stays = ALWAYS
    admitted_on: date | None = None
    suspended: tuple[tuple[date | None, date | None], ...] = ()
    elsewhere: tuple[tuple[date | None, date], ...] = ()
    """From which month to which another branch had collected already: the one somebody came from, as the letter says,
    and any before this one was founded.
    """
    dues_class: DuesClass = DuesClass.WORKING
    base_fen: int | None = None

    def pays(self, first: date) -> bool:
        """Return whether the branch collects dues of the month that begins on `first`.

        Who is admitted here pays from that month on; who is transferred, from the first full month.
        What the letter says was paid elsewhere goes before that.
        Source: party_rules.toml [dues] starts, transfer_month.
        """
        last, admitted = _month_end(first), self.admitted_on
        if admitted is not None and admitted > last:
            return False
        begins = admitted if admitted is not None and first <= admitted else first
        if not here(self.stays, first) and not here(self.stays, begins):
            return False
        out = (*self.suspended, *self.elsewhere)
        return not any((a is None or a <= first) and (z is None or z >= first) for a, z in out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """What was set for a member from a month on."""

    id: str
    member_id: str
    from_month: int
    dues_class: DuesClass
    base_fen: int | None
    rate_ppm: int | None
    monthly_fen: int
    relief: DuesRelief | None = None
    assessed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment as it is kept."""

    id: str
    member_id: str
    from_month: int
    to_month: int
    amount_fen: int
    paid_on: date | None
    kind: DuesKind


@dataclass(frozen=True, slots=True)
class Consent:
    """From when to when a member may pay by quarter."""

    member_id: str
    from_on: date
    to_on: date | None

    def holds(self, first: date) -> bool:
        """Return whether it holds in the month that begins on `first`."""
        return self.from_on <= _month_end(first) and (self.to_on is None or self.to_on >= first)


@dataclass(slots=True, kw_only=True)
class Cell:
    """One month of one member. `settled_fen` is what counts towards what is due, `paid_fen` all that came in."""

    month: int
    due_fen: int = 0
    settled_fen: int = 0
    paid_fen: int = 0
    paid_on: date | None = None
    state: CellState = CellState.NONE
    quarterly: bool = False
    payments: list[str] = field(default_factory=list)
    made_good: bool = False
    unrecorded: bool = False
    """Over before the branch began to record here, and of nobody is anything on record for it (`_mark_unrecorded`)."""

    @property
    def owed_fen(self) -> int:
        """What is still to come."""
        return max(0, self.due_fen - self.settled_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """The year of one member."""

    member_id: str
    name: str
    dues_class: DuesClass
    base_fen: int | None
    rate_ppm: int | None
    monthly_fen: int | None
    relief: DuesRelief | None
    provisional: bool
    cells: tuple[Cell, ...]
    owed: tuple[Month, ...] = ()
    """Months that are over and not settled, oldest first; those of the year before too, where it was kept."""
    unrecorded_before: bool = False
    """Whether months of the year before, of which something is kept, are on no record."""
    in_a_row: int = 0
    run_since: Month | None = None
    owed_fen: int = 0
    alarm: DuesAlarm | None = None

    @property
    def due_fen(self) -> int:
        """What is due in the whole year."""
        return sum(cell.due_fen for cell in self.cells)

    @property
    def paid_fen(self) -> int:
        """What came in for the year."""
        return sum(cell.paid_fen for cell in self.cells)

    @property
    def quarterly(self) -> bool:
        """Whether some month is paid by quarter."""
        return any(cell.quarterly for cell in self.cells)

    @property
    def unrecorded(self) -> tuple[int, ...]:
        """The months of which nobody knows whether they are paid."""
        return tuple(cell.month for cell in self.cells if cell.state is CellState.UNRECORDED)

    @property
    def paid_to(self) -> int:
        """The last month up to which nothing is open (党费缴至); 0 for none."""
        last = 0
        for cell in self.cells:
            if cell.due_fen and not cell.state.settled:
                break
            if cell.due_fen:
                last = cell.month
        return last

    def quits_on(self, rules: DuesRules) -> date | None:
        """Return the day on which the months in a row reach the limit of the rules; None if none is owed."""
        if self.run_since is None:
            return None
        return add_months(date(*self.run_since, 1), rules.quit_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Everything kept about the dues of one year."""

    year: int
    payers: Sequence[Payer]
    assessed: Sequence[Assessed] = ()
    paid: Sequence[Paid] = ()
    consents: Sequence[Consent] = ()
    recorded_since: date | None = None
    """The day on which the branch began to record here; None for not known."""

    @property
    def begun(self) -> bool:
        """Whether a ledger of the year is kept: something was assessed or paid."""
        return bool(self.assessed or self.paid)


@lru_cache(maxsize=512)
def _month_end(day: date) -> date:
    return month_end(day)


def deadline(year: int, month: int, quarterly: bool) -> date:
    """Return the last day on which dues of a month are in time."""
    return _month_end(date(year, -(-month // QUARTER_MONTHS) * QUARTER_MONTHS if quarterly else month, 1))


def reckon(
    year: Year, rules: DuesRules, step: Decimal = FEN, on: date | None = None, before: Year | None = None
) -> list[LedgerRow]:
    """Return the ledger of a year as of the day `on` (all payments, and no month judged, if not given).

    `step` rounds what is not assessed. `before`, the year before, lets arrears run on over the turn of the year.
    """
    assessed, paid, consents = _by_member(year.assessed), _by_member(year.paid), _by_member(year.consents)
    earlier: Mapping[str, LedgerRow] = {}
    if before is not None and before.paid:
        earlier = {row.member_id: row for row in reckon(before, rules, step, on)}
    own_of: dict[str, list[Assessed]] = {}
    rows = []
    for payer in year.payers:
        own = own_of[payer.id] = sorted(assessed.get(payer.id, ()), key=lambda each: (each.from_month, each.id))
        row = _row(year.year, payer, own, consents.get(payer.id, ()), rules, step)
        _take_in(row.cells, paid.get(payer.id, ()), on)
        rows.append(row)
    _mark_unrecorded(rows, year)
    if on is not None:
        for row in rows:
            _judge(row.cells, year.year, on)
    return [
        _with_arrears(row, year.year, earlier.get(row.member_id), rules)
        for row in rows
        if own_of[row.member_id]
        or any(cell.due_fen or cell.paid_fen or cell.state is not CellState.NONE for cell in row.cells)
    ]


def _mark_unrecorded(rows: Sequence[LedgerRow], year: Year) -> None:
    """Mark the months of which nobody knows who paid: over before the branch began to record here, and nothing of
    anybody.

    They are no arrears: a branch that begins in October has what it collected before on paper.
    """
    for at in range(MONTHS):
        asked = [row.cells[at] for row in rows if row.cells[at].due_fen]
        over = year.recorded_since is not None and _month_end(date(year.year, at + 1, 1)) < year.recorded_since
        if over and len(asked) > 1 and not any(row.cells[at].paid_fen for row in rows):
            for cell in asked:
                cell.unrecorded = True


def _row(
    year: int,
    payer: Payer,
    own: Sequence[Assessed],
    consents: Sequence[Consent],
    rules: DuesRules,
    step: Decimal,
) -> LedgerRow:
    base = None if payer.base_fen is None else Decimal(payer.base_fen) / 100
    guessed = rules.monthly(payer.dues_class, base, step)
    came_this_year = came_in(payer.stays, year) is not None
    cells, last, provisional = [], None, False
    for month in range(1, MONTHS + 1):
        first = date(year, month, 1)
        cell = Cell(month=month, quarterly=any(consent.holds(first) for consent in consents) and rules.by_quarter)
        last = next((each for each in reversed(own) if each.from_month <= month), last)
        if payer.pays(first):
            if last is not None:
                cell.due_fen = last.monthly_fen
                cell.state = CellState.EXEMPT if last.relief is DuesRelief.EXEMPT else CellState.AHEAD
            elif not (own and came_this_year):
                provisional = True
                cell.due_fen = 0 if guessed is None else fen_of(guessed)
                cell.state = CellState.UNKNOWN if guessed is None else CellState.AHEAD
        cells.append(cell)
    if last is None:
        rate = None if base is None else rules.rate(payer.dues_class, base)
        last = Assessed(
            id="",
            member_id=payer.id,
            from_month=1,
            dues_class=payer.dues_class,
            base_fen=payer.base_fen if payer.dues_class.by_base else None,
            rate_ppm=ppm_of(rate),
            monthly_fen=0 if guessed is None else fen_of(guessed),
        )
    return LedgerRow(
        member_id=payer.id,
        name=payer.name,
        dues_class=last.dues_class,
        base_fen=last.base_fen,
        rate_ppm=last.rate_ppm,
        monthly_fen=None if not last.id and guessed is None else last.monthly_fen,
        relief=last.relief,
        provisional=provisional,
        cells=tuple(cells),
    )


def _take_in(cells: Sequence[Cell], payments: Iterable[Paid], on: date | None) -> None:
    """Lay payments upon the months they are for, oldest first."""
    for payment in sorted(payments, key=lambda each: (each.paid_on or date.min, each.id)):
        if on is not None and payment.paid_on is not None and payment.paid_on > on:
            continue
        months = cells[payment.from_month - 1 : payment.to_month]
        rest = payment.amount_fen
        for cell in months:
            cell.payments.append(payment.id)
        if payment.kind is DuesKind.VOLUNTARY:
            months[-1].paid_fen += rest
            continue
        for cell in months:
            share = min(rest, cell.owed_fen)
            rest -= share
            _settle(cell, payment, share)
        if rest:
            for cell in months if not any(cell.due_fen for cell in months) else months[-1:]:
                share = rest if cell is months[-1] else payment.amount_fen // len(months)
                rest -= share
                _settle(cell, payment, share)


def _settle(cell: Cell, payment: Paid, share: int) -> None:
    if not share:
        return
    cell.settled_fen += share
    cell.paid_fen += share
    if payment.paid_on is not None:
        cell.paid_on = payment.paid_on
    cell.made_good = cell.made_good or payment.kind is DuesKind.MADE_GOOD


def _judge(cells: Sequence[Cell], year: int, on: date) -> None:
    """Say what each month is on the day `on`."""
    for cell in cells:
        ends = deadline(year, cell.month, cell.quarterly)
        if not cell.due_fen:
            if cell.paid_fen and cell.state is not CellState.EXEMPT:
                cell.state = CellState.PAID
            continue
        if not cell.owed_fen:
            late = cell.paid_on > ends if cell.paid_on is not None else cell.made_good
            cell.state = CellState.MADE_GOOD if late else CellState.PAID
        elif on > ends:
            cell.state = CellState.UNRECORDED if cell.unrecorded else CellState.OWED
        else:
            cell.state = CellState.OPEN if _begins(year, cell) <= on else CellState.AHEAD


def _begins(year: int, cell: Cell) -> date:
    month = (cell.month - 1) // QUARTER_MONTHS * QUARTER_MONTHS + 1 if cell.quarterly else cell.month
    return date(year, month, 1)


def _with_arrears(row: LedgerRow, year: int, earlier: LedgerRow | None, rules: DuesRules) -> LedgerRow:
    timeline: list[tuple[Month, Cell]] = []
    if earlier is not None:
        row = replace(row, unrecorded_before=bool(earlier.unrecorded))
        timeline += [((year - 1, cell.month), cell) for cell in earlier.cells if cell.due_fen]
    timeline += [((year, cell.month), cell) for cell in row.cells if cell.due_fen]
    owed = tuple(at for at, cell in timeline if cell.state is CellState.OWED)
    if not owed:
        return row
    run: list[Month] = []
    longest: list[Month] = []
    for at, cell in timeline:
        run = [*run, at] if cell.state is CellState.OWED else []
        longest = run if len(run) >= len(longest) else longest
    return replace(
        row,
        owed=owed,
        in_a_row=len(longest),
        run_since=longest[0],
        owed_fen=sum(cell.owed_fen for at, cell in timeline if at in set(owed)),
        alarm=rules.alarm(len(owed), len(longest)),
    )


def _by_member(rows: Iterable[Kept]) -> dict[str, list[Kept]]:
    found: dict[str, list[Kept]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(row)
    return found
