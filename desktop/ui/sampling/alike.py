"""考评抽查 > 雷同记录: minutes that say nearly the same, side by side, what they share tinted."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from desktop.services.sampling.alike import AlikePair, AlikeService, Passage, Side
from desktop.services.standards.evidence import MEETING
from desktop.services.standards.verdict import Used
from desktop.ui import theme
from desktop.ui.output import export_button
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_record_of
from desktop.ui.race.period import PeriodChoice, PeriodInView, turn_to
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, box, col, link, row, text
from desktop.ui.widgets.layout import appear


def _named(side: Side) -> str:
    return f"{side.held_on.year}年{side.title}"


COLUMNS: tuple[Column[AlikePair], ...] = (
    Column("这一期的", lambda pair: pair.one.code, cell=lambda pair: Two(_named(pair.one), pair.one.name)),
    Column("和它雷同的", lambda pair: pair.other.code, cell=lambda pair: Two(_named(pair.other), pair.other.name)),
    Column("相同", lambda pair: pair.hundredths, cell=lambda pair: Tag(f"{pair.hundredths}%", "part"), width=78),
    Column("", lambda pair: not pair.across, text=lambda same: "本支部" if same else "跨支部", width=78, tone="sub"),
)


class AlikePage(Page):
    """雷同记录."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(AlikeService), desk.service(PeriodInView)
        self.periods = PeriodChoice(self, self.view, 150)
        self.periods.currentIndexChanged.connect(lambda _index: turn_to(self, self.periods.value()))
        self.export_button = export_button(self, lambda: self.table.model.sheet("雷同记录"))
        self.empty = EmptyState(
            "circle-check", "这一期没有雷同的会议记录。", "只作提醒，不自动认定：同学一份文件不算错。"
        )
        self.table: DataTable[AlikePair] = DataTable(COLUMNS, "雷同记录", self.empty, height=50)
        self._left, self._right = _Minutes(self), _Minutes(self)
        words = "两份并排，相同和相近的句子着色。只作提醒，不自动认定；抽查时排在补录之后先抽。"
        self._sides = box(row((self._left, 1), (self._right, 1), gap=12))
        self.setLayout(
            col(text(words, "sub", wrap=True), (self.table, 2), (self._sides, 3), gap=10, pad=(24, 14, 24, 16))
        )
        self.table.picked.connect(self.show_pair)
        appear(self._sides, False)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, and Excel."""
        return (self.periods, self.export_button)

    def reload(self) -> None:
        """Compare the minutes of the period in view with all others."""
        self.periods.follow()
        period = self.view.code
        self.call(lambda progress: self.service.pairs(period, progress), self._loaded, long=True)

    def show_pair(self, pair: AlikePair) -> None:
        """Put both minutes beside each other."""

        def show(both: tuple[tuple[Passage, ...], tuple[Passage, ...]]) -> None:
            self._left.show_minutes(pair.one, both[0])
            self._right.show_minutes(pair.other, both[1])
            appear(self._sides, True)

        self.read(lambda: self.service.beside(pair), show)

    # inside

    def _loaded(self, pairs: list[AlikePair]) -> None:
        self.table.set_rows(pairs, same=lambda pair: (pair.one.meeting_id, pair.other.meeting_id))
        if self.table.current() is None:
            appear(self._sides, False)


class _Minutes(QFrame):
    """One of two minutes, with the way to the meeting on the pages of its branch."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setObjectName("card")
        self._page = page
        self._side: Side | None = None
        self._said: Sequence[Passage] = ()
        self._whose, self._what = text("", "strong", wrap=True), text("", "small", wrap=True)
        self.open_button = link("看这次会议", self.open_meeting)
        self.words = QTextBrowser()
        self.words.setFrameShape(QFrame.Shape.NoFrame)
        self.words.setObjectName("bare")
        self.words.setOpenLinks(False)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        head = row((col(self._whose, self._what, gap=1), 1), self.open_button, gap=8)
        self.setLayout(col(head, (self.words, 1), gap=6, pad=(16, 10, 12, 10)))

    def show_minutes(self, side: Side, said: Sequence[Passage]) -> None:
        """Show whose minutes they are and what they say."""
        self._side = side
        self._whose.setText(side.name)
        self._what.setText(_named(side))
        self.words.setAccessibleName(f"{side.name}{side.title}")
        self._said = said
        self._mark()

    def changeEvent(self, event: QEvent) -> None:
        """Mark what is alike in the colours of the look that is worn now."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._said:
            self._mark()

    def _mark(self) -> None:
        tint = theme.TONES["part"][1]
        self.words.setHtml(
            "".join(
                f'<span style="background-color:{tint}">{escape(each.text)}</span>' if each.same else escape(each.text)
                for each in self._said
            )
        )

    def open_meeting(self) -> None:
        """Read the meeting on the pages of its branch."""
        side = self._side
        if side is not None:
            open_record_of(self._page.desk, side.branch_id, Used(MEETING, side.meeting_id, side.held_on, side.title))
