"""A checklist back in Excel, in the columns and the order it came in, with the branch's scores in their places."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.inspections.reading import FIELDS, ListHead
from desktop.services.inspections.rows import InspectionRow, PointRow
from desktop.services.inspections.service import InspectionService
from desktop.services.leaving import leaving
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn

if TYPE_CHECKING:
    from desktop.services.store import Store

Looks = Literal["text", "long", "decimal"]
_VALUES: Mapping[str, Callable[[PointRow], object]] = {
    "section": lambda point: point.section,
    "title": lambda point: point.title,
    "points": lambda point: point.points,
    "scoring": lambda point: point.scoring,
    "method": lambda point: point.method,
    "owner": lambda point: point.owner or point.others.get("责任人", ""),
    "due_on": lambda point: point.due_on.isoformat() if point.due_on else point.others.get("备齐期限", ""),
    "finding": lambda point: point.finding,
    "self_points": lambda point: point.self_points,
    "checked_points": lambda point: point.checked_points,
    "note": lambda point: point.note,
    "evidence": lambda point: point.evidence,
}
_ADDED = {"section": "项目", "self_points": "自查分", "finding": "自查情况", "evidence": "佐证"}
"""Columns that a list without them gets behind its own, as far as they say something; 项目 in front of them."""
_LOOKS: Mapping[str, Looks] = {
    "title": "long", "scoring": "long", "finding": "long", "note": "long", "evidence": "long",
    "points": "decimal", "self_points": "decimal", "checked_points": "decimal",
}  # fmt: skip
_SUMS = {"points": "full", "self_points": "self_sum", "checked_points": "checked_sum"}


def export_inspection(store: "Store", inspection_id: str, path: Path) -> int:
    """Write a checklist as it came, with the scores, and 合计 below; return how many points it has.

    Raises:
        NotAllowed: the roles of who works here do not reach so far.
        NotFound: there is no such checklist.
        StorageFailure: the disk refuses.
    """
    store.rights.require(Act.EXPORT)
    service = InspectionService(store)
    inspection, points = service.inspection(inspection_id), service.points(inspection_id)
    heads = _heads(inspection, points)
    columns = tuple(_column(number, head) for number, head in enumerate(heads))
    rows = [{str(number): _value(head, point) for number, head in enumerate(heads)} for point in points]
    with leaving(store, path):
        tables.write(path, Sheet("list", inspection.title, columns), [*rows, _sums(heads, inspection)])
    store.audit(Use.EXPORT, f"{inspection.title}，{len(points)}行")
    return len(points)


def _heads(inspection: InspectionRow, points: Sequence[PointRow]) -> list[ListHead]:
    heads = list(inspection.heads) or [ListHead(label, name) for name, label in FIELDS.items()]
    there = {head.field for head in heads}
    for name, label in _ADDED.items():
        if name not in there and any(_VALUES[name](point) not in (None, "") for point in points):
            heads.insert(0 if name == "section" else len(heads), ListHead(label, name))
    return heads


def _column(number: int, head: ListHead) -> SheetColumn:
    looks = _LOOKS.get(head.field, "text")
    return SheetColumn(str(number), head.title, looks=looks, width=36 if looks == "long" else 12)


def _value(head: ListHead, point: PointRow) -> object:
    """Return a cell: of a field what is kept in it, else what stood there; words where a score should be stay too."""
    value = _VALUES[head.field](point) if head.field else ""
    return value if value not in (None, "") else point.others.get(head.title) or None


def _sums(heads: Sequence[ListHead], inspection: InspectionRow) -> dict[str, object]:
    sums: dict[str, object] = {"0": "合计"}
    for number, head in enumerate(heads):
        if head.field in _SUMS and number:
            sums[str(number)] = getattr(inspection, _SUMS[head.field])
    return sums
