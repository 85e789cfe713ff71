"""What is due, paid and owed: one case a row."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.models.vocabulary.dues import DuesClass, DuesKind, DuesRelief
from desktop.services.dues.reckoning import Assessed, CellState, Consent, LedgerRow, Paid, Payer, Year, reckon
from desktop.services.spells import Stay
from tests.services.standards.test_dues_rules import LAW

ON = date(2026, 11, 26)
OLD = Payer(id="m", name="秦海波", stays=(Stay(date(2008, 7, 1)),), admitted_on=date(2008, 7, 1), base_fen=842_000)
LETTERS = dict(zip(CellState, "✓补欠待·—免?无", strict=True))


def assessed(from_month: int = 1, **changes: object) -> Assessed:
    base = Assessed(
        id=f"a{from_month}", member_id="m", from_month=from_month, dues_class=DuesClass.WORKING, base_fen=842_000,
        rate_ppm=15_000, monthly_fen=126_30,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def paid(
    first: int, last: int, fen: int | None = None, on: date | None = None, kind: DuesKind = DuesKind.MONTHLY
) -> Paid:
    day = on or date(2026, last, 10)
    return Paid(
        id=f"p{first}-{day}-{kind}",
        member_id="m",
        from_month=first,
        to_month=last,
        amount_fen=126_30 * (last - first + 1) if fen is None else fen,
        paid_on=day,
        kind=kind,
    )


def row(payer: Payer = OLD, on: date | None = ON, before: Year | None = None, **kept: object) -> LedgerRow:
    year = Year(year=2026, payers=[payer], **kept)  # type: ignore[arg-type]
    (found,) = reckon(year, LAW, on=on, before=before)
    return found


def since(first: date | None, last: date | None = None) -> Payer:
    return replace(OLD, stays=(Stay(first, last),))


def strip(found: LedgerRow) -> str:
    return "".join(LETTERS[cell.state] for cell in found.cells)


@pytest.mark.parametrize(
    ("payments", "states", "alarm"),
    [
        ((), "欠欠欠欠欠欠欠欠欠欠待·", "quit"),
        ((paid(1, 10),), "✓✓✓✓✓✓✓✓✓✓待·", None),
        ((paid(1, 12, on=date(2026, 1, 8)),), "✓✓✓✓✓✓✓✓✓✓✓✓", None),
        ((paid(1, 9),), "补补补补补补补补✓欠待·", None),
        ((paid(1, 5, on=date(2026, 1, 5)),), "✓✓✓✓✓欠欠欠欠欠待·", "report"),
        ((paid(1, 7, on=date(2026, 1, 5)),), "✓✓✓✓✓✓✓欠欠欠待·", "warn"),
        ((paid(1, 8, on=date(2026, 1, 5)),), "✓✓✓✓✓✓✓✓欠欠待·", "remind"),
        ((paid(1, 2, 126_30, on=date(2026, 1, 5)), paid(3, 10, on=date(2026, 1, 5))), "✓欠✓✓✓✓✓✓✓✓待·", None),
        ((paid(1, 1), paid(2, 10, on=date(2026, 2, 5)), paid(4, 4, kind=DuesKind.VOLUNTARY)), "✓✓✓✓✓✓✓✓✓✓待·", None),
        ((paid(1, 10), paid(11, 11, on=date(2026, 12, 1))), "✓✓✓✓✓✓✓✓✓✓待·", None),  # not yet on this day
    ],
)
def test_months_of_a_member(payments: tuple[Paid, ...], states: str, alarm: str | None) -> None:
    if payments and payments[0].to_month == 10:
        payments = (replace(payments[0], paid_on=date(2026, 1, 5)), *payments[1:])
    found = row(assessed=[assessed()], paid=payments)
    assert strip(found) == states
    assert (found.alarm.id if found.alarm else None) == alarm


@pytest.mark.parametrize(
    ("payer", "states"),
    [
        (since(date(2026, 5, 1)), "————欠欠欠欠欠欠待·"),  # transferred in on the first of a month
        (since(date(2026, 4, 12)), "————欠欠欠欠欠欠待·"),  # within one: the former branch collects it
        (replace(since(date(2026, 4, 12)), admitted_on=date(2026, 4, 12)), "———欠欠欠欠欠欠欠待·"),  # admitted here
        (since(None, date(2026, 8, 14)), "欠欠欠欠欠欠欠欠————"),
        (replace(OLD, stays=(Stay(None, date(2026, 2, 9)), Stay(date(2026, 8, 20)))), "欠欠——————欠欠待·"),  # came back
        (replace(OLD, suspended=((date(2026, 3, 1), None),)), "欠欠——————————"),
        (replace(OLD, base_fen=None), "??????" "??????"),
    ],
)  # fmt: skip
def test_who_pays_when(payer: Payer, states: str) -> None:
    assert strip(row(payer)) == states


def test_without_an_assessment_the_roster_is_used_and_said_to_be_provisional() -> None:
    found = row()
    assert (found.provisional, found.monthly_fen, found.rate_ppm, found.due_fen) == (True, 126_30, 15_000, 12 * 126_30)
    known = row(assessed=[assessed()])
    assert not known.provisional


def test_a_second_assessment_holds_from_its_month_on() -> None:
    retired = assessed(7, dues_class=DuesClass.RETIRED, base_fen=420_000, rate_ppm=5_000, monthly_fen=21_00)
    found = row(assessed=[retired, assessed()])
    assert [cell.due_fen for cell in found.cells] == [126_30] * 6 + [21_00] * 6
    assert (found.dues_class, found.monthly_fen) == (DuesClass.RETIRED, 21_00)


def test_who_came_this_year_pays_from_the_month_of_the_first_assessment() -> None:
    came = since(date(2026, 4, 1))
    assert strip(row(came, assessed=[assessed(6)])) == "—————欠欠欠欠欠待·"
    assert strip(row(OLD, assessed=[assessed(6)])) == "欠欠欠欠欠欠欠欠欠欠待·"


def test_who_is_exempt_owes_nothing() -> None:
    exempt = assessed(4, relief=DuesRelief.EXEMPT, monthly_fen=0)
    found = row(assessed=[assessed(), exempt], paid=[paid(1, 3, on=date(2026, 1, 9))])
    assert (strip(found), found.owed) == ("✓✓✓免免免免免免免免免", ())


@pytest.mark.parametrize(
    ("on", "states"),
    [
        (date(2026, 2, 15), "待待待·········"),
        (date(2026, 4, 1), "欠欠欠待待待······"),
        (date(2026, 11, 26), "欠欠欠欠欠欠欠欠欠待待待"),
    ],
)
def test_a_quarter_is_open_until_its_last_day(on: date, states: str) -> None:
    consent = Consent("m", date(2026, 1, 15), None)
    found = row(on=on, assessed=[assessed()], consents=[consent])
    assert (strip(found), found.quarterly) == (states, True)


def test_a_quarter_paid_within_it_is_in_time() -> None:
    consent = Consent("m", date(2026, 1, 15), None)
    found = row(assessed=[assessed()], consents=[consent], paid=[paid(7, 9, on=date(2026, 9, 30))])
    assert strip(found)[6:9] == "✓✓✓"


def test_several_months_paid_at_once_are_several_cells_with_one_day() -> None:
    found = row(assessed=[assessed()], paid=[paid(6, 9, on=date(2026, 10, 20))])
    assert [cell.paid_on for cell in found.cells[5:9]] == [date(2026, 10, 20)] * 4
    assert len({payment for cell in found.cells for payment in cell.payments}) == 1


def test_what_is_over_stays_with_the_last_month_and_what_lacks_is_owed() -> None:
    more = row(assessed=[assessed()], paid=[paid(1, 2, 300_00)])
    assert [cell.paid_fen for cell in more.cells[:2]] == [126_30, 173_70]
    less = row(assessed=[assessed()], paid=[paid(1, 2, 200_00)])
    assert [cell.owed_fen for cell in less.cells[:2]] == [0, 126_30 * 2 - 200_00]


def test_what_is_given_freely_pays_no_month() -> None:
    found = row(assessed=[assessed()], paid=[paid(3, 3, 500_00, kind=DuesKind.VOLUNTARY)])
    assert (found.cells[2].settled_fen, found.cells[2].paid_fen, found.paid_fen) == (0, 500_00, 500_00)


def test_arrears_run_on_over_the_turn_of_the_year_where_it_was_kept() -> None:
    first = date(2026, 2, 3)
    last_year = Year(year=2025, payers=[OLD], paid=[replace(paid(1, 9), paid_on=date(2025, 1, 5))])
    found = row(on=first, before=last_year, assessed=[assessed()])
    assert found.owed == ((2025, 10), (2025, 11), (2025, 12), (2026, 1))
    assert (found.in_a_row, found.run_since, found.owed_fen) == (4, (2025, 10), 4 * 126_30)
    assert found.quits_on(LAW) == date(2026, 4, 1)
    assert row(on=first, before=Year(year=2025, payers=[OLD]), assessed=[assessed()]).owed == ((2026, 1),)


def test_six_months_are_full_on_the_first_of_the_month_after() -> None:
    found = row(assessed=[assessed()], paid=[paid(1, 5, on=date(2026, 1, 5))])
    assert (found.quits_on(LAW), found.paid_to) == (date(2026, 12, 1), 5)
