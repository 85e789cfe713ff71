"""The slot of headquarters: the data key, sealed so that headquarters can give it back to a branch that is locked out.

What is sealed says whose key it is: headquarters reads it there, never from the request that a stranger may have made.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused

if TYPE_CHECKING:
    from desktop.services.security.agefile import Identity, Recipient

_PURPOSE = "dzb-help-v1"
_DEK_BYTES = 32
_MAX_BYTES = 4096
LONGEST_SEAL = 16 << 10
"""A slot is an age file of a few hundred bytes; a longer one is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Who may help, and whom: the signing key (`key`) and the age keys of headquarters, the uid of the branch."""

    key: str
    recipients: tuple[str, ...]
    org: str

    @property
    def label(self) -> str:
        """How the slot names the helper: its signing key, and a sum by which a change of the rest shows."""
        rest = hashlib.sha256(canonical([self.org, *self.recipients])).hexdigest()
        return f"{self.key}:{rest[:16]}"


@dataclass(frozen=True, slots=True, repr=False)
class SealedKey:
    """What a slot of headquarters holds: the data key, of which vault, of which branch."""

    dek: bytes
    vault_id: str
    org: str


def signer_of(label: str) -> str:
    """Return which signing key (SHA-256, hex) the helper of a slot has."""
    return label.partition(":")[0]


def seal_key(dek: bytes, vault_id: str, helper: Helper) -> bytes:
    """Return an age file of the data key that `helper` opens."""
    from pyrage import x25519  # libraries of their own, needed only when something is sealed

    return sealed_for(
        {"dek": dek.hex(), "for": _PURPOSE, "org": helper.org, "vault": vault_id},
        [x25519.Recipient.from_str(recipient) for recipient in helper.recipients],
    )


def open_key(sealed: bytes, identities: "Sequence[Identity]") -> SealedKey:
    """Return what a slot of headquarters holds.

    Raises:
        PackageRefused: E-PKG-KEY, sealed for others; E-PKG-FORMAT, something else is in it, or it was changed.
    """
    document = opened_seal(sealed, identities)
    try:
        dek = bytes.fromhex(document["dek"])
        found = SealedKey(dek, str(document["vault"]), str(document["org"]))
        same = document == {"dek": dek.hex(), "for": _PURPOSE, "org": found.org, "vault": found.vault_id}
    except (KeyError, TypeError, ValueError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error
    if not same or len(dek) != _DEK_BYTES:
        raise PackageRefused("E-PKG-FORMAT")
    return found


def sealed_for(document: dict[str, str], recipients: "Sequence[Recipient]") -> bytes:
    """Return a small document as an age file."""
    from desktop.services.security import agefile

    out = io.BytesIO()
    agefile.encrypt(io.BytesIO(canonical(document)), out, list(recipients))
    return out.getvalue()


def opened_seal(sealed: bytes, identities: "Sequence[Identity]") -> dict[str, str]:
    """Return the small document in an age file.

    Raises:
        PackageRefused: E-PKG-KEY, sealed for others; E-PKG-FORMAT, no document, or changed.
    """
    from desktop.services.security import agefile

    if len(sealed) > LONGEST_SEAL:
        raise PackageRefused("E-PKG-FORMAT")
    out = io.BytesIO()
    try:
        agefile.decrypt(io.BytesIO(sealed), out, identities)
        document = json.loads(out.getvalue()[: _MAX_BYTES + 1])
    except agefile.NoKeyFits as error:
        raise PackageRefused("E-PKG-KEY") from error
    except (agefile.Damaged, ValueError, RecursionError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error
    if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
        raise PackageRefused("E-PKG-FORMAT")
    return document
