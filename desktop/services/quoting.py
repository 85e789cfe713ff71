"""What people or files wrote, quoted in a message: enough to be recognised, never more than fits a line."""

import re
import unicodedata
from collections.abc import Sequence

from desktop.paths import undeviced

LONGEST_QUOTE, MOST_NAMED = 30, 3
_LONG_QUOTE = re.compile(f"“([^“”]{{{2 * LONGEST_QUOTE},}})”")
_CLOSES, _OTHER = {"“": "”", "‘": "’"}, {"“": "‘", "‘": "“"}
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
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
_LONGEST_NAME, _LONGEST_ENDING = 200, 10
"""Bytes of a name without its ending: every system takes that, and a mark of ours behind it. And letters of what counts
as an ending: after the dot of “1.” in words there is none."""
_ENDS = dict.fromkeys(map(ord, "\r\v\f\x85\u2028\u2029"), "\n")
"""What ends a line elsewhere: Word copies its soft break as a vertical tab, others as U+2028."""


def is_damaged(text: object) -> bool:
    """Tell whether `text` has in it what no store can keep or no package carry: halves of characters, a zero."""
    return isinstance(text, str) and (ZERO in text or HALVES.search(text) is not None)


def readable(text: str) -> str:
    """Return `text` as it can be written anywhere: what is no text in a name on the disk stands as �.

    On Linux a name may be any bytes; Python keeps those that are no UTF-8 as surrogates, which nothing can print.
    """
    return HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def quoted(text: object) -> str:
    """Return `text` in Chinese quotation marks on one line, cut where it is long: “第一段很长的…”."""
    return in_quotes(shortened(text))


def in_quotes(text: str) -> str:
    """Return words in quotation marks, those that stand in them already one within the other: “学‘二十大’精神”."""
    return nested(f"“{text}”")


def nested(sentence: str) -> str:
    """Return a sentence in which quotations within quotations have the other marks: “采用‘金叶先锋’”.

    One whose marks do not go in pairs is nobody's to put right, and stays as it is.
    """
    marks, open_marks = list(sentence), list[tuple[str, str]]()
    for at, mark in enumerate(marks):
        if mark in _CLOSES:
            outer = open_marks[-1][1] if open_marks else ""
            marks[at] = _OTHER.get(outer, mark)
            open_marks.append((mark, marks[at]))
        elif mark in _CLOSES.values():
            if not open_marks or _CLOSES[open_marks[-1][0]] != mark:
                return sentence
            marks[at] = _CLOSES[open_marks.pop()[1]]
    return sentence if open_marks else "".join(marks)


def shortened(text: object, longest: int = LONGEST_QUOTE) -> str:
    """Return `text` on one line, cut where it is longer than a quotation, or whatever it is for, may be."""
    words = " ".join(readable(str(text)).split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def named_few(names: Sequence[str]) -> str:
    """Return names in words, the first of many."""
    more = f"等 {len(names)} 个" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + more


def short_quotes(text: str) -> str:
    """Return a sentence in which every quotation is cut that is far longer than a quotation may be, and one within
    another has the other marks.
    """
    return _LONG_QUOTE.sub(lambda long: quoted(long[1]), nested(text))


def clean(text: str) -> str:
    """Return free text as it is kept: outer spaces, invisible and control marks go, any end of a line is one."""
    text = text.replace("_x000D_", "\r").replace("\r\n", "\n").translate(_ENDS).translate(INVISIBLE)
    return "".join(mark for mark in text if mark in "\n\t" or unicodedata.category(mark) != "Cc").strip()


def portable(name: str) -> str:
    """Return the name of a file as every system can carry it, whatever words stand in it; its ending stays.

    Windows takes some names for devices, and drops dots and blanks at the end.
    """
    text = _NO_NAME.sub("-", readable(name)).rstrip(" .")
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, ending = text, ""
    words = stem.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" .-") or "文件"
    return undeviced(f"{words}.{ending}" if ending else words)
