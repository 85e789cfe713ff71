"""The sample data a newcomer may look at (样例): built once, in a folder of its own, never mixed with real records."""

import os
import shutil
import tomllib
from pathlib import Path

from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services import demo
from desktop.services.opening import open_store
from desktop.services.progress import Progress, silent
from desktop.services.store import Store

PASSWORD = demo.PASSWORD
SHOWN = {StoreKind.BRANCH: "ZK04", StoreKind.HEADQUARTERS: "总部"}
"""Which of the sample stores is opened first: the branch with the fullest year, or headquarters."""


def prepare(folder: Path, progress: Progress = silent) -> None:
    """Make sure that the whole demonstration lies in `folder`; what is there already stays as the user left it.

    Raises:
        Cancelled: by `progress`; then there is no such folder.
        StorageFailure: the disk refuses.
    """
    if folder.exists():
        return
    building = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(building, ignore_errors=True)  # a former attempt that was cut off
    try:
        demo.run(building, progress)
        os.rename(building, folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def open_sample(folder: Path, kind: StoreKind, progress: Progress = silent) -> Store:
    """Build the sample data in `folder` if they are not there, and open the store of this kind.

    Its clock stands on the day of the demonstration, so that what is due and what is late stay as they are told.
    """
    prepare(folder, progress)
    return open_at(folder / "数据" / SHOWN[kind], PASSWORD)


def open_at(store: Path, password: str, login: str | None = None) -> Store:
    """Open one of the sample stores with the demonstration's clock.

    Raises:
        VaultError: the user has set another password there.
    """
    on = tomllib.loads(resource("samples/demo.toml").read_text("utf-8"))["on"]
    return open_store(store, password, login, clock=demo.clock_on(on))
