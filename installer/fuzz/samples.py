"""The stores of the demonstration, as trials start from them: made once per run, then copied."""

import shutil
import tomllib
from pathlib import Path

from desktop.paths import resource
from desktop.services import demo
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
    plan = tomllib.loads(resource("samples/demo.toml").read_text("utf-8"))
    return open_store(folder, demo.PASSWORD, demo.LOGIN, clock=demo.clock_on(plan["on"]))
