"""Choosing people in a meeting: from the roster of that day, or somebody from outside by name."""

from collections.abc import Sequence
from typing import Any

from desktop.services.quoting import clean
from desktop.ui.widgets.fields import Choice


class PersonChoice(Choice):
    """A member, or a name typed for somebody who is not on the roster."""

    def __init__(self, name: str, hint: str = "", *, width: int = 0) -> None:
        self._people: list[tuple[str, str]] = []
        super().__init__(name, width=width)
        self.setEditable(True)
        self.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        line = self.lineEdit()
        line.setPlaceholderText(hint)
        line.setAccessibleName(name)
        line.setFrame(False)
        line.setStyleSheet("border: 0; padding: 0; min-height: 20px; background: transparent;")

    def set_people(self, people: Sequence[tuple[str, str]]) -> None:
        """Offer `people` as (id, name); who is chosen stays."""
        chosen = self.person()
        self._people = list(people)
        self.set_options([("", ""), *people])
        self.set_person(*chosen)

    def person(self) -> tuple[str | None, str]:
        """Return (member id, "") or (None, name of an outsider)."""
        words = clean(self.currentText())
        for key, name in self._people:
            if name == words:
                return key, ""
        return None, words

    def set_person(self, member_id: str | None, name: str = "") -> None:
        """Choose a member, or write a name."""
        found = next((label for key, label in self._people if key == member_id), "") if member_id else ""
        self.setCurrentText(found or name)

    def value(self) -> Any:
        """Return what `person` returns."""
        return self.person()
