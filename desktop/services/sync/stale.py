"""A store that went back behind what it has sent already: noticed, and decided upon before the next package."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.history import SettingName
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.services.backup.restoring import restored_into
from desktop.services.store import put_setting
from desktop.services.sync.receipts import setting
from desktop.services.sync.streams import Peer, active_branches, headquarters_of, is_forgotten, sent_to

if TYPE_CHECKING:
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
    """Branch: go on with the data of this PC (以本机数据为准); headquarters will be asked to confirm.

    Raises:
        NotAllowed: the roles of who works here do not reach so far.
    """
    store.rights.require(Act.EXCHANGE)
    stale = stale_local(store)
    with store.reading() as session:
        peer = headquarters_of(session)
    if stale is None or peer is None:
        return
    with store.unit_of_work("声明以本机数据为准", Act.EXCHANGE) as session:
        noted = setting(session, SettingName.STALE)
        if noted:
            put_setting(session, SettingName.DECLARED, json.loads(noted)["hash"])
            put_setting(session, SettingName.STALE, "")
        put_setting(session, SettingName.PAST, str(stale.seq))
    store.sentinel.declare(peer.org, stale.known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The other side of a stream may have, or `sure`: has, later packages of ours than this store knows.

    `seq`: the newest it is known to have, 0 if that is not known. `known`: the newest known here. `since_utc`: when
    these data came from a backup, if they did.
    """

    code: str
    name: str
    seq: int
    known: int
    sure: bool
    since_utc: str


def behind(store: "Store") -> list[Behind]:
    """Say to whom the next package may repeat a number, because this store went back.

    Sure is what a partner's package has told; what is not known is over once one has come in, or one was made, since.
    At a branch, see also `stale_local`.
    """
    restore = restored_into(store.folder)
    since = restore.restored_at_utc if restore is not None else ""
    found = []
    with store.reading() as session:
        here = headquarters_of(session)
        peers = active_branches(session) if store.is_headquarters else [here] if here is not None else []
        for peer in peers:
            packages = sorted(sent_to(session, peer.org), key=lambda package: package.seq)
            known = packages[-1].seq if packages else 0
            seq, sure = store.sentinel.last(peer.org), False
            if store.is_headquarters and packages and is_forgotten(packages[-1]):
                seq, sure = known, True
                known = max((package.seq for package in packages if not is_forgotten(package)), default=0)
            moments = [package.built_at_utc for package in packages if not is_forgotten(package)]
            quiet = max(*moments, _last_heard(session, peer), "") < since
            if sure or seq > known or (since and quiet):
                newest = seq if seq > known else 0
                found.append(
                    Behind(code=peer.code, name=peer.name, seq=newest, known=known, sure=sure, since_utc=since)
                )
    return found


def _last_heard(session: Session, peer: Peer) -> str:
    """Return when something of `peer` was last accepted (UTC text), empty if nothing ever was."""
    accepted = select(func.max(ReceivedPackage.received_at_utc)).where(
        ReceivedPackage.sender == peer.org, ReceivedPackage.accepted.is_(True)
    )
    return session.scalar(accepted) or ""
