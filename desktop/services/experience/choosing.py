"""What headquarters chooses from the records of its branches for the library, and publishes to all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from desktop.models.experience import Experience
from desktop.models.registers import REGISTERS
from desktop.models.sync import Partner
from desktop.models.vocabulary.experience import ExperienceKind
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.experience.rows import EXPERIENCE
from desktop.services.race.records import racers
from desktop.services.registers.service import RegisterService
from desktop.services.registers.values import RowNames, show
from desktop.services.store import Store

RECORD = Input("record", "记录")


@dataclass(frozen=True, slots=True)
class Source:
    """A register from whose rows is chosen: as what, and which of its fields say what problem, how, with what effect.

    A row that does not say how has nothing to show yet.
    """

    kind: ExperienceKind
    problem: tuple[str, ...]
    method: tuple[str, ...]
    effect: tuple[str, ...]


SOURCES: Mapping[str, Source] = {
    "brand": Source(ExperienceKind.BRAND, ("meaning",), ("highlight", "promotion"), ("targets",)),
    "party_plus_project": Source(ExperienceKind.FUSION, ("scene",), ("actions", "progress"), ("targets",)),
    "lean_project": Source(ExperienceKind.LEAN, ("problem",), ("method",), ("targets", "benefit")),
    "improvement_idea": Source(ExperienceKind.LEAN, ("problem",), ("idea",), ("effect",)),
    "brand_activity": Source(ExperienceKind.METHOD, (), ("content",), ("result",)),
    "pioneer_unit": Source(ExperienceKind.METHOD, (), ("duties",), ()),
}
"""Registers of branches whose rows can be chosen, by kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record of a branch that can be chosen; `chosen`: the entry it became already."""

    branch_id: str
    code: str
    branch: str
    kind: str
    record: str
    register: str
    title: str
    state: str
    on: date | None
    method: str
    effect: str
    chosen: str


class ChoosingService:
    """Chooses for the library."""

    def __init__(self, store: Store) -> None:
        self._store, self._registers = store, RegisterService(store)

    def candidates(self) -> list[Candidate]:
        """Return what the enrolled branches reported that can be chosen: by branch and register, the newest first."""
        found = []
        with self._store.reading() as session:
            known = {racer.branch_id: racer for racer in racers(session)}
            chosen = _chosen(session.scalars(_kept()).all())
            for kind, source in SOURCES.items():
                model: Any = REGISTERS[kind].model
                for row in session.scalars(select(model).where(model.deleted_at_utc.is_(None)).order_by(model.id)):
                    racer, method = known.get(row.branch_id), _said(kind, row, source.method)
                    if racer is None or not method:
                        continue
                    found.append(
                        Candidate(
                            branch_id=racer.branch_id,
                            code=racer.code,
                            branch=racer.name,
                            kind=kind,
                            record=row.id,
                            register=REGISTERS[kind].title,
                            title=str(getattr(row, REGISTERS[kind].heading)),
                            state=_said(kind, row, ("state",)),
                            on=_day(kind, row),
                            method=method,
                            effect=_said(kind, row, source.effect),
                            chosen=chosen.get(row.id, ""),
                        )
                    )
        order = tuple(SOURCES)
        return sorted(
            found,
            key=lambda each: (each.code, order.index(each.kind), -(each.on.toordinal() if each.on else 0), each.record),
        )

    def take(self, kind: str, record: str) -> str:
        """Choose a record of a branch: its words become an entry that is not published yet; return the entry's id.

        Twice gives the same one.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: rows of this kind are not chosen, or the row does not say how it is done.
            NotFound: there is no such record, or the branch is known no more.
        """
        self._store.rights.require_table(Experience.__tablename__)
        source = SOURCES.get(kind)
        if source is None:
            raise InvalidInput(RECORD, "这一类记录不收进经验库")
        with self._store.reading() as session:
            known = _chosen(session.scalars(_kept()).all()).get(record)
            if known is not None:
                return known
            row = session.get(REGISTERS[kind].model, record)
            if row is None or row.deleted_at_utc is not None:
                raise NotFound(what=REGISTERS[kind].title)
            org, title = row.branch_id, str(getattr(row, REGISTERS[kind].heading))
            partner = session.scalars(select(Partner).where(Partner.org == org).order_by(Partner.id.desc())).first()
            if partner is None:
                raise NotFound(what="支部")
            origin, method = partner.name, _said(kind, row, source.method)
            values = {
                "chosen_on": self._store.today,
                "title": title,
                "kind": source.kind,
                "origin": origin,
                "problem": _said(kind, row, source.problem) or None,
                "method": method,
                "effect": _said(kind, row, source.effect) or None,
            }
        if not method:
            raise InvalidInput(RECORD, "报来的这条没有写怎么做，请支部补写后再收")
        draft = self._registers.understand(EXPERIENCE, values)
        with self._store.unit_of_work(f"把{origin}的“{title}”收进经验库") as session:
            entry = self._registers.keep(session, draft)
            assert isinstance(entry, Experience)
            entry.source_id, entry.about_kind, entry.about_id = org, kind, record
            return entry.id

    def publish(self, entry: str) -> None:
        """Publish an entry: it goes to every branch with the next answer.

        Raises:
            InvalidInput: it does not say why it is recommended.
        """
        self._registers.save(EXPERIENCE, {"published_on": self._store.today}, entry)

    def withdraw(self, entry: str) -> None:
        """Take a published entry back: branches see it no more after the next answer; what they adopted stays."""
        self._registers.save(EXPERIENCE, {"published_on": None}, entry)


def _kept() -> Select[Experience]:
    return select(Experience).where(Experience.deleted_at_utc.is_(None))


def _chosen(entries: Sequence[Experience]) -> Mapping[str, str]:
    """Return the entries by the record of a branch they were chosen from."""
    return {entry.about_id: entry.id for entry in entries if entry.about_id}


def _said(kind: str, row: object, names: tuple[str, ...]) -> str:
    """Return what some fields of a row say that point to nothing, each as people read it."""
    fields = {field.name: field for field in REGISTERS[kind].fields}
    shown = (show(fields[name], getattr(row, name), RowNames()) for name in names if name in fields)
    return "\n".join(filter(None, shown))


def _day(kind: str, row: object) -> date | None:
    day = getattr(row, REGISTERS[kind].date_field or "", None)
    return day if isinstance(day, date) else None
