"""sentinel.json: a witness beside the database of how far the packages of this store have come.

Who copies yesterday's main.db over today's leaves this file as it was: it then knows of a package the database never
sent. It is sealed with a key of the database, so that it speaks only for its own store.
"""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from desktop.models.wiping import wipe
from desktop.services.canonical import canonical
from desktop.services.files import FilePort, storage_faults, write_atomically

NAME = "sentinel.json"

_FORMAT = 1
_INFO = b"dzb-sentinel-v1"
_MAX_BYTES = 1 << 20


class Sentinel:
    """The highest sequence number given out, per stream of packages (the organisation they go to)."""

    def __init__(self, folder: Path, dek: bytes, port: FilePort | None = None) -> None:
        self._path = folder / NAME
        self._key = _derived(dek)
        self._port = port or FilePort()

    def last(self, stream: str) -> int:
        """Return the last number this file witnesses; 0 if it is missing, damaged or of another store."""
        return self._read().get(stream, 0)

    def is_newer(self, stream: str, seq_in_database: int) -> bool:
        """Tell whether the database has gone back behind a package that was made: an old copy was put in its place."""
        return self.last(stream) > seq_in_database

    def streams(self) -> dict[str, int]:
        """Return every stream with the last number this file witnesses."""
        return self._read()

    def advance(self, stream: str, seq: int) -> None:
        """Note that package `seq` was made. Never goes back.

        Raises:
            StorageFailure: the disk is full or refuses.
        """
        streams = self._read()
        if streams.get(stream, 0) >= seq:
            return
        self._write(streams | {stream: seq})

    def declare(self, stream: str, seq: int) -> None:
        """Set the number back after the operator has decided which line of data is the true one.

        Raises:
            StorageFailure: the disk is full or refuses.
        """
        self._write(self._read() | {stream: seq})

    def forget(self) -> None:
        """Wipe the key of the seal, when the store is closed; after this nothing is witnessed any more."""
        key, self._key = self._key, b""
        wipe(key)

    def _read(self) -> dict[str, int]:
        with storage_faults(self._path, self._port):
            try:
                data = self._port.read(self._path, _MAX_BYTES)
            except FileNotFoundError:
                return {}
        try:
            value = json.loads(data)
            seal = value.pop("mac")
            if value["fmt"] == _FORMAT and hmac.compare_digest(seal, self._seal(value)):
                return {str(stream): int(seq) for stream, seq in value["last"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}
        return {}

    def _write(self, streams: dict[str, int]) -> None:
        value = {"fmt": _FORMAT, "last": streams}
        write_atomically(self._path, canonical(value | {"mac": self._seal(value)}), self._port)

    def _seal(self, value: dict[str, Any]) -> str:
        return hmac.new(self._key, canonical(value), hashlib.sha256).hexdigest()


def _derived(dek: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, _INFO).derive(dek)
