"""The witness of the last package made."""

import json
import secrets
from pathlib import Path

import pytest

from desktop.services.security.sentinel import NAME, Sentinel

DEK = bytes(range(32))


def test_it_starts_at_nothing_and_only_goes_forward(tmp_path: Path) -> None:
    sentinel = Sentinel(tmp_path, DEK)
    assert sentinel.last("hq") == 0
    sentinel.advance("hq", 3)
    sentinel.advance("hq", 2)
    sentinel.advance("other", 9)
    again = Sentinel(tmp_path, DEK)
    assert (again.last("hq"), again.last("other")) == (3, 9)


@pytest.mark.parametrize(("seq_in_database", "newer"), [(2, True), (3, False), (4, False)])
def test_a_database_that_went_back_is_noticed(tmp_path: Path, seq_in_database: int, newer: bool) -> None:
    Sentinel(tmp_path, DEK).advance("hq", 3)
    assert Sentinel(tmp_path, DEK).is_newer("hq", seq_in_database) is newer


def test_a_decision_of_the_operator_sets_it_back(tmp_path: Path) -> None:
    sentinel = Sentinel(tmp_path, DEK)
    sentinel.advance("hq", 3)
    sentinel.declare("hq", 1)
    assert not Sentinel(tmp_path, DEK).is_newer("hq", 1)


def test_another_store_or_a_changed_file_is_no_witness(tmp_path: Path) -> None:
    Sentinel(tmp_path, DEK).advance("hq", 3)
    assert Sentinel(tmp_path, bytes(32)).last("hq") == 0
    good = (tmp_path / NAME).read_bytes()
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 1
        (tmp_path / NAME).write_bytes(bad)
        assert Sentinel(tmp_path, DEK).last("hq") == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"mac":1}', '{"mac":"x","fmt":1,"last":[]}'])
def test_rubbish_is_no_witness(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    assert Sentinel(tmp_path, DEK).last("hq") == 0


def test_the_file_holds_numbers_only(tmp_path: Path) -> None:
    Sentinel(tmp_path, DEK).advance("hq", 3)
    assert set(json.loads((tmp_path / NAME).read_bytes())) == {"fmt", "last", "mac"}


def test_the_key_of_its_seal_is_wiped_with_the_store(tmp_path: Path) -> None:
    sentinel = Sentinel(tmp_path, secrets.token_bytes(32))
    key = sentinel._key
    assert any(key)
    sentinel.forget()
    sentinel.forget()
    assert not any(key)
