"""The way back into a store whose password and recovery code are lost, with the help of headquarters.

It begins and ends at the log-in: a request that holds nothing but the sealed data key and fresh keys, and an answer
that works once, here, with the password chosen for the request.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import __version__
from desktop.models import schema
from desktop.models.base import new_id
from desktop.models.vocabulary.stores import Use
from desktop.paths import DATABASE
from desktop.services.clock import Clock, local, now, utc_text
from desktop.services.errors import NotFound, PackageRefused, VaultError
from desktop.services.files import FilePort
from desktop.services.opening import open_store
from desktop.services.reminders import reminders
from desktop.services.security.attempts import Attempts
from desktop.services.security.helper import opened_seal, signer_of
from desktop.services.security.keys import Identity
from desktop.services.security.lock import require_free
from desktop.services.security.passwords import Cost, check_password
from desktop.services.security.pending import WITHDRAWN, PendingUnlock
from desktop.services.security.spent import is_spent
from desktop.services.security.vault import Vault
from desktop.services.sync.assistance import NO
from desktop.services.sync.key_files import UnlockAnswered, write_key_file
from desktop.services.sync.media import note_on_stick, on_sticks
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Addressee, Header, Party, package_hash

if TYPE_CHECKING:
    from desktop.services.store import Store

_ANYBODY = "支部"
"""What a request calls its writer: who it is, only headquarters can read."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for its answer: whose password it is to set, and the digits to tell by telephone."""

    login: str
    fingerprint: str
    asked_at: datetime
    ends_on: date


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request just written, and the digits to tell by telephone."""

    path: Path
    fingerprint: str


def may_be_helped(folder: Path) -> bool:
    """Tell whether headquarters could open the store in `folder`: the branch has allowed it.

    Raises:
        StorageFailure: E-DB-DAMAGED; its slots cannot be read.
    """
    return Vault.open(folder).helped is not None


def waiting(folder: Path, clock: Clock = now) -> Waiting | None:
    """Return the request of the store in `folder` that waits for its answer."""
    pending = PendingUnlock.of(folder)
    if pending is None or pending.done:
        return None
    asked_at = local(pending.asked_utc, clock)
    return Waiting(
        pending.login, pending.fingerprint, asked_at, asked_at.date() + timedelta(days=reminders().unlock_days)
    )


def ask_headquarters(
    folder: Path,
    login: str,
    password: str,
    to: Path,
    *,
    clock: Clock = now,
    cost: Cost | None = None,
    port: FilePort | None = None,
) -> RequestFile:
    """Write a request to `to` (a file or a folder), in the place of a former one: its answer opens nothing any more.

    Args:
        login: whose password is to be set.
        password: the one from then on; the answer works with it alone.

    Raises:
        NotFound: nobody logs in by that name.
        InvalidInput: the password is too weak.
        PackageRefused: E-NO-HELP; the branch has not allowed it.
        StorageFailure: the disk refuses.
    """
    port = port or FilePort()
    vault = Vault.open(folder, port)
    slot = vault.helped
    if slot is None:
        raise PackageRefused("E-NO-HELP")
    if login not in vault.logins:
        raise NotFound(what="使用人", name=login)
    check_password(password)
    identity, helper = Identity.generate(), signer_of(slot.hq_key)
    header = Header(
        kind=Kind.UNLOCK_REQUEST,
        pkg_id=new_id(),
        created=clock().isoformat(timespec="seconds"),
        sender=Party(vault.vault_id, _ANYBODY, vault.vault_id, identity.public.key_id),
        to=(Addressee(helper, "headquarters"),),
        app=__version__,
        revision=schema.HEAD,
        data={
            "recipient": identity.public.age_recipient,
            "sign_pub": identity.public.sign_pub.hex(),
            "slot": base64.b64encode(slot.age).decode("ascii"),
            "vault": vault.vault_id,
        },
    )
    pending = PendingUnlock.make(
        identity,
        password,
        request=package_hash(header.encode()),
        helper=helper,
        login=login,
        asked_utc=utc_text(clock()),
        cost=cost,
    )
    path = write_key_file(to, header, identity, _ANYBODY, port)
    before = PendingUnlock.of(folder, port)
    if before is not None:
        pending = replace(pending, former=before.all_requests, carried=before.carried)
    carried = tuple(f"{line}（{clock():%Y-%m-%d %H:%M}，打开数据以前）" for line in on_sticks([path]))
    replace(pending, carried=(*pending.carried, *carried)).write(folder, port)
    return RequestFile(path, pending.fingerprint)


def withdraw(folder: Path) -> None:
    """Drop the request of the store in `folder`: its answer opens nothing any more.

    Raises:
        StorageFailure: the disk refuses.
    """
    pending = PendingUnlock.of(folder)
    if pending is not None and not pending.done:
        replace(pending, done=WITHDRAWN).write(folder)


def unlock(
    folder: Path,
    file: Path,
    password: str,
    *,
    clock: Clock = now,
    clock_doubt: Callable[[date, date], None] | None = None,
    cost: Cost | None = None,
) -> "Store":
    """Open the store in `folder` by the answer of headquarters; from then on the password of the request holds.

    Raises:
        PackageRefused: E-UNLOCK-NONE, nothing waits (or it was used, or dropped); E-NO-HELP, help was ended;
            E-UNLOCK-OTHER, the answer to something else; E-UNLOCK-OLD; E-PKG-SIG, not of this headquarters;
            E-PKG-…. Nothing was changed.
        VaultError: E-LOGIN, not the password of the request (the fact `wait` says how long the next try waits);
            E-KEY-WRONG-VAULT, the data key was changed since.
        StoreBusy: another program has the store open.
        StorageFailure: the disk refuses; and whatever `open_store` raises.
    """
    require_free(folder)
    pending, answered = PendingUnlock.of(folder), UnlockAnswered.read(file)
    if pending is None or pending.done:
        raise PackageRefused("E-UNLOCK-NONE", file=file.name)
    vault = Vault.open(folder)
    if vault.helped is None:
        raise PackageRefused("E-NO-HELP")
    if answered.signer != pending.helper:
        raise PackageRefused("E-PKG-SIG", file=file.name)
    if answered.request != pending.request or answered.vault_id != vault.vault_id:
        raise PackageRefused("E-UNLOCK-OTHER", file=file.name)
    if clock().date() > answered.expires_on:
        raise PackageRefused("E-UNLOCK-OLD", file=file.name, date=answered.expires_on.isoformat())
    key = _given(answered, _own(pending, password, Attempts(folder, clock)), file)
    if vault.fits(key) and is_spent(folder / DATABASE, key, pending.request, NO):
        raise PackageRefused("E-UNLOCK-NONE", file=file.name)
    slot = vault.offer_password(key, pending.login, password, cost)
    replace(pending, done=slot.salt).write(folder)  # a crash from here on is told from the slots at the next opening
    vault.take_password(key, slot)
    store = open_store(folder, password, pending.login, clock=clock, clock_doubt=clock_doubt)
    note_on_stick(store, Use.FROM_STICK, [file])
    return store


def _own(pending: PendingUnlock, password: str, attempts: Attempts) -> Identity:
    """Return the keys of the request; a wrong password is counted."""
    try:
        return pending.identity(password)
    except VaultError as error:
        attempts.failed(pending.login)
        raise VaultError(error.code, wait=attempts.remaining_seconds()) from error


def _given(answered: UnlockAnswered, identity: Identity, file: Path) -> bytes:
    """Return the data key that the answer brings."""
    try:
        document = opened_seal(answered.sealed, [identity.age_identity])
        key = bytes.fromhex(document["dek"])
        same = document == {"dek": key.hex(), "request": answered.request, "vault": answered.vault_id}
    except (PackageRefused, KeyError, ValueError) as error:
        raise PackageRefused("E-PKG-HASH", file=file.name) from error
    if not same:
        raise PackageRefused("E-PKG-HASH", file=file.name)
    return key
