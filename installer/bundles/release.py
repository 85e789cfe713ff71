"""`dev.py release`: sums of what is handed out, signed, so that a program in use can judge its successor.

    dev.py release [FOLDER] --key FILE   write SHA256SUMS and SHA256SUMS.sig beside the files of FOLDER (dist/release)
    dev.py release --new-key --key FILE  make a key; its public line is added to resources/security/release_keys

What the release says of itself (`release.json`: version, what is new by CHANGELOG.md, which file is for which computer)
is written first, so that a program in use finds it on a stick. The key is an Ed25519 key in a PEM file, locked by the
passphrase that is asked for, or given in BRANCH_DESK_RELEASE_PASSPHRASE (empty: not locked); never in the clone.
"""

import argparse
import getpass
import os
import re
import tarfile
import zipfile
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
from desktop.services.updates.manifest import MANIFEST, Form, Manifest, ReleaseFile, news_in, written_manifest
from installer.bundles.contents import NAME, ROOT
from installer.dev import say

_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
_PRESSED = 4
"""So many times its size a package or set-up takes at most, unpacked."""
_NAMES = (
    (rf"{NAME}_(?P<version>[0-9.]+)_(?P<machine>amd64|arm64)\.deb", "linux", Form.DEB),
    (rf"{NAME}-(?P<version>[0-9.]+)-linux-(?P<machine>\w+)\.tar\.xz", "linux", Form.FOLDER),
    (rf"{NAME}-(?P<version>[0-9.]+)-windows-(?P<machine>\w+)\.zip", "windows", Form.FOLDER),
    (r"支部工作台-(?P<version>[0-9.]+)-setup\.exe", "windows", Form.SETUP),
)
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
    """Write description, sums and signature of all files of `folder`."""
    manifest = described(folder, (ROOT / "CHANGELOG.md").read_text("utf-8"))
    if manifest is not None:
        (folder / MANIFEST).write_bytes(written_manifest(manifest))
    text = written_sums(folder)
    if not text:
        raise SystemExit(f"nothing to sign in {folder}")
    (folder / SUMS).write_bytes(text)
    (folder / SIGNATURE).write_bytes(sign(key, text, NAMESPACE))


def described(folder: Path, changelog: str) -> Manifest | None:
    """Return what a release says of itself, by the names of its files; None where no program is among them.

    Raises:
        SystemExit: its files are of several versions.
    """
    files, versions = [], set()
    for path in sorted(folder.iterdir()):
        for pattern, system, form in _NAMES:
            found = re.fullmatch(pattern, path.name)
            if found is None:
                continue
            versions.add(found["version"])
            told = found.groupdict().get("machine") or "x86_64"
            size = path.stat().st_size
            files.append(
                ReleaseFile(
                    name=path.name,
                    system=system,
                    machine=_MACHINES.get(told, told),
                    form=form,
                    size_bytes=size,
                    unpacked_bytes=unpacked(path) if form is Form.FOLDER else _PRESSED * size,
                )
            )
    if len(versions) > 1:
        raise SystemExit(f"files of several versions in {folder}: {sorted(versions)}")
    return Manifest(versions.pop(), news_in(changelog), tuple(files)) if versions else None


def unpacked(archive: Path) -> int:
    """Return how many bytes the files in an archive hold."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            return sum(each.file_size for each in packed.infolist())
    with tarfile.open(archive) as pressed:
        return sum(each.size for each in pressed)


def new_key(file: Path, known: Path) -> str:
    """Make a key in `file`, which only its owner reads, add its public part to `known`; its fingerprint.

    Raises:
        SystemExit: the passphrase was not typed twice alike; there is no key.
    """
    key = Ed25519PrivateKey.generate()
    words = _passphrase("passphrase of the new key (empty: none): ")
    if _passphrase("the same once more: ") != words:  # a slip, and nobody could ever sign with it
        raise SystemExit("the two are not alike; no key was made")
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
