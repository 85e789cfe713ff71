"""The numbers of the regulations about dues (党费): rate table, alarms, rounding, as an edition has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from desktop.models.vocabulary.dues import DuesClass
from desktop.services.toml_tables import Table

FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Bracket:
    """A row of the rate table: the rate of bases up to `up_to` yuan; None: of all above the rows before."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DuesAlarm:
    """What is said from so many months of arrears on, counted `in_a_row` or altogether."""

    id: str
    name: str
    months: int
    in_a_row: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuesRules:
    """What is due of whom, and what is said of arrears. Amounts are in yuan.

    An edition from before there was a ledger has no alarms, no parts of pay, and rounds to the fen.
    """

    brackets: Mapping[DuesClass, tuple[Bracket, ...]]
    farmer: tuple[Decimal, Decimal]
    student: Decimal
    large: Decimal
    arrears_max_months: int
    quit_months: int
    by_quarter: bool
    late_days: int
    rounding_steps: tuple[Decimal, ...]
    alarms: tuple[DuesAlarm, ...]
    pay_items: tuple[str, ...]
    deductions: tuple[str, ...]
    base: str
    basis: str

    def rate(self, dues_class: DuesClass, base: Decimal) -> Decimal | None:
        """Return the rate of the whole base (全额按所在档比例); None for who pays a fixed amount.

        Source: 关于中国共产党党费收缴、使用和管理的规定, rate table.
        """
        return next(
            (row.rate for row in self.brackets.get(dues_class, ()) if row.up_to is None or base <= row.up_to), None
        )

    def monthly(self, dues_class: DuesClass, base: Decimal | None, step: Decimal = FEN) -> Decimal | None:
        """Return what is due a month, rounded half up to `step`; None where the base must be known and is not.

        A farmer pays what the branch sets within the range; without a decision the least of it.
        """
        if dues_class is DuesClass.STUDENT:
            return self.student
        if dues_class is DuesClass.FARMER:
            return self.farmer[0]
        if base is None:
            return None
        rate = self.rate(dues_class, base)
        return None if rate is None else rounded(base * rate, step)

    def alarm(self, owed: int, in_a_row: int) -> DuesAlarm | None:
        """Return the gravest alarm that so many months of arrears give."""
        due = [alarm for alarm in self.alarms if (in_a_row if alarm.in_a_row else owed) >= alarm.months]
        return max(due, key=lambda alarm: alarm.months, default=None)


def rounded(amount: Decimal, step: Decimal) -> Decimal:
    """Return an amount rounded half up to a multiple of `step`, with two places."""
    return ((amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(FEN)


def read_dues(table: Table) -> DuesRules:
    """Read the table [dues] of the rules.

    Raises:
        PackInvalid: a number the program computes with is missing or of the wrong type.
    """
    farmer = table.decimals("farmer_range")
    if len(farmer) != 2 or farmer[0] > farmer[1]:
        table.refuse("farmer_range", "应为最低和最高两个数")
        farmer = (Decimal(0), Decimal(0))
    steps = table.decimals("rounding_steps") if table.has("rounding_steps") else (FEN,)
    if not steps or any(step <= 0 for step in steps):
        table.refuse("rounding_steps", "应为大于0的数")
    return DuesRules(
        brackets={
            DuesClass.WORKING: _brackets(table, "working"),
            DuesClass.RETIRED: _brackets(table, "retired"),
        },
        farmer=(farmer[0], farmer[1]),
        student=table.decimal("student_unemployed", least=Decimal(0)),
        large=table.decimal("large_single_amount", least=Decimal(0)),
        arrears_max_months=table.integer("arrears_max_months"),
        quit_months=table.integer("auto_quit_months"),
        by_quarter=table.yes_no("allow_quarterly_with_consent"),
        late_days=table.integer("late_days", default=0),
        rounding_steps=steps,
        alarms=table.rows("alarms", _alarm) if table.has("alarms") else (),
        pay_items=table.texts("pay_items", ()),
        deductions=table.texts("deductions", ()),
        base=table.text("base", ""),
        basis=table.text("basis", ""),
    )


def _alarm(table: Table) -> DuesAlarm:
    return DuesAlarm(
        id=table.text("id"),
        name=table.text("name"),
        months=table.integer("months", least=1),
        in_a_row=table.yes_no("in_a_row"),
        words=table.text("words"),
    )


def _brackets(table: Table, field: str) -> tuple[Bracket, ...]:
    """Read rows of rising bounds; the last is without one (`up_to = 0`)."""
    found: list[Bracket] = []
    for row in table.tables(field, least=1):
        bound = row.decimal("up_to", least=Decimal(0))
        found.append(Bracket(bound or None, row.decimal_share("rate")))
        row.done()
    bounds = [row.up_to for row in found]
    closed = [bound for bound in bounds[:-1] if bound is not None]
    if bounds[-1:] != [None] or len(closed) != len(bounds) - 1 or closed != sorted(set(closed)):
        table.refuse(field, "各档上限应从低到高，只有最后一档不设上限（0）", whole=True)
    return tuple(found)
