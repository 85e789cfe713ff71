"""A store: made whole or not at all, opened by its keys, by one program at a time, and only if it is sound."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from desktop.models.database import is_plain
from desktop.models.history import AuditEntry, SettingName
from desktop.models.standards import StandardPack
from desktop.models.vocabulary.stores import StandardKind, StoreKind, Use
from desktop.paths import DATABASE
from desktop.services.access.users import UserService
from desktop.services.backup import BackupService, restore
from desktop.services.errors import (
    ClockDoubtful,
    Conflict,
    InvalidInput,
    NotFound,
    StorageFailure,
    StoreBusy,
    VaultError,
)
from desktop.services.history import HistoryService
from desktop.services.integrity import begin_day
from desktop.services.opening import create_store, open_store
from desktop.services.security.lock import NAME as LOCK
from desktop.services.standards.editions import BUILT_IN, edition_on
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.standards.samples import PACK
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store, recovery_code


def fill(store: Store) -> None:
    """Put pages into the database that opening it does not touch."""
    with store.sessions.begin() as session:
        session.execute(text("CREATE TABLE filler (a)"))
        session.execute(text("INSERT INTO filler VALUES (zeroblob(300000))"))


def trail(store: Store) -> list[str]:
    """Return the uses remembered, oldest first."""
    with store.reading() as session:
        return list(session.scalars(select(AuditEntry.at_utc).order_by(AuditEntry.id)))


def damage(database: Path) -> None:
    """Turn one bit near the end of a database."""
    content = bytearray(database.read_bytes())
    content[len(content) * 95 // 100] ^= 1
    database.write_bytes(content)


def test_a_new_store_knows_who_it_is_and_holds_every_standard(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        assert store.kind is StoreKind.BRANCH
        assert store.setting(SettingName.NAME) == "云河县站党支部"
        with store.reading() as session:
            assert session.scalar(select(func.count(StandardPack.id))) == len(BUILT_IN)


def test_a_newer_program_brings_its_standard_and_past_years_keep_theirs(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store, store.unit_of_work("旧程序带来的标准") as session:
        row = edition_on(session, StandardKind.BRANCH_STANDARD, store.today)
        row.text = row.text.replace(f'version = "{row.version}"', 'version = "2025.1"')
        row.version = "2025.1"
    with open_store(tmp_path / "data", PASSWORD, LOGIN, clock=clock_at("2027-03-01 09:00")) as store:
        service = StandardService(store)
        assert service.pack().version == PACK.version
        assert service.pack(year=2026).version == "2025.1"


def test_the_database_file_is_not_plain_sqlite(tmp_path: Path) -> None:
    with new_store(tmp_path / "data"):
        assert not is_plain(tmp_path / "data" / DATABASE)


def test_the_recovery_code_opens_the_store(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    with open_store(tmp_path / "data", recovery_code=recovery_code()) as store:
        assert store.branch_id


def test_a_wrong_password_is_refused_and_leaves_no_lock(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    with pytest.raises(VaultError) as caught:
        open_store(tmp_path / "data", "another password", LOGIN)
    assert caught.value.code == "E-LOGIN"
    open_store(tmp_path / "data", PASSWORD, LOGIN).close()


def test_a_code_that_is_shown_later_is_asked_for_from_the_first_row_on(tmp_path: Path) -> None:
    made = create_store(tmp_path / "data", StoreKind.BRANCH, "支部", LOGIN, PASSWORD, code_due=True, cost=CHEAP)
    made.store.close()
    with open_store(tmp_path / "data", PASSWORD, LOGIN) as store:
        assert UserService(store).code_due
        UserService(store).code_written_down()
        assert not UserService(store).code_due


def test_a_second_program_is_told_who_holds_the_store(tmp_path: Path) -> None:
    with new_store(tmp_path / "data"), pytest.raises(StoreBusy) as caught:
        open_store(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.facts["holder"].pid > 0


def test_a_folder_with_something_in_it_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "年终总结.docx").write_bytes(b"x")
    with pytest.raises(Conflict):
        create_store(tmp_path / "data", StoreKind.BRANCH, "支部", LOGIN, PASSWORD, cost=CHEAP)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["年终总结.docx"]


@pytest.mark.parametrize(
    ("name", "code", "password"), [("", "", PASSWORD), ("支部", "代码", PASSWORD), ("支部", "", "123")]
)
def test_a_refused_store_leaves_nothing_behind(tmp_path: Path, name: str, code: str, password: str) -> None:
    with pytest.raises((InvalidInput, VaultError)):
        create_store(tmp_path / "data", StoreKind.BRANCH, name, LOGIN, password, code, cost=CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_no_store_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_store(tmp_path, PASSWORD)


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageFailure) as caught:
        open_store(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.code == "E-DB-NEWER"


def test_a_damaged_database_is_named_not_opened(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    path = tmp_path / "data" / DATABASE
    content = bytearray(path.read_bytes())
    content[: 4096 * 2] = bytes(4096 * 2)
    path.write_bytes(content)
    with pytest.raises(StorageFailure) as caught:
        open_store(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.code == "E-DB-DAMAGED"


def test_a_database_cut_to_nothing_or_gone_is_damaged_not_newer_nor_unknown(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    database = tmp_path / "data" / DATABASE
    database.write_bytes(b"")
    with pytest.raises(StorageFailure) as caught:
        open_store(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.code == "E-DB-DAMAGED"
    database.unlink()
    with pytest.raises(StorageFailure) as caught:
        open_store(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.code == "E-DB-DAMAGED"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_too_small_for_a_new_store_is_named_and_left_clean(tmp_path: Path) -> None:
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from desktop.services.errors import StorageFailure\n"
        "from tests.stores import new_store\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n"
        "    new_store(Path(sys.argv[1]))\n"
        "except StorageFailure as error:\n"
        "    print(error.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "支部")], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("E-DISK"), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_after_an_unclean_end_damage_anywhere_is_named_with_the_day_of_the_last_backup(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with new_store(folder) as store:
        fill(store)
        BackupService(store).backup()
    damage(folder / DATABASE)
    (folder / LOCK).write_text("cut off", "utf-8")
    with pytest.raises(StorageFailure) as caught:
        open_store(folder, PASSWORD, LOGIN)
    assert (caught.value.code, caught.value.facts["date"]) == ("E-DB-DAMAGED", "2026-11-22")
    with pytest.raises(StorageFailure):  # and is named again, until it is put right
        open_store(folder, PASSWORD, LOGIN)


def test_a_wrong_password_after_an_unclean_end_does_not_make_it_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    new_store(folder).close()
    (folder / LOCK).write_text("cut off", "utf-8")
    with pytest.raises(VaultError):
        open_store(folder, "another password", LOGIN)
    with open_store(folder, PASSWORD, LOGIN) as store:
        assert store.was_unclean
    with open_store(folder, PASSWORD, LOGIN) as store:
        assert not store.was_unclean


def test_after_a_clean_end_damage_deep_inside_is_named_by_what_each_log_in_owes_the_data(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with new_store(folder) as store:
        fill(store)
        assert begin_day(store) == []
    damage(folder / DATABASE)
    with open_store(folder, PASSWORD, LOGIN, clock=clock_at("2026-11-22 15:00")) as store:
        assert [problem.code for problem in begin_day(store)] == ["E-DB-DAMAGED"]


def test_a_restore_is_noted_once_by_the_first_who_opens_the_data(tmp_path: Path) -> None:
    folder, later = tmp_path / "data", clock_at("2026-11-25 10:00")
    with new_store(folder, at="2026-11-23 06:00") as store:
        copy = BackupService(store).backup().path
    restore(copy, folder, PASSWORD, clock=later)
    for _time in range(2):
        with open_store(folder, PASSWORD, LOGIN, clock=later) as store:
            uses = [use.sentence for use in HistoryService(store).uses()]
    assert [use for use in uses if use.startswith(Use.RESTORE.label)] == ["从备份恢复 2026-11-23 06:00 的备份"]


@pytest.mark.parametrize(
    ("at", "named"),
    [
        ("2000-01-01 08:00", True),
        ("2026-11-21 23:00", True),
        ("2026-11-22 01:00", False),
        ("2027-03-01 09:00", False),
        ("2099-12-31 09:00", True),
    ],
)
def test_a_date_that_can_hardly_be_right_is_named_before_anything_is_dated(
    tmp_path: Path, at: str, named: bool
) -> None:
    asked: list[date] = []

    def refuse(today: date, last: date) -> None:
        asked.append(last)
        raise ClockDoubtful(today, last)

    with new_store(tmp_path / "store", at="2026-11-22 09:00") as store:
        uses = trail(store)
    if not named:
        with open_store(tmp_path / "store", PASSWORD, clock=clock_at(at), clock_doubt=refuse):
            assert asked == []
        return
    with pytest.raises(ClockDoubtful):
        open_store(tmp_path / "store", PASSWORD, clock=clock_at(at), clock_doubt=refuse)
    assert asked == [date(2026, 11, 22)]
    with open_store(tmp_path / "store", PASSWORD, clock=clock_at("2026-11-23 09:00"), clock_doubt=refuse) as store:
        assert trail(store)[: len(uses)] == uses
        assert len(trail(store)) == len(uses) + 1


def test_once_a_date_is_confirmed_a_day_in_the_future_no_longer_asks(tmp_path: Path) -> None:
    def refuse(today: date, last: date) -> None:
        raise ClockDoubtful(today, last)

    new_store(tmp_path / "store", at="2026-11-22 09:00").close()
    open_store(tmp_path / "store", PASSWORD, clock=clock_at("2099-12-31 09:00")).close()
    with pytest.raises(ClockDoubtful) as refused:
        open_store(tmp_path / "store", PASSWORD, clock=clock_at("2026-11-27 09:00"), clock_doubt=refuse)
    assert refused.value.last == date(2099, 12, 31)
    open_store(tmp_path / "store", PASSWORD, clock=clock_at("2026-11-27 09:00")).close()
    open_store(tmp_path / "store", PASSWORD, clock=clock_at("2026-11-30 09:00"), clock_doubt=refuse).close()


def test_after_a_day_in_the_future_each_day_is_backed_up_and_each_week_checked(tmp_path: Path) -> None:
    new_store(tmp_path / "store", at="2026-11-22 09:00").close()
    with open_store(tmp_path / "store", PASSWORD, clock=clock_at("2099-12-31 09:00")) as store:
        store.set_setting(SettingName.CHECKED_ON, "2099-12-31")
        begin_day(store)
    for day in ("2026-11-27", "2026-11-30", "2027-03-01"):
        with open_store(tmp_path / "store", PASSWORD, clock=clock_at(f"{day} 09:00")) as store:
            assert begin_day(store) == []
            last = BackupService(store).last_verified()
            assert last is not None
            assert last.made_on.isoformat() == day
            assert store.setting(SettingName.CHECKED_ON) <= day
