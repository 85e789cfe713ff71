"""Tables set into grids: how their columns share the width."""

from desktop.services.archive import blocks as b
from desktop.services.archive.composer import Composer, Guard
from desktop.services.archive.grid import Grid
from desktop.services.archive.styles import style_for
from desktop.services.archive.tables import table_box

TITLE = "提升计划的措施"


def test_a_long_title_over_a_narrow_empty_column_is_broken_into_a_few_lines() -> None:
    wide = tuple(b.Column(title, 10.0) for title in ("支部", "采用的做法"))
    table = b.Table((*wide, b.Column(TITLE, 0.2)), (("第一党支部", "错时走访", "—"),))
    box = table_box(
        table, Composer(style_for(next(iter(b.Look)), landscape=False), Guard(substitute=False), "采用情况")
    )
    assert isinstance(box, Grid)
    assert box.head is not None
    lines = box.head.cells[-1].lines
    assert "".join(line.text for line in lines) == TITLE
    assert 1 < len(lines) <= 3
