"""Interim passwords: whose another person set is asked for an own one until there is one."""

from pathlib import Path

import pytest

from desktop.services.access.interim import interim, own_password_due
from desktop.services.access.users import UserService
from desktop.services.data_key import change_data_key
from desktop.services.errors import Cancelled
from desktop.services.opening import open_store
from desktop.services.recovery import recover
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store

OTHER, INTERIM = "春风-细雨-77", "夏雨-秋霜-88"
CLOCK = clock_at("2026-11-22 09:00")


def test_who_got_an_interim_password_is_asked_for_an_own_one_until_there_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with new_store(folder) as store:
        users = UserService(store)
        for login in ("孙三", "李四", "旧人"):
            users.add(login, OTHER, ["branch_reader"], cost=CHEAP)
        change_data_key(store, {LOGIN: PASSWORD, "孙三": INTERIM, "李四": INTERIM, "旧人": INTERIM}, cost=CHEAP)
        users.remove("旧人")
        code = change_data_key(store, {LOGIN: PASSWORD, "孙三": INTERIM, "李四": INTERIM}, cost=CHEAP).recovery_code
        assert interim(store) == ("孙三", "李四")
        assert not own_password_due(store)
    with open_store(folder, INTERIM, "孙三", clock=CLOCK) as store:
        assert own_password_due(store)
        UserService(store).change_own_password(INTERIM, OTHER, cost=CHEAP)
        assert not own_password_due(store)
    with recover(folder, "李四", code, OTHER, clock=CLOCK, cost=CHEAP) as store:
        assert interim(store) == ()


def test_a_change_of_the_key_that_is_stopped_leaves_nobody_with_an_interim_password(tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled

    with new_store(tmp_path / "store") as store:
        UserService(store).add("孙三", OTHER, ["branch_reader"], cost=CHEAP)
        with pytest.raises(Cancelled):
            change_data_key(store, {LOGIN: PASSWORD, "孙三": INTERIM}, stop, cost=CHEAP)
        assert interim(store) == ()
