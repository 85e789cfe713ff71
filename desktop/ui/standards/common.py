"""How scores look: points, tones, cells of the year."""

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from desktop.services.numbers import digits, hundredths
from desktop.services.standards.quality import LEVEL_WORDS
from desktop.services.standards.score import Gap, ItemScore, Job
from desktop.services.standards.verdict import NOT_APPLICABLE, RUNNING
from desktop.ui.table_model import Bar, Cell, Txt
from desktop.ui.widgets import Item, text
from desktop.ui.widgets.periods import PeriodCell

if TYPE_CHECKING:
    from desktop.ui.page import Desk

LITTLE = Fraction(1, len(LEVEL_WORDS) - 1)
"""Up to this share of its points something is hardly done: the level above none, 有形无实."""
STATUS_TONES = {
    "met": "good",
    "partly": "part",
    "open": "bad",
    "running": "run",
    "pending": "wait",
    "not_applicable": "none",
}
CELL_STATES = {"met": "ok", "partly": "late", "missing": "no", "running": "run", "ahead": "", "none": "none"}
CELL_WORDS = {
    "met": "已完成",
    "partly": "部分",
    "missing": "缺",
    "running": "进行中",
    "ahead": "未到期",
    "none": "不要求",
}


def score_day(desk: "Desk") -> date:
    """Return the day the year in view is judged on: today, or the last day of a past year."""
    today: date = desk.store.today
    return today if desk.year == today.year else date(desk.year, 12, 31)


def full(hundredths: int) -> str:
    """Return a full mark without needless decimals."""
    return digits(hundredths / 100)


def made_up(item: ItemScore) -> list[Item]:
    """Say why an item has no points whose record was found made up; nothing where none was."""
    words = f"按弄虚作假处理：{item.fabricated}"
    return [text(words, "small", "bad", wrap=True)] if item.fabricated else []


def trace_cell(item: ItemScore) -> Cell:
    """Return the cell of the trace points (痕迹)."""
    if item.status == NOT_APPLICABLE or not item.trace_max:
        return Txt("—", "sub")
    if item.trace_points is None:
        return Bar(0, item.trace_max / 100, instead="未到期" if item.status == RUNNING else "待评")
    share = item.trace_points / item.trace_max
    tone = "good" if share >= 1 else "part" if share > LITTLE else "bad"
    return Bar(item.trace_points / 100, item.trace_max / 100, tone)


def quality_cell(item: ItemScore) -> Cell:
    """Return the cell of the quality points (质量)."""
    if item.status == NOT_APPLICABLE or not item.quality_max:
        return Txt("—", "sub")
    if item.quality_points is None:
        return Bar(0, item.quality_max / 100, instead="待评")
    return Bar(
        item.quality_points / 100, item.quality_max / 100, quality_tone(item.quality_points, item.quality_judged_max)
    )


def quality_tone(share: Fraction | int | None, whole: int = 1) -> str:
    """Return the tone of what was judged: grey where nothing was, no green for what is hardly done."""
    if share is None or not whole:
        return "wait"
    return "good" if share / whole > LITTLE else "bad"


def period_cells(item: ItemScore) -> list[PeriodCell]:
    """Return the strip of an item's periods."""
    out = []
    for cell in item.cells:
        part = f"（{cell.done}/{cell.asked}）" if cell.asked > 1 else ""
        out.append(PeriodCell(cell.short, CELL_STATES[cell.state], f"{cell.label}：{CELL_WORDS[cell.state]}{part}"))
    return out


def gain_words(gap: Gap | Job) -> str:
    """Return what mending brings, in points."""
    if not gap.mendable:
        return "不加分"
    return f"+{hundredths(gap.gain)}" if gap.gain else "—"


def deadline(by: date | None, today: date) -> tuple[str, str]:
    """Return how far a day is, and its tone."""
    if by is None:
        return "", ""
    days = (by - today).days
    if days < 0:
        return f"逾期 {-days} 天", "bad"
    if days == 0:
        return "今天", "part"
    if days <= 7:
        return f"还有 {days} 天", "part"
    return f"{by.month} 月 {by.day} 日前", ""


def short_name(name: str) -> str:
    """Return a dimension's name in about four characters, for charts: 支部班子队伍建设 is 班子队伍."""
    core = re.sub(r"党的|支部|党员", "", name)
    core = core[0] + core[1:].replace("工作", "") if len(core) > 4 else core
    return core[:4]
