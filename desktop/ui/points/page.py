"""党员 > 积分: the way of lines from claimed to confirmed, the ledger, the publication, and the line in view."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.points.book import Book, Line, LineState, PointsBook, Way
from desktop.services.points.claim_rows import ClaimRow
from desktop.services.points.claims import ClaimService
from desktop.services.points.publishing import Publication, PublishingService
from desktop.services.points.questions import QuestionService
from desktop.services.points.reckoning import Entry
from desktop.services.standards.periods import quarter_name
from desktop.services.standards.verdict import Used
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.output import export_kind, export_sheet, print_paper
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_record, page_of_record
from desktop.ui.points.columns import COLUMNS
from desktop.ui.points.comparing import compare
from desktop.ui.points.dialogs import (
    CLAIMS,
    PUBLICATIONS,
    AnswerDialog,
    ApproveDialog,
    ClaimDialog,
    Closing,
    ExcuseDialog,
    PublishDialog,
    ReasonDialog,
    VerifyDialog,
)
from desktop.ui.points.side import line_items, notes_above, publication_items, side_items, step_items
from desktop.ui.table_model import DataTable
from desktop.ui.widgets import (
    EmptyState,
    Item,
    Segments,
    appear,
    box,
    button,
    clear,
    col,
    fixed,
    link,
    row,
    scroll,
    set_text,
    text,
)
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import UNBOUND, Turning, add

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink

SIDE = 344
TAB_BELOW = 1080
"""Below this width each part of the right column stands in a tab of its own."""
ALL, CLAIMED, FOUND = "all", "claimed", "found"
LEDGER, LINE_TAB, SIDE_TAB = "ledger", "line", "side"
FLOW: tuple[tuple[str, str, tuple[LineState, ...]], ...] = (
    (ALL, "全部", tuple(LineState)),
    ("submitted", "待核实", (LineState.ASKED, LineState.SUBMITTED)),
    ("verified", "待审核", (LineState.VERIFIED, LineState.WAITS_ABOVE)),
    ("unpublished", "待公布", (LineState.UNCOMPARED, LineState.UNPUBLISHED)),
    ("posted", "公示中", (LineState.POSTED,)),
    ("confirmed", "已确认", (LineState.CONFIRMED,)),
    ("closed", "退回、撤销", (LineState.REJECTED, LineState.REVOKED, LineState.EXCUSED)),
)
"""Each place of the flow with the states that stand there."""
STATES = {key: states for key, _words, states in FLOW}
DUES = "dues_payment"


class PointsPage(Page):
    """积分."""

    title = "积分"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.books, self.claims = desk.service(PointsBook), desk.service(ClaimService)
        self.questions = desk.service(QuestionService)
        self.book: Book | None = None
        self.line: Line | None = None
        self._wanted = self._place = self._next = ""
        self._narrow_of: tuple[Book | None, Line | None] = None, None
        self.claim_button = desk.offered(CLAIMS, button("申报一笔", self.hand_in, "", "plus"))
        self.statement_button = desk.offered(Act.EXPORT, button("个人对账单", self.print_statement, "", "report"))
        self.publish_button = desk.offered(PUBLICATIONS, button("公布积分", self.publish, "primary", "send"))
        self.flow = Segments([(key, words) for key, words, _states in FLOW], name="走到哪一步")
        self.way = Segments(((ALL, "全部"), (CLAIMED, "申报"), (FOUND, "自动")), name="怎么来的")
        self.view = Segments(
            ((LEDGER, "台账"), (LINE_TAB, "选中这笔"), (SIDE_TAB, "公布")), name="台账、选中这笔或公布"
        )
        self.who = Choice("哪名党员", [("", "全部党员")], width=132)
        self.all_button = desk.offered(CLAIMS, button("全部核实", self.next_all, "small"))
        self.import_link = desk.offered(CLAIMS, link("导入申报表", lambda: self.open_import()))
        Arrivals(self, self.import_link, self.open_import)
        self.headline = text("台账", "h2")
        self.count = text("", "sub")
        self.table: DataTable[Line] = DataTable(COLUMNS, "积分台账", look="clear")
        foot = row(
            text("记错的只能撤销后重记，不能改；自己的申报自己不能审", "small"),
            ...,
            self.import_link,
            desk.offered(Act.EXPORT, link("导出申报表", lambda: export_kind(self, CLAIMS, "积分申报表"))),
            desk.offered(Act.EXPORT, link("导出台账", lambda: export_sheet(self, self.table.sheet()))),
            gap=12,
            pad=(14, 0, 14, 8),
        )
        head = row(self.headline, self.count, ..., self.all_button, self.way, self.who, pad=(14, 10, 14, 0))
        self._step = row(gap=8, pad=(14, 0, 14, 0))
        self._step_row = box(self._step)
        appear(self._step_row, False)
        self._card = box(col(head, (self.table, 1), self._step_row, foot, gap=6), "card")
        self._side_body = col(gap=6, pad=(16, 12, 14, 12))
        self._side: QFrame = box(col(scroll(box(self._side_body))), "card")
        self._obstacles = col(gap=2)
        self._view_row = box(row(self.view, (box(self._obstacles), 1), gap=12))
        self.empty = EmptyState(
            "report", "今年还没有积分。", "积分从会议、党费、活动里自动来；别的由本人申报。", "申报一笔", self.hand_in
        )
        desk.offered(CLAIMS, self.empty)
        whole = box(col(row(self.flow, ...), self._view_row, (row((self._card, 1), self._side, gap=12), 1), gap=8))
        self._stack = Turning()
        self._stack.addWidget(whole)
        self._stack.addWidget(box(col(self.empty), "card"))
        self.setLayout(col(self._stack, pad=(24, 14, 24, 16)))
        self.flow.changed.connect(lambda _key: self._filter())
        self.way.changed.connect(lambda _key: self._filter())
        self.view.changed.connect(lambda _key: self._turn())
        self.who.currentIndexChanged.connect(lambda _index: self._filter())
        self.table.picked.connect(self.show_line)
        self.table.opened.connect(self._open)
        self.table.view.installEventFilter(self)
        self.setFocusProxy(self.table.view)

    def bar_actions(self) -> Sequence[QWidget]:
        """A claim, the statement of a member, and the publication."""
        return (self.claim_button, self.statement_button, self.publish_button)

    # reading

    def reload(self) -> None:
        """Read the ledger of the year in view."""
        year = self.desk.year
        self.read(lambda: self.books.book(year), self._show)

    def go(self, where: dict[str, Any]) -> None:
        """Show the lines of a member, a claim, a publication, or what stands at one place of the flow."""
        prefill = dict(where.get("prefill") or {})
        self._wanted, self._place = str(where.get("record") or ""), str(prefill.get("stand") or "")
        year = str(prefill.get("year") or "")
        if year.isdigit():
            self.desk.set_year(int(year))
        self._stand()

    def _show(self, book: Book) -> None:
        self.book = book
        self._stack.setCurrentIndex(0 if book.lines or book.points.members else 1)
        for key, words, states in FLOW:
            self.flow.name(key, f"{words} {book.count(*states)}")
        people = [("", "全部党员"), *((member.member_id, member.name) for member in book.points.members)]
        self.who.set_options(people, self.who.value())
        follows, self._next = self._next, ""
        key = follows or (self.line.key if self.line is not None else "")
        self.line = next((line for line in book.lines if line.key == key), None)
        if self.line is None and self.view.current() == LINE_TAB:
            self.view.choose(LEDGER)  # what was in view was decided, and goes on under another key
        self.table.set_rows(book.lines, lambda line: line.key)
        hindrances = book.standing.hindrances
        self.publish_button.setText(f"公布{quarter_name(book.quarter)}积分")
        self.publish_button.setEnabled(not hindrances)
        self.publish_button.setToolTip("；".join(hindrances))
        self._filter()
        self._show_side()
        self._arrange()
        if follows:
            self._stand_on(follows)
        self._stand()

    def _stand_on(self, key: str) -> None:
        """Keep a line in view that has become another one, with its next step."""
        if not self.table.select(lambda line: line.key == key):
            self.flow.choose(ALL)
            self.way.choose(ALL)
            self._filter()
            self.table.select(lambda line: line.key == key)
        self.table.view.setFocus()

    def show_place(self, place: str, states: Sequence[LineState]) -> None:
        """Show what stands at one place of the flow, the first in one of `states` in view."""
        self.flow.choose(place)
        self.way.choose(ALL)
        self.who.set_value("")
        self.view.choose(LEDGER)
        self._filter()
        self._arrange()
        self.table.select(lambda line: line.state in states)
        self.table.view.setFocus()

    def _stand(self) -> None:
        book = self.book
        if book is None or book.points.year != self.desk.year:
            return  # what is wanted is still to be read
        wanted, self._wanted = self._wanted, ""
        place, self._place = self._place, ""
        if not (wanted or place):
            return
        self.flow.choose(place or ALL)
        self.way.choose(ALL)
        of_member = any(member.member_id == wanted for member in book.points.members)
        self.who.set_value(wanted if of_member else "")
        self._filter()
        if place:
            self.table.select(lambda line: line.state is LineState.UNCOMPARED)
        if wanted and not of_member:
            found = self.table.select(lambda line: line.key == wanted)
            self.view.choose(LINE_TAB if found else SIDE_TAB)
            self._turn()
            if not found and all(each.id != wanted for each in book.publications):
                self.read(lambda: self.books.year_of(wanted), lambda year: self._turn_to(year, wanted))

    def _turn_to(self, year: int | None, wanted: str) -> None:
        """Show the year in which what is wanted stands."""
        if year is not None and year != self.desk.year:
            self._wanted = wanted
            self.desk.set_year(year)

    def _filter(self) -> None:
        book = self.book
        if book is None:
            return
        states, way, who = STATES[self.flow.current()], self.way.current(), str(self.who.value() or "")
        self.table.model.set_filter(
            lambda line: (
                line.state in states
                and (way == ALL or (line.way is Way.FOUND) is (way == FOUND))
                and (not who or line.member_id == who)
            )
        )
        shown = len(self.table.model.rows())
        set_text(self.count, f"{book.year} 年 {shown} 笔，新的在前")
        ready = self._ready()
        verb = "全部核实" if self.flow.current() == "submitted" else "全部审核"
        self.all_button.setText(f"{verb} {len(ready)} 笔")
        if not getattr(self.all_button, "withheld", False):
            appear(self.all_button, bool(ready))
        self.statement_button.setEnabled(bool(who) or self.line is not None)
        self.statement_button.setToolTip("" if self.statement_button.isEnabled() else "先选一名党员")

    def _ready(self) -> list[ClaimRow]:
        """Return the claims in view that wait for the same step."""
        wanted = {"submitted": LineState.SUBMITTED, "verified": LineState.VERIFIED}.get(self.flow.current())
        return [
            line.claim for line in self.table.model.rows() if line.claim is not None and line.state is wanted
        ]  # fmt: skip

    def show_line(self, line: Line) -> None:
        """Show one line at the right."""
        self.line = line
        self._show_side()
        self._filter_statement()

    def _filter_statement(self) -> None:
        self.statement_button.setEnabled(True)
        self.statement_button.setToolTip("")

    def _show_side(self) -> None:
        if self.book is None:
            return
        clear(self._side_body)
        for item in (*self._side_items(self.book), ...):
            add(self._side_body, item)
        self._show_narrow()

    def _show_narrow(self) -> None:
        """Where the side is away, show above the ledger what it says of the publication, below it the next step of the
        line in view.
        """
        book, line = (self.book, self.line) if self.width() < TAB_BELOW else (None, None)
        if (book, line) == self._narrow_of:
            return
        self._narrow_of = book, line
        clear(self._obstacles)
        clear(self._step)
        for item in notes_above(self, book) if book is not None else ():
            add(self._obstacles, item)
        for item in step_items(self, book, line) if book is not None and line is not None else ():
            add(self._step, item)
        appear(self._step_row, book is not None and line is not None)

    def _side_items(self, book: Book) -> list[Item]:
        view = self.view.current()
        if self.width() >= TAB_BELOW or view == LEDGER:
            return side_items(self, book, self.line)
        if view == SIDE_TAB:
            return publication_items(self, book)
        if self.line is None:
            return [text("先在台账里点一笔，它的来处和能办的在这里。", "sub", wrap=True)]
        return line_items(self, book, self.line)

    # acting

    def hand_in(self) -> None:
        """Open the form of a claim."""
        book = self.book
        if book is None:
            return
        people = [(member.member_id, member.name) for member in book.points.members]
        days = book.scheme.claim_within_days
        self.read(lambda: self.claims.rules(book.year), lambda rules: ClaimDialog(self, people, rules, days).open())

    def open_import(self, source: Path | str | None = None) -> None:
        """Take claims from Excel, with what was said to them."""
        self.desk.push(IntakePage(self.desk, CLAIMS, "积分申报表", source=source))

    def verify(self, claim: ClaimRow) -> None:
        """Ask who verified a claim."""
        self.read(
            lambda: self.claims.verifiers(claim.id), lambda able: VerifyDialog(self, claim, able).open()
        )  # fmt: skip

    def approve(self, found: list[ClaimRow]) -> None:
        """Ask which meeting approved claims."""
        ids = [claim.id for claim in found]
        self.read(lambda: self.claims.meetings(ids), lambda offered: ApproveDialog(self, found, offered).open())

    def answer(self, claim: ClaimRow) -> None:
        """Ask what the superior said of a claim of the secretary."""
        AnswerDialog(self, claim).open()

    def close_claim(self, claim: ClaimRow, closing: Closing) -> None:
        """Ask why a claim is rejected, revoked, or a decision taken back."""
        ReasonDialog(self, claim, closing).open()

    def excuse(self, question: Entry) -> None:
        """Ask what the good reason was."""
        ExcuseDialog(self, question).open()

    def charge(self, question: Entry) -> None:
        """Hand in the deduction of what had no good reason; its line stays in view, to be verified or taken back."""
        made: list[str] = []
        asked = self.line.key if self.line is not None else ""

        def take_back() -> None:
            self.act(
                lambda: self.claims.reconsider(made[0], "记下后当场撤销"),
                "已撤销，等着重新判断。",
                then=lambda _none: self._follow(asked),
            )

        self.act(
            lambda: made.append(self.questions.charge(question)),
            "已记下没有正当理由，核实、审核后扣分。",
            then=lambda _none: self._follow(made[0]),
            undo=take_back,
        )

    def _follow(self, key: str) -> None:
        self._next = key

    def next_all(self) -> None:
        """Verify all claims in view, each by who may first, or ask which meeting approved them."""
        if ready := self._ready():
            self._next_of(LineState.SUBMITTED if self.flow.current() == "submitted" else LineState.VERIFIED, ready)

    def next_step(self) -> None:
        """Take the line in view to its next state, and with it those that are chosen beside it and stand there too."""
        line = self.line
        if line is None or line.claim is None or not self.desk.allows(CLAIMS):
            return
        same = [each.claim for each in self.table.chosen() if each.claim is not None and each.state is line.state]
        if len(same) > 1:
            self._next_of(line.state, same)
            return
        if line.state is LineState.SUBMITTED:
            self.verify(line.claim)
        elif line.state is LineState.VERIFIED:
            self.approve([line.claim])
        elif line.state is LineState.WAITS_ABOVE and self.book is not None and not self.book.above:
            self.answer(line.claim)
        elif line.state is LineState.UNCOMPARED and self.book is not None:
            compare(self, line.claim, self.book.scheme)

    def _next_of(self, state: LineState, claims: list[ClaimRow]) -> None:
        """Take several claims that stand at one place to their next state."""
        if state is LineState.SUBMITTED:
            ids = [claim.id for claim in claims]
            self.act(lambda: self.claims.verify(ids), f"{len(ids)} 笔已核实，送支委会审核。")
        elif state is LineState.VERIFIED:
            self.approve(claims)

    def publish(self) -> None:
        """Ask for the meeting and the day of the publication."""
        book = self.book
        if book is not None and not book.standing.hindrances:
            service = self.desk.service(PublishingService)
            self.read(
                lambda: service.meetings(book.year, book.quarter),
                lambda offered: PublishDialog(self, book.standing, offered).open(),
            )

    def print_notice(self, publication: Publication) -> None:
        """Write the sheet of a publication."""
        name = f"{publication.year}年{quarter_name(publication.quarter)}党员积分公示"

        def write(path: "Sink") -> object:
            from desktop.services.archive.points import PointsPapers  # with reportlab, not before it is asked for

            return PointsPapers(self.desk.store).notice(publication.id, path)

        print_paper(self, name, write)

    def print_statement(self) -> None:
        """Write the statement of the member in view."""
        who = str(self.who.value() or "") or (self.line.member_id if self.line is not None else "")
        member = next((each for each in self.book.points.members if each.member_id == who), None) if self.book else None
        if member is None:
            return
        year = self.desk.year

        def write(path: "Sink") -> object:
            from desktop.services.archive.points import PointsPapers  # with reportlab, not before it is asked for

            return PointsPapers(self.desk.store).statement(member.member_id, year, path)

        print_paper(self, f"{member.name}{year}年积分对账单", write)

    def leads(self, entry: Entry) -> bool:
        """Return whether there is a page with the record of a line."""
        return entry.kind == DUES or (bool(entry.record_id) and bool(page_of_record(entry.kind)[0]))

    def open_record(self, line: Line) -> None:
        """Go to the record a line comes from."""
        entry = line.entry
        if entry is None:
            return
        if entry.kind == DUES:
            self.desk.open("members", "dues", record=entry.member_id)
        else:
            open_record(self.desk, Used(entry.kind, entry.record_id, entry.on, entry.title))

    def _open(self, line: Line) -> None:
        if line.claim is None and line.entry is not None and self.leads(line.entry):
            self.open_record(line)
        else:
            self.show_details()

    def show_details(self) -> None:
        """Show everything about the line in view, where it stands in a tab of its own."""
        self.view.choose(LINE_TAB)
        self._turn()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space:
            self.next_step()
            return True
        return super().eventFilter(watched, event)

    # width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (self.width() < TAB_BELOW) != (event.oldSize().width() < TAB_BELOW):
            self._show_side()
        self._arrange()

    def _turn(self) -> None:
        self._show_side()
        self._arrange()

    def _arrange(self) -> None:
        narrow, side = self.width() < TAB_BELOW, self.view.current() != LEDGER
        appear(self._view_row, narrow)
        appear(self._side, side if narrow else True)
        appear(self._card, not side if narrow else True)
        if narrow:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(UNBOUND)
        else:
            fixed(self._side, SIDE)
        self._show_narrow()
