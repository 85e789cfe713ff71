"""Daily copies: made whole, checked, thinned out, and never in the way."""

import errno
import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.models.database import connect_to_copy
from desktop.models.history import SettingName
from desktop.services.backup import BackupRow, BackupService, kept
from desktop.services.backup.copies import BEFORE_UPGRADE, DAILY
from desktop.services.errors import Cancelled, NotFound, StorageFailure
from desktop.services.files import FilePort
from desktop.services.opening import open_store
from desktop.services.store import Store
from tests.services.killing import Confirm, killed, needs_kill
from tests.services.words import files_with
from tests.stores import LOGIN, PASSWORD, clock_at, new_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "data")


def names(store: Store) -> list[str]:
    return sorted(path.name for path in (store.folder / "backup").iterdir())


def at(store: Store, moment: str) -> BackupService:
    store.clock = clock_at(moment)
    return BackupService(store)


def test_a_copy_holds_the_data_under_the_same_key_and_opens_alone(store: Store) -> None:
    store.set_setting(SettingName.NAME, "向日葵")
    row = BackupService(store).backup("手动")
    assert names(store) == ["20261122-090000.db", "20261122-090000.json", "20261122-090000.vault.json"]
    connection = connect_to_copy(row.path, store.key)
    assert connection.execute("SELECT value FROM settings WHERE name = 'name'").fetchone() == ("向日葵",)
    connection.close()
    assert names(store) == ["20261122-090000.db", "20261122-090000.json", "20261122-090000.vault.json"]
    assert (row.reason, row.made_on, row.made_at_utc) == ("手动", date(2026, 11, 22), "2026-11-22T01:00:00Z")
    assert files_with(["向日葵"], store.folder) == []


def test_a_copy_is_made_once_a_day(store: Store) -> None:
    first = at(store, "2026-11-22 09:00").backup_if_due()
    assert first is not None
    assert first.reason == DAILY
    assert at(store, "2026-11-22 18:00").backup_if_due() is None
    second = at(store, "2026-11-23 08:00").backup_if_due()
    assert BackupService(store).last_verified() == second
    assert [row.stamp for row in BackupService(store).list()] == ["20261123-080000", "20261122-090000"]


def test_two_copies_in_one_second_have_two_names(store: Store) -> None:
    service = BackupService(store)
    assert service.backup().stamp != service.backup().stamp
    assert len(service.list()) == 2


def test_a_store_without_copies_says_so(store: Store) -> None:
    assert BackupService(store).list() == []
    assert BackupService(store).last_verified() is None


def test_writing_goes_on_while_a_copy_is_made_and_the_copy_is_of_one_moment(store: Store) -> None:
    with store.sessions.begin() as session:
        session.execute(text("CREATE TABLE pair (a INTEGER, b INTEGER)"))
        session.execute(text("INSERT INTO pair VALUES (1, 1)"))

    def write_more(_done: int, _total: int) -> None:
        with store.sessions.begin() as session:
            session.execute(text("UPDATE pair SET a = a + 1"))
            session.execute(text("UPDATE pair SET b = b + 1"))

    row = BackupService(store).backup(progress=write_more)
    connection = connect_to_copy(row.path, store.key)
    seen = connection.execute("SELECT a, b FROM pair").fetchone()
    connection.close()
    assert seen[0] == seen[1]


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_cancelled_copy_leaves_nothing(store: Store, step: int) -> None:
    def stop(done: int, _total: int) -> None:
        if done == step:
            raise Cancelled

    with pytest.raises(Cancelled):
        BackupService(store).backup(progress=stop)
    assert names(store) == []


@pytest.mark.parametrize("step", ["replace", "fsync", "sync", "open_excl", "fsync_dir"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_fault_at_any_step_leaves_the_former_copies_and_no_litter(store: Store, step: str, number: int) -> None:
    BackupService(store).backup()
    before = names(store)
    port = FilePort()

    def fail(*_: object) -> None:
        raise OSError(number, "injected")

    setattr(port, step, fail)
    with pytest.raises(StorageFailure) as caught:
        BackupService(store, port).backup()
    assert caught.value.code == ("E-DISK-FULL" if number == errno.ENOSPC else "E-DISK")
    assert names(store) == before


def test_too_little_room_is_told_before_anything_is_written(store: Store) -> None:
    class Small(FilePort):
        def free_space(self, folder: Path) -> int:
            return 1000

    with pytest.raises(StorageFailure) as caught:
        BackupService(store, Small()).backup()
    assert caught.value.code == "E-DISK-FULL"
    assert caught.value.facts["free"] == 1000
    assert caught.value.facts["need"] > 1000
    assert names(store) == []


def test_a_damaged_database_does_not_become_a_copy(store: Store) -> None:
    with store.sessions.begin() as session:
        session.execute(text("CREATE TABLE filler (a)"))
        session.execute(text("INSERT INTO filler VALUES (zeroblob(500000))"))
    good = BackupService(store).backup()
    store.engine.dispose()
    damage(store.folder / "main.db", 0.9)
    with pytest.raises(StorageFailure) as caught:
        BackupService(store).backup()
    assert caught.value.code == "E-DB-DAMAGED"
    assert list(BackupService(store).list()) == [good]


def damage(path: Path, where: float = 0.5) -> None:
    data = bytearray(path.read_bytes())
    at = int(len(data) * where)
    for offset in range(64):
        data[at + offset] ^= 0xFF
    path.write_bytes(data)


def test_a_copy_that_rots_later_is_found_when_read_again(store: Store) -> None:
    service = BackupService(store)
    row = service.backup()
    service.verify(row)
    damage(row.path)
    with pytest.raises(StorageFailure) as caught:
        service.verify(row)
    assert caught.value.code == "E-DB-DAMAGED"
    row.path.unlink()
    with pytest.raises(NotFound):
        service.verify(row)
    assert service.list() == []


def test_what_a_crash_left_is_swept_and_foreign_files_stay(store: Store) -> None:
    folder = store.folder / "backup"
    (folder / "20261101-080000.db").write_bytes(b"no description")
    (folder / "20261102-080000.db.part").write_bytes(b"half")
    (folder / "20261103-080000.json").write_bytes(b"{")
    (folder / "说明.txt").write_text("不是本程序的文件", encoding="utf-8")
    BackupService(store).backup()
    assert names(store) == [
        "20261122-090000.db",
        "20261122-090000.json",
        "20261122-090000.vault.json",
        "说明.txt",
    ]


@pytest.mark.parametrize(
    "description", ["", "[]", "{}", "null", '{"fmt":1}', '{"fmt":1,"size_bytes":1}', '{"fmt":2,"size_bytes":0}']
)
def test_a_broken_description_does_not_count(store: Store, description: str) -> None:
    folder = store.folder / "backup"
    (folder / "20261101-080000.db").write_bytes(b"x")
    (folder / "20261101-080000.vault.json").write_bytes(b"x")
    (folder / "20261101-080000.json").write_text(description)
    assert BackupService(store).list() == []


# -- thinning out


def row(day: date, reason: str = DAILY, hour: int = 8) -> BackupRow:
    stamp = f"{day:%Y%m%d}-{hour:02d}0000"
    return BackupRow(
        stamp=stamp, made_on=day, made_at_utc="", reason=reason, path=Path(f"{stamp}.db"), size_bytes=1, sha256=""
    )


def test_two_years_of_days_thin_out_to_seven_days_four_weeks_and_twelve_months() -> None:
    today = date(2026, 11, 22)
    rows = [row(today - timedelta(days=back)) for back in range(730)]
    stay = sorted(kept(rows, today), reverse=True)
    days = [f"{today - timedelta(days=back):%Y%m%d}-080000" for back in range(7)]
    assert stay[:7] == days
    assert {"20261115-080000", "20261108-080000", "20261101-080000"} <= set(stay)  # Sundays: ends of weeks
    assert {"20261031-080000", "20260131-080000", "20251231-080000"} <= set(stay)
    assert "20251130-080000" not in stay
    assert len(stay) <= 7 + 4 + 12


def test_of_a_past_day_the_last_copy_stays_and_of_today_ten() -> None:
    day = date(2026, 11, 22)
    rows = [row(day, hour=hour) for hour in range(6, 18)]
    assert kept(rows, day) == {f"20261122-{hour:02d}0000" for hour in range(8, 18)}
    assert kept(rows, day + timedelta(days=1)) == {"20261122-170000"}


def test_a_store_rarely_used_keeps_what_it_has() -> None:
    rows = [row(date(2026, month, 1)) for month in range(1, 12)]
    assert len(kept(rows, date(2026, 11, 22))) == 11


def test_copies_from_before_an_upgrade_stay_ninety_days() -> None:
    today = date(2026, 11, 22)
    rows = [row(today - timedelta(days=back), hour=17) for back in range(120)]
    fresh, old = row(today - timedelta(days=89), BEFORE_UPGRADE), row(today - timedelta(days=100), BEFORE_UPGRADE)
    stay = kept([*rows, fresh, old], today)
    assert fresh.stamp in stay
    assert old.stamp not in stay


def test_thinning_happens_with_each_copy(store: Store) -> None:
    for day in range(1, 13):
        at(store, f"2026-11-{day:02d} 09:00").backup_if_due()
    stamps = [row.stamp[:8] for row in BackupService(store).list()]
    assert stamps == [f"202611{day:02d}" for day in (12, 11, 10, 9, 8, 7, 6, 1)]
    assert len(names(store)) == 3 * len(stamps)


# -- power cuts


@needs_kill
@pytest.mark.parametrize("number", range(12))
def test_a_copy_killed_at_any_moment_leaves_only_whole_copies(store: Store, number: int) -> None:
    folder = store.folder
    store.close()

    def copy(confirm: Confirm) -> None:
        with open_store(folder, PASSWORD, LOGIN) as mine:
            while True:
                confirm(BackupService(mine).backup().stamp)

    confirmed = killed(copy, 0.007 * number)
    with open_store(folder, PASSWORD, LOGIN) as again:
        service = BackupService(again)
        for each in service.list():
            service.verify(each)
        assert confirmed[-1] in {each.stamp for each in service.list()}
        service.backup()
        assert len(names(again)) == 3 * len(service.list())


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
def test_a_store_in_a_folder_whose_name_is_no_text_is_copied_like_any_other(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xff\xfe\xe6\x94\xaf")
    folder.mkdir()
    with new_store(folder / "data") as store:
        store.set_setting(SettingName.NAME, "向日葵")
        BackupService(store).backup("手动")
        assert names(store) == ["20261122-090000.db", "20261122-090000.json", "20261122-090000.vault.json"]
        copy = connect_to_copy(store.folder / "backup" / "20261122-090000.db", store.key)
        assert copy.execute("SELECT value FROM settings WHERE name = 'name'").fetchone() is not None
        copy.close()
        assert [path.name for path in tmp_path.iterdir()] == [folder.name]
