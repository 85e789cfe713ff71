"""Moving to a new PC (换电脑): a backup that says so, after which this copy hands nothing in any more.

The backup carries the same note. Data restored from a backup that is no older than the note have arrived: identity and
keys came along, and they go on. Data that carry it and were not restored from such a backup are the ones that were
left. Both moments are of the old PC, so the clock of the new one may go wrong.
"""

import json
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from desktop.models.history import SettingName
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.sync import SyncPackage
from desktop.models.vocabulary.access import Act
from desktop.services.backup import BackupService
from desktop.services.backup.restoring import restored_into
from desktop.services.clock import utc_text
from desktop.services.errors import PackageRefused
from desktop.services.progress import Progress, silent

if TYPE_CHECKING:
    from desktop.services.store import Store


MOVING = "moving"
"""What the way to the comparison is called, where a page leads there."""


class Place(Enum):
    """Which of the two copies this is."""

    AT_HOME = "at_home"  # never moved, or the move is over
    LEFT = "left"  # the old PC
    ARRIVED = "arrived"  # the new PC


@dataclass(frozen=True, slots=True)
class Count:
    """What both PCs must agree on: how many members and meetings there are, which package was the last."""

    members: int
    meetings: int
    last_package: int


@dataclass(frozen=True, slots=True)
class Move:
    """Where these data stand in a move; `then` is what was counted when they left."""

    place: Place
    at_utc: str = ""
    then: Count | None = None
    now: Count | None = None


class MovingService:
    """The move of one store to a new PC."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def state(self) -> Move:
        """Return where these data stand."""
        at_utc, then = _noted(self._store)
        if then is None:
            return Move(Place.AT_HOME)
        back = restored_into(self._store.folder)
        arrived = back is not None and back.made_at_utc >= at_utc
        return Move(Place.ARRIVED if arrived else Place.LEFT, at_utc, then, self._count())

    def write(self, folder: Path, progress: Progress = silent) -> Path:
        """Write the backup for the new PC to `folder`, read back; from then on nothing is handed in from here.

        Raises:
            NotAllowed: who works here may not make backups.
            StorageFailure, Cancelled: it could not be written; nothing has moved.
        """
        store = self._store
        store.rights.require(Act.BACKUP)
        store.require_writable()
        former = store.setting(SettingName.MOVED)
        store.set_setting(
            SettingName.MOVED, json.dumps({"at_utc": utc_text(store.clock()), "then": asdict(self._count())})
        )
        try:
            return BackupService(store).to_file(folder, progress)
        except BaseException:
            store.set_setting(SettingName.MOVED, former)
            raise

    def settle(self) -> None:
        """End the move: on the new PC all is there; on the old one, it is used on after all.

        Raises:
            NotAllowed: who works here may not make backups.
        """
        self._store.rights.require(Act.BACKUP)
        self._store.set_setting(SettingName.MOVED, "")

    def unchecked(self) -> str:
        """Return what is to be compared with the old PC, in words, until somebody said that it agrees; else ""."""
        if self.state().place is not Place.ARRIVED:
            return ""
        return "数据已移到这台电脑，请核对党员、会议、包号和旧电脑上一样"

    def _count(self) -> Count:
        with self._store.reading() as session:
            members = session.scalar(select(func.count(Member.id)).where(Member.deleted_at_utc.is_(None))) or 0
            meetings = session.scalar(select(func.count(Meeting.id)).where(Meeting.deleted_at_utc.is_(None))) or 0
            last = session.scalar(select(func.max(SyncPackage.seq))) or 0
        return Count(members, meetings, last)


def require_not_left(store: "Store") -> None:
    """See that packages go out from the PC that is in use: two that report would be two lines of one branch.

    Raises:
        PackageRefused: E-MOVED; these data were moved to a new PC.
    """
    if MovingService(store).state().place is Place.LEFT:
        raise PackageRefused("E-MOVED")


def _noted(store: "Store") -> tuple[str, Count | None]:
    try:
        kept = json.loads(store.setting(SettingName.MOVED) or "{}")
        return str(kept["at_utc"]), Count(**kept["then"])
    except (ValueError, KeyError, TypeError):
        return "", None
