"""Signatures in OpenSSH's own file format, so that `ssh-keygen -Y verify` can check our packages without us.

The format is the SSHSIG one (OpenSSH, PROTOCOL.sshsig) narrowed to one shape: Ed25519, SHA-512, 70 columns. Of a
signature made for a known key and namespace only 64 bytes are free; everything else is rebuilt and compared.
"""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from desktop.services.errors import PackageRefused

PACKAGE_NAMESPACE = "dzb-sync-v1"
KEY_FILE_NAMESPACE = "dzb-key-v1"

_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_END = b"-----END SSH SIGNATURE-----\n"
_COLUMNS = 70
_SIGNATURE_BYTES = 64
_KEY_BYTES = 32


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """Return the 32 raw bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def openssh_public_key(key: Ed25519PublicKey) -> str:
    """Return `ssh-ed25519 AAAA…`, as a line of an allowed-signers file wants it."""
    return "ssh-ed25519 " + base64.b64encode(_key_blob(key)).decode("ascii")


def sign(private_key: Ed25519PrivateKey, data: bytes, namespace: str) -> bytes:
    """Return the armoured signature over `data` for one purpose, `namespace`."""
    signature = private_key.sign(_signed_text(data, namespace))
    return _armour(private_key.public_key(), signature, namespace)


def signing_key(signature: bytes) -> Ed25519PublicKey:
    """Return the key that an armoured signature says it was made with; whether it was, `verify` tells.

    Raises:
        PackageRefused: E-PKG-SIG; no signature, or one of another kind of key.
    """
    blob = _key_blob(Ed25519PublicKey.from_public_bytes(bytes(_KEY_BYTES)))
    head = b"SSHSIG" + (1).to_bytes(4, "big") + _string(blob)
    start = len(head) - _KEY_BYTES
    try:
        raw = binascii.a2b_base64(signature.removeprefix(_BEGIN).removesuffix(_END))
    except binascii.Error as error:
        raise PackageRefused("E-PKG-SIG") from error
    if raw[:start] != head[:start] or len(raw) < len(head):
        raise PackageRefused("E-PKG-SIG")
    return Ed25519PublicKey.from_public_bytes(raw[start : len(head)])


def verify(public_key: Ed25519PublicKey, data: bytes, signature: bytes, namespace: str) -> None:
    """Check that `signature` is the one armoured form of a true signature over `data`.

    Raises:
        PackageRefused: E-PKG-SIG; another key, namespace, spelling or content.
    """
    body = signature.removeprefix(_BEGIN).removesuffix(_END)
    try:
        raw = binascii.a2b_base64(body)[-_SIGNATURE_BYTES:]
    except binascii.Error as error:
        raise PackageRefused("E-PKG-SIG") from error
    if len(raw) != _SIGNATURE_BYTES or signature != _armour(public_key, raw, namespace):
        raise PackageRefused("E-PKG-SIG")
    try:
        public_key.verify(raw, _signed_text(data, namespace))
    except InvalidSignature as error:
        raise PackageRefused("E-PKG-SIG") from error


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _key_blob(key: Ed25519PublicKey) -> bytes:
    return _string(b"ssh-ed25519") + _string(public_bytes(key))


def _signed_text(data: bytes, namespace: str) -> bytes:
    digest = hashlib.sha512(data).digest()
    return b"SSHSIG" + _string(namespace.encode("ascii")) + _string(b"") + _string(b"sha512") + _string(digest)


def _armour(key: Ed25519PublicKey, signature: bytes, namespace: str) -> bytes:
    blob = b"".join(
        (
            b"SSHSIG",
            (1).to_bytes(4, "big"),
            _string(_key_blob(key)),
            _string(namespace.encode("ascii")),
            _string(b""),
            _string(b"sha512"),
            _string(_string(b"ssh-ed25519") + _string(signature)),
        )
    )
    text = base64.b64encode(blob)
    lines = (text[at : at + _COLUMNS] + b"\n" for at in range(0, len(text), _COLUMNS))
    return _BEGIN + b"".join(lines) + _END
