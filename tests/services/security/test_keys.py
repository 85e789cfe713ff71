"""Installation keys: round trips, raw public bytes and the thirty digits."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from desktop.services.errors import PackageRefused
from desktop.services.security import agefile, sshsig
from desktop.services.security.keys import Escrow, Identity, PublicKeys, fingerprint, recipient_bytes

SIGNER = Identity.generate()


def test_an_identity_survives_the_database() -> None:
    again = Identity.from_bytes(SIGNER.to_bytes())
    assert again == SIGNER
    assert again.public == SIGNER.public


def test_secrets_are_not_shown_by_accident() -> None:
    shown = f"{SIGNER!r} {SIGNER} {Escrow.generate()!r}"
    assert SIGNER.age_secret not in shown
    assert SIGNER.sign_seed.hex() not in shown
    assert "AGE-SECRET" not in shown


def test_both_keys_work_with_the_signature_and_age_functions() -> None:
    signature = sshsig.sign(SIGNER.signing_key, b"text", "dzb-key-v1")
    sshsig.verify(SIGNER.public.verifying_key, b"text", signature, "dzb-key-v1")
    from pyrage import decrypt, encrypt

    assert decrypt(encrypt(b"text", [SIGNER.public.recipient]), [SIGNER.age_identity]) == b"text"


def test_two_installations_differ_in_everything() -> None:
    other = Identity.generate().public
    mine = SIGNER.public
    assert other.fingerprint != mine.fingerprint
    assert other.key_id != mine.key_id


def test_the_fingerprint_is_six_groups_of_five_digits_by_the_formula() -> None:
    assert re.fullmatch(r"\d{5}( \d{5}){5}", SIGNER.public.fingerprint)
    sign_pub, age_pub = bytes(range(32)), bytes(range(32, 64))
    digest = hashlib.sha512(b"dzb-fp-v1" + sign_pub + age_pub).digest()
    assert fingerprint(sign_pub, age_pub) == "50406 96010 89138 12515 08424 63625"
    assert fingerprint(sign_pub, age_pub).split()[0] == f"{int.from_bytes(digest[:5], 'big') % 100000:05d}"


def test_raw_recipient_bytes_are_the_curve_point() -> None:
    """Against `cryptography`: derive the public point from the secret inside AGE-SECRET-KEY-1…"""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    secret = str(x25519.Identity.generate())
    alphabet = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
    number = 0
    for letter in secret.removeprefix("AGE-SECRET-KEY-1")[:-6]:
        number = number << 5 | alphabet.index(letter)
    raw = (number >> 4).to_bytes(32, "big")
    public = X25519PrivateKey.from_private_bytes(raw).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert recipient_bytes(str(x25519.Identity.from_str(secret).to_public())) == public


@given(at=st.integers(0, 61), letter=st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7lAbio1 -é"))
def test_a_mistyped_recipient_is_refused(at: int, letter: str) -> None:
    right = SIGNER.public.age_recipient
    wrong = right[:at] + letter + right[at + 1 :]
    if wrong == right:
        return
    with pytest.raises(PackageRefused) as caught:
        recipient_bytes(wrong)
    assert caught.value.code == "E-PKG-FORMAT"


@pytest.mark.parametrize("cut", ["", "age1", "age", "1", "AGE", "age1" + "q" * 58])
def test_no_recipient_at_all_is_refused(cut: str) -> None:
    with pytest.raises(PackageRefused):
        recipient_bytes(cut)


def test_a_shortened_signing_key_is_refused() -> None:
    with pytest.raises(PackageRefused):
        PublicKeys(bytes(31), SIGNER.public.age_recipient)


@pytest.mark.skipif(shutil.which("age") is None, reason="needs the age command")
def test_the_age_command_opens_with_the_escrow_file(tmp_path: Path) -> None:
    escrow = Escrow.generate()
    (tmp_path / "escrow.txt").write_bytes(escrow.key_file())
    with (tmp_path / "a.age").open("wb") as target, (tmp_path / "escrow.txt").open("rb") as source:
        agefile.encrypt(source, target, [x25519.Recipient.from_str(escrow.recipient)])
    opened = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "escrow.txt"), str(tmp_path / "a.age")], capture_output=True, check=True
    )
    assert opened.stdout == escrow.key_file()
