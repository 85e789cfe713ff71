"""unlock.json: a request to headquarters for help that waits for its answer, beside the vault it is about.

The keys made for the request are sealed by the password that is to be in force afterwards: who only finds the file,
and the answer too, gets nowhere.
"""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop.services.canonical import canonical
from desktop.services.errors import VaultError
from desktop.services.files import FilePort, write_atomically
from desktop.services.security.keys import Identity
from desktop.services.security.passwords import SALT_BYTES, Cost, calibrated, password_key
from desktop.services.security.slots import NONCE_BYTES

NAME = "unlock.json"
_FORMAT = 1
_MAX_BYTES = 1 << 16
_MOST_FORMER = 100
_MOST_CARRIED, _LONGEST_LINE = 20, 300
WITHDRAWN = b"withdrawn"
"""As `done`: the request was dropped at the log-in, which the store remembers at its next opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingUnlock:
    """A request that was written.

    Attributes:
        request: SHA-256 (hex) of the request file.
        helper: the signing key (SHA-256, hex) the answer must be signed with.
        login: whose password is to be set.
        fingerprint: the thirty digits to be told by telephone.
        asked_utc: when it was made.
        done: salt of the password slot the answer was used for, or `WITHDRAWN`; empty until then.
        former: requests (as `request`) in whose place this one came.
        carried: lines of the ledger of media for requests that went to a stick, until the store is opened.
    """

    request: str
    helper: str
    login: str
    fingerprint: str
    asked_utc: str
    cost: Cost
    salt: bytes
    nonce: bytes = b""
    sealed: bytes = field(default=b"", repr=False)
    done: bytes = b""
    former: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()

    @property
    def all_requests(self) -> tuple[str, ...]:
        """This request and those it took the place of."""
        return (*self.former, self.request)

    @classmethod
    def make(
        cls,
        identity: Identity,
        password: str,
        *,
        request: str,
        helper: str,
        login: str,
        asked_utc: str,
        cost: Cost | None,
    ) -> "PendingUnlock":
        """Seal the keys of a request by the password that is to hold afterwards."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        pending = cls(
            request=request,
            helper=helper,
            login=login,
            fingerprint=identity.public.fingerprint,
            asked_utc=asked_utc,
            cost=cost or calibrated(),
            salt=secrets.token_bytes(SALT_BYTES),
        )
        nonce, key = secrets.token_bytes(NONCE_BYTES), password_key(password, pending.salt, pending.cost)
        return replace(
            pending, nonce=nonce, sealed=AESGCM(key).encrypt(nonce, identity.to_bytes(), canonical(pending._bound()))
        )

    @classmethod
    def of(cls, folder: Path, port: FilePort | None = None) -> "PendingUnlock | None":
        """Return the request of the store in `folder`, or None where there is none that can be read."""
        try:
            value = json.loads((port or FilePort()).read(folder / NAME, _MAX_BYTES))
            if value["fmt"] != _FORMAT:
                return None
            return cls(
                request=str(value["request"]),
                helper=str(value["helper"]),
                login=str(value["login"]),
                fingerprint=str(value["fingerprint"]),
                asked_utc=str(value["asked_utc"]),
                cost=Cost(**value["cost"]),
                salt=_unb64(value["salt"]),
                nonce=_unb64(value["nonce"]),
                sealed=_unb64(value["sealed"]),
                done=_unb64(value["done"]),
                former=tuple(map(str, value.get("former", ()))),
                carried=tuple(str(line)[:_LONGEST_LINE] for line in value.get("carried", ())[:_MOST_CARRIED]),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def identity(self, password: str) -> Identity:
        """Return the keys of the request.

        Raises:
            VaultError: E-LOGIN; it is not the password chosen for it.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = password_key(password, self.salt, self.cost)
        try:
            return Identity.from_bytes(AESGCM(key).decrypt(self.nonce, self.sealed, canonical(self._bound())))
        except InvalidTag as error:
            raise VaultError("E-LOGIN") from error

    def write(self, folder: Path, port: FilePort | None = None) -> None:
        """Keep it in `folder`, in the place of a former one.

        Raises:
            StorageFailure: the disk is full or refuses.
        """
        value = self._bound() | {
            "nonce": _b64(self.nonce),
            "sealed": _b64(self.sealed),
            "done": _b64(self.done),
            "former": list(self.former[-_MOST_FORMER:]),
            "carried": [line[:_LONGEST_LINE] for line in self.carried[-_MOST_CARRIED:]],
        }
        write_atomically(folder / NAME, canonical(value), port or FilePort())

    def _bound(self) -> dict[str, object]:
        """Return what the seal covers and the file says besides it."""
        return {
            "fmt": _FORMAT,
            "request": self.request,
            "helper": self.helper,
            "login": self.login,
            "fingerprint": self.fingerprint,
            "asked_utc": self.asked_utc,
            "cost": {"m_kib": self.cost.m_kib, "t": self.cost.t, "p": self.cost.p},
            "salt": _b64(self.salt),
        }


def forget(folder: Path, port: FilePort | None = None) -> None:
    """Take the request of the store in `folder` away, if there is one."""
    (port or FilePort()).remove_quietly(folder / NAME)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
