"""Keys of releases are made, kept and used."""

import os
from pathlib import Path

import pytest

from desktop.services.releases import release_keys, verify_release
from installer.bundles import release
from installer.bundles.contents import ROOT


@pytest.mark.parametrize("words", ["", "一句长话"])
def test_a_new_key_signs_what_its_public_line_verifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv(release.PASSPHRASE, words)
    key, known, folder = tmp_path / "away" / "key.pem", tmp_path / "release_keys", tmp_path / "release"
    made = release.new_key(key, known)
    folder.mkdir()
    (folder / "branch-desk.deb").write_bytes(b"!<arch>")
    release.signed(folder, release.read_key(key))
    verdict = verify_release(folder, keys=release_keys(known.read_text("utf-8")))
    assert (verdict.ok, verdict.signer) == (True, made)
    if os.name != "nt":
        assert key.stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_written_over_and_never_lies_in_the_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(release.PASSPHRASE, "")
    release.new_key(tmp_path / "key.pem", tmp_path / "known")
    with pytest.raises(FileExistsError):
        release.new_key(tmp_path / "key.pem", tmp_path / "known")
    with pytest.raises(SystemExit, match="clone"):
        release.main(["--new-key", "--key", str(ROOT / "build" / "key.pem")])


def test_a_wrong_passphrase_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(release.PASSPHRASE, "一句长话")
    release.new_key(tmp_path / "key.pem", tmp_path / "known")
    monkeypatch.setenv(release.PASSPHRASE, "另一句")
    with pytest.raises(SystemExit, match=r"key\.pem"):
        release.read_key(tmp_path / "key.pem")


def test_an_empty_folder_is_not_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(release.PASSPHRASE, "")
    release.new_key(tmp_path / "key.pem", tmp_path / "known")
    (tmp_path / "release").mkdir()
    with pytest.raises(SystemExit, match="nothing"):
        release.signed(tmp_path / "release", release.read_key(tmp_path / "key.pem"))
