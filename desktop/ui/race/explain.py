"""One result of the race explained to the last point: indicators against the leaders, why, and what would move it."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.services.numbers import digits, signed
from desktop.services.numbers import points as written
from desktop.services.race.raising import Appealable
from desktop.services.race.rows import IndicatorView, MoveView, PartView, RaceRow
from desktop.ui.widgets import Chip, Elided, Meter, RowButton, appear, box, col, fixed, link, row, text
from desktop.ui.widgets.layout import Item

TONES = {"advanced": "solid", "middle": "part", "lagging": "none", "unclassed": "run"}
BAR_TONES = {"advanced": "solid", "middle": "part", "lagging": "wait", "unclassed": "none"}
NAME_WIDTH, WIDE_NAME_WIDTH, POINTS_WIDTH, GAP_WIDTH = 112, 218, 92, 54
STANDARD = "H1"
"""The indicator of the race that is the score of the standard."""
WEAK = 3
"""So many of the widest gaps are set in bold."""


def class_chip(result: RaceRow) -> Chip:
    """Return the class as a chip."""
    return Chip(result.class_name, TONES[result.class_id])


def place(result: RaceRow) -> str:
    """Say the rank: 第 4 名 / 9."""
    return "未排名" if result.rank is None else f"第 {result.rank} 名 / {result.group_size}"


def movement(result: RaceRow) -> str:
    """Say how the rank moved since the period before; a dash where there is nothing to compare."""
    if result.movement is None:
        return "—"
    return "平" if not result.movement else f"{'升' if result.movement > 0 else '降'} {abs(result.movement)}"


def gap(indicator: IndicatorView) -> Decimal | None:
    """Return how far the indicator is from the leaders' mean; None where one of both is missing."""
    return None if indicator.points is None or indicator.leaders is None else indicator.points - indicator.leaders


def note(result: RaceRow, more: str = "") -> str:
    """Say how to read the lines of the indicators, and `more`; without leaders nothing stands against them."""
    led = any(indicator.leaders is not None for indicator in result.indicators)
    return "；".join(filter(None, ("黑线为先进支部均分，右列是差距" if led else "", more)))


def weakest(result: RaceRow) -> set[str]:
    """Return the indicators with the widest gaps to the leaders."""
    behind = [
        (below, indicator.id) for indicator in result.indicators if (below := gap(indicator)) is not None and below < 0
    ]
    return {key for _gap, key in sorted(behind)[:WEAK]}


def sum_words(result: RaceRow) -> str:
    """Say how the points become the total."""
    scored = [indicator for indicator in result.indicators if indicator.points is not None]
    if not scored or result.base is None:
        return ""
    got = sum((indicator.points or Decimal(0) for indicator in scored), Decimal(0))
    full = sum(indicator.weight for indicator in scored)
    words = f"各项合计 {written(got)} / {digits(full)}"
    if full != sum(indicator.weight for indicator in result.indicators):
        words += f"，折算 {written(result.base)}"
    taken = sum((penalty.points for penalty in result.penalties), Decimal(0))
    return words + (f"，扣分 {signed(taken)}" if taken else "")


class IndicatorLine(QWidget):
    """One indicator against the leaders; opened, it shows each value, where it comes from and what it brought."""

    def __init__(
        self, indicator: IndicatorView, weak: bool, wide: bool, apart: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        behind = gap(indicator)
        title = text(indicator.name, "strong" if weak else "body")
        name: QWidget = fixed(title, NAME_WIDTH)
        if wide:
            source = _source(indicator)
            name = fixed(box(col(title, Elided(source, "small") if source else None, gap=0)), WIDE_NAME_WIDTH)
        tone = "part" if weak else "good"
        mark = None if indicator.leaders is None else float(indicator.leaders)
        meter = Meter(float(indicator.weight), (float(indicator.points or 0), tone), height=8, mark=mark)
        if indicator.points is None:
            points: Item = text(indicator.status_name, "sub", "wait")
            say = f"{indicator.name}：{indicator.status_name}"
        else:
            points = row(
                text(written(indicator.points), "strong"), text(f"/ {digits(indicator.weight)}", "small"), gap=4
            )
            say = f"{indicator.name}：{written(indicator.points)}，满分 {digits(indicator.weight)}"
        difference = text("" if behind is None else signed(behind), "sub", "bad" if weak else "")
        difference.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = row(
            name,
            (meter, 1),
            fixed(box(row(..., points)), POINTS_WIDTH),
            fixed(difference, GAP_WIDTH),
            gap=10,
            pad=(8, 5, 8, 5) if wide else (8, 2, 8, 2),
        )
        if behind is not None:
            say += f"，与先进支部均分相差 {signed(behind)}"
        self.button = RowButton(say, line, self.toggle)
        self._parts = box(
            col(
                *(_part(part, len(indicator.parts) > 1) for part in indicator.parts),
                row(link("看各条得分和记录", apart), ...) if apart is not None else None,
                gap=4,
                pad=(12, 8, 12, 8),
            ),
            "soft",
        )
        self.setLayout(col(self.button, self._parts, gap=2))
        appear(self._parts, False)

    def toggle(self) -> None:
        """Open or close what lies behind the points."""
        appear(self._parts, self._parts.isHidden())


def _source(indicator: IndicatorView) -> str:
    """Say in one line what the points rest on."""
    if len(indicator.parts) > 1:
        return f"分 {len(indicator.parts)} 项计分"
    part = indicator.parts[0]
    return part.ground if part.value is None else "，".join(filter(None, (part.value_text, part.ground)))


def _part(part: PartView, named: bool) -> QWidget:
    value = f"{part.value_text}" if part.value is not None else "没有数据"
    if part.samples is not None:
        value += f"（样本 {part.samples}）"
    got = "" if part.points is None else f"{written(part.points)} / {digits(part.weight)}"
    head: list[Item] = [text(value, "strong"), ..., text(got, "small")]
    if named:
        head = [(text(part.name, "sub", wrap=True), 1), text(value, "strong"), _right(text(got, "small"), 70)]
    return box(col(row(*head), text(part.basis, "small", wrap=True) if part.basis else None, gap=1))


def indicator_lines(
    result: RaceRow, *, wide: bool = False, standard: Callable[[], object] | None = None
) -> list[QWidget]:
    """Return a line for every indicator of the scheme; where there is room, with its value and source.

    `standard` takes the points of the standard apart, item by item.
    """
    weak = weakest(result)
    return [
        IndicatorLine(indicator, indicator.id in weak, wide, standard if indicator.id == STANDARD else None)
        for indicator in result.indicators
    ]


def why(result: RaceRow) -> list[Item]:
    """Return the reasons of the class."""
    lines: list[Item] = [text(f"为什么{'是' if result.class_id != 'unclassed' else ''}{result.class_name}", "h2")]
    lines += [text(reason, "sub", wrap=True) for reason in result.reasons]
    for mark in (*result.vetoes, *result.penalties):
        points = "否决" if mark in result.vetoes else signed(mark.points)
        lines.append(row((text(f"{mark.name}：{mark.ground}", "sub", wrap=True), 1), text(points, "strong", "bad")))
    return lines


def year_lines(result: RaceRow) -> list[Item]:
    """Return how a year's total is made: its quarters, their mean and the year-end, each with its share."""
    year = result.year
    if year is None:
        return []
    quarters = "，".join(f"{each.period[-1]} 季度 {written(each.total)}" for each in year.quarters)
    parts = (("四季度均分", year.mean, year.quarters_share), ("年终评", year.year_end, year.year_end_share))
    lines: list[Item] = [text("年度总分", "h2"), text(quarters, "sub", wrap=True)]
    for name, points, share in parts:
        lines.append(row((text(f"{name}，占 {share:.0%}", "sub"), 1), text(written(points), "strong")))
    return [*lines, row((text("合计", "sub"), 1), text(written(result.total), "strong"))]


def appeal_lines(result: RaceRow, time: Appealable | None = None, waiting: Sequence[Item] = ()) -> list[Item]:
    """Return until when the branch may appeal against the result, what waits, and what became of its appeals."""
    lines: list[Item] = [text("申诉", "h2")] if time or waiting or result.appeals or result.corrected else []
    if time is not None:
        until = f"{time.settled_on:%Y-%m-%d} 定案，是最终结果。" if time.settled_on is not None else f"{time.words}。"
        lines.append(text(until, "small", wrap=True))
    lines += waiting
    for appeal in result.appeals:
        lines.append(text(f"{appeal.received_on} {appeal.raised_by}：{appeal.ground}", "sub", wrap=True))
        decided = f"{appeal.decided_on} {appeal.decided_by}：{appeal.decision}" if appeal.decided_on else ""
        lines.append(row((text(decided, "sub", wrap=True), 1), text(appeal.state, "strong")))
    if result.corrected:
        lines.append(text(f"再次公布，和上次公布比：{result.corrected}。", "sub", wrap=True))
    return lines


def _sum_chip(result: RaceRow) -> Chip | None:
    chosen = result.chosen_moves
    if not chosen or result.to_next_line is None:
        return None
    gain = sum((move.gain for move in chosen), Decimal(0))
    needed = f"，需 {signed(result.to_next_line)}" if result.to_next_line > 0 else ""
    return Chip(f"{len(chosen)} 项合计 {signed(gain)}{needed}", "good")


def ways(result: RaceRow, mend: Callable[[], object] | None = None) -> list[Item]:
    """Return what would move the branch to the next class; `mend` opens the gaps of the standard."""
    if not result.moves:
        return []
    title = f"怎样进入{result.next_class_name}" if result.next_class_name else "还能提高的"
    if result.vetoes and not result.next_class_name:
        title = "还能提高的分，类别受否决项限制"
    chip = _sum_chip(result)
    lines: list[Item] = [row(text(title, "h2"), ..., chip)]
    chosen = result.chosen_moves or result.moves
    lines += [_move(move, mend if move.indicator == STANDARD else None) for move in chosen]
    others = [move for move in result.moves if move not in chosen]
    if others:
        lines.append(text("另外还可以", "sub"))
        lines += [_move(move, mend if move.indicator == STANDARD else None, small=True) for move in others]
    return lines


def _move(move: MoveView, mend: Callable[[], object] | None, *, small: bool = False) -> QWidget:
    words = text(f"{move.name} {move.now_text} → {move.target_text}", "sub" if small else "body", wrap=True)
    under: Item = None
    if not small and move.full_gain > move.gain:
        under = text(f"做满可得 {signed(move.full_gain)}", "small")
    gain = _right(text(signed(move.gain), "sub" if small else "strong", "good"), GAP_WIDTH)
    action = link("看缺项", mend) if mend is not None else None
    return box(row((col(words, under, gap=0), 1), action, gain, gap=10))


def _right(label: QLabel, width: int) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return fixed(label, width)
