"""Photos made as small as the standard wants them: a phone's picture is ten times what paper and screen can show."""

import io
import warnings
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 200_000_000
"""Of a picture that is looked at here; a larger one is attached as it is, and refused where that is too large."""
QUALITY = 85
JPEG = ".jpg"
_ORIENTATION, _UPRIGHT = 0x0112, 1
UNREADABLE = (
    *(OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, RuntimeError),
    *(AttributeError, MemoryError, Warning),
)
"""What a decoder raises on bytes that are no picture, or half of one."""


def shrunk(source: Path | bytes, name: str, longest: int) -> tuple[str, bytes] | None:
    """Return a photo as a JPEG whose longer side has `longest` pixels, with its new name.

    None where it is no larger, nobody can read it, or it would take more bytes than before: then it stays as it is.
    The day the camera wrote into it stays; what was turned by a note to turn it is turned.
    """
    from PIL import Image, ImageOps  # loaded with the first photo

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as picture:
                width, height = picture.size
                if max(width, height) <= longest or width * height > MOST_PIXELS:
                    return None
                exif = picture.getexif()
                picture.draft("RGB", (longest, longest))  # a JPEG is decoded no larger than need be
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((longest, longest))
                if upright.mode != "RGB":
                    upright = _on_white(upright)
                exif[_ORIENTATION] = _UPRIGHT
                out = io.BytesIO()
                upright.save(out, "JPEG", quality=QUALITY, exif=exif)
    except UNREADABLE:
        return None
    before = len(source) if isinstance(source, bytes) else source.stat().st_size
    made = out.getvalue()
    return (str(PurePath(name).with_suffix(JPEG)), made) if len(made) < before else None


def _on_white(picture: "Image.Image") -> "Image.Image":
    from PIL import Image  # loaded with the first photo

    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    whole = picture.convert("RGBA")
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    return paper
