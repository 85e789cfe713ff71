"""Every colour of the program by its name, for each look: light, dark, and of high contrast on white and on black.

What is on screen names colours of `theme`, which wears one of these from its start. No other file spells a colour out.
"""

from enum import StrEnum


class Look(StrEnum):
    """What the window looks like."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"
    CONTRAST_DARK = "contrast_dark"

    @property
    def label(self) -> str:
        """What the user reads."""
        return {
            "system": "跟随系统",
            "light": "浅色",
            "dark": "深色",
            "contrast": "高对比度",
            "contrast_dark": "高对比度深色",
        }[self]

    @property
    def strict(self) -> bool:
        """Whether it is one of high contrast."""
        return self in (Look.CONTRAST, Look.CONTRAST_DARK)


class Colour(str):
    """A colour of the look that is worn, with its name: who keeps one can ask for it again in another look."""

    name: str

    @classmethod
    def named(cls, name: str, value: str) -> "Colour":
        """Return `value`, which the palettes call `name`."""
        out = cls(value)
        out.name = name
        return out


LIGHT = {
    # accent, selection; also what is late or failed: quiet, pressed, under the pointer, ring of the focus, disabled
    "RED": "#B3261E",
    "RED_SOFT": "#FBEDEC",
    "RED_DEEP": "#8F1D17",
    "RED_OVER": "#C5352C",
    "RED_RING": "#5F130F",
    "RED_OFF": "#E3B7B4",
    "WRONG": "#FFF7F6",  # behind a value that is refused
    "AMBER": "#8F5B0B",  # partly, soon due
    "AMBER_SOFT": "#FCF3E0",
    "AMBER_BAR": "#D9A441",
    "GREEN": "#3C6A58",  # good: grey-green, never bright
    "GREEN_SOFT": "#EAF2EE",
    "GREEN_BAR": "#6E9C88",
    "SLATE": "#4A5F7A",  # waiting: not yet due, awaits a rating
    "SLATE_SOFT": "#EBEFF5",
    "SLATE_BAR": "#A9B7C9",
    "INK": "#1F2933",  # text: main, secondary, disabled, of the navigation; a link on a fill of INK
    "SUB": "#5B6672",
    "FAINT": "#8A94A0",
    "NAV": "#3E4C59",
    "UNDO": "#F4B8B4",
    "LINE": "#DFE3E8",
    "HAIR": "#EDEFF2",
    "PAGE": "#F4F5F7",
    "CARD": "#FFFFFF",
    "EDGE": "#C6CDD5",  # border of a control, of a tick box, quiet fills, empty bar, icon
    "BOX": "#9AA5B1",
    "SOFT": "#F8F9FA",
    "LANE": "#EBEDF0",
    "PRESSED": "#E4E7EB",
    "TRACK": "#E9ECEF",
    "ICON": "#52606D",
}

DARK = {
    **LIGHT,
    "RED": "#F08C84",
    "RED_SOFT": "#43282A",
    "RED_DEEP": "#F6B0AA",
    "RED_OVER": "#F4A19A",
    "RED_RING": "#FBDAD7",
    "RED_OFF": "#6E4B4A",
    "WRONG": "#38272A",
    "AMBER": "#E3B565",
    "AMBER_SOFT": "#3B3222",
    "AMBER_BAR": "#B98A35",
    "GREEN": "#8FC5AD",
    "GREEN_SOFT": "#24362F",
    "GREEN_BAR": "#5F8F7B",
    "SLATE": "#A5B9D3",
    "SLATE_SOFT": "#2A3442",
    "SLATE_BAR": "#5C6F88",
    "INK": "#E6E9ED",
    "SUB": "#AEB7C1",
    "FAINT": "#828C97",
    "NAV": "#C6CDD5",
    "UNDO": "#8F1D17",
    "LINE": "#373D45",
    "HAIR": "#2C3138",
    "PAGE": "#15181C",
    "CARD": "#1D2126",
    "EDGE": "#525B66",
    "BOX": "#7D8894",
    "SOFT": "#23282E",
    "LANE": "#2A2F36",
    "PRESSED": "#333941",
    "TRACK": "#343A42",
    "ICON": "#AEB7C1",
}

CONTRAST = {
    **LIGHT,
    "RED": "#8A0F0A",
    "RED_SOFT": "#FFE3E0",
    "RED_DEEP": "#5C0703",
    "RED_OVER": "#A31510",
    "RED_RING": "#000000",
    "RED_OFF": "#8C6A68",
    "WRONG": "#FFECEA",
    "AMBER": "#5E3A00",
    "AMBER_SOFT": "#FFF1CC",
    "AMBER_BAR": "#9C6B00",
    "GREEN": "#134D36",
    "GREEN_SOFT": "#DDF3E8",
    "GREEN_BAR": "#2F7557",
    "SLATE": "#1F3654",
    "SLATE_SOFT": "#E0EAF7",
    "SLATE_BAR": "#4F6C90",
    "INK": "#000000",
    "SUB": "#23292F",
    "FAINT": "#4A525B",
    "NAV": "#000000",
    "UNDO": "#FFC9C5",
    "LINE": "#5A646E",
    "HAIR": "#7A848E",
    "PAGE": "#FFFFFF",
    "CARD": "#FFFFFF",
    "EDGE": "#23292F",
    "BOX": "#000000",
    "SOFT": "#FFFFFF",
    "LANE": "#E3E7EB",
    "PRESSED": "#D2D8DE",
    "TRACK": "#D2D8DE",
    "ICON": "#000000",
}

CONTRAST_DARK = {
    **DARK,
    "RED": "#FF9C94",
    "RED_SOFT": "#3A0D0A",
    "RED_DEEP": "#FFC4BF",
    "RED_OVER": "#FFB5AF",
    "RED_RING": "#FFFFFF",
    "RED_OFF": "#9C7472",
    "WRONG": "#2E0A08",
    "AMBER": "#FFD27A",
    "AMBER_SOFT": "#332300",
    "AMBER_BAR": "#E0A530",
    "GREEN": "#9BE3C3",
    "GREEN_SOFT": "#06281B",
    "GREEN_BAR": "#5FB394",
    "SLATE": "#B9D2F5",
    "SLATE_SOFT": "#0E2140",
    "SLATE_BAR": "#7FA0CC",
    "INK": "#FFFFFF",
    "SUB": "#DDE3E9",
    "FAINT": "#AEB7C1",
    "NAV": "#FFFFFF",
    "UNDO": "#7A0B06",
    "LINE": "#9AA4AE",
    "HAIR": "#76808A",
    "PAGE": "#000000",
    "CARD": "#000000",
    "EDGE": "#DDE3E9",
    "BOX": "#FFFFFF",
    "SOFT": "#000000",
    "LANE": "#1F2429",
    "PRESSED": "#2C333A",
    "TRACK": "#2C333A",
    "ICON": "#FFFFFF",
}

PALETTES = {Look.LIGHT: LIGHT, Look.DARK: DARK, Look.CONTRAST: CONTRAST, Look.CONTRAST_DARK: CONTRAST_DARK}
