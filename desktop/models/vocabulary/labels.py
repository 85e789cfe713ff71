"""The enumeration whose value is stored and whose label is shown."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """An enum whose value is stored and whose `label` is shown."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def labelled(cls, label: str) -> Self:
        """Return the member shown as `label`.

        Raises:
            ValueError: there is none.
        """
        for member in cls:
            if member.label == label:
                return member
        raise ValueError(label)
