"""What is typed into the form of a meeting, for the question whose words to keep."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.ui.meetings.history import LABELS

if TYPE_CHECKING:
    from desktop.ui.meetings.form import MeetingForm


class TypedWords(QObject):
    """What is typed into the form of a meeting, for the question whose words to keep."""

    reread = Signal()

    def __init__(self, form: "MeetingForm") -> None:
        super().__init__(form)
        self._form = form
        self.labels: dict[str, str] = dict(LABELS)
        self.rev: int | None = None

    def words(self) -> dict[str, object]:
        """Return what was typed."""
        draft = self._form.draft()
        return {name: getattr(draft, name) for name in self._form.changed()}

    def done(self) -> None:
        """Nothing is left to do: the form drops its draft with the action itself."""

    def discard(self) -> None:
        """Give the words up."""
        self._form.discard()

    def take_over(self, rev: int) -> None:
        """Let the words go over revision `rev` too."""
        self._form.take_over(rev)
