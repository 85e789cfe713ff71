"""What stands on a day, drawn small: one look for the month, the quarter and the list."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QDrag, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.plans import DutyState
from desktop.services.year_plan.days import refusal
from desktop.services.year_plan.rows import Duty, Event, YearPlan
from desktop.ui import theme

CHIP = 19
MIME = "application/x-branch-desk-plan"
LEGEND = (
    ("✓", "good", "已开"),
    ("", "run", "标准要求，待开"),
    ("", "wait", "自己安排"),
    ("", "part", "总部安排"),
    ("缺", "solid", "缺"),
)
STATE_TONES = {
    DutyState.HELD: "good",
    DutyState.PLANNED: "run",
    DutyState.NOTIFIED: "run",
    DutyState.UNDATED: "part",
    DutyState.OVERDUE: "bad",
    DutyState.MISSING: "solid",
}


@dataclass(frozen=True, slots=True)
class Stand:
    """One chip of a day: what is planned or was held there, or a duty whose period ended without it."""

    event: Event | None = None
    duty: Duty | None = None

    @property
    def key(self) -> str:
        """What it is called by while it is dragged."""
        return self.event.id if self.event is not None else self.duty.key if self.duty is not None else ""

    @property
    def words(self) -> str:
        """What stands in the chip."""
        if self.event is None:
            return f"缺 {self.duty.what}" if self.duty is not None else ""
        mark = {DutyState.HELD: "✓", DutyState.OVERDUE: "! "}.get(self.event.state, "")
        return f"{mark}{self.event.name}"

    @property
    def tone(self) -> str:
        """Held, asked for, the branch's own, of headquarters, late."""
        if self.event is None:
            return "solid"
        if self.event.state in (DutyState.HELD, DutyState.OVERDUE):
            return STATE_TONES[self.event.state]
        return "part" if self.event.above else "run" if self.event.duties else "wait"

    def told(self) -> str:
        """Say who, where and what it serves, for the one that points at it."""
        if self.event is None:
            return f"{self.duty.title}没有记录，点开补录。{self.duty.item_id} {self.duty.item}" if self.duty else ""
        event = self.event
        lines = [
            f"{event.on.month}月{event.on.day}日 {event.started_at} {event.name}".replace("  ", " "),
            event.topic,
            "，".join(filter(None, (event.who, event.place))),
            _asked_by(event),
            event.state.label,
        ]
        return "\n".join(filter(None, lines))


def _asked_by(event: Event) -> str:
    if event.duties:
        return f"对应 {event.serves}"
    return event.fixed if event.above else "自己安排，标准没有要求"


def stands_on(plan: YearPlan, day: date) -> list[Stand]:
    """Return the chips of a day, what is late first."""
    missing = [duty for duty in plan.duties if duty.state is DutyState.MISSING and duty.last == day]
    return [*(Stand(duty=duty) for duty in missing), *(Stand(event) for event in plan.on(day))]


def refused(plan: YearPlan, key: str, day: date) -> str:
    """Return why what is dragged may not lie on a day."""
    event, duty = plan.event(key), plan.duty(key)
    if event is not None:
        return event.fixed or ("" if day == event.on else refusal(event.window, day, plan.today))
    return refusal((duty.first, duty.last), day, plan.today) if duty is not None else "没有这件事了"


def name_of(plan: YearPlan, key: str) -> str:
    """Return what a dragged thing is called."""
    event, duty = plan.event(key), plan.duty(key)
    return event.name if event is not None else duty.what if duty is not None else ""


def paint(painter: QPainter, area: QRectF, words: str, tone: str, *, chosen: bool = False) -> None:
    """Draw a chip over the whole of `area`."""
    ink, fill, edge = (QColor(colour) for colour in theme.TONES[tone])
    painter.setPen(QPen(QColor(theme.RED) if chosen else edge, 2 if chosen else 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(theme.font(12))
    painter.setPen(ink if tone != "run" else QColor(theme.INK))
    inner = area.adjusted(6, 0, -4, 0)
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(inner.width()))
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def carried(key: str) -> QMimeData:
    """Return what travels with the pointer."""
    data = QMimeData()
    data.setData(MIME, QByteArray(key.encode("utf-8")))
    return data


def key_of(data: QMimeData) -> str:
    """Return what a drag carries of ours, "" for anything else."""
    return bytes(data.data(MIME).data()).decode("utf-8") if data.hasFormat(MIME) else ""


def drag(source: QWidget, key: str, words: str) -> None:
    """Let the user carry something to a day; Esc cancels."""
    ratio = source.devicePixelRatioF()
    picture = QPixmap(int(120 * ratio), int((CHIP + 12) * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QRectF(0, 0, 118, CHIP + 10), words, "run", chosen=True)
    painter.end()
    moving = QDrag(source)
    moving.setMimeData(carried(key))
    moving.setPixmap(picture)
    moving.setHotSpot(QPoint(20, 14))
    moving.exec(Qt.DropAction.MoveAction)
