"""The 自查表 of a checklist that was brought: each point with the branch's own score and room for the inspector's."""

from collections.abc import Sequence
from datetime import date

from desktop.services.archive.blocks import (
    TURN,
    Band,
    Block,
    Column,
    Document,
    Note,
    Row,
    Side,
    Signatures,
    Table,
    Title,
)
from desktop.services.inspections.rows import InspectionRow, PointRow, score_words

_COLUMNS = (
    Column("序号", 0.8, Side.CENTER),
    Column("内容与标准", 6.0),
    Column("分值", 1.0, Side.CENTER),
    Column("评分说明", 4.0),
    Column("考评方式", 1.8),
    Column("自查分", 1.2, Side.CENTER),
    Column("考核分", 1.2, Side.CENTER),
    Column("自查情况、佐证", 4.0),
    Column("责任人", 1.5, Side.CENTER),
)


def inspection_document(inspection: InspectionRow, points: Sequence[PointRow], branch: str, on: date) -> Document:
    """Return the self-check of a checklist, to be signed and handed to who inspects."""
    title = f"{branch}{inspection.title}自查表"
    said = [f"检查单位：{inspection.inspector}"] if inspection.inspector else []
    if inspection.visit_on:
        said.append(f"检查日期：{inspection.visit_on}")
    sums = ("", "合计", score_words(inspection.full), "", "", score_words(inspection.self_sum))
    rows: list[Row] = [*_rows(points), (*sums, score_words(inspection.checked_sum), "", "")]
    blocks: tuple[Block, ...] = (
        Title(f"{branch}{TURN}{inspection.title}自查表", "　".join(said)),
        Table(_COLUMNS, tuple(rows), record="检查项目", dense=True),
    )
    open_scores = sum(point.self_points is None for point in points)
    if open_scores:
        blocks = (*blocks, Note(f"还有{open_scores}条没有填自查分，合计没有算进去。"))
    return Document(
        title=title,
        author=branch,
        subject=inspection.title,
        day=on,
        blocks=(*blocks, Signatures(("自查人", "党支部书记", "检查组"))),
        running_head=title,
        running_foot=branch,
        landscape=True,
    )


def _rows(points: Sequence[PointRow]) -> list[Row]:
    rows: list[Row] = []
    section = ""
    for number, point in enumerate(points, start=1):
        if point.section and point.section != section:
            rows.append(Band(point.section))
        section = point.section
        found = "\n".join(filter(None, (point.finding, point.evidence)))
        rows.append(
            (
                str(number),
                point.title,
                score_words(point.points),
                point.scoring,
                point.method,
                score_words(point.self_points),
                score_words(point.checked_points),
                found,
                point.owner or point.others.get("责任人", ""),
            )
        )
    return rows
