"""走势和比较: a branch over its published quarters against its group, and the groups of the period side by side."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.numbers import points as written
from desktop.services.race.trend import GroupFigures, TrendPoint, TrendService
from desktop.ui import theme
from desktop.ui.output import print_paper
from desktop.ui.page import Desk, Page
from desktop.ui.race.explain import TONES
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState, box, button, col, row, text
from desktop.ui.widgets.charts import Chart

if TYPE_CHECKING:
    from desktop.services.archive.race_explained import ExplanationPapers
    from desktop.services.archive.writing import Sink

LINES = (0, 25, 50, 75, 100)
STEP, CLOSE, ROOM = 10, 40, 2
"""The grid around values that lie close together: its step, how far it reaches at most, and the room for figures."""
LEFT, RIGHT, TOP, BOTTOM, DOT = 34.0, 20.0, 22.0, 24.0, 3.5
CHART_HEIGHT, SIDE_WIDTH = 210, 420


POINTS: tuple[Column[TrendPoint], ...] = (
    Column("季度", lambda point: point.period, cell=lambda point: Txt(point.period_name)),
    Column("总分", lambda point: point.total or -1, cell=lambda point: Txt(written(point.total), bold=True), width=84),
    Column(
        "名次",
        lambda point: point.rank or 999,
        cell=lambda point: Txt("—" if point.rank is None else f"{point.rank} / {point.group_size}", "sub"),
        width=80,
    ),
    Column(
        "类别",
        lambda point: point.class_name,
        cell=lambda point: Tag(point.class_name, TONES[point.class_id]),
        width=96,
    ),
    Column(
        "本组均分",
        lambda point: point.group_mean or -1,
        cell=lambda point: Txt(written(point.group_mean), "sub"),
        width=96,
        fold=380,
    ),
)

GROUPS: tuple[Column[GroupFigures], ...] = (
    Column("组别", lambda group: group.name, cell=lambda group: Two(group.name, _classes(group))),
    Column("支部", lambda group: group.size, width=48),
    Column("均分", lambda group: group.mean or -1, cell=lambda group: Txt(written(group.mean), bold=True), width=64),
    Column(
        "最高", lambda group: group.best or -1, cell=lambda group: Txt(written(group.best), "sub"), width=64, fold=400
    ),
    Column(
        "最低", lambda group: group.least or -1, cell=lambda group: Txt(written(group.least), "sub"), width=64, fold=400
    ),
)


def grid_of(values: Sequence[Decimal | None]) -> tuple[int, ...]:
    """Return the lines of the grid: where all that is known lies close together, only those around it."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return LINES
    low, high = (int((min(known) - ROOM) // STEP) * STEP, -int(-(max(known) + ROOM) // STEP) * STEP)
    low, high = max(LINES[0], low), min(LINES[-1], high)
    return tuple(range(low, high + STEP, STEP)) if low < high <= low + CLOSE and max(known) <= high else LINES


def _classes(group: GroupFigures) -> str:
    return "、".join(f"{name} {number}" for _, name, number in group.classes)


class Trend(Chart):
    """Totals over the quarters as a line, with the mean of the group dashed behind it."""

    def __init__(self, name: str = "历季走势", own: str = "本支部", dashed: str = "本组均分") -> None:
        """`own` and `dashed`: what its two lines are."""
        super().__init__(name)
        self._name, self._points = name, tuple[TrendPoint, ...]()
        self._lines = (own, dashed)
        self.setMinimumHeight(CHART_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(360, CHART_HEIGHT)

    def show_points(self, points: Sequence[TrendPoint]) -> None:
        """Show the quarters, the earliest at the left."""
        self._points = tuple(points)
        own, dashed = self._lines
        said = [
            f"{each.period_name} {own} {written(each.total)}、{dashed} {written(each.group_mean)}" for each in points
        ]
        self.setAccessibleName(f"{self._name}：{'；'.join(said) or '还没有数'}")
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the grid, the group, the branch with its figures."""
        body = area.adjusted(LEFT, TOP, -RIGHT, -BOTTOM)
        lines = grid_of([value for each in self._points for value in (each.total, each.group_mean)])
        low, high = lines[0], lines[-1]

        def up(value: float) -> float:
            return body.bottom() - body.height() * (value - low) / (high - low)

        for height in lines:
            y = up(height)
            painter.setPen(QPen(QColor(theme.HAIR), 1))
            painter.drawLine(QPointF(body.left(), y), QPointF(body.right(), y))
            painter.setPen(QColor(theme.SUB))
            place = QRectF(area.left(), y - 9, LEFT - 8, 18)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(height))
        step = body.width() / max(1, len(self._points))
        across = [body.left() + step * (number + 0.5) for number in range(len(self._points))]

        def line(values: Sequence[Decimal | None]) -> list[QPointF]:
            pairs = zip(across, values, strict=True)
            return [QPointF(x, up(float(v))) for x, v in pairs if v is not None]

        group, own = line([each.group_mean for each in self._points]), line([each.total for each in self._points])
        painter.setPen(QPen(QColor(theme.AMBER_BAR), 1.5, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(group))
        painter.setPen(QPen(QColor(theme.RED), 2))
        painter.drawPolyline(QPolygonF(own))
        painter.setBrush(QColor(theme.RED))
        for spot in own:
            painter.drawEllipse(spot, DOT, DOT)
        for x, each in zip(across, self._points, strict=True):
            for value, other, ink in (
                (each.total, each.group_mean, theme.INK), (each.group_mean, each.total, theme.SUB),
            ):  # fmt: skip
                if value is None:
                    continue
                lower = other is not None and value < other  # the higher figure over its line, the lower one under it
                painter.setPen(QColor(ink))
                box = QRectF(x - step / 2, up(float(value)) + (3 if lower else -21), step, 18)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, written(value))
        painter.setPen(QColor(theme.SUB))
        for x, each in zip(across, self._points, strict=True):
            place = QRectF(x - step / 2, body.bottom() + 4, step, 18)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, each.period_name.replace("年", "."))


class TrendPage(Page):
    """走势和比较, over the ranking."""

    def __init__(self, desk: Desk, branch_id: str, name: str, period: str, period_name: str) -> None:
        super().__init__(desk)
        self.title = "走势和比较"
        self._name, self._branch, self._period, self._period_name = name, branch_id, period, period_name
        self.service = desk.service(TrendService)
        self.chart = Trend()
        self.print_button = self.desk.offered(Act.EXPORT, button("打印各组比较", self.print_groups, icon="printer"))
        empty = EmptyState("trending-up", "还没有公布过的季度。", "公布一个季度，这里就多一点。")
        self.points: DataTable[TrendPoint] = DataTable(POINTS, "历季走势", empty, look="bare")
        none = EmptyState("trophy", "这一期还没有计分。", "计分以后才能比较。")
        self.groups: DataTable[GroupFigures] = DataTable(GROUPS, "各组比较", none, height=46, look="bare")
        left = box(
            col(
                row(text(name, "h2"), ..., text("红线是本支部，虚线是本组均分", "small"), pad=(16, 12, 16, 0)),
                self.chart, (self.points, 1), gap=6,
            ),
            "card",
        )  # fmt: skip
        right = box(
            col(
                row(text(f"{period_name}各组", "h2"), pad=(16, 12, 16, 0)), (self.groups, 1),
                row((text("只算参加名次的支部，不跨组排名。", "small", wrap=True), 1), pad=(16, 4, 16, 12)),
                gap=6,
            ),
            "card",
        )  # fmt: skip
        right.setMaximumWidth(SIDE_WIDTH + 60)
        self.setLayout(row((left, 3), (right, 2), gap=12, pad=(24, 14, 24, 16)))

    def subtitle(self) -> str:
        """Say which period the groups are of."""
        return f"{self._name}　{self._period_name}"

    def bar_actions(self) -> Sequence[QWidget]:
        """The paper of the groups."""
        return (self.print_button,)

    def reload(self) -> None:
        """Read the quarters of the branch and the groups of the period."""
        branch, period = self._branch, self._period
        self.read(lambda: (self.service.trend(branch), self.service.groups(period)), lambda read: self._loaded(*read))

    def print_groups(self) -> None:
        """Write the groups beside one another as a paper."""
        period = self._period
        name = f"{self._period_name}赛马各组比较"
        print_explained(self, name, lambda papers, path: papers.groups(period, path))

    def _loaded(self, points: list[TrendPoint], groups: list[GroupFigures]) -> None:
        self.chart.show_points(points)
        self.points.set_rows(points)
        self.groups.set_rows(groups)


def print_explained(page: Page, name: str, write: "Callable[[ExplanationPapers, Sink], object]") -> None:
    """Show a paper about results called `name`, to print it."""

    def work(to: "Sink") -> object:
        from desktop.services.archive.race_explained import ExplanationPapers

        return write(ExplanationPapers(page.desk.store), to)

    print_paper(page, name, work)
