"""The check of a store finds every kind of damage, names it, and changes nothing."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.models.history import SettingName
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService
from desktop.services.errors import Cancelled
from desktop.services.integrity import begin_day, check
from desktop.services.security.vault import Vault
from desktop.services.store import Store
from tests.records import a_meeting
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with two attachments and a backup."""
    made = new_store(tmp_path / "data")
    for name in ("签到表.txt", "照片.jpg"):
        (tmp_path / name).write_bytes(name.encode() * 10_000)
        AttachmentService(made).attach("meetings", a_meeting(made), tmp_path / name)
    BackupService(made).backup()
    return made


def flip(path: Path, share: float = 0.5) -> None:
    data = bytearray(path.read_bytes())
    data[int(len(data) * share)] ^= 0xFF
    path.write_bytes(data)


def first_content(store: Store) -> Path:
    return store.att.path(next(store.att.ids()))


def test_a_whole_store_has_no_problems(store: Store) -> None:
    told: list[tuple[int, int]] = []
    assert check(store, lambda done, total: told.append((done, total))) == []
    assert told[-1][0] == told[-1][1] >= 6


def test_an_empty_store_has_no_problems(tmp_path: Path) -> None:
    assert check(new_store(tmp_path / "data")) == []


def copy_of(store: Store) -> Path:
    return next((store.folder / "backup").glob("*.db"))


@pytest.mark.parametrize(
    ("damage", "code", "named"),
    [
        (lambda store: flip(first_content(store)), "E-ATT-DAMAGED", "附件“"),
        (lambda store: first_content(store).unlink(), "E-ATT-MISSING", "附件“"),
        (lambda store: flip(store.folder / "vault.json", 0.0), "E-DB-DAMAGED", "vault.json"),
        (lambda store: (store.folder / "vault.json.bak").unlink(), "E-DB-DAMAGED", "vault.json.bak"),
        (lambda store: flip(copy_of(store)), "E-BACKUP-DAMAGED", "2026-11-22"),
        (lambda store: flip(copy_of(store).with_suffix(".vault.json"), 0.0), "E-BACKUP-DAMAGED", "2026-11-22"),
        (lambda store: (store.folder / "att" / "x.txt").write_bytes(b"x"), "E-ATT-ORPHAN", "x.txt"),
    ],
)
def test_each_damage_is_found_and_named_and_alone(
    store: Store, damage: Callable[[Store], object], code: str, named: str
) -> None:
    damage(store)
    (problem,) = check(store)
    assert problem.code == code
    assert named in problem.what
    assert problem.next.endswith("。")


def test_a_damaged_page_of_the_database_is_found_while_it_is_open(store: Store) -> None:
    with store.sessions.begin() as session:
        session.execute(text("CREATE TABLE filler (a)"))
        session.execute(text("INSERT INTO filler VALUES (zeroblob(300000))"))
    store.engine.dispose()  # the last connection moves everything from the log into the file
    flip(store.folder / "main.db", 0.95)
    assert [problem.code for problem in check(store)] == ["E-DB-DAMAGED"]


def test_slots_of_another_store_are_told_apart(store: Store, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    Vault.create(tmp_path / "other", LOGIN, PASSWORD, CHEAP)
    (store.folder / "vault.json").write_bytes((tmp_path / "other" / "vault.json").read_bytes())
    assert [problem.code for problem in check(store)] == ["E-KEY-WRONG-VAULT"]


def test_headquarters_waits_for_the_next_package(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data", StoreKind.HEADQUARTERS)
    (tmp_path / "a.txt").write_bytes(b"a")
    AttachmentService(store).attach("meetings", a_meeting(store), tmp_path / "a.txt")
    first_content(store).unlink()
    (problem,) = check(store)
    assert problem.code == "E-ATT-MISSING"
    assert "补送" in problem.next


def test_the_check_changes_nothing_and_can_be_stopped(store: Store) -> None:
    flip(first_content(store))
    first_content(store).with_name("x.part").write_bytes(b"x")
    before = {path: path.read_bytes() for path in (store.folder / "att").rglob("*") if path.is_file()}
    check(store)

    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        check(store, stop)
    assert {path: path.read_bytes() for path in (store.folder / "att").rglob("*") if path.is_file()} == before


# -- the first log-in of a day


def on(store: Store, moment: str) -> Store:
    store.clock = clock_at(moment)
    return store


def test_a_day_begins_with_a_backup_and_only_once(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    assert begin_day(store) == []
    assert begin_day(store) == []
    assert len(BackupService(store).list()) == 1
    assert begin_day(on(store, "2026-11-23 08:00")) == []
    assert len(BackupService(store).list()) == 2


def test_the_database_is_read_through_every_week_and_after_a_crash(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    begin_day(store)
    assert store.setting(SettingName.CHECKED_ON) == "2026-11-22"
    begin_day(on(store, "2026-11-28 08:00"))
    assert store.setting(SettingName.CHECKED_ON) == "2026-11-22"
    begin_day(on(store, "2026-11-29 08:00"))
    assert store.setting(SettingName.CHECKED_ON) == "2026-11-29"
    store.was_unclean = True
    begin_day(on(store, "2026-11-30 08:00"))
    assert store.setting(SettingName.CHECKED_ON) == "2026-11-30"


def test_a_damaged_database_is_told_and_pushes_out_no_backup(store: Store) -> None:
    with store.sessions.begin() as session:
        session.execute(text("CREATE TABLE filler (a)"))
        session.execute(text("INSERT INTO filler VALUES (zeroblob(300000))"))
    store.engine.dispose()
    flip(store.folder / "main.db", 0.95)
    before = BackupService(store).list()
    assert [problem.code for problem in begin_day(on(store, "2026-12-22 08:00"))] == ["E-DB-DAMAGED"]
    assert BackupService(store).list() == before


def test_a_backup_that_fails_keeps_nobody_from_working(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    (store.folder / "backup").rmdir()
    (store.folder / "backup").write_bytes(b"in the way")
    (problem,) = begin_day(store)
    assert problem.what == "今天的自动备份没有做成。"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody take an open file away")
def test_what_the_disk_does_not_let_be_read_is_not_called_damaged(store: Store) -> None:
    with store.reading():  # holds on to the file that is taken away
        (store.folder / "main.db").rename(store.folder / "elsewhere")
        (store.folder / "main.db").mkdir()
        problem = check(store)[0]
    assert problem.code == "E-DISK"
    assert "没有检查成" in problem.what


def test_a_damage_is_told_without_the_words_of_the_database(store: Store) -> None:
    flip(store.folder / "main.db", 0.5)
    problem = next(problem for problem in check(store) if problem.code == "E-DB-DAMAGED")
    assert not re.search("[A-Za-z]", problem.what)
