"""Another data key: whoever was let out is out for good, and a crash on the way leaves a store that opens."""

import shutil
from pathlib import Path

import pytest

from desktop.models.database import opens
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.attachments import AttachmentService
from desktop.services.backup import copies_in
from desktop.services.branches import BranchService
from desktop.services.data_key import STEPS_BACK, change_data_key, forget_old_copies, require_own
from desktop.services.errors import AppError, Cancelled, InvalidInput, NotAllowed, StorageFailure, VaultError
from desktop.services.history import HistoryService
from desktop.services.integrity import check
from desktop.services.opening import open_store
from desktop.services.security.vault import NAME, SPARE
from desktop.services.store import Store
from tests.services.killing import Confirm, killed, needs_kill
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store, recovery_code

OTHER = "春风-细雨-77"
AT = "2026-11-22 09:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def reopened(folder: Path, password: str = PASSWORD, login: str | None = LOGIN) -> Store:
    return open_store(folder, password, login, clock=clock_at(AT))


def test_who_was_let_out_is_out_even_with_the_old_files_of_the_vault(folder: Path, tmp_path: Path) -> None:
    with new_store(folder, at=AT) as store:
        UserService(store).add("旧人", OTHER, ["secretary"], cost=CHEAP)
        paper = tmp_path / "批复.txt"
        paper.write_text("同意", encoding="utf-8")
        AttachmentService(store).attach("branches", store.branch_id, paper)
    shutil.copytree(folder, tmp_path / "stolen")
    with reopened(folder) as store:
        BranchService(store).save_group("第一党小组")
        changed = change_data_key(store, {LOGIN: PASSWORD}, cost=CHEAP)
        BranchService(store).save_group("第二党小组")
        assert check(store) == []
        assert [user.login for user in UserService(store).users()] == [LOGIN]
        told = [use.sentence for use in HistoryService(store).uses()]
        assert {"更换数据钥匙 不再让旧人进入", "停用使用人 旧人（更换数据钥匙时）"} <= set(told)
    for name in (NAME, SPARE):
        shutil.copy(tmp_path / "stolen" / name, folder / name)
    with pytest.raises(AppError):
        reopened(folder, OTHER, "旧人")
    with pytest.raises(AppError):
        open_store(folder, recovery_code=recovery_code(), clock=clock_at(AT))
    assert changed.recovery_code != recovery_code()


def test_everything_is_there_after_the_change_and_the_new_code_opens_it(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        BranchService(store).save_group("第一党小组")
        store.sentinel.advance("somewhere", 7)
        former = store.key
        changed = change_data_key(store, {LOGIN: OTHER}, cost=CHEAP)
        assert not opens(folder / "main.db", former)
        assert store.sentinel.last("somewhere") == 7
    with pytest.raises(VaultError):
        reopened(folder)
    with reopened(folder, OTHER) as store:
        assert [group.name for group in BranchService(store).groups()] == ["第一党小组"]
    with open_store(folder, recovery_code=changed.recovery_code, clock=clock_at(AT)) as store:
        assert store.sentinel.last("somewhere") == 7


def test_copies_of_the_former_key_are_named_and_forgotten_when_asked(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        changed = change_data_key(store, {LOGIN: PASSWORD}, cost=CHEAP)
        assert changed.old_copies
        assert len(copies_in(folder)) == len(changed.old_copies) + 1
        forget_old_copies(store, changed.old_copies)
        assert [opens(copy.path, store.key) for copy in copies_in(folder)] == [True]
        assert check(store) == []


def test_only_who_manages_users_changes_the_key(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        UserService(store).add("查看", OTHER, ["branch_reader"], cost=CHEAP)
    with reopened(folder, OTHER, "查看") as store, pytest.raises(NotAllowed):
        change_data_key(store, {"查看": OTHER}, cost=CHEAP)


def test_while_something_else_reads_nothing_is_changed(folder: Path) -> None:
    with new_store(folder, StoreKind.HEADQUARTERS, at=AT) as store:
        former = store.key
        with store.reading() as session:
            session.connection()
            with pytest.raises(StorageFailure) as caught:
                change_data_key(store, {LOGIN: PASSWORD}, cost=CHEAP)
        assert caught.value.code == "E-DB-BUSY"
        assert store.key == former
    with reopened(folder) as store:
        assert len(store.vault.alternatives) == 1


@pytest.mark.parametrize("step", range(4))
def test_stopped_before_the_new_database_is_in_place_all_is_as_it_was(folder: Path, step: int) -> None:
    def stop(done: int, _total: int) -> None:
        if done == step:
            raise Cancelled

    with new_store(folder, at=AT) as store:
        with pytest.raises(Cancelled):
            change_data_key(store, {LOGIN: OTHER}, stop, cost=CHEAP)
        BranchService(store).save_group("第一党小组")
    assert not list(folder.glob("*.part"))
    with reopened(folder) as store:
        assert len(BranchService(store).groups()) == 1
        assert check(store) == []


def test_once_the_new_key_is_in_force_neither_a_stop_nor_the_disk_withholds_the_code(folder: Path) -> None:
    def spoil(done: int, _total: int) -> None:
        if done == STEPS_BACK:
            shutil.rmtree(folder / "backup")
            (folder / "backup").write_text("", encoding="utf-8")
        if done > STEPS_BACK:
            raise Cancelled

    with new_store(folder, at=AT) as store:
        changed = change_data_key(store, {LOGIN: OTHER}, spoil, cost=CHEAP)
        assert changed.unfinished is not None
    (folder / "backup").unlink()
    with reopened(folder, OTHER) as store:
        assert change_data_key(store, {LOGIN: OTHER}, spoil_not, cost=CHEAP).unfinished is None
    with pytest.raises(VaultError):
        open_store(folder, recovery_code=changed.recovery_code, clock=clock_at(AT))


def spoil_not(done: int, _total: int) -> None:
    if done > STEPS_BACK:
        raise Cancelled


def test_nobody_lets_himself_out_and_the_own_password_is_asked(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        UserService(store).add("旧人", OTHER, ["secretary"], cost=CHEAP)
        with pytest.raises(InvalidInput, match="自己必须留下"):
            change_data_key(store, {"旧人": OTHER}, cost=CHEAP)
        require_own(store, PASSWORD)
        with pytest.raises(InvalidInput):
            require_own(store, OTHER)


@needs_kill
def test_killed_at_any_moment_the_store_opens_with_all_that_was_acknowledged(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        BranchService(store).save_group("第一党小组")

    def change(confirm: Confirm) -> None:
        with reopened(folder) as store:
            confirm("opened")
            while True:
                change_data_key(store, {LOGIN: PASSWORD}, cost=CHEAP)
                confirm("changed")

    for milliseconds in range(0, 600, 60):
        killed(change, milliseconds / 1000)
        with reopened(folder) as store:
            assert len(BranchService(store).groups()) == 1
            assert len(store.vault.alternatives) == 1
            assert check(store) == []
