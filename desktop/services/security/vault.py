"""vault.json: the key of the database, wrapped once for every password and once for the recovery code.

The database is encrypted by 32 random bytes, the data key (DEK). Each slot holds it sealed with AES-256-GCM under a
key made from a password (Argon2id) or from the recovery code (HKDF): a password changes in an instant, the data key
never has to. A wrong password shows only as a failed seal; nothing else in the file tells right from wrong.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
import time
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from desktop.paths import resource
from desktop.services.errors import InvalidInput, NotFound, StorageFailure, VaultError
from desktop.services.files import FilePort, storage_faults, write_atomically

NAME = "vault.json"
SPARE = "vault.json.bak"

MIN_PASSWORD = 8
COMMON_PASSWORDS = "security/common_passwords.txt"

RECOVERY_GROUPS = 8
_GROUP_DIGITS = 6
_GROUP_FACTOR = 11  # every single wrong digit and every swap of neighbours breaks divisibility by eleven

_FORMAT = 1
_DEK_BYTES, _SALT_BYTES, _NONCE_BYTES, _TAG_BYTES = 32, 16, 12, 16
_DEK_ID_INFO = b"dzb-dek-id"
_RECOVERY_INFO = b"dzb-recovery-v1"
_MAX_FILE = 1 << 20
_MAX_SLOTS = 64
_MAX_LOGIN = 50

_FREE_FAILURES = 5
_LONGEST_WAIT_S = 60

Json: TypeAlias = dict[str, Any]


# -- what a password costs ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id parameters. Read from files only within bounds, so that no vault can exhaust the memory."""

    m_kib: int
    t: int
    p: int

    def __post_init__(self) -> None:
        for value, (low, high) in ((self.m_kib, M_KIB), (self.t, T), (self.p, P)):
            if type(value) is not int or not low <= value <= high:
                raise ValueError("cost out of bounds")


M_KIB, T, P = (19 * 1024, 1024 * 1024), (1, 10), (1, 8)
FIRST_COST = Cost(m_kib=64 * 1024, t=3, p=4)
LONG_ENOUGH_S = 0.3


def calibrated(measure: Callable[[Cost], float] | None = None) -> Cost:
    """Return the cost for new slots: more rounds until one guess takes about a third of a second on this machine.

    `measure` returns the seconds one derivation takes.
    """
    measure = measure or _seconds
    cost = FIRST_COST
    took = measure(cost)
    while took < LONG_ENOUGH_S and cost.t < T[1]:
        cost = replace(cost, t=min(T[1], max(cost.t + 1, round(cost.t * LONG_ENOUGH_S / max(took, 0.001)))))
        took = measure(cost)
    return cost


def _seconds(cost: Cost) -> float:
    start = time.perf_counter()
    _password_key("calibration", bytes(_SALT_BYTES), cost)
    return time.perf_counter() - start


# -- passwords ---------------------------------------------------------------------------------------------------------


def check_password(password: str) -> None:
    """Refuse what anybody would guess.

    Raises:
        InvalidInput: shorter than eight characters, or among the commonest passwords.
    """
    text = unicodedata.normalize("NFKC", password)
    if len(text) < MIN_PASSWORD:
        raise InvalidInput("密码", f"至少{MIN_PASSWORD}个字符")
    if text.casefold() in _common_passwords():
        raise InvalidInput("密码", "过于常见，容易被猜中")


@cache
def _common_passwords() -> frozenset[str]:
    lines = resource(COMMON_PASSWORDS).read_text(encoding="utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


def delay_seconds(failures: int) -> int:
    """Return how long to wait before the next try: nothing for the first four failures, then 2, 4, 8 … 60 seconds.

    A courtesy against idle guessing at the keyboard; against a copied file only the cost of Argon2 helps.
    """
    if failures < _FREE_FAILURES:
        return 0
    return int(min(_LONGEST_WAIT_S, 2.0 ** min(failures - _FREE_FAILURES + 1, 10)))


class Attempts:
    """Counts failed log-ins since the program started and says how long the next one has to wait."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._not_before = 0.0
        self.failures = 0

    def failed(self) -> None:
        """Note a wrong password."""
        self.failures += 1
        self._not_before = self._monotonic() + delay_seconds(self.failures)

    def succeeded(self) -> None:
        """Forget the failures."""
        self.failures, self._not_before = 0, 0.0

    def remaining_seconds(self) -> float:
        """Return how long to wait from now."""
        return max(0.0, self._not_before - self._monotonic())


# -- recovery code -----------------------------------------------------------------------------------------------------


def encode_recovery(key: bytes) -> str:
    """Return 16 bytes as eight groups of six digits, each a multiple of eleven: readable, each checked by itself."""
    values = (int.from_bytes(key[at : at + 2], "big") for at in range(0, 2 * RECOVERY_GROUPS, 2))
    return "-".join(f"{value * _GROUP_FACTOR:0{_GROUP_DIGITS}d}" for value in values)


def recovery_group_is_right(digits: str) -> bool:
    """Tell whether one group, as typed, can be a group of a recovery code."""
    text = unicodedata.normalize("NFKC", digits)
    if not re.fullmatch(rf"[0-9]{{{_GROUP_DIGITS}}}", text):
        return False
    value, rest = divmod(int(text), _GROUP_FACTOR)
    return rest == 0 and value < 1 << 16


def decode_recovery(code: str) -> bytes:
    """Return the 16 bytes of a recovery code, typed with any separators or none, in half or full width.

    Raises:
        VaultError: E-RECOVERY-GROUP; `group` is the number of the first wrong or missing one, from 1.
    """
    text = unicodedata.normalize("NFKC", code)
    groups = re.findall(r"\w+", text)
    if len(groups) == 1:
        groups = [text.strip()[at : at + _GROUP_DIGITS] for at in range(0, len(text.strip()), _GROUP_DIGITS)]
    groups += [""] * (RECOVERY_GROUPS - len(groups))
    for number, group in enumerate(groups, start=1):
        if number > RECOVERY_GROUPS or not recovery_group_is_right(group):
            raise VaultError("E-RECOVERY-GROUP", group=number)
    return b"".join((int(group) // _GROUP_FACTOR).to_bytes(2, "big") for group in groups)


# -- slots -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _PasswordSlot:
    id: int
    login: str
    cost: Cost
    salt: bytes
    nonce: bytes = b""
    ct: bytes = b""

    def bound(self) -> Json:
        kdf = {
            "name": "argon2id",
            "m_kib": self.cost.m_kib,
            "t": self.cost.t,
            "p": self.cost.p,
            "salt": _b64(self.salt),
        }
        return {"id": self.id, "type": "password", "login": self.login, "kdf": kdf}


@dataclass(frozen=True, slots=True)
class _RecoverySlot:
    id: int
    salt: bytes
    nonce: bytes = b""
    ct: bytes = b""

    def bound(self) -> Json:
        return {"id": self.id, "type": "recovery", "kdf": {"name": "hkdf-sha256", "salt": _b64(self.salt)}}


@dataclass(frozen=True, slots=True)
class _HeadquartersSlot:
    id: int
    hq_key: str
    age: bytes

    def bound(self) -> Json:
        return {"id": self.id, "type": "hq", "hq_key": self.hq_key, "age": _b64(self.age)}


_Sealed: TypeAlias = _PasswordSlot | _RecoverySlot
_Slot: TypeAlias = _Sealed | _HeadquartersSlot
_S = TypeVar("_S", _PasswordSlot, _RecoverySlot)


class Vault:
    """The key slots of one store. Every change is on the disk when the method returns."""

    def __init__(self, folder: Path, vault_id: str, dek_id: str, slots: tuple[_Slot, ...], port: FilePort) -> None:
        self.folder = folder
        self.vault_id = vault_id
        self._dek_id = dek_id
        self._slots = slots
        self._port = port

    # making and opening

    @classmethod
    def create(
        cls, folder: Path, login: str, password: str, cost: Cost | None = None, port: FilePort | None = None
    ) -> tuple["Vault", bytes, str]:
        """Make the vault of a new store in `folder`; return it, the data key and the recovery code to print once.

        Raises:
            InvalidInput: the log-in name is blank or the password too weak.
            StorageFailure: the disk is full or refuses.
        """
        check_password(password)
        dek = secrets.token_bytes(_DEK_BYTES)
        vault = cls(folder, str(uuid.uuid4()), _dek_id(dek), (), port or FilePort())
        first = vault._new_password_slot(1, dek, _login_name(login), password, cost)
        recovery, code = vault._new_recovery_slot(2, dek)
        vault._write((first, recovery))
        return vault, dek, code

    @classmethod
    def open(cls, folder: Path, port: FilePort | None = None) -> "Vault":
        """Read the vault of `folder`; where it is missing or unreadable, its spare copy.

        Raises:
            StorageFailure: E-DB-DAMAGED; neither can be read. Every backup holds a copy.
        """
        port = port or FilePort()
        reasons = []
        for name in (NAME, SPARE):
            try:
                return cls(folder, *parse(port.read(folder / name, _MAX_FILE)), port)
            except (OSError, ValueError) as error:
                reasons.append(f"{name}: {error}")
        raise StorageFailure("E-DB-DAMAGED", file=NAME, reason="；".join(reasons))

    @classmethod
    def read(cls, path: Path, port: FilePort) -> "Vault":
        """Read the slots in one given file, for instance beside a backup.

        Raises:
            StorageFailure: E-DB-DAMAGED; missing or unreadable.
        """
        try:
            return cls(path.parent, *parse(port.read(path, _MAX_FILE)), port)
        except (OSError, ValueError) as error:
            raise StorageFailure("E-DB-DAMAGED", file=path.name, reason=str(error)) from error

    @classmethod
    def from_bytes(cls, data: bytes, folder: Path, port: FilePort) -> "Vault":
        """Read slots that are to lie in `folder`.

        Raises:
            StorageFailure: E-DB-DAMAGED.
        """
        try:
            return cls(folder, *parse(data), port)
        except ValueError as error:
            raise StorageFailure("E-DB-DAMAGED", file=NAME, reason=str(error)) from error

    def to_bytes(self) -> bytes:
        """Return the slots as the file holds them."""
        return _serialised(self.vault_id, self._dek_id, self._slots)

    # opening the data key

    @property
    def logins(self) -> tuple[str, ...]:
        """The log-in names, oldest first."""
        return tuple(slot.login for slot in self._slots if isinstance(slot, _PasswordSlot))

    def unlock_password(self, login: str | None, password: str) -> bytes:
        """Return the data key. Without a log-in name every password slot is tried.

        Raises:
            VaultError: E-LOGIN, wrong name or password; E-KEY-WRONG-VAULT, a slot of another store was put in.
        """
        for slot in self._slots:
            if isinstance(slot, _PasswordSlot) and (login is None or slot.login == _normal(login)):
                dek = self._unseal(slot, _password_key(password, slot.salt, slot.cost))
                if dek is not None:
                    return dek
        raise VaultError("E-LOGIN")

    def unlock_recovery(self, code: str) -> bytes:
        """Return the data key for the printed recovery code.

        Raises:
            VaultError: E-RECOVERY-GROUP, a group is mistyped; E-KEY-WRONG-VAULT, the code of another store or an
                older one of this.
        """
        key = decode_recovery(code)
        for slot in self._slots:
            if isinstance(slot, _RecoverySlot):
                dek = self._unseal(slot, _recovery_key(key, slot.salt))
                if dek is not None:
                    return dek
        raise VaultError("E-KEY-WRONG-VAULT")

    def fits(self, dek: bytes) -> bool:
        """Tell whether `dek` is the data key of this vault."""
        return hmac.compare_digest(_dek_id(dek), self._dek_id)

    # changing slots

    def add_password(self, dek: bytes, login: str, password: str, cost: Cost | None = None) -> None:
        """Let one more user in.

        Raises:
            InvalidInput: the name is blank or taken, or the password too weak.
            VaultError: E-KEY-WRONG-VAULT.
        """
        self._require(dek)
        login = _login_name(login)
        if login in self.logins:
            raise InvalidInput("登录名", "已有同名用户")
        check_password(password)
        if len(self._slots) >= _MAX_SLOTS:
            raise InvalidInput("登录名", f"最多{_MAX_SLOTS}个密钥槽")
        self._write((*self._slots, self._new_password_slot(self._next_id(), dek, login, password, cost)))

    def change_password(self, dek: bytes, login: str, password: str, cost: Cost | None = None) -> None:
        """Give `login` a new password; whoever holds the data key, by the old one or the recovery code, may.

        Raises:
            NotFound: no such user.
            InvalidInput: the password is too weak.
            VaultError: E-KEY-WRONG-VAULT.
        """
        self._require(dek)
        old = self._password_slot(login)
        check_password(password)
        new = self._new_password_slot(old.id, dek, old.login, password, cost)
        self._write(tuple(new if slot is old else slot for slot in self._slots))

    def remove(self, login: str) -> None:
        """Take a user's slot away. Older backups still open with the old password.

        Raises:
            NotFound: no such user.
            InvalidInput: it is the last one.
        """
        gone = self._password_slot(login)
        if len(self.logins) == 1:
            raise InvalidInput("登录名", "至少保留一个用户")
        self._write(tuple(slot for slot in self._slots if slot is not gone))

    def new_recovery_code(self, dek: bytes) -> str:
        """Make a new recovery code, to be printed once; the old one opens nothing any more.

        Raises:
            VaultError: E-KEY-WRONG-VAULT.
        """
        self._require(dek)
        slot, code = self._new_recovery_slot(self._next_id(), dek)
        self._write((*(each for each in self._slots if not isinstance(each, _RecoverySlot)), slot))
        return code

    # within

    def _require(self, dek: bytes) -> None:
        if not self.fits(dek):
            raise VaultError("E-KEY-WRONG-VAULT")

    def _password_slot(self, login: str) -> _PasswordSlot:
        for slot in self._slots:
            if isinstance(slot, _PasswordSlot) and slot.login == _normal(login):
                return slot
        raise NotFound(what="用户", name=login)

    def _next_id(self) -> int:
        return max(slot.id for slot in self._slots) + 1

    def _new_password_slot(
        self, number: int, dek: bytes, login: str, password: str, cost: Cost | None
    ) -> _PasswordSlot:
        cost = cost or calibrated()
        slot = _PasswordSlot(number, login, cost, secrets.token_bytes(_SALT_BYTES))
        return self._seal(slot, _password_key(password, slot.salt, cost), dek)

    def _new_recovery_slot(self, number: int, dek: bytes) -> tuple[_RecoverySlot, str]:
        key = secrets.token_bytes(2 * RECOVERY_GROUPS)
        slot = _RecoverySlot(number, secrets.token_bytes(_SALT_BYTES))
        return self._seal(slot, _recovery_key(key, slot.salt), dek), encode_recovery(key)

    def _bound(self, slot: _Sealed) -> bytes:
        return canonical(slot.bound()) + self.vault_id.encode("ascii")

    def _seal(self, slot: _S, kek: bytes, dek: bytes) -> _S:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        return replace(slot, nonce=nonce, ct=AESGCM(kek).encrypt(nonce, dek, self._bound(slot)))

    def _unseal(self, slot: _Sealed, kek: bytes) -> bytes | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            dek = AESGCM(kek).decrypt(slot.nonce, slot.ct, self._bound(slot))
        except InvalidTag:
            return None
        self._require(dek)
        return dek

    def _write(self, slots: tuple[_Slot, ...]) -> None:
        """Put `slots` on the disk: the file that was good until now becomes the spare, then the new one replaces it."""
        data = _serialised(self.vault_id, self._dek_id, slots)
        parse(data)
        path, spare = self.folder / NAME, self.folder / SPARE
        with storage_faults(path, self._port, need=2 * len(data)):
            try:
                old = self._port.read(path, _MAX_FILE)
                parse(old)
            except FileNotFoundError:
                old = data  # a new store: one lost file must not lose everything
            except ValueError:
                old = b""  # an unreadable file must not push out a good spare
        if old:
            write_atomically(spare, old, self._port)
        write_atomically(path, data, self._port)
        self._slots = slots


# -- the file ----------------------------------------------------------------------------------------------------------


def canonical(value: Json) -> bytes:
    """Return the one byte form of a JSON object: UTF-8, sorted keys, no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def parse(data: bytes) -> tuple[str, str, tuple[_Slot, ...]]:
    """Read a vault file: vault id, id of the data key, slots. Anything unexpected is a `ValueError`."""
    try:
        root = json.loads(data)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    _expect(root, {"fmt": int, "vault_id": str, "dek_id": str, "slots": list})
    if root["fmt"] != _FORMAT:
        raise ValueError("unknown format")
    if str(uuid.UUID(root["vault_id"])) != root["vault_id"] or not re.fullmatch("[0-9a-f]{16}", root["dek_id"]):
        raise ValueError("malformed id")
    if len(root["slots"]) > _MAX_SLOTS:
        raise ValueError("too many slots")
    slots = tuple(_slot(each) for each in root["slots"])
    if len({slot.id for slot in slots}) != len(slots):
        raise ValueError("two slots of one number")
    for kind in (_PasswordSlot, _RecoverySlot):
        if not any(isinstance(slot, kind) for slot in slots):
            raise ValueError("a slot is missing")
    return root["vault_id"], root["dek_id"], slots


def _slot(value: Any) -> _Slot:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "hq":
        _expect(value, {"id": int, "type": str, "hq_key": str, "age": str})
        return _HeadquartersSlot(value["id"], value["hq_key"], _unb64(value["age"]))
    sealed = {"id": int, "type": str, "kdf": dict, "nonce": str, "ct": str}
    kdf_name = value["kdf"].get("name") if isinstance(value, dict) and isinstance(value.get("kdf"), dict) else None
    if kind == "password" and kdf_name == "argon2id":
        _expect(value, sealed | {"login": str})
        kdf = value["kdf"]
        _expect(kdf, {"name": str, "m_kib": int, "t": int, "p": int, "salt": str})
        cost, salt = Cost(kdf["m_kib"], kdf["t"], kdf["p"]), _unb64(kdf["salt"], _SALT_BYTES)
        return _PasswordSlot(value["id"], value["login"], cost, salt, *_sealed(value))
    if kind == "recovery" and kdf_name == "hkdf-sha256":
        _expect(value, sealed)
        _expect(value["kdf"], {"name": str, "salt": str})
        return _RecoverySlot(value["id"], _unb64(value["kdf"]["salt"], _SALT_BYTES), *_sealed(value))
    raise ValueError("unknown slot")


def _sealed(value: Json) -> tuple[bytes, bytes]:
    return _unb64(value["nonce"], _NONCE_BYTES), _unb64(value["ct"], _DEK_BYTES + _TAG_BYTES)


def _expect(value: Any, shape: dict[str, type]) -> None:
    if not isinstance(value, dict) or set(value) != set(shape):
        raise ValueError("unexpected fields")
    if any(type(value[name]) is not kind for name, kind in shape.items()):
        raise ValueError("unexpected type")


def _serialised(vault_id: str, dek_id: str, slots: tuple[_Slot, ...]) -> bytes:
    rows = []
    for slot in slots:
        row = slot.bound()
        if not isinstance(slot, _HeadquartersSlot):
            row |= {"nonce": _b64(slot.nonce), "ct": _b64(slot.ct)}
        rows.append(row)
    return canonical({"fmt": _FORMAT, "vault_id": vault_id, "dek_id": dek_id, "slots": rows})


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


# -- keys --------------------------------------------------------------------------------------------------------------


def _dek_id(dek: bytes) -> str:
    return hmac.new(dek, _DEK_ID_INFO, hashlib.sha256).digest()[:8].hex()


def _password_key(password: str, salt: bytes, cost: Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        secret, salt, time_cost=cost.t, memory_cost=cost.m_kib, parallelism=cost.p, hash_len=32, type=Type.ID
    )


def _recovery_key(key: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, _RECOVERY_INFO).derive(key)


def _normal(login: str) -> str:
    return unicodedata.normalize("NFKC", login).strip()


def _login_name(login: str) -> str:
    name = _normal(login)
    if not name:
        raise InvalidInput("登录名", "不能为空")
    if len(name) > _MAX_LOGIN:
        raise InvalidInput("登录名", f"最多{_MAX_LOGIN}个字符")
    return name
