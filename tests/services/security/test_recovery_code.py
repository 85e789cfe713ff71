"""A recovery code reads back however it is typed, and says in which group a slip is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import VaultError
from desktop.services.security.recovery_code import decode_recovery, encode_recovery, recovery_group_is_right


@given(st.binary(min_size=16, max_size=16))
def test_a_recovery_code_reads_back_in_every_way_of_typing_it(key: bytes) -> None:
    code = encode_recovery(key)
    assert len(code) == 8 * 6 + 7
    wide = code.translate({ord(digit): ord("０") + int(digit) for digit in "0123456789"})
    for typed in (code, code.replace("-", " "), code.replace("-", ""), f" {code}\n", wide, code.replace("-", "－")):
        assert decode_recovery(typed) == key


@given(key=st.binary(min_size=16, max_size=16), group=st.integers(0, 7), data=st.data())
def test_one_wrong_digit_or_two_swapped_neighbours_are_found_in_their_group(
    key: bytes, group: int, data: st.DataObject
) -> None:
    groups = encode_recovery(key).split("-")
    right = groups[group]
    at = data.draw(st.integers(0, 5))
    wrong = data.draw(
        st.sampled_from(
            [right[:at] + digit + right[at + 1 :] for digit in "0123456789"]
            + [right[:i] + right[i + 1] + right[i] + right[i + 2 :] for i in range(5)]
        )
    )
    if wrong == right:
        return
    groups[group] = wrong
    assert not recovery_group_is_right(wrong)
    for typed in ("-".join(groups), "".join(groups)):
        with pytest.raises(VaultError) as caught:
            decode_recovery(typed)
        assert caught.value.code == "E-RECOVERY-GROUP"
        assert caught.value.facts["group"] == group + 1


@pytest.mark.parametrize(
    ("cut", "group"), [("", 1), ("000011", 2), ("-".join(["000011"] * 7), 8), ("-".join(["000011"] * 9), 9), ("甲", 1)]
)
def test_missing_and_surplus_groups_are_named(cut: str, group: int) -> None:
    with pytest.raises(VaultError) as caught:
        decode_recovery(cut)
    assert caught.value.facts["group"] == group


def test_a_group_above_sixteen_bits_is_wrong() -> None:
    assert recovery_group_is_right(f"{65535 * 11:06d}")
    assert not recovery_group_is_right(f"{65536 * 11:06d}")
