"""Checklists of this branch: taken in as they came, shared out, scored, proved by records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.base import new_id
from desktop.models.inspections import Inspection, InspectionPoint, OtherCell, point_state
from desktop.models.members import Member
from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.inspections import PointState
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.inspections.reading import BroughtList, BroughtPoint, head_words, heads_of, read_lists
from desktop.services.inspections.rows import InspectionRow, PointRow, Proof
from desktop.services.members.lookup import find_member, roster_of
from desktop.services.quoting import quoted
from desktop.services.registers.keeping import values_of
from desktop.services.search.sources import Names
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.sync.media import note_read

if TYPE_CHECKING:
    from desktop.services.store import Store

LISTS, POINTS = Inspection.__tablename__, InspectionPoint.__tablename__
TITLE = Input("title", "检查名称")
RECEIVED = Input("received_on", "收到日期")
SELF_DUE = Input("self_due_on", "自查期限")
VISIT = Input("visit_on", "检查日期")
OWNER = Input("owner_id", "责任人")
WHICH = Input("which", "哪些项目")
PROOF = Input("proof", "佐证记录")
_DAY = Input("due_on", "备齐期限")
REGISTER = REGISTERS[POINTS]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionDraft:
    """What is said of a checklist when it is taken in."""

    title: str
    received_on: date
    inspector: str = ""
    self_due_on: date | None = None
    visit_on: date | None = None


class InspectionService:
    """The checklists that were brought to this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # reading

    def lists(self) -> list[InspectionRow]:
        """Return the checklists, newest first; an inspection of January is prepared in the year before."""
        with self._store.reading() as session:
            newest = Inspection.received_on.desc(), Inspection.id.desc()
            lists = session.scalars(_mine(Inspection, self._store.branch_id).order_by(*newest)).all()
            points: dict[str, list[InspectionPoint]] = {}
            for point in session.scalars(_mine(InspectionPoint, self._store.branch_id)):
                points.setdefault(point.inspection_id or "", []).append(point)
            return [self._list(row, points.get(row.id, [])) for row in lists]

    def inspection(self, inspection_id: str) -> InspectionRow:
        """Return one checklist; NotFound if it is not there."""
        found = next((row for row in self.lists() if row.id == inspection_id), None)
        if found is None:
            raise NotFound(what="专项检查")
        return found

    def points(self, inspection_id: str) -> list[PointRow]:
        """Return the points of a checklist in its order."""
        branch = self._store.branch_id
        with self._store.reading() as session:
            query = _mine(InspectionPoint, branch).where(InspectionPoint.inspection_id == inspection_id)
            points = session.scalars(query.order_by(InspectionPoint.position, InspectionPoint.id)).all()
            people = dict(session.execute(select(Member.id, Member.name).where(Member.branch_id == branch)).all())
            files = dict(
                session.execute(
                    select(Attachment.record_id, func.count())
                    .where(Attachment.record_kind == POINTS, Attachment.deleted_at_utc.is_(None))
                    .group_by(Attachment.record_id)
                ).all()
            )
            names = Names()
            names.read_by(session)
            return [self._point(point, people, files.get(point.id, 0), names) for point in points]

    # taking in

    def bring(self, path: Path) -> tuple[BroughtList, ...]:
        """Return the checklists in a file that the user chose; if it lies on a stick, that is noted.

        Raises:
            InvalidInput: as `read_lists`.
        """
        found = read_lists(path)
        note_read(self._store, [path])
        return found

    def take_in(self, brought: BroughtList, draft: InspectionDraft) -> str:
        """Keep a list as it was brought, its scores and owners with it; return its id.

        An owner who is not on the roster, and a day that is none, stay beside as the words they are.

        Raises:
            InvalidInput: no name, or days in the wrong order.
        """
        self._store.rights.require_any(LISTS)
        if not draft.title.strip():
            raise InvalidInput(TITLE, "不能为空")
        if draft.received_on > self._store.today:
            raise InvalidInput(RECEIVED, "在今天之后")
        for field, day in ((SELF_DUE, draft.self_due_on), (VISIT, draft.visit_on)):
            if day is not None and day < draft.received_on:
                raise InvalidInput(field, "早于收到日期")
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            people: dict[str, list[str]] = {}
            for member in roster.on(self._store.today):
                people.setdefault(member.name, []).append(member.id)
        known = {name: ids[0] for name, ids in people.items() if len(ids) == 1}
        inspection_id = new_id()
        with self._store.unit_of_work(f"收进检查表{quoted(draft.title)}，{len(brought.points)}条") as session:
            session.add(
                Inspection(
                    id=inspection_id,
                    branch_id=self._store.branch_id,
                    title=draft.title.strip(),
                    inspector=draft.inspector.strip() or None,
                    received_on=draft.received_on,
                    self_due_on=draft.self_due_on,
                    visit_on=draft.visit_on,
                    heads=head_words(brought.heads),
                )
            )
            for position, point in enumerate(brought.points, start=1):
                session.add(self._taken(point, inspection_id, position, known, draft.self_due_on))
        return inspection_id

    def _taken(
        self, point: BroughtPoint, inspection_id: str, position: int, known: Mapping[str, str], due_on: date | None
    ) -> InspectionPoint:
        cells, others = dict(point.cells), list(point.others)
        owner = known.get(cells.get("owner", "").replace(" ", "")) if "owner" in cells else None
        if owner is None and "owner" in cells:
            others.append(("责任人", cells["owner"]))
        if "due_on" in cells:
            try:
                due_on = parse_date(cells["due_on"], _DAY) or due_on
            except InvalidInput:
                others.append(("备齐期限", cells["due_on"]))
        full = point.score("points")
        scores = {name: point.score(name) for name in ("self_points", "checked_points")}
        for name, score in scores.items():
            if score is not None and full is not None and score > full:  # a sum written into a row, or a slip: kept
                others.append((REGISTER.field(name).label, cells[name]))
                scores[name] = None
        return InspectionPoint(
            branch_id=self._store.branch_id,
            inspection_id=inspection_id,
            position=position,
            section=cells.get("section"),
            title=cells["title"],
            points=full,
            scoring=cells.get("scoring"),
            method=cells.get("method"),
            owner_id=owner,
            due_on=due_on,
            finding=cells.get("finding"),
            note=cells.get("note"),
            others=tuple(OtherCell(head, text) for head, text in others),
            links=[],
            **scores,
        )

    # sharing out, proving

    def assign(self, point_ids: Sequence[str], owner_id: str | None, due_on: date | None) -> int:
        """Give points to somebody, with a day where one is said; return how many.

        Raises:
            InvalidInput: nothing is chosen, or neither owner nor day is said.
            NotFound: there is no such member, or a point is not there.
        """
        self._store.rights.require_any(POINTS)
        if not point_ids:
            raise InvalidInput(WHICH, "没有可分工的项目")
        if owner_id is None and due_on is None:
            raise InvalidInput(OWNER, "选责任人，或者填期限")
        with self._store.unit_of_work(f"检查项目分工，{len(point_ids)}条") as session:
            if owner_id is not None:
                find_member(self._store, session, owner_id)
            for point in self._found(session, point_ids):
                point.owner_id = owner_id or point.owner_id
                point.due_on = due_on or point.due_on
        return len(point_ids)

    def link(self, point_id: str, kind: str, record_id: str) -> None:
        """Note a record of this store as proof of a point.

        Raises:
            InvalidInput: the record is none that can be opened, is the point itself, or is noted already.
            NotFound: there is no such point.
        """
        self._store.rights.require_any(POINTS)
        if (kind, record_id) == (POINTS, point_id):
            raise InvalidInput(PROOF, "项目不能证明自己，要选别的记录")
        with self._store.reading() as session:
            names = Names()
            names.read_by(session)
            if not _words(names, kind, record_id):
                raise InvalidInput(PROOF, "找不到这条记录，可能已经删除")
        with self._store.unit_of_work("检查项目关联佐证记录") as session:
            (point,) = self._found(session, [point_id])
            link = f"{kind}:{record_id}"
            if link in point.links:
                raise InvalidInput(PROOF, "已经关联过这条记录")
            point.links = [*point.links, link]

    def unlink(self, point_id: str, kind: str, record_id: str) -> None:
        """Take a proof off a point; the record itself stays. NotFound if there is no such point."""
        self._store.rights.require_any(POINTS)
        with self._store.unit_of_work("检查项目取消关联佐证记录") as session:
            (point,) = self._found(session, [point_id])
            point.links = [link for link in point.links if link != f"{kind}:{record_id}"]

    # recycling

    def remove(self, inspection_id: str) -> None:
        """Put a checklist into the recycle bin with its points; NotFound if there is none."""
        self._store.rights.require_any(LISTS)
        with self._store.unit_of_work(f"删除专项检查{quoted(self.inspection(inspection_id).title)}") as session:
            at = utc_text(self._store.clock())
            session.get_one(Inspection, inspection_id).deleted_at_utc = at
            for point in _of(session, inspection_id):
                point.deleted_at_utc = point.deleted_at_utc or at

    def restore(self, inspection_id: str) -> None:
        """Take a checklist out of the recycle bin, with the points that went there with it.

        Raises:
            NotFound: it does not lie there.
        """
        self._store.rights.require_any(LISTS)
        with self._store.unit_of_work("恢复专项检查") as session:
            row = session.get(Inspection, inspection_id)
            if row is None or row.branch_id != self._store.branch_id or row.deleted_at_utc is None:
                raise NotFound(what="专项检查")
            at, row.deleted_at_utc = row.deleted_at_utc, None
            for point in _of(session, inspection_id):
                if point.deleted_at_utc == at:
                    point.deleted_at_utc = None

    # inside

    def _found(self, session: Session, point_ids: Sequence[str]) -> list[InspectionPoint]:
        query = _mine(InspectionPoint, self._store.branch_id).where(InspectionPoint.id.in_(point_ids))
        points = list(session.scalars(query))
        if len(points) != len(set(point_ids)):
            raise NotFound(what="检查项目")
        return points

    def _list(self, row: Inspection, points: Sequence[InspectionPoint]) -> InspectionRow:
        states = [point_state(values_of(REGISTER, point), self._store.today) for point in points]
        return InspectionRow(
            id=row.id,
            title=row.title,
            inspector=row.inspector or "",
            received_on=row.received_on,
            self_due_on=row.self_due_on,
            visit_on=row.visit_on,
            heads=heads_of(row.heads or ""),
            note=row.note or "",
            rev=row.rev,
            count=len(points),
            ready=states.count(PointState.CLOSED),
            late=states.count(PointState.RUN_OUT),
            full=_sum(point.points for point in points) or 0,
            self_sum=_sum(point.self_points for point in points),
            checked_sum=_sum(point.checked_points for point in points),
        )

    def _point(self, row: InspectionPoint, people: Mapping[str, str], files: int, names: Names) -> PointRow:
        proofs = tuple(Proof(kind, target, _words(names, kind, target)) for kind, target in map(_parted, row.links))
        return PointRow(
            id=row.id,
            position=row.position or 0,
            section=row.section or "",
            title=row.title,
            points=row.points,
            scoring=row.scoring or "",
            method=row.method or "",
            owner_id=row.owner_id or "",
            owner=people.get(row.owner_id or "", ""),
            due_on=row.due_on,
            done_on=row.done_on,
            finding=row.finding or "",
            self_points=row.self_points,
            checked_points=row.checked_points,
            others={cell.head: cell.text for cell in row.others},
            note=row.note or "",
            state=point_state(values_of(REGISTER, row), self._store.today),
            proofs=proofs,
            attachments=files,
            rev=row.rev,
        )


def _mine(model: Any, branch_id: str) -> Select[Any]:
    return select(model).where(model.branch_id == branch_id, model.deleted_at_utc.is_(None))


def _of(session: Session, inspection_id: str) -> Iterable[InspectionPoint]:
    return session.scalars(select(InspectionPoint).where(InspectionPoint.inspection_id == inspection_id))


def _parted(link: str) -> tuple[str, str]:
    kind, _, target = link.partition(":")
    return kind, target


def _words(names: Names, kind: str, target: str) -> str:
    """Return what a record is called, empty if it is not there."""
    owners = {"meeting": "meetings", "member": "members"}
    return names.owner(owners.get(kind, kind), target) or ""


def _sum(scores: Iterable[float | None]) -> float | None:
    """Return the sum of the scores that are there, to the hundredth; None where there is none."""
    there = [score for score in scores if score is not None]
    return round(sum(there), 2) if there else None
