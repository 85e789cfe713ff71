"""How a branch and its headquarters come to know each other: invitation, registration, and digits compared by people.

Neither side trusts a file for its own sake. The branch compares the fingerprint of headquarters with the paper letter;
headquarters takes a registration only with the one-time token it gave out, and shows the fingerprint too.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session

from desktop import __version__
from desktop.models import schema
from desktop.models.attachments import Attachment
from desktop.models.base import Base, Owned, new_id
from desktop.models.branches import Branch
from desktop.models.history import Change, Setting, SettingName
from desktop.models.sync import Invitation, OwnKey, Partner, SyncPackage
from desktop.models.vocabulary import PartnerState
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, InvalidInput, NotFound, PackageRefused
from desktop.services.files import FilePort, partial, storage_faults, write_atomically
from desktop.services.security.keys import Escrow, Identity, PublicKeys, recipient_bytes
from desktop.services.store import put_setting
from desktop.services.sync import package_format as fmt
from desktop.services.sync.package_format import Addressee, Header, Kind, Party

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from desktop.services.store import Store
    from desktop.services.sync.package_reader import KeyFile

IDENTITY, ESCROW = "identity", "escrow"
VALID_DAYS = 30
_TOKEN_BYTES = 32
_MAX_NAME = 80


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
class PartnerRow:
    """One side we exchange packages with; it has a `fingerprint` once it is registered."""

    org: str
    code: str
    name: str
    group: str
    state: PartnerState
    install: str | None
    fingerprint: str | None
    enrolled_at_utc: str | None


@dataclass(frozen=True, slots=True)
class PendingInvitation:
    """An invitation read at a branch. Nothing is kept until the fingerprint was compared and `confirm` is called."""

    headquarters: str
    code: str
    name: str
    expires_on: date
    fingerprint: str
    _confirm: Callable[[Path], RegistrationFile] = field(repr=False)

    def confirm(self, to: Path) -> RegistrationFile:
        """Join: take over code, name and uid, make keys, write the registration to `to` (a file or a folder).

        Raises:
            Conflict: this store has reported as another branch.
            StorageFailure: the file cannot be written; nothing was changed.
        """
        return self._confirm(to)


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
        with self._store.reading() as session:
            found = own_identities(session)
        if found:
            return found[0]
        with self._store.unit_of_work("生成本机密钥") as session:
            return self._new_identity(session)

    def fingerprint(self) -> str:
        """Return the thirty digits that stand for this installation's keys."""
        return self.identity().public.fingerprint

    def partners(self) -> list[PartnerRow]:
        """Return headquarters (at a branch) or the branches (at headquarters), by code; former ones come last."""
        with self._store.reading() as session:
            rows = session.scalars(
                select(Partner).order_by(Partner.state == PartnerState.REVOKED, Partner.code, Partner.id)
            )
            return [_partner_row(row) for row in rows]

    def headquarters(self) -> PartnerRow | None:
        """Return the headquarters of this branch, or None before an invitation was taken in."""
        found = [one for one in self.partners() if one.state != PartnerState.REVOKED]
        return found[0] if found and not self._store.is_headquarters else None

    def revoke(self, org: str) -> None:
        """Stop trusting the keys of the branch `org` (密钥泄露、丢失电脑); a new invitation starts anew.

        Raises:
            NotFound: no such active branch.
        """
        with self._store.unit_of_work("停用支部登记") as session:
            found = session.scalars(
                select(Partner).where(Partner.org == org, Partner.state == PartnerState.ACTIVE)
            ).all()
            if not found:
                raise NotFound(what="支部", id=org)
            for partner in found:
                partner.state = PartnerState.REVOKED

    def has_escrow(self) -> bool:
        """Whether headquarters has made its second key, the one that is kept apart."""
        with self._store.reading() as session:
            return bool(_own_rows(session, ESCROW))

    def save_escrow(self, to: Path) -> str:
        """Make the second key of headquarters, write it to the file `to`, keep only its public half; return that.

        The file belongs on a stick of its own and is never needed while this PC lives. Branches learn the public half
        by their invitation or with the next feedback package; a former second key stays with whoever has it.

        Raises:
            StorageFailure: the file cannot be written; nothing was changed.
        """
        self._at_headquarters()
        escrow = Escrow.generate()
        at = utc_text(self._store.clock())
        with self._store.unit_of_work("生成备用解密密钥") as session:
            for row in _own_rows(session, ESCROW):
                row.retired_at_utc = at
            public = escrow.recipient
            session.add(OwnKey(purpose=ESCROW, secret=None, public=public.encode("ascii"), created_at_utc=at))
            session.flush()
            write_atomically(to, escrow.key_file(), self._port)
        return public

    # headquarters

    def invite(self, code: str, name: str, group: str, to: Path) -> InvitationFile:
        """Write an invitation for the branch `code` to `to` (a file or a folder).

        `group`: race group of the scheme in force. A branch known by its code keeps its uid: this is how a branch
        with a new PC or lost keys comes back.

        Raises:
            InvalidInput: code, name or group do not fit.
            StorageFailure: the file cannot be written; nothing was changed.
        """
        self._at_headquarters()
        store, identity = self._store, self.identity()
        code, name = code.strip(), name.strip()
        if not code.isascii() or not code.isalnum() or len(code) > 20:
            raise InvalidInput("代码", "只能用字母和数字，最多20位")
        if not name or len(name) > _MAX_NAME:
            raise InvalidInput("名称", "不能为空，最多80字")
        expires_on = store.today + timedelta(days=VALID_DAYS)
        with store.unit_of_work(f"邀请支部“{name}”") as session:
            _check_group(session, group, store.today)
            org = (
                session.scalar(select(Partner.org).where(Partner.code == code).order_by(Partner.id.desc())) or new_id()
            )
            token = secrets.token_bytes(_TOKEN_BYTES)
            session.add(Invitation(org=org, code=code, name=name, group_kind=group, token=token, expires_on=expires_on))
            if (
                session.scalar(select(Partner.id).where(Partner.org == org, Partner.state != PartnerState.REVOKED))
                is None
            ):
                session.add(
                    Partner(
                        org=org, code=code, name=name, group_kind=group, age_recipients=[], state=PartnerState.INVITED
                    )
                )
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
            path = self._write(header, identity, to, code)
        return InvitationFile(path, code, name, expires_on, identity.public.fingerprint)

    def accept_registration(self, file: Path) -> PendingRegistration:
        """Read the registration of a branch; `confirm` makes it count.

        Raises:
            PackageRefused: E-TOKEN (used, expired, another), I-DUP (in force already), E-PKG-TO, E-PKG-….
        """
        self._at_headquarters()
        key_file = _read(file, Kind.ENROL, _signer)
        mine = self.identity()
        if not any(one.key == fmt.recipient_id(mine.public.age_recipient) for one in key_file.header.to):
            raise PackageRefused("E-PKG-TO", file=file.name, to="其他单位")
        said = _Registration.of(key_file, file)
        with self._store.reading() as session:
            invitation = self._invited(session, said)
            active = session.scalars(
                select(Partner).where(Partner.org == said.org, Partner.state == PartnerState.ACTIVE)
            ).all()
            if any(one.install == said.install and one.sign_pub == said.keys.sign_pub for one in active):
                raise PackageRefused("I-DUP", file=file.name, date=(active[0].enrolled_at_utc or "")[:10])
            if invitation is None:
                raise PackageRefused("E-TOKEN", file=file.name)
            code, name = invitation.code, invitation.name
        return PendingRegistration(code, name, said.keys.fingerprint, bool(active), lambda: self._register(said, file))

    # branch

    def accept_invitation(self, file: Path) -> PendingInvitation:
        """Read the invitation of a headquarters; `confirm` takes it.

        Raises:
            PackageRefused: E-TOKEN (expired), E-PKG-….
        """
        if self._store.is_headquarters:
            raise PackageRefused("E-WRONG-KIND", file=file.name)
        key_file = _read(file, Kind.INVITE, _signer)
        said = _Invited.of(key_file, file)
        if self._store.today > said.expires_on:
            raise PackageRefused("E-TOKEN", file=file.name, expires_on=said.expires_on)
        return PendingInvitation(
            said.headquarters,
            said.code,
            said.name,
            said.expires_on,
            said.keys.fingerprint,
            lambda to: self._join(said, to),
        )

    # inside

    def _at_headquarters(self) -> None:
        if not self._store.is_headquarters:
            raise PackageRefused("E-WRONG-KIND")

    def _new_identity(self, session: Session) -> Identity:
        identity, at = Identity.generate(), utc_text(self._store.clock())
        for row in _own_rows(session, IDENTITY):
            row.retired_at_utc = at
        public = identity.public.sign_pub + identity.public.age_pub
        session.add(OwnKey(purpose=IDENTITY, secret=identity.to_bytes(), public=public, created_at_utc=at))
        session.flush()
        return identity

    def _invited(self, session: Session, said: "_Registration") -> Invitation | None:
        """Return the open invitation whose token sealed the registration."""
        rows = session.scalars(
            select(Invitation).where(
                Invitation.org == said.org,
                Invitation.used_at_utc.is_(None),
                Invitation.expires_on >= self._store.today,
            )
        )
        return next((row for row in rows if hmac.compare_digest(_seal(row.token, said.sealed), said.mac)), None)

    def _register(self, said: "_Registration", file: Path) -> PartnerRow:
        at = utc_text(self._store.clock())
        with self._store.unit_of_work("确认支部登记") as session:
            invitation = self._invited(session, said)
            if invitation is None:
                raise PackageRefused("E-TOKEN", file=file.name)
            for other in session.scalars(select(Invitation).where(Invitation.org == said.org)):
                other.used_at_utc = other.used_at_utc or at  # an older file must not replace this PC later
            partner = None
            for row in session.scalars(select(Partner).where(Partner.org == said.org)).all():
                if row.state == PartnerState.INVITED or row.install == said.install:
                    partner = row
                elif row.state == PartnerState.ACTIVE:
                    row.state = PartnerState.REVOKED
            if partner is None:
                partner = Partner(org=said.org)
                session.add(partner)
            partner.code, partner.name, partner.group_kind = invitation.code, invitation.name, invitation.group_kind
            partner.install, partner.sign_pub = said.install, said.keys.sign_pub
            partner.age_recipients = [said.keys.age_recipient]
            partner.state, partner.enrolled_at_utc = PartnerState.ACTIVE, at
            session.flush()
            return _partner_row(partner)

    def _join(self, said: "_Invited", to: Path) -> RegistrationFile:
        store = self._store
        with store.unit_of_work(f"加入“{said.headquarters}”") as session:
            former = session.scalars(select(Partner).where(Partner.state != PartnerState.REVOKED)).all()
            again = session.scalar(select(Invitation).where(Invitation.token == said.token)) is not None
            found = own_identities(session)
            if said.org != store.org:
                if session.scalar(select(func.count()).select_from(SyncPackage)):
                    raise Conflict(reason="本机数据已按另一个支部上报，不能改用这份邀请", code=said.code)
                _rename_branch(session, store.org, said.org)
            profile = session.get(Branch, said.org)
            if profile is not None:
                profile.code, profile.name, profile.group_kind = said.code, said.name, said.group
            # The same invitation taken in twice writes the same registration; a new one means new keys.
            if found and again:
                identity = found[0]
            else:
                identity = self._new_identity(session)
                if former:
                    put_setting(session, SettingName.INSTALL, new_id())
                session.add(
                    Invitation(
                        org=said.org,
                        code=said.code,
                        name=said.name,
                        group_kind=said.group,
                        token=said.token,
                        expires_on=said.expires_on,
                        used_at_utc=utc_text(store.clock()),
                    )
                )
            for setting, value in (
                (SettingName.ORG, said.org),
                (SettingName.CODE, said.code),
                (SettingName.NAME, said.name),
            ):
                put_setting(session, setting, value)
            self._keep_headquarters(session, said)
            session.flush()
            settings = own_settings(session)
            data = {
                "branch": {"code": said.code, "name": said.name, "org": said.org},
                "recipient": identity.public.age_recipient,
                "sign_pub": identity.public.sign_pub.hex(),
                "install": settings["install"],
            }
            data["token_mac"] = _seal(said.token, data)
            addressee = Addressee(fmt.recipient_id(said.recipients[0]), said.headquarters_org)
            header = key_header(store, Kind.ENROL, identity, data, to=(addressee,), settings=settings)
            path = self._write(header, identity, to, said.code)
        store.org = said.org
        return RegistrationFile(path, said.code, said.name, identity.public.fingerprint)

    def _keep_headquarters(self, session: Session, said: "_Invited") -> None:
        kept = None
        for row in session.scalars(select(Partner)).all():
            if row.org == said.headquarters_org:
                kept = row
            else:
                row.state = PartnerState.REVOKED
        if kept is None:
            kept = Partner(org=said.headquarters_org, state=PartnerState.INVITED)
            session.add(kept)
        elif kept.state == PartnerState.REVOKED or kept.sign_pub != said.keys.sign_pub:
            kept.state = PartnerState.INVITED
        kept.code, kept.name, kept.install = said.headquarters_code, said.headquarters, said.headquarters_install
        kept.sign_pub, kept.age_recipients = said.keys.sign_pub, list(said.recipients)

    def _write(self, header: Header, identity: Identity, to: Path, code: str) -> Path:
        from desktop.services.sync.package_writer import write_key_file

        path = to / fmt.file_name(header, header.encode(), code) if to.is_dir() else to
        with storage_faults(path, self._port):
            self._port.make_folder(path.parent)
            self._port.remove(partial(path))
            write_key_file(partial(path), header, identity.signing_key, self._port)
            self._port.replace(partial(path), path)
            self._port.fsync_dir(path.parent)
        return path


# what both sides and the exchange need to know of this installation


def own_settings(session: Session) -> dict[str, str]:
    """Return who this store is: org, code, name, install, kind."""
    names = ("org", "code", "name", "install", "kind")
    return {row.name: row.value for row in session.scalars(select(Setting).where(Setting.name.in_(names)))}


def own_identities(session: Session) -> list[Identity]:
    """Return the keys of this installation, the present ones first; former ones still open old packages."""
    rows = session.scalars(
        select(OwnKey).where(OwnKey.purpose == IDENTITY).order_by(OwnKey.retired_at_utc.is_not(None), OwnKey.id.desc())
    )
    return [Identity.from_bytes(row.secret) for row in rows if row.secret is not None]


def own_recipients(session: Session, identity: Identity) -> list[str]:
    """Return where packages to this installation are to be encrypted: its own key, then the one kept apart."""
    return [identity.public.age_recipient, *(row.public.decode("ascii") for row in _own_rows(session, ESCROW))]


def own_party(settings: Mapping[str, str], identity: Identity) -> Party:
    """Return this installation as a header names it."""
    return Party(settings["org"], settings["code"] or "NEW", settings["install"], identity.public.key_id)


def key_header(
    store: "Store",
    kind: Kind,
    identity: Identity,
    data: Mapping[str, Any],
    to: tuple[Addressee, ...] = (),
    settings: Mapping[str, str] | None = None,
) -> Header:
    """Return the header of a key file of this installation."""
    if settings is None:
        with store.reading() as session:
            settings = own_settings(session)
    return Header(
        kind=kind,
        pkg_id=new_id(),
        created=store.clock().isoformat(timespec="seconds"),
        sender=own_party(settings, identity),
        to=to,
        app=__version__,
        revision=schema.HEAD,
        data=data,
    )


def _own_rows(session: Session, purpose: str) -> list[OwnKey]:
    """Return the keys in use for `purpose`."""
    query = select(OwnKey).where(OwnKey.purpose == purpose, OwnKey.retired_at_utc.is_(None)).order_by(OwnKey.id.desc())
    return list(session.scalars(query))


def _partner_row(row: Partner) -> PartnerRow:
    fingerprint = None
    if row.sign_pub is not None and row.age_recipients:
        fingerprint = PublicKeys(row.sign_pub, row.age_recipients[0]).fingerprint
    return PartnerRow(
        row.org, row.code, row.name, row.group_kind, row.state, row.install, fingerprint, row.enrolled_at_utc
    )


def _check_group(session: Session, group: str, today: date) -> None:
    from desktop.services.race.editions import scheme_in_force

    groups = scheme_in_force(session, today).groups
    if group not in {one.id for one in groups}:
        raise InvalidInput("分组", "应为以下之一：" + "、".join(f"{one.id}（{one.name}）" for one in groups))


def _rename_branch(session: Session, old: str, new: str) -> None:
    """Give every row of the branch the uid that headquarters knows it by."""
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Owned) and isinstance(mapper.local_table, Table):
            table = mapper.local_table
            session.execute(update(table).where(table.c.branch_id == old).values(branch_id=new))
    profiles = Branch.__table__
    assert isinstance(profiles, Table)
    session.execute(update(profiles).where(profiles.c.id == old).values(id=new))
    for model in (Attachment, Change):
        session.execute(update(model).where(model.record_id == old).values(record_id=new))
    session.expire_all()


# what key files say


def _read(file: Path, kind: Kind, signer: Callable[[Header], "Ed25519PublicKey"]) -> "KeyFile":
    from desktop.services.sync.package_reader import read_key_file

    with storage_faults(file, FilePort()):
        try:
            key_file = read_key_file(file, signer)
        except PackageRefused as error:
            raise PackageRefused(error.code, **{"file": file.name, **error.facts}) from error
    if key_file.header.kind is not kind:
        raise PackageRefused("E-PKG-FORMAT", file=file.name, given=key_file.header.kind.word)
    return key_file


def _signer(header: Header) -> "Ed25519PublicKey":
    """Return the key a key file brings and must be signed with."""
    data = header.data or {}
    holder = data.get("headquarters", data)
    try:
        sign_pub = bytes.fromhex(holder["sign_pub"])
        recipient = holder["recipients"][0] if "recipients" in holder else holder["recipient"]
        keys = PublicKeys(sign_pub, recipient)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error
    if keys.key_id != header.sender.key:
        raise PackageRefused("E-PKG-SIG")
    return keys.verifying_key


def _seal(token: bytes, data: Mapping[str, Any]) -> str:
    """Return the proof that who wrote `data` held the token."""
    return hmac.new(token, fmt.canonical(data), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class _Invited:
    """What an invitation says, checked for shape."""

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
    def of(cls, key_file: "KeyFile", file: Path) -> "_Invited":
        data, sender = key_file.data, key_file.header.sender
        try:
            branch, headquarters = data["branch"], data["headquarters"]
            recipients = tuple(_text(one, 100) for one in headquarters["recipients"])
            for one in recipients:
                recipient_bytes(one)
            return cls(
                org=_text(branch["org"], 36),
                code=_text(branch["code"], 20),
                name=_text(branch["name"], _MAX_NAME),
                group=_text(branch["group"], 20),
                headquarters=_text(headquarters["name"], _MAX_NAME),
                headquarters_org=sender.org,
                headquarters_code=sender.code,
                headquarters_install=sender.install,
                keys=PublicKeys(bytes.fromhex(headquarters["sign_pub"]), recipients[0]),
                recipients=recipients,
                token=_token(data["token"]),
                expires_on=date.fromisoformat(data["expires_on"]),
            )
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise PackageRefused("E-PKG-FORMAT", file=file.name) from error


@dataclass(frozen=True, slots=True)
class _Registration:
    """What a registration says, checked for shape; `sealed` is what the token's proof covers."""

    org: str
    install: str
    keys: PublicKeys
    mac: str
    sealed: Mapping[str, Any]

    @classmethod
    def of(cls, key_file: "KeyFile", file: Path) -> "_Registration":
        data, sender = dict(key_file.data), key_file.header.sender
        try:
            mac = _text(data.pop("token_mac"), 64)
            said = cls(
                org=_text(data["branch"]["org"], 36),
                install=_text(data["install"], 36),
                keys=PublicKeys(bytes.fromhex(data["sign_pub"]), data["recipient"]),
                mac=mac,
                sealed=data,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PackageRefused("E-PKG-FORMAT", file=file.name) from error
        if (said.org, said.install) != (sender.org, sender.install) or not mac.isascii():
            raise PackageRefused("E-PKG-FORMAT", file=file.name)
        return said


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= limit or not value.isprintable():
        raise ValueError("text")
    return value


def _token(value: object) -> bytes:
    token = bytes.fromhex(_text(value, 2 * _TOKEN_BYTES))
    if len(token) != _TOKEN_BYTES:
        raise ValueError("token")
    return token
