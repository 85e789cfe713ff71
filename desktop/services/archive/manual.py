"""The user's manual as a printed book: the same chapters and pictures, with contents and bookmarks."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path

from desktop import __version__
from desktop.services.archive.blocks import (
    Block,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    Keep,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Table,
    Written,
)
from desktop.services.archive.showing import shown_of
from desktop.services.archive.wording import day
from desktop.services.archive.writing import Sink, put
from desktop.services.files import Readable
from desktop.services.manual import Chapter, Kind, Piece, chapters, unmarked

TITLE, PROGRAM = "使用手册", "支部工作台"
PICTURE_MM = 78.0


def write_manual(to: Sink, on: date) -> Written:
    """Write the manual as PDF; it says nothing of any store, so everybody may have it.

    Raises:
        StorageFailure: the disk refuses; no half file is left.
    """
    return put(manual_document(chapters(), on), to, substitute=True)


def manual_document(parts: Sequence[Chapter], on: date) -> Document:
    """Return the manual as blocks, each chapter from a page of its own."""
    blocks: list[Block] = [
        Cover(PROGRAM, TITLE, f"版本 {__version__}", (("版本", __version__), ("编制日期", day(on)))),
        Contents(),
    ]
    for chapter in parts:
        blocks += [PageBreak(), Heading(chapter.title)]
        for topic in chapter.topics:
            if topic.title:
                blocks.append(Heading(topic.title, 2))
            for kind, pieces in groupby(topic.pieces, key=lambda piece: piece.kind):
                blocks += _set(kind, list(pieces))
    return Document(
        title=f"{PROGRAM}{TITLE}",
        author=PROGRAM,
        subject=f"版本 {__version__}",
        day=on,
        blocks=tuple(blocks),
        running_head=f"{PROGRAM}　{TITLE}",
        running_foot=f"版本 {__version__}",
        bound=True,
    )


def _set(kind: Kind, pieces: Sequence[Piece]) -> Iterator[Block]:
    """Give the blocks of neighbouring pieces of one kind: rows are one table."""
    if kind is Kind.ROW:
        head, *rows = [tuple(map(unmarked, piece.words)) for piece in pieces]
        shares = (1.0, *(2.0 for _ in head[1:]))
        columns = tuple(Column(title, share) for title, share in zip(head, shares, strict=True))
        yield Table(columns, tuple(rows))
        return
    for piece in pieces:
        if kind is Kind.PICTURE:
            shown = shown_of(partial(_opened, piece.picture)) if piece.picture is not None else None
            image = next(iter(shown.pages), None) if shown is not None else None
            yield Keep((Picture(image, piece.plain, PICTURE_MM, record=piece.plain),))
        elif kind is Kind.CODE:
            yield from (Note(line) for line in piece.words)
        elif kind is Kind.ITEM:
            yield Paragraph(f"{piece.lead} {piece.plain}")
        elif piece.plain:
            yield Paragraph(piece.plain)


@contextmanager
def _opened(path: Path) -> Iterator[Readable]:
    yield io.BytesIO(path.read_bytes())
