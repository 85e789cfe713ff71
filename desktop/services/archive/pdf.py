"""A document of blocks as PDF/A."""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

from desktop.services.archive.blocks import Attachment, Document, Look, Written
from desktop.services.archive.boxes import HeadingText, inner_boxes
from desktop.services.archive.composer import Guard
from desktop.services.archive.fonts import SONG
from desktop.services.archive.pages import Page, paginate
from desktop.services.archive.pdfa import finish
from desktop.services.archive.pen import HAIR, SUB, Pen
from desktop.services.archive.setter import Setter
from desktop.services.archive.styles import MM, Style, style_for
from desktop.services.archive.typesetting import Align, Face, Line, set_lines
from desktop.services.files import ORDINARY, FilePort, Writable, replacing
from desktop.services.progress import Progress, silent

_ONE_AT_A_TIME = threading.Lock()  # reportlab keeps what it knows of fonts in tables of the process
_HEAD = Face(SONG, 9, 12, Align.LEFT, colour=SUB)
_OFFICIAL_FOOT = Face(SONG, 10.5, 14, Align.LEFT)


def write_pdf(
    document: Document,
    path: Path,
    attachments: Sequence[Attachment] = (),
    *,
    substitute: bool = False,
    progress: Progress = silent,
    port: FilePort | None = None,
) -> Written:
    """Write `document` to `path` as PDF/A-2b, or 3b with `attachments`; tells (pages drawn, pages).

    The file appears whole or not at all. The same document gives the same bytes.

    Raises:
        InvalidInput: no face has a character of it, and `substitute` does not allow 〓 instead.
        StorageFailure: the file could not be written, or an attachment not be read.
        Cancelled: `progress` asked to stop.
    """
    with replacing(path, port or FilePort(mode=ORDINARY)) as writer:
        return render(document, writer, attachments, substitute=substitute, progress=progress)


def render(
    document: Document,
    out: Writable,
    attachments: Sequence[Attachment] = (),
    *,
    substitute: bool = False,
    progress: Progress = silent,
) -> Written:
    """Write `document` to an open file, or to memory for a preview; see `write_pdf`."""
    with _ONE_AT_A_TIME:
        return _render(document, out, attachments, substitute, progress)


def _render(
    document: Document, out: Writable, attachments: Sequence[Attachment], substitute: bool, progress: Progress
) -> Written:
    style = style_for(document.look, document.landscape, document.small)
    guard = Guard(substitute)
    setter = Setter(document, style, guard)
    head = set_lines(guard.clean(document.running_head, _HEAD, document.title, "页眉"), _HEAD, style.measure)
    foot = set_lines(guard.clean(document.running_foot, _HEAD, document.title, "页脚"), _HEAD, style.measure)
    pages = paginate(setter.boxes(), style.depth)
    places = _Places(pages)
    pen = Pen((style.width, style.height))
    outline = _Outline(pen, document, {key for _, key in setter.entries})
    chapter: list[Line] = []
    for number, page in enumerate(pages, start=1):
        for box, offset in page.boxes:
            for inner in inner_boxes(box):
                if isinstance(inner, HeadingText):
                    outline.add(inner)
                    if inner.source.level == 1 and (inner.source.listed or not chapter):
                        name = guard.clean(inner.source.text, _HEAD, document.title, "页眉")
                        chapter = set_lines(name, _HEAD, style.measure)
            box.draw(pen, style.left, style.height - style.top - offset, places)
        if document.bound:
            _run_bound(pen, style, page, number, (head, foot, chapter))
        else:
            _run(pen, document, style, page, number, len(pages), (head, foot))
        pen.end_page()
        progress(number, len(pages))
    sink = _Hashing(out)
    finish(pen.file(), document, attachments, sink, pen.pictures)
    return Written(len(pages), sink.sha256, places.pages, places.spans, tuple(guard.found))


class _Hashing:
    """Takes the SHA-256 of what is written."""

    def __init__(self, out: Writable) -> None:
        self._out = out
        self._sum = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self._sum.update(data)
        return self._out.write(data)

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


class _Places:
    """The page of each anchor, and how many pages lie between it and the end of what it heads."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages: dict[str, int] = {}
        self.spans: dict[str, int] = {}
        opened: list[HeadingText] = []
        last = 1
        for number, page in enumerate(pages, start=1):
            for box, _ in page.boxes:
                for inner in inner_boxes(box):
                    if isinstance(inner, HeadingText):
                        while opened and opened[-1].source.level >= inner.source.level:
                            self._close(opened.pop(), last)
                        opened.append(inner)
                        self.pages[inner.key] = number
                last = number
        for heading in opened:
            self._close(heading, last)

    def _close(self, heading: HeadingText, last: int) -> None:
        self.spans[heading.key] = last - self.pages[heading.key] + 1

    def page(self, anchor: str) -> int | None:
        return self.pages.get(anchor)

    def span(self, anchor: str) -> int | None:
        return self.spans.get(anchor)


class _Outline:
    """Bookmarks, no level skipped."""

    def __init__(self, pen: Pen, document: Document, keys: set[str]) -> None:
        self._pen, self._keys = pen, keys if document.bookmarks else set()
        self._open: list[int] = []

    def add(self, box: HeadingText) -> None:
        if box.key not in self._keys:
            return
        while self._open and self._open[-1] >= box.source.level:
            self._open.pop()
        self._pen.outline(box.source.text, box.key, len(self._open))
        self._open.append(box.source.level)


def _run(
    pen: Pen,
    document: Document,
    style: Style,
    page: Page,
    number: int,
    count: int,
    lines: tuple[list[Line], list[Line]],
) -> None:
    """Draw what every page carries: the running head, the running foot and "page x of y"."""
    said = f"第 {number} 页　共 {count} 页"
    if document.look is Look.OFFICIAL:
        side = Align.RIGHT if number % 2 else Align.LEFT  # the outer side of a page printed on both sides
        face = _OFFICIAL_FOOT.aligned(side)
        indent = face.size
        pen.lines(
            set_lines(said, face, style.measure - 2 * indent),
            style.left + indent, style.bottom - 7 * MM, face,
        )  # fmt: skip
        return
    right = _HEAD.aligned(Align.RIGHT)
    end, foot = style.left + style.measure, style.bottom - 6 * MM
    if not page.bare:
        if document.running_head:
            y = style.height - style.top + 5 * MM
            pen.lines(lines[0], style.left, y + 14, _HEAD)
            pen.rules([(style.left, y, end, y)], HAIR, 0.6)
        pen.rules([(style.left, foot, end, foot)], HAIR, 0.6)
    pen.lines(lines[1], style.left, foot - 3, _HEAD)
    pen.lines(set_lines(said, right, style.measure), style.left, foot - 3, right)


def _run_bound(
    pen: Pen, style: Style, page: Page, number: int, lines: tuple[list[Line], list[Line], list[Line]]
) -> None:
    """Draw what a page of a bound book carries: book and chapter above, below the number on the outer edge."""
    if page.bare:
        return
    head, foot, chapter = lines
    odd = bool(number % 2)
    said = set_lines(f"— {number} —", _OFFICIAL_FOOT, style.measure)
    y, low = style.height - style.top + 5 * MM, style.bottom - 6 * MM
    end = style.left + style.measure
    pen.rules([(style.left, y, end, y)], HAIR, 0.6)
    for words, height, face, outer in (
        (head, y + 14, _HEAD, False),
        (chapter, y + 14, _HEAD, True),
        (foot, low, _HEAD, False),
        (said, low, _OFFICIAL_FOOT, True),
    ):
        right = outer is odd
        text = "".join(line.text for line in words[:1])
        pen.lines(
            set_lines(text, face.aligned(Align.RIGHT if right else Align.LEFT), style.measure), style.left, height, face
        )
