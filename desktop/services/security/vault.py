"""vault.json: the key of the database, wrapped once for every password and once for the recovery code.

The database is encrypted by 32 random bytes, the data key (DEK). Each slot holds it sealed with AES-256-GCM under a
key made from a password (Argon2id) or from the recovery code (HKDF): a password changes in an instant, the data key
never has to. A wrong password shows only as a failed seal; nothing else in the file tells right from wrong.
"""

import hashlib
import hmac
import secrets
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

from desktop.services.canonical import canonical
from desktop.services.errors import Input, InvalidInput, NotFound, StorageFailure, VaultError
from desktop.services.files import FilePort, storage_faults, write_atomically
from desktop.services.security.helper import Helper, seal_key
from desktop.services.security.passwords import SALT_BYTES, Cost, calibrated, check_password, password_key
from desktop.services.security.recovery_code import KEY_BYTES, decode_recovery, encode_recovery, recovery_key
from desktop.services.security.slots import (
    DEK_BYTES,
    MAX_SLOTS,
    NONCE_BYTES,
    HeadquartersSlot,
    KeySet,
    PasswordSlot,
    RecoverySlot,
    SealedSlot,
    Slot,
    VaultFile,
    parse,
    serialised,
)

NAME = "vault.json"
SPARE = "vault.json.bak"
LOGIN = Input("login", "登录名")

_DEK_ID_INFO = b"dzb-dek-id"
_MAX_FILE = 1 << 20
_MAX_LOGIN = 50

_S = TypeVar("_S", PasswordSlot, RecoverySlot)


@dataclass(frozen=True, slots=True)
class RecoveryOffer:
    """A recovery code that is not in force yet, with the slot that it opens."""

    code: str
    slot: RecoverySlot


class Vault:
    """The key slots of one store. Every change is on the disk when the method returns."""

    def __init__(self, folder: Path, file: VaultFile, port: FilePort) -> None:
        self.folder = folder
        self._file = file
        self._port = port

    @property
    def vault_id(self) -> str:
        """Which vault it is, whatever its key and slots."""
        return self._file.vault_id

    @property
    def _slots(self) -> tuple[Slot, ...]:
        return self._file.keys.slots

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
        dek = secrets.token_bytes(DEK_BYTES)
        vault = cls(folder, VaultFile(str(uuid.uuid4()), KeySet(_dek_id(dek), ())), port or FilePort())
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
                return cls(folder, parse(port.read(folder / name, _MAX_FILE)), port)
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
            return cls(path.parent, parse(port.read(path, _MAX_FILE)), port)
        except (OSError, ValueError) as error:
            raise StorageFailure("E-DB-DAMAGED", file=path.name, reason=str(error)) from error

    @classmethod
    def from_bytes(cls, data: bytes, folder: Path, port: FilePort) -> "Vault":
        """Read slots that are to lie in `folder`.

        Raises:
            StorageFailure: E-DB-DAMAGED.
        """
        try:
            return cls(folder, parse(data), port)
        except ValueError as error:
            raise StorageFailure("E-DB-DAMAGED", file=NAME, reason=str(error)) from error

    def to_bytes(self) -> bytes:
        """Return the slots as the file holds them."""
        return serialised(self._file)

    # opening the data key

    @property
    def logins(self) -> tuple[str, ...]:
        """The log-in names, oldest first."""
        return tuple(slot.login for slot in self._slots if isinstance(slot, PasswordSlot))

    def unlock_password(self, login: str | None, password: str) -> bytes:
        """Return the data key. Without a log-in name every password slot is tried.

        Raises:
            VaultError: E-LOGIN, wrong name or password; E-KEY-WRONG-VAULT, a slot of another store was put in.
        """
        return self.log_in(login, password)[1]

    def log_in(self, login: str | None, password: str) -> tuple[str, bytes]:
        """Return whose password it is, and the data key. Without a log-in name every password slot is tried.

        Raises:
            VaultError: as `unlock_password`.
        """
        for slot in self._slots:
            if isinstance(slot, PasswordSlot) and (login is None or slot.login == _normal(login)):
                dek = self._unseal(slot, password_key(password, slot.salt, slot.cost))
                if dek is not None:
                    return slot.login, dek
        raise VaultError("E-LOGIN")

    def unlock_recovery(self, code: str) -> bytes:
        """Return the data key for the printed recovery code.

        Raises:
            VaultError: E-RECOVERY-GROUP, a group is mistyped; E-KEY-WRONG-VAULT, the code of another store or an
                older one of this.
        """
        key = decode_recovery(code)
        for slot in self._slots:
            if isinstance(slot, RecoverySlot):
                dek = self._unseal(slot, recovery_key(key, slot.salt))
                if dek is not None:
                    return dek
        raise VaultError("E-KEY-WRONG-VAULT")

    def fits(self, dek: bytes) -> bool:
        """Tell whether `dek` is the data key of this vault."""
        return hmac.compare_digest(_dek_id(dek), self._file.keys.dek_id)

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
            raise InvalidInput(LOGIN, "已有同名用户")
        check_password(password)
        if len(self._slots) >= MAX_SLOTS:
            raise InvalidInput(LOGIN, f"最多记{MAX_SLOTS}组密码")
        self._write((*self._slots, self._new_password_slot(self._next_id(), dek, login, password, cost)))

    def change_password(self, dek: bytes, login: str, password: str, cost: Cost | None = None) -> None:
        """Give `login` a new password; whoever holds the data key, by the old one or the recovery code, may.

        Raises:
            NotFound: no such user.
            InvalidInput: the password is too weak.
            VaultError: E-KEY-WRONG-VAULT.
        """
        self.take_password(dek, self.offer_password(dek, login, password, cost))

    def offer_password(self, dek: bytes, login: str, password: str, cost: Cost | None = None) -> PasswordSlot:
        """Make a slot for a new password of `login`; the old one holds until `take_password`.

        Raises:
            NotFound, InvalidInput, VaultError: as `change_password`.
        """
        self._require(dek)
        old = self._password_slot(login)
        check_password(password)
        return self._new_password_slot(old.id, dek, old.login, password, cost)

    def take_password(self, dek: bytes, offered: PasswordSlot) -> None:
        """Put an offered slot in the place of the former one of its user.

        Raises:
            VaultError: E-KEY-WRONG-VAULT.
        """
        self._require(dek)
        self._write(tuple(offered if slot.id == offered.id else slot for slot in self._slots))

    def holds(self, salt: bytes) -> bool:
        """Tell whether a password slot made with `salt` is in force."""
        return any(isinstance(slot, PasswordSlot) and slot.salt == salt for slot in self._slots)

    def remove(self, login: str) -> None:
        """Take a user's slot away. Older backups still open with the old password.

        Raises:
            NotFound: no such user.
            InvalidInput: it is the last one.
        """
        gone = self._password_slot(login)
        if len(self.logins) == 1:
            raise InvalidInput(LOGIN, "至少保留一个用户")
        self._write(tuple(slot for slot in self._slots if slot is not gone))

    def offer_recovery_code(self, dek: bytes) -> "RecoveryOffer":
        """Make a new recovery code, to be written down; the old one holds until `take_recovery_code`.

        Raises:
            VaultError: E-KEY-WRONG-VAULT.
        """
        self._require(dek)
        slot, code = self._new_recovery_slot(self._next_id(), dek)
        return RecoveryOffer(code, slot)

    def take_recovery_code(self, dek: bytes, offer: "RecoveryOffer") -> None:
        """Put an offered code in force; the old one opens nothing any more.

        Raises:
            VaultError: E-KEY-WRONG-VAULT.
        """
        self._require(dek)
        self._write((*(kept for kept in self._slots if not isinstance(kept, RecoverySlot)), offer.slot))

    # the help of headquarters

    @property
    def helped(self) -> HeadquartersSlot | None:
        """The slot by which headquarters may help a branch that lost its passwords, if there is one."""
        return next((slot for slot in self._slots if isinstance(slot, HeadquartersSlot)), None)

    def let_help(self, dek: bytes, helper: Helper) -> None:
        """Seal the data key for `helper`, in the place of a former helper.

        Raises:
            VaultError: E-KEY-WRONG-VAULT.
            StorageFailure: the disk is full or refuses.
        """
        self._require(dek)
        kept = tuple(slot for slot in self._slots if not isinstance(slot, HeadquartersSlot))
        self._write((*kept, self._new_headquarters_slot(self._next_id(), dek, helper)))

    def end_help(self) -> None:
        """Take the slot of headquarters away, if there is one. Older copies of the file still have it."""
        if self.helped is not None:
            self._write(tuple(slot for slot in self._slots if not isinstance(slot, HeadquartersSlot)))

    # another data key

    def begin_change(
        self, slots: Mapping[str, str], cost: Cost | None = None, helper: Helper | None = None
    ) -> tuple[bytes, str]:
        """Write beside the key in force a new one, with a slot for each log-in name and its password; return both.

        Until `finish_change` either opens the vault: a crash in between leaves one that fits the database.

        Args:
            slots: log-in name -> password. Who is left out does not get in any more.
            helper: who may help with the new key too.

        Raises:
            InvalidInput: nobody is to get in, a name is unknown, or a password too weak.
            StorageFailure: the disk is full or refuses.
        """
        if not slots or not set(slots) <= set(self.logins):
            raise InvalidInput(LOGIN, "没有这个用户")
        for password in slots.values():
            check_password(password)
        dek = secrets.token_bytes(DEK_BYTES)
        numbers = count(self._next_id())
        after = Vault(self.folder, VaultFile(self.vault_id, KeySet(_dek_id(dek), ())), self._port)
        made: list[Slot] = [
            after._new_password_slot(next(numbers), dek, login, slots[login], cost)
            for login in self.logins
            if login in slots
        ]
        recovery, code = after._new_recovery_slot(next(numbers), dek)
        made.append(recovery)
        if helper is not None:
            made.append(after._new_headquarters_slot(next(numbers), dek, helper))
        self._put(replace(self._file, following=KeySet(_dek_id(dek), tuple(made))))
        return dek, code

    @property
    def alternatives(self) -> "tuple[Vault, ...]":
        """This vault, or while its data key is being changed one for the key until now and one for the new."""
        if self._file.following is None:
            return (self,)
        return tuple(
            Vault(self.folder, VaultFile(self.vault_id, keys), self._port)
            for keys in (self._file.keys, self._file.following)
        )

    def keep_only(self, dek: bytes) -> None:
        """Let `dek` be the one data key: the end of a change of the data key, or its undoing.

        Raises:
            VaultError: E-KEY-WRONG-VAULT.
            StorageFailure: the disk is full or refuses.
        """
        for half in self.alternatives:
            if half.fits(dek):
                self._put(half._file)
                return
        raise VaultError("E-KEY-WRONG-VAULT")

    def settle(self) -> None:
        """Bring the spare up to the file, after a crash between the two: it must let in nobody who was removed.

        Raises:
            StorageFailure: the disk is full or refuses.
        """
        data = self.to_bytes()
        try:
            same = self._port.read(self.folder / SPARE, _MAX_FILE) == data
        except OSError:
            same = False
        if not same:
            write_atomically(self.folder / SPARE, data, self._port)

    # within

    def _require(self, dek: bytes) -> None:
        if not self.fits(dek):
            raise VaultError("E-KEY-WRONG-VAULT")

    def _password_slot(self, login: str) -> PasswordSlot:
        for slot in self._slots:
            if isinstance(slot, PasswordSlot) and slot.login == _normal(login):
                return slot
        raise NotFound(what="用户", name=login)

    def _next_id(self) -> int:
        return max(slot.id for slot in self._slots) + 1

    def _new_password_slot(self, number: int, dek: bytes, login: str, password: str, cost: Cost | None) -> PasswordSlot:
        cost = cost or calibrated()
        slot = PasswordSlot(number, login, cost, secrets.token_bytes(SALT_BYTES))
        return self._seal(slot, password_key(password, slot.salt, cost), dek)

    def _new_recovery_slot(self, number: int, dek: bytes) -> tuple[RecoverySlot, str]:
        key = secrets.token_bytes(KEY_BYTES)
        slot = RecoverySlot(number, secrets.token_bytes(SALT_BYTES))
        return self._seal(slot, recovery_key(key, slot.salt), dek), encode_recovery(key)

    def _new_headquarters_slot(self, number: int, dek: bytes, helper: Helper) -> HeadquartersSlot:
        return HeadquartersSlot(number, helper.label, seal_key(dek, self.vault_id, helper))

    def _bound(self, slot: SealedSlot) -> bytes:
        return canonical(slot.bound()) + self.vault_id.encode("ascii")

    def _seal(self, slot: _S, kek: bytes, dek: bytes) -> _S:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(NONCE_BYTES)
        return replace(slot, nonce=nonce, ct=AESGCM(kek).encrypt(nonce, dek, self._bound(slot)))

    def _unseal(self, slot: SealedSlot, kek: bytes) -> bytes | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            dek = AESGCM(kek).decrypt(slot.nonce, slot.ct, self._bound(slot))
        except InvalidTag:
            return None
        self._require(dek)
        return dek

    def _write(self, slots: tuple[Slot, ...]) -> None:
        self._put(replace(self._file, keys=replace(self._file.keys, slots=slots)))

    def _put(self, file: VaultFile) -> None:
        """Put `file` on the disk, then its copy: from then on neither lets in who is no longer to get in.

        A crash in between leaves the former file as the spare, which `settle` brings up to date.
        """
        data = serialised(file)
        parse(data)
        path, spare = self.folder / NAME, self.folder / SPARE
        with storage_faults(path, self._port, need=2 * len(data)):
            write_atomically(path, data, self._port)
            self._file = file
            write_atomically(spare, data, self._port)


def _dek_id(dek: bytes) -> str:
    return hmac.new(dek, _DEK_ID_INFO, hashlib.sha256).digest()[:8].hex()


def _normal(login: str) -> str:
    return unicodedata.normalize("NFKC", login).strip()


def _login_name(login: str) -> str:
    name = _normal(login)
    if not name:
        raise InvalidInput(LOGIN, "不能为空")
    if len(name) > _MAX_LOGIN:
        raise InvalidInput(LOGIN, f"最多{_MAX_LOGIN}个字符")
    return name
