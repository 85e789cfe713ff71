"""The slots of vault.json and the file they stand in: read with suspicion, written in one form."""

import base64
import binascii
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any, TypeAlias

from desktop.services.canonical import canonical
from desktop.services.security.passwords import SALT_BYTES, Cost

NONCE_BYTES = 12
DEK_BYTES = 32
MAX_SLOTS = 64

_FORMAT = 1
_TAG_BYTES = 16

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PasswordSlot:
    """The data key under the password of one user."""

    id: int
    login: str
    cost: Cost
    salt: bytes
    nonce: bytes = b""
    ct: bytes = b""

    def bound(self) -> Json:
        """Return what the seal covers and the file says besides it."""
        kdf = {
            "name": "argon2id",
            "m_kib": self.cost.m_kib,
            "t": self.cost.t,
            "p": self.cost.p,
            "salt": _b64(self.salt),
        }
        return {"id": self.id, "type": "password", "login": self.login, "kdf": kdf}


@dataclass(frozen=True, slots=True)
class RecoverySlot:
    """The data key under the recovery code."""

    id: int
    salt: bytes
    nonce: bytes = b""
    ct: bytes = b""

    def bound(self) -> Json:
        """Return what the seal covers and the file says besides it."""
        return {"id": self.id, "type": "recovery", "kdf": {"name": "hkdf-sha256", "salt": _b64(self.salt)}}


@dataclass(frozen=True, slots=True)
class HeadquartersSlot:
    """The data key for the spare key of headquarters, as an age file; kept as it came."""

    id: int
    hq_key: str
    age: bytes

    def bound(self) -> Json:
        """Return what the seal covers and the file says besides it."""
        return {"id": self.id, "type": "hq", "hq_key": self.hq_key, "age": _b64(self.age)}


SealedSlot: TypeAlias = PasswordSlot | RecoverySlot
Slot: TypeAlias = SealedSlot | HeadquartersSlot


@dataclass(frozen=True, slots=True)
class KeySet:
    """One data key, by its id, and the slots that open it."""

    dek_id: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class VaultFile:
    """What a vault file holds: the key in force and, while the data key is being changed, the one that follows."""

    vault_id: str
    keys: KeySet
    following: KeySet | None = None


def parse(data: bytes) -> VaultFile:
    """Return what a vault file holds.

    Raises:
        ValueError: anything in it is not as we write it.
    """
    try:
        root = json.loads(data)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    following = _key_set(root.pop("next")) if isinstance(root, dict) and "next" in root else None
    root = _shaped(root, {"fmt": int, "vault_id": str, "dek_id": str, "slots": list})
    if root.pop("fmt") != _FORMAT:
        raise ValueError("unknown format")
    vault_id = root.pop("vault_id")
    if str(uuid.UUID(vault_id)) != vault_id:
        raise ValueError("malformed id")
    return VaultFile(vault_id, _key_set(root), following)


def _key_set(value: object) -> KeySet:
    root = _shaped(value, {"dek_id": str, "slots": list})
    if not re.fullmatch("[0-9a-f]{16}", root["dek_id"]):
        raise ValueError("malformed id")
    if len(root["slots"]) > MAX_SLOTS:
        raise ValueError("too many slots")
    slots = tuple(_slot(slot) for slot in root["slots"])
    if len({slot.id for slot in slots}) != len(slots):
        raise ValueError("two slots of one number")
    for kind in (PasswordSlot, RecoverySlot):
        if not any(isinstance(slot, kind) for slot in slots):
            raise ValueError("a slot is missing")
    return KeySet(root["dek_id"], slots)


def _slot(value: object) -> Slot:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "hq":
        row = _shaped(value, {"id": int, "type": str, "hq_key": str, "age": str})
        return HeadquartersSlot(row["id"], row["hq_key"], _unb64(row["age"]))
    shape = {"id": int, "type": str, "kdf": dict, "nonce": str, "ct": str}
    if kind == "password":
        row = _shaped(value, shape | {"login": str})
        kdf = _shaped(row["kdf"], {"name": str, "m_kib": int, "t": int, "p": int, "salt": str})
        if kdf["name"] == "argon2id":
            cost, salt = Cost(kdf["m_kib"], kdf["t"], kdf["p"]), _unb64(kdf["salt"], SALT_BYTES)
            return PasswordSlot(row["id"], row["login"], cost, salt, *_sealed(row))
    if kind == "recovery":
        row = _shaped(value, shape)
        kdf = _shaped(row["kdf"], {"name": str, "salt": str})
        if kdf["name"] == "hkdf-sha256":
            return RecoverySlot(row["id"], _unb64(kdf["salt"], SALT_BYTES), *_sealed(row))
    raise ValueError("unknown slot")


def _sealed(value: Json) -> tuple[bytes, bytes]:
    return _unb64(value["nonce"], NONCE_BYTES), _unb64(value["ct"], DEK_BYTES + _TAG_BYTES)


def _shaped(value: object, shape: dict[str, type]) -> Json:
    """Return `value` if it is an object of just these fields and types."""
    if not isinstance(value, dict) or set(value) != set(shape):
        raise ValueError("unexpected fields")
    if any(type(value[name]) is not kind for name, kind in shape.items()):
        raise ValueError("unexpected type")
    return value


def serialised(file: VaultFile) -> bytes:
    """Return the bytes of a vault file."""
    root: Json = {"fmt": _FORMAT, "vault_id": file.vault_id, **_written(file.keys)}
    if file.following is not None:
        root["next"] = _written(file.following)
    return canonical(root)


def _written(keys: KeySet) -> Json:
    rows = []
    for slot in keys.slots:
        row = slot.bound()
        if not isinstance(slot, HeadquartersSlot):
            row |= {"nonce": _b64(slot.nonce), "ct": _b64(slot.ct)}
        rows.append(row)
    return {"dek_id": keys.dek_id, "slots": rows}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unb64(text: str, size: int | None = None) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if _b64(data) != text or (size is not None and len(data) != size):
        raise ValueError("wrong length")
    return data
