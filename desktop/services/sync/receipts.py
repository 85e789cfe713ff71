"""Receipts: what each side says of the other's packages, and what that means for those noted here."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.history import Setting, SettingName
from desktop.models.sync import Partner, SyncPackage
from desktop.models.vocabulary.stores import PackageState, PartnerState
from desktop.services.clock import day_of, utc_text
from desktop.services.errors import PackageRefused
from desktop.services.security.keys import Identity, recipient_bytes
from desktop.services.store import put_setting
from desktop.services.sync import protocol, streams
from desktop.services.sync.contents import missing_contents
from desktop.services.sync.installation import own_recipients
from desktop.services.sync.names import learn_names, names_told
from desktop.services.sync.package_format import MAX_FORGOTTEN_SEQ, Kind
from desktop.services.sync.package_json import count
from desktop.services.sync.protocol import OK, Receipt
from desktop.services.sync.rotation import hear_known, keys_known

if TYPE_CHECKING:
    from desktop.services.store import Store
    from desktop.services.sync.package_reader import Body

_HASH = re.compile(r"[0-9a-f]{64}")
_MAX_WANTED = 5000
_MAX_REFUSED = 50
_BEHIND = (
    "{0}已收过第{1}号反馈包，本机没有那一个（本机到第{2}号）：总部的数据恢复过较早的备份。"
    "有较新的备份，先恢复再下发；没有，下发时接在它后面编号，支部收到时看到说明。"
)
BEHIND = "I-BEHIND"
"""The package is taken in, and shows these data to be older than what headquarters has had of them."""
_RESUMED = "总部的数据恢复过较早的备份，这个包的编号接在第{0}号之后；意见、评定或成绩比以前少的，请问总部。"


# said


def receipt_for(store: "Store", session: Session, org: str, identity: Identity) -> tuple[dict[str, object], list[str]]:
    """Return what we say of the packages of `org`, and which attachments of its rows we lack (SHA-256, hex)."""
    partner = streams.partner_in_force(session, org)
    packages = streams.received_from(session, org, partner.install if partner is not None else None)
    memory, last = streams.memory_of(packages)
    refused = {
        package.package_hash: package.code
        for package in packages
        if not package.accepted and package.code.startswith("E-") and package.package_hash not in memory.accepted
    }
    receipt: dict[str, object] = {
        "counts": dict(last.counts) if last is not None else {},
        "knows": keys_known(partner) if partner is not None else [],
        "last_hash": memory.last_hash,
        "last_seq": memory.last_seq,
        "last_on": day_of(last.received_at_utc, store.clock).isoformat() if last is not None else None,
        "recipients": own_recipients(session, identity),
        "refused": dict(list(refused.items())[:_MAX_REFUSED]),
    }
    if store.is_headquarters and (resumed := streams.resumed_after(streams.sent_to(session, org))) is not None:
        receipt["resumed"] = resumed
    if store.is_headquarters:
        receipt["names"] = names_told(session, org, setting(session, SettingName.NAME))
    wanted = missing_contents(session, store.att, org, sent=True) if store.is_headquarters else []
    return receipt, wanted[:_MAX_WANTED]


# heard


def read_receipt(extras: Mapping[str, object]) -> tuple[Receipt, list[str]]:
    """Read the receipt of a manifest, and where its writer wants packages encrypted to.

    Raises:
        PackageRefused: E-PKG-FORMAT.
    """
    try:
        receipt, recipients = _parsed(extras.get("receipt", {}), extras.get("want_blobs", ()))
    except (TypeError, ValueError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error
    for recipient in recipients:
        recipient_bytes(recipient)
    return receipt, recipients


def apply_receipt(store: "Store", session: Session, partner: Partner, body: "Body") -> tuple[str, str]:
    """Note what the other side says of our packages; return a code, and what is to be told besides, often nothing.

    The code is I-BEHIND if headquarters knows more of this branch than it does itself, else OK. Headquarters that
    has gone back goes on after the last package the branch has, so that no branch has to decide about it.

    Raises:
        PackageRefused: E-PKG-FORMAT.
    """
    receipt, recipients = read_receipt(body.manifest.extras)
    at, here = utc_text(store.clock()), session.get_one(Partner, partner.id)
    if not store.is_headquarters:
        if here.state is PartnerState.INVITED:
            here.state, here.enrolled_at_utc = PartnerState.ACTIVE, at
        here.age_recipients = recipients or here.age_recipients
        put_setting(session, SettingName.WANTED, json.dumps(receipt.want_blobs))
        said = body.manifest.extras.get("receipt")
        learn_names(session, here, store.org, said.get("names") if isinstance(said, dict) else None)
    hear_known(session, here, body.manifest.extras.get("receipt"), at)
    packages = streams.sent_to(session, partner.org)
    try:
        answered = protocol.answered([streams.as_sent(package) for package in packages], receipt)
    except PackageRefused:
        _refuse_absurd(receipt)
        if store.is_headquarters:
            return OK, _go_on(session, partner, receipt, at)
        if receipt.last_hash == setting(session, SettingName.DECLARED):
            return OK, ""
        put_setting(session, SettingName.STALE, json.dumps({"hash": receipt.last_hash, "seq": receipt.last_seq}))
        return BEHIND, ""
    if not store.is_headquarters:
        put_setting(session, SettingName.STALE, "")
    for package, now in zip(packages, answered, strict=True):
        if package.state is not now.state:
            package.state, package.answer_code, package.answered_at_utc = now.state, now.code, at
    return OK, "" if store.is_headquarters or receipt.resumed is None else _RESUMED.format(receipt.resumed)


def _refuse_absurd(receipt: Receipt) -> None:
    """Refuse a number to go on after that nobody can have reached."""
    if receipt.last_seq > MAX_FORGOTTEN_SEQ:
        raise PackageRefused("E-PKG-FORMAT")


def _go_on(session: Session, partner: Partner, receipt: Receipt, at: str) -> str:
    """Headquarters: let the next answer go past the newest package the branch has, which is not known here."""
    packages = streams.sent_to(session, partner.org)
    for package in packages:
        if (code := receipt.refused.get(package.package_hash)) is not None:
            package.state, package.answer_code, package.answered_at_utc = PackageState.REJECTED, code, at
    known = max((package.seq for package in packages), default=0)
    _note_unknown(session, partner, receipt, Kind.FEEDBACK, at)
    return _BEHIND.format(partner.code, receipt.last_seq, known)


def _note_unknown(
    session: Session,
    partner: Partner,
    receipt: Receipt,
    kind: Kind,
    at: str,
    counts: Mapping[str, int] | None = None,
    blobs: Sequence[str] = (),
) -> None:
    """Note a package of ours that the other side has and this store has forgotten: the next descends from it."""
    sent = [streams.as_sent(package) for package in streams.sent_to(session, partner.org)]
    session.add(
        SyncPackage(
            partner=partner.org,
            seq=max(protocol.next_seq(sent), receipt.last_seq),
            package_hash=receipt.last_hash,
            kind=kind.value,
            header=streams.forgotten_header(receipt.last_seq),
            counts=dict(counts or {}),
            blobs=list(blobs),
            size_bytes=0,
            file_name="",
            state=PackageState.ACKED,
            built_at_utc=at,
            answered_at_utc=at,
        )
    )


def continue_line(store: "Store", session: Session, partner: Partner, body: "Body") -> None:
    """Make the next report descend from the package that headquarters' copy of our rows came from.

    Raises:
        PackageRefused: E-PKG-FORMAT.
    """
    receipt, _ = read_receipt(body.manifest.extras)
    put_setting(session, SettingName.STALE, "")
    sent = [streams.as_sent(package) for package in streams.sent_to(session, partner.org)]
    if receipt.last_hash is None or receipt.last_hash in {package.package_hash for package in sent}:
        return
    _refuse_absurd(receipt)
    members = [member.sha256 for member in body.manifest.members[1:]]
    _note_unknown(
        session, partner, receipt, Kind.REPORT, utc_text(store.clock()), counts=body.manifest.counts, blobs=members
    )


def wanted_of_us(session: Session) -> list[str]:
    """Return the attachments (SHA-256, hex) that the last receipt asked for."""
    return list(json.loads(setting(session, SettingName.WANTED) or "[]"))


def setting(session: Session, name: SettingName) -> str:
    """Return the setting called `name`, empty if there is none."""
    return session.scalar(select(Setting.value).where(Setting.name == name)) or ""


def _parsed(receipt: object, wanted: object) -> tuple[Receipt, list[str]]:
    """Return what a receipt says; TypeError or ValueError for what is none."""
    if not isinstance(receipt, dict) or not isinstance(wanted, list | tuple):
        raise TypeError("receipt")
    last, seq = receipt.get("last_hash"), receipt.get("last_seq", 0)
    refused, recipients = receipt.get("refused", {}), receipt.get("recipients", ())
    if not isinstance(refused, dict) or not isinstance(recipients, list | tuple):
        raise TypeError("receipt")
    count(seq)
    if last is not None and not isinstance(last, str):
        raise TypeError("receipt")
    hashes = [str(value) for value in (*refused, *wanted, *(() if last is None else (last,)))]
    if not all(map(_HASH.fullmatch, hashes)):
        raise ValueError("receipt")
    codes = {str(package_hash): str(code)[:20] for package_hash, code in refused.items()}
    on = receipt.get("last_on")
    taken = None if on is None else date.fromisoformat(on)
    resumed = receipt.get("resumed")
    if resumed is not None:
        count(resumed, at_least=1)
    heard = Receipt(last, seq, codes, tuple(map(str, wanted)), last_on=taken, resumed=resumed)
    return heard, [str(recipient) for recipient in recipients]
