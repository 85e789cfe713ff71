"""The columns of the ledger of points."""

from desktop.services.points.book import Line, Way
from desktop.ui.points.side import TONES
from desktop.ui.table_model import Column, Tag, Txt


def _points(line: Line) -> Txt:
    if line.points is None:
        return Txt("—", "sub", align="r")
    tone = "bad" if line.points < 0 else "good" if line.points else "sub"
    return Txt(f"{line.points:+}" if line.points else "0", tone, bold=bool(line.points), align="r")


COLUMNS: tuple[Column[Line], ...] = (
    Column("日期", lambda line: line.on, lambda on: f"{on:%m-%d}", width=62, tone="sub"),
    Column("党员", lambda line: line.name, width=84),
    Column("什么事", lambda line: line.what),
    Column("规则", lambda line: line.rule, width=66, tone="sub"),
    Column("分", lambda line: float(line.points or 0), cell=_points, width=62, align="r"),
    Column("来源", lambda line: line.source, width=136, tone="sub", fold=620),
    Column(
        "方式",
        lambda line: line.way,
        cell=lambda line: Txt(line.way.label, "part" if line.way is Way.LATE else "sub", px=13),
        width=54,
        fold=700,
    ),
    Column("状态", lambda line: line.state, cell=lambda line: Tag(line.state.label, TONES[line.state]), width=84),
)
