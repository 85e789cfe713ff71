"""Keys of releases are made, kept and used."""

import getpass
import os
import tarfile
from pathlib import Path

import pytest

from desktop.services.releases import release_keys, verify_release
from desktop.services.updates.manifest import MANIFEST, Form, news_in, read_manifest
from installer.bundles import release
from installer.bundles.contents import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")


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


def test_a_release_tells_which_file_is_for_which_computer_and_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(release.PASSPHRASE, "")
    release.new_key(tmp_path / "key.pem", tmp_path / "known")
    folder = tmp_path / "release"
    folder.mkdir()
    names = ("branch-desk_0.2.1_arm64.deb", "支部工作台-0.2.1-setup.exe", "说明.txt")
    for name in names:
        (folder / name).write_bytes(b"12345678")
    with tarfile.open(folder / "branch-desk-0.2.1-linux-x86_64.tar.xz", "w:xz") as packed:
        packed.add(ROOT / "pyproject.toml", "branch-desk-0.2.1/pyproject.toml")
    release.signed(folder, release.read_key(tmp_path / "key.pem"))
    manifest = read_manifest((folder / MANIFEST).read_bytes())
    assert manifest is not None
    assert manifest.version == "0.2.1"
    assert {(each.system, each.machine, each.form) for each in manifest.files} == {
        ("linux", "aarch64", Form.DEB),
        ("linux", "x86_64", Form.FOLDER),
        ("windows", "x86_64", Form.SETUP),
    }
    assert all(each.unpacked_bytes >= each.size_bytes for each in manifest.files)
    assert [news.version for news in manifest.news] == [news.version for news in news_in(CHANGELOG)]
    (folder / "branch-desk_0.2.2_arm64.deb").write_bytes(b"")
    with pytest.raises(SystemExit, match="several"):
        release.signed(folder, release.read_key(tmp_path / "key.pem"))


def test_a_slip_in_the_passphrase_makes_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(("one", "other", "one", "one"))
    monkeypatch.delenv(release.PASSPHRASE, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda _question: next(typed))
    with pytest.raises(SystemExit):
        release.new_key(tmp_path / "key.pem", tmp_path / "known")
    assert list(tmp_path.iterdir()) == []
    release.new_key(tmp_path / "key.pem", tmp_path / "known")
    assert (tmp_path / "key.pem").is_file()
