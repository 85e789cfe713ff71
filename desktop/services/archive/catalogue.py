"""The first and the last volume of an archive: cover and list of volumes, and the catalogue of filed papers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.services.archive.binding import Binding
from desktop.services.archive.blocks import (
    TURN,
    Band,
    Block,
    Column,
    Document,
    Heading,
    Keep,
    Note,
    Paragraph,
    Row,
    Side,
    Table,
    Title,
)
from desktop.services.archive.filing import filing_rules
from desktop.services.archive.guide import README
from desktop.services.archive.manifest import MANIFEST
from desktop.services.archive.rows import Place, Volume
from desktop.services.archive.sheets import ARCHIVE, cover
from desktop.services.archive.wording import day, eight_digits
from desktop.services.numbers import hundredths

_WHOLE = "ZH"
"""In place of a dimension, for papers about the whole branch (综合)."""


def front_document(binding: Binding, volumes: Sequence[Volume]) -> Document:
    """Return the first volume: cover, list of the other volumes, what the archive lacks."""
    branch, score, pack = binding.branch, binding.score, binding.pack
    title = f"{branch.name}{binding.year}年度检查档案"
    columns = (
        Column("卷号", 0.9, Side.CENTER),
        Column("卷名", 4.4),
        Column("文件", 4),
        Column("页数", 0.9, Side.CENTER),
        Column("SHA-256 前16位", 2.6, Side.CENTER),
    )
    rows = tuple(
        (str(position), volume.name, volume.file, str(volume.pages), volume.sha256[:16])
        for position, volume in enumerate(volumes, start=1)
    )
    blocks: tuple[Block, ...] = (
        cover(binding, ARCHIVE, "", ()),
        Title("案卷目录"),
        Table(columns, rows, record="案卷目录"),
        Note(
            f"共{len(volumes)}卷{sum(volume.pages for volume in volumes)}页，不含本卷；"
            f"各卷完整校验值见 {MANIFEST}，核对办法见 {README}。"
        ),
        Heading("编制说明"),
        Paragraph(
            f"本档案反映{branch.name}{binding.year}年度截至{day(binding.on)}的工作情况，"
            f"按《{pack.title}》{pack.version}版的{len(score.dimensions)}个维度分卷。"
            f"自评已得{hundredths(score.total)}分（满分{hundredths(score.max)}分），其中{score.parts_text}，"
            f"待评{hundredths(score.pending)}分，"
            f"得分率{score.rate_text}（只算已经评定的部分），等次{score.grade_text}。"
        ),
        Paragraph("每件材料有唯一编号“年度—维度—条目—序号”，在卷内目录、佐证目录和归档文件目录中一致。"),
        Keep((Heading("得分与缺项概览"), _overview(binding))),
        Note("逐条缺项、责任人和期限见各卷卷末的缺项说明和自评得分报告。"),
    )
    return Document(
        title=title,
        author=branch.name,
        subject="封面和案卷目录",
        day=binding.on,
        blocks=blocks,
        running_head=title,
        running_foot=f"{branch.name}　{binding.year}年度",
    )


def _overview(binding: Binding) -> Table:
    """Return score and number of gaps by dimension."""
    rows: list[tuple[str, ...]] = []
    for dimension in binding.score.dimensions:
        gaps = [gap for item in dimension.items for gap in item.gaps]
        mendable = sum(gap.mendable for gap in gaps)
        rows.append(
            (
                f"{dimension.id} {dimension.dimension.name}",
                hundredths(dimension.max),
                hundredths(dimension.score),
                hundredths(dimension.pending),
                str(mendable),
                str(len(gaps) - mendable),
            )
        )
    columns = (
        Column("维度", 4),
        *(Column(name, 1.3, Side.RIGHT) for name in ("满分", "已得", "待评")),
        Column("可补缺项", 1.3, Side.CENTER),
        Column("已成事实", 1.3, Side.CENTER),
    )
    return Table(columns, tuple(rows), record="得分与缺项概览")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One paper of the catalogue."""

    kind: str
    question: str  # 机构（问题）: the dimension
    title: str
    on: date | None
    pages: int
    note: str


def catalogue_document(binding: Binding, volumes: Sequence[Volume], places: Mapping[str, Place]) -> Document:
    """Return the catalogue of filed papers: every piece, then the `volumes` that are papers of their own.

    Source: DA/T 22-2015, 归档文件目录 (columns) and 档号 (structure).
    """
    branch = binding.branch
    columns = (
        Column("序号", 1.0, Side.CENTER),
        Column("档号", 4.4, Side.CENTER),
        Column("文号", 1.4, Side.CENTER),
        Column("责任者", 2.4),
        Column("题名", 7.6),
        Column("日期", 1.8, Side.CENTER),
        Column("密级", 1.0, Side.CENTER),
        Column("页数", 1.0, Side.CENTER),
        Column("备注", 3.7, Side.CENTER),
    )
    entries = [*_evidence(binding, places), *(_whole(binding, volume) for volume in volumes)]
    title = f"{branch.name}{binding.year}年度归档文件目录"
    shown = f"{branch.name}{TURN}{binding.year}年度归档文件目录"
    rows = tuple(_rows(binding, entries))
    blocks: list[Block] = [Title(shown), Table(columns, rows, record="归档文件目录", dense=True)]
    if not branch.fonds_no:
        blocks.append(Note("全宗号未填写，档号中以□代替；请在“设置—支部”中补填后重新生成。"))
    if binding.author != branch.name:
        blocks.append(Note(f"责任者“{binding.author}”指{branch.name}。"))
    blocks.append(Note("保管期限为默认值，以上级档案管理规定为准。本系统不存储涉密材料，密级栏一律空白。"))
    return Document(
        title=title,
        author=branch.name,
        subject="归档文件目录",
        day=binding.on,
        blocks=tuple(blocks),
        running_head=title,
        running_foot=f"{branch.name}　{binding.year}年度",
        landscape=True,
    )


def _evidence(binding: Binding, places: Mapping[str, Place]) -> list[_Entry]:
    return [
        _Entry(
            kind=piece.used.kind,
            question=piece.numbered.item_id.split("-")[0],
            title=piece.title,
            on=piece.used.on,
            pages=places[number].pages,
            note=f"{number}，{places[number].file.split('-')[0]}卷第{places[number].page}页",
        )
        for number, piece in sorted(binding.pieces.items())
    ]


_KINDS = {"名册": "roster", "民主评议": "appraisal"}
"""Of a volume that is a paper of its own, how long it is kept: by the kind in `archive.toml`."""


def _whole(binding: Binding, volume: Volume) -> _Entry:
    return _Entry(
        kind=next((kind for words, kind in _KINDS.items() if words in volume.file), "score_report"),
        question=_WHOLE,
        title=volume.title,
        on=binding.on,
        pages=volume.pages,
        note=f"{volume.number}卷",
    )


def _rows(binding: Binding, entries: Sequence[_Entry]) -> Iterator[Row]:
    """Give the rows of the catalogue, period by period; the papers of each question counted from 1 in each.

    文号 is what an issued document bears (发文字号): our papers have none. The number they have here is in 备注.
    """
    rules, fonds, done = filing_rules(), binding.branch.fonds_no or "□", 0
    for period, name in rules.names.items():
        of_period = [entry for entry in entries if rules.period(entry.kind) == period]
        if of_period:
            yield Band(f"保管期限：{name}（{len(of_period)}件）")
        counts: defaultdict[str, int] = defaultdict(int)
        for position, entry in enumerate(of_period, start=done + 1):
            counts[entry.question] += 1
            code = f"{fonds}-{rules.category}·{binding.year}-{period}-{entry.question}-{counts[entry.question]:04d}"
            date_text, pages = eight_digits(entry.on), str(entry.pages)
            yield str(position), code, "", binding.author, entry.title, date_text, "", pages, entry.note
        done += len(of_period)
