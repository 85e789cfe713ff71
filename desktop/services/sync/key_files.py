"""What invitations and registrations say, read and checked for shape; whether to believe it, `enrolment` decides."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused
from desktop.services.files import FilePort, partial, storage_faults
from desktop.services.security.helper import LONGEST_SEAL
from desktop.services.security.keys import Identity, PublicKeys, recipient_bytes
from desktop.services.sync import package_names
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Header, package_hash

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from desktop.services.sync.package_reader import KeyFile

TOKEN_BYTES = 32
MAX_NAME = 80
_UNFIT = (KeyError, IndexError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What an invitation says."""

    org: str
    code: str
    name: str
    group: str
    headquarters: str
    headquarters_org: str
    headquarters_code: str
    headquarters_install: str
    keys: PublicKeys
    recipients: tuple[str, ...]
    token: bytes
    expires_on: date

    @classmethod
    def read(cls, file: Path) -> "Invited":
        """Read the invitation in `file`.

        Raises:
            PackageRefused: E-PKG-…; no invitation, or not well formed.
            StorageFailure: it cannot be read.
        """
        key_file = _read(file, Kind.INVITE)
        data, sender = key_file.data, key_file.header.sender
        try:
            branch, headquarters = data["branch"], data["headquarters"]
            recipients = tuple(_text(recipient, 100) for recipient in headquarters["recipients"])
            for recipient in recipients:
                recipient_bytes(recipient)
            return cls(
                org=_text(branch["org"], 36),
                code=_text(branch["code"], 20),
                name=_text(branch["name"], MAX_NAME),
                group=_text(branch["group"], 20),
                headquarters=_text(headquarters["name"], MAX_NAME),
                headquarters_org=sender.org,
                headquarters_code=sender.code,
                headquarters_install=sender.install,
                keys=PublicKeys(bytes.fromhex(headquarters["sign_pub"]), recipients[0]),
                recipients=recipients,
                token=_token(data["token"]),
                expires_on=date.fromisoformat(data["expires_on"]),
            )
        except _UNFIT as error:
            raise PackageRefused("E-PKG-FORMAT", file=file.name) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What a registration says. `sealed` is what the token's proof `mac` covers; `to`: whose keys it is meant for."""

    org: str
    install: str
    keys: PublicKeys
    mac: str
    sealed: Mapping[str, object]
    to: tuple[str, ...]

    @classmethod
    def read(cls, file: Path) -> "Registered":
        """Read the registration in `file`.

        Raises:
            PackageRefused: E-PKG-…; no registration, or not well formed.
            StorageFailure: it cannot be read.
        """
        key_file = _read(file, Kind.ENROL)
        data, sender = dict(key_file.data), key_file.header.sender
        try:
            mac = _text(data.pop("token_mac"), 64)
            registration = cls(
                org=_text(data["branch"]["org"], 36),
                install=_text(data["install"], 36),
                keys=PublicKeys(bytes.fromhex(data["sign_pub"]), data["recipient"]),
                mac=mac,
                sealed=data,
                to=tuple(addressee.key for addressee in key_file.header.to),
            )
        except _UNFIT as error:
            raise PackageRefused("E-PKG-FORMAT", file=file.name) from error
        if (registration.org, registration.install) != (sender.org, sender.install) or not mac.isascii():
            raise PackageRefused("E-PKG-FORMAT", file=file.name)
        return registration

    def holds(self, token: bytes) -> bool:
        """Whether who wrote it held `token`."""
        return hmac.compare_digest(seal(token, self.sealed), self.mac)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockAsked:
    """What a branch that is locked out asks: `slot` holds its data key for headquarters, `keys` are made for this."""

    request: str
    slot: bytes = field(repr=False)
    vault_id: str
    keys: PublicKeys
    to: tuple[str, ...]
    asked_on: date

    @classmethod
    def read(cls, file: Path) -> "UnlockAsked":
        """Read the request in `file`.

        Raises:
            PackageRefused: E-PKG-…; no request, or not well formed.
            StorageFailure: it cannot be read.
        """
        key_file = _read(file, Kind.UNLOCK_REQUEST)
        data = key_file.data
        try:
            return cls(
                request=package_hash(key_file.header_bytes),
                slot=_bytes(data["slot"]),
                vault_id=_text(data["vault"], 36),
                keys=PublicKeys(bytes.fromhex(data["sign_pub"]), data["recipient"]),
                to=tuple(addressee.key for addressee in key_file.header.to),
                asked_on=key_file.header.made_on,
            )
        except _UNFIT as error:
            raise PackageRefused("E-PKG-FORMAT", file=file.name) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockAnswered:
    """What headquarters answers: `sealed` holds the data key for the keys of the request. `signer`: who signed it."""

    request: str
    vault_id: str
    sealed: bytes = field(repr=False)
    signer: str
    expires_on: date

    @classmethod
    def read(cls, file: Path) -> "UnlockAnswered":
        """Read the answer in `file`; whose key signed it, the caller judges.

        Raises:
            PackageRefused: E-PKG-…; no answer, or not well formed.
            StorageFailure: it cannot be read.
        """
        key_file = _read(file, Kind.UNLOCK_RESPONSE)
        data = key_file.data
        try:
            return cls(
                request=_text(data["request"], 64),
                vault_id=_text(data["vault"], 36),
                sealed=_bytes(data["sealed"]),
                signer=key_file.header.sender.key,
                expires_on=date.fromisoformat(data["expires_on"]),
            )
        except _UNFIT as error:
            raise PackageRefused("E-PKG-FORMAT", file=file.name) from error


def seal(token: bytes, data: Mapping[str, object]) -> str:
    """Return the proof that who wrote `data` held the token."""
    return hmac.new(token, canonical(data), hashlib.sha256).hexdigest()


def write_key_file(to: Path, header: Header, identity: Identity, code: str, port: FilePort) -> Path:
    """Write a key file to `to` (a file, or a folder for a name made of the branch's `code`); return where it lies.

    Raises:
        StorageFailure: it cannot be written; nothing is left of it.
    """
    from desktop.services.sync import package_writer  # brings cryptography, which lists and pages do without

    path = to / package_names.file_name(header, header.encode(), code) if to.is_dir() else to
    with storage_faults(path, port):
        port.make_folder(path.parent)
        port.remove(partial(path))
        package_writer.write_key_file(partial(path), header, identity.signing_key, port)
        port.replace(partial(path), path)
        port.fsync_dir(path.parent)
    return path


def kind_of(file: Path) -> Kind:
    """Return what the key file `file` is for.

    Raises:
        PackageRefused: E-PKG-…; no key file, or not well formed.
        StorageFailure: it cannot be read.
    """
    return _signed(file).header.kind


def _read(file: Path, kind: Kind) -> "KeyFile":
    key_file = _signed(file)
    if key_file.header.kind is not kind:
        raise PackageRefused("E-PKG-FORMAT", file=file.name, given=key_file.header.kind.word)
    return key_file


def _signed(file: Path) -> "KeyFile":
    from desktop.services.sync.package_reader import read_key_file  # brings cryptography
    from desktop.services.sync.told_kind import as_given

    with storage_faults(file, FilePort()):
        try:
            return read_key_file(file, _signer)
        except PackageRefused as error:
            raise as_given(PackageRefused(error.code, **{"file": file.name, **error.facts}), file) from error


def _signer(header: Header) -> "Ed25519PublicKey":
    """Return the key a key file brings and must be signed with."""
    data = header.data or {}
    holder = data.get("headquarters", data)
    try:
        sign_pub = bytes.fromhex(holder["sign_pub"])
        recipient = holder["recipients"][0] if "recipients" in holder else holder["recipient"]
        keys = PublicKeys(sign_pub, recipient)
    except _UNFIT as error:
        raise PackageRefused("E-PKG-FORMAT") from error
    if keys.key_id != header.sender.key:
        raise PackageRefused("E-PKG-SIG")
    return keys.verifying_key


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= limit or not value.isprintable():
        raise ValueError("text")
    return value


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value, 4 * LONGEST_SEAL // 3 + 4), validate=True)
    except binascii.Error as error:
        raise ValueError("base64") from error


def _token(value: object) -> bytes:
    token = bytes.fromhex(_text(value, 2 * TOKEN_BYTES))
    if len(token) != TOKEN_BYTES:
        raise ValueError("token")
    return token
