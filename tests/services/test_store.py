"""An open store: its settings, its trail of uses, and its end."""

from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.history import AuditEntry, SettingName
from desktop.models.vocabulary.stores import StoreKind, Use
from desktop.services.opening import open_store
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
