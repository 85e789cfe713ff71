"""Secrecy marks (密级标志): this is no system for a file that carries one."""

import lzma
import re
import zipfile
import zlib
from pathlib import Path

from desktop.services.attachments.sources import opened
from desktop.services.page_text import first_page_text

_LEVELS = "绝密|机密|秘密"
_MARK = re.compile(rf"(?:{_LEVELS})\s*[★☆]")
# A star is rare in file names; brackets say the same. The bare word does not: 秘密投票 is how we vote.
_NAME_MARK = re.compile(rf"{_MARK.pattern}|[【\[（(〔《](?:{_LEVELS})[】\])）〕》]|^(?:{_LEVELS})[-_ 　·]")
_FIRST_PAGE = 4000  # characters of the text of a document that count as its first page
_BYTES_LOOKED_AT = 1 << 20
_TEXT_MEMBER = re.compile(
    r"word/(header\d*|document)\.xml|xl/sharedStrings\.xml|ppt/slides/slide1\.xml|.*/Page_0/Content\.xml"
)
_TAG = re.compile(r"<[^>]*>")


def secrecy_mark(name: str, path: Path) -> str | None:
    """Return the secrecy mark (密级标志, e.g. 机密★) in the name or on the first page of a file, if one shows.

    A heuristic: a scanned page tells nothing.

    Raises:
        TooMuch: the first page takes more time or memory to read than any page should.
    """
    mark = _NAME_MARK.search(name) or _MARK.search(_first_page(path))
    return mark.group().strip() if mark else None


def _first_page(path: Path) -> str:
    with opened(path) as file:
        head = file.read(_BYTES_LOOKED_AT)
    if head.startswith(b"%PDF-"):
        return first_page_text(path, _FIRST_PAGE)
    if head.startswith(b"PK\x03\x04"):
        return _zipped_text(path)
    # Plain text in the encodings met here; an old .doc keeps its text as UTF-16 among other bytes.
    texts = (head.decode(encoding, errors="ignore") for encoding in ("utf-8", "gb18030", "utf-16-le"))
    return "\n".join(text[:_FIRST_PAGE] if index < 2 else text for index, text in enumerate(texts))


def _zipped_text(path: Path) -> str:
    """Return the beginning of the text in a DOCX, XLSX, PPTX or OFD file."""
    pieces = []
    try:
        with zipfile.ZipFile(path) as archive:
            for name in [member for member in archive.namelist() if _TEXT_MEMBER.fullmatch(member)][:8]:
                with archive.open(name) as member:
                    text = member.read(_BYTES_LOOKED_AT).decode("utf-8", errors="ignore")
                pieces.append(_TAG.sub("", text)[:_FIRST_PAGE])
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError):
        # broken, or with a password
        return ""
    return "\n".join(pieces)
