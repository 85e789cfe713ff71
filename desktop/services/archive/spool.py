"""Pictures waiting for their page: outside memory, and readable by nobody.

An archive has as many photos as its branch took. Each is made ready once and waits here, encrypted under a key that
only this process knows, in a file of the store's own folder that has no name and is gone with the process.
"""

import os
import tempfile
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class Spool:
    """Keeps pieces of bytes on the disk until it is closed."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when the spool is
        self._cipher = AESGCM(AESGCM.generate_key(bit_length=256))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keep(self, data: bytes) -> tuple[int, int]:
        """Keep `data`; return where, for `read`."""
        nonce = os.urandom(_NONCE_BYTES)
        kept = nonce + self._cipher.encrypt(nonce, data, None)
        at = self._file.seek(0, os.SEEK_END)
        self._file.write(kept)
        return at, len(kept)

    def read(self, place: tuple[int, int]) -> bytes:
        """Return what was kept there."""
        at, size = place
        self._file.seek(at)
        kept = self._file.read(size)
        return self._cipher.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], None)
