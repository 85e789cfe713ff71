"""The standard score on paper: radar, dimensions, items, and the list of what is missing."""

from datetime import date

from desktop.services.archive.blocks import (
    TURN,
    Band,
    Bar,
    Bars,
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Note,
    Paragraph,
    Radar,
    Row,
    Side,
    Table,
    Title,
)
from desktop.services.archive.wording import day, short_day
from desktop.services.numbers import hundredths
from desktop.services.standards.score import Gap, ItemScore, Score

GAP_COLUMNS = (
    Column("序号", 0.9, Side.CENTER),
    Column("条目", 1.4, Side.CENTER),
    Column("缺什么", 5.6),
    Column("责任人", 3.2),
    Column("期限", 1.9, Side.CENTER),
    Column("可得分", 1.2, Side.RIGHT),
)


def score_report(score: Score, branch: str, standard: str) -> Document:
    """Return the self score of a branch for its year as known on its day; `standard` is the title of the edition."""
    title = f"{branch}标准化建设自评得分报告"
    blocks: tuple[Block, ...] = (
        Title(f"{branch}{TURN}标准化建设自评得分报告", f"（{score.year}年度，评分日{day(score.on)}）"),
        *_summary(score, standard),
        Heading("一、各维度得分"),
        *_dimensions(score),
        Heading("二、各条目得分"),
        item_table(score),
        Note("痕迹看有没有做、按没按次数做；质量看做得好不好。横线表示尚未评定，不按零分计算。"),
        Heading("三、缺项清单"),
        *gap_blocks(score),
    )
    foot = f"{branch}　{score.year}年度"
    return Document(
        title=title,
        author=branch,
        subject=f"{score.year}年度标准化自评",
        day=score.on,
        blocks=blocks,
        running_head=title,
        running_foot=foot,
    )


def _summary(score: Score, standard: str) -> tuple[Block, ...]:
    pairs = (
        ("自评已得", f"{hundredths(score.total)}／{hundredths(score.max)}"),
        ("等次", score.grade_text),
        ("痕迹分", hundredths(score.trace)),
        ("质量分", score.quality_text),
        ("待评和未到期", hundredths(score.pending)),
        ("自评得分率", score.rate_text),
        ("标准", f"《{standard}》{score.version}版"),
        ("评分日", day(score.on)),
    )
    gates = [Paragraph(f"{gate.name}：{gate.ground}。{gate.effect}。", lead="限定条件：") for gate in score.gates]
    return (Fields(pairs, record="得分报告"), *gates)


def _dimensions(score: Score) -> tuple[Block, ...]:
    shares = tuple(each.score / each.max if each.max else 0.0 for each in score.dimensions)
    names = tuple(each.dimension.name for each in score.dimensions)
    bars = tuple(
        Bar(
            f"{each.id} {each.dimension.name}",
            each.score / 100,
            each.pending / 100,
            each.max / 100,
            f"{hundredths(each.score)}／{hundredths(each.max)}"
            + (f"　待评{hundredths(each.pending)}" if each.pending else ""),
        )
        for each in score.dimensions
    )
    possible = tuple((each.score + each.pending) / each.max if each.max else 0.0 for each in score.dimensions)
    return Radar(names, shares, possible, ("已得", "待评全部得分时")), Bars(bars, ("已得", "待评"))


def item_table(score: Score, *, lost_only: bool = False) -> Table:
    """Return what every item got of what it may bring; `lost_only`: those alone that lack something."""
    rows: list[Row] = []
    for dimension in score.dimensions:
        shown = [item for item in dimension.items if not lost_only or _lacks(item)]
        if not shown:
            continue
        rows.append(
            Band(
                f"{dimension.id} {dimension.dimension.name}　{hundredths(dimension.score)}／{hundredths(dimension.max)}"
            )
        )
        rows += [
            (
                item.id,
                item.item.title,
                item.who.text,
                item.status_word,
                f"{hundredths(item.trace_points)}／{hundredths(item.trace_max)}",
                f"{hundredths(item.quality_points)}／{hundredths(item.quality_max)}",
            )
            for item in shown
        ]
    columns = (
        Column("编号", 1.4, Side.CENTER),
        Column("做什么", 4.4),
        Column("责任人", 3.3),
        Column("状态", 1.4, Side.CENTER),
        Column("痕迹 得／满", 2.0, Side.CENTER),
        Column("质量 得／满", 2.0, Side.CENTER),
    )
    return Table(columns, tuple(rows), record="条目得分")


def _lacks(item: ItemScore) -> bool:
    """Whether an item got less than it may bring, or is not judged yet."""
    full = item.trace_max, item.quality_max
    return any(full) and (item.trace_points, item.quality_points or 0) != full


def gap_blocks(score: Score) -> tuple[Block, ...]:
    """Return what is missing: what can still be mended, what no longer can, what the running period still needs."""
    mendable = tuple(gap for gap in score.gaps if gap.mendable)
    settled = tuple(gap for gap in score.gaps if not gap.mendable)
    blocks: list[Block] = [Heading("可以补齐的", 2, listed=False), gap_table(mendable)]
    blocks += [Heading("已成事实、无法补办的", 2, listed=False), gap_table(settled)]
    if score.upcoming:
        blocks += [Heading("本期还要做的", 2, listed=False), gap_table(score.upcoming)]
    return tuple(blocks)


def gap_table(gaps: tuple[Gap, ...]) -> Table:
    """Return gaps as a table; what one person has to do by one day for one item stands in one row."""
    together: dict[tuple[str, str, date | None], list[Gap]] = {}
    for gap in gaps:
        together.setdefault((gap.item_id, gap.who.text, gap.by), []).append(gap)
    rows: list[Row] = []
    for number, ((item_id, who, by), same) in enumerate(together.items(), start=1):
        gain = sum(gap.gain for gap in same)
        what = "；".join(gap.what for gap in same)
        rows.append((str(number), item_id, what, who, short_day(by), hundredths(gain) if gain else "—"))
    return Table(GAP_COLUMNS, tuple(rows), record="缺项清单")
