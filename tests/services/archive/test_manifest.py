"""The manifest of an archive: signed, and what a folder is checked against."""

from pathlib import Path

import pytest

from desktop.services.archive.manifest import MANIFEST, NAMESPACE, SIGNATURE, is_archive, verify
from desktop.services.archive.service import ArchiveService
from desktop.services.errors import InvalidInput
from desktop.services.security.sshsig import verify as verify_signature
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from tests.services.archive.branch import branch_at_work
from tests.services.archive.conftest import ON


def test_a_changed_volume_is_noticed(branch: Store, tmp_path: Path) -> None:
    built = ArchiveService(branch).build(2026, tmp_path / "档案", ON)
    with (built.dir / "10-党员名册.pdf").open("ab") as file:
        file.write(b"%")
    assert verify(built.dir) == ["10-党员名册.pdf"]


def test_a_store_with_keys_signs_the_manifest(tmp_path: Path) -> None:
    with branch_at_work(tmp_path, months=1) as store:
        identity = EnrolmentService(store).identity()
        built = ArchiveService(store).build(2026, tmp_path / "档案", ON)
    text, signature = (built.dir / MANIFEST).read_bytes(), (built.dir / SIGNATURE).read_bytes()
    verify_signature(identity.public.verifying_key, text, signature, NAMESPACE)


@pytest.mark.parametrize(
    "text", [None, "", "[]", '{"schema": "x/1", "volumes": []}', '{"schema": "branch-desk-archive/1"}']
)
def test_a_folder_that_is_no_archive_is_refused_in_words(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / MANIFEST).write_text(text, "utf-8")
    assert not is_archive(tmp_path)
    with pytest.raises(InvalidInput, match=MANIFEST) as caught:
        verify(tmp_path)
    assert caught.value.name == "folder"
