"""A store: made whole or not at all, opened by its keys, one program at a time, with history of every change."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.models.database import is_plain
from desktop.models.history import Change, SettingName
from desktop.models.members import Member
from desktop.models.standards import StandardPack
from desktop.models.vocabulary import MemberCategory, MemberStatus, StoreKind
from desktop.services.errors import Conflict, InvalidInput, NotFound, StorageFailure, StoreBusy, VaultError
from desktop.services.standards.editions import BUILT_IN
from desktop.services.store import DATABASE, Store
from tests.stores import CHEAP, LOGIN, PASSWORD, new_store, recovery_code


def a_member(store: Store, name: str) -> Member:
    return Member(
        branch_id=store.branch_id,
        name=name,
        category=MemberCategory.FULL_MEMBER,
        status=MemberStatus.FULL_MEMBER,
    )


def test_a_new_store_knows_who_it_is_and_holds_every_standard(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        assert store.kind is StoreKind.BRANCH
        assert store.setting(SettingName.NAME) == "云河县站党支部"
        with store.reading() as session:
            assert session.scalar(select(func.count(StandardPack.id))) == len(BUILT_IN)


def test_the_database_file_is_not_plain_sqlite(tmp_path: Path) -> None:
    with new_store(tmp_path / "data"):
        assert not is_plain(tmp_path / "data" / DATABASE)


def test_the_recovery_code_opens_the_store(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    with Store.open(tmp_path / "data", recovery_code=recovery_code()) as store:
        assert store.branch_id


def test_a_wrong_password_is_refused_and_leaves_no_lock(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    with pytest.raises(VaultError) as caught:
        Store.open(tmp_path / "data", "another password", LOGIN)
    assert caught.value.code == "E-LOGIN"
    Store.open(tmp_path / "data", PASSWORD, LOGIN).close()


def test_a_second_program_is_told_who_holds_the_store(tmp_path: Path) -> None:
    with new_store(tmp_path / "data"), pytest.raises(StoreBusy) as caught:
        Store.open(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.facts["holder"].pid > 0


def test_a_folder_with_something_in_it_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "年终总结.docx").write_bytes(b"x")
    with pytest.raises(Conflict):
        Store.create(tmp_path / "data", StoreKind.BRANCH, "支部", LOGIN, PASSWORD, cost=CHEAP)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["年终总结.docx"]


@pytest.mark.parametrize(
    ("name", "code", "password"), [("", "", PASSWORD), ("支部", "代码", PASSWORD), ("支部", "", "123")]
)
def test_a_refused_store_leaves_nothing_behind(tmp_path: Path, name: str, code: str, password: str) -> None:
    with pytest.raises((InvalidInput, VaultError)):
        Store.create(tmp_path / "data", StoreKind.BRANCH, name, LOGIN, password, code, cost=CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_no_store_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Store.open(tmp_path, PASSWORD)


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageFailure) as caught:
        Store.open(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.code == "E-DB-NEWER"


def test_a_damaged_database_is_named_not_opened(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    path = tmp_path / "data" / DATABASE
    content = bytearray(path.read_bytes())
    content[: 4096 * 2] = bytes(4096 * 2)
    path.write_bytes(content)
    with pytest.raises(StorageFailure) as caught:
        Store.open(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.code == "E-DB-DAMAGED"


def test_a_database_cut_to_nothing_or_gone_is_damaged_not_newer_nor_unknown(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    database = tmp_path / "data" / DATABASE
    database.write_bytes(b"")
    with pytest.raises(StorageFailure) as caught:
        Store.open(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.code == "E-DB-DAMAGED"
    database.unlink()
    with pytest.raises(StorageFailure) as caught:
        Store.open(tmp_path / "data", PASSWORD, LOGIN)
    assert caught.value.code == "E-DB-DAMAGED"


def test_history_says_what_an_action_changed_and_who_did_it(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        with store.unit_of_work("登记党员孙海燕") as session:
            member = a_member(store, "孙海燕")
            session.add(member)
        with store.unit_of_work("修改党员孙海燕") as session:
            found = session.get_one(Member, member.id)
            found.phone = "13800000000"
        with store.reading() as session:
            told = session.scalars(select(Change).where(Change.record_id == member.id).order_by(Change.id)).all()
            assert [one.sentence for one in told] == ["登记党员孙海燕", "修改党员孙海燕"]
            assert (told[1].before, told[1].after) == ({"phone": None}, {"phone": "13800000000"})
            assert told[1].actor == LOGIN
            assert session.get_one(Member, member.id).rev == 2


def test_an_action_that_fails_leaves_neither_record_nor_history(tmp_path: Path) -> None:
    def half_an_action(store: Store) -> None:
        with store.unit_of_work("登记党员") as session:
            session.add(a_member(store, "某人"))
            session.flush()
            raise InvalidInput("姓名", "测试")

    with new_store(tmp_path / "data") as store:
        with pytest.raises(InvalidInput):
            half_an_action(store)
        with store.reading() as session:
            assert session.scalar(select(func.count(Member.id))) == 0
            assert session.scalar(select(func.count(Change.id)).where(Change.record_kind == "members")) == 0


def test_two_members_with_one_id_number_conflict(tmp_path: Path) -> None:
    def both(store: Store) -> None:
        with store.unit_of_work("登记党员") as session:
            for name in ("甲某", "乙某"):
                member = a_member(store, name)
                member.id_no = "11010519491231002X"
                session.add(member)

    with new_store(tmp_path / "data") as store, pytest.raises(Conflict):
        both(store)


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
