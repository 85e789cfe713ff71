"""Signatures: ours open with ssh-keygen, its open with us, and nothing else opens with anyone."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from desktop.services.errors import PackageRefused
from desktop.services.security import sshsig

NAMESPACE = sshsig.PACKAGE_NAMESPACE
DATA = b'{"fmt":1}'
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
needs_ssh_keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


def refused(signature: bytes, data: bytes = DATA, namespace: str = NAMESPACE, key: Ed25519PrivateKey = KEY) -> bool:
    """Whether verifying ends in the one refusal signatures have."""
    try:
        sshsig.verify(key.public_key(), data, signature, namespace)
    except PackageRefused as error:
        return error.code == "E-PKG-SIG"
    return False


def test_a_signature_verifies_and_is_deterministic() -> None:
    signature = sshsig.sign(KEY, DATA, NAMESPACE)
    assert signature == sshsig.sign(KEY, DATA, NAMESPACE)
    assert not refused(signature)
    assert max(map(len, signature.splitlines())) == 70


def test_another_key_namespace_or_content_is_refused() -> None:
    signature = sshsig.sign(KEY, DATA, NAMESPACE)
    assert refused(signature, data=DATA + b" ")
    assert refused(signature, namespace=sshsig.KEY_FILE_NAMESPACE)
    assert refused(signature, key=Ed25519PrivateKey.generate())
    assert refused(sshsig.sign(KEY, DATA, sshsig.KEY_FILE_NAMESPACE))


def test_every_single_bit_counts() -> None:
    signature = sshsig.sign(KEY, DATA, NAMESPACE)
    for at in range(len(signature)):
        for bit in range(8):
            changed = bytearray(signature)
            changed[at] ^= 1 << bit
            assert refused(bytes(changed)), (at, bit)


def test_other_spellings_of_the_same_signature_are_refused() -> None:
    signature = sshsig.sign(KEY, DATA, NAMESPACE)
    body = signature.split(b"\n", 1)[1].rsplit(b"\n-----END", 1)[0].replace(b"\n", b"")
    spellings = [
        b"",
        signature[:-1],
        signature + b"\n",
        b"\n" + signature,
        signature.replace(b"\n", b"\r\n"),
        signature.replace(body[:70] + b"\n", body[:70]),
        b"-----BEGIN SSH SIGNATURE-----\n" + body + b"\n-----END SSH SIGNATURE-----\n",
        signature + signature,
        "签名".encode(),
    ]
    assert all(map(refused, spellings))


def test_cut_and_random_bytes_are_refused_calmly() -> None:
    signature = sshsig.sign(KEY, DATA, NAMESPACE)
    assert all(refused(signature[:length]) for length in range(len(signature)))
    source = random.Random(5)
    assert all(refused(source.randbytes(source.randrange(400))) for _ in range(500))


@needs_ssh_keygen
def test_ssh_keygen_verifies_ours(tmp_path: Path) -> None:
    (tmp_path / "sig").write_bytes(sshsig.sign(KEY, DATA, NAMESPACE))
    allowed = f'ZK03 namespaces="{NAMESPACE}" {sshsig.openssh_public_key(KEY.public_key())}\n'
    (tmp_path / "allowed").write_text(allowed, "utf-8")
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "ZK03", "-n", NAMESPACE, "-s", "sig"]
    good = subprocess.run(command, cwd=tmp_path, input=DATA, capture_output=True)
    assert good.returncode == 0, good.stderr
    bad = subprocess.run(command, cwd=tmp_path, input=DATA + b"x", capture_output=True)
    assert bad.returncode != 0


@needs_ssh_keygen
def test_we_verify_those_of_ssh_keygen(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    key_file.chmod(0o600)
    (tmp_path / "data").write_bytes(DATA)
    subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-f", "key", "-n", NAMESPACE, "data"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "data.sig").read_bytes() == sshsig.sign(KEY, DATA, NAMESPACE)
