"""`dev.py release`: sums of what is handed out, signed, so that a program in use can judge its successor.

    dev.py release [FOLDER] --key FILE   write SHA256SUMS and SHA256SUMS.sig beside the files of FOLDER (dist/release)
    dev.py release --new-key --key FILE  make a key; its public line is added to resources/security/release_keys

The key is an Ed25519 key in a PEM file, locked by the passphrase that is asked for, or given in
BRANCH_DESK_RELEASE_PASSPHRASE (empty: not locked). It never lies in the clone.
"""

import argparse
import getpass
import os
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from desktop.paths import resource
from desktop.services.releases import KEYS, NAMESPACE, SIGNATURE, SUMS, fingerprint, verify_release, written_sums
from desktop.services.security.sshsig import openssh_public_key, sign
from installer.bundles.contents import ROOT
from installer.dev import say

PASSPHRASE = "BRANCH_DESK_RELEASE_PASSPHRASE"


def main(arguments: list[str]) -> int:
    """Sign a folder, or make a key."""
    parser = argparse.ArgumentParser(prog="dev.py release", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "dist" / "release", help="what is handed out")
    parser.add_argument("--key", type=Path, required=True, help="the private key, outside of the clone")
    parser.add_argument("--new-key", action="store_true", help="make the key")
    options = parser.parse_args(arguments)
    if options.key.resolve().is_relative_to(ROOT):
        raise SystemExit("a private key does not lie in the clone")
    if options.new_key:
        say(f"made {options.key}; commit {KEYS}: {new_key(options.key, resource(KEYS))}")
        return 0
    signed(options.folder, read_key(options.key))
    verdict = verify_release(options.folder)
    for problem in verdict.problems:
        say(problem.what)
    say(f"{options.folder}: {len(verdict.files)} files, signed by {verdict.signer}")
    return 0 if verdict.ok else 1


def signed(folder: Path, key: Ed25519PrivateKey) -> None:
    """Write sums and signature of all files of `folder`."""
    text = written_sums(folder)
    if not text:
        raise SystemExit(f"nothing to sign in {folder}")
    (folder / SUMS).write_bytes(text)
    (folder / SIGNATURE).write_bytes(sign(key, text, NAMESPACE))


def new_key(file: Path, known: Path) -> str:
    """Make a key in `file`, which only its owner reads, add its public part to `known`; its fingerprint."""
    key = Ed25519PrivateKey.generate()
    words = _passphrase("passphrase of the new key (empty: none): ")
    lock = BestAvailableEncryption(words) if words else NoEncryption()
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as private:
        private.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
    day = datetime.now(UTC).date().isoformat()
    line = f'release namespaces="{NAMESPACE}" {openssh_public_key(key.public_key())} {day}\n'
    with known.open("a", encoding="utf-8") as public:
        public.write(line)
    return fingerprint(key.public_key())


def read_key(file: Path) -> Ed25519PrivateKey:
    """The key that lies in `file`.

    Raises:
        SystemExit: it is another kind of key, or the passphrase is wrong.
    """
    data = file.read_bytes()
    locked = b"ENCRYPTED" in data
    try:
        key = load_pem_private_key(data, _passphrase(f"passphrase of {file}: ") if locked else None)
    except ValueError as error:
        raise SystemExit(f"{file}: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit(f"{file} is no Ed25519 key")
    return key


def _passphrase(question: str) -> bytes:
    given = os.environ.get(PASSPHRASE)
    return (getpass.getpass(question) if given is None else given).encode("utf-8")
