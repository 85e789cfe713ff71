"""What is in a package (这个包里有什么), before it leaves: counts by area, and what the records are called.

Only who it is addressed to can open a package. Its counts were kept when it was made; what the records are called is
read from this store, and what was changed here since is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.base import Travel
from desktop.models.registers import REGISTERS, declared
from desktop.models.sync import SyncPackage
from desktop.services.errors import NotFound
from desktop.services.race.editions import period_name
from desktop.services.sync import protocol, rows
from desktop.services.sync.kinds import TITLES
from desktop.services.sync.package_format import Kind
from desktop.services.sync.sense import called

if TYPE_CHECKING:
    from desktop.services.store import Store

AREAS: Mapping[str, tuple[str, ...]] = {
    "组织生活": ("meetings", "attendances", "votes", "action_items", "corrections", "appraisals", "appraisal_results"),
    "党员": (
        *("members", "member_conditions", "status_changes", "development_cases", "development_steps"),
        *("development_papers", "development_helpers", "development_inquiries", "dues_assessments", "dues_payments"),
        *("points_claims", "points_checks", "points_publications"),
    ),
    "班子和组织": (
        *("branches", "party_groups", "post_assignments", "group_moves", "terms", "elections", "election_steps"),
        *("election_candidates", "election_rounds", "election_corrections"),
    ),
    "标准化和提升": (
        *("self_ratings", "pdca_plans", "pdca_steps", "pdca_actions", "remark_answers", "appeals"),
        "state_changes",
    ),
}
"""The areas of the tables that are no registers; those say their own."""
FILES, FROM_ABOVE = "附件", "总部下发"

_DAYS = ("held_on", "event_on", "started_on", "starts_on", "signed_on", "joined_on", "made_on", "published_on")
_PERIOD = "period"
_NAMES = ("name", "title", "topic", "subject", "content", "text", _PERIOD)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Item:
    """One record or file in a package."""

    day: str
    name: str


@dataclass(frozen=True, slots=True)
class KindInside:
    """How many records of one kind go with it, and what they are called; `items` may be fewer where some have no
    name of their own."""

    area: str
    title: str
    count: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """What is in a package. `changed`: how often what travels so was changed here since it was made."""

    seq: int
    file_name: str
    size_bytes: int
    kinds: tuple[KindInside, ...]
    changed: int


def inside(store: "Store", package_hash: str) -> Inside:
    """Return what is in a package of ours.

    Raises:
        NotFound: there is no such package.
    """
    with store.reading() as session:
        package = session.scalar(select(SyncPackage).where(SyncPackage.package_hash == package_hash))
        if package is None:
            raise NotFound(what="数据包", name=package_hash[:8])
        up = package.kind in (Kind.REPORT.value, Kind.HANDOVER.value)
        org = store.org if package.kind == Kind.REPORT.value else package.partner
        way = Travel.UP if up else Travel.DOWN
        names = _names(session, way, org)
        kinds = [
            KindInside(_area(table, up=up), _title(table), count, tuple(names.get(table, ())))
            for table, count in package.counts.items()
            if count and table != Attachment.__tablename__
        ]
        files = _files(session, package.blobs)
        changed = rows.changed_since(session, way, org, package.built_at_utc)
    order = [*AREAS, *(register.area.label for register in REGISTERS.values()), FROM_ABOVE]
    kinds.sort(key=lambda kind: order.index(kind.area))
    if files:
        kinds.append(KindInside(FILES, "这次随包走的文件", len(files), tuple(files)))
    return Inside(package.seq, package.file_name, package.size_bytes, tuple(kinds), changed)


def _area(table: str, *, up: bool) -> str:
    if table in REGISTERS:
        return REGISTERS[table].area.label
    return next((area for area, tables in AREAS.items() if table in tables), FROM_ABOVE) if up else FROM_ABOVE


def _title(table: str) -> str:
    return REGISTERS[table].title if table in REGISTERS else TITLES.get(table) or called(table) or table


def _names(session: Session, way: Travel, org: str) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for table, values in rows.outgoing(session, way, org):
        register = declared(table)
        days = _DAYS if register is None else (register.date_field or "", *_DAYS)
        words = next((_said(name, str(values[name])) for name in _NAMES if values.get(name)), "")
        if words:
            day = next((str(values[name])[:10] for name in days if values.get(name)), "")
            found.setdefault(table, []).append(Item(day, " ".join(words.split())[:_LONGEST]))
    return {table: sorted(items, key=lambda item: item.day, reverse=True) for table, items in found.items()}


def _said(name: str, words: str) -> str:
    """Return what a record is called as people say it; a period of another spelling stays as it is."""
    return period_name(words) if name == _PERIOD and protocol.PERIOD.fullmatch(words) else words


def _files(session: Session, sums: Sequence[str]) -> list[Item]:
    """Return the files whose contents go with this package: those headquarters does not have yet."""
    named = session.execute(select(Attachment.sha256, Attachment.name).where(Attachment.sha256.in_(sums))).all()
    return [Item("", name) for _sum, name in dict.fromkeys((row.sha256, row.name) for row in named)]
