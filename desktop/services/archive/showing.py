"""Which attached files can be shown, and pictures as they are printed.

Files come from phones, scanners and chat programs: half copied, renamed, with a password. What a decoder makes of such
bytes is never a reason to stop; the file is bound as it is and named among the gaps.
"""

import io

from PIL import Image, ImageOps

from desktop.services.archive.blocks import Jpeg, Opener
from desktop.services.pdfium import open_pdf

PIXELS, QUALITY = 1600, 80


def jpeg_of(open_source: Opener) -> Jpeg | None:
    """Return a picture upright, at most `PIXELS` a side, in three colours and without the notes of its camera.

    None if it is no picture that can be shown.
    """
    with open_source() as source:
        data = source.read()
    try:
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft(None, (PIXELS, PIXELS))  # a large JPEG is read at a fraction of its size
            picture = _in_three_colours(ImageOps.exif_transpose(opened) or opened)
            picture.thumbnail((PIXELS, PIXELS), Image.Resampling.LANCZOS)
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=QUALITY)
            return Jpeg(buffer.getvalue(), *picture.size)
    except Exception:  # noqa: BLE001 - of broken bytes decoders make OSError, SyntaxError, struct.error, zlib.error …
        return None


def is_open_pdf(open_source: Opener) -> bool:
    """Tell whether a PDF opens without a password and has a page."""
    with open_source() as source:
        data = source.read()
    with open_pdf(data) as document:
        return document is not None and len(document) > 0


def _in_three_colours(picture: Image.Image) -> Image.Image:
    """Return a picture as RGB, what shines through it white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    return picture.convert("RGB")
