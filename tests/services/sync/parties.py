"""Stores for tests of the exchange: a headquarters and branches of their own, enrolled by the real road."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table

from desktop.models.base import Base
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.opening import create_store, open_store
from desktop.services.store import Store
from desktop.services.sync import streams
from desktop.services.sync.contents import missing_contents
from desktop.services.sync.enrolment import EnrolmentService
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at

AT = "2026-03-01 08:00"


def make(
    folder: Path, kind: StoreKind = StoreKind.BRANCH, name: str = "未命名支部", code: str = "", at: str = AT
) -> Store:
    """Return a new store, open."""
    return create_store(folder, kind, name, LOGIN, PASSWORD, code, cost=CHEAP, clock=clock_at(at)).store


def reopened(store: Store, at: str = AT) -> Store:
    """Return the same store opened at another time."""
    store.close()
    return open_store(store.folder, PASSWORD, LOGIN, clock=clock_at(at))


def enrol(headquarters: Store, branch: Store, code: str, name: str, folder: Path, group: str = "mixed") -> None:
    """Make both sides know each other."""
    folder.mkdir(exist_ok=True)
    invitation = EnrolmentService(headquarters).invite(code, name, group, folder / f"{code}-invite.dzk")
    registration = EnrolmentService(branch).accept_invitation(invitation.path).confirm(folder / f"{code}-enrol.dzk")
    EnrolmentService(headquarters).accept_registration(registration.path).confirm()


def missing(headquarters: Store) -> list[str]:
    """Return the contents that rows of branches name and headquarters lacks."""
    with headquarters.reading() as session:
        branches = streams.active_branches(session)
        return [
            sha256 for peer in branches for sha256 in missing_contents(session, headquarters.att, peer.org, sent=True)
        ]


def dump(store: Store, without: tuple[str, ...] = ("audit", "refused_files")) -> dict[str, Any]:
    """Return everything a store holds: every row of every table, and every file of its attachments.

    Refusals that must leave no trace are compared by this, except for the log of uses and the record of receipts.
    """
    rows: dict[str, Any] = {}
    with store.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in without:
                rows[table.name] = sorted(map(repr, session.execute(_columns(table))))
    rows["files"] = sorted(
        str(path.relative_to(store.folder)) for path in store.folder.glob("att/**/*") if path.is_file()
    )
    return rows


def _columns(table: Table) -> Any:
    return table.select()
