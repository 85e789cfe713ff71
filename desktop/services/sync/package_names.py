"""What files are called on a stick."""

import re

from desktop.paths import undeviced
from desktop.services.sync.package_header import Header, package_hash


def file_name(header: Header, header_bytes: bytes, code: str | None = None) -> str:
    """Return what a file is called: `<code>_上报_000012_20260301_1a2b3c4d.dzp`. A name is a hint, nothing more.

    `code` is the branch's; by default the sender's.
    """
    seq = f"{header.stream.seq:06d}_" if header.stream is not None else ""
    day = header.created[:10].replace("-", "")
    suffix = "dzp" if header.kind.is_package else "dzk"
    tail = f"_{header.kind.word}_{seq}{day}_{package_hash(header_bytes)[:8]}.{suffix}"
    return safe_name(code or header.sender.code)[: 80 - len(tail)] + tail


_NAME = re.compile(r"(?P<stem>.+?)_(?:[0-9]{6,}_)?[0-9]{8}_[0-9a-f]{8}\.dz[pk]")


def stem(name: str) -> str | None:
    """Return code and direction at the head of a file name (`ZK03_上报`); None of a name that is none of ours."""
    found = _NAME.fullmatch(name)
    return found["stem"] if found is not None else None


def safe_name(text: str) -> str:
    """Return `text` as a name that FAT, exFAT and NTFS can carry, and that Windows takes for no device."""
    name = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\s.]+', "-", text).strip("-") or "支部"
    return undeviced(name)
