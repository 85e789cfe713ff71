"""The manifest of an archive: what it holds, and that it is signed."""

import json
from pathlib import Path

from desktop.services.archive.guide import NAMESPACE
from desktop.services.archive.manifest import MANIFEST, SIGNATURE
from desktop.services.archive.service import ArchiveService
from desktop.services.security.sshsig import verify as verify_signature
from desktop.services.sync.installation import identity_of
from tests.services.archive.branch import branch_at_work
from tests.services.archive.conftest import ON


def test_the_manifest_is_signed_also_before_the_branch_is_enrolled(tmp_path: Path) -> None:
    with branch_at_work(tmp_path, months=1) as store:
        built = ArchiveService(store).build(2026, tmp_path / "档案", ON)
        public = identity_of(store).public
    text, signature = (built.dir / MANIFEST).read_bytes(), (built.dir / SIGNATURE).read_bytes()
    verify_signature(public.verifying_key, text, signature, NAMESPACE)
    assert json.loads(text)["signer"]["fingerprint"] == public.fingerprint
