"""The stores of the demonstration, as trials start from them: made once per run, then copied."""

import shutil
import tomllib
from pathlib import Path

from sqlalchemy import select

from desktop.models.members import Member
from desktop.paths import resource
from desktop.services import demo
from desktop.services.clock import Clock
from desktop.services.opening import open_store
from desktop.services.store import Store

HEADQUARTERS, BRANCH, OTHER = "总部", "ZK01", "ZK02"
PERIOD, EARLIER = "2026Q3", "2026Q2"
"""The period that is published, and one that nobody scored."""


def found(shared: Path) -> demo.DemoResult:
    """Make the demonstration in `shared`/demo."""
    return demo.run(shared / "demo")


def copied(shared: Path, name: str, target: Path) -> Path:
    """Copy a store of the demonstration to `target`, in place of what is there; return `target`."""
    shutil.rmtree(target, ignore_errors=True)
    return shutil.copytree(shared / "demo" / "数据" / name, target)


def opened(folder: Path) -> Store:
    """Open a copy, on the day of the demonstration."""
    return open_store(folder, demo.PASSWORD, demo.LOGIN, clock=clock())


def clock() -> Clock:
    """Return the clock of the demonstration."""
    return demo.clock_on(tomllib.loads(resource("samples/demo.toml").read_text("utf-8"))["on"])


def words(folder: Path) -> list[str]:
    """Return names and numbers of the people in a store: what must not be readable outside it."""
    with opened(folder) as store, store.reading() as session:
        rows = session.execute(select(Member.name, Member.id_no, Member.phone)).all()
    return [text for row in rows for text in row if text and len(text) > 2]
