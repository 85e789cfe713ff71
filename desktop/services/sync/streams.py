"""What the database remembers of the packages between two sides: whom we know, what came in, what went out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import UnaryExpression, literal_column, select
from sqlalchemy.orm import Session

from desktop.models.sync import Partner, ReceivedPackage, SyncPackage
from desktop.models.vocabulary.stores import PackageState, PartnerState
from desktop.services.errors import PackageRefused
from desktop.services.security.keys import key_id
from desktop.services.sync import protocol
from desktop.services.sync.package_header import Header
from desktop.services.sync.protocol import Received, Sent

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NEWEST_FIRST: UnaryExpression[int] = literal_column("received_packages.rowid").desc()
"""Order of arrival, latest first: two packages may come within one second."""

_WRITER, _STREAM, _SEQ = "from", "stream", "seq"
"""Parts of a header, as `package_header` writes them."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The other side of one stream, as far as packing needs to know it."""

    org: str
    code: str
    name: str
    recipients: tuple[str, ...]
    own_key: str | None = None

    @classmethod
    def of(cls, partner: Partner) -> "Peer":
        """Return what packing needs of `partner`."""
        return cls(partner.org, partner.code, partner.name, tuple(partner.age_recipients), partner.own_key)


class Standing(Enum):
    """What a key of a partner counts for: the one in force, the one announced to follow it, one that was replaced."""

    CURRENT = "current"
    NEXT = "next"
    FORMER = "former"


@dataclass(frozen=True, slots=True)
class Known:
    """The partner a header speaks of, the public key it is signed with, and what that key counts for."""

    partner: Partner
    sign_pub: bytes
    standing: Standing

    @property
    def verifying_key(self) -> "Ed25519PublicKey":
        """The key as the signature functions take it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(self.sign_pub)


# whom we know


def headquarters_of(session: Session) -> Peer | None:
    """Return the headquarters of this branch, or None before an invitation was taken in."""
    partner = session.scalars(
        select(Partner).where(Partner.state != PartnerState.REVOKED).order_by(Partner.id.desc())
    ).first()
    return Peer.of(partner) if partner is not None else None


def active_branches(session: Session, codes: Collection[str] | None = None) -> list[Peer]:
    """Return the branches that headquarters exchanges packages with (those of `codes` only), by code."""
    query = select(Partner).where(Partner.state == PartnerState.ACTIVE).order_by(Partner.code)
    if codes is not None:
        query = query.where(Partner.code.in_(codes))
    return [Peer.of(partner) for partner in session.scalars(query)]


def partner_names(session: Session) -> dict[str, str]:
    """Return the name of every side ever known, by its uid."""
    return {partner.org: partner.name for partner in session.scalars(select(Partner).order_by(Partner.id))}


def partner_codes(session: Session) -> dict[str, str]:
    """Return the name of every side ever known, by its code."""
    return {partner.code: partner.name for partner in session.scalars(select(Partner).order_by(Partner.id))}


def partner_in_force(session: Session, org: str) -> Partner | None:
    """Return the registration of `org` that counts, if it has one."""
    return session.scalars(
        select(Partner).where(Partner.org == org, Partner.state != PartnerState.REVOKED).order_by(Partner.id.desc())
    ).first()


def partner_of(session: Session, header: Header) -> Known:
    """Return whom a header speaks of: organisation, installation and key must be known ones.

    Raises:
        PackageRefused: E-INSTALL, another PC of a branch we know; E-KEY-UNKNOWN, another key of the PC we know;
            E-PKG-SENDER.
    """
    partners = session.scalars(
        select(Partner).where(Partner.org == header.sender.org, Partner.state != PartnerState.REVOKED)
    ).all()
    for partner in partners:
        if partner.install != header.sender.install or partner.sign_pub is None:
            continue
        for standing, sign_pub in _keys_of(partner):
            if key_id(sign_pub) == header.sender.key:
                return Known(partner, sign_pub, standing)
        raise PackageRefused("E-KEY-UNKNOWN", sender=partner.name)
    if any(partner.state is PartnerState.ACTIVE for partner in partners):
        raise PackageRefused("E-INSTALL", sender=partners[0].name)
    raise PackageRefused("E-PKG-SENDER", sender=header.sender.called)


def _keys_of(partner: Partner) -> Iterator[tuple[Standing, bytes]]:
    """Give the signing keys of `partner`, the one in force first."""
    if partner.sign_pub is not None:
        yield Standing.CURRENT, partner.sign_pub
    if partner.next_sign_pub is not None:
        yield Standing.NEXT, partner.next_sign_pub
    for former in partner.former_keys:
        yield Standing.FORMER, bytes.fromhex(former)


# what came in


def received_from(session: Session, org: str, install: str | None) -> list[ReceivedPackage]:
    """Return what came from one installation of `org`, newest first."""
    packages = session.scalars(select(ReceivedPackage).where(ReceivedPackage.sender == org).order_by(NEWEST_FIRST))
    return [package for package in packages if package.header["from"]["install"] == install]


def memory_of(packages: Sequence[ReceivedPackage]) -> tuple[Received, ReceivedPackage | None]:
    """Return the memory of one sender for the protocol, and the package in force; `packages` come newest first."""
    accepted = [package for package in packages if package.accepted]
    if not accepted:
        return Received(), None
    last = accepted[0]
    hashes = frozenset(package.package_hash for package in accepted)
    return Received(last.package_hash, last.seq, tuple(last.after), hashes), last


def is_noted(session: Session, package_hash: str) -> bool:
    """Whether the package came in before, accepted or not."""
    return session.scalar(select(ReceivedPackage.id).where(ReceivedPackage.package_hash == package_hash)) is not None


def overtaken(session: Session, org: str, after: Collection[str]) -> list[str]:
    """Return the packages (hashes) of `org` refused as of another line that are in `after`: it has gone past them."""
    forks = session.scalars(
        select(ReceivedPackage.package_hash).where(
            ReceivedPackage.sender == org, ReceivedPackage.code == protocol.Decision.FORK.value
        )
    )
    return [package_hash for package_hash in forks if protocol.short(package_hash) in after]


def forget_refusals(session: Session, package_hash: str) -> None:
    """Drop what was noted of a package before, now that more is known of it."""
    refusals = select(ReceivedPackage).where(
        ReceivedPackage.package_hash == package_hash, ReceivedPackage.accepted.is_(False)
    )
    for refusal in session.scalars(refusals).all():
        session.delete(refusal)
    session.flush()


# what went out


def sent_to(session: Session, org: str) -> list[SyncPackage]:
    """Return the packages of ours to `org`."""
    return list(session.scalars(select(SyncPackage).where(SyncPackage.partner == org)))


def is_forgotten(package: SyncPackage) -> bool:
    """Whether this store knows a package of its own only by what the other side says of it: it has gone back."""
    return _WRITER not in package.header


def forgotten_header(seq: int) -> dict[str, object]:
    """Return what is known of the header of a forgotten package: the number that the other side says it has."""
    return {_STREAM: {_SEQ: seq}}


def taken_seq(package: SyncPackage) -> int:
    """Return the number by which the other side knows a package of ours: a forgotten one is kept past all of ours, so
    that the next descends from it, and may have had a lower one.
    """
    seq: int = package.header.get(_STREAM, {}).get(_SEQ, package.seq)
    return seq


def resumed_after(packages: Sequence[SyncPackage]) -> int | None:
    """Return the number of the forgotten package after which we went on, until a later one is known to have come."""
    forgotten = max(filter(is_forgotten, packages), key=lambda package: package.seq, default=None)
    arrived = (package for package in packages if package.state is PackageState.ACKED and not is_forgotten(package))
    if forgotten is None or forgotten.seq <= max((package.seq for package in arrived), default=0):
        return None
    return taken_seq(forgotten)


def as_sent(package: SyncPackage) -> Sent:
    """Return a package of ours as the protocol sees it."""
    return Sent(package.package_hash, package.seq, package.state, package.answer_code)


def supersede(session: Session, org: str, newest: set[str]) -> None:
    """Note that packages to `org` that never left need not leave any more, but for the `newest` (hashes)."""
    former = [package for package in sent_to(session, org) if package.package_hash not in newest]
    for package, now in zip(former, protocol.superseded(map(as_sent, former)), strict=True):
        package.state = now.state


def county_of(session: Session, org: str) -> str:
    """Return the county noted of a branch, empty if none is."""
    query = select(Partner.county).where(Partner.org == org, Partner.county != "").order_by(Partner.id.desc())
    return session.scalars(query).first() or ""
