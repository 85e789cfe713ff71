"""What stands on the sheets of a volume: cover, index, item sheets, evidence, gaps, back sheet. Blocks, no PDF."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from desktop.services.archive.binding import Binding, BoundFile, Piece, without_item
from desktop.services.archive.blocks import (
    Block,
    Cell,
    Column,
    Cover,
    Document,
    Fields,
    Heading,
    Jpeg,
    Keep,
    Note,
    PageBreak,
    PageOf,
    Paragraph,
    Picture,
    Side,
    Signatures,
    Table,
)
from desktop.services.archive.case_files import case_blocks
from desktop.services.archive.minutes import UNCONFIRMED, evidence_blocks
from desktop.services.archive.organisation import sheet_blocks
from desktop.services.archive.plans import plan_blocks
from desktop.services.archive.registers import register_card
from desktop.services.archive.rows import ArchiveGap
from desktop.services.archive.score_report import gap_table
from desktop.services.archive.wording import day, eight_digits, short_day, size
from desktop.services.numbers import hundredths
from desktop.services.standards.evidence import ADMISSION, MEETING, PLAN, Numbered, is_bound
from desktop.services.standards.score import DimensionScore, Gap, ItemScore
from desktop.services.standards.verdict import Used

ARCHIVE = "党支部标准化建设检查档案"

Images = Mapping[str, tuple[Jpeg, ...]]
"""The pages of the attached pictures by file id; none where a picture cannot be shown."""


def dimension_document(
    binding: Binding, dimension: DimensionScore, images: Images, problems: Sequence[ArchiveGap]
) -> Document:
    """Return the volume of one dimension; `problems` are said beside the gaps of the standard."""
    name = f"{dimension.id} {dimension.dimension.name}"
    pieces = binding.of_dimension(dimension)
    blocks: list[Block] = [
        cover(binding, ARCHIVE, name, (("维度", name),)),
        Heading("卷内目录"),
        _index(binding, pieces),
        *_author_note(binding),
    ]
    before = True  # whether the item before has evidence: sheets of items without share a page
    for item in dimension.items:
        of_item = binding.of_item(item.id)
        if of_item or before:
            blocks.append(PageBreak())
        blocks += _item_sheet(binding, item)
        for piece in of_item:
            blocks += _piece(binding, piece, images)
        before = bool(of_item)
    blocks += _without_item(binding, dimension, images)
    blocks += [PageBreak(), Heading("缺项说明"), *_gap_section(binding, dimension, problems)]
    blocks += [PageBreak(), *_back_sheet(binding, pieces)]
    return Document(
        title=f"{binding.branch.name}{binding.year}年度检查档案　{name}",
        author=binding.branch.name,
        subject=f"{binding.year}年度　{name}",
        day=binding.on,
        blocks=tuple(blocks),
        running_head=f"{ARCHIVE}　{name}",
        running_foot=f"{binding.branch.name}　{binding.year}年度",
    )


def cover(binding: Binding, title: str, below: str, pairs: tuple[tuple[str, str], ...]) -> Cover:
    """Return the cover of a volume called `below`, or of the whole archive without it."""
    branch = binding.branch
    return Cover(
        "中国共产党" + branch.name.removeprefix("中国共产党").removeprefix("中共"),
        title,
        f"（{binding.year}年度）" if not below else f"{binding.year}年度　{below}",
        (
            ("单位", branch.name),
            ("年度", str(binding.year)),
            *pairs,
            ("全宗号", branch.fonds_no or "　"),
            ("编制日期", day(binding.on)),
        ),
    )


def _index(binding: Binding, pieces: Sequence[Piece]) -> Table:
    """Return the index of a volume in the older layout, but 编号 for 文号: these papers were issued under none."""
    rows: list[tuple[Cell, ...]] = [
        (
            str(position),
            piece.number,
            binding.author,
            piece.title,
            eight_digits(piece.used.on),
            PageOf(piece.number),
            _remark(binding, piece),
        )
        for position, piece in enumerate(pieces, start=1)
    ]
    columns = (
        Column("顺序号", 1.1, Side.CENTER),
        Column("编号", 2.5, Side.CENTER),
        Column("责任者", 2.3),
        Column("题名", 4.5),
        Column("日期", 1.6, Side.CENTER),
        Column("页号", 0.9, Side.CENTER),
        Column("备注", 1.4, Side.CENTER),
    )
    return Table(columns, tuple(rows), record="卷内目录", empty="（本卷没有材料，见卷末缺项说明）", dense=True)


def _remark(binding: Binding, piece: Piece) -> str:
    """Return what the index says beside a piece: that nobody has confirmed it, what is attached."""
    paper = binding.papers.get(piece.used.id) if piece.used.kind == MEETING else None
    unconfirmed = UNCONFIRMED if paper is not None and not paper.confirmed_on else ""
    return "，".join(filter(None, (unconfirmed, f"附件{len(piece.files)}件" if piece.files else "")))


def _author_note(binding: Binding) -> tuple[Note, ...]:
    if binding.author == binding.branch.name:
        return ()
    return (Note(f"责任者“{binding.author}”指{binding.branch.name}。"),)


# an item


def _item_sheet(binding: Binding, item: ItemScore) -> list[Block]:
    """Return the first page of an item: title, target, self score, evidence index."""
    kinds = {kind.id: kind.name for kind in binding.pack.evidence_kinds}
    periods = {period.id: period.name for period in binding.pack.periods}
    pairs = (
        ("周期", periods.get(item.item.period, item.item.period)),
        ("责任人", item.who.text),
        ("干到什么程度", item.item.target),
        ("佐证材料", "、".join(kinds.get(kind, kind) for kind in item.item.evidence)),
        ("依据", "、".join(clause.text for clause in item.clauses)),
        ("自评状态", item.status_word),
        ("自评得分", f"痕迹{hundredths(item.trace_points)}／{hundredths(item.trace_max)}　"
                 f"质量{hundredths(item.quality_points)}／{hundredths(item.quality_max)}"),
    )  # fmt: skip
    blocks: list[Block] = [
        Heading(f"{item.id} {item.item.title}", 1, item.id),
        Fields(tuple(pair for pair in pairs if pair[1]), record=f"{item.id} {item.item.title}"),
    ]
    if item.criteria:
        rows = tuple(
            (criterion.criterion.text, criterion.text or ("待评" if criterion.share is None else ""))
            for criterion in item.criteria
        )
        blocks.append(Table((Column("质量标准", 5), Column("评定", 3)), rows, record=f"{item.id}质量标准"))
    blocks += [Note(note) for note in item.verdict.notes]
    blocks += [Heading("佐证目录", 2, listed=False), _evidence_index(binding, item)]
    if item.gaps:
        blocks.append(Note(f"本条缺{len(item.gaps)}项，见卷末缺项说明。"))
    return [Keep(tuple(blocks))]


def _evidence_index(binding: Binding, item: ItemScore) -> Table:
    """Return what an item rests on: bound here, bound at another item, or a line of a list."""
    lines: list[tuple[date, str, tuple[Cell, ...]]] = [
        (
            piece.used.on or date.min,
            piece.number,
            (piece.number, piece.title, short_day(piece.used.on), PageOf(piece.number)),
        )
        for piece in binding.of_item(item.id)
    ]
    seen = {number for _, number, _ in lines}
    for used in item.used:
        other = binding.numbers.find(_as_meeting(binding, used))
        if other is None:
            if not is_bound(used):
                lines.append(
                    (used.on or date.min, used.id, ("—", used.title, short_day(used.on), _volume_of_lists(binding)))
                )
        elif other.number not in seen and other.number in binding.pieces:
            seen.add(other.number)
            title = binding.pieces[other.number].title
            cells = (other.number, title, short_day(used.on), _where(item.id, other))
            lines.append((used.on or date.min, other.number, cells))
    columns = (
        Column("编号", 2.4, Side.CENTER),
        Column("题名", 6),
        Column("日期", 1.8, Side.CENTER),
        Column("页号", 1.3, Side.CENTER),
    )
    rows = tuple(cells for _, _, cells in sorted(lines, key=lambda line: (line[0], line[1])))
    return Table(columns, rows, record=f"{item.id}佐证目录", empty="（尚无记录）")


def _as_meeting(binding: Binding, used: Used) -> Used:
    """Return a vote as the meeting it was taken in."""
    if used.kind == "vote" and used.id in binding.meeting_of_vote:
        return replace(used, kind=MEETING, id=binding.meeting_of_vote[used.id])
    return used


def _where(item_id: str, other: Numbered) -> Cell:
    """Return the page of a piece bound at another item, or the volume it is in."""
    volume = other.item_id.split("-")[0]
    return PageOf(other.number) if item_id.split("-")[0] == volume else f"见{volume}卷"


def _volume_of_lists(binding: Binding) -> str:
    """Return where the roster is, the one list with a volume of its own: after the dimensions and the score."""
    return f"见{len(binding.score.dimensions) + 2:02d}卷"


def _without_item(binding: Binding, dimension: DimensionScore, images: Images) -> list[Block]:
    """Return the records of a dimension that no item counts, so that nothing kept is left out."""
    pieces = binding.of_item(without_item(dimension.id))
    if not pieces:
        return []
    heading = Heading(f"{without_item(dimension.id)} 其他记录", 1, without_item(dimension.id))
    note = Note("以下记录没有计入标准的任何条目，不影响得分，一并归档备查。")
    return [PageBreak(), heading, note, *(block for piece in pieces for block in _piece(binding, piece, images))]


# a piece of evidence


def _piece(binding: Binding, piece: Piece, images: Images) -> list[Block]:
    """Return one piece of evidence: its number and title, the record, its attachments."""
    used = piece.used
    heading = Heading(f"{piece.number}　{piece.title}", 2, piece.number)
    blocks: list[Block]
    if used.kind == MEETING:
        late_days, since = binding.pack.scoring.late_entry_days, binding.branch.recorded_since
        tags = {tag.id: tag.name for tag in binding.pack.agenda_tags}
        minutes = evidence_blocks(binding.papers[used.id], binding.clauses, late_days, since, tags)
        blocks = [PageBreak(), heading, *minutes]
    elif used.kind == PLAN:
        blocks = [PageBreak(), heading, *plan_blocks(binding.plans[used.id], level=3)]
    elif used.kind == ADMISSION:
        where = partial(_minutes_at, binding, piece)
        blocks = [PageBreak(), heading, *case_blocks(binding.admissions[used.id], where)]
    elif used.id in binding.sheets:
        sheet = binding.sheets[used.id]
        blocks = (
            [Keep((heading, *sheet_blocks(sheet)))]
            if not sheet.blocks
            else [PageBreak(), heading, *sheet_blocks(sheet)]
        )
    else:
        card = register_card(binding.registers[used.kind], binding.rows[used.kind][used.id])
        blocks = [Keep((heading, *card))]
    return blocks + _files(piece, images)


def _minutes_at(binding: Binding, piece: Piece, meeting_id: str) -> Cell | None:
    """Return where the minutes of a meeting that a piece speaks of are bound, None where they are not here."""
    other = binding.numbers.find(Used(MEETING, meeting_id, None, ""))
    if other is None or other.number not in binding.pieces:
        return None
    return _where(piece.numbered.item_id, other)


def _files(piece: Piece, images: Images) -> list[Block]:
    """Return the list of a piece's attachments and those that are pictures."""
    if not piece.files:
        return []
    rows = tuple(
        (
            str(position),
            file.name if file.file_id else f"{file.own_name}（内容不在本机）",
            size(file.size_bytes),
            file.sha256[:16],
        )
        for position, file in enumerate(piece.files, start=1)
    )
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("随卷附件", 6),
        Column("大小", 1.4, Side.RIGHT),
        Column("SHA-256 前16位", 2.4, Side.CENTER),
    )
    pictures = [
        picture
        for file in piece.files
        if file.file_id is not None and file.file_id in images
        for picture in _pictures(piece, file, images[file.file_id])
    ]
    unprinted = "、".join(f"“{file.name}”" for file in piece.files if file.file_id and not images.get(file.file_id))
    how = f"没有印在纸上的附件：{unprinted}。原件嵌在本卷 PDF 里，用阅读器的“附件”（回形针）一栏打开。"
    return [Table(columns, rows, record=f"{piece.title}附件"), *([Note(how)] if unprinted else []), *pictures]


def _pictures(piece: Piece, file: BoundFile, pages: tuple[Jpeg, ...]) -> Iterator[Picture]:
    """Give the pages of an attached picture; what stands in the place of one that cannot be shown."""
    for number, page in enumerate(pages or (None,), start=1):
        which = f"（第{number}页，共{len(pages)}页）" if len(pages) > 1 else ""
        yield Picture(page, f"{file.own_name}{which}", record=piece.title)


# the end of a volume


def _gap_section(binding: Binding, dimension: DimensionScore, problems: Sequence[ArchiveGap]) -> list[Block]:
    gaps = tuple(gap for item in dimension.items for gap in item.gaps)
    if not gaps and not problems:
        return [Paragraph("本维度没有缺项。")]
    blocks: list[Block] = []
    if gaps:
        blocks.append(Paragraph(f"截至{day(binding.on)}，本维度有{len(gaps)}处与标准的差距，如实列明如下。"))
        blocks += _gap_table("可以补齐的", tuple(gap for gap in gaps if gap.mendable))
        blocks += _gap_table("已成事实、无法补办的", tuple(gap for gap in gaps if not gap.mendable))
    blocks += [Paragraph(f"{problem.item_id}：{problem.what}。") for problem in problems]
    return blocks


def _gap_table(heading: str, gaps: tuple[Gap, ...]) -> list[Block]:
    return [Heading(heading, 2, listed=False), gap_table(gaps)] if gaps else []


def _back_sheet(binding: Binding, pieces: Sequence[Piece]) -> list[Block]:
    """Return the back sheet (备考表): what is in the volume, who compiled and who checked it."""
    row: tuple[Cell, ...] = (
        f"{len(pieces)}件",
        PageOf("back-sheet"),
        f"{sum(len(piece.files) for piece in pieces)}件",
        f"{sum(map(binding.is_late, pieces))}件",
        day(binding.on),
    )
    columns = (
        Column("材料", 1, Side.CENTER),
        Column("总页数", 1, Side.CENTER),
        Column("随卷附件", 1, Side.CENTER),
        Column("其中补录", 1, Side.CENTER),
        Column("立卷日期", 1.6, Side.CENTER),
    )
    return [
        Heading("备考表", 1, "back-sheet"),
        Table(columns, (row,), record="备考表"),
        Paragraph("本卷由支部工作台根据日常记录汇编，记录内容由支部负责。卷内缺项、补录和更正均已如实注明。"),
        Signatures(("立卷人", "检查人", "立卷时间", "检查时间")),
    ]
