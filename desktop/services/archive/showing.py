"""Which attached files can be shown, and pictures as they are printed.

Files come from phones, scanners and chat programs: half copied, renamed, with a password, or far too large. What a
decoder makes of such bytes is never a reason to stop; the file is bound as it is and named among the gaps.
"""

import contextlib
import hashlib
import io
import re
import warnings
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PIL import Image, ImageOps

from desktop.services.archive.blocks import Jpeg, Opener
from desktop.services.files import CHUNK
from desktop.services.pdfium import open_pdf

PIXELS, QUALITY = 1600, 80
MAX_FILE_BYTES = 48 << 20
"""The largest file that is read whole."""
MAX_BYTES = 136 << 20
"""What one picture may take in memory, its file included, so that no archive takes more than 300 MiB."""
MAX_PAGES = 200
"""Of one scan: nobody attaches more, and broken ones claim more."""

UNREADABLE = "显示不出来（文件不完整，或不是图片，或是手机的HEIC格式）"
TOO_LARGE = "太大，没有印在纸上"
NO_PDF = "打不开（文件不完整，或设了密码）"
MONSTROUS_PDF = "展开后大得异常（可能是恶意文件），没有打开"

_PIXEL_BYTES = {"1": 2, "L": 1, "P": 5, "RGB": 4, "YCbCr": 4, "CMYK": 4, "I;16": 4}
_OTHER_PIXEL_BYTES = 12  # with transparency or more than eight bits: as it is, and once more while it is made smaller
_DECODER_PIXEL_BYTES = {"WEBP": 16, "JPEG2000": 19, "AVIF": 9}  # measured: these hold several copies while they decode
_ORIENTATION, _UPRIGHT = 0x0112, 1
_ROWS_PER_STRIP, _KIND_OF_PAGE, _PREVIEW = 278, 254, 1
_TABLE, _MAX_TABLE = re.compile(rb"/(?:XRef|ObjStm)\b"), 32 << 20
_LOOKED_AT = 4096  # bytes at the end of a large PDF

_T = TypeVar("_T")

Keep = Callable[[bytes], Callable[[], bytes]]
"""Puts the bytes of a picture away until they are asked for."""


def in_memory(data: bytes) -> Callable[[], bytes]:
    """Keep a picture where it is: for papers of a few."""
    return lambda: data


@dataclass(frozen=True, slots=True)
class Shown:
    """What of an attached picture can be printed: the pages of a scan, one page of anything else; and why not all."""

    pages: tuple[Jpeg, ...]
    fault: str = ""


def shown_of(open_source: Opener, keep: Keep = in_memory) -> Shown:
    """Return a picture upright, at most `PIXELS` a side and in three colours, every page of it.

    A JPEG that is so already stays as it is; another one loses the notes of its camera.
    """
    data = _read(open_source)
    if data is None:
        return Shown((), TOO_LARGE)
    count = _guarded(partial(_count, data))
    if isinstance(count, str):
        return Shown((), count)
    pages = [_guarded(partial(_page, data, number, keep)) for number in range(min(count, MAX_PAGES))]
    faults = [f"第{number}页{page}" for number, page in enumerate(pages, start=1) if isinstance(page, str)]
    if count > MAX_PAGES:
        faults.append(f"共{count}页，只印了前{MAX_PAGES}页")
    whole = str(pages[0]) if count == 1 and faults else "，".join(faults)
    return Shown(tuple(page for page in pages if isinstance(page, Jpeg)), whole)


def _guarded(work: Callable[[], _T]) -> _T | str:
    """Return what `work` makes of somebody's picture, or why it can make nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return work()
    except Image.DecompressionBombError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - of broken bytes decoders make OSError, SyntaxError, struct.error, zlib.error …
        return UNREADABLE


def _count(data: bytes) -> int:
    """Return how many pages a picture has: scans have several, what moves on a screen has one."""
    with Image.open(io.BytesIO(data)) as picture:
        return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def _page(data: bytes, number: int, keep: Keep) -> Jpeg | str | None:
    """Return a page as it is printed, why it is not, None for the small preview that some scans carry as a page."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.seek(number)
        if number and _tags(picture).get(_KIND_OF_PAGE, 0) & _PREVIEW:
            return None
        size = picture.size
        picture.draft(None, (PIXELS, PIXELS))  # a large JPEG is read at a fraction of its size
        if len(data) + _decoded_bytes(picture, size) > MAX_BYTES:
            return TOO_LARGE
        as_it_is = max(size) <= PIXELS and picture.format == "JPEG" and picture.mode == "RGB"
        if as_it_is and picture.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT:
            picture.load()
            return Jpeg(keep(data), hashlib.sha256(data).hexdigest(), *size)
        small = _small(picture)
    upright = _in_three_colours(ImageOps.exif_transpose(small) or small)
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=QUALITY)
    return Jpeg(keep(buffer.getvalue()), hashlib.sha256(buffer.getbuffer()).hexdigest(), *upright.size)


def _decoded_bytes(picture: Image.Image, size: tuple[int, int]) -> int:
    """Return what decoding a picture and making it smaller takes at most; `size` is that before any draft."""
    pixels, bands = picture.width * picture.height, len(picture.getbands())
    if picture.format in _DECODER_PIXEL_BYTES:
        return pixels * _DECODER_PIXEL_BYTES[picture.format]
    need = pixels * _PIXEL_BYTES.get(picture.mode, _OTHER_PIXEL_BYTES)
    if max(picture.size) > PIXELS:  # narrow already, and not yet low
        need += pixels * PIXELS // max(picture.size) * (1 if picture.mode in ("1", "L") else 4)
    if "progressive" in picture.info:  # nothing of it is whole before its last byte is read
        need += round(2 * size[0] * size[1] * _samples(picture))
    rows = min(int(_tags(picture).get(_ROWS_PER_STRIP, 0)), picture.height)
    return need + picture.width * rows * bands


def _samples(picture: Image.Image) -> float:
    """Return how many numbers a JPEG keeps for each pixel: 3, or less where colours are coarser than light."""
    parts = [across * down for _, across, down, *_ in getattr(picture, "layer", ())]
    return sum(parts) / max(parts) if parts else len(picture.getbands())


def _tags(picture: Image.Image) -> Mapping[int, int]:
    """Return the numbers that describe a page of a TIFF; nothing for another picture."""
    return getattr(picture, "tag_v2", {})


def pdf_fault(open_source: Opener) -> str:
    """Return why a PDF cannot be opened without a password, "" if it can; a large one is judged by its two ends."""
    data = _read(open_source)
    if data is None:
        return "" if _has_both_ends(open_source) else NO_PDF
    if _is_monstrous(data):
        return MONSTROUS_PDF
    with open_pdf(data) as document:
        return "" if document is not None and len(document) > 0 else NO_PDF


def _is_monstrous(data: bytes) -> bool:
    """Tell whether a table of a PDF, which is unpacked whole when the file is opened, is larger than any real one."""
    for found in _TABLE.finditer(data):
        begin = data.find(b"stream", found.end(), found.end() + _LOOKED_AT)
        if begin < 0:
            continue
        begin += len(b"stream")
        packed = memoryview(data)[begin + (2 if data.startswith(b"\r\n", begin) else 1) :]
        with contextlib.suppress(zlib.error):
            if len(zlib.decompressobj().decompress(packed, _MAX_TABLE + 1)) > _MAX_TABLE:
                return True
    return False


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
