"""The sheet of a spot check has what was drawn and why, room for what is found, and the number that draws it again."""

from dataclasses import replace
from datetime import date

from desktop.models.vocabulary.sampling import SampleReason, SampleVerdict
from desktop.services.archive.blocks import Document, Fields, Note, PageBreak, Table
from desktop.services.archive.sampling import sheets_document
from desktop.services.sampling.drawing import HOW
from desktop.services.sampling.rows import SampledRow, SheetRow

DAY = date(2026, 10, 12)


def row(position: int, verdict: SampleVerdict | None = None, ground: str = "") -> SampledRow:
    return SampledRow(
        id=f"{position}", rev=1, branch_id="b", position=position, kind="meeting", record_id="m", on=date(2026, 7, 15),
        title="7月支委会", item_id="D4-02", number="2026-D4-02-007", reason=SampleReason.LATE, measure=23,
        stands_for="", verdict=verdict, checks=(), ground=ground, heard="", judged_on=None,
        confirmed_by="", confirmed_on=None, appeal=None,
    )  # fmt: skip


def sheet(*records: SampledRow) -> SheetRow:
    return SheetRow(
        id="s", rev=1, branch_id="b", code="ZK09", name="太康县局专卖党支部", period="2026Q3", seed="20261014",
        drawn_on=DAY, population=47, checked_by="", checked_on=None, way="", records=records,
    )  # fmt: skip


def words(document: Document) -> str:
    return repr(document.blocks)


def test_a_sheet_to_take_along_is_blank_where_people_write() -> None:
    document = sheets_document([sheet(row(1), row(2))], DAY)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [line[3:] for line in table.rows if isinstance(line, tuple)] == [("",) * 7] * 2
    (fields,) = (block for block in document.blocks if isinstance(block, Fields))
    assert ("抽样编号", "20261014") in fields.pairs
    assert ("抽取", "47条里抽2条") in fields.pairs
    assert any(isinstance(block, Note) and HOW in block.text for block in document.blocks)
    assert "补录 23 天" in words(document)


def test_a_judged_sheet_says_what_was_found_and_each_branch_begins_a_page() -> None:
    false = row(1, SampleVerdict.FABRICATED, "三人签名笔迹相同")
    document = sheets_document([sheet(false), sheet(row(1, SampleVerdict.TRUE))], DAY)
    assert "三人签名笔迹相同" in words(document)
    assert "不实，待复核" in words(document)
    assert sum(isinstance(block, PageBreak) for block in document.blocks) == 1


def test_what_stands_for_a_missing_original_is_told_apart_from_what_was_drawn() -> None:
    drawn = sheet(row(1, SampleVerdict.ABSENT, "移交了"), row(2), replace(row(3), stands_for="1"))
    assert drawn.drawn_words == "47 条里抽 2 条，补抽 1 条"
    (fields,) = (block for block in sheets_document([drawn], DAY).blocks if isinstance(block, Fields))
    assert ("抽取", "47条里抽2条，补抽1条") in fields.pairs
