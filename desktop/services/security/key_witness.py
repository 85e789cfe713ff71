"""keys.json: the keys of this installation beside the database, so that a restore does not lose a newer one.

Who restores a backup of before a change of keys would otherwise sign as nobody any more. It is sealed with a key of
the database, and says nothing to who cannot open that.
"""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from desktop.services.canonical import canonical
from desktop.services.files import FilePort, write_atomically

NAME = "keys.json"
_FORMAT = 1
_INFO = b"dzb-own-keys-v1"
_NONCE_BYTES = 12
_MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What is witnessed.

    Attributes:
        identities: every pair of secret keys ever made here, as `Identity.to_bytes` spells it, with its moment (UTC).
        known: by which of them a partner (its uid) was last known to know us.
        revoked: signing keys (SHA-256, hex) of partners that were stopped.
    """

    identities: dict[str, str] = field(default_factory=dict, repr=False)
    known: dict[str, str] = field(default_factory=dict)
    revoked: frozenset[str] = frozenset()


class KeyWitness:
    """The witness of one store."""

    def __init__(self, folder: Path, dek: bytes, port: FilePort | None = None) -> None:
        self._path, self._dek, self._port = folder / NAME, dek, port or FilePort()

    def read(self) -> Witnessed:
        """Return what is witnessed; nothing where the file is missing, damaged, or of another data key."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            data = self._port.read(self._path, _MAX_BYTES)
            plain = AESGCM(self._key()).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _INFO)
            value = json.loads(plain)
            if value["fmt"] != _FORMAT:
                return Witnessed()
            return Witnessed(dict(value["identities"]), dict(value["known"]), frozenset(value["revoked"]))
        except (OSError, InvalidTag, ValueError, KeyError, TypeError):
            return Witnessed()

    def write(self, witnessed: Witnessed) -> None:
        """Keep `witnessed` in the place of what was.

        Raises:
            StorageFailure: the disk is full or refuses.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        value = {
            "fmt": _FORMAT,
            "identities": dict(witnessed.identities),
            "known": dict(witnessed.known),
            "revoked": sorted(witnessed.revoked),
        }
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._key()).encrypt(nonce, canonical(value), _INFO)
        write_atomically(self._path, nonce + sealed, self._port)

    def _key(self) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, None, _INFO).derive(self._dek)
