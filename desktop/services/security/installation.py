"""The keys of this installation as its database holds them."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.sync import OwnKey
from desktop.services.clock import utc_text
from desktop.services.security.keys import Identity

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desktop.services.store import Store

PURPOSE = "identity"


def identity_of(store: "Store") -> Identity:
    """Return the keys this store signs with and is written to; they are made when first asked for.

    Raises:
        StorageFailure: the disk is full or refuses.
    """
    with store.reading() as session:
        found = _current(session)
    if found is not None:
        return found
    with store.unit_of_work("生成本机密钥") as session:
        found = _current(session)
        if found is None:
            found = Identity.generate()
            session.add(
                OwnKey(
                    purpose=PURPOSE,
                    secret=found.to_bytes(),
                    public=found.public.sign_pub + found.public.age_pub,
                    created_at_utc=utc_text(store.clock()),
                )
            )
    return found


def identities_of(store: "Store") -> tuple[Identity, ...]:
    """Return the current keys and every retired one, newest first: old packages still open with old keys."""
    with store.reading() as session:
        secrets = session.scalars(select(OwnKey.secret).where(OwnKey.purpose == PURPOSE).order_by(OwnKey.id.desc()))
        return tuple(Identity.from_bytes(secret) for secret in secrets if secret is not None)


def _current(session: "Session") -> Identity | None:
    query = select(OwnKey.secret).where(OwnKey.purpose == PURPOSE, OwnKey.retired_at_utc.is_(None))
    secret = session.scalars(query.order_by(OwnKey.id.desc())).first()
    return None if secret is None else Identity.from_bytes(secret)
