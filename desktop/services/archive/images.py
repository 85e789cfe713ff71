"""Pictures as they are printed: upright, no larger than needed, in three colours, nothing of the camera's notes."""

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from desktop.services.archive.blocks import Jpeg, Opener

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

PIXELS, QUALITY = 1600, 80


def jpeg_of(open_source: Opener) -> Jpeg | None:
    """Return what `open_source` gives as a JPEG of at most `PIXELS` a side; None if it is no picture we can read."""
    try:
        with open_source() as source:
            data = source.read()
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft(None, (PIXELS, PIXELS))  # a large JPEG is read at a fraction of its size
            picture = _in_three_colours(ImageOps.exif_transpose(opened) or opened)
            picture.thumbnail((PIXELS, PIXELS), Image.Resampling.LANCZOS)
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=QUALITY)
            return Jpeg(buffer.getvalue(), *picture.size)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def _in_three_colours(picture: "Picture") -> "Picture":
    """Return a picture as RGB, what shines through it white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    return picture.convert("RGB")
