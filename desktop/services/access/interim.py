"""Interim passwords (临时密码): set by another person when the data key changed, until their user sets an own one."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from desktop.models.history import SettingName

if TYPE_CHECKING:
    from desktop.services.store import Store

TITLE = "现在用的是别人设的临时密码"
WORDS = "设的人也知道它。请改成只有自己知道的密码。"


def interim(store: "Store") -> tuple[str, ...]:
    """Return the log-in names whose password another person set."""
    return tuple(json.loads(store.setting(SettingName.INTERIM) or "[]"))


def note_interim(store: "Store", logins: Iterable[str]) -> None:
    """Let `logins`, and nobody else, be those whose password another person set."""
    noted = tuple(logins)
    if noted != interim(store):
        store.set_setting(SettingName.INTERIM, json.dumps(noted) if noted else "")


def end_interim(store: "Store", login: str) -> None:
    """Remember that the password of `login` is an own one now, or that nobody has that name any more."""
    note_interim(store, (name for name in interim(store) if name != login))


def own_password_due(store: "Store") -> bool:
    """Return whether who works here is to set an own password, and can."""
    return store.look is None and store.actor in interim(store)
