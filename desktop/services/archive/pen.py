"""What is drawn on a page: lines of text, rules, areas, pictures. Remembers the page's state, so it is said once."""

from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from desktop.services.archive.blocks import Jpeg
from desktop.services.archive.fonts import FaceFont, face
from desktop.services.archive.typesetting import Face, Line

rl_config.useA85 = 0  # picture and page streams as they are, not spelled out in letters

INK, SUB, FAINT = "#1F2933", "#5B6672", "#8A94A0"
LINE, HAIR, SHADE = "#8A94A0", "#DFE3E8", "#F4F5F7"
RED, RED_SOFT = "#B3261E", "#FBEDEC"
AMBER_BAR, GREEN_BAR, SLATE, SLATE_BAR, REST = "#D9A441", "#6E9C88", "#4A5F7A", "#A9B7C9", "#EDEFF2"
BLACK = "#000000"

PICTURE = "BranchDeskPicture"
"""Marks the dictionary that stands where the bytes of a picture will be."""

_BASELINE = 0.88  # of the size: from the top of a Chinese character's square to its baseline


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    if red == green == blue:
        return f"{red / 255:.3g}"
    return f"{red / 255:.3f} {green / 255:.3f} {blue / 255:.3f}"


class Pen:
    """Draws on the pages of one PDF, origin at the lower left, points."""

    def __init__(self, size: tuple[float, float]) -> None:
        # Not compressed here: pikepdf, which finishes the file, does it in half the time.
        self._canvas = Canvas("", pagesize=size, pageCompression=0, invariant=1, initialFontName=face("song").fontName)
        self._document = self._canvas._doc
        self._code: list[str] = []
        self.pictures: list[Jpeg] = []
        self._reset()

    def _reset(self) -> None:
        self._code = self._canvas._code
        self._font: FaceFont | None = None
        self._size = 0.0
        self._said: list[str] = []
        self._spacing = 0.0
        self._fill = self._stroke = BLACK
        self._width = 1.0

    def end_page(self) -> None:
        """Finish the page; what follows is drawn on the next one."""
        name = self._document.thisPageName()
        self._canvas.showPage()
        page = self._document.idToObject[name]
        page.stream = page.stream.encode("ascii")  # else encoded letter by letter, for a table we do not use
        self._reset()

    def file(self) -> bytes:
        """Return the whole file."""
        data: bytes = self._canvas.getpdfdata()
        return data

    # text

    def lines(self, lines: list[Line], x: float, top: float, look: Face, lead: Face | None = None) -> None:
        """Set `lines` under each other, the first one's square beginning at `top` less half the leading's surplus."""
        baseline = top - (look.leading - look.size) / 2 - look.size * _BASELINE
        code = self._code
        code.append("BT")
        self._colour(look.colour)
        for line in lines:
            if line.text:
                self._line(line, x + line.x, baseline, look, lead)
            baseline -= look.leading
        code.append("ET")

    def _line(self, line: Line, x: float, y: float, look: Face, lead: Face | None) -> None:
        code = self._code
        if line.spacing != self._spacing:
            self._spacing = line.spacing
            code.append(f"{line.spacing:.3f} Tc")
        code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
        rest = line.text
        if line.lead and lead is not None:
            self._say(rest[: line.lead], lead)
            rest = rest[line.lead :]
        self._say(rest, look)

    def _say(self, text: str, look: Face) -> None:
        """Set `text` in the first face of `look`, or in several where it has rare characters."""
        first = look.chain.first
        try:
            codes = "".join(map(first.codes.__getitem__, text))
        except KeyError:
            for font, piece in look.chain.runs(text):
                self._select(font, look.size)
                self._code.append(f"<{font.encode(piece, self._document)}> Tj")
        else:
            self._select(first, look.size)
            self._said.append(text)
            self._code.append(f"<{codes}> Tj")

    def _select(self, font: FaceFont, size: float) -> None:
        if font is not self._font or size != self._size:
            self._font, self._size = font, size
            self._said = font.printed(self._document)
            self._code.append(f"{font.getSubsetInternalName(0, self._document)} {size:g} Tf")

    def _colour(self, colour: str) -> None:
        if colour != self._fill:
            self._fill = colour
            value = _rgb(colour)
            self._code.append(f"{value} {'rg' if ' ' in value else 'g'}")

    # shapes

    def _line_style(self, colour: str, width: float) -> None:
        if colour != self._stroke:
            self._stroke = colour
            value = _rgb(colour)
            self._code.append(f"{value} {'RG' if ' ' in value else 'G'}")
        if width != self._width:
            self._width = width
            self._code.append(f"{width:g} w")

    def rules(
        self, segments: list[tuple[float, float, float, float]], colour: str = LINE, width: float = 0.4, dash: str = ""
    ) -> None:
        """Draw straight lines (x1, y1, x2, y2); `dash` as in "1 2"."""
        if not segments:
            return
        self._line_style(colour, width)
        path = " ".join(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l" for x1, y1, x2, y2 in segments)
        self._code.append(f"[{dash}] 0 d {path} S [] 0 d" if dash else f"{path} S")

    def area(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle, (x, y) its lower left corner."""
        self._colour(colour)
        self._code.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def polygon(
        self, points: list[tuple[float, float]], fill: str = "", line: str = "", width: float = 0.6, dash: str = ""
    ) -> None:
        """Draw a closed shape, filled, outlined, or both."""
        if fill:
            self._colour(fill)
        if line:
            self._line_style(line, width)
        path = " ".join(f"{x:.2f} {y:.2f} {'l' if index else 'm'}" for index, (x, y) in enumerate(points))
        paint = "b" if fill and line else "f" if fill else "s"
        self._code.append(f"[{dash}] 0 d {path} {paint} [] 0 d" if dash else f"{path} {paint}")

    def picture(self, image: Jpeg, box: tuple[float, float, float, float]) -> None:
        """Place a picture; `box` is x, y, width, height. Its bytes follow when the file is finished (`pictures`)."""
        name = image.sha256[:24]
        key = self._document.getXObjectName(name)
        canvas = self._canvas
        if not self._document.hasForm(name):
            stand_in = pdfdoc.PDFDictionary({PICTURE: len(self.pictures)})
            self.pictures.append(image)
            self._document.Reference(stand_in, key)
            self._document.addForm(name, stand_in)
        x, y, width, height = box
        self._code.append(f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {y:.2f} cm /{key} Do Q")
        canvas._currentPageHasImages = 1
        canvas._formsinuse.append(name)

    # navigation

    def mark(self, key: str, top: float) -> None:
        """Name this place of the page."""
        self._canvas.bookmarkPage(key, fit="XYZ", left=0, top=round(top, 2), zoom=0)

    def outline(self, title: str, key: str, level: int) -> None:
        """Add a bookmark that leads to the place `key`."""
        self._canvas.addOutlineEntry(title, key, level, 0)

    def link(self, key: str, box: tuple[float, float, float, float]) -> None:
        """Make a rectangle (x1, y1, x2, y2) lead to the place `key`."""
        values: Any = tuple(round(value, 2) for value in box)
        self._canvas.linkRect("", key, values, relative=0)
