"""到会: everyone expected is there unless ticked; the quorum is said while ticking."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.services.meetings import Absence
from desktop.services.meetings.rows import NO_REASON, UNEXCUSED
from desktop.services.members import Expected
from desktop.services.standards.party_rules import VoteRule
from desktop.ui.widgets import Chip, appear, box, clear, col, row, set_text, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.people import PeopleGrid

WITHOUT_REASON = ""


class AttendanceBox(QWidget):
    """Who was expected, who was absent and why."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._expected: tuple[Expected, ...] = ()
        self._absences: dict[str, Absence] = {}
        self._quorum: VoteRule | None = None
        self._leave_words: tuple[str, ...] = ()
        self.grid = PeopleGrid("到会人员")
        self.count, self.chip = text("", "sub"), Chip("")
        self._nobody = text("", "sub", wrap=True)
        self._reasons = QWidget()
        self._reason_grid = QGridLayout(self._reasons)
        self._reason_grid.setContentsMargins(0, 0, 0, 0)
        self._reason_grid.setHorizontalSpacing(16)
        self._reason_grid.setVerticalSpacing(6)
        self._how = text("全员默认到会，点缺席的人", "sub")
        head = row(text("到会", "h2"), self._how, ..., self.count, self.chip, gap=8)
        self.setLayout(col(head, self.grid, self._nobody, self._reasons, gap=8))
        self.grid.changed.connect(self._ticked)
        appear(self._nobody, False)

    def set_leave_words(self, words: Sequence[str]) -> None:
        """Offer the words for leave of the standard of that day, and no others."""
        self._leave_words = tuple(words)

    def set_expected(self, expected: Sequence[Expected], quorum: VoteRule | None, why_nobody: str = "") -> None:
        """Show who is expected on that day; those absent before stay absent."""
        self._expected, self._quorum = tuple(expected), quorum
        people = [(person.member_id, person.name if person.has_vote else f"{person.name}") for person in expected]
        known = {person.member_id for person in expected}
        self._absences = {key: away for key, away in self._absences.items() if key in known}
        self.grid.set_people(people, list(self._absences))
        for part in (self.grid, self._how):
            appear(part, bool(people))
        set_text(self._nobody, "" if people else why_nobody)
        self._fill_reasons()
        self._tell()

    def set_absences(self, absences: Sequence[Absence]) -> None:
        """Tick who was absent."""
        self._absences = {absence.member_id: absence for absence in absences}
        self.grid.set_people([(person.member_id, person.name) for person in self._expected], list(self._absences))
        self._fill_reasons()
        self._tell()

    def absences(self) -> tuple[Absence, ...]:
        """Return who was absent, with reasons."""
        return tuple(self._absences.values())

    def voters(self) -> tuple[int, int]:
        """Return how many with the vote were expected, and how many came."""
        due = [person for person in self._expected if person.has_vote]
        return len(due), sum(person.member_id not in self._absences for person in due)

    def came(self) -> int | None:
        """Return how many came, None where nobody is listed."""
        return len(self._expected) - len(self._absences) if self._expected else None

    def names(self) -> dict[str, str]:
        """Return the names of those expected."""
        return {person.member_id: person.name for person in self._expected}

    def expected(self) -> tuple[Expected, ...]:
        """Return who was expected."""
        return self._expected

    def _ticked(self) -> None:
        away = self.grid.ticked()
        self._absences = {key: self._absences.get(key, Absence(key)) for key in away}
        self._fill_reasons()
        self._tell()
        self.changed.emit()

    def _fill_reasons(self) -> None:
        clear(self._reason_grid)
        names = self.names()
        for number, away in enumerate(self._absences.values()):
            words = dict.fromkeys((*self._leave_words, *((away.reason,) if away.reason else ()), UNEXCUSED))
            options = [(WITHOUT_REASON, NO_REASON), *((reason, reason) for reason in words)]
            name = names.get(away.member_id, "")
            choice = Choice(f"{name}缺席原因", options, away.reason, width=110)
            choice.currentIndexChanged.connect(
                lambda _index, key=away.member_id, choice=choice: self._reason(key, choice.value())
            )
            part = box(row(text(name, "strong", "part"), choice, gap=8))
            self._reason_grid.addWidget(part, number // 3, number % 3)
        self._reason_grid.setColumnStretch(3, 1)
        appear(self._reasons, bool(self._absences))

    def _reason(self, member_id: str, reason: str) -> None:
        self._absences[member_id] = replace(
            self._absences[member_id], reason=reason, excused=bool(reason) and reason != UNEXCUSED
        )
        self.changed.emit()

    def _tell(self) -> None:
        total = len(self._expected)
        set_text(self.count, f"实到 {total - len(self._absences)} / {total}" if total else "")
        due, present = self.voters()
        if self._quorum is None or not due:
            self.chip.show_state("", "none")
            return
        fine = self._quorum.quorum.holds(present, due, present)
        least = self._quorum.quorum.least(due, present)
        words = f"{'可以开会' if fine else '人数不够'}：有表决权 {present} / {due}，至少 {least} 人"
        self.chip.show_state(words, "good" if fine else "bad")
