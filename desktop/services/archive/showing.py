"""Which attached files can be shown, and pictures as they are printed.

Files come from phones, scanners and chat programs: half copied, renamed, with a password, or far too large. What a
decoder makes of such bytes is never a reason to stop; the file is bound as it is and named among the gaps.
"""

import hashlib
import io
import warnings
from collections.abc import Callable

from PIL import Image, ImageOps

from desktop.services.archive.blocks import Jpeg, Opener
from desktop.services.files import CHUNK
from desktop.services.pdfium import open_pdf

PIXELS, QUALITY = 1600, 80
MAX_FILE_BYTES = 48 << 20
"""The largest file that is read whole."""
MAX_DECODED_BYTES = 112 << 20
"""What the pixels of one picture may take in memory, so that no archive takes more than 300 MiB."""

UNREADABLE = "显示不出来（文件不完整，或不是图片，或是手机的HEIC格式）"
TOO_LARGE = "太大，没有印在纸上"
NO_PDF = "打不开（文件不完整，或设了密码）"

_PIXEL_BYTES = {"1": 2, "L": 1, "P": 5, "RGB": 4, "YCbCr": 8, "CMYK": 8}
_OTHER_PIXEL_BYTES = 12  # with transparency or more than eight bits: as it is, and once more while it is made smaller
_ORIENTATION, _UPRIGHT = 0x0112, 1
_LOOKED_AT = 4096  # bytes at the end of a large PDF

Keep = Callable[[bytes], Callable[[], bytes]]
"""Puts the bytes of a picture away until they are asked for."""


def in_memory(data: bytes) -> Callable[[], bytes]:
    """Keep a picture where it is: for papers of a few."""
    return lambda: data


def jpeg_of(open_source: Opener, keep: Keep = in_memory) -> Jpeg | str:
    """Return a picture upright, at most `PIXELS` a side and in three colours; why not, if it cannot be shown.

    A JPEG that is so already stays as it is; another one loses the notes of its camera.
    """
    data = _read(open_source)
    if data is None:
        return TOO_LARGE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _jpeg(data, keep)
    except Image.DecompressionBombError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - of broken bytes decoders make OSError, SyntaxError, struct.error, zlib.error …
        return UNREADABLE


def _jpeg(data: bytes, keep: Keep) -> Jpeg | str:
    with Image.open(io.BytesIO(data)) as picture:
        fits, as_it_is = max(picture.size) <= PIXELS, picture.format == "JPEG" and picture.mode == "RGB"
        picture.draft(None, (PIXELS, PIXELS))  # a large JPEG is read at a fraction of its size
        if picture.width * picture.height * _PIXEL_BYTES.get(picture.mode, _OTHER_PIXEL_BYTES) > MAX_DECODED_BYTES:
            return TOO_LARGE
        if fits and as_it_is and picture.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT:
            picture.load()
            return Jpeg(keep(data), hashlib.sha256(data).hexdigest(), *picture.size)
        shown = _small(picture)
    shown = _in_three_colours(ImageOps.exif_transpose(shown) or shown)
    buffer = io.BytesIO()
    shown.save(buffer, "JPEG", quality=QUALITY)
    return Jpeg(keep(buffer.getvalue()), hashlib.sha256(buffer.getbuffer()).hexdigest(), *shown.size)


def pdf_fault(open_source: Opener) -> str:
    """Return why a PDF cannot be opened without a password, "" if it can; a large one is judged by its two ends."""
    data = _read(open_source)
    if data is None:
        return "" if _has_both_ends(open_source) else NO_PDF
    with open_pdf(data) as document:
        return "" if document is not None and len(document) > 0 else NO_PDF


def _read(open_source: Opener) -> bytes | None:
    """Return a whole content, None if it is larger than is read whole."""
    buffer = io.BytesIO()
    with open_source() as source:
        while piece := source.read(CHUNK):
            buffer.write(piece)
            if buffer.tell() > MAX_FILE_BYTES:
                return None
    return buffer.getvalue()


def _has_both_ends(open_source: Opener) -> bool:
    with open_source() as source:
        head = source.read(CHUNK)
        end = head[-_LOOKED_AT:]
        while piece := source.read(CHUNK):
            end = (end + piece)[-_LOOKED_AT:]
    return head.startswith(b"%PDF-") and b"%%EOF" in end


def _small(picture: Image.Image) -> Image.Image:
    """Return a picture at most `PIXELS` a side, before anything else makes copies of it."""
    shown = picture
    if picture.mode == "P":
        shown = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode == "1":
        shown = picture.convert("L")
    shown.thumbnail((PIXELS, PIXELS), Image.Resampling.LANCZOS)
    return shown.copy() if shown is picture else shown


def _in_three_colours(picture: Image.Image) -> Image.Image:
    """Return a picture as RGB, what shines through it white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    return picture.convert("RGB")
