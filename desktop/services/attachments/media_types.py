"""What kind of content a file holds, by its name: the same on every machine, for it travels and stands in archives."""

import mimetypes
from pathlib import Path

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".odt": f"{_OPEN}.text",
    ".ods": f"{_OPEN}.spreadsheet",
    ".odp": f"{_OPEN}.presentation",
    ".wps": "application/wps-office.wps",
    ".et": "application/wps-office.et",
    ".dps": "application/wps-office.dps",
    ".ofd": "application/ofd",
    ".rtf": "application/rtf",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".webp": "image/webp",
    ".m4a": "audio/mp4",
    ".rar": "application/vnd.rar",
    ".7z": "application/x-7z-compressed",
}
"""What Python's own table lacks."""


def media_type(name: str) -> str:
    """Return what kind of content a file holds, by its name.

    Python's table is asked, and never what the machine adds to it: on Windows that is whatever programs wrote into the
    registry, where a PC without an office program knows no .docx.
    """
    ending = Path(name).suffix.lower()
    known = mimetypes.MimeTypes()
    return _TYPES.get(ending) or known.guess_type(f"a{ending}")[0] or "application/octet-stream"
