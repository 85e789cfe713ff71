"""A headquarters and branches that know each other, small and quick, with what must be true of them beside.

They are opened once per process. What a copy of the folder holds (database, sentinel, packages, attachments) is put
back while the database is disconnected: as a raw restore does it, and as trials share a beginning. The one shortcut
in the stores: headquarters keeps no standards, which would make up most of every answer.
"""

import contextlib
import copy
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, select

from desktop.models.members import Member
from desktop.models.race import Remark
from desktop.models.standards import StandardPack
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import DATABASE
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.sync.rotation import settle_keys
from tests.services.sync.parties import enrol, make
from tests.stores import LOGIN, PASSWORD, clock_at

HEADQUARTERS = "hq"
BRANCHES = ("ZK01", "ZK02", "ZK03")
CLOCK = clock_at("2026-03-02 09:00")
_WITNESSES = ("sentinel.json", "keys.json")
_PARTS = (DATABASE, *_WITNESSES, "att", "outbox", "inbox", "quarantine")

State = tuple[str, ...]


@dataclass
class Package:
    """What is known of a package that was made: who made it, from which line, and what it says."""

    file: Path
    digest: str
    sender: str
    descends: tuple[str, ...]
    state: State


@dataclass
class Memory:
    """What a store is known to remember; it goes back with the store."""

    line: tuple[str, ...] = ()
    """Hashes of the reports made here, oldest first."""
    accepted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """At headquarters: reports in force, in their order, by branch."""


@dataclass
class Model:
    """What must be true."""

    packages: dict[str, Package] = field(default_factory=dict)
    memories: dict[str, Memory] = field(default_factory=dict)
    copies: list[tuple[str, Path, Memory]] = field(default_factory=list)
    stick: list[tuple[str, Path]] = field(default_factory=list)
    """What is carried about: the store it is for, and the file."""
    tainted: set[str] = field(default_factory=set)
    """Stores that went back in time, or branches whose line somebody changed by hand."""
    raw: set[str] = field(default_factory=set)
    """Stores whose whole folder went back, with what is witnessed beside the database."""
    words: int = 0
    used: set[str] = field(default_factory=set)


def found(shared: Path) -> None:
    """Make the stores that all histories start from."""
    with make(shared / HEADQUARTERS, StoreKind.HEADQUARTERS, "市公司党建科") as headquarters:
        for code in BRANCHES:
            with make(shared / code, name="草稿") as branch:
                enrol(headquarters, branch, code, f"{code}党支部", shared / "files")


class World:
    """The stores of one process, and the model of what they must hold."""

    def __init__(self, shared: Path, own: Path) -> None:
        self.own, self.model = own, Model()
        self.stores: dict[str, Store] = {}
        for name in (HEADQUARTERS, *BRANCHES):
            shutil.copytree(shared / name, own / name)
            self.stores[name] = open_store(own / name, PASSWORD, LOGIN, clock=CLOCK)
            self.model.memories[name] = Memory()
        with self.headquarters.sessions.begin() as session:
            session.execute(delete(StandardPack))
        self._serial = 0
        self._beginning = self.saved()

    @property
    def headquarters(self) -> Store:
        """Return the store of headquarters."""
        return self.stores[HEADQUARTERS]

    def org(self, code: str) -> str:
        """Return the uid of a branch."""
        return self.stores[code].org

    # going back

    def copied(self, name: str) -> Path:
        """Copy what a store holds, with the database disconnected."""
        self._serial += 1
        target = self.own / "copies" / f"{name}.{self._serial}"
        self._put(self.own / name, target, name)
        return target

    def put_back(self, name: str, source: Path, *, sentinel: bool = True) -> None:
        """Put a copy in the place of what a store holds; without `sentinel` the witnesses stay, as 备份 restores."""
        self._put(source, self.own / name, name, sentinel)
        settle_keys(self.stores[name])  # as at an opening

    def _put(self, source: Path, target: Path, name: str, sentinel: bool = True) -> None:
        self.stores[name].engine.dispose()
        target.mkdir(parents=True, exist_ok=True)
        for part in _PARTS:
            if part in _WITNESSES and not sentinel:
                continue
            path = target / part
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            for journal in ("-wal", "-shm"):
                target.joinpath(part + journal).unlink(missing_ok=True)
            if (source / part).is_dir():
                shutil.copytree(source / part, path)
            elif (source / part).exists():
                shutil.copyfile(source / part, path)

    def saved(self) -> tuple[dict[str, Path], Model]:
        """Return everything as it is now."""
        return {name: self.copied(name) for name in self.stores}, copy.deepcopy(self.model)

    def restored(self, saved: tuple[dict[str, Path], Model] | None = None) -> None:
        """Go back to what was saved, or to the beginning; copies made since are forgotten."""
        folders, model = saved or self._beginning
        for name, folder in folders.items():
            self.put_back(name, folder)
        self.model = copy.deepcopy(model)
        keep = {path for _, path, _ in self.model.copies} | set(folders.values()) | set(self._beginning[0].values())
        for path in (self.own / "copies").iterdir():
            if path not in keep:
                shutil.rmtree(path)
        if saved is None:
            shutil.rmtree(self.own / "stick", ignore_errors=True)
        (self.own / "stick").mkdir(exist_ok=True)

    # looking

    def state(self, store: Store, code: str) -> State:
        """Return what a store holds of a branch: whoever is on its roster, with their work."""
        with store.reading() as session:
            rows = session.scalars(
                select(Member).where(Member.branch_id == self.org(code), Member.deleted_at_utc.is_(None))
            )
            return tuple(sorted(f"{row.name} {row.job_title or ''}" for row in rows))

    def remarks(self, store: Store, code: str) -> State:
        """Return the remarks of headquarters to a branch, as a store has them."""
        with store.reading() as session:
            rows = session.scalars(
                select(Remark.text).where(Remark.branch_id == self.org(code), Remark.deleted_at_utc.is_(None))
            )
            return tuple(sorted(rows))

    def close(self) -> None:
        """Close every store."""
        for store in self.stores.values():
            with contextlib.suppress(Exception):
                store.close()
