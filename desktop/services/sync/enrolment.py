"""How a branch and its headquarters come to know each other: invitation, registration, and digits compared by people.

Neither side trusts a file for its own sake. The branch compares the fingerprint of headquarters with the paper letter;
headquarters takes a registration only with the one-time token it gave out, and shows the fingerprint too.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models import schema
from desktop.models.base import new_id
from desktop.models.branches import Branch
from desktop.models.history import SettingName
from desktop.models.sync import Invitation, Partner, SyncPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState, Use
from desktop.services.clock import day_of, utc_text
from desktop.services.errors import Conflict, InvalidInput, NotFound, PackageRefused, StorageFailure
from desktop.services.files import FilePort, write_atomically
from desktop.services.reminders import reminders
from desktop.services.security.keys import Escrow, Identity, PublicKeys
from desktop.services.spreadsheets.text import plain
from desktop.services.store import put_setting
from desktop.services.sync import package_header, streams
from desktop.services.sync.assistance import settle_help
from desktop.services.sync.installation import (
    ESCROW,
    add_own_key,
    identity_of,
    key_header,
    new_identity,
    own_identities,
    own_keys,
    own_recipients,
    own_settings,
)
from desktop.services.sync.joining import keep_headquarters, rename_branch
from desktop.services.sync.key_files import MAX_NAME, TOKEN_BYTES, Invited, Registered, seal, write_key_file
from desktop.services.sync.media import note_on_stick
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Addressee
from desktop.services.sync.partners import CODE, NAME, PartnerRow, check_group, org_of, partner_row, registered
from desktop.services.sync.rotation import witness_keys

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class InvitationFile:
    """An invitation just written, and what the paper letter that goes with it must say."""

    path: Path
    code: str
    name: str
    expires_on: date
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RegistrationFile:
    """A registration just written, with this branch's own fingerprint for the telephone."""

    path: Path
    code: str
    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PendingInvitation:
    """An invitation read at a branch. Nothing is kept until the fingerprint was compared and `confirm` is called."""

    headquarters: str
    code: str
    name: str
    expires_on: date
    fingerprint: str
    _confirm: Callable[[Path, bool | None], RegistrationFile] = field(repr=False)

    def confirm(self, to: Path, help_allowed: bool | None = None) -> RegistrationFile:
        """Join: take over code, name and uid, make keys, write the registration to `to` (a file or a folder).

        `help_allowed`: whether headquarters may help should password and recovery code be lost; None: nobody was asked.

        Raises:
            NotAllowed: who works here does not manage users, and was asked about the help.
            Conflict: this store has reported as another branch.
            StorageFailure: the file cannot be written; nothing was changed.
        """
        return self._confirm(to, help_allowed)


@dataclass(frozen=True, slots=True)
class PendingRegistration:
    """A registration read at headquarters, its token good. `replaces`: another installation ends with `confirm`."""

    code: str
    name: str
    fingerprint: str
    replaces: bool
    _confirm: Callable[[], PartnerRow] = field(repr=False)

    def confirm(self) -> PartnerRow:
        """Trust the keys: packages of this installation are accepted from now on.

        Raises:
            PackageRefused: E-TOKEN; the token was used meanwhile.
        """
        return self._confirm()


class EnrolmentService:
    """Invitations and registrations of one store, and the partners they lead to."""

    def __init__(self, store: "Store", port: FilePort | None = None) -> None:
        self._store = store
        self._port = port or FilePort()

    # who is who

    def identity(self) -> Identity:
        """Return the keys of this installation; they are made when first asked for."""
        return identity_of(self._store)

    def fingerprint(self) -> str:
        """Return the thirty digits that stand for this installation's keys."""
        return self.identity().public.fingerprint

    def partners(self) -> list[PartnerRow]:
        """Return headquarters (at a branch) or the branches (at headquarters), by code; former ones come last."""
        query = select(Partner).order_by(Partner.state == PartnerState.REVOKED, Partner.code, Partner.id)
        with self._store.reading() as session:
            return [partner_row(partner) for partner in session.scalars(query)]

    def headquarters(self) -> PartnerRow | None:
        """Return the headquarters of this branch, or None before an invitation was taken in."""
        if self._store.is_headquarters:
            return None
        return next((partner for partner in self.partners() if partner.state is not PartnerState.REVOKED), None)

    def allowed_signer(self, org: str) -> str:
        """Return the line by which `ssh-keygen -Y verify` believes packages of the branch `org` (allowed signers).

        Raises:
            NotFound: no such active branch.
        """
        from desktop.services.security import sshsig  # brings cryptography, which lists do without

        with self._store.reading() as session:
            partner = next(iter(registered(session, org)), None)
        if partner is None or partner.sign_pub is None:
            raise NotFound(what="支部", id=org)
        key = PublicKeys(partner.sign_pub, partner.age_recipients[0]).verifying_key
        return f'{partner.code} namespaces="{sshsig.PACKAGE_NAMESPACE}" {sshsig.openssh_public_key(key)}'

    def revoke(self, org: str) -> None:
        """Stop trusting the keys of the branch `org` (钥匙泄露、丢失电脑); a new invitation starts anew.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: no such active branch.
        """
        self._store.rights.require(Act.EXCHANGE)
        with self._store.unit_of_work("停用支部登记", Act.EXCHANGE) as session:
            active = registered(session, org)
            if not active:
                raise NotFound(what="支部", id=org)
            for partner in active:
                partner.state = PartnerState.REVOKED
            names = "、".join(dict.fromkeys(partner.name for partner in active))
        witness_keys(self._store)
        self._store.audit(Use.STOP_PARTNER, names)

    def save_escrow(self, to: Path) -> str:
        """Make the second key of headquarters, write it to the file `to`, keep only its public half; return that.

        The file belongs on a stick of its own and is never needed while this PC lives. Branches learn the public half
        by their invitation or with the next feedback package; a former second key stays with whoever has it.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackageRefused: E-WRONG-KIND at a branch.
            StorageFailure: the file cannot be written; nothing was changed.
        """
        self._store.rights.require(Act.KEYS)
        self._at_headquarters()
        escrow = Escrow.generate()
        at = utc_text(self._store.clock())
        with self._store.unit_of_work("生成备用解密钥匙", Act.KEYS) as session:
            for former in own_keys(session, ESCROW):
                former.retired_at_utc = at
            public = escrow.recipient
            add_own_key(session, ESCROW, None, public.encode("ascii"), at)
            session.flush()
            write_atomically(to, escrow.key_file(), self._port)
        self._store.audit(Use.ESCROW)
        note_on_stick(self._store, Use.TO_STICK, [to])
        return public

    # headquarters

    def invite(self, code: str, name: str, group: str, to: Path) -> InvitationFile:
        """Write an invitation for the branch `code` to `to` (a file or a folder).

        `group`: race group of the scheme in force. A branch known by its code keeps its uid: this is how a branch
        with a new PC or lost keys comes back.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: code, name or group do not fit.
            PackageRefused: E-WRONG-KIND at a branch.
            StorageFailure: the file cannot be written; nothing was changed.
        """
        self._store.rights.require(Act.EXCHANGE)
        self._at_headquarters()
        store, identity = self._store, self.identity()
        code, name = plain(code), name.strip()
        if not code.isascii() or not code.isalnum() or len(code) > 20:
            raise InvalidInput(CODE, "只能用字母和数字，最多20位")
        if not name or len(name) > MAX_NAME:
            raise InvalidInput(NAME, f"不能为空，最多{MAX_NAME}字")
        expires_on = store.today + timedelta(days=reminders().invitation_days)
        with store.unit_of_work(f"邀请支部“{name}”", Act.EXCHANGE) as session:
            check_group(session, group, store.today)
            org = org_of(session, code) or new_id()
            token = secrets.token_bytes(TOKEN_BYTES)
            session.add(Invitation(org=org, code=code, name=name, group_kind=group, token=token, expires_on=expires_on))
            if streams.partner_in_force(session, org) is None:
                invited = PartnerState.INVITED
                partner = Partner(org=org, code=code, name=name, group_kind=group, age_recipients=[], state=invited)
                partner.county = streams.county_of(session, org)
                session.add(partner)
            session.flush()
            data = {
                "branch": {"code": code, "group": group, "name": name, "org": org},
                "expires_on": expires_on.isoformat(),
                "headquarters": {
                    "name": store.setting(SettingName.NAME),
                    "recipients": own_recipients(session, identity),
                    "sign_pub": identity.public.sign_pub.hex(),
                },
                "revisions": [schema.HEAD, schema.HEAD],
                "token": token.hex(),
            }
            header = key_header(store, Kind.INVITE, identity, data)
            path = write_key_file(to, header, identity, code, self._port)
        store.audit(Use.INVITE, f"{name}（{code}）")
        note_on_stick(store, Use.TO_STICK, [path])
        return InvitationFile(path, code, name, expires_on, identity.public.fingerprint)

    def accept_registration(self, file: Path) -> PendingRegistration:
        """Read the registration of a branch; `confirm` makes it count.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackageRefused: E-TOKEN (used, expired, another), I-DUP (in force already), E-PKG-TO, E-PKG-….
            StorageFailure: the file cannot be read.
        """
        self._store.rights.require(Act.EXCHANGE)
        self._at_headquarters()
        registration = Registered.read(file)
        self.identity()
        with self._store.reading() as session:
            known_by = _known_by(session, registration)
        if known_by is None:
            raise PackageRefused("E-PKG-TO", file=file.name, to="其他单位")
        keys = registration.keys
        with self._store.reading() as session:
            invitation = self._invited(session, registration)
            active = registered(session, registration.org)
            if any(row.install == registration.install and row.sign_pub == keys.sign_pub for row in active):
                at_utc = active[0].enrolled_at_utc
                day = day_of(at_utc, self._store.clock).isoformat() if at_utc else ""
                raise PackageRefused("I-DUP", file=file.name, date=day)
            if invitation is None:
                raise PackageRefused("E-TOKEN", file=file.name)
            code, name = invitation.code, invitation.name
        return PendingRegistration(
            code, name, keys.fingerprint, bool(active), lambda: self._register(registration, file)
        )

    def registrations(self, files: Iterable[Path]) -> list[tuple[Path, PendingRegistration]]:
        """Return which of `files` are registrations that wait to be taken; all others are left out."""
        waiting: list[tuple[Path, PendingRegistration]] = []
        if not self._store.rights.may(Act.EXCHANGE):
            return waiting
        for file in files:
            try:
                waiting.append((file, self.accept_registration(file)))
            except (PackageRefused, StorageFailure):
                continue
        return waiting

    # branch

    def accept_invitation(self, file: Path) -> PendingInvitation:
        """Read the invitation of a headquarters; `confirm` takes it.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackageRefused: E-WRONG-KIND at headquarters; E-TOKEN (expired), E-PKG-….
            StorageFailure: the file cannot be read.
        """
        self._store.rights.require(Act.EXCHANGE)
        if self._store.is_headquarters:
            raise PackageRefused("E-WRONG-KIND", file=file.name)
        invitation = Invited.read(file)
        if self._store.today > invitation.expires_on:
            raise PackageRefused("E-TOKEN", file=file.name, expires_on=invitation.expires_on)
        return PendingInvitation(
            invitation.headquarters,
            invitation.code,
            invitation.name,
            invitation.expires_on,
            invitation.keys.fingerprint,
            lambda to, help_allowed: self._join(invitation, file, to, help_allowed),
        )

    # inside

    def _at_headquarters(self) -> None:
        if not self._store.is_headquarters:
            raise PackageRefused("E-WRONG-KIND")

    def _invited(self, session: Session, registration: Registered) -> Invitation | None:
        """Return the open invitation whose token sealed the registration."""
        invitations = session.scalars(
            select(Invitation).where(
                Invitation.org == registration.org,
                Invitation.used_at_utc.is_(None),
                Invitation.expires_on >= self._store.today,
            )
        )
        return next((invitation for invitation in invitations if registration.holds(invitation.token)), None)

    def _register(self, registration: Registered, file: Path) -> PartnerRow:
        at, org = utc_text(self._store.clock()), registration.org
        with self._store.unit_of_work("确认支部登记", Act.EXCHANGE) as session:
            invitation = self._invited(session, registration)
            if invitation is None:
                raise PackageRefused("E-TOKEN", file=file.name)
            known_by = _known_by(session, registration)
            for other in session.scalars(select(Invitation).where(Invitation.org == org)):
                other.used_at_utc = other.used_at_utc or at  # an older file must not replace this PC later
            partner = None
            for row in session.scalars(select(Partner).where(Partner.org == org)).all():
                if row.state is PartnerState.INVITED or row.install == registration.install:
                    partner = row
                elif row.state is PartnerState.ACTIVE:
                    row.state = PartnerState.REVOKED
            if partner is None:
                partner = Partner(org=org, county=streams.county_of(session, org))
                session.add(partner)
            partner.code, partner.name, partner.group_kind = invitation.code, invitation.name, invitation.group_kind
            partner.install, partner.sign_pub = registration.install, registration.keys.sign_pub
            partner.age_recipients = [registration.keys.age_recipient]
            partner.next_sign_pub, partner.next_recipient, partner.former_keys = None, None, []
            partner.own_key = known_by
            partner.state, partner.enrolled_at_utc = PartnerState.ACTIVE, at
            session.flush()
            enrolled = partner_row(partner)
        witness_keys(self._store)
        self._store.audit(Use.ENROL, f"{enrolled.name}（{enrolled.code}）")
        note_on_stick(self._store, Use.FROM_STICK, [file])
        return enrolled

    def _join(self, invitation: Invited, file: Path, to: Path, help_allowed: bool | None) -> RegistrationFile:
        store = self._store
        if help_allowed is not None:
            store.rights.require(Act.USERS)
        known = self.headquarters()
        former = known.org if known is not None else invitation.headquarters_org
        with store.unit_of_work(f"加入“{invitation.headquarters}”", Act.EXCHANGE) as session:
            if invitation.org != store.org:
                if session.scalar(select(func.count()).select_from(SyncPackage)):
                    raise Conflict(reason="本机数据已按另一个支部上报，不能改用这份邀请", code=invitation.code)
                rename_branch(session, store.org, invitation.org)
            profile = session.get(Branch, invitation.org)
            if profile is not None:
                profile.code, profile.name, profile.group_kind = invitation.code, invitation.name, invitation.group
            identity = self._identity_for(session, invitation)
            put_setting(session, SettingName.ORG, invitation.org)
            put_setting(session, SettingName.CODE, invitation.code)
            put_setting(session, SettingName.NAME, invitation.name)
            keep_headquarters(session, invitation)
            session.flush()
            settings = own_settings(session)
            data: dict[str, object] = {
                "branch": {"code": invitation.code, "name": invitation.name, "org": invitation.org},
                "recipient": identity.public.age_recipient,
                "sign_pub": identity.public.sign_pub.hex(),
                "install": settings["install"],
            }
            data["token_mac"] = seal(invitation.token, data)
            addressee = Addressee(package_header.recipient_id(invitation.recipients[0]), invitation.headquarters_org)
            header = key_header(store, Kind.ENROL, identity, data, to=(addressee,), settings=settings)
            path = write_key_file(to, header, identity, invitation.code, self._port)
        store.org = invitation.org
        witness_keys(store)
        store.audit(Use.JOIN, invitation.headquarters)
        note_on_stick(store, Use.FROM_STICK, [file])
        note_on_stick(store, Use.TO_STICK, [path])
        settle_help(store, help_allowed, same=former == invitation.headquarters_org)
        return RegistrationFile(path, invitation.code, invitation.name, identity.public.fingerprint)

    def _identity_for(self, session: Session, invitation: Invited) -> Identity:
        """Return the keys to register: the same invitation taken in twice keeps them, a new one means new keys."""
        at = utc_text(self._store.clock())
        identities = own_identities(session)
        again = session.scalar(select(Invitation).where(Invitation.token == invitation.token)) is not None
        if identities and again:
            return identities[0]
        identity = new_identity(session, at)
        if streams.headquarters_of(session) is not None:
            put_setting(session, SettingName.INSTALL, new_id())
        session.add(
            Invitation(
                org=invitation.org,
                code=invitation.code,
                name=invitation.name,
                group_kind=invitation.group,
                token=invitation.token,
                expires_on=invitation.expires_on,
                used_at_utc=at,
            )
        )
        return identity


def _known_by(session: Session, registration: Registered) -> str | None:
    """Return by which of our keys (SHA-256, hex) the branch knows us: those of the invitation it answers."""
    for identity in own_identities(session):
        if package_header.recipient_id(identity.public.age_recipient) in registration.to:
            return identity.public.key_id
    return None
