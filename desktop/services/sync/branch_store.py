"""What a branch sent, read at headquarters as the branch reads its own store: same services, nothing written.

The rows lie in the store of headquarters already, put there by `sync.receiving` and encrypted by its key. A
`BranchStore` shows them alone, so that nothing more is kept, and backup, change of key and retention know of nothing
new. It is opened when it is asked for, and costs what one branch costs however many there are.
"""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, Never, Self

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch
from desktop.models.database import Bare, open_engine_behind, open_sessions
from desktop.models.history import SettingName
from desktop.models.one_branch import views_of
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind, Use
from desktop.paths import DATABASE
from desktop.services.access.rights import Rights
from desktop.services.attachments.contents import AttachmentStore
from desktop.services.clock import Clock, day_of
from desktop.services.errors import OF_A_BRANCH, NotFound, OnlyLooked
from desktop.services.looking import Look
from desktop.services.search.index import ENTRIES
from desktop.services.store import Store
from desktop.services.sync.package_format import Kind
from desktop.services.sync.streams import NEWEST_FIRST

READS = frozenset((Act.EXPORT, Act.RESTRICTED))
"""What headquarters may do with the records of a branch, for who may do it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Whose records are read, and which package brought them."""

    branch_id: str
    code: str
    name: str
    seq: int
    received_on: date
    period: str | None


class BranchStore(Store):
    """The records of one branch at headquarters, as a branch store that is only looked at.

    ID numbers stay masked; of what is restricted there is what travelled, for who may see it at headquarters. A use of
    it (export, print, archive) stands in the trail of headquarters. It ends with the store of headquarters.

    Attributes:
        headquarters: the store it reads.
        shown: whose records they are, and from which package.
    """

    of_many = True

    def __init__(self, headquarters: Store, shown: Shown) -> None:  # holds no lock and no key of its own
        looked = headquarters.look
        self.headquarters, self.shown = headquarters, shown
        self.folder, self.vault, self.clock = headquarters.folder, headquarters.vault, headquarters.clock
        self.actor, self.kind, self.org = headquarters.actor, StoreKind.BRANCH, shown.branch_id
        self._database = self.folder / DATABASE if looked is None else looked.database
        self.look = Look(why=OF_A_BRANCH, database=self._database, place=looked.place if looked is not None else None)
        self.was_unclean = self.in_doubt = False
        self.rights = Rights(headquarters.rights.acts & READS, closed=OF_A_BRANCH)
        self.on_change, self.exchanging, self.lent = headquarters.on_change, headquarters.exchanging, []
        self.take_key(headquarters.key)
        headquarters.lent.append(self)

    def take_key(self, key: bytes) -> None:
        """Read from now on by the data key `key`."""
        self.key = key
        self.engine: Engine = open_engine_behind(
            self._database, key, self._views(), copy=self.headquarters.look is not None
        )
        self.sessions = self._readers = open_sessions(self.engine)
        self.sentinel, self.key_witness = self.headquarters.sentinel, self.headquarters.key_witness
        self.__dict__.pop("att", None)

    def _views(self) -> tuple[str, ...]:
        settings: dict[str, str] = {
            SettingName.KIND: StoreKind.BRANCH.value,
            SettingName.ORG: self.shown.branch_id,
            SettingName.NAME: self.shown.name,
            SettingName.CODE: self.shown.code,
        }
        return views_of(self.shown.branch_id, settings, [ENTRIES.name])

    def __enter__(self) -> Self:
        return self

    def close(self, *, settled: bool = True) -> None:
        """Stop reading; the store of headquarters stays open. Twice does no harm."""
        self.engine.dispose()
        self.key = b""
        self.__dict__.pop("att", None)
        with contextlib.suppress(ValueError):
            self.headquarters.lent.remove(self)

    @property
    def lender(self) -> Store:
        """The store of headquarters."""
        return self.headquarters

    @property
    def att(self) -> AttachmentStore:
        """The contents of attachments at headquarters; which of them the branch sent, its rows say."""
        return self.headquarters.att

    @property
    def scratch(self) -> Path:
        """The folder of headquarters where things are made that go elsewhere."""
        return self.headquarters.scratch

    def bare(self) -> Bare:
        """Refuse: what is checked and copied whole is the store of headquarters.

        Raises:
            OnlyLooked: always.
        """
        self._refuse()

    def require_writable(self) -> None:
        """Refuse to begin what writes.

        Raises:
            OnlyLooked: always.
        """
        self._refuse()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Session]:
        self._refuse()
        yield

    def _refuse(self) -> Never:
        raise OnlyLooked(why=OF_A_BRANCH)

    def audit(self, use: Use, detail: str = "") -> None:
        """Remember a use in the trail of headquarters, with the code of the branch."""
        self.headquarters.audit(use, " ".join(filter(None, (self.shown.code, detail))))


def branch_store(headquarters: Store, branch: str) -> BranchStore:
    """Return what `branch` (its code or uid) sent, as a store to read; the caller closes it.

    Raises:
        NotFound: no such branch is registered, or nothing came from it yet.
    """
    with headquarters.reading() as session:
        shown = _shown(session, headquarters, branch)
    return BranchStore(headquarters, shown)


class CameIn(NamedTuple):
    """The last accepted package of a branch: its number, and the day it came in."""

    seq: int
    on: date


def came_in(session: Session, clock: Clock, branches: Collection[str]) -> dict[str, CameIn]:
    """Return the last accepted package of every one of `branches` that reported."""
    package = ReceivedPackage
    last = (
        select(package.sender, package.seq, package.received_at_utc)
        .where(package.kind == Kind.REPORT.value, package.accepted.is_(True), package.sender.in_(branches))
        .order_by(NEWEST_FIRST)
    )
    found: dict[str, tuple[int, str]] = {}
    for sender, seq, at_utc in session.execute(last):
        found.setdefault(sender, (seq, at_utc))
    return {sender: CameIn(seq, day_of(at_utc, clock)) for sender, (seq, at_utc) in found.items()}


def note_reading(store: BranchStore) -> None:
    """Let the trail of headquarters say that somebody opened the records of this branch."""
    store.audit(Use.READ_BRANCH)


def _shown(session: Session, headquarters: Store, branch: str) -> Shown:
    partner = session.scalars(
        select(Partner)
        .where((Partner.org == branch) | (Partner.code == branch))
        .order_by(Partner.enrolled_at_utc.desc())
    ).first()
    if partner is None:
        raise NotFound(what="支部", name=branch)
    brought = (
        select(ReceivedPackage)
        .where(
            ReceivedPackage.sender == partner.org,
            ReceivedPackage.kind == Kind.REPORT.value,
            ReceivedPackage.accepted.is_(True),
        )
        .order_by(NEWEST_FIRST)
    )
    package = session.scalars(brought).first()
    if package is None or session.get(Branch, partner.org) is None:
        raise NotFound(what="报来的数据，支部还没有报送过：", name=partner.name)
    return Shown(
        branch_id=partner.org,
        code=partner.code,
        name=partner.name,
        seq=package.seq,
        received_on=day_of(package.received_at_utc, headquarters.clock),
        period=package.period,
    )
