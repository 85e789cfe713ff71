"""Who may set what a store keeps as a setting: held at the one door, for every setting and every role."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from desktop.models.history import PROGRAM, Setting, SettingName
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.roles import ALL
from desktop.services.errors import NotAllowed
from desktop.services.store import put_setting
from tests.services.access.holders import Doors, Holder, doors, holders

EVERYBODY = [*holders(StoreKind.BRANCH), *holders(StoreKind.HEADQUARTERS)]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    yield from doors(tmp_path_factory.mktemp("settings"))


def may_set(holder: Holder, name: SettingName) -> bool:
    """Tell by `roles.toml` and the declaration alone."""
    acts = {each for each in name.by if each in set(Act)}
    return (
        PROGRAM in name.by
        or any(holder.may(Act(act)) for act in acts)
        or any(holder.may_write(table) for table in set(name.by) - acts)
    )


@pytest.mark.parametrize("holder", EVERYBODY, ids=lambda holder: f"{holder.kind}-{holder.login}")
def test_a_role_sets_what_the_setting_declares_and_nothing_else(opened: Doors, holder: Holder) -> None:
    store = opened.open(holder)
    for name in SettingName:
        before = store.setting(name)
        if may_set(holder, name):
            store.set_setting(name, before)
            continue
        with pytest.raises(NotAllowed):
            store.set_setting(name, f"{before}!")
        with pytest.raises(NotAllowed), store.unit_of_work("绕开") as session:
            put_setting(session, name, f"{before}!")
        assert store.setting(name) == before


@pytest.mark.parametrize("holder", EVERYBODY, ids=lambda holder: f"{holder.kind}-{holder.login}")
def test_settings_are_not_taken_away_all_at_once(opened: Doors, holder: Holder) -> None:
    store = opened.open(holder)
    if any(ALL in grant.writes for grant in holder.grants):
        return
    with pytest.raises(NotAllowed), store.unit_of_work("清空") as session:
        session.execute(delete(Setting))


def test_an_action_that_took_one_right_sets_nothing_that_asks_for_another(opened: Doors) -> None:
    store = opened.open(holders(StoreKind.BRANCH)[0])
    with pytest.raises(NotAllowed), store.unit_of_work("收包", Act.EXCHANGE) as session:
        put_setting(session, SettingName.IDLE_MINUTES, "999")
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        put_setting(session, SettingName.WANTED, "[]")


def test_what_was_settled_when_the_store_was_founded_stands(opened: Doors) -> None:
    store = opened.open(holders(StoreKind.BRANCH)[0])
    for name in (SettingName.KIND, SettingName.CREATED_ON):
        with pytest.raises(NotAllowed):
            store.set_setting(name, "2030-01-01")
