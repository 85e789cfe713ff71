"""What lies on a stick is told for what it is: newer, older, for other computers, or not to be trusted."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.services.releases import SIGNATURE, SUMS
from desktop.services.updates.manifest import (
    MANIFEST,
    Form,
    Manifest,
    is_newer,
    is_version,
    news_in,
    read_manifest,
    written_manifest,
)
from desktop.services.updates.offers import FOLDER, Standing, UpdateRefused, release_in, spotted
from desktop.services.updates.program import Program
from tests.services.updates.programs import NEW, OLD, TRUSTED, make_release, sign_release


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "新").mkdir()
    (tmp_path / "新" / "branch-desk").write_text("", "utf-8")
    make_release(tmp_path / "盘", tmp_path / "新", NEW)
    return tmp_path / "盘"


def program(tmp_path: Path, version: str = OLD, form: Form = Form.FOLDER) -> Program:
    return Program(tmp_path / "程序", form, version)


def test_a_newer_release_is_seen_with_what_is_new_in_it(stick: Path, tmp_path: Path) -> None:
    offer = spotted(stick, program(tmp_path), keys=TRUSTED)
    assert offer is not None
    assert (offer.version, offer.standing, offer.signer) == (NEW, Standing.NEWER, *TRUSTED)
    assert [news.version for news in offer.news] == [NEW]
    assert offer.require() is offer.file
    assert spotted(stick / FOLDER, program(tmp_path), keys=TRUSTED) is not None, "the folder itself may be chosen"


@pytest.mark.parametrize(
    ("version", "form", "standing", "code"),
    [
        (NEW, Form.FOLDER, Standing.SAME, "E-UPD-OLD"),
        ("0.10.0", Form.FOLDER, Standing.OLDER, "E-UPD-OLD"),
        (OLD, Form.SETUP, Standing.OTHER, "E-UPD-OTHER"),
        (OLD, Form.DEB, Standing.OTHER, "E-UPD-OTHER"),
    ],
)
def test_what_is_no_newer_or_not_for_this_computer_is_refused(
    stick: Path, tmp_path: Path, version: str, form: Form, standing: Standing, code: str
) -> None:
    offer = spotted(stick, program(tmp_path, version, form), keys=TRUSTED)
    assert offer is not None
    assert offer.standing is standing
    with pytest.raises(UpdateRefused) as caught:
        offer.require()
    assert caught.value.code == code


def test_who_has_an_installed_program_is_told_of_the_form_that_needs_no_administrator(
    stick: Path, tmp_path: Path
) -> None:
    told = {form: spotted(stick, program(tmp_path, form=form), keys=TRUSTED) for form in (Form.DEB, Form.FOLDER)}
    archive = next((stick / FOLDER).glob("*.tar.xz")).name
    assert {form: offer and offer.portable for form, offer in told.items()} == {Form.DEB: archive, Form.FOLDER: ""}


def claim_another_version(folder: Path) -> None:
    manifest = read_manifest((folder / MANIFEST).read_bytes())
    assert manifest is not None
    (folder / MANIFEST).write_bytes(written_manifest(Manifest("9.9.9", manifest.news, manifest.files)))


def describe_nothing(folder: Path) -> None:
    (folder / MANIFEST).write_text("{}", "utf-8")
    sign_release(folder)


FAULTS: dict[str, Callable[[Path], object]] = {
    "no signature": lambda folder: (folder / SIGNATURE).unlink(),
    "signed by a stranger": lambda folder: sign_release(folder, Ed25519PrivateKey.generate()),
    "another list under the signature": lambda folder: (folder / SUMS).write_text(f"{'0' * 64}  a\n", "utf-8"),
    "another version in the description": claim_another_version,
    "no description": lambda folder: (folder / MANIFEST).unlink(),
    "a description that is none, signed": describe_nothing,
    "a list that is no list": lambda folder: (folder / SUMS).write_bytes(b"\xff"),
}


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS)
def test_what_does_not_hold_is_refused_in_words(stick: Path, tmp_path: Path, change: Callable[[Path], object]) -> None:
    change(stick / FOLDER)
    offer = spotted(stick, program(tmp_path), keys=TRUSTED)
    assert offer is not None
    assert (offer.standing, offer.version, offer.file) == (Standing.FAULTY, "", None)
    assert offer.problem.endswith("。")
    with pytest.raises(UpdateRefused) as caught:
        offer.require()
    assert caught.value.code == "E-UPD-SIGN"


def test_a_release_is_trusted_by_the_keys_that_ship_and_no_other(stick: Path, tmp_path: Path) -> None:
    offer = spotted(stick, program(tmp_path))
    assert offer is not None
    assert offer.standing is Standing.FAULTY


def test_a_stick_without_a_release_offers_nothing(tmp_path: Path) -> None:
    assert release_in(tmp_path) is None
    assert spotted(tmp_path, program(tmp_path)) is None
    (tmp_path / FOLDER).mkdir()
    assert spotted(tmp_path, program(tmp_path)) is None
    shutil.rmtree(tmp_path / FOLDER)
    (tmp_path / FOLDER).write_text("", "utf-8")
    assert spotted(tmp_path, program(tmp_path)) is None


def test_versions_are_compared_number_by_number() -> None:
    assert is_newer("0.10.0", "0.9.9")
    assert not is_newer("0.2", "0.2.0")
    assert not is_newer("0.2.0", "0.2.1")
    assert [text for text in ("1", "1.0.0-rc1", "01.2", "1.2.", "版", "") if is_version(text)] == []


def test_the_changelog_is_read_version_by_version() -> None:
    text = "# 更新记录\n\n## 0.2.1（在编）\n\n一句话。\n\n### 新增\n\n- 甲。\n- 乙。\n"
    text += "\n### 修复\n\n- 丙。\n\n## 0.1.0\n\n### 新增\n- 丁。\n"
    assert [(news.version, news.parts) for news in news_in(text)] == [
        ("0.2.1", (("新增", ("甲。", "乙。")), ("修复", ("丙。",)))),
        ("0.1.0", (("新增", ("丁。",)),)),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"fmt": 2}',
        b'{"fmt": 1, "version": "x", "news": [], "files": []}',
        b'{"fmt": 1, "version": "1.0", "files": [],'
        b' "news": [{"version": "1.0", "parts": [{"title": "", "lines": "x"}]}]}',
        b'{"fmt": 1, "version": "1.0", "news": [], "files": [{"name": "../a", "system": "linux", "machine": "x86_64",'
        b' "form": "deb", "size_bytes": 1, "unpacked_bytes": 1}]}',
        b"[" * 100_000,
    ],
)
def test_a_description_in_another_form_is_none(data: bytes) -> None:
    assert read_manifest(data) is None
