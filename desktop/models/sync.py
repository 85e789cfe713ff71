"""Keys, partners and packages (同步包)."""

from datetime import date
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, called, enum_of
from desktop.models.file_names import FileLine, FileName
from desktop.models.vocabulary.stores import PackageState, PartnerState


class OwnKey(Base):
    """A key of this installation. Purpose: attachments, identity; at headquarters also escrow (public part only)."""

    __tablename__ = "own_keys"

    purpose: Mapped[str] = mapped_column(String(20))  # attachments | identity | escrow
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    created_at_utc: Mapped[str] = mapped_column(String(20))
    retired_at_utc: Mapped[str | None] = mapped_column(String(20))


class Partner(Base):
    """The other side: headquarters (at a branch), or one enrolled branch (at headquarters)."""

    __tablename__ = "partners"
    __table_args__ = (UniqueConstraint("org", "install"),)

    org: Mapped[str] = mapped_column(String(ID_LENGTH))  # uid: branch_id, or headquarters' uid
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    group_kind: Mapped[str] = mapped_column(String(20), default="mixed")
    county: Mapped[str] = mapped_column(String(40), default="", server_default="")  # general branch above it (党总支)
    install: Mapped[str | None] = mapped_column(String(ID_LENGTH))  # known once registered
    sign_pub: Mapped[bytes | None] = mapped_column(LargeBinary)
    age_recipients: Mapped[list[str]] = mapped_column(default=list)  # main, escrow
    next_sign_pub: Mapped[bytes | None] = mapped_column(LargeBinary)  # announced, in force with its first package
    next_recipient: Mapped[str | None] = mapped_column(String(100))
    former_keys: Mapped[list[str]] = mapped_column(default=list)  # signing keys (hex) that sign nothing new any more
    own_key: Mapped[str | None] = mapped_column(String(64))  # by which of our keys it knows us; None: our only one
    state: Mapped[PartnerState] = mapped_column(enum_of(PartnerState, 20))
    enrolled_at_utc: Mapped[str | None] = mapped_column(String(20))


class Invitation(Base):
    """An invitation file given out (headquarters) or taken in (branch): its token is used once."""

    __tablename__ = "invitations"

    org: Mapped[str] = mapped_column(String(ID_LENGTH))  # branch uid
    code: Mapped[str] = mapped_column(String(20), info=called("支部代码"))
    name: Mapped[str] = mapped_column(String(80), info=called("支部名称"))
    group_kind: Mapped[str] = mapped_column(String(20))
    token: Mapped[bytes] = mapped_column(LargeBinary)
    expires_on: Mapped[date]
    used_at_utc: Mapped[str | None] = mapped_column(String(20))


class UnlockGrant(Base):
    """A branch that was locked out and helped by headquarters: each request is answered once."""

    __tablename__ = "unlock_grants"

    org: Mapped[str] = mapped_column(String(ID_LENGTH))  # branch uid, as the sealed key says it
    request: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the request
    fingerprint: Mapped[str] = mapped_column(String(40))  # the digits compared by telephone
    granted_at_utc: Mapped[str] = mapped_column(String(20))
    expires_on: Mapped[date]


class SyncPackage(Base):
    """A package built here, and what became of it. It counts as reported only when a receipt is in."""

    __tablename__ = "sync_packages"
    __table_args__ = (UniqueConstraint("partner", "seq"),)

    partner: Mapped[str] = mapped_column(String(ID_LENGTH))  # uid of the receiver
    seq: Mapped[int]
    package_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(12))  # report | feedback
    period: Mapped[str | None] = mapped_column(String(8))
    header: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    blobs: Mapped[list[str]] = mapped_column(default=list)  # SHA-256 of the attachments inside
    content: Mapped[str | None] = mapped_column(String(64))  # sum of all it says; of old programs None
    size_bytes: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(120))
    state: Mapped[PackageState]
    built_at_utc: Mapped[str] = mapped_column(String(20))
    copied_at_utc: Mapped[str | None] = mapped_column(String(20))
    copied_to: Mapped[str | None] = mapped_column(FileLine(80))  # label of the volume
    answered_at_utc: Mapped[str | None] = mapped_column(String(20))
    answer_code: Mapped[str | None] = mapped_column(String(20))


class SentContent(Base):
    """A content that came in a package of a branch: headquarters hands it back to that branch, and to no other.

    A hash alone proves nothing: who knows it could name the content of another branch in a row of its own.
    """

    __tablename__ = "sent_contents"
    __table_args__ = (UniqueConstraint("org", "sha256"),)

    org: Mapped[str] = mapped_column(String(ID_LENGTH))
    sha256: Mapped[str] = mapped_column(String(64))


class ReceivedPackage(Base):
    """A package that came in, with what became of it. Headquarters keeps the period each branch declared."""

    __tablename__ = "received_packages"

    sender: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)  # uid
    seq: Mapped[int]
    package_hash: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    period: Mapped[str | None] = mapped_column(String(8))
    header: Mapped[dict[str, Any]]
    after: Mapped[list[str]] = mapped_column(default=list)
    accepted: Mapped[bool]
    code: Mapped[str] = mapped_column(String(20))  # OK or a code of the catalogue
    received_at_utc: Mapped[str] = mapped_column(String(20))
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    want_blobs: Mapped[list[str]] = mapped_column(default=list)
    file_name: Mapped[str] = mapped_column(FileName())
    facts: Mapped[dict[str, Any] | None]  # of a refusal: what its words are filled with
    editions: Mapped[dict[str, Any] | None]  # of a report: the editions its sender kept then, by kind


class RefusedFile(Base):
    """A file that was not taken and is no package the protocol has to remember: damaged, foreign, unknown, repeated."""

    __tablename__ = "refused_files"

    file_name: Mapped[str] = mapped_column(FileName())
    sha256: Mapped[str] = mapped_column(String(64), index=True)  # of the file
    sender: Mapped[str] = mapped_column(String(120))  # as far as known
    seq: Mapped[int | None]
    package_hash: Mapped[str | None] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]]
    refused_at_utc: Mapped[str] = mapped_column(String(20))
