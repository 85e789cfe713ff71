"""Stores and packages of former versions (tests/data/VERSION), made by installer/keep_version.py of that version."""

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import DATABASE
from desktop.services.clock import Clock
from desktop.services.opening import open_store
from desktop.services.security.vault import Vault
from desktop.services.store import FOLDERS, Store
from tests.stores import clock_at

DATA = Path(__file__).parent / "data"
PLAIN = "plain.db"


@dataclass(frozen=True)
class Kept:
    """The data of one former version."""

    folder: Path

    @property
    def about(self) -> dict[str, Any]:
        """Its program, schema, day, log-in, password, and how many rows each table of each store has."""
        about: dict[str, Any] = json.loads((self.folder / "about.json").read_text("utf-8"))
        return about

    @property
    def clock(self) -> Clock:
        """A clock that stands late on the day on which it was kept."""
        return clock_at(f"{self.about['kept_on']} 23:59")

    def unpack(self, kind: StoreKind, folder: Path) -> Path:
        """Put the store of this kind into `folder`, as that version left it: its database encrypted by its own key."""
        with tarfile.open(self.folder / f"{kind.value}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
        for name in FOLDERS:
            (folder / name).mkdir(exist_ok=True)
        key = Vault.open(folder).unlock_password(self.about["login"], self.about["password"])
        connection = sqlcipher.connect(str(folder / PLAIN))
        connection.execute("ATTACH DATABASE ? AS store KEY ?", (str(folder / DATABASE), f"x'{key.hex()}'"))
        connection.execute("SELECT sqlcipher_export('store')")
        connection.close()
        (folder / PLAIN).unlink()
        return folder

    def open(self, kind: StoreKind, folder: Path) -> Store:
        """Return the store of this kind, opened in `folder` by the program of today."""
        return open_store(self.unpack(kind, folder), self.about["password"], self.about["login"], clock=self.clock)


VERSIONS = {path.name: Kept(path) for path in sorted(DATA.iterdir()) if (path / "about.json").is_file()}
