"""What people or files wrote, quoted in a message: enough to be recognised, never more than fits a line."""

import re

LONGEST_QUOTE = 30
HALVES = re.compile("[\ud800-\udfff]")
"""Halves of a character: no text at all, that neither the store nor a file could keep."""
ZERO = "\0"
"""No letter: the store would keep it, and whoever receives a package with it refuses all of it."""
DAMAGED = "含有无法识别的乱码字符（�）"
"""Why a text with halves of characters, or with what stands for a lost one, is refused."""


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
