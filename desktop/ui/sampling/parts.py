"""What the pages of spot checks share: chips and facts of a drawn record."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.models.sampling import CheckLine
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import CheckState, SampleCheck, SampleReason, SampleVerdict
from desktop.services.sampling.rows import SampledRow
from desktop.ui import theme
from desktop.ui.table_model import Column, Tag, Two
from desktop.ui.widgets import Glyph, col, text
from desktop.ui.widgets import row as row_of
from desktop.ui.widgets.fields import Choice, edit, read
from desktop.ui.widgets.layout import Item
from desktop.ui.widgets.pane import fact, heading

SEEN = {
    SampleCheck.ORIGINAL: "如：手写2页",
    SampleCheck.SIGN_IN: "如：三人签名笔迹相同",
    SampleCheck.PHOTOS: "如：拍于2025年11月",
    SampleCheck.ASKED: "问了谁、怎么说",
}
TONES = {
    SampleVerdict.TRUE: "good",
    SampleVerdict.INCOMPLETE: "part",
    SampleVerdict.FABRICATED: "bad",
    SampleVerdict.ABSENT: "none",
}

CHECK_SIGNS = {
    CheckState.FINE: ("check", theme.GREEN_BAR),
    CheckState.WRONG: ("x", theme.RED),
    CheckState.MISSING: ("alert-circle", theme.SUB),
}


class ChecksEdit(QWidget):
    """What was looked at on the spot: of each how it is, and what was seen."""

    changed = Signal()

    def __init__(self, checks: tuple[CheckLine, ...]) -> None:
        super().__init__()
        self.setAccessibleName("核对")
        kept = {check.what: check for check in checks}
        self.states: dict[SampleCheck, Choice] = {}
        self.words: dict[SampleCheck, QLineEdit] = {}
        lines = []
        for what in SampleCheck:
            line = kept.get(what)
            options = [(None, "没看"), *((state, state.label) for state in CheckState)]
            state = Choice(f"{what.label}怎样", options, line.state if line is not None else None, width=96)
            words = edit(f"{what.label}看到什么", line.found if line is not None else "", SEEN[what])
            state.currentIndexChanged.connect(lambda _index: self.changed.emit())
            words.textChanged.connect(lambda _words: self.changed.emit())
            self.states[what], self.words[what] = state, words
            name = text(what.label, "sub")
            name.setFixedWidth(64)
            lines.append(row_of(name, state, (words, 1), gap=8))
        self.setLayout(col(*lines, gap=6))
        self.setFocusProxy(self.states[SampleCheck.ORIGINAL])

    def value(self) -> tuple[CheckLine, ...]:
        """Return what was looked at; what is not looked at has no line, whatever is written beside it."""
        return tuple(
            CheckLine(what, state.value(), read(self.words[what]))
            for what, state in self.states.items()
            if state.value() is not None
        )

    def fault(self) -> str:
        """Return what is wrong: words about something of which nobody says how it is."""
        loose = [what.label for what, state in self.states.items() if state.value() is None and self.words[what].text()]
        return f"{'、'.join(loose)}：先选相符、不符或没有" if loose else ""

    def typed(self) -> object:
        """Return what stands in the lines, as a draft keeps it."""
        return {
            what.value: [state.value().value if state.value() is not None else "", self.words[what].text()]
            for what, state in self.states.items()
        }

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        for what, parts in kept.items() if isinstance(kept, dict) else ():
            if what in set(SampleCheck) and isinstance(parts, list) and len(parts) == 2:
                state = CheckState(parts[0]) if parts[0] in set(CheckState) else None
                self.states[SampleCheck(what)].set_value(state)
                self.words[SampleCheck(what)].setText(str(parts[1]))

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.changed.connect(then)


def verdict_tag(row: SampledRow) -> Tag:
    """Return the verdict as a chip, with an appeal that waits."""
    if row.appeal is not None and row.appeal.state is AppealState.PENDING:
        return Tag(f"{row.state}，申诉中", "wait")
    return Tag(row.state, "wait" if row.verdict is None else TONES[row.verdict])


def why_tag(row: SampledRow) -> Tag:
    """Return why a record was drawn as a chip."""
    return Tag(row.why, "none" if row.reason is SampleReason.RANDOM else "part")


def below(row: SampledRow) -> str:
    """Return the quiet line under the title of a drawn record; the year stands in its number already."""
    stands_for = "　前一条原件不在，补抽" if row.stands_for else ""
    return f"{row.number}　{row.on:%m-%d}{stands_for}"


COLUMNS: tuple[Column[SampledRow], ...] = (
    Column("序号", lambda row: row.position, text=str, width=48, tone="sub", align="c"),
    Column("抽中的记录", lambda row: row.title, cell=lambda row: Two(row.title, below(row))),
    Column("为什么抽", lambda row: row.why, cell=why_tag, width=108, fold=460),
    Column("认定", lambda row: row.state, cell=verdict_tag, width=148),
    Column("依据", lambda row: row.ground, width=190, tone="sub", fold=900),
)


def verdict_facts(row: SampledRow) -> list[Item]:
    """Return what was found, what the branch said, and what became of it, as far as there is any."""
    confirmed = f"{row.confirmed_by}　{row.confirmed_on.isoformat()}" if row.confirmed_on else ""
    looked: list[Item] = [
        row_of(
            Glyph(CHECK_SIGNS[check.state][0], CHECK_SIGNS[check.state][1], size=18),
            (fact(check.what.label, check.words), 1),
            gap=6,
        )
        for check in row.checks
    ]
    told: list[tuple[str, str]] = [
        ("为什么抽", row.why),
        ("认定日期", row.judged_on.isoformat() if row.judged_on else ""),
        ("依据", row.ground),
        ("支部说明", row.heard),
        ("复核", confirmed),
    ]
    parts: list[Item] = [*looked, *(fact(name, value) for name, value in told if value)]
    if row.may_appeal and row.appeal_until is not None:
        parts.append(fact("申诉期", f"到 {row.appeal_until.isoformat()}，以后提出的标“逾期”"))
    appeal = row.appeal
    if appeal is not None:
        late = f"，逾期（申诉期到 {row.appeal_until.isoformat()}）" if row.appealed_late and row.appeal_until else ""
        said = [
            ("提出", f"{appeal.raised_by}　{appeal.raised_on.isoformat()}{late}" if appeal.raised_on else ""),
            ("理由", appeal.ground),
            ("撤回" if appeal.gone else "决定", appeal.state_words),
            ("决定人", appeal.decided_by),
            ("决定理由", appeal.decision),
        ]
        parts += [heading("支部申诉"), *(fact(name, value) for name, value in said if value)]
    return parts
