"""A file of ours given to a step that takes another says what it is and where it goes."""

from pathlib import Path

import pytest

from desktop.messages import present
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.backup import BackupService
from desktop.services.backup.restoring import restore
from desktop.services.errors import PackageRefused
from desktop.services.standards.service import StandardService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.told_kind import told_kind
from desktop.services.workbooks import book
from tests.services.sync.parties import enrol, make
from tests.stores import PASSWORD

GOES = {
    "登记": "enrol", "邀请": "enrol", "上报": "receive", "反馈": "receive", "备份": "restore",
    "标准": "standard", "表格": "import", "程序版本": "update",
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of each kind, by the word for it."""
    folder = tmp_path_factory.mktemp("files")
    with make(folder / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as above, make(folder / "ZK01") as branch:
        enrol(above, branch, "ZK01", "第一党支部", folder / "keys")
        report = Sender(branch).pack(folder).file
        Receiver(above).receive([report])
        (answer,) = Sender(above).answer(None, folder)
        backup = BackupService(branch).to_file(folder / "一.dzbak")
        made = {told_kind(path): path for path in (folder / "keys").rglob("*.dzk")}
        standard = folder / "新标准.toml"
        standard.write_bytes(resource("standards/branch_standard.toml").read_bytes())
        release = folder / "发行"
        release.mkdir()
        for name in ("SHA256SUMS", "branch-desk-9.9.9-setup.exe"):
            (release / name).write_bytes(b"MZ")
        return made | {
            "上报": report, "反馈": answer.file, "备份": backup, "标准": standard,
            "表格": resource("samples/headquarters/ratings.xlsx"), "程序版本": release / "branch-desk-9.9.9-setup.exe",
        }  # fmt: skip


@pytest.mark.parametrize("word", GOES)
def test_each_file_of_ours_is_known_by_what_it_says(files: dict[str, Path], word: str) -> None:
    assert told_kind(files[word]) == word


@pytest.mark.parametrize(
    ("word", "kind"),
    [("登记", StoreKind.HEADQUARTERS), ("反馈", StoreKind.HEADQUARTERS), ("备份", StoreKind.HEADQUARTERS),
     ("标准", StoreKind.HEADQUARTERS), ("表格", StoreKind.HEADQUARTERS), ("程序版本", StoreKind.HEADQUARTERS),
     ("邀请", StoreKind.BRANCH), ("备份", StoreKind.BRANCH), ("标准", StoreKind.BRANCH),
     ("程序版本", StoreKind.BRANCH)],
)  # fmt: skip
def test_what_is_no_package_for_here_says_what_it_is(
    tmp_path: Path, files: dict[str, Path], word: str, kind: StoreKind
) -> None:
    with make(tmp_path / "other", kind, "别的单位") as store:
        (result,) = Receiver(store).receive([files[word]])
        if word == "反馈":  # a package for somebody else is refused for that
            assert result.code == "E-PKG-TO"
            return
        assert result.code == "E-PKG-FORMAT"
        assert f"是{word}文件" in result.reason
        assert GOES[word] in present(PackageRefused(result.code, **result.facts)).next


@pytest.mark.parametrize("word", ["上报", "备份"])
def test_what_is_no_key_file_says_what_it_is(tmp_path: Path, files: dict[str, Path], word: str) -> None:
    with make(tmp_path / "hq", StoreKind.HEADQUARTERS, "别的单位") as store, pytest.raises(PackageRefused) as refused:
        EnrolmentService(store).accept_registration(files[word])
    assert refused.value.facts["given"] == word


@pytest.mark.parametrize("word", ["上报", "邀请", "备份", "标准", "程序版本"])
def test_what_is_no_workbook_says_what_it_is(tmp_path: Path, files: dict[str, Path], word: str) -> None:
    with make(tmp_path / "hq", StoreKind.HEADQUARTERS, "别的单位") as store:
        for kind in ("branches", "ratings"):
            with pytest.raises(PackageRefused) as refused:
                book(store, kind).import_file(files[word], dry_run=True)
            assert refused.value.facts["given"] == word


@pytest.mark.parametrize("word", ["反馈", "登记", "备份", "表格", "程序版本"])
def test_what_is_no_standard_says_what_it_is(tmp_path: Path, files: dict[str, Path], word: str) -> None:
    with make(tmp_path / "hq", StoreKind.HEADQUARTERS, "别的单位") as store, pytest.raises(PackageRefused) as refused:
        StandardService(store).preview_edition(files[word])
    assert refused.value.facts["given"] == word
    assert GOES[word] in present(refused.value).next


@pytest.mark.parametrize("word", ["登记", "反馈", "标准", "表格"])
def test_what_is_no_backup_says_what_it_is(tmp_path: Path, files: dict[str, Path], word: str) -> None:
    with pytest.raises(PackageRefused) as refused:
        restore(files[word], tmp_path / "back", PASSWORD)
    assert refused.value.facts["given"] == word
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 5000])
def test_what_is_none_of_ours_is_called_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.dzp"
    file.write_bytes(content)
    assert told_kind(file) == ""
