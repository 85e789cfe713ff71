"""The help of headquarters for a branch that lost its password and its recovery code (总部协助重设密码).

The branch consents first: then its vault has a slot that headquarters opens. Locked out, it writes a request
(`services.unlocking`); an approver compares thirty digits by telephone and answers it, once.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.history import SettingName
from desktop.models.sync import Partner, UnlockGrant
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState, Use
from desktop.services.clock import day_of, utc_text
from desktop.services.errors import PackageRefused
from desktop.services.files import FilePort
from desktop.services.reminders import reminders
from desktop.services.security.helper import Helper, SealedKey, open_key, sealed_for
from desktop.services.security.keys import Identity, PublicKeys
from desktop.services.security.pending import PendingUnlock
from desktop.services.security.spent import drop
from desktop.services.sync.installation import key_header, own_identities
from desktop.services.sync.key_files import UnlockAsked, write_key_file
from desktop.services.sync.media import note_on_stick
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Addressee, recipient_id
from desktop.services.sync.streams import partner_in_force

if TYPE_CHECKING:
    from desktop.services.store import Store

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class HelpState:
    """Whether headquarters may help this branch. `headquarters`: its name, empty before an invitation was taken in.

    `asked`: somebody has said yes or no.
    """

    headquarters: str
    allowed: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class UnlockFile:
    """An answer just written."""

    path: Path
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingGrant:
    """A request read at headquarters. Nothing is given before the digits were compared and `confirm` is called."""

    code: str
    name: str
    asked_on: str
    fingerprint: str
    _confirm: Callable[[Path], UnlockFile] = field(repr=False)

    def confirm(self, to: Path) -> UnlockFile:
        """Write the answer to `to` (a file or a folder).

        Raises:
            PackageRefused: E-UNLOCK-USED; it was answered meanwhile.
            StorageFailure: the file cannot be written; the request can still be answered.
        """
        return self._confirm(to)


class AssistanceService:
    """The consent of a branch to be helped, and the help of headquarters."""

    def __init__(self, store: "Store", port: FilePort | None = None) -> None:
        self._store = store
        self._port = port or FilePort()

    # branch

    def state(self) -> HelpState:
        """Return whether headquarters may help this branch."""
        store = self._store
        with store.reading() as session:
            partner = _headquarters(session) if not store.is_headquarters else None
        name = partner.name if partner is not None else ""
        return HelpState(name, store.vault.helped is not None, bool(store.setting(SettingName.HELP)))

    def allow(self) -> None:
        """Let headquarters help, should password and recovery code be lost: its keys get a slot of the vault.

        Raises:
            NotAllowed: who works here does not manage users.
            PackageRefused: E-NOT-ENROLLED; E-WRONG-KIND at headquarters.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.USERS)
        self._store.require_writable()
        self._at_branch()
        helper = helper_of(self._store)
        if helper is None:
            raise PackageRefused("E-NOT-ENROLLED")
        self._store.vault.let_help(self._store.key, helper)
        self._store.set_setting(SettingName.HELP, YES)
        self._store.audit(Use.ALLOW_HELP)

    def decline(self) -> bool:
        """Let headquarters help no more, or never; return whether it could until now: older copies still let it.

        Raises:
            NotAllowed: who works here does not manage users.
            PackageRefused: E-WRONG-KIND at headquarters.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.USERS)
        self._store.require_writable()
        self._at_branch()
        had = self._store.vault.helped is not None
        self._store.vault.end_help()
        drop(self._store, PendingUnlock.of(self._store.folder), self._port)
        self._store.set_setting(SettingName.HELP, NO)
        if had:
            self._store.audit(Use.END_HELP)
        return had

    # headquarters

    def accept_request(self, file: Path) -> PendingGrant:
        """Read the request of a branch that is locked out; `confirm` answers it.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackageRefused: E-UNLOCK-USED, E-UNLOCK-OLD; E-PKG-TO, E-PKG-SENDER, E-PKG-…; E-WRONG-KIND at a branch.
            StorageFailure: the file cannot be read.
        """
        self._store.rights.require(Act.KEYS)
        if not self._store.is_headquarters:
            raise PackageRefused("E-WRONG-KIND", file=file.name)
        asked, today = UnlockAsked.read(file), self._store.today
        with self._store.reading() as session:
            self._require_open(session, asked, file)
            if abs((today - asked.asked_on).days) > reminders().unlock_days:
                raise PackageRefused("E-UNLOCK-OLD", file=file.name, date=asked.asked_on.isoformat())
            signer, identities = self._helper(session, asked, file)
            partner = self._partner(session, _opened(asked, identities, file).org, file)
            code, name = partner.code, partner.name
        return PendingGrant(
            code=code,
            name=name,
            asked_on=asked.asked_on.isoformat(),
            fingerprint=asked.keys.fingerprint,
            _confirm=lambda to: self._grant(asked, signer, file, to),
        )

    # inside

    def _at_branch(self) -> None:
        if self._store.is_headquarters:
            raise PackageRefused("E-WRONG-KIND")

    def _require_open(self, session: Session, asked: UnlockAsked, file: Path) -> None:
        granted = session.scalar(select(UnlockGrant).where(UnlockGrant.request == asked.request))
        if granted is not None:
            day = day_of(granted.granted_at_utc, self._store.clock).isoformat()
            raise PackageRefused("E-UNLOCK-USED", file=file.name, date=day)

    def _helper(self, session: Session, asked: UnlockAsked, file: Path) -> tuple[Identity, list[Identity]]:
        """Return our keys that the request is for, and all there are: what it brings was sealed for one of them."""
        identities = own_identities(session)
        signer = next((identity for identity in identities if identity.public.key_id in asked.to), None)
        if signer is None:
            raise PackageRefused("E-PKG-TO", file=file.name, to="其他单位")
        return signer, identities

    def _partner(self, session: Session, org: str, file: Path) -> Partner:
        partner = partner_in_force(session, org)
        if partner is None or partner.state is not PartnerState.ACTIVE:
            raise PackageRefused("E-PKG-SENDER", file=file.name, sender=partner.code if partner is not None else "不明")
        return partner

    def _grant(self, asked: UnlockAsked, signer: Identity, file: Path, to: Path) -> UnlockFile:
        """Seal the key for the request and write the answer, signed by the key that the branch knows us by."""
        from pyrage import x25519  # needed only here

        store = self._store
        expires_on = store.today + timedelta(days=reminders().unlock_days)
        with store.unit_of_work("协助支部重设密码", Act.KEYS) as session:
            self._require_open(session, asked, file)
            sealed = _opened(asked, own_identities(session), file)
            partner = self._partner(session, sealed.org, file)
            grant = UnlockGrant(
                org=sealed.org,
                request=asked.request,
                fingerprint=asked.keys.fingerprint,
                granted_at_utc=utc_text(store.clock()),
                expires_on=expires_on,
            )
            session.add(grant)
            session.flush()
            reply = {"dek": sealed.dek.hex(), "request": asked.request, "vault": sealed.vault_id}
            content = sealed_for(reply, [x25519.Recipient.from_str(asked.keys.age_recipient)])
            data: dict[str, object] = {
                "expires_on": expires_on.isoformat(),
                "recipient": signer.public.age_recipient,
                "request": asked.request,
                "sealed": base64.b64encode(content).decode("ascii"),
                "sign_pub": signer.public.sign_pub.hex(),
                "vault": sealed.vault_id,
            }
            addressee = Addressee(recipient_id(asked.keys.age_recipient), sealed.org)
            header = key_header(store, Kind.UNLOCK_RESPONSE, signer, data, to=(addressee,))
            code, name = partner.code, partner.name
            path = write_key_file(to, header, signer, code, self._port)
        store.audit(Use.GRANT_UNLOCK, f"{name}（{code}），核对的数字 {asked.keys.fingerprint}")
        note_on_stick(store, Use.FROM_STICK, [file])
        note_on_stick(store, Use.TO_STICK, [path])
        return UnlockFile(path, code, name)


def helper_of(store: "Store") -> Helper | None:
    """Return who may help this branch, or None before an invitation was taken in."""
    with store.reading() as session:
        partner = _headquarters(session)
        if partner is None or partner.sign_pub is None or not partner.age_recipients:
            return None
        recipients = tuple(partner.age_recipients)
        return Helper(key=PublicKeys(partner.sign_pub, recipients[0]).key_id, recipients=recipients, org=store.org)


def settle_help(store: "Store", allowed: bool | None, *, same: bool) -> None:
    """See to the help after an invitation was taken in; `allowed`: what was answered, None where nobody was asked.

    What was allowed to one headquarters is not allowed to another: it is the `same` only then.

    Raises:
        NotAllowed: who works here does not manage users, and was asked.
        StorageFailure: the disk refuses.
    """
    if allowed is not None:
        service = AssistanceService(store)
        service.allow() if allowed else service.decline()
    elif same:
        renew_help(store)
    else:
        store.vault.end_help()
        drop(store, PendingUnlock.of(store.folder))
        store.set_setting(SettingName.HELP, "")


def renew_help(store: "Store") -> None:
    """Seal the data key anew where headquarters has other keys than the slot was made for; of another, take it away.

    Raises:
        StorageFailure: the disk refuses; the former slot is as it was.
    """
    slot = store.vault.helped
    if store.is_headquarters or slot is None:
        return
    helper = helper_of(store)
    if helper is None:
        store.vault.end_help()
    elif helper.label != slot.hq_key:
        store.vault.let_help(store.key, helper)


def _headquarters(session: Session) -> Partner | None:
    return session.scalars(
        select(Partner).where(Partner.state != PartnerState.REVOKED).order_by(Partner.id.desc())
    ).first()


def _opened(asked: UnlockAsked, identities: list[Identity], file: Path) -> SealedKey:
    """Return what the request brings, sealed by the branch while it was open."""
    try:
        sealed = open_key(asked.slot, [identity.age_identity for identity in identities])
    except PackageRefused as error:
        raise PackageRefused(error.code, file=file.name) from error
    if sealed.vault_id != asked.vault_id:
        raise PackageRefused("E-PKG-FORMAT", file=file.name)
    return sealed
