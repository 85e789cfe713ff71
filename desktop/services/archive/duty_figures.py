"""The sheet of figures for the secretary's duty report: this year beside last year, area by area."""

from desktop.services.archive.blocks import TURN, Band, Block, Column, Document, Note, Row, Side, Table, Title
from desktop.services.archive.wording import day
from desktop.services.statistics.duty_figures import DutyFigures


def duty_figures_document(figures: DutyFigures, branch: str) -> Document:
    """Return the figures as a paper."""
    year = figures.year
    title = f"{branch}{year}年度述职数据"
    whole = (figures.on.month, figures.on.day) == (12, 31)
    until = "" if whole else f"（{year}年截至{day(figures.on)}，上年为全年）"
    blocks: tuple[Block, ...] = (
        Title(f"{branch}{TURN}{year}年度述职数据", until),
        figures_table(figures),
        Note("数字都从支部登记的记录里算出；没有登记的不算，补录的算在发生的年度。"),
    )
    return Document(
        title=title,
        author=branch,
        subject=f"{year}年度",
        day=figures.on,
        blocks=blocks,
        running_head=title,
        running_foot=branch,
    )


def figures_table(figures: DutyFigures) -> Table:
    """Return the figures of both years, area by area."""
    year = figures.year
    columns = (
        Column("项目", 5.0),
        Column(f"{year - 1}年", 2.0, Side.RIGHT),
        Column(f"{year}年", 2.0, Side.RIGHT),
        Column("增减", 1.6, Side.RIGHT),
    )
    rows: list[Row] = []
    area = ""
    for figure in figures.rows:
        if figure.area != area:
            rows.append(Band(figure.area))
            area = figure.area
        rows.append((figure.name, figure.before, figure.now, figure.change))
    return Table(columns, tuple(rows), record="述职数据")
