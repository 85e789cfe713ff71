"""What is half written outside a store when the program is killed goes at the next start."""

import os
import sys
from pathlib import Path

import pytest

from desktop.models.history import SettingName
from desktop.services.backup import BackupService
from desktop.services.files import partial, set_aside
from desktop.services.leaving import leaving
from desktop.services.opening import open_store
from desktop.services.workbooks import book
from tests.stores import LOGIN, PASSWORD, new_store


def half_written(folder: Path, target: Path) -> None:
    """Leave a store as a program would that was killed while it wrote `target`."""
    store = new_store(folder)
    killed = leaving(store, target)
    killed.__enter__()  # and never again out of it
    partial(target).write_bytes(b"half")
    store.close()


def test_it_is_swept_and_what_came_whole_stays(tmp_path: Path) -> None:
    whole, half = tmp_path / "名册.xlsx", tmp_path / "会议.xlsx"
    with new_store(tmp_path / "other") as store:
        book(store, "members").export(whole)
        assert store.setting(SettingName.LEAVING) == ""
    half_written(tmp_path / "data", half)
    with open_store(tmp_path / "data", PASSWORD, LOGIN) as store:
        assert store.setting(SettingName.LEAVING) == ""
    assert not partial(half).exists()
    assert whole.exists()


def test_what_a_cut_left_aside_is_back_where_nothing_took_its_place_and_gone_where_something_did(
    tmp_path: Path,
) -> None:
    for name, whole in (("先.xlsx", False), ("后.xlsx", True)):
        target = tmp_path / name
        half_written(tmp_path / name[0], target)
        set_aside(target).write_bytes(b"former")
        if whole:
            target.write_bytes(b"new")
        with open_store(tmp_path / name[0], PASSWORD, LOGIN) as store:
            assert store.setting(SettingName.LEAVING) == ""
        assert target.read_bytes() == (b"new" if whole else b"former")
        assert not set_aside(target).exists()
        assert not partial(target).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="such a name cannot be made there")
def test_a_name_that_is_no_text_is_noted_too(tmp_path: Path) -> None:
    half = tmp_path / os.fsdecode(b"\xff.xlsx")
    half_written(tmp_path / "data", half)
    open_store(tmp_path / "data", PASSWORD, LOGIN).close()
    assert not partial(half).exists()


def test_what_lies_on_a_stick_that_is_out_waits_for_it(tmp_path: Path) -> None:
    stick, away = tmp_path / "stick", tmp_path / "away"
    stick.mkdir()
    half_written(tmp_path / "data", stick / "会议.xlsx")
    stick.rename(away)
    open_store(tmp_path / "data", PASSWORD, LOGIN).close()
    away.rename(stick)
    assert list(stick.iterdir())
    open_store(tmp_path / "data", PASSWORD, LOGIN).close()
    assert not list(stick.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of the folder")
def test_nobody_else_reads_the_database_or_a_copy_not_even_of_an_older_program(tmp_path: Path) -> None:
    def rights(folder: Path) -> set[int]:
        return {path.stat().st_mode & 0o077 for path in folder.rglob("*") if path.is_file() and path.suffix != ".log"}

    with new_store(tmp_path / "data") as store:
        BackupService(store).backup()
        assert rights(tmp_path / "data") == {0}
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    with open_store(tmp_path / "data", PASSWORD, LOGIN):
        assert {path.stat().st_mode & 0o077 for path in (tmp_path / "data").glob("main.db*")} == {0}
        assert {path.stat().st_mode & 0o077 for path in (tmp_path / "data" / "backup").iterdir()} == {0}
