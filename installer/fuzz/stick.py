"""A stick full of files named like ours that are none, on every road that reads a stick, a folder or a file from one.

A case fills a folder: bytes that were changed, cut, swapped or came from other people, folders and links and pipes
with the names of files, names nobody types, files without end, files in thousands. Then every road goes over it. Each
refuses in its own words or takes nothing; the stores, the stick and what lies beside it stay as they were.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

from desktop.messages import present
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import DATABASE
from desktop.services.archive.verifying import is_archive, verify
from desktop.services.attachments.sources import opened
from desktop.services.backup import BackupService, restore, try_restore
from desktop.services.errors import AppError
from desktop.services.intake.mappings import Mappings
from desktop.services.opening import open_store
from desktop.services.security.attempts import NAME as ATTEMPTS
from desktop.services.security.vault import NAME as VAULT
from desktop.services.standards.editions import read_edition
from desktop.services.store import Store
from desktop.services.sync import usb
from desktop.services.sync.assistance import AssistanceService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import Result
from desktop.services.sync.rotation import KeyService
from desktop.services.sync.sending import Sender
from desktop.services.unlocking import ask_headquarters, unlock
from desktop.services.volumes import measured
from desktop.services.workbooks import book
from installer.fuzz import hostile
from installer.fuzz.run import SURVIVED, Kind
from tests.services.sync.parties import dump, enrol, make
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at

CLOCK = clock_at("2026-03-02 09:00")
CODE, NAME = "ZK03", "第三党支部"
NEW = "秋水-长天-88"
"""The password of the request for help."""
_MOST = 6
_MANY = 1000
_ENDLESS = (20 << 30, 8 << 40)
"""Sizes of files that hold nothing: more than a package may have, and more than any disk has."""
_ENDINGS = (".dzp", ".dzk", ".dzbak", ".toml", ".json", ".db", "")
_TAILS = ("\n", "\t", "\x1b[31m", "\u202epzd.", "\u200b", "\ufeff", " ", ".", "长" * 60, "\udcff", "?", "*", "'", "&")
_WITNESS = b"nobody wrote this anew"


class Stick(Kind):
    """Hostile sticks against a headquarters, a branch, and a branch that waits to be unlocked."""

    patience_s = 90
    memory_bytes = 3 << 30

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        for world, seed in (("here", "市公司党建科"), ("there", "别处的党建科")):
            _make(shared / world, seed)
        return {}

    def __init__(self, shared: Path, own: Path) -> None:
        super().__init__(shared, own)
        for name in ("hq", "branch", "asking"):
            shutil.copytree(shared / "here" / name, own / name)
        self._headquarters, self._branch = (
            open_store(own / name, PASSWORD, LOGIN, clock=CLOCK) for name in ("hq", "branch")
        )
        self._genuine = {path.name: path.read_bytes() for path in sorted((shared / "here" / "files").iterdir())}
        self._foreign = {path.name: path.read_bytes() for path in sorted((shared / "there" / "files").iterdir())}
        self._before = self._state()

    def case(self, dice: Random) -> str:
        self._stick, self._beside = self.own / "stick", self.own / "beside"
        for folder in (self._stick, self._beside):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        (self._beside / "witness").write_bytes(_WITNESS)
        (self._beside / "witnesses").mkdir()
        self._fill(dice)
        lies = _listing(self._stick)
        for road in self._roads():
            self._go(road)
        assert _listing(self._stick) == lies, "a road that reads changed the stick"
        self._write(dice)
        assert (self._beside / "witness").read_bytes() == _WITNESS, "written through a link"
        assert not any((self._beside / "witnesses").iterdir()), "written into a folder behind a link"
        self._unchanged()
        return SURVIVED

    # the stick

    def _fill(self, dice: Random) -> None:
        exchange = self._stick / usb.EXCHANGE_FOLDER
        places = [self._stick, exchange, *(exchange / CODE / way for way in (usb.UP_FOLDER, usb.DOWN_FOLDER))]
        if dice.randrange(8) == 0:  # not even the folders are what they are named
            self._put(dice, exchange)
            places = [self._stick]
        for _ in range(dice.randint(1, _MOST)):
            place = dice.choice(places)
            with suppress(OSError):  # what lies there is no folder
                place.mkdir(parents=True, exist_ok=True)
                self._put(dice, place / self._name(dice))
        if dice.randrange(40) == 0:
            with suppress(OSError):
                for number in range(_MANY):
                    (place / f"{CODE}_{NAME}_上报_20260302_{number:08x}.dzp").write_bytes(b"PK"[: number % 3])
                self.what += f"\n  {_MANY} more"

    def _name(self, dice: Random) -> str:
        name = dice.choice([*self._genuine, *self._foreign])
        stem, ending = os.path.splitext(name)
        kind = dice.randrange(6)
        if kind == 0:
            ending = dice.choice(_ENDINGS)
        elif kind == 1:
            stem += dice.choice(_TAILS)
        elif kind == 2:
            stem = dice.choice(hostile.NAMES[3:]).replace("/", "／").replace("\0", "")[:80]
        return (os.fsencode(stem)[:200].decode("utf-8", "surrogateescape") + ending) or "x"

    def _put(self, dice: Random, path: Path) -> None:
        """Lay something hostile down at `path`."""
        if os.path.lexists(path):
            return
        kinds = ("spoilt", "cut", "swapped", "foreign", "garbage", "folder", "link", "pipe", "endless")
        kind = dice.choices(kinds, (8, 5, 5, 5, 4, 3, 4, 1, 1))[0]
        self.what += f"\n  {kind} {path.relative_to(self._stick)!s:.90}"
        genuine = dice.choice([*self._genuine.values()])
        if kind == "spoilt":
            path.write_bytes(hostile.slips(dice, genuine))
        elif kind == "cut":
            path.write_bytes(genuine[: dice.randrange(len(genuine))])
        elif kind == "swapped":
            path.write_bytes(genuine)
        elif kind == "foreign":
            path.write_bytes(dice.choice([*self._foreign.values()]))
        elif kind == "garbage":
            path.write_bytes(dice.choice((b"", b"PK\x03\x04", b"\0" * 70_000, b"{}", b"[" * 9000, dice.randbytes(999))))
        elif kind == "folder":
            path.mkdir()
            if dice.randrange(2):
                (path / path.name).write_bytes(genuine)
        elif kind == "link":
            target: Path | str = dice.choice((path, path.parent, "/dev/zero", "/nowhere", self._beside / "witness",
                                              self._beside / "witnesses", self.own / "hq" / DATABASE,
                                              self.own / "branch" / VAULT))  # fmt: skip
            self.what += f" to {target}"
            path.symlink_to(target)
        elif kind == "pipe":
            os.mkfifo(path)
        else:
            with path.open("wb") as file:
                file.truncate(dice.choice(_ENDLESS))

    # the roads

    def _roads(self) -> list[tuple[str, Callable[[], object]]]:
        """Return everything that reads from a stick, over all that lies there."""
        headquarters, branch = self._headquarters, self._branch
        files = sorted(path for path in self._stick.rglob("*"))
        single = files if len(files) < _MANY else files[:20]
        found: list[tuple[str, Callable[[], object]]] = [
            ("what headquarters finds", lambda: self._received(headquarters, usb.waiting(self._stick, usb.UP_FOLDER))),
            ("what a branch finds", lambda: self._received(branch, usb.waiting(self._stick, usb.DOWN_FOLDER))),
            ("registrations", lambda: EnrolmentService(headquarters).registrations(usb.key_files(self._stick))),
            ("a folder", lambda: self._received(headquarters, sorted(self._stick.rglob("*.dzp")))),
            ("to take back", lambda: Receiver(branch).preview_take_back(single[:3])),
        ]
        alone: tuple[tuple[str, Callable[[Path], object]], ...] = (
            ("received", lambda file: self._received(headquarters, [file])),
            ("taken back", lambda file: self._told(Receiver(branch).take_back([file]))),
            ("registration", lambda file: EnrolmentService(headquarters).accept_registration(file)),
            ("invitation", lambda file: EnrolmentService(branch).accept_invitation(file)),
            ("request", lambda file: AssistanceService(headquarters).accept_request(file)),
            ("answer", lambda file: unlock(self.own / "asking", file, "不是这个密码吧", clock=CLOCK, cost=CHEAP)),
            ("tried", lambda file: try_restore(file, PASSWORD)),
            ("restored", lambda file: restore(file, self.own / "hq", PASSWORD, clock=CLOCK)),
            ("to attach", lambda file: self._read(file)),
            ("mappings", lambda file: Mappings(branch).take(file)),
            ("looked at", lambda file: book(branch, "members").look(file)),
            ("standards", lambda file: read_edition(file)),
            ("verified", lambda file: verify(file)),
        )
        for file in single:
            found += [(f"{name} {file.name!r:.60}", partial(road, file)) for name, road in alone]
        return [*found, ("an archive", lambda: is_archive(self._stick)), ("verify", lambda: verify(self._stick))]

    def _go(self, road: tuple[str, Callable[[], object]]) -> None:
        name, going = road
        said = len(self.what)
        self.what += f"\n{name}"
        try:
            going()
        except AppError as error:
            self._refused(error)
        self.what = self.what[:said]

    def _refused(self, error: AppError) -> None:
        assert present(error).title, f"no words for {error.code}"

    def _read(self, file: Path) -> None:
        with opened(file) as source:
            source.read(1 << 20)

    def _received(self, store: Store, files: list[Path]) -> None:
        self._told(Receiver(store).receive(files))

    def _told(self, results: list[Result]) -> None:
        for result in results:
            assert result.message
            assert result.code.startswith(("E-", "I-"))

    def _write(self, dice: Random) -> None:
        """Write a package of ours to the stick, where something may have its name already."""
        source = self.shared / "here" / "files" / dice.choice([*self._genuine])
        folder = usb.exchange_folder(self._stick, CODE, usb.DOWN_FOLDER)
        with suppress(OSError):
            if not (self._stick / usb.EXCHANGE_FOLDER).is_symlink():
                folder.mkdir(parents=True, exist_ok=True)
            self._put(dice, folder / source.name)
            if dice.randrange(2):
                self._put(dice, folder / f"{source.name}.part")
        self.what += "\nwritten"
        try:
            volume = measured(self._stick, "/dev/sdz1", "ext4", read_only=False)
            copied = usb.copy_verified(source, folder, volume=volume)
        except AppError as error:
            self._refused(error)
            return
        assert not copied.path.is_symlink()
        assert copied.path.read_bytes() == source.read_bytes()
        assert copied.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()

    # what must stay

    def _state(self) -> dict[str, object]:
        """Return what the stores hold, what lies in their folders and beside them."""
        state: dict[str, object] = {"beside": sorted(path.name for path in self.own.iterdir() if "." in path.name)}
        for name, store in (("hq", self._headquarters), ("branch", self._branch)):
            state |= {f"{name}.{table}": rows for table, rows in dump(store).items()}
            state[name] = _listing(self.own / name, keep=("inbox", "outbox", "quarantine", "att"))
        return state | {
            path.name: path.read_bytes() for path in (self.own / "asking").glob("*.json") if path.name != ATTEMPTS
        }

    def _unchanged(self) -> None:
        state = self._state()
        for name in sorted(self._before.keys() | state.keys()):
            before, now = self._before.get(name), state.get(name)
            assert before == now, f"{name} changed: {str(now)[:900]}"


def _make(folder: Path, title: str) -> None:
    """Make a headquarters with a branch that knows it, and one file of every kind that passes between them."""
    files = folder / "files"
    files.mkdir(parents=True)
    with (
        make(folder / "hq", StoreKind.HEADQUARTERS, title) as headquarters,
        make(folder / "branch") as branch,
        make(folder / "asking") as asking,
        make(folder / "new") as new,
    ):
        enrol(headquarters, branch, CODE, NAME, folder / "rest")
        enrol(headquarters, asking, "ZK04", "第四党支部", folder / "rest")
        AssistanceService(asking).allow()
        report = Sender(branch).pack(files).file
        Receiver(headquarters).receive([report])
        KeyService(branch).rotate()
        announced = Sender(branch).pack(files).file
        Receiver(headquarters).receive([announced])
        answer = Sender(headquarters).answer([CODE], files)[0].file
        Receiver(branch).receive([answer])
        Receiver(branch).take_back([Sender(headquarters).hand_back(CODE, files).file])
        BackupService(branch).to_file(files / "备份.dzbak")
        invitation = EnrolmentService(headquarters).invite("ZK05", "第五党支部", "mixed", files)
        EnrolmentService(new).accept_invitation(invitation.path).confirm(files)
    asked = ask_headquarters(folder / "asking", LOGIN, NEW, files, clock=CLOCK, cost=CHEAP)
    with open_store(folder / "hq", PASSWORD, LOGIN, clock=CLOCK) as headquarters:
        AssistanceService(headquarters).accept_request(asked.path).confirm(files)


def _listing(folder: Path, keep: tuple[str, ...] = ("",)) -> list[tuple[str, int, int]]:
    """Return what lies in a folder: names, kinds and sizes."""
    paths = sorted(path for part in keep for path in (folder / part).rglob("*"))
    return [(os.fsdecode(os.fsencode(path)), path.lstat().st_mode, path.lstat().st_size) for path in paths]
