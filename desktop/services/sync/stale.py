"""A store that went back behind what it has sent already: noticed, and decided upon before the next package."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.history import SettingName
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.services.backup.restoring import restored_into
from desktop.services.clock import Clock, local
from desktop.services.store import put_setting
from desktop.services.sync.receipts import setting
from desktop.services.sync.streams import Peer, active_branches, headquarters_of, is_forgotten, sent_to, taken_seq

if TYPE_CHECKING:
    from desktop.services.store import Store

MOST_NAMED = 4


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
    """The other side of a stream may have, or `sure`: has, packages of ours that this store does not know.

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
                seq, sure = taken_seq(packages[-1]), True
                known = max((package.seq for package in packages if not is_forgotten(package)), default=0)
            moments = [package.built_at_utc for package in packages if not is_forgotten(package)]
            quiet = max(*moments, _last_heard(session, peer), "") < since
            if sure or seq > known or (since and quiet):
                newest = seq if sure or seq > known else 0
                found.append(
                    Behind(code=peer.code, name=peer.name, seq=newest, known=known, sure=sure, since_utc=since)
                )
    return found


def _sure_words(lag: Behind) -> str:
    """Say which package a branch has that is not here; numbers given out anew here may have gone past it."""
    if lag.seq > lag.known:
        return f"{lag.code}已收过第{lag.seq}号、本机只到第{lag.known}号"
    return f"{lag.code}收过的第{lag.seq}号不是本机现在的第{lag.seq}号"


def behind_words(lagging: Sequence[Behind], clock: Clock) -> str:
    """Say who may have taken later answers than headquarters knows, and what to do."""
    sure = [lag for lag in lagging if lag.sure]
    if sure:
        each = "，".join(map(_sure_words, sure[:MOST_NAMED]))
        more = f"等{len(sure)}个支部" if len(sure) > MOST_NAMED else ""
        return (
            f"{each}{more}：总部的数据恢复过较早的备份。有较新的备份，先恢复再下发；"
            "没有，就照样下发：包号接在支部收过的后面，支部收到时看到说明，不会卡住。"
        )
    codes = "、".join(lag.code for lag in lagging[:MOST_NAMED])
    more = f"等{len(lagging)}个支部" if len(lagging) > MOST_NAMED else ""
    since = f"数据在 {local(lagging[0].since_utc, clock):%m-%d %H:%M} 从备份恢复过，" if lagging[0].since_utc else ""
    return (
        f"{since}那以后还没有收过{codes}{more}的报送包，不知道它们收过第几号。请先收它们最近的报送包，再下发；"
        "不收就下发，支部可能把这个包隔离起来，等你们再发一次。"
    )


def _last_heard(session: Session, peer: Peer) -> str:
    """Return when something of `peer` was last accepted (UTC text), empty if nothing ever was."""
    accepted = select(func.max(ReceivedPackage.received_at_utc)).where(
        ReceivedPackage.sender == peer.org, ReceivedPackage.accepted.is_(True)
    )
    return session.scalar(accepted) or ""
