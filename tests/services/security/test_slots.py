"""The file of the slots: rubbish is unreadable and nothing worse, and what is written is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.security.slots import (
    HeadquartersSlot,
    KeySet,
    PasswordSlot,
    RecoverySlot,
    VaultFile,
    parse,
    serialised,
)
from tests.stores import CHEAP

SEALED = (bytes(12), bytes(48))
SLOTS = (PasswordSlot(1, "书记", CHEAP, bytes(16), *SEALED), RecoverySlot(2, bytes(range(16)), *SEALED))
VAULT_ID, DEK_ID = "9f0f4f1e-0d5b-4c3e-8a55-0c1d2e3f4a5b", "0123456789abcdef"


def test_what_is_written_is_read_back() -> None:
    slots = (*SLOTS, HeadquartersSlot(3, "key", b"age"))
    for following in (None, KeySet("f" * 16, SLOTS)):
        file = VaultFile(VAULT_ID, KeySet(DEK_ID, slots), following)
        assert parse(serialised(file)) == file


@pytest.mark.parametrize("slots", [SLOTS[:1], SLOTS[1:], (SLOTS[0], *SLOTS), ()])
def test_a_vault_without_a_password_or_a_code_or_with_a_number_twice_is_unreadable(
    slots: tuple[PasswordSlot | RecoverySlot, ...],
) -> None:
    with pytest.raises(ValueError, match="slot"):
        parse(serialised(VaultFile(VAULT_ID, KeySet(DEK_ID, slots))))


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"fmt":1', b'"fmt":2'), (b'"argon2id"', b'"scrypt"'), (b'"recovery"', b'"other"'), (b'"id":1', b'"id":true')],
)
def test_another_format_or_kind_is_unreadable(old: bytes, new: bytes) -> None:
    data = serialised(VaultFile(VAULT_ID, KeySet(DEK_ID, SLOTS)))
    assert old in data
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        parse(data.replace(old, new))


@given(st.binary(max_size=200))
def test_any_rubbish_is_unreadable_and_nothing_worse(rubbish: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - parse promises no more than this
        parse(rubbish)
