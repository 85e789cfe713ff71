"""The key slots: who gets in, who does not, and what survives a damaged file."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.services.errors import AppError, InvalidInput, NotFound, StorageFailure, VaultError
from desktop.services.files import FilePort
from desktop.services.security.passwords import Cost
from desktop.services.security.slots import parse
from desktop.services.security.vault import NAME, SPARE, Vault
from tests.services.disk import CrashPort
from tests.services.killing import Confirm, killed, needs_kill

CHEAP = Cost(m_kib=19 * 1024, t=1, p=1)
PASSWORD = "向阳-2026-花开"


class Made:
    """A fresh vault with what its owner knows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault, self.dek, self.code = Vault.create(folder, "书记", PASSWORD, CHEAP)

    def reopened(self) -> Vault:
        return Vault.open(self.folder)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("vault"))


def code_of(error: pytest.ExceptionInfo[AppError]) -> str:
    return error.value.code


# -- who gets in


def test_password_and_recovery_code_open_the_same_key(made: Made) -> None:
    vault = made.reopened()
    assert vault.unlock_password("书记", PASSWORD) == made.dek
    assert vault.unlock_password(None, PASSWORD) == made.dek
    assert vault.unlock_recovery(made.code) == made.dek
    assert vault.fits(made.dek)
    assert vault.logins == ("书记",)


def test_full_width_digits_of_an_input_method_are_the_same_password(made: Made) -> None:
    assert made.reopened().unlock_password("书记", "向阳－２０２６－花开") == made.dek


@pytest.mark.parametrize(
    ("login", "password"), [("书记", "向阳-2026-花谢"), ("委员", PASSWORD), (None, "x"), ("书记", "")]
)
def test_wrong_names_and_passwords_are_refused_alike(made: Made, login: str | None, password: str) -> None:
    with pytest.raises(VaultError) as caught:
        made.reopened().unlock_password(login, password)
    assert code_of(caught) == "E-LOGIN"


def test_the_file_says_neither_password_nor_key(made: Made) -> None:
    text = (made.folder / NAME).read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert made.dek.hex() not in text
    assert made.code.replace("-", "") not in text.replace("-", "")
    if os.name != "nt":
        assert (made.folder / NAME).stat().st_mode & 0o077 == 0


def test_the_recovery_code_of_another_store_is_told_apart_from_a_typing_error(made: Made, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(VaultError) as caught:
        made.reopened().unlock_recovery(Made(other).code)
    assert code_of(caught) == "E-KEY-WRONG-VAULT"


def test_a_slot_carried_over_from_another_store_opens_nothing(made: Made, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Made(other)
    mine = json.loads((made.folder / NAME).read_bytes())
    theirs = json.loads((other / NAME).read_bytes())
    mine["slots"] = theirs["slots"]
    (made.folder / NAME).write_text(json.dumps(mine), encoding="utf-8")
    with pytest.raises(VaultError) as caught:
        made.reopened().unlock_password(None, PASSWORD)
    assert code_of(caught) == "E-LOGIN"


def test_a_vault_put_beside_the_database_of_another_store_says_so(made: Made) -> None:
    changed = json.loads((made.folder / NAME).read_bytes()) | {"dek_id": "0123456789abcdef"}
    (made.folder / NAME).write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(VaultError) as caught:
        made.reopened().unlock_password("书记", PASSWORD)
    assert code_of(caught) == "E-KEY-WRONG-VAULT"


# -- changing


def test_users_come_and_go_and_change_their_passwords(made: Made) -> None:
    made.vault.add_password(made.dek, "组织委员", "春风-细雨-77", CHEAP)
    assert made.reopened().logins == ("书记", "组织委员")
    made.vault.change_password(made.dek, "书记", "秋水-长天-88", CHEAP)
    vault = made.reopened()
    assert vault.unlock_password("书记", "秋水-长天-88") == made.dek
    assert vault.unlock_password("组织委员", "春风-细雨-77") == made.dek
    with pytest.raises(VaultError):
        vault.unlock_password("书记", PASSWORD)
    vault.remove("书记")
    assert made.reopened().logins == ("组织委员",)
    assert made.reopened().unlock_recovery(made.code) == made.dek


def test_a_new_recovery_code_retires_the_old_one(made: Made) -> None:
    offer = made.vault.offer_recovery_code(made.dek)
    assert made.reopened().unlock_recovery(made.code) == made.dek, "until the new one is written down"
    with pytest.raises(VaultError):
        made.reopened().unlock_recovery(offer.code)
    made.vault.take_recovery_code(made.dek, offer)
    assert made.reopened().unlock_recovery(offer.code) == made.dek
    with pytest.raises(VaultError):
        made.reopened().unlock_recovery(made.code)


def test_the_last_user_stays(made: Made) -> None:
    with pytest.raises(InvalidInput):
        made.vault.remove("书记")
    with pytest.raises(NotFound):
        made.vault.remove("委员")
    assert made.reopened().logins == ("书记",)


def test_only_the_holder_of_the_key_changes_slots(made: Made) -> None:
    before = (made.folder / NAME).read_bytes()
    stranger = bytes(32)
    for change in (
        lambda: made.vault.add_password(stranger, "甲", "春风-细雨-77", CHEAP),
        lambda: made.vault.change_password(stranger, "书记", "春风-细雨-77", CHEAP),
        lambda: made.vault.offer_recovery_code(stranger),
        lambda: made.vault.take_recovery_code(stranger, made.vault.offer_recovery_code(made.dek)),
    ):
        with pytest.raises(VaultError):
            change()
    assert (made.folder / NAME).read_bytes() == before


@pytest.mark.parametrize("login", ["", "  ", "书记", "书记　", "记" * 51])
def test_a_name_must_be_new_and_not_blank(made: Made, login: str) -> None:
    with pytest.raises(InvalidInput):
        made.vault.add_password(made.dek, login, "春风-细雨-77", CHEAP)


@pytest.mark.parametrize("password", ["", "七个字符的密码", "12345678", "１２３４５６７８", "PassWord", "woaini1314"])
def test_short_and_common_passwords_are_refused_before_anything_is_written(tmp_path: Path, password: str) -> None:
    with pytest.raises(InvalidInput):
        Vault.create(tmp_path, "书记", password, CHEAP)
    assert list(tmp_path.iterdir()) == []


# -- damage


def test_the_spare_copy_opens_when_the_file_is_lost_or_unreadable(made: Made) -> None:
    (made.folder / NAME).unlink()
    assert made.reopened().unlock_password("书记", PASSWORD) == made.dek
    (made.folder / NAME).write_bytes(b"{")
    vault = made.reopened()
    vault.add_password(made.dek, "委员", "春风-细雨-77", CHEAP)
    assert made.reopened().logins == ("书记", "委员")
    assert Vault.open(made.folder).unlock_recovery(made.code) == made.dek


def test_an_unreadable_file_is_made_good_from_its_spare(made: Made) -> None:
    (made.folder / NAME).write_bytes(b"rot")
    made.reopened().add_password(made.dek, "委员", "春风-细雨-77", CHEAP)
    assert (made.folder / SPARE).read_bytes() == (made.folder / NAME).read_bytes()
    assert made.reopened().logins == ("书记", "委员")


def test_the_spare_lets_in_nobody_who_was_removed(made: Made) -> None:
    vault = made.reopened()
    vault.add_password(made.dek, "旧人", "春风-细雨-77", CHEAP)
    vault.take_recovery_code(made.dek, vault.offer_recovery_code(made.dek))
    vault.remove("旧人")
    vault.change_password(made.dek, "书记", "秋水-长天-88", CHEAP)
    (made.folder / NAME).unlink()
    spare = made.reopened()
    assert spare.logins == ("书记",)
    for login, password in ((None, "春风-细雨-77"), ("书记", PASSWORD)):
        with pytest.raises(VaultError):
            spare.unlock_password(login, password)
    with pytest.raises(VaultError):
        spare.unlock_recovery(made.code)


def test_a_spare_left_behind_by_a_crash_is_brought_up_to_date(made: Made) -> None:
    former = (made.folder / SPARE).read_bytes()
    made.vault.change_password(made.dek, "书记", "秋水-长天-88", CHEAP)
    (made.folder / SPARE).write_bytes(former)
    made.reopened().settle()
    assert (made.folder / SPARE).read_bytes() == (made.folder / NAME).read_bytes()


# -- another data key


def test_while_the_data_key_changes_either_key_opens_and_then_one_alone(made: Made) -> None:
    vault = made.reopened()
    vault.add_password(made.dek, "旧人", "春风-细雨-77", CHEAP)
    dek, code = vault.begin_change({"书记": PASSWORD}, CHEAP)
    before, after = made.reopened().alternatives
    assert before.log_in("书记", PASSWORD) == ("书记", made.dek)
    assert before.unlock_recovery(made.code) == made.dek
    assert after.log_in("书记", PASSWORD) == ("书记", dek)
    assert after.unlock_recovery(code) == dek
    assert after.logins == ("书记",)
    made.reopened().keep_only(dek)
    vault = made.reopened()
    assert vault.alternatives == (vault,)
    with pytest.raises(VaultError):
        vault.unlock_password(None, "春风-细雨-77")
    with pytest.raises(VaultError):
        vault.unlock_recovery(made.code)


def test_a_change_of_the_data_key_can_be_undone(made: Made) -> None:
    good = (made.folder / NAME).read_bytes()
    vault = made.reopened()
    vault.begin_change({"书记": PASSWORD}, CHEAP)
    vault.keep_only(made.dek)
    assert (made.folder / NAME).read_bytes() == good


def test_nobody_would_get_in_is_refused_before_anything_is_written(made: Made) -> None:
    for slots in ({}, {"没有的人": PASSWORD}, {"书记": "短"}):
        with pytest.raises(InvalidInput):
            made.reopened().begin_change(slots, CHEAP)
    assert len(made.reopened().alternatives) == 1


def test_both_copies_lost_is_said_plainly(made: Made) -> None:
    (made.folder / NAME).write_bytes(b"")
    (made.folder / SPARE).write_bytes(b"[]")
    with pytest.raises(StorageFailure) as caught:
        made.reopened()
    assert code_of(caught) == "E-DB-DAMAGED"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_flipped_bit_opens_a_wrong_key_or_ends_in_a_defect(
    shared: Made, tmp_path: Path, data: st.DataObject
) -> None:
    good = (shared.folder / NAME).read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= 1 << data.draw(st.integers(0, 7))
    (tmp_path / NAME).write_bytes(bad)
    try:
        opened = Vault.open(tmp_path)
        key = opened.unlock_password("书记", PASSWORD)
    except (StorageFailure, VaultError):
        return
    # Only what this slot is not bound to can differ: the other slot.
    assert key == shared.dek
    slots = json.loads(good)["slots"]
    assert json.loads(bad)["slots"][0] == slots[0]
    assert json.loads(bad) | {"slots": slots} == json.loads(good)


def test_every_bit_of_a_sealed_slot_matters(shared: Made) -> None:
    """With AES-GCM at hand: each byte of the recovery slot's text, flipped, no longer opens (no Argon2 in the way)."""
    good = (shared.folder / NAME).read_bytes()
    start = good.index(b'"kdf":{"name":"hkdf')
    opened = 0
    for at in range(start, len(good)):
        bad = bytearray(good)
        bad[at] ^= 1
        try:
            Vault(shared.folder, parse(bytes(bad)), FilePort()).unlock_recovery(shared.code)
        except (ValueError, VaultError):
            continue
        opened += 1
    assert opened == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("m_kib", 19 * 1024 - 1),
        ("m_kib", 1024 * 1024 + 1),
        ("t", 0),
        ("t", 11),
        ("p", 0),
        ("p", 9),
        ("t", True),
        ("t", 3.0),
        ("m_kib", "65536"),
    ],
)
def test_no_vault_can_demand_unbounded_work(made: Made, field: str, value: object) -> None:
    root = json.loads((made.folder / NAME).read_bytes())
    root["slots"][0]["kdf"][field] = value
    with pytest.raises(ValueError):  # noqa: PT011
        parse(json.dumps(root).encode())


def test_a_slot_of_headquarters_is_kept_through_changes(made: Made) -> None:
    root = json.loads((made.folder / NAME).read_bytes())
    root["slots"].append({"id": 3, "type": "hq", "hq_key": "ab", "age": "YWdl"})
    (made.folder / NAME).write_text(json.dumps(root), encoding="utf-8")
    vault = made.reopened()
    vault.add_password(made.dek, "委员", "春风-细雨-77", CHEAP)
    slots = json.loads((made.folder / NAME).read_bytes())["slots"]
    assert slots[2] == root["slots"][2]
    assert slots[3]["id"] == 4


def test_a_power_cut_at_any_step_of_a_change_leaves_a_vault_that_opens(made: Made, tmp_path: Path) -> None:
    """Every prefix of the steps, with what was not forced to the disk dropped."""
    names = (NAME, SPARE)
    port = CrashPort({made.folder / name: (made.folder / name).read_bytes() for name in names})
    Vault.open(made.folder, port).change_password(made.dek, "书记", "秋水-长天-88", CHEAP)
    seen = set()
    for disk in port.after_power_cut():
        after = tmp_path / "after"
        after.mkdir(exist_ok=True)
        contents = tuple(disk.get(made.folder / name) for name in names)
        if contents in seen:
            continue
        seen.add(contents)
        for name, content in zip(names, contents, strict=True):
            (after / name).unlink(missing_ok=True)
            if content is not None:
                (after / name).write_bytes(content)
        assert Vault.open(after).unlock_recovery(made.code) == made.dek
    assert len(seen) >= 2
    assert Vault.open(after).unlock_password("书记", "秋水-长天-88") == made.dek


@needs_kill
def test_a_password_change_killed_at_any_moment_loses_nothing_confirmed(made: Made) -> None:
    last = PASSWORD

    def change(confirm: Confirm) -> None:
        vault, number = Vault.open(made.folder), 0
        confirm("0")
        while True:
            number += 1
            vault.change_password(made.dek, "书记", f"changing-{number}", CHEAP)
            confirm(str(number))

    for milliseconds in range(0, 60, 4):
        number = int(killed(change, milliseconds / 1000)[-1])
        last, following = f"changing-{number}" if number else last, f"changing-{number + 1}"
        vault = made.reopened()
        assert vault.unlock_recovery(made.code) == made.dek
        try:
            assert vault.unlock_password("书记", last) == made.dek
        except VaultError:  # the next one had just reached the disk
            assert vault.unlock_password("书记", following) == made.dek
            last = following


def test_a_new_vault_is_calibrated_on_this_machine(tmp_path: Path) -> None:
    Vault.create(tmp_path, "书记", PASSWORD)
    kdf = json.loads((tmp_path / NAME).read_bytes())["slots"][0]["kdf"]
    assert (kdf["name"], kdf["m_kib"], kdf["p"]) == ("argon2id", 65536, 4)
    assert 3 <= kdf["t"] <= 10
