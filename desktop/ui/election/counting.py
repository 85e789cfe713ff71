"""The count: the hall and the ballots, the marks of every name, and what they come to with each key."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIntValidator, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from desktop.models.elections import TallyLine
from desktop.models.vocabulary.elections import Fared, Finding, Seat
from desktop.services.election import fields as asked
from desktop.services.election.count import Count, Standing, count
from desktop.services.election.loading import poll_of
from desktop.services.election.rows import ElectionRow, RoundRow
from desktop.services.ordinals import in_words
from desktop.ui import theme
from desktop.ui.drafting import Drafting
from desktop.ui.widgets import Chip, Elided, Segments, box, clear, col, link, row, rule, scroll, text
from desktop.ui.widgets.fields import edit
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.layout import add, appear
from desktop.ui.widgets.looking import look_only

if TYPE_CHECKING:
    from desktop.ui.election.page import ElectionPage

NUMBERS = (asked.DUE, asked.PRESENT, asked.ISSUED, asked.COLLECTED, asked.VOID)
MARKS = (("yes", "赞成"), ("no", "不赞成"), ("abstain", "弃权"))
MOST = 9999
TONES = {
    Fared.ELECTED: "good",
    Fared.TIED: "part",
    Fared.BEATEN: "none",
    Fared.SHORT: "none",
    Fared.OPEN: "wait",
}


class VoteBar(QWidget):
    """The share of the votes, with a line where half of the hall is passed."""

    def __init__(self) -> None:
        super().__init__()
        self._share, self._half, self._tone = 0.0, 0.5, theme.LINE
        self.setMinimumWidth(40)
        self.setFixedHeight(26)

    def sizeHint(self) -> QSize:
        return QSize(110, 26)

    def show_votes(self, yes: int, whole: int, half: float, fared: Fared) -> None:
        """Show `yes` of `whole`, the line at `half`."""
        self._share = min(1.0, yes / whole) if whole else 0.0
        self._half = min(1.0, half / whole) if whole else 0.5
        self._tone = {Fared.ELECTED: theme.GREEN_BAR, Fared.TIED: theme.AMBER_BAR}.get(fared, theme.SLATE)
        self.setAccessibleName(f"{yes} 票")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(0, self.height() / 2 - 3.5, self.width(), 7)
        painter.setBrush(QColor(theme.LINE))
        painter.drawRoundedRect(area, 3.5, 3.5)
        painter.setBrush(QColor(theme.now(self._tone)))
        painter.drawRoundedRect(QRectF(0, area.top(), self.width() * self._share, 7), 3.5, 3.5)
        painter.setBrush(QColor(theme.INK))
        painter.drawRect(QRectF(self.width() * self._half - 1, 3, 2, self.height() - 6))


class NumberEdit(QLineEdit):
    """A field for a count of people or ballots; Enter goes down the column."""

    takes: ClassVar[Keys] = (("Enter", "到下一格"),)

    def __init__(self, name: str, value: int | None, width: int = 48) -> None:
        super().__init__("" if value is None else str(value))
        self.setAccessibleName(name)
        self.setValidator(QIntValidator(0, MOST, self))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(width)
        self.below: Callable[[], QWidget | None] = lambda: None

    def number(self) -> int | None:
        """Return what was typed; None for nothing."""
        words = self.text().strip()
        return int(words) if words.isdecimal() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            following = self.below()
            if following is not None:
                following.setFocus()
                return
        super().keyPressEvent(event)


class NameLine:
    """The parts of one candidate's line in the grid."""

    def __init__(self, line: TallyLine, now: str) -> None:
        self.line = line
        self.place = text("", "strong")
        self.name = col(Elided(line.name, "strong"), Elided(now, "small", "sub"), gap=0)
        self.holder = box(self.name)
        self.bar = VoteBar()
        self.edits = {mark: NumberEdit(f"{line.name}{label}", getattr(line, mark)) for mark, label in MARKS}
        self.chip = Chip("")

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets of the line from left to right."""
        return (self.place, self.holder, self.bar, *self.edits.values(), self.chip)

    def typed(self) -> TallyLine:
        """Return the marks as they stand in the fields."""
        marks = {mark: part.number() for mark, part in self.edits.items()}
        return replace(self.line, yes=marks["yes"], no=marks["no"], abstain=marks["abstain"])


class CountPanel(QWidget):
    """One round of ballots; what is typed is a draft until it is kept."""

    def __init__(self, page: "ElectionPage") -> None:
        super().__init__()
        self._page = page
        self.election: ElectionRow | None = None
        self.round: RoundRow | None = None
        self.result: Count | None = None
        self.drafting: Drafting | None = None
        self.numbers: dict[str, NumberEdit] = {}
        self.reasons = edit(asked.VOID_REASONS.label, "", "如：划了 6 名，多于应选 5 名")
        self.lines: list[NameLine] = []
        self._others: list[TallyLine] = []
        self.rounds: Segments | None = None
        self._head, self._body = col(gap=8), col(gap=8)
        self.setLayout(col(self._head, (scroll(box(self._body)), 1), gap=8))
        self._wanted, self._settled = "", False

    @property
    def dirty(self) -> bool:
        """Whether something typed is not kept yet."""
        kept = self.round.tallies if self.round is not None else ()
        others = tuple(line for line in kept if line.written_in)
        return (self.drafting is not None and bool(self.drafting.words())) or tuple(self._others) != others

    def show_election(self, election: ElectionRow) -> None:
        """Show the last round, or the one chosen; nothing typed is lost when the same round is read again."""
        self.election = election
        rounds = election.rounds
        current = next((each for each in rounds if each.id == self._wanted), None) or self._latest(election)
        turned, self._settled = election.settled is not self._settled, election.settled
        same = not turned and self.round is not None and current is not None and self.round.id == current.id
        if same and current is not None and self.round is not None and current.rev == self.round.rev and self.lines:
            self.round = current
            self._recount()
            return
        self.round = current
        self._build()

    def _latest(self, election: ElectionRow) -> RoundRow | None:
        for seat in reversed(Seat):
            found = election.rounds_of(seat)
            if found:
                return found[-1]
        return None

    def open_round(self, round_id: str) -> None:
        """Look at another round."""
        self._wanted = round_id
        if self.election is not None:
            self.show_election(self.election)

    def values(self) -> dict[str, object]:
        """Return the numbers as they stand."""
        return {name: part.number() for name, part in self.numbers.items()} | {"void_reasons": self.reasons.text()}

    def tallies(self) -> list[TallyLine]:
        """Return the marks as they stand, names written in too."""
        return [*(line.typed() for line in self.lines), *self._others]

    def add_written_in(self, name: str, votes: int) -> None:
        """Count somebody who is no candidate."""
        others = [line for line in self._others if line.name != name]
        self._others = [*others, TallyLine(name=name, yes=votes, written_in=True)]
        self._show_others()
        self._recount()

    # inside

    def _build(self) -> None:
        clear(self._head)
        clear(self._body)
        self.numbers, self.lines, self.result = {}, [], None
        round_, election = self.round, self.election
        if round_ is None or election is None:
            words = "候选人名单定下、到了选举大会那天，点“开始投票”。" if election else ""
            add(self._body, text(words, "sub", wrap=True))
            add(self._body, ...)
            self._page.show_result(None)
            return
        self._others = [line for line in round_.tallies if line.written_in]
        printed = [line for line in round_.tallies if not line.written_in]
        what = "" if round_.seat is Seat.COMMITTEE else round_.seat.label
        way = "等额" if round_.seat is not Seat.COMMITTEE else "差额"
        title = f"{'选' + what + '，' if what else ''}第{in_words(round_.no)}次投票"
        told = f"应选 {round_.seats} 名，候选人 {len(printed)} 名，{way}无记名"
        add(self._head, row(text(title, "h2"), (Elided(told, "sub"), 1), gap=10))
        if len(election.rounds) > 1:
            keys = [(each.id, f"{each.seat.label}{each.no}") for each in election.rounds]
            self.rounds = Segments(tuple(keys), name="第几次投票")
            self.rounds.choose(round_.id)
            self.rounds.changed.connect(self.open_round)
            add(self._head, row(self.rounds, ...))
        self._build_numbers(round_)
        self._build_names(round_, printed)
        self.reasons = edit(asked.VOID_REASONS.label, round_.void_reasons, "如：划了 6 名，多于应选 5 名")
        controls: dict[str, QWidget] = {**self.numbers, "void_reasons": self.reasons}
        for line in self.lines:
            controls |= {f"{mark}:{line.line.name}": part for mark, part in line.edits.items()}
        self.drafting = Drafting(self._page, controls, "election_round", round_.id, round_.rev, needs="elections")
        self._head.insertWidget(0, self.drafting)
        last = election.rounds_of(round_.seat)[-1].id == round_.id
        self.fixed = election.settled or not last or self.drafting.looks
        for control in controls.values():
            if self.fixed:
                look_only(control)
            elif isinstance(control, QLineEdit):
                control.textChanged.connect(lambda _words: self._recount())
        self._wire()
        self._others_line = col(gap=4)
        add(self._body, box(self._others_line))
        add(self._body, row(text("无效票", "sub"), (self.reasons, 1), gap=8))
        add(self._body, ...)
        self._show_others()
        self._recount()

    def _build_numbers(self, round_: RoundRow) -> None:
        parts: list[QWidget] = []
        for field in NUMBERS:
            number = NumberEdit(field.label, getattr(round_, field.name), 54)
            self.numbers[field.name] = number
            parts.append(box(col(text(field.label, "small", "sub"), number, gap=2)))
        self.quorum = Chip("")
        self.valid_label = text("—", "strong")
        valid = box(col(text("有效", "small", "sub"), self.valid_label, gap=8))
        due, present, issued, collected, void = parts
        chip = box(col(text("", "small"), self.quorum, gap=6))
        add(self._head, row(due, present, chip, 8, issued, collected, void, valid, ..., gap=6))

    def _build_names(self, round_: RoundRow, printed: list[TallyLine]) -> None:
        election = self.election
        now = {each.member_id: each.now for each in election.candidates} if election else {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 2)
        self._grid.setColumnStretch(2, 3)
        self.half = text("得票", "small", "sub")
        heads = [text("席", "small", "sub"), text("候选人", "small", "sub"), self.half]
        heads += [text(label, "small", "sub") for _, label in MARKS]
        heads.append(text("结果", "small", "sub"))
        for column, head in enumerate(heads):
            self._grid.addWidget(head, 0, column)
        for line in printed:
            self.lines.append(NameLine(line, now.get(line.member_id or "", "")))
        self._order = [line.line.name for line in self.lines]
        add(self._body, self._grid)
        self._place(self.lines)

    def _place(self, lines: list[NameLine]) -> None:
        for number, line in enumerate(lines, start=1):
            for column, part in enumerate(line.parts()):
                self._grid.addWidget(part, number, column)
        self._order = [line.line.name for line in lines]

    def _wire(self) -> None:
        """Let Enter go down a column, from the numbers of the hall into the first one."""
        for mark, _ in MARKS:
            for line in self.lines:
                line.edits[mark].below = self._below(line, mark)
        row_of_numbers = list(self.numbers.values())
        for number, part in enumerate(row_of_numbers):
            following = row_of_numbers[number + 1] if number + 1 < len(row_of_numbers) else None
            part.below = self._after(following)

    def _after(self, following: QWidget | None) -> Callable[[], QWidget | None]:
        return lambda: following or self._first()

    def _first(self) -> QWidget | None:
        return next((line.edits["yes"] for line in self.lines if line.line.name == self._order[0]), None)

    def _below(self, line: NameLine, mark: str) -> Callable[[], QWidget | None]:
        def following() -> QWidget | None:
            at = self._order.index(line.line.name) + 1
            if at >= len(self._order):  # on to the top of the next column
                marks = list(line.edits)
                further = marks.index(mark) + 1
                top = next(each for each in self.lines if each.line.name == self._order[0])
                return top.edits[marks[further]] if further < len(marks) else None
            return next(each.edits[mark] for each in self.lines if each.line.name == self._order[at])

        return following

    def _recount(self) -> None:
        round_, election = self.round, self.election
        if round_ is None or election is None:
            return
        tallies = self.tallies()
        numbers = {name: part.number() for name, part in self.numbers.items()}
        live = replace(
            round_,
            due=numbers["due"],
            present=numbers["present"],
            issued=numbers["issued"],
            collected=numbers["collected"],
            void=numbers["void"],
            tallies=tuple(tallies),
        )
        poll = poll_of(live, (*election.tellers, *election.counters), tallies)
        result = count(poll, election.rule(round_.seat))
        self.result = result
        valid = poll.valid_ballots
        self.valid_label.setText("—" if valid is None else str(valid))
        self._show_quorum(live, election)
        standings = {standing.tally.name: standing for standing in result.standings}
        half = (live.present or 0) / 2
        whole, odd = divmod(live.present or 0, 2)
        self.half.setText(f"得票，竖线过半 {whole}{'.5' if odd else ''}" if live.present else "得票")
        for line in self.lines:
            self._show_line(line, standings[line.line.name], live, half)
        if not any(part.hasFocus() for line in self.lines for part in line.edits.values()):
            ranked = sorted(self.lines, key=lambda line: standings[line.line.name].place)
            self._place(ranked)
        self._page.show_result(replace(live, count=result))

    def _show_quorum(self, live: RoundRow, election: ElectionRow) -> None:
        quorum = election.rule(live.seat).quorum
        if live.due and live.present is not None:
            held = quorum.holds(live.present, live.due, live.present) and live.present <= live.due
            self.quorum.show_state("过五分之四" if held else "不够五分之四", "good" if held else "bad")
        else:
            self.quorum.show_state("人数待填", "wait")

    def _show_line(self, line: NameLine, standing: Standing, live: RoundRow, half: float) -> None:
        yes = standing.tally.yes
        line.place.setText(str(standing.place) if yes is not None else "")
        line.bar.show_votes(yes or 0, live.present or 0, half, standing.fared)
        line.chip.show_state(standing.fared.label, TONES[standing.fared])

    def _show_others(self) -> None:
        clear(self._others_line)
        words = "，".join(f"{line.name} {line.yes} 票" for line in self._others) or "没有"
        more = link("加一人", self._page.ask_written_in)
        appear(more, not self.fixed)
        self._page.desk.offered("elections", more)
        parts = row(text("另选他人", "sub"), (Elided(words), 1), *([] if self.fixed else [more]), gap=8)
        add(self._others_line, rule())
        add(self._others_line, parts)


def open_checks(result: Count | None) -> int:
    """Return how many rules ask for something."""
    return 0 if result is None else sum(check.finding is not Finding.KEPT for check in result.checks)
