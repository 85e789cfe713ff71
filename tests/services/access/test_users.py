"""Who may log in is managed by those who may, noted with the name of who did it, and never left to nobody."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.history import HistoryService
from desktop.services.opening import open_store
from desktop.services.store import Store
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store, recovery_code

OTHER = "春风-细雨-77"
AT = "2026-11-22 09:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def as_user(folder: Path, login: str | None, password: str = OTHER) -> Store:
    return open_store(folder, password, login, clock=clock_at(AT))


@pytest.mark.parametrize("kind", list(StoreKind))
def test_who_founds_a_store_may_do_all_that_is_done_there(folder: Path, kind: StoreKind) -> None:
    with new_store(folder, kind, at=AT) as store:
        assert store.rights.acts == set(Act)
        assert [row.login for row in UserService(store).users()] == [LOGIN]


def test_whoever_opens_without_a_name_is_who_the_password_belongs_to(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        UserService(store).add("查看", OTHER, ["branch_reader"], cost=CHEAP)
    with as_user(folder, None) as store:
        assert store.actor == "查看"
        assert not store.rights.acts
        assert HistoryService(store).uses()[0].actor == "查看"


def test_users_of_a_store_from_before_there_were_roles_keep_all_rights(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        UserService(store).add("组织委员", OTHER, ["branch_reader"], cost=CHEAP)
        with store.unit_of_work("", Act.USERS) as session:
            session.execute(delete(User))
    with as_user(folder, "组织委员") as store:
        assert Act.USERS in store.rights.acts


def test_a_name_that_came_back_into_the_vault_without_a_role_looks_only(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        UserService(store).add("旧人", OTHER, ["secretary"], cost=CHEAP)
        with store.unit_of_work("", Act.USERS) as session:
            session.execute(delete(User).where(User.login == "旧人"))
    with as_user(folder, "旧人") as store:
        assert not store.rights.acts
        assert not store.rights.may_write("members")


def test_somebody_always_remains_who_manages_users(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        users = UserService(store)
        users.add("查看", OTHER, ["branch_reader"], cost=CHEAP)
        with pytest.raises(InvalidInput):
            users.change_roles(LOGIN, ["branch_reader"])
        with pytest.raises(InvalidInput):
            users.remove(LOGIN)
        with pytest.raises(InvalidInput):
            users.add("没有角色", OTHER, [], cost=CHEAP)
        with pytest.raises(InvalidInput):
            users.add("哪位委员", OTHER, ["committee"], cost=CHEAP)
        with pytest.raises(NotFound):
            users.change_roles("没有的人", ["secretary"])
        users.add("接班书记", OTHER, ["secretary"], cost=CHEAP)
        users.change_roles(LOGIN, ["branch_reader"])
    with as_user(folder, "接班书记") as store:
        UserService(store).remove(LOGIN)
        assert [row.login for row in UserService(store).users()] == ["查看", "接班书记"]


def test_every_change_of_users_is_in_the_trail(folder: Path) -> None:
    with new_store(folder, at=AT) as store:
        users = UserService(store)
        users.add("查看", OTHER, ["branch_reader"], cost=CHEAP)
        users.change_roles("查看", ["secretary"])
        users.reset_password("查看", "秋水-长天-88", cost=CHEAP)
        users.change_own_password(PASSWORD, "落霞-孤鹜-99", cost=CHEAP)
        with pytest.raises(InvalidInput):
            users.change_own_password(PASSWORD, "落霞-孤鹜-11", cost=CHEAP)
        users.take_recovery_code(users.offer_recovery_code())
        users.remove("查看")
        told = [use.sentence for use in reversed(HistoryService(store).uses())]
    assert told[-6:] == [
        "增加使用人 查看（查看人）",
        "调整角色 查看（书记）",
        "重设别人的密码 查看",
        "修改自己的密码 书记",
        "更换恢复码",
        "停用使用人 查看",
    ]


def test_the_paper_in_the_safe_opens_everything(folder: Path) -> None:
    with new_store(folder, at=AT):
        pass
    with open_store(folder, recovery_code=recovery_code(), clock=clock_at(AT)) as store:
        assert store.actor == "恢复码"
        UserService(store).reset_password(LOGIN, OTHER, cost=CHEAP)
    with as_user(folder, LOGIN) as store:
        assert store.actor == LOGIN
