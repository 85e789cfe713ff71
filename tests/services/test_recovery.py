"""The printed recovery code: a new password, told in the trail as what it was, and the roles of whose it is."""

from pathlib import Path

import pytest

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import TrailKind, Use
from desktop.services.access.users import UserService
from desktop.services.errors import InvalidInput, NotFound, VaultError
from desktop.services.history import HistoryService
from desktop.services.opening import open_store
from desktop.services.recovery import recover
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store, recovery_code

READER, OTHER, NEW = "查看", "春风-细雨-77", "夏雨-秋霜-88"
AT = clock_at("2026-11-22 10:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with new_store(tmp_path / "data") as store:
        UserService(store).add(READER, OTHER, ["branch_reader"], cost=CHEAP)
    return tmp_path / "data"


def test_a_password_set_by_the_code_is_a_line_of_its_own_kind_in_the_trail(folder: Path) -> None:
    with recover(folder, LOGIN, recovery_code(), NEW, clock=AT, cost=CHEAP) as store:
        lines = [line for line in HistoryService(store).trail() if line.kind is TrailKind.ACCESS]
    words = [(line.actor, line.sentence) for line in lines[:2]]
    assert words == [(LOGIN, f"{Use.RECOVER.label} {LOGIN}"), (LOGIN, f"{Use.LOG_IN.label} 用恢复码")]
    open_store(folder, NEW, LOGIN, clock=AT).close()
    with pytest.raises(VaultError):
        open_store(folder, PASSWORD, LOGIN, clock=AT)


def test_who_goes_on_working_has_the_roles_of_the_user_and_no_more(folder: Path) -> None:
    with recover(folder, READER, recovery_code(), NEW, clock=AT, cost=CHEAP) as store:
        assert store.actor == READER
        assert store.rights.looks_only
        assert not store.rights.may(Act.USERS)
    with recover(folder, LOGIN, recovery_code(), NEW, clock=AT, cost=CHEAP) as store:
        assert store.rights.may(Act.USERS)


@pytest.mark.parametrize(
    ("login", "code", "password", "error"),
    [
        (LOGIN, "right", "kurz", InvalidInput),
        ("没有这个人", "right", NEW, NotFound),
        (LOGIN, "000000-" * 7 + "000000", NEW, VaultError),
    ],
)
def test_what_is_refused_changes_no_password_and_leaves_the_store_free(
    folder: Path, login: str, code: str, password: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        recover(folder, login, recovery_code() if code == "right" else code, password, clock=AT, cost=CHEAP)
    with open_store(folder, PASSWORD, LOGIN, clock=AT) as store:
        assert Use.RECOVER.label not in " ".join(line.sentence for line in HistoryService(store).trail())
