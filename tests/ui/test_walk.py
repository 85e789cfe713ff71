"""The whole window, walked through in processes of their own: no end of the process, no warning, no defect."""

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.branches import BranchService
from tests.stores import CHEAP, LOGIN, PASSWORD, new_store
from tests.ui import xvfb
from tests.ui.full import AT, full_store

ROOT = Path(__file__).parents[2]
LIMIT_S = 600
needs_display = pytest.mark.skipif(
    not xvfb.installed(), reason="Xvfb or libxcb-cursor is not installed: no walk on a display"
)


def walk(folder: Path, home: Path, on_display: bool, login: str = LOGIN) -> tuple[int, str]:
    """Walk through the store; return the exit status, and where the walk ended with all that it met.

    On a display everything dies as it does for a user; elsewhere layouts that nobody placed are looked for.
    """
    shown = xvfb.display() if on_display else nullcontext({"QT_QPA_PLATFORM": "offscreen"})
    command = [
        sys.executable,
        "-X",
        "faulthandler",
        "-m",
        "tests.ui.walk",
        str(folder),
        AT,
        *([] if on_display else ["--layouts", login]),
    ]
    homes = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA")}
    with shown as env:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **homes, **env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LIMIT_S,
            check=False,
        )
    lines = done.stdout.splitlines()
    places = [line for line in lines if line.startswith("at ")]
    return done.returncode, "\n".join((*places[-1:], *(line for line in lines if line not in places), done.stderr))


@pytest.mark.parametrize("filled", [True, False], ids=["full", "empty"])
@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_every_tab_and_every_button_of_a_store(tmp_path: Path, kind: StoreKind, filled: bool) -> None:
    make = full_store if filled else lambda folder, kind: new_store(folder, kind, AT)
    make(tmp_path / "store", kind).close()
    assert walk(tmp_path / "store", tmp_path / "home", on_display=False) == (0, "at the end\n")


@pytest.mark.parametrize(
    ("kind", "role", "post"),
    [
        (StoreKind.BRANCH, "branch_reader", None),
        (StoreKind.BRANCH, "group_leader", Post.GROUP_LEADER),
        (StoreKind.BRANCH, "committee", Post.ORG_COMMISSIONER),
        (StoreKind.BRANCH, "committee", Post.DISCIPLINE_COMMISSIONER),
        (StoreKind.HEADQUARTERS, "headquarters_reader", None),
        (StoreKind.HEADQUARTERS, "clerk", None),
    ],
    ids=lambda part: str(part or ""),
)
def test_nothing_is_offered_that_is_refused_and_nothing_a_reader_opens_can_be_changed(
    tmp_path: Path, kind: StoreKind, role: str, post: Post | None
) -> None:
    with full_store(tmp_path / "store", kind) as store:
        holders = [held.member_id for held in BranchService(store).posts() if held.post is post]
        UserService(store).add("查看", PASSWORD, [role], holders[0] if holders else None, cost=CHEAP)
    assert walk(tmp_path / "store", tmp_path / "home", on_display=False, login="查看") == (0, "at the end\n")


@needs_display
@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_every_tab_and_every_button_on_a_real_display(tmp_path: Path, kind: StoreKind) -> None:
    full_store(tmp_path / "store", kind).close()
    assert walk(tmp_path / "store", tmp_path / "home", on_display=True) == (0, "at the end\n")
