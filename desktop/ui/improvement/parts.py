"""The parts of the board: the time line of a plan, a figure before and now, a card, a lane."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLayout, QSizePolicy, QWidget

from desktop.services.improvement.plan import lacking_figures
from desktop.services.improvement.rows import ActionRow, Comparison, PlanRow, StageRow
from desktop.services.numbers import written
from desktop.ui import theme
from desktop.ui.widgets import Chip, Elided, Glyph, Meter, RowButton, box, clear, col, fixed, row, scroll, text
from desktop.ui.widgets.layout import add

LANE_LETTER, CARD_HEIGHT, COUNT_HEIGHT = 24, 118, 38


def day(on: date, today: date) -> str:
    """Return a day without its year where that is this year."""
    return f"{on:%m-%d}" if on.year == today.year else f"{on:%Y-%m-%d}"


class TimeLine(QWidget):
    """The days of a plan: its stages as parts of a bar, and where today is."""

    def __init__(self) -> None:
        super().__init__()
        self._plan: PlanRow | None = None
        self.setMinimumWidth(220)
        self.setFixedHeight(62)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_plan(self, plan: PlanRow) -> None:
        """Show the days of `plan`."""
        self._plan = plan
        here = f"今天，第 {plan.day} 天" if plan.open else plan.stage.label
        self.setAccessibleName(f"时间轴：共 {plan.days} 天，{here}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 62)

    def paintEvent(self, _event: QPaintEvent) -> None:
        plan = self._plan
        if plan is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, width, top = 4.0, self.width() - 8.0, 28.0
        days = max(plan.days, 1)

        def at(number: float) -> float:
            return left + width * min(max(number, 0.0), days) / days

        now, begin = at(plan.day - 1), 0
        painter.setPen(Qt.PenStyle.NoPen)
        passed = True
        for stage in plan.stages:
            start, end = at(begin), at(stage.within_days) - 3
            painter.fillRect(QRectF(start, top, max(end - start, 2), 6), QColor(theme.TRACK))
            passed = passed and not stage.current
            if plan.open and (passed or stage.current):
                tone = theme.GREEN_BAR if passed else theme.AMBER_BAR
                until = end if passed else max(min(now, end), start)
                painter.fillRect(QRectF(start, top, max(until - start, 0), 6), QColor(tone))
            elif not plan.open:
                painter.fillRect(QRectF(start, top, max(end - start, 2), 6), QColor(theme.GREEN_BAR))
            self._name(painter, stage, start, end + 3)
            begin = stage.within_days
        if plan.open:
            self._today(painter, plan, now, top + 3)

    def _name(self, painter: QPainter, stage: StageRow, start: float, end: float) -> None:
        painter.setFont(theme.font(12, bold=stage.current))
        painter.setPen(QColor(theme.INK if stage.current else theme.SUB))
        words = f"{stage.letter}　{stage.within_days} 天"
        if painter.fontMetrics().horizontalAdvance(words) + 8 > end - start:
            words = stage.letter
        painter.drawText(QPointF(start, 54), words)

    def _today(self, painter: QPainter, plan: PlanRow, x: float, y: float) -> None:
        painter.setPen(QPen(QColor(theme.CARD), 2))
        painter.setBrush(QColor(theme.INK))
        painter.drawEllipse(QPointF(max(x, 7), y), 7, 7)
        late = plan.stage_late
        words = f"今天，第 {plan.day} 天" + ("，本环节已超期" if late else "")
        painter.setFont(theme.font(12, bold=True))
        painter.setPen(QColor(theme.RED if late else theme.INK))
        advance = painter.fontMetrics().horizontalAdvance(words)
        painter.drawText(QPointF(min(max(x - 6, 0), self.width() - advance - 2), 14), words)


def compared(figure: Comparison) -> QWidget:
    """Return a figure before the plan and now, over its name and goal."""
    figures = row(
        text(figure.before_words, "sub"),
        text("→", "sub"),
        text(figure.now_words, "strong"),
        ...,
        gap=5,
    )
    goal = f"，目标 {figure.goal_words}" if figure.goal is not None else ""
    return box(col(figures, text(f"{short(figure.name)}{goal}", "small"), gap=6))


def short(name: str) -> str:
    """Return the name without what stands in brackets."""
    return name.partition("（")[0]


def _state(measure: ActionRow, planning: bool) -> tuple[str, str]:
    if measure.reached:
        return "达标", "good"
    lacking = lacking_figures(measure.base, measure.goal)
    if lacking and measure.counts is not None:  # what is counted is told, planned or not
        return lacking, "part"
    if planning and not measure.progress:
        return "未开始", ""
    if measure.actual is None:
        return "未填进展", ""
    return (f"完成 {measure.progress:.0%}", "") if measure.progress is not None else (lacking, "")


def _due(measure: ActionRow, today: date, ended: bool) -> QWidget:
    if ended and not measure.reached:
        return Chip("转入下一轮", "none")
    if ended:
        return text("")
    if measure.overdue_days:
        return Chip(f"逾期 {measure.overdue_days} 天", "bad")
    if measure.reached and measure.lane != "P":  # what came of it is written once the plan is carried out
        return Chip("已写做法", "good") if measure.gain.strip() else Chip("待写做法", "part")
    if measure.due_on is None:
        return Chip("没有期限", "part")
    return text(f"{day(measure.due_on, today)} 前", "small")


def action_card(
    measure: ActionRow,
    planning: bool,
    today: date,
    action: Callable[[], object],
    *,
    slim: bool = False,
    ended: bool = False,
    count: QWidget | None = None,
) -> QFrame:
    """Return one measure as a card that opens its form; a slim one leaves out what its bar and chip say too.

    `count` stands under it: what lets its records count, where it could count by some.
    """
    title, _, rest = measure.what.partition("：")
    source = measure.item_id or measure.indicator_name
    counted = f"按{measure.counts.label}的记录计数" if measure.counts is not None else ""
    alone = "上轮转入" if measure.rolled_over else "按类别要求"
    under = "：".join(filter(None, (source or counted, rest))) or alone
    unit = measure.unit or ""
    state, tone = _state(measure, planning)
    actual = measure.base if planning and measure.counts is None else measure.actual
    figures: QWidget | QLayout = Elided(lacking_figures(measure.base, measure.goal), "small", "part")
    share = measure.progress or 0.0
    if measure.goal is None and measure.counts is not None:
        told = f"{unit}，{state}" if slim else unit
        figures = row(text(written(actual), "strong"), (Elided(told, "small"), 1), gap=4)
    elif measure.base is not None and measure.goal is not None and slim:
        figures = row(text(written(actual), "strong"), (Elided(f"/ {written(measure.goal)} {unit}", "small"), 1), gap=4)
    elif measure.base is not None and measure.goal is not None:
        figures = row(
            text(written(measure.base), "sub"),
            text("→", "sub"),
            text(written(actual), "strong"),
            text(f"/ {written(measure.goal)} {unit}", "small"),
            gap=4,
        )
    owner = measure.owner_name or measure.owner_post_name
    who = Elided(owner or "还没有责任人", "sub", "" if owner else "part")
    lines = col(
        Elided(title, "strong"),
        Elided(under, "small"),
        row((figures, 1)) if slim else row(figures, ..., text(state, "small", tone), gap=6),
        Meter(1, (share, "good" if measure.reached else "part"), height=5),
        row((who, 1), _due(measure, today, ended), gap=6),
        gap=5,
        pad=(10, 8, 10, 8),
    )
    said = f"{measure.what}，{state}，{owner}"
    card = RowButton(said, lines, action)
    card.setToolTip(measure.what)
    if count is None:
        return fixed(box(col(card), "card"), height=CARD_HEIGHT)
    return fixed(box(col(card, row(count, ..., pad=(10, 0, 10, 6))), "card"), height=CARD_HEIGHT + COUNT_HEIGHT)


class Lane(QFrame):
    """One stage: its name, its cards, and at the foot what its gate asks for. The current one has a red edge."""

    def __init__(self, letter: str) -> None:
        super().__init__()
        self.setObjectName("lane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.letter, self._current = letter, False
        self._mark = _Letter(letter)
        self._name, self._title = text("", "h2"), Elided("", "small")
        self._count = text("", "strong")
        head = row(self._mark, self._name, (self._title, 1), self._count, gap=8)
        self._cards = col(gap=8, pad=(0, 0, 4, 0))
        self._more, self._foot = col(gap=0), row(gap=6)
        self.setMinimumWidth(150)
        self.setLayout(
            col(head, (scroll(self._cards), 1), box(self._more), box(self._foot), gap=8, pad=(10, 10, 8, 10))
        )

    def show_stage(self, stage: StageRow, cards: Sequence[QWidget], more: QWidget | None, foot: QWidget) -> None:
        """Show the cards of a stage and its gate."""
        self._current = stage.current
        self._mark.show_state(stage.current)
        self._name.setText(stage.name)
        self._title.set_words(stage.title)
        self._count.setText(str(len(cards)))
        self.setAccessibleName(f"{stage.name}，{len(cards)} 条措施，{stage.gate}")
        for layout in (self._cards, self._more, self._foot):
            clear(layout)
        for card in cards:
            add(self._cards, card)
        add(self._cards, ...)
        add(self._more, more)
        add(self._foot, foot)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._current:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.RED), 3))
            edge = QRectF(1.5, 1.5, self.width() - 3, 16)
            painter.setClipRect(QRectF(0, 0, self.width(), 7))
            painter.drawRoundedRect(edge, 8, 8)


class _Letter(QWidget):
    def __init__(self, letter: str) -> None:
        super().__init__()
        self._letter, self._current = letter, False
        self.setFixedSize(LANE_LETTER, LANE_LETTER)

    def show_state(self, current: bool) -> None:
        self._current = current
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.RED if self._current else theme.CARD))
        painter.drawEllipse(self.rect())
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(QColor(theme.CARD if self._current else theme.SUB))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)


def gate_line(stage: StageRow, action: Callable[[], object] | None) -> QWidget:
    """Return the foot of a lane: what the gate asks for; pressed, it opens where that is written."""
    ready = stage.current and not stage.lacks
    done = stage.gate == "已完成"
    mark = Glyph("circle-check" if ready or done else "clock", theme.GREEN if ready else theme.SUB, 16)
    words = Elided(stage.gate, "small", "good" if ready else "")
    line = row(mark, (words, 1), gap=6, pad=(2, 3, 2, 3))
    if action is None:
        return box(line)
    out = RowButton(f"{stage.name}：{stage.gate}", line, action)
    out.setToolTip(stage.gate)
    return out
