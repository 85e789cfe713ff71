"""An open store: its settings, its trail of uses, and its end."""

from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.history import AuditEntry, SettingName
from desktop.models.vocabulary.stores import StoreKind, Use
from desktop.services.attachments import AttachmentService
from desktop.services.integrity import check
from desktop.services.opening import open_store
from tests.services.faults import FOR_GOOD, ONCE, SILENCE, needs_faults, with_faults
from tests.stores import LOGIN, PASSWORD, new_store


def test_a_setting_is_kept_and_one_never_set_has_its_default(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        assert store.setting(SettingName.IDLE_MINUTES, "10") == "10"
        store.set_setting(SettingName.IDLE_MINUTES, "20")
        store.set_setting(SettingName.IDLE_MINUTES, "30")
    with open_store(tmp_path / "data", PASSWORD, LOGIN) as store:
        assert store.setting(SettingName.IDLE_MINUTES, "10") == "30"


def test_a_use_says_who_and_when(tmp_path: Path) -> None:
    with new_store(tmp_path / "data", at="2026-11-23 06:00") as store:
        store.audit(Use.EXPORT, "党员名册")
        with store.reading() as session:
            entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.at_utc, entry.actor, entry.action, entry.detail) == (
        "2026-11-22T22:00:00Z",
        LOGIN,
        "export",
        "党员名册",
    )


@pytest.mark.parametrize("kind", StoreKind)
def test_a_store_knows_whose_it_is_and_what_day_it_is(tmp_path: Path, kind: StoreKind) -> None:
    with new_store(tmp_path / "data", kind, at="2026-11-23 06:00") as store:
        assert store.is_headquarters is (kind is StoreKind.HEADQUARTERS)
        assert store.branch_id == store.org == store.setting(SettingName.ORG)
        assert store.today.isoformat() == "2026-11-23"


def test_a_closed_store_has_forgotten_its_key_and_may_be_closed_again(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    store.close()
    store.close()
    assert store.key == b""
    open_store(tmp_path / "data", PASSWORD, LOGIN).close()


NOTE = """
import sys
from pathlib import Path
from desktop.models.history import SettingName
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import StorageFailure
from desktop.services.opening import open_store
from tests.services.faults import fail
from tests.stores import LOGIN, PASSWORD

with open_store(Path(sys.argv[1]), PASSWORD, LOGIN) as store:
    fail(sys.argv[3])
    try:
        if sys.argv[2] == "setting":
            store.set_setting(SettingName.IDLE_MINUTES, "45")
        else:
            store.audit(Use.EXPORT, "党员名册")
    except StorageFailure as error:
        print(error.code, bool(error.facts.get("in_doubt")), store.in_doubt)
fail("")
"""


@needs_faults
@pytest.mark.parametrize(("how", "in_doubt"), [(ONCE, False), (FOR_GOOD, True)])
@pytest.mark.parametrize("what", ["setting", "audit"])
def test_a_setting_and_a_use_are_no_more_in_doubt_than_a_record(
    tmp_path: Path, what: str, how: str, in_doubt: bool
) -> None:
    with new_store(tmp_path / "data"):
        pass
    assert with_faults(tmp_path, NOTE, str(tmp_path / "data"), what, how) == f"E-DISK {in_doubt} {in_doubt}"
    with open_store(tmp_path / "data", PASSWORD, LOGIN) as store, store.reading() as session:
        assert store.setting(SettingName.IDLE_MINUTES) != "45", "what is refused does not count after all"
        assert "党员名册" not in session.scalars(select(AuditEntry.detail)).all()


ATTACH = """
import sys
from pathlib import Path
from desktop.services.attachments import AttachmentService
from desktop.services.errors import StorageFailure
from desktop.services.opening import open_store
from tests.services.faults import fail
from tests.stores import LOGIN, PASSWORD

folder, file, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
with open_store(folder, PASSWORD, LOGIN) as store:
    fail(how)
    try:
        AttachmentService(store).attach("branches", store.branch_id, file)
    except StorageFailure as error:
        print(error.code, bool(error.facts.get("in_doubt")))
fail("")
"""


@needs_faults
@pytest.mark.parametrize(("how", "in_doubt"), [(ONCE, False), (FOR_GOOD, True), (SILENCE, True)])
def test_a_commit_that_could_not_be_forced_to_the_disk_counts_with_its_content_or_not_at_all(
    tmp_path: Path, how: str, in_doubt: bool
) -> None:
    with new_store(tmp_path / "data"):
        pass
    (tmp_path / "照片.jpg").write_bytes(b"content")

    told = with_faults(tmp_path, ATTACH, str(tmp_path / "data"), str(tmp_path / "照片.jpg"), how)

    assert told == f"E-DISK {in_doubt}"
    with open_store(tmp_path / "data", PASSWORD, LOGIN) as store:
        rows = AttachmentService(store).list("branches", store.branch_id)
        assert all(row.here for row in rows)
        assert len(list(store.att.ids())) == len(rows)
        assert store.att.staged() == []
        assert check(store) == []
        assert len(rows) == (how == SILENCE), "what the log still holds is the whole action"
