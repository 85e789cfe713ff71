"""The keys of an installation, kept in its database."""

from pathlib import Path

from sqlalchemy import select

from desktop.models.sync import OwnKey
from desktop.services.security.installation import identities_of, identity_of
from desktop.services.security.keys import Identity
from desktop.services.store import Store
from tests.stores import LOGIN, PASSWORD, new_store


def test_the_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        first = identity_of(store)
        assert identity_of(store) == first
    with Store.open(tmp_path / "data", PASSWORD, LOGIN) as store:
        assert identity_of(store) == first
        assert identities_of(store) == (first,)


def test_retired_keys_are_kept_for_old_packages(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        old = identity_of(store)
        with store.unit_of_work("更换密钥") as session:
            row = session.scalars(select(OwnKey).where(OwnKey.purpose == "identity")).one()
            row.retired_at_utc = "2026-11-22T01:00:00Z"
        new = identity_of(store)
        assert isinstance(new, Identity)
        assert new != old
        assert identities_of(store) == (new, old)


def test_the_secrets_are_nowhere_but_in_the_encrypted_database(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        keys = identity_of(store)
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert keys.age_secret.encode() not in content
            assert keys.sign_seed.hex().encode() not in content
            assert keys.sign_seed not in content
