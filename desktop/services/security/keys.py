"""Who this installation is: one key to sign with, one to be written to, and the thirty digits people compare.

Source: sync design, "Identity keys and enrolment".
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from desktop.services.errors import PackageRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from pyrage import x25519

KEY_BYTES = 32

_FINGERPRINT_PREFIX = b"dzb-fp-v1"
_FINGERPRINT_GROUPS, _GROUP_BYTES, _GROUP_MODULUS = 6, 5, 100_000

_RECIPIENT_PREFIX = "age"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CHECKSUM = 6


@dataclass(frozen=True)
class PublicKeys:
    """What others know of an installation: the key its packages are signed with, and where to encrypt to."""

    sign_pub: bytes
    age_recipient: str  # age1…

    def __post_init__(self) -> None:
        if len(self.sign_pub) != KEY_BYTES:
            raise PackageRefused("E-PKG-FORMAT", reason="签名公开钥匙长度不对")
        recipient_bytes(self.age_recipient)

    @cached_property
    def age_pub(self) -> bytes:
        """The 32 raw bytes behind `age_recipient`."""
        return recipient_bytes(self.age_recipient)

    @property
    def key_id(self) -> str:
        """SHA-256 of the signing key: how packages name it."""
        return key_id(self.sign_pub)

    @property
    def fingerprint(self) -> str:
        """Thirty digits over both keys, `51161 29099 57087 30806 44769 00797`, to be compared by telephone."""
        return fingerprint(self.sign_pub, self.age_pub)

    @property
    def verifying_key(self) -> "Ed25519PublicKey":
        """The signing key as the signature functions take it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(self.sign_pub)

    @property
    def recipient(self) -> "x25519.Recipient":
        """The age recipient as the encrypting functions take it."""
        from pyrage import x25519

        return x25519.Recipient.from_str(self.age_recipient)


@dataclass(frozen=True)
class Identity:
    """The secret keys of one installation. They lie in the encrypted database and nowhere else."""

    sign_seed: bytes = field(repr=False)
    age_secret: str = field(repr=False)  # AGE-SECRET-KEY-1…

    @classmethod
    def generate(cls) -> "Identity":
        """Make the keys of a new installation."""
        return cls(secrets.token_bytes(KEY_BYTES), new_age_secret())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Identity":
        """Read what `to_bytes` wrote."""
        value = json.loads(data)
        return cls(bytes.fromhex(value["sign_seed"]), value["age_secret"])

    def to_bytes(self) -> bytes:
        """Return both keys for the database."""
        return json.dumps({"age_secret": self.age_secret, "sign_seed": self.sign_seed.hex()}).encode("ascii")

    @cached_property
    def signing_key(self) -> "Ed25519PrivateKey":
        """The key as `sshsig.sign` takes it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.sign_seed)

    @cached_property
    def age_identity(self) -> "x25519.Identity":
        """The key as the decrypting functions take it."""
        return age_identity(self.age_secret)

    @cached_property
    def public(self) -> PublicKeys:
        """What others may know."""
        from desktop.services.security.sshsig import public_bytes

        return PublicKeys(public_bytes(self.signing_key.public_key()), str(self.age_identity.to_public()))


@dataclass(frozen=True)
class Escrow:
    """A second age identity of headquarters, made at setup, printed and saved to a stick of its own, then forgotten.

    Every report is encrypted to it too: it reads the stored packages after the PC of headquarters is lost.
    """

    secret: str = field(repr=False)

    @classmethod
    def generate(cls) -> "Escrow":
        """Make a new one; only `recipient` is kept by the program."""
        return cls(new_age_secret())

    @property
    def recipient(self) -> str:
        """Its public half, age1…"""
        return str(age_identity(self.secret).to_public())

    def key_file(self) -> bytes:
        """Return the file for the separate stick, which `age -d -i` opens as it is."""
        return f"# public key: {self.recipient}\n{self.secret}\n".encode("ascii")


def key_id(sign_pub: bytes) -> str:
    """Return how packages name a signing key: its SHA-256 (hex)."""
    return hashlib.sha256(sign_pub).hexdigest()


def new_age_secret() -> str:
    """Return a fresh X25519 identity in age's own spelling."""
    from pyrage import x25519

    return str(x25519.Identity.generate())


def age_identity(secret: str) -> "x25519.Identity":
    """Return the identity as the decrypting functions take it."""
    from pyrage import x25519

    return x25519.Identity.from_str(secret)


def fingerprint(sign_pub: bytes, age_pub: bytes) -> str:
    """Return six groups of five digits over both public keys."""
    digest = hashlib.sha512(_FINGERPRINT_PREFIX + sign_pub + age_pub).digest()
    pieces = (digest[at : at + _GROUP_BYTES] for at in range(0, _FINGERPRINT_GROUPS * _GROUP_BYTES, _GROUP_BYTES))
    return " ".join(f"{int.from_bytes(piece, 'big') % _GROUP_MODULUS:05d}" for piece in pieces)


def recipient_bytes(recipient: str) -> bytes:
    """Return the 32 bytes an `age1…` recipient stands for.

    Raises:
        PackageRefused: E-PKG-FORMAT; mistyped, cut, or no X25519 recipient.
    """
    refused = PackageRefused("E-PKG-FORMAT", reason="加密公开钥匙格式不对")
    prefix, mark, rest = recipient.rpartition("1")
    if prefix != _RECIPIENT_PREFIX or not mark or any(letter not in _BECH32 for letter in rest):
        raise refused
    values = [_BECH32.index(letter) for letter in rest]
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    if _polymod(spread + values) != 1:
        raise refused
    bits = 0
    for value in values[:-_BECH32_CHECKSUM]:
        bits = bits << 5 | value
    padding = 5 * (len(values) - _BECH32_CHECKSUM) - 8 * KEY_BYTES
    if not 0 <= padding < 5 or bits & ((1 << padding) - 1):
        raise refused
    return (bits >> padding).to_bytes(KEY_BYTES, "big")


def _polymod(values: list[int]) -> int:
    """Return the checksum of bech32 (BIP 173); 1 for a text that carries its own."""
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            if top >> bit & 1:
                state ^= generator
    return state
