"""The ledger of removable media (移动介质): each file that goes to a stick or is read from one notes itself.

Who carried which data on which stick, and when, stands in the trail of uses; nobody has to type it. What was carried
while the data were closed (a request of who is locked out, a restored backup) is noted when they are next opened.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.stores import Use
from desktop.services import volumes

if TYPE_CHECKING:
    from desktop.services.store import Store

MOST_NAMES = 5


def note_on_stick(store: "Store", use: Use, files: Iterable[Path]) -> None:
    """Note which of `files` lie on which stick; those on a disk of this computer are nobody's concern here."""
    for line in on_sticks(files):
        store.audit(use, line)


def note_read(store: "Store", files: Iterable[Path]) -> None:
    """Note which of `files`, chosen by the user and read for the store, lie on which stick."""
    note_on_stick(store, Use.FROM_STICK, files)


def on_sticks(files: Iterable[Path]) -> list[str]:
    """Return a line of the ledger for each stick that some of `files` lie on."""
    sticks = volumes.sticks()
    names: dict[str, list[str]] = {}
    for file in files:
        volume = volumes.holding(file, sticks)
        if volume is not None:
            names.setdefault(volumes.mark_of(volume), []).append(file.name)
    return [
        f"{mark}：{'、'.join(there[:MOST_NAMES])}" + (f" 等{len(there)}个" if len(there) > MOST_NAMES else "")
        for mark, there in names.items()
    ]
