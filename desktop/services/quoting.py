"""What people or files wrote, quoted in a message: enough to be recognised, never more than fits a line."""

import re
import unicodedata

LONGEST_QUOTE = 30
_LONG_QUOTE = re.compile(f"“([^“”]{{{2 * LONGEST_QUOTE},}})”")
HALVES = re.compile("[\ud800-\udfff]")
"""Halves of a character: no text at all, that neither the store nor a file could keep."""
ZERO = "\0"
"""No letter: the store would keep it, and whoever receives a package with it refuses all of it."""
DAMAGED = "含有无法识别的乱码字符（�）"
"""Why a text with halves of characters, or with what stands for a lost one, is refused."""
INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x00AD, 0x180E]
)
"""Marks that nobody sees, for `str.translate`."""


def readable(text: str) -> str:
    """Return `text` as it can be written anywhere: what is no text in a name on the disk stands as �.

    On Linux a name may be any bytes; Python keeps those that are no UTF-8 as surrogates, which nothing can print.
    """
    return HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def quoted(text: object) -> str:
    """Return `text` in Chinese quotation marks on one line, cut where it is long: “第一段很长的…”."""
    return f"“{shortened(text)}”"


def shortened(text: object) -> str:
    """Return `text` on one line, cut where it is longer than a quotation may be."""
    words = " ".join(readable(str(text)).split())
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + "…"


def short_quotes(text: str) -> str:
    """Return a sentence in which every quotation is cut that is far longer than a quotation may be."""
    return _LONG_QUOTE.sub(lambda long: quoted(long[1]), text)


def clean(text: str) -> str:
    """Return free text as it is kept: outer spaces, invisible marks, control marks and carriage returns go."""
    text = text.replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n").translate(INVISIBLE)
    return "".join(mark for mark in text if mark in "\n\t" or unicodedata.category(mark) != "Cc").strip()
