"""The rate table of dues: every worked case of the regulations as a row."""

from decimal import Decimal

import pytest

from desktop.models.vocabulary.dues import DuesClass
from desktop.paths import resource
from desktop.services.errors import PackInvalid
from desktop.services.standards.dues_rules import FEN, DuesRules, rounded
from desktop.services.standards.party_rules import parse_party_rules

TEXT = resource("standards/party_rules.toml").read_text("utf-8")
LAW: DuesRules = parse_party_rules(TEXT).dues
WORKING, RETIRED, FARMER, STUDENT = DuesClass


@pytest.mark.parametrize(
    ("dues_class", "base", "rate", "monthly"),
    [
        (WORKING, "3000.00", "0.005", "15.00"),  # the whole base by its bracket …
        (WORKING, "3000.01", "0.01", "30.00"),  # … so one fen more doubles it, as the regulation has it
        (WORKING, "5000.00", "0.01", "50.00"),
        (WORKING, "5000.01", "0.015", "75.00"),
        (WORKING, "10000.00", "0.015", "150.00"),
        (WORKING, "10000.01", "0.02", "200.00"),
        (WORKING, "6975.00", "0.015", "104.63"),  # 104.625, half up
        (WORKING, "5985.00", "0.015", "89.78"),  # 89.775
        (WORKING, "0.00", "0.005", "0.00"),
        (RETIRED, "5000.00", "0.005", "25.00"),
        (RETIRED, "5000.01", "0.01", "50.00"),
        (RETIRED, "4350.00", "0.005", "21.75"),
        (STUDENT, None, None, "0.20"),
        (FARMER, None, None, "0.20"),
        (WORKING, None, None, None),
    ],
)
def test_what_is_due_a_month(dues_class: DuesClass, base: str | None, rate: str | None, monthly: str | None) -> None:
    amount = None if base is None else Decimal(base)
    assert LAW.monthly(dues_class, amount) == (None if monthly is None else Decimal(monthly))
    if amount is not None:
        assert LAW.rate(dues_class, amount) == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("amount", "step", "expected"),
    [
        ("104.625", "0.01", "104.63"),
        ("104.65", "0.1", "104.70"),
        ("104.64", "0.1", "104.60"),
        ("104.50", "1", "105.00"),
        ("104.49", "1", "104.00"),
    ],
)
def test_rounding_is_half_up_to_what_the_branch_chose(amount: str, step: str, expected: str) -> None:
    assert str(rounded(Decimal(amount), Decimal(step))) == expected
    assert Decimal(step) in LAW.rounding_steps


@pytest.mark.parametrize(
    ("owed", "in_a_row", "alarm"),
    [(0, 0, None), (1, 1, None), (2, 1, "remind"), (3, 2, "remind"), (3, 3, "warn"), (4, 4, "warn"), (5, 5, "report"),
     (6, 5, "report"), (6, 6, "quit"), (14, 14, "quit")],
)  # fmt: skip
def test_alarms_at_two_three_five_and_six_months(owed: int, in_a_row: int, alarm: str | None) -> None:
    found = LAW.alarm(owed, in_a_row)
    assert (found.id if found else None) == alarm


@pytest.mark.parametrize(
    ("find", "replace", "reason"),
    [
        ("{ up_to = 0, rate = 0.02 }", "{ up_to = 20000, rate = 0.02 }", "各档上限应从低到高"),
        ("{ up_to = 3000, rate = 0.005 }", "{ up_to = 6000, rate = 0.005 }", "各档上限应从低到高"),
        ("farmer_range = [0.2, 1.0]", "farmer_range = [1.0, 0.2]", "应为最低和最高两个数"),
        ("rounding_steps = [0.01, 0.1, 1]", "rounding_steps = [0]", "应为大于0的数"),
        ("student_unemployed = 0.2", 'student_unemployed = "0.2"', "应为数字"),
    ],
)
def test_a_table_with_a_fault_is_refused(find: str, replace: str, reason: str) -> None:
    assert find in TEXT
    with pytest.raises(PackInvalid, match=reason):
        parse_party_rules(TEXT.replace(find, replace, 1))


def test_an_edition_from_before_the_ledger_rounds_to_the_fen_and_says_nothing_of_arrears() -> None:
    begins, ends = TEXT.index("[[dues.alarms]]"), TEXT.index("[membership]")
    older = (TEXT[:begins] + TEXT[ends:]).replace("rounding_steps", "# rounding_steps")
    law = parse_party_rules(older).dues
    assert (law.rounding_steps, law.alarm(9, 9)) == ((FEN,), None)
