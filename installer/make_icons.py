#!/usr/bin/env python3
"""Draw the program's icon in every size that the systems ask for, from resources/icons/branch-desk.svg.

    .venv/bin/python installer/make_icons.py

Writes resources/icons/branch-desk/SIZE.png and branch-desk.ico. Both are kept: neither a build nor the program draws.
"""

import os
import struct
from pathlib import Path

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
DRAWING = ICONS / "branch-desk.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256)
"""Of the folders of hicolor, and of a Windows icon."""


def drawn(size: int) -> bytes:
    """The icon as a PNG of `size` by `size` pixels."""
    from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # PySide6's stub asks for bytes, its code for words
    return bytes(buffer.data().data())


def windows_icon(pictures: dict[int, bytes]) -> bytes:
    """PNG pictures as one .ico: a head of 6 bytes, 16 for each picture, then the pictures."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    entries, bodies = [], []
    for size, picture in pictures.items():
        entries.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at))
        bodies.append(picture)
        at += len(picture)
    return b"".join((head, *entries, *bodies))


def main() -> None:
    """Write all of them."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    pictures = {size: drawn(size) for size in SIZES}
    folder = ICONS / "branch-desk"
    folder.mkdir(exist_ok=True)
    for size, picture in pictures.items():
        (folder / f"{size}.png").write_bytes(picture)
    (ICONS / "branch-desk.ico").write_bytes(windows_icon(pictures))


if __name__ == "__main__":
    main()
