"""Receipts: read from a manifest only if every part is what it should be."""

from datetime import date

import pytest

from desktop.services.errors import PackageRefused
from desktop.services.security.keys import Identity
from desktop.services.sync.protocol import Receipt
from desktop.services.sync.receipts import read_receipt

HASH, OTHER = "ab" * 32, "cd" * 32


def test_a_receipt_says_what_is_in_force_what_was_refused_and_what_is_wanted() -> None:
    recipient = Identity.generate().public.age_recipient
    receipt = {"last_hash": HASH, "last_seq": 3, "refused": {OTHER: "E-FORK"}, "recipients": [recipient], "counts": {}}
    read = read_receipt({"receipt": receipt, "want_blobs": [OTHER]})
    assert read == (Receipt(HASH, 3, {OTHER: "E-FORK"}, (OTHER,)), [recipient])


def test_a_receipt_says_the_day_the_package_was_taken_in_where_its_program_tells() -> None:
    assert read_receipt({"receipt": {"last_hash": HASH, "last_seq": 3, "last_on": "2026-10-12"}})[0].last_on == date(
        2026, 10, 12
    )
    assert read_receipt({"receipt": {"last_hash": HASH, "last_seq": 3}})[0].last_on is None


def test_no_receipt_at_all_says_that_nothing_came() -> None:
    assert read_receipt({}) == (Receipt(), [])


@pytest.mark.parametrize(
    "extras",
    [
        {"receipt": []},
        {"receipt": {"last_hash": "short"}},
        {"receipt": {"last_hash": int("1" * 64)}},
        {"receipt": {"last_seq": "3"}},
        {"receipt": {"last_seq": True}},
        {"receipt": {"last_on": "12 October"}},
        {"receipt": {"last_on": 20261012}},
        {"receipt": {"refused": [HASH]}},
        {"receipt": {"refused": {"x": "E-FORK"}}},
        {"receipt": {"recipients": "age1"}},
        {"receipt": {"recipients": ["age1"]}},
        {"want_blobs": "x"},
        {"want_blobs": [5]},
        {"want_blobs": ["../../main.db"]},
    ],
)
def test_anything_else_is_refused(extras: dict[str, object]) -> None:
    with pytest.raises(PackageRefused, match="E-PKG-FORMAT"):
        read_receipt(extras)
