"""The proof of a package: it is for us, from somebody we know, and signed by a key of theirs that we know."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.errors import PackageRefused
from desktop.services.sync import package_header, streams
from desktop.services.sync.installation import identity_of, own_identities

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from desktop.services.store import Store
    from desktop.services.sync.package_header import Header
    from desktop.services.sync.package_reader import Package


def proven_package(store: "Store", path: Path) -> "Package":
    """Return the package at `path`, its sender proven; its body is not looked at yet.

    Raises:
        PackageRefused: E-PKG-…, E-INSTALL, E-KEY-UNKNOWN; E-KEY-LOST, for us but by a key these data do not have.
    """
    from desktop.services.sync import package_reader  # brings cryptography, which lists do without

    def find_sender(header: "Header") -> "Ed25519PublicKey":
        with store.reading() as session:
            return streams.partner_of(session, header).verifying_key

    identity_of(store)
    with store.reading() as session:
        mine = {package_header.recipient_id(identity.public.age_recipient) for identity in own_identities(session)}
    try:
        return package_reader.inspect(path, mine, find_sender)
    except PackageRefused as error:
        if store.org in error.facts.get("orgs", ()):
            raise PackageRefused("E-KEY-LOST") from error
        raise
