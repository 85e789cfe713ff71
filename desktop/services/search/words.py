"""Words as the index holds them: each letter, digit and Chinese character by itself, so that any part is found."""

import os
import unicodedata
from collections.abc import Iterable
from itertools import product

BORDER = "zz"
"""Stands between two texts of a record: nothing is found across it. Letters are written in hexadecimal digits."""
MOST_READINGS = 24
"""Of a name whose characters are read in several ways; more ways than that are no longer told apart."""


def folded(words: str) -> str:
    """Return `words` with wide, narrow, large and small forms of a letter made alike."""
    return unicodedata.normalize("NFKC", words).casefold()


def letters(words: str) -> str:
    """Return the letters and digits of `words`, each a word of the index."""
    return " ".join(f"{ord(letter):x}" for letter in folded(words) if letter.isalnum())


def indexed(texts: Iterable[str]) -> str:
    """Return several texts of one record as the index holds them."""
    return f" {BORDER} ".join(filter(None, map(letters, texts)))


def phrase(words: str) -> str:
    """Return the expression that finds `words` as they stand; empty if there is no letter in them."""
    spelled = letters(words)
    return f'"{spelled}"' if spelled else ""


def sounds(name: str) -> str:
    """Return how a name may be typed in Latin letters: initials and pinyin, from each of its characters on.

    王秀英 gives wxy, xy, y, wangxiuying, xiuying, ying; characters of several readings (单、曾) all of them.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 47 000 phrases help no name, and take a second to load
    from pypinyin import Style, pinyin  # a dictionary of two megabytes: only where names are read

    said = [
        sorted({folded(reading) for reading in readings})
        for readings in pinyin(name, style=Style.NORMAL, heteronym=True, errors="ignore")
    ]
    found: dict[str, None] = {}
    for first in range(len(said)):
        for number, syllables in enumerate(product(*said[first:])):
            if number == MOST_READINGS:
                break
            found["".join(syllable[0] for syllable in syllables)] = None
            found["".join(syllables)] = None
    return "".join(f" {spelling}" for spelling in found)


def typed_sounds(words: str) -> str:
    """Return `words` if they may be the Latin letters of a name, else nothing."""
    spelled = folded(words).replace("'", "")
    return spelled if spelled.isascii() and spelled.isalpha() else ""
