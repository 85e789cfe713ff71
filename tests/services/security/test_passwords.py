"""What may be a password, what a guess costs, and how long the next one has to wait."""

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.security import passwords
from desktop.services.security.passwords import (
    FIRST_COST,
    PASSWORD,
    Strength,
    calibrated,
    check_password,
    delay_seconds,
    password_key,
    strength,
)
from tests.stores import CHEAP


def test_there_are_two_hundred_common_passwords_and_each_is_long_enough_to_matter() -> None:
    common = passwords._common_passwords()
    assert len(common) == 200
    assert all(len(word) >= passwords.MIN_PASSWORD for word in common)
    check_password("八个字符的好密码")


@pytest.mark.parametrize("password", ["", "七个字符的密码", "12345678", "１２３４５６７８", "PassWord", "woaini1314"])
def test_a_weak_password_is_refused_at_the_field_of_the_password(password: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_password(password)
    assert (caught.value.name, caught.value.label) == (PASSWORD.name, PASSWORD.label)


def test_full_width_letters_are_the_same_password_and_another_salt_another_key() -> None:
    assert password_key("ＡＢＣ12345", bytes(16), CHEAP) == password_key("ABC12345", bytes(16), CHEAP)
    assert password_key("ABC12345", bytes(16), CHEAP) != password_key("ABC12345", bytes(range(16)), CHEAP)


@pytest.mark.parametrize(("seconds_per_round", "rounds"), [(0.2, 3), (0.08, 4), (0.03, 10), (0.0001, 10)])
def test_calibration_adds_rounds_until_a_guess_takes_a_third_of_a_second(seconds_per_round: float, rounds: int) -> None:
    cost = calibrated(lambda tried: tried.t * seconds_per_round)
    assert (cost.m_kib, cost.t, cost.p) == (FIRST_COST.m_kib, rounds, FIRST_COST.p)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (8, 16), (9, 32), (10, 60), (11, 60), (9999, 60)]
)
def test_the_delay_doubles_from_the_fifth_failure(failures: int, seconds: int) -> None:
    assert delay_seconds(failures) == seconds


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("1234567", Strength.REFUSED),
        ("password", Strength.REFUSED),
        ("1234567890123", Strength.WEAK),
        ("aaaaaaaaaaaa", Strength.WEAK),
        ("19850612", Strength.WEAK),
        ("yunhe2026zhi", Strength.FAIR),
        ("gongzuotai-2026", Strength.STRONG),
        ("云河县站红旗飘飘", Strength.STRONG),
    ],
)
def test_how_strong_a_password_is_follows_its_length_and_its_signs(password: str, found: Strength) -> None:
    assert strength(password)[0] is found
    assert strength(password)[1]
