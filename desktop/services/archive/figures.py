"""Pictures and charts set into boxes."""

from dataclasses import replace

from desktop.services.archive import blocks as b
from desktop.services.archive import charts
from desktop.services.archive.boxes import Box, Drawn, Places, Text
from desktop.services.archive.composer import Composer
from desktop.services.archive.pen import Pen
from desktop.services.archive.styles import MM
from desktop.services.archive.tree import draw_tree, tree_height
from desktop.services.archive.typesetting import Align


def picture_box(block: b.Picture, composer: Composer) -> Box:
    """Return a picture with its caption, or a sentence in place of one that cannot be shown."""
    style = composer.style
    caption = composer.lines(block.caption, style.note.aligned(Align.CENTER), style.measure) if block.caption else []
    if block.image is None:
        face = style.note.aligned(Align.CENTER)
        words = f"（图像无法显示，见所附原件：{block.caption or block.record}）"
        instead = Text(composer.lines(words, face, style.measure), face)
        instead.before = instead.after = 6.0
        return instead
    image, pixels = block.image, (block.image.width, block.image.height)
    scale = min(style.measure / pixels[0], block.height_mm * MM / pixels[1], 72 / 96)
    width, height = pixels[0] * scale, pixels[1] * scale

    def draw(pen: Pen, x: float, top: float, places: Places) -> None:
        pen.picture(image, (x + (style.measure - width) / 2, top - height, width, height))
        if caption:
            pen.lines(caption, x, top - height - 3, style.note)

    box = Drawn(height + (3 + len(caption) * style.note.leading if caption else 0), draw)
    box.before = box.after = 8.0
    return box


def corner_box(block: b.Corner, composer: Composer) -> Box:
    """Return a picture that hangs down from the upper right corner."""
    height = block.height_mm * MM
    width = block.image.width * height / block.image.height
    edge = composer.style.measure
    return Drawn(
        0.0, lambda pen, x, top, _places: pen.picture(block.image, (x + edge - width, top - height, width, height))
    )


def radar_box(block: b.Radar, composer: Composer) -> Box:
    """Return a radar chart."""
    block = replace(block, labels=tuple(composer.chart_text(label) for label in block.labels))
    height = block.height_mm * MM
    measure = composer.style.measure
    box = Drawn(height, lambda pen, x, top, places: charts.draw_radar(pen, block, x, top, measure, height))
    box.before = box.after = 4.0
    return box


def tree_box(block: b.Tree, composer: Composer) -> Box:
    """Return the chart of a branch."""
    said = composer.chart_text

    def cells(of: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((said(name), said(below)) for name, below in of)

    tree = replace(
        block,
        trunk=tuple(said(words) for words in block.trunk),
        posts=cells(block.posts),
        groups=cells(block.groups),
    )
    measure = composer.style.measure
    box = Drawn(tree_height(tree), lambda pen, x, top, _places: draw_tree(pen, tree, x, top, measure))
    box.before = box.after = 4.0
    return box


def bars_box(block: b.Bars, composer: Composer) -> Box:
    """Return a chart of bars."""
    bars = tuple(
        replace(bar, label=composer.chart_text(bar.label), text=composer.chart_text(bar.text)) for bar in block.bars
    )
    block = replace(block, bars=bars)
    measure = composer.style.measure
    box = Drawn(charts.bars_height(block), lambda pen, x, top, places: charts.draw_bars(pen, block, x, top, measure))
    box.before = box.after = 6.0
    return box
