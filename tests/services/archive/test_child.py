"""An archive in a process of its own: one that is ended from outside is a defect that says so."""

import multiprocessing
from pathlib import Path

import pytest

from desktop.services.archive.child import ChildFailed, build_in_child
from desktop.services.store import Store
from tests.services.archive.conftest import ON


def test_a_child_that_is_killed_is_told_as_ended_without_an_answer(branch: Store, tmp_path: Path) -> None:
    def kill(_done: int, _total: int) -> None:
        for child in multiprocessing.active_children():
            child.kill()
            child.join()

    with pytest.raises(ChildFailed, match="ended without an answer"):
        build_in_child(branch, 2026, tmp_path / "档案", ON, kill)
    assert not (tmp_path / "档案").exists()
