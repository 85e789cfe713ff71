"""Other keys, as planned (更换签名钥匙): announced under the key in force, in force on the other side with first use.

Each package to a partner that knows us by a former key announces the newest one. The partner notes it and says so with
its next receipt; from then on we sign with it, and with the first package so signed the former key signs nothing new:
who stole it cannot announce another. Former keys still open what was encrypted to them, and are kept for good.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from desktop.models.sync import OwnKey, Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState, Use
from desktop.services.backup import BackupService
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, PackageRefused, StorageFailure
from desktop.services.security.key_witness import Witnessed
from desktop.services.security.keys import Identity, PublicKeys, key_id, recipient_bytes
from desktop.services.sync.assistance import renew_help
from desktop.services.sync.installation import IDENTITY, add_own_key, identity_for, identity_of, own_identities
from desktop.services.sync.streams import Standing

if TYPE_CHECKING:
    from desktop.services.store import Store

AFTER = "更换签名钥匙后"
_NOTED = "对方预告了新的钥匙，下一次交换起改用。"
_IN_FORCE = "对方已改用新的钥匙，旧钥匙不能再签新的包。"
_ANOTHER = "对方预告的新钥匙和以前预告的不是同一个，没有采用：请打电话问清；不是对方换的，就停用登记，重新邀请。"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """The keys of this installation.

    Attributes:
        fingerprint: of the newest.
        since_utc: when they were made.
        former: the fingerprint by which those in `waiting` still know us, empty if there are none.
        waiting: names of partners that have not confirmed the newest yet.
        known: whether any partner knows us by a key at all.
    """

    fingerprint: str
    since_utc: str
    former: str
    waiting: tuple[str, ...]
    known: bool = False


class KeyService:
    """The signing and receiving keys of one store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def state(self) -> KeyState | None:
        """Return the keys of this installation, or None before there are any."""
        with self._store.reading() as session:
            identities = own_identities(session)
            if not identities:
                return None
            newest = identities[0].public
            partners = list(_known_by(session))
            waiting = [partner for partner, key in partners if key != newest.key_id]
            former = identity_for(session, waiting[0].own_key).public.fingerprint if waiting else ""
            return KeyState(
                fingerprint=newest.fingerprint,
                since_utc=_made_at(session, newest),
                former=former,
                waiting=tuple(partner.name for partner in waiting),
                known=bool(partners),
            )

    def rotate(self) -> str:
        """Make new keys and return their fingerprint; who knows us by the former learns of them with the next packages.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            Conflict: some have not confirmed the last change yet.
            StorageFailure: the disk refuses; all is as it was.
        """
        store = self._store
        store.rights.require(Act.KEYS)
        store.require_writable()
        former = identity_of(store)
        state = self.state()
        if state is not None and state.waiting:
            raise Conflict(reason=f"上一次更换还没有完成：{'、'.join(state.waiting[:5])}还没有确认新钥匙")
        identity, at = Identity.generate(), utc_text(store.clock())
        witness_keys(store, made=(identity, at))  # before the database: a key that signs is never the only copy
        with store.unit_of_work("更换签名钥匙", Act.KEYS) as session:
            _add(session, identity, at, former)
            _retire(session, at)
        store.audit(Use.NEW_SIGNING_KEYS, f"指纹 {identity.public.fingerprint}")
        with contextlib.suppress(StorageFailure):  # one more copy; that there is none shows on the page of backups
            BackupService(store).backup(AFTER)
        return identity.public.fingerprint


# said


def announcement(session: Session, identity: Identity) -> dict[str, str] | None:
    """Return what a package signed by `identity` says of a newer key of ours, if there is one."""
    newest = own_identities(session)[0].public
    if newest.key_id == identity.public.key_id:
        return None
    return {"recipient": newest.age_recipient, "sign_pub": newest.sign_pub.hex()}


def keys_known(partner: Partner) -> list[str]:
    """Return by which keys (SHA-256, hex) we know `partner`: the one in force, and one that was announced."""
    return [key_id(sign_pub) for sign_pub in (partner.sign_pub, partner.next_sign_pub) if sign_pub is not None]


# heard


def hear_keys(session: Session, partner_id: str, standing: Standing, extras: Mapping[str, object]) -> str:
    """Note what an accepted package says of its sender's keys; return what is to be told of it.

    Raises:
        PackageRefused: E-PKG-FORMAT.
    """
    here, told = session.get_one(Partner, partner_id), ""
    if standing is Standing.NEXT and here.sign_pub is not None and here.next_recipient is not None:
        here.former_keys = [*here.former_keys, here.sign_pub.hex()]
        here.sign_pub, here.next_sign_pub = here.next_sign_pub, None
        here.age_recipients = [here.next_recipient, *here.age_recipients[1:]]
        here.next_recipient, told = None, _IN_FORCE
    announced = _announced(extras.get("next_key"))
    if announced is None or announced.sign_pub == here.sign_pub or announced.sign_pub.hex() in here.former_keys:
        return told
    if here.next_sign_pub is None:
        here.next_sign_pub, here.next_recipient = announced.sign_pub, announced.age_recipient
        return told + _NOTED
    if (here.next_sign_pub, here.next_recipient) != (announced.sign_pub, announced.age_recipient):
        return told + _ANOTHER
    return told


def hear_known(session: Session, partner: Partner, receipt: object, at_utc: str) -> None:
    """Note by which of our keys the other side says it knows us: from now on we sign with the newest of them."""
    known = receipt.get("knows") if isinstance(receipt, dict) else None
    if not isinstance(known, list | tuple):
        return  # of a program that knew no change of keys
    for identity in own_identities(session):
        if identity.public.key_id in known:
            partner.own_key = identity.public.key_id
            _retire(session, at_utc)
            return


# what a restore must not lose


def follow_keys(store: "Store") -> None:
    """After packages came in: see to the slot of a helper whose keys changed, and to the witness of ours.

    Where the disk refuses, the next exchange tries again.
    """
    with contextlib.suppress(StorageFailure):
        renew_help(store)
        witness_keys(store)


def witness_keys(store: "Store", made: tuple[Identity, str] | None = None) -> None:
    """Write beside the database which keys there are, and `made`, which it is about to get.

    Raises:
        StorageFailure: the disk refuses.
    """
    former = store.key_witness.read()
    with store.reading() as session:
        rows = session.scalars(select(OwnKey).where(OwnKey.purpose == IDENTITY))
        own = {row.secret.decode("ascii"): row.created_at_utc for row in rows if row.secret is not None}
        there = Partner.sign_pub.is_not(None)
        named = session.execute(select(Partner.org, Partner.own_key).where(there, Partner.own_key.is_not(None)))
        known = {org: key for org, key in named if key is not None}
        stopped = former.revoked | _keys_of(session, there, Partner.state == PartnerState.REVOKED)
        if stopped:  # else nobody's keys need be looked at: there may be hundreds of branches
            stopped -= _keys_of(session, there, Partner.state != PartnerState.REVOKED)
    if made is not None:
        own[made[0].to_bytes().decode("ascii")] = made[1]
    now = Witnessed(former.identities | own, former.known | known, stopped)
    if now != former and now.identities:
        store.key_witness.write(now)


def settle_keys(store: "Store") -> None:
    """At opening: give a database that went back the keys made since, and stop again whom it had stopped.

    Raises:
        StorageFailure: the disk refuses.
    """
    witnessed = store.key_witness.read()
    with store.reading() as session:
        rows = session.scalars(select(OwnKey.secret).where(OwnKey.purpose == IDENTITY))
        here = {secret.decode("ascii") for secret in rows if secret is not None}
        trusted = session.scalars(select(Partner).where(Partner.state != PartnerState.REVOKED)).all()
        stopped = [partner.id for partner in trusted if witnessed.revoked.intersection(keys_known(partner)[:1])]
    missing = sorted((at, secret) for secret, at in witnessed.identities.items() if secret not in here)
    stopped = stopped if store.is_headquarters else []
    if missing or stopped:
        with store.unit_of_work("找回恢复前的钥匙", Act.EXCHANGE) as session:
            for at, secret in missing:
                identities = own_identities(session)
                identity = Identity.from_bytes(secret.encode("ascii"))
                _add(session, identity, at, identities[0] if identities else identity)
            _settle_partners(session, witnessed, stopped)
    with contextlib.suppress(StorageFailure):  # a store on a full disk still opens
        witness_keys(store)


def _settle_partners(session: Session, witnessed: Witnessed, stopped: list[str]) -> None:
    own = {identity.public.key_id for identity in own_identities(session)}
    for partner in session.scalars(select(Partner).where(Partner.state != PartnerState.REVOKED)).all():
        if partner.id in stopped:
            partner.state = PartnerState.REVOKED
        elif (key := witnessed.known.get(partner.org)) in own:
            partner.own_key = key


# inside


def _partners(session: Session) -> list[Partner]:
    """Return the partners that know keys of ours."""
    known = Partner.state != PartnerState.REVOKED, Partner.sign_pub.is_not(None)
    return list(session.scalars(select(Partner).where(*known).order_by(Partner.code)))


def _known_by(session: Session) -> list[tuple[Partner, str]]:
    """Return by which of our keys each partner knows us (as `identity_for`); ours are read once for all partners."""
    own = [identity.public.key_id for identity in own_identities(session)]
    named = [(partner, partner.own_key) for partner in _partners(session)]
    return [(partner, key if key is not None and key in own else own[0]) for partner, key in named]


def _made_at(session: Session, keys: PublicKeys) -> str:
    public = keys.sign_pub + keys.age_pub
    return session.scalars(select(OwnKey.created_at_utc).where(OwnKey.public == public)).first() or ""


def _add(session: Session, identity: Identity, at_utc: str, former: Identity) -> None:
    """Add keys beside the `former` ones, by which all partners know us until they say otherwise."""
    for partner in _partners(session):
        partner.own_key = partner.own_key or former.public.key_id
    public = identity.public.sign_pub + identity.public.age_pub
    add_own_key(session, IDENTITY, identity.to_bytes(), public, at_utc)


def _retire(session: Session, at_utc: str) -> None:
    """Note which keys sign nothing any more: nobody knows us by them, and there are newer ones."""
    session.flush()
    standing = session.scalars(select(OwnKey).where(OwnKey.purpose == IDENTITY, OwnKey.retired_at_utc.is_(None))).all()
    if len(standing) == 1:
        return
    in_use = {key for _partner, key in _known_by(session)}
    newest = own_identities(session)[0].public
    for row in standing:
        key = key_id(row.public[: len(newest.sign_pub)])
        if key != newest.key_id and key not in in_use:
            row.retired_at_utc = at_utc
    session.flush()


def _keys_of(session: Session, *which: ColumnElement[bool]) -> set[str]:
    return {key for partner in session.scalars(select(Partner).where(*which)) for key in _all_of(partner)}


def _all_of(partner: Partner) -> set[str]:
    """Return every key (SHA-256, hex) a partner signs or signed with."""
    return {*keys_known(partner), *(key_id(bytes.fromhex(former)) for former in partner.former_keys)}


def _announced(value: object) -> PublicKeys | None:
    if value is None:
        return None
    try:
        if not isinstance(value, dict) or set(value) != {"recipient", "sign_pub"}:
            raise TypeError("next_key")
        recipient_bytes(value["recipient"])
        return PublicKeys(bytes.fromhex(value["sign_pub"]), value["recipient"])
    except (TypeError, ValueError, AttributeError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error
