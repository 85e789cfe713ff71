"""A store that went back behind what it has sent already: noticed, and decided upon before the next report."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.services.store import put_setting
from desktop.services.sync.receipts import setting
from desktop.services.sync.streams import headquarters_of, sent_to

if TYPE_CHECKING:
    from desktop.models.history import SettingName
from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class StaleLocal:
    """Headquarters has had a newer package from this branch than this store knows: `seq` there, `known` here."""

    seq: int
    known: int


def stale_local(store: "Store") -> StaleLocal | None:
    """Branch: say whether exports are blocked because this store went back behind a package already sent."""
    with store.reading() as session:
        peer = headquarters_of(session)
        if peer is None:
            return None
        known = max((package.seq for package in sent_to(session, peer.org)), default=0)
        noted = setting(session, SettingName.STALE)
    if noted:
        return StaleLocal(int(json.loads(noted)["seq"]), known)
    if store.sentinel.is_newer(peer.org, known):
        return StaleLocal(store.sentinel.last(peer.org), known)
    return None


def declare_local_valid(store: "Store") -> None:
    """Branch: go on with the data of this PC (以本机数据为准); headquarters will be asked to confirm."""
    stale = stale_local(store)
    with store.reading() as session:
        peer = headquarters_of(session)
    if stale is None or peer is None:
        return
    with store.unit_of_work("声明以本机数据为准") as session:
        noted = setting(session, SettingName.STALE)
        if noted:
            put_setting(session, SettingName.DECLARED, json.loads(noted)["hash"])
            put_setting(session, SettingName.STALE, "")
    store.sentinel.declare(peer.org, stale.known)
