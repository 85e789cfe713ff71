"""Requests to headquarters whose answers open nothing any more, remembered in the database itself.

Whoever puts a former unlock.json back into the folder has not put back what the database knows.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desktop.models.database import open_engine
from desktop.models.history import Setting, SettingName
from desktop.services.security.pending import PendingUnlock, forget

if TYPE_CHECKING:
    from desktop.services.files import FilePort
    from desktop.services.store import Store

_MOST = 500


def drop(store: "Store", pending: PendingUnlock | None, port: "FilePort | None" = None) -> None:
    """Remember that a request is used or dropped, with those before it, then take its file away.

    Raises:
        StorageFailure: the disk refuses; the file is as it was.
    """
    if pending is not None:
        known = _listed(store.setting(SettingName.SPENT_REQUESTS))
        spent = [*(request for request in known if request not in pending.all_requests), *pending.all_requests]
        store.set_setting(SettingName.SPENT_REQUESTS, json.dumps(spent[-_MOST:]))
    forget(store.folder, port)


def is_spent(database: Path, key: bytes, request: str, refused: str) -> bool:
    """Tell whether the database knows `request` as used or dropped, or help as `refused` altogether.

    A database that cannot be read knows nothing: the opening that follows says what is wrong with it.
    """
    engine = open_engine(database, key)
    try:
        with Session(engine) as session:
            said = {
                setting.name: setting.value
                for setting in session.scalars(
                    select(Setting).where(Setting.name.in_([SettingName.SPENT_REQUESTS, SettingName.HELP]))
                )
            }
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
    return said.get(SettingName.HELP) == refused or request in _listed(said.get(SettingName.SPENT_REQUESTS, ""))


def _listed(text: str) -> list[str]:
    try:
        return [str(request) for request in json.loads(text or "[]")]
    except (ValueError, TypeError):
        return []
