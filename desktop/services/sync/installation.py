"""Who this installation is: its code and uid, its keys, and how headers name it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop import __version__
from desktop.models import schema
from desktop.models.base import new_id
from desktop.models.database import open_engine, open_sessions
from desktop.models.history import Setting, SettingName
from desktop.models.sync import OwnKey
from desktop.models.vocabulary.access import Act
from desktop.services.clock import utc_text
from desktop.services.security.keys import Identity
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import NO_CODE, Addressee, Header, Party

if TYPE_CHECKING:
    from desktop.services.store import Store

IDENTITY, ESCROW = "identity", "escrow"
"""What a key of this installation is for, besides that of the attachments."""

_WANT_KEYS = (Act.EXCHANGE, Act.BACKUP, Act.EXPORT)
"""What is signed: packages, backup files, archives."""


def identity_of(store: "Store") -> Identity:
    """Return the keys of this installation; they are made when first asked for.

    Where they cannot be kept, the store being only looked at, they are made for this once.
    """
    with store.reading() as session:
        identities = own_identities(session)
    if identities:
        return identities[0]
    if store.look is not None:
        return Identity.generate()
    by = next((act for act in _WANT_KEYS if store.rights.may(act)), Act.EXCHANGE)
    with store.unit_of_work("生成本机钥匙", by) as session:
        return new_identity(session, utc_text(store.clock()))


def signing_in(store: "Store", copy: Path) -> Identity:
    """Return the keys in a copy of the database, made there if there are none: a backup is signed by its own store."""
    engine = open_engine(copy, store.key)
    try:
        with open_sessions(engine).begin() as session:
            return next(iter(own_identities(session)), None) or new_identity(session, utc_text(store.clock()))
    finally:
        engine.dispose()


def new_identity(session: Session, at_utc: str) -> Identity:
    """Make new keys for this installation; the former ones only open old packages from now on."""
    identity = Identity.generate()
    for key in own_keys(session, IDENTITY):
        key.retired_at_utc = at_utc
    add_own_key(session, IDENTITY, identity.to_bytes(), identity.public.sign_pub + identity.public.age_pub, at_utc)
    return identity


def add_own_key(session: Session, purpose: str, secret: bytes | None, public: bytes, at_utc: str) -> None:
    """Add a key after all that are here, by the order of ids: they are told apart by it, and a clock may go back."""
    drawn, last = new_id(), session.scalar(select(func.max(OwnKey.id)))
    if last is not None and last >= drawn:
        drawn = str(UUID(int=UUID(last).int + 1))
    session.add(OwnKey(id=drawn, purpose=purpose, secret=secret, public=public, created_at_utc=at_utc))
    session.flush()


def own_settings(session: Session) -> dict[str, str]:
    """Return who this store is: org, code, name, install, kind."""
    names = (SettingName.ORG, SettingName.CODE, SettingName.NAME, SettingName.INSTALL, SettingName.KIND)
    return {row.name: row.value for row in session.scalars(select(Setting).where(Setting.name.in_(names)))}


def own_identities(session: Session) -> list[Identity]:
    """Return the keys of this installation, the present ones first; former ones still open old packages."""
    keys = session.scalars(
        select(OwnKey).where(OwnKey.purpose == IDENTITY).order_by(OwnKey.retired_at_utc.is_not(None), OwnKey.id.desc())
    )
    return [Identity.from_bytes(key.secret) for key in keys if key.secret is not None]


def identity_for(session: Session, own_key: str | None) -> Identity:
    """Return by which of our keys a partner knows us (`Partner.own_key`): packages to it are signed with that one."""
    identities = own_identities(session)
    return next((identity for identity in identities if identity.public.key_id == own_key), identities[0])


def own_recipients(session: Session, identity: Identity) -> list[str]:
    """Return where packages to this installation are to be encrypted: its own key, then the one kept apart."""
    return [identity.public.age_recipient, *(key.public.decode("ascii") for key in own_keys(session, ESCROW))]


def own_keys(session: Session, purpose: str) -> list[OwnKey]:
    """Return the keys in use for `purpose`, newest first."""
    query = select(OwnKey).where(OwnKey.purpose == purpose, OwnKey.retired_at_utc.is_(None)).order_by(OwnKey.id.desc())
    return list(session.scalars(query))


def own_party(settings: Mapping[str, str], identity: Identity) -> Party:
    """Return this installation as a header names it."""
    return Party(settings["org"], settings["code"] or NO_CODE, settings["install"], identity.public.key_id)


def key_header(
    store: "Store",
    kind: Kind,
    identity: Identity,
    data: Mapping[str, object],
    to: tuple[Addressee, ...] = (),
    settings: Mapping[str, str] | None = None,
) -> Header:
    """Return the header of a key file of this installation."""
    if settings is None:
        with store.reading() as session:
            settings = own_settings(session)
    return Header(
        kind=kind,
        pkg_id=new_id(),
        created=store.clock().isoformat(timespec="seconds"),
        sender=own_party(settings, identity),
        to=to,
        app=__version__,
        revision=schema.HEAD,
        data=data,
    )
