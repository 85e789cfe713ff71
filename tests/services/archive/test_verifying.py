"""What a check of an archive finds: each way to change one has its own sentence, and none goes unseen."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.services.archive.guide import NAMESPACE, README
from desktop.services.archive.manifest import MANIFEST, SIGNATURE
from desktop.services.archive.rows import Archive
from desktop.services.archive.service import ArchiveService
from desktop.services.archive.verifying import Fault, holds_more, is_archive, verify
from desktop.services.errors import NotFound, StorageFailure
from desktop.services.security.keys import Identity
from desktop.services.security.sshsig import sign
from desktop.services.store import Store
from desktop.services.sync.installation import identity_of

ROSTER = "10-党员名册.pdf"


def rewrite(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    content = json.loads((folder / MANIFEST).read_text("utf-8"))
    change(content)
    (folder / MANIFEST).write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"%")


def sign_as_another(folder: Path) -> None:
    text = (folder / MANIFEST).read_bytes()
    (folder / SIGNATURE).write_bytes(sign(Identity.generate().signing_key, text, "some-other-purpose"))


def folders_in_folders(folder: Path) -> None:
    for name in ("一", "二"):
        (folder / "照片" / name).mkdir(parents=True)
    (folder / "照片" / "二" / "a.jpg").write_bytes(b"x")


CHANGES: dict[str, tuple[Callable[[Path], object], set[tuple[Fault, str]]]] = {
    "a volume changed": (lambda folder: append(folder / ROSTER), {(Fault.CHANGED, ROSTER)}),
    "a volume gone": (lambda folder: (folder / ROSTER).unlink(), {(Fault.MISSING, ROSTER)}),
    "a file too many": (
        lambda folder: (folder / "补充材料.pdf").write_bytes(b"%PDF-"),
        {(Fault.FOREIGN, "补充材料.pdf")},
    ),
    "an empty folder too many": (lambda folder: (folder / "照片").mkdir(), {(Fault.FOREIGN, "照片/")}),
    "folders in folders": (
        folders_in_folders,
        {(Fault.FOREIGN, "照片/一/"), (Fault.FOREIGN, "照片/二/a.jpg")},
    ),
    "the guide changed": (lambda folder: append(folder / README), {(Fault.CHANGED, README)}),
    "a gap taken out": (
        lambda folder: rewrite(folder, lambda content: content.update(gaps=[])),
        {(Fault.BAD_SIGNATURE, MANIFEST)},
    ),
    "no signature": (lambda folder: (folder / SIGNATURE).unlink(), {(Fault.NO_SIGNATURE, SIGNATURE)}),
    "no true signature": (
        lambda folder: (folder / SIGNATURE).write_text("签过了", "utf-8"),
        {(Fault.BAD_SIGNATURE, MANIFEST)},
    ),
    "signed for something else": (sign_as_another, {(Fault.BAD_SIGNATURE, MANIFEST)}),
    "no manifest": (lambda folder: (folder / MANIFEST).unlink(), {(Fault.NO_MANIFEST, MANIFEST)}),
    "a manifest that leads outside": (
        lambda folder: rewrite(folder, lambda content: content["volumes"][0].update(file="../x.pdf")),  # type: ignore[index]
        {(Fault.NO_MANIFEST, MANIFEST)},
    ),
}


@pytest.fixture
def folder(archive: Archive, tmp_path: Path) -> Path:
    return Path(shutil.copytree(archive.dir, tmp_path / "档案"))


def test_an_archive_as_it_was_built_names_who_signed_it(branch: Store, archive: Archive) -> None:
    verdict = verify(archive.dir)
    assert verdict.ok
    assert verdict.signer is not None
    assert verdict.signer.fingerprint == identity_of(branch).public.fingerprint
    assert ArchiveService(branch).known_as(verdict.signer) == "本机"


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_each_change_has_its_own_sentence(folder: Path, change: str) -> None:
    spoil, expected = CHANGES[change]
    spoil(folder)
    verdict = verify(folder)
    assert {(problem.fault, problem.file) for problem in verdict.problems} == expected
    assert all(problem.file in problem.what and problem.fault.label in problem.what for problem in verdict.problems)
    unsigned = {Fault.NO_MANIFEST, Fault.NO_SIGNATURE, Fault.BAD_SIGNATURE}
    assert (verdict.signer is None) == any(fault in unsigned for fault, _file in expected)


def test_a_page_taken_out_with_its_hash_put_right_is_noticed(folder: Path) -> None:
    def put_right(content: dict[str, object]) -> None:
        volumes = content["volumes"]
        assert isinstance(volumes, list)
        volumes[0]["sha256"] = "0" * 64

    rewrite(folder, put_right)
    assert Fault.BAD_SIGNATURE in {problem.fault for problem in verify(folder).problems}


def test_one_who_signs_anew_shows_another_fingerprint(branch: Store, folder: Path) -> None:
    rewrite(folder, lambda content: content.update(gaps=[]))
    text = (folder / MANIFEST).read_bytes()
    (folder / SIGNATURE).write_bytes(sign(Identity.generate().signing_key, text, NAMESPACE))
    verdict = verify(folder)
    assert verdict.signer is not None
    assert verdict.signer.fingerprint != identity_of(branch).public.fingerprint
    assert ArchiveService(branch).known_as(verdict.signer) == ""


@pytest.mark.parametrize(
    "text", [None, "", "[]", "[" * 5000, '{"schema": "x/1", "volumes": []}', '{"schema": "branch-desk-archive/1"}']
)
def test_a_folder_that_is_no_archive_is_told_in_words(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / MANIFEST).write_text(text, "utf-8")
    assert not is_archive(tmp_path)
    assert [problem.fault for problem in verify(tmp_path).problems] == [Fault.NO_MANIFEST]


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        verify(tmp_path / "没有")
    (tmp_path / "文件").write_text("x")
    with pytest.raises(StorageFailure, match="E-DISK-FILE"):
        verify(tmp_path / "文件")


def test_what_building_anew_would_not_bring_back_is_seen(branch: Store, archive: Archive, tmp_path: Path) -> None:
    folder = shutil.copytree(archive.dir, tmp_path / "档案")
    own = branch.branch_id
    (folder / ROSTER).unlink()
    assert not holds_more(folder, own, 2026)
    assert holds_more(folder, "another", 2026)
    assert holds_more(folder, own, 2025)
    (folder / "我的备注.txt").write_text("留着", "utf-8")
    assert holds_more(folder, own, 2026)
    (folder / "我的备注.txt").unlink()
    append(folder / "00-封面和案卷目录.pdf")
    assert holds_more(folder, own, 2026)
    assert not holds_more(tmp_path / "没有", own, 2026)
