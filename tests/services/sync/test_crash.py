"""Killed at any moment, or failing at any step: what was acknowledged is there, and the next start is clean."""

import errno
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

import pytest
from sqlalchemy import select

from desktop.models.members import Member
from desktop.models.sync import SyncPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.stores import PackageState, StoreKind
from desktop.services.attachments import AttachmentService
from desktop.services.errors import StorageFailure
from desktop.services.files import FilePort
from desktop.services.integrity import check
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.sync import package_reader
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from desktop.services.sync.turns import recover
from tests.services.faults import FOR_GOOD, SILENCE, needs_faults, with_faults
from tests.services.sync.pairs import Pair, attach, numbered
from tests.services.sync.parties import dump, enrol, make, missing
from tests.stores import LOGIN, PASSWORD, clock_at

KILLS = int(os.environ.get("BRANCH_DESK_KILLS", "4"))
"""How often each process is killed; set it higher for a night."""
CLOCK = clock_at("2026-03-02 09:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A headquarters and a branch with attachments, closed, and a stick."""
    with make(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters, make(tmp_path / "branch") as branch:
        enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path / "files")
        for number in range(3):
            path = tmp_path / f"{number}.bin"
            path.write_bytes(random.Random(number).randbytes(700_000))
            AttachmentService(branch).attach("branches", branch.branch_id, path)
    (tmp_path / "stick").mkdir()
    return tmp_path


def opened(folder: Path) -> Store:
    return open_store(folder, PASSWORD, LOGIN, clock=CLOCK)


def add_member(store: Store, name: str) -> None:
    with store.unit_of_work("登记党员", Act.EXCHANGE) as session:
        session.add(
            Member(
                branch_id=store.branch_id,
                name=name,
                category=MemberCategory.FULL_MEMBER,
                status=MemberStatus.FULL_MEMBER,
            )
        )


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(session.scalars(select(Member.name)))


def killed(verb: str, folder: Path, stick: Path, after: float) -> list[str]:
    """Let another process work until it is killed `after` seconds of it; return what it acknowledged."""
    command = [sys.executable, "-m", "tests.services.sync.test_crash", verb, str(folder), str(stick)]
    environment = {**os.environ, "PYTHONPATH": "."}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after)  # not for a condition: the moment is meant to be any
        process.kill()
        lines = process.stdout.read().split("\n")
    return lines[:-1]


def test_killed_while_packing(folder: Path) -> None:
    moments = random.Random(1)
    known: list[str] = []
    for _ in range(KILLS):
        known += killed("pack", folder / "branch", folder / "stick", moments.uniform(0.02, 0.6))
        with opened(folder / "branch") as store:
            recover(store)
            assert not list((folder / "branch" / "outbox").glob("*.part"))
            with store.reading() as session:
                noted = {row.package_hash: row.file_name for row in session.scalars(select(SyncPackage))}
            assert set(known) <= noted.keys()
            for package_hash, name in noted.items():
                path = folder / "branch" / "outbox" / name
                if path.exists():
                    assert package_reader.peek(path)[0].stream is not None
                    assert path.name.endswith(f"_{package_hash[:8]}.dzp")
    with opened(folder / "branch") as store, opened(folder / "hq") as headquarters:
        packed = Sender(store).pack(folder / "stick")
        assert [one.code for one in Receiver(headquarters).receive([packed.file])] == ["OK"]


def test_killed_while_receiving(folder: Path) -> None:
    files: list[Path] = []
    states: set[tuple[str, ...]] = {()}
    with opened(folder / "branch") as store:
        for number in range(12):
            add_member(store, numbered(number))
            files.append(Sender(store).pack(folder / "stick").file)
            states.add(tuple(names(store)))
    moments = random.Random(2)
    for _ in range(KILLS):
        done = killed("receive", folder / "hq", folder / "stick", moments.uniform(0.02, 0.6))
        with opened(folder / "hq") as headquarters:
            recover(headquarters)
            assert not list((folder / "hq").glob("inbox/*.part"))
            assert not list((folder / "hq").glob("att/*/*.part"))
            assert tuple(names(headquarters)) in states
            assert set(done) <= {row.package_hash for row in Receiver(headquarters).received()}
    with opened(folder / "hq") as headquarters:
        Receiver(headquarters).receive(files)
        assert tuple(names(headquarters)) == max(states, key=len)
        assert missing(headquarters) == []


class FailingAt(FilePort):
    """A disk that refuses its n-th step, once."""

    def __init__(self, step: int, number: int) -> None:
        super().__init__()
        self.left, self.number = step, number

    def _step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(self.number, os.strerror(self.number))

    def open_excl(self, path: Path) -> Any:
        self._step()
        return super().open_excl(path)

    def write(self, file: IO[bytes], data: bytes) -> None:
        self._step()
        super().write(file, data)

    def fsync(self, file: IO[bytes]) -> bool:
        self._step()
        return super().fsync(file)

    def replace(self, source: Path, target: Path) -> None:
        self._step()
        super().replace(source, target)

    def fsync_dir(self, folder: Path) -> None:
        self._step()
        super().fsync_dir(folder)


def test_every_step_of_packing_may_fail(folder: Path) -> None:
    with opened(folder / "branch") as store, opened(folder / "hq") as headquarters:
        for step in range(1, 100):
            port = FailingAt(step, errno.ENOSPC if step % 2 else errno.EIO)
            failed = None
            add_member(store, numbered(step))  # else the package of the try before is used again
            try:
                Sender(store, port).pack(folder / "stick")
            except StorageFailure as error:
                failed = error.code
            assert failed in {None, "E-DISK-FULL", "E-DISK"}, step
            assert not list(folder.glob("stick/*.part")), step
            if port.left > 0:
                break
        assert step > 15
        for file in sorted((folder / "stick").glob("*.dzp")):
            assert Receiver(headquarters).receive([file])[0].code == "OK"
        last = Sender(store).pack(folder / "stick")
        assert Receiver(headquarters).receive([last.file])[0].code == "OK"


def test_every_step_of_receiving_may_fail(folder: Path) -> None:
    with opened(folder / "branch") as store:
        file = Sender(store).pack(folder / "stick").file
    with opened(folder / "hq") as headquarters:
        before = dump(headquarters)
        for step in range(1, 100):
            port = FailingAt(step, errno.ENOSPC if step % 2 else errno.EIO)
            (result,) = Receiver(headquarters, port).receive([file])
            if result.code == "OK" or port.left > 0:
                break
            assert result.code in {"E-DISK-FULL", "E-DISK"}, step
            assert dump(headquarters) == before, step
        assert step > 3
        assert Receiver(headquarters).receive([file])[0].code in {"OK", "I-DUP"}
        assert missing(headquarters) == []


class PowerLost(BaseException):
    """The lights went out."""


class PowerCut(FilePort):
    """A disk that loses power at its n-th step: what was not forced to it is gone, names that were not are the old."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.left = step
        self.forced: dict[Path, int] = {}
        self.renamed: dict[Path, Path] = {}
        self.paths: dict[int, Path] = {}

    def _step(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise PowerLost

    def open_excl(self, path: Path) -> Any:
        self._step()
        file = super().open_excl(path)
        self.paths[id(file)], self.forced[path] = path, 0
        return file

    def write(self, file: IO[bytes], data: bytes) -> None:
        self._step()
        super().write(file, data)

    def fsync(self, file: IO[bytes]) -> bool:
        self._step()
        done = super().fsync(file)
        path = self.paths[id(file)]
        self.forced[path] = path.stat().st_size
        return done

    def replace(self, source: Path, target: Path) -> None:
        self._step()
        super().replace(source, target)
        self.renamed[target] = source

    def fsync_dir(self, folder: Path) -> None:
        self._step()
        super().fsync_dir(folder)
        for target in [one for one in self.renamed if one.parent == folder]:
            self.forced[target] = self.forced.pop(self.renamed.pop(target), 0)

    def remove(self, path: Path) -> None:
        if self.left <= 0:
            raise PowerLost
        super().remove(path)

    def apply(self) -> None:
        """Leave the disk as the cut left it."""
        for target, source in self.renamed.items():
            target.rename(source)
        for path, size in self.forced.items():
            if path.exists():
                os.truncate(path, min(size, path.stat().st_size))


def test_power_may_go_at_every_step_of_packing(folder: Path) -> None:
    with opened(folder / "branch") as store, opened(folder / "hq") as headquarters:
        for step in range(1, 200):
            port, cut = PowerCut(step), False
            add_member(store, numbered(step))  # else the package of the try before is used again
            try:
                Sender(store, port).pack(folder / "stick")
            except PowerLost:
                cut = True
                port.apply()
            if not cut:
                break
            recover(store)
            assert not list((folder / "branch" / "outbox").glob("*.part")), step
            for row in sent_packages(store):
                if row.here:
                    assert package_reader.peek(row.file)[1], step
                assert row.here or row.state is PackageState.SUPERSEDED, step
        assert step > 15
        for row in sent_packages(store):
            if row.state is PackageState.COPIED:
                copied = Sender(store).copy(row.package_hash, folder / "again")
                assert Receiver(headquarters).receive([copied])[0].code in {"OK", "I-STALE"}


def child(verb: str, folder: Path, stick: Path) -> None:
    """Work until killed, saying what is done."""
    with opened(folder) as store:
        print("ready", flush=True)
        while True:
            if verb == "pack":
                print(Sender(store).pack(None).package_hash, flush=True)
            else:
                for file in sorted(stick.glob("*.dzp")):
                    print(Receiver(store).receive([file])[0].package_hash, flush=True)


if __name__ == "__main__":
    child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))


TAKE_IN = """
import sys
from pathlib import Path
from desktop.services.opening import open_store
from desktop.services.sync.receiving import Receiver
from tests.services.faults import fail
from tests.stores import LOGIN, PASSWORD

with open_store(Path(sys.argv[1]), PASSWORD, LOGIN) as store:
    fail(sys.argv[3])
    for _ in range(2):
        try:
            print(*(result.code for result in Receiver(store).receive([Path(sys.argv[2])])))
        except Exception as error:
            print(error.code)
fail("")
"""


@needs_faults
@pytest.mark.parametrize("how", [FOR_GOOD, SILENCE])
def test_a_package_whose_commit_could_not_be_forced_to_the_disk_is_in_with_its_attachments_or_not_at_all(
    pair: Pair, tmp_path: Path, how: str
) -> None:
    attach(pair.branch, tmp_path, b"evidence")
    report = pair.report()
    pair.headquarters.close()

    told = with_faults(tmp_path, TAKE_IN, str(pair.headquarters.folder), str(report), how)

    assert set(told.split()) <= {"E-DISK", "E-DB-BUSY"}
    with open_store(pair.headquarters.folder, PASSWORD, LOGIN) as headquarters:
        assert missing(headquarters) == []
        assert headquarters.att.staged() == []
        assert Receiver(headquarters).receive([report])[0].code in {"OK", "I-DUP"}
        assert check(headquarters) == []
