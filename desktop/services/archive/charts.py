"""Charts of the score report: a radar of shares and bars of points, in the colours of the window."""

import math

from desktop.services.archive.blocks import Bars, Radar
from desktop.services.archive.fonts import HEI, SONG
from desktop.services.archive.pen import (
    AMBER_BAR,
    FAINT,
    GREEN_BAR,
    HAIR,
    INK,
    RED,
    RED_SOFT,
    REST,
    SLATE_BAR,
    SUB,
    Pen,
)
from desktop.services.archive.typesetting import Align, Face, set_lines, width_of
from desktop.services.numbers import percent

LABEL = Face(SONG, 9.5, 13, Align.LEFT, colour=INK)
VALUE = Face(HEI, 9, 13, Align.LEFT, colour=RED)
SMALL = Face(SONG, 9, 13, Align.LEFT, colour=SUB)

BAR_ROW = 21.0
_LEGEND = 20.0


def _say(pen: Pen, text: str, x: float, middle: float, look: Face) -> None:
    pen.lines(set_lines(text, look, 1000.0), x, middle + look.leading / 2, look)


def draw_radar(pen: Pen, chart: Radar, x: float, top: float, width: float, height: float) -> None:
    """Draw `chart` into the box whose upper left corner is (x, top)."""
    count = len(chart.labels)
    legend = _LEGEND if any(chart.legend) else 0.0
    centre_x, centre_y = x + width / 2, top - (height - legend) / 2
    radius = (height - legend) / 2 - 26
    angles = [math.pi / 2 - 2 * math.pi * index / count for index in range(count)]

    def point(index: int, share: float) -> tuple[float, float]:
        reach = radius * max(0.0, min(1.0, share))
        return centre_x + reach * math.cos(angles[index]), centre_y + reach * math.sin(angles[index])

    own = [point(index, value) for index, value in enumerate(chart.values)]
    pen.polygon(own, fill=RED_SOFT)
    for ring in (0.25, 0.5, 0.75, 1.0):
        pen.polygon([point(index, ring) for index in range(count)], line=HAIR, width=0.6)
    pen.rules([(centre_x, centre_y, *point(index, 1.0)) for index in range(count)], HAIR, 0.6)
    if chart.reference:
        pen.polygon([point(index, v) for index, v in enumerate(chart.reference)], line=AMBER_BAR, width=1.1, dash="3 2")
    pen.polygon(own, line=RED, width=1.4)
    for dot_x, dot_y in own:
        pen.polygon(
            [(dot_x + 2 * math.cos(a * math.pi / 4), dot_y + 2 * math.sin(a * math.pi / 4)) for a in range(8)], fill=RED
        )
    for index, (label, value) in enumerate(zip(chart.labels, chart.values, strict=True)):
        cosine, sine = math.cos(angles[index]), math.sin(angles[index])
        edge_x, edge_y = centre_x + (radius + 9) * cosine, centre_y + (radius + 12) * sine
        share = percent(value, places=0)
        label_width, gap = width_of(label, LABEL), 4.0
        both = label_width + gap + width_of(share, VALUE)
        start = edge_x - (both if cosine < -0.2 else both / 2 if cosine < 0.2 else 0)
        _say(pen, label, start, edge_y, LABEL)
        _say(pen, share, start + label_width + gap, edge_y, VALUE)
    if legend:
        _legend(pen, [(RED, chart.legend[0]), (AMBER_BAR, chart.legend[1])], x, top - height + legend / 2, width)


def _legend(pen: Pen, entries: list[tuple[str, str]], x: float, middle: float, width: float) -> None:
    shown = [(colour, text) for colour, text in entries if text]
    total = sum(width_of(text, SMALL) + 14 for _, text in shown) + 18 * (len(shown) - 1)
    at = x + (width - total) / 2
    for colour, text in shown:
        pen.area(at, middle - 3.5, 9, 7, colour)
        _say(pen, text, at + 14, middle, SMALL)
        at += width_of(text, SMALL) + 14 + 18


def bars_height(chart: Bars) -> float:
    """Return the height `draw_bars` needs."""
    return BAR_ROW * len(chart.bars) + (_LEGEND if any(chart.legend) else 0.0)


def draw_bars(pen: Pen, chart: Bars, x: float, top: float, width: float) -> None:
    """Draw `chart` into the box whose upper left corner is (x, top)."""
    label_width = max((width_of(bar.label, LABEL) for bar in chart.bars), default=0.0) + 10
    text_width = max((width_of(bar.text, SMALL) for bar in chart.bars), default=0.0) + 8
    room = width - label_width - text_width
    longest = max((bar.full for bar in chart.bars), default=1.0) or 1.0
    for index, bar in enumerate(chart.bars):
        middle = top - BAR_ROW * (index + 0.5)
        _say(pen, bar.label, x, middle, LABEL)
        start, scale = x + label_width, room / longest
        pen.area(start, middle - 4, bar.full * scale, 8, REST)
        if bar.value > 0:
            pen.area(start, middle - 4, bar.value * scale, 8, GREEN_BAR)
        if bar.waiting > 0:
            pen.area(start + bar.value * scale, middle - 4, bar.waiting * scale, 8, SLATE_BAR)
        _say(pen, bar.text, x + width - text_width + 8, middle, SMALL)
    pen.rules([(x + label_width, top, x + label_width, top - BAR_ROW * len(chart.bars))], FAINT, 0.5)
    if any(chart.legend):
        entries = [(GREEN_BAR, chart.legend[0]), (SLATE_BAR, chart.legend[1])]
        _legend(pen, entries, x, top - BAR_ROW * len(chart.bars) - _LEGEND / 2, width)
