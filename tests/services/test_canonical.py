"""What is signed has one spelling, whoever writes it."""

import pytest

from desktop.services.canonical import canonical


def test_order_of_fields_and_blanks_make_no_difference() -> None:
    assert canonical({"b": [1, "支部"], "a": None}) == canonical({"a": None, "b": [1, "支部"]})
    assert canonical({"b": [1, "支部"], "a": None}) == '{"a":null,"b":[1,"支部"]}'.encode()


def test_what_is_no_number_has_no_spelling() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})
