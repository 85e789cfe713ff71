"""Shared parts of all pages: each is drawn once, here. They know Qt and the theme, nothing of services."""

from desktop.ui.widgets.buttons import Segments, button, icon_button, link, menu_button, offer_below
from desktop.ui.widgets.cards import EmptyState, Meter, RowButton, banner, card, figure, paint_meter
from desktop.ui.widgets.layout import Item, appear, box, clear, col, fixed, row, rule, scroll, spread
from desktop.ui.widgets.words import Chip, Elided, Glyph, Swatch, excerpt, paint_chip, set_text, set_tone, text

__all__ = [
    "Chip",
    "Elided",
    "EmptyState",
    "Glyph",
    "Item",
    "Meter",
    "RowButton",
    "Segments",
    "Swatch",
    "appear",
    "banner",
    "box",
    "button",
    "card",
    "clear",
    "col",
    "excerpt",
    "figure",
    "fixed",
    "icon_button",
    "link",
    "menu_button",
    "offer_below",
    "paint_chip",
    "paint_meter",
    "row",
    "rule",
    "scroll",
    "set_text",
    "set_tone",
    "spread",
    "text",
]
