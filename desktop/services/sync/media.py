"""The ledger of removable media (移动介质): each package or backup that goes to a stick or comes from one notes itself.

Who carried which data on which stick, and when, stands in the trail of uses; nobody has to type it.
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
    sticks = volumes.sticks()
    names: dict[str, list[str]] = {}
    for file in files:
        volume = volumes.holding(file, sticks)
        if volume is not None:
            names.setdefault(volumes.mark_of(volume), []).append(file.name)
    for mark, there in names.items():
        more = f" 等{len(there)}个" if len(there) > MOST_NAMES else ""
        store.audit(use, f"{mark}：{'、'.join(there[:MOST_NAMES])}{more}")
