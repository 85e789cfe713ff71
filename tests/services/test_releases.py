"""A new version is what those who make the program signed, or it is said in words why it is not."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.paths import resource
from desktop.services.errors import NotFound, StorageFailure
from desktop.services.releases import (
    KEYS,
    NAMESPACE,
    SIGNATURE,
    SUMS,
    ReleaseFault,
    fingerprint,
    read_sums,
    release_keys,
    verify_release,
    written_sums,
)
from desktop.services.security.sshsig import sign

KEPT = Path(__file__).resolve().parents[1] / "data" / "release"
PROGRAM = "branch-desk_0.0.0_example.txt"
F = ReleaseFault


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KEPT, tmp_path / "新版本"))


def append(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b"0")


def change_with_its_sum(folder: Path) -> None:
    append(folder / PROGRAM)
    (folder / SUMS).write_bytes(written_sums(folder))


def sign_as_a_stranger(folder: Path) -> None:
    (folder / SIGNATURE).write_bytes(sign(Ed25519PrivateKey.generate(), (folder / SUMS).read_bytes(), NAMESPACE))


CHANGES: dict[str, tuple[Callable[[Path], object], set[tuple[ReleaseFault, str]]]] = {
    "a changed program": (lambda folder: append(folder / PROGRAM), {(F.CHANGED, PROGRAM)}),
    "a program that is gone": (lambda folder: (folder / PROGRAM).unlink(), {(F.MISSING, PROGRAM)}),
    "a program slipped in": (lambda folder: (folder / "setup.exe").write_bytes(b"MZ"), {(F.FOREIGN, "setup.exe")}),
    "a program changed with its sum": (
        change_with_its_sum,
        {(F.BAD_SIGNATURE, SIGNATURE)},
    ),
    "another key": (sign_as_a_stranger, {(F.STRANGER, SIGNATURE)}),
    "no signature": (lambda folder: (folder / SIGNATURE).unlink(), {(F.NO_SIGNATURE, SIGNATURE)}),
    "no true signature": (
        lambda folder: (folder / SIGNATURE).write_text("签过了", "utf-8"),
        {(F.BAD_SIGNATURE, SIGNATURE)},
    ),
    "no list": (lambda folder: (folder / SUMS).unlink(), {(F.NO_SUMS, SUMS)}),
    "a list that leads outside": (
        lambda folder: (folder / SUMS).write_text(f"{'0' * 64}  ../{PROGRAM}\n", "utf-8"),
        {(F.NO_SUMS, SUMS)},
    ),
}


def test_a_release_signed_by_the_key_that_ships_holds(folder: Path) -> None:
    verdict = verify_release(folder)
    assert verdict.ok
    assert verdict.files == (PROGRAM,)
    assert verdict.signer in release_keys()


@pytest.mark.parametrize(("change", "found"), CHANGES.values(), ids=CHANGES)
def test_each_change_is_named_and_its_file(
    folder: Path, change: Callable[[Path], object], found: set[tuple[ReleaseFault, str]]
) -> None:
    change(folder)
    verdict = verify_release(folder)
    assert {(problem.fault, problem.file) for problem in verdict.problems} == found
    assert all(problem.file in problem.what for problem in verdict.problems)


def test_a_key_that_is_not_ours_is_trusted_only_where_it_is_given(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    (folder / SIGNATURE).write_bytes(sign(key, (folder / SUMS).read_bytes(), NAMESPACE))
    verdict = verify_release(folder, keys={fingerprint(key.public_key()): key.public_key()})
    assert (verdict.ok, verdict.signer) == (True, fingerprint(key.public_key()))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b"abc  a.deb\n",
        f"{'0' * 64}  SHA256SUMS\n".encode(),
        f"{'0' * 64}  a\n{'1' * 64}  a\n".encode(),
        f"{'0' * 64}  ..\\a\n".encode(),
        f"{'0' * 64}  a\nand more\n".encode(),
    ],
)
def test_a_list_in_another_form_is_none(text: bytes) -> None:
    assert read_sums(text) == {}


def test_what_is_no_folder_is_refused(folder: Path) -> None:
    with pytest.raises(StorageFailure):
        verify_release(folder / PROGRAM)
    with pytest.raises(NotFound):
        verify_release(folder / "没有")


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen, another checker, is not installed")
def test_openssh_checks_a_release_with_the_keys_that_ship() -> None:
    command: list[str | Path] = ["ssh-keygen", "-Y", "verify", "-f", resource(KEYS), "-I", "release", "-n", NAMESPACE]
    command += ["-s", KEPT / SIGNATURE]
    done = subprocess.run(command, input=(KEPT / SUMS).read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert any(each.encode() in done.stdout for each in release_keys())
