"""Files on their way out of a store (导出): noted while they are written.

What is half written lies readable beside its place, perhaps on a stick. A killed program cannot take it away; the next
start does, or the first one with that stick in.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import StorageFailure
from desktop.services.files import FilePort, partial, set_aside, settle
from desktop.services.sync.media import note_on_stick

if TYPE_CHECKING:
    from desktop.services.store import Store

_MOST = 100
_noting = Lock()
"""Two files may be on their way at once, from two threads."""


@contextlib.contextmanager
def leaving(store: "Store", path: Path, by: Act = Act.EXPORT) -> Iterator[None]:
    """Note that `path` is being written, until it is there or nothing is left of it.

    That nothing can be noted keeps nobody from writing elsewhere; that `by` is not allowed does: no file leaves a
    store by another door.

    Raises:
        NotAllowed: the roles of who works here do not reach so far.
    """
    store.rights.require(by)
    path = path.absolute()
    _change(store, add=path)
    try:
        yield
        note_on_stick(store, Use.TO_STICK, [path])
    finally:
        if not _left(path):
            _change(store, drop=path)


def sweep_left(store: "Store") -> None:
    """Take away what programs that were killed left half written; what cannot be reached now waits."""
    waiting = []
    for path in _noted(store):
        settle(path)
        FilePort().remove_quietly(partial(path))
        if _left(path):
            waiting.append(path)
    _keep(store, waiting)


def _left(path: Path) -> bool:
    """Whether something half written may be there: it is, or its stick is out."""
    return not path.parent.is_dir() or partial(path).exists() or set_aside(path).exists()


def _change(store: "Store", add: Path | None = None, drop: Path | None = None) -> None:
    with _noting:
        paths = [path for path in _noted(store) if path not in (add, drop)]
        _keep(store, paths if add is None else [*paths, add])


def _noted(store: "Store") -> list[Path]:
    try:
        return [Path(name) for name in json.loads(store.setting(SettingName.LEAVING) or "[]")]
    except (ValueError, TypeError):
        return []


def _keep(store: "Store", paths: list[Path]) -> None:
    words = json.dumps([str(path) for path in paths[-_MOST:]]) if paths else ""  # any name, in ASCII
    if store.look is None and words != store.setting(SettingName.LEAVING):
        with contextlib.suppress(StorageFailure):
            store.set_setting(SettingName.LEAVING, words)
