"""Fields for numbers: one that always holds a number, and one that is empty until somebody types it."""

import unicodedata

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox


class Counter(QSpinBox):
    """A number that takes the wide digits of a Chinese keyboard too; Qt by itself leaves them out as they are typed."""

    def validate(self, words: str, at: int) -> object:
        return super().validate(unicodedata.normalize("NFKC", words), at)


class Count(Counter):
    """A number that may not be typed yet: then it is empty, and has no value."""

    def __init__(self, least: int, most: int, value: int | None) -> None:
        super().__init__()
        self._least = least
        self.setRange(least - 1, most)  # one below stands for nothing
        self.setValue(least - 1 if value is None else value)

    def value(self) -> int | None:  # type: ignore[override]  # as of every field: None where nothing stands there
        """Return the number, None where none is typed."""
        number = super().value()
        return number if number >= self._least else None

    def textFromValue(self, number: int) -> str:
        return "" if number < self._least else str(number)

    def valueFromText(self, words: str) -> int:
        digits = unicodedata.normalize("NFKC", words).strip()
        return int(digits) if digits.isdecimal() else self._least - 1

    def validate(self, words: str, at: int) -> object:
        return super().validate(words, at) if words.strip() else (QValidator.State.Acceptable, words, at)


def count(name: str, value: int | None, least: int = 0, most: int = 9999) -> Count:
    """Return a field for a number that may not be there."""
    out = Count(least, most, value)
    out.setAccessibleName(name)
    out.lineEdit().setAccessibleName(name)
    return out


def counter(name: str, value: int, least: int = 0, most: int = 9999) -> QSpinBox:
    """Return a field for a number; what is typed into is a part of its own, and named too."""
    out = Counter()
    out.setAccessibleName(name)
    out.lineEdit().setAccessibleName(name)
    out.setRange(least, most)
    out.setValue(value)
    return out
