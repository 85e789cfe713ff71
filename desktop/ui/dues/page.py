"""党员 > 党费: the ledger of the year, who owes, collecting a month, what was remitted and published."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.dues import DuesMeans
from desktop.services.dues.assessing import AssessmentRow, AssessmentService
from desktop.services.dues.collecting import PaymentRow, PaymentService, open_of, waiting
from desktop.services.dues.doubts import doubts
from desktop.services.dues.ledger import Ledger, LedgerService
from desktop.services.dues.paper import PaperEntry, PaperService, paper_entries
from desktop.services.dues.reckoning import QUARTER_MONTHS, CellState, LedgerRow
from desktop.services.dues.words import grouped, months_words, yuan
from desktop.services.standards.verdict import Where
from desktop.ui.dues.assessments import AssessmentPage
from desktop.ui.dues.dialogs import ASSESSMENTS, PAYMENTS, AssessmentDialog, CollectDialog, PaymentDialog, ShareDialog
from desktop.ui.dues.grid import LOOK, LedgerGrid
from desktop.ui.dues.menus import PUBLICITY, REMITTANCE, fill_menus, print_dues_paper
from desktop.ui.dues.paper import ENTRIES, PaperDialog, PaperEntriesDialog
from desktop.ui.dues.side import side_items
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.page import Desk, Page
from desktop.ui.places import place_of
from desktop.ui.widgets import (
    Chip,
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
    menu_button,
    row,
    scroll,
    set_text,
    text,
)
from desktop.ui.widgets.layout import UNBOUND, Turning, add

SIDE = 262
TAB_BELOW = 1080
"""Below this width what is said of arrears stands in a tab of its own."""
KEY_BELOW = 760
ALL, OWING, QUARTERLY = "all", "owing", "quarterly"
LEDGER, SIDE_TAB = "ledger", "side"
SHOWN_KEY = (CellState.PAID, CellState.MADE_GOOD, CellState.OWED, CellState.OPEN)
RARE_KEY = (CellState.UNRECORDED, CellState.UNKNOWN, CellState.EXEMPT)


class DuesPage(Page):
    """党费."""

    title = "党费"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ledgers, self.payments = desk.service(LedgerService), desk.service(PaymentService)
        self.ledger: Ledger | None = None
        self._wanted: dict[str, Any] = {}
        self.scope = Segments(((ALL, "全部"), (OWING, "欠交"), (QUARTERLY, "按季")), name="哪些人")
        self.view = Segments(((LEDGER, "台账"), (SIDE_TAB, "预警")), name="台账或预警")
        self.more = QMenu(self)
        self.more_button = menu_button("更多", self.more)
        self.papers = QMenu(self)
        self.print_button = desk.offered(Act.EXPORT, menu_button("打印", self.papers, "", "printer"))
        self.assess_button = button("核定", self.open_assessments, "", "clipboard-check")
        self.collect_button = desk.offered(PAYMENTS, button("收本月", self.collect, "primary", "check"))
        fill_menus(self)
        self.headline, self.second = text("", "h2"), text("", "sub")
        self.paper_link = desk.offered(PAYMENTS, link("", self.take_paper))
        appear(self.paper_link, False)
        self.key = row(*self._key(), gap=6)
        self._key_box = box(self.key)
        self.grid = LedgerGrid()
        self.empty = EmptyState(
            "report",
            "还没有核定今年的党费。",
            "按名册上的基数核定，或导入已有的台账。",
            "从名册带过来",
            self.carry_over,
        )
        desk.offered(ASSESSMENTS, self.empty)
        self._stack = Turning()
        for part in (self.grid, self.empty):
            self._stack.addWidget(part)
        head = row(self.headline, self.second, self.paper_link, ..., self._key_box, gap=10, pad=(14, 8, 14, 0))
        self._card = box(col(head, (self._stack, 1), gap=4), "card")
        self._side_body = col(gap=6, pad=(16, 12, 14, 12))
        self._side: QFrame = box(col(scroll(box(self._side_body))), "card")
        self._view_row = box(row(self.view, ...))
        body = row((self._card, 1), self._side, gap=12)
        self.setLayout(col(self._view_row, (body, 1), gap=8, pad=(24, 14, 24, 16)))
        self.scope.changed.connect(lambda _key: self._show_rows())
        self.view.changed.connect(lambda _key: self._arrange())
        self.grid.opened.connect(self.open_months)
        self.grid.paid.connect(self.pay_now)
        self.grid.base_opened.connect(self.open_base)
        self.grid.quarter_opened.connect(self.open_quarter)
        self.import_button = desk.offered(PAYMENTS, button("导入", lambda: self.open_import(), "", "table-import"))
        Arrivals(self, self.import_button, self.open_import)
        self.setFocusProxy(self.grid)

    def bar_actions(self) -> Sequence[QWidget]:
        """Filter, papers, and the one primary action."""
        return (
            self.scope,
            self.more_button,
            self.import_button,
            self.print_button,
            self.assess_button,
            self.collect_button,
        )

    def _key(self) -> list[Item]:
        out: list[Item] = []
        self._rare: dict[CellState, tuple[QWidget, QWidget]] = {}
        for state in (*SHOWN_KEY, *RARE_KEY):
            mark, tone = LOOK[state]
            chip, words = Chip(""), text(state.label, "small")
            chip.show_state(mark, tone)
            out += [chip, words]
            if state in RARE_KEY:
                self._rare[state] = (chip, words)
        return out

    def _explain(self, ledger: Ledger) -> None:
        """Have the key say of each mark that is seen only at times what it means where it is seen."""
        seen = {cell.state for row in ledger.rows for cell in row.cells}
        for state, parts in self._rare.items():
            for part in parts:
                appear(part, state in seen)

    def remind(self, member: LedgerRow) -> None:
        """Write what a member in arrears is given."""
        year = self.desk.year
        print_dues_paper(
            self,
            f"{member.name}党费催交单",
            lambda papers, path: papers.reminder(year, member.member_id, path),
        )

    def receipt(self) -> None:
        """Write what the member in view is given for what was paid in the year."""
        member, year = self.grid.row(), self.desk.year
        if member is None or not member.paid_fen:
            who = "先在台账里选一名党员" if member is None else f"{member.name}{year}年还没有交党费"
            self.desk.say(f"{who}。")
            return
        print_dues_paper(
            self,
            f"{member.name}{year}年党费收条",
            lambda papers, path: papers.receipt(year, member.member_id, path),
        )

    # reading

    def reload(self) -> None:
        """Read the ledger of the year in view."""
        year = self.desk.year
        today = self.desk.store.today
        on = today if year >= today.year else date(year, 12, 31)

        def work() -> tuple[Ledger, list[PaymentRow], list[Any]]:
            ledger = self.ledgers.ledger(year, max(on, today) if year < today.year else on)
            payments = self.payments.payments(year)
            return ledger, payments, doubts(ledger, payments)

        self.read(work, lambda got: self._show(*got))

    def go(self, where: dict[str, Any]) -> None:
        """Stand on the month or the member that `where` names, in the year of that month."""
        prefill = dict(where.get("prefill") or {})
        month = str(prefill.get("month") or where.get("month") or "")
        year, number = (int(month[:4]), int(month[5:7])) if len(month) >= 7 else (self.desk.year, 0)
        self._wanted = {"year": year, "month": number, "member": where.get("record") or ""}
        self.desk.set_year(year)
        self._stand()

    def focus_filter(self) -> None:
        """Put the cursor into the ledger."""
        self.grid.setFocus()

    def _show(self, ledger: Ledger, payments: list[PaymentRow], found: list[Any]) -> None:
        self.ledger, self._doubts = ledger, found
        owing = sum(bool(each.owed) for each in ledger.rows)
        self.scope.name(ALL, f"全部 {len(ledger.rows)}")
        self.scope.name(OWING, f"欠交 {owing}")
        self.scope.name(QUARTERLY, f"按季 {sum(each.quarterly for each in ledger.rows)}")
        self.view.name(SIDE_TAB, f"预警 {len(ledger.alarmed)}")
        self._stack.setCurrentWidget(self.grid if ledger.begun else self.empty)
        self.empty.say(f"还没有核定 {ledger.year} 年党费。", "按名册上的基数核定，或导入已有的台账。")
        self._explain(ledger)
        self._tell_month()
        self._show_rows()
        self._show_side(ledger, found, paper_entries(payments))
        self._arrange()
        self._stand()

    def _stand(self) -> None:
        wanted = self._wanted
        if self.ledger is None or not wanted or self.ledger.year != wanted["year"]:
            return  # what is wanted is still to be read
        self._wanted = {}
        month = wanted["month"] or self.grid.month
        owing = [each.member_id for each in self.ledger.open(month)]
        member = wanted["member"] or (owing[0] if owing else "")
        if member:
            self.scope.choose(ALL)
            self._show_rows()
            self.grid.stand_on(member, month)
            self.grid.setFocus()

    @property
    def month(self) -> int:
        """The month that is collected: the one that runs, of a year that is over the last."""
        today = self.desk.store.today
        return today.month if self.desk.year == today.year else 12 if self.desk.year < today.year else 1

    def _tell_month(self) -> None:
        ledger, month = self.ledger, self.month
        if ledger is None:
            return
        waiting = self._waiting()
        due = [each for each in ledger.rows if each.cells[month - 1].due_fen and not each.cells[month - 1].quarterly]
        paid = len(due) - len(ledger.open(month))
        self.headline.setText(
            f"{month} 月已收 {paid} 人，还有 {len(due) - paid} 人"
            if paid < len(due)
            else f"{month} 月已收齐，{paid} 人"
        )
        notes = []
        if quarterly := sum(each.cells[month - 1].quarterly for each in ledger.rows):
            ends = -(-month // QUARTER_MONTHS) * QUARTER_MONTHS
            notes.append(f"另 {quarterly} 人按季交，{ends} 月到期")
        if ledger.provisional:
            notes.append(f"{len(ledger.provisional)} 人没有核定，暂按名册（*）")
        set_text(self.second, "；".join(notes))
        unknown = months_words([(ledger.year, month) for month in ledger.unrecorded], ledger.year)
        self.paper_link.setText(f"{unknown}没有记录，按纸质台账记")
        appear(self.paper_link, bool(unknown))
        self.collect_button.setText(f"收 {month} 月")
        self.collect_button.setEnabled(bool(waiting) and ledger.begun)
        self.collect_button.setToolTip("" if waiting else f"{month}月没有还没交的人")

    def _waiting(self) -> tuple[LedgerRow, ...]:
        """Return who is collected from now."""
        return waiting(self.ledger, self.month) if self.ledger is not None else ()

    def _show_rows(self) -> None:
        if self.ledger is None:
            return
        wanted = self.scope.current()
        rows = [
            each
            for each in self.ledger.rows
            if wanted == ALL or (wanted == OWING and each.owed) or (wanted == QUARTERLY and each.quarterly)
        ]
        self.grid.show_rows(self.ledger, rows, self.month)

    # right column

    def _show_side(self, ledger: Ledger, found: list[Any], on_paper: Sequence[PaperEntry]) -> None:
        clear(self._side_body)
        for item in (*side_items(self, ledger, found, on_paper), ...):
            add(self._side_body, item)

    # acting

    def take_paper(self) -> None:
        """Record at once what was collected before the program came and is on paper."""
        if self.ledger is None or not self.ledger.last_over:
            self.desk.say(f"{self.desk.year} 年还没有过完的月份。")
            return
        PaperDialog(self, self.ledger).open()

    def open_paper_entries(self) -> None:
        """Show what was taken over from paper, where it can be taken back as one."""
        ledger, service = self.ledger, self.desk.service(PaperService)
        if ledger is None:
            return

        def work() -> tuple[list[PaperEntry], dict[str, str]]:
            entries = service.entries(ledger.year)
            return entries, {each.key: service.kept_because(each) for each in entries}

        def show(got: tuple[list[PaperEntry], dict[str, str]]) -> None:
            if got[0]:
                PaperEntriesDialog(self, ledger, *got).open()
            else:
                self.desk.say(f"{ledger.year} 年没有{ENTRIES}。")

        self.read(work, show)

    def collect(self) -> None:
        """Collect the month of everybody who has not paid it."""
        waiting = self._waiting()
        if waiting:
            CollectDialog(self, self.desk.year, self.month, waiting).open()

    def open_months(self, member: LedgerRow, first: int, last: int) -> None:
        """Open what was paid for a month, else the form to pay some months."""
        if first == last and not self._may_pay(member, first):
            return
        kept = member.cells[first - 1].payments if first == last else []
        year = self.desk.year

        def show(payments: list[PaymentRow]) -> None:
            payment = payments[-1] if payments else None
            if payment is None and not self.desk.allows(PAYMENTS):
                return
            begin, end = (first, last) if first != last else open_of(member, first)[:2]
            PaymentDialog(self, year, member, begin, end, payment).open()

        if kept:
            self.read(lambda: self.payments.payments(year, member.member_id, first), show)
        else:
            show([])

    def _may_pay(self, member: LedgerRow, month: int) -> bool:
        """Say in the page why nothing is paid for a month."""
        if member.cells[month - 1].state in (CellState.NONE, CellState.EXEMPT) and not member.cells[month - 1].paid_fen:
            why = "经批准免交" if member.cells[month - 1].state is CellState.EXEMPT else "不在本支部交纳党费"
            self.desk.say(f"{member.name}{self.desk.year}年{month}月{why}。")
            return False
        return True

    def pay_now(self, member: LedgerRow, month: int) -> None:
        """Take what is open of a month as paid today."""
        first, last, amount = open_of(member, month)
        if not self.desk.allows(PAYMENTS) or not self._may_pay(member, month):
            return
        if not amount:
            self.open_months(member, month, month)
            return
        made: list[str] = []
        year, today = self.desk.year, self.desk.store.today

        def work() -> None:
            made.extend(self.payments.collect(year, month, [member.member_id], today, DuesMeans.CASH))

        words = f"{member.name}{first}月" if first == last else f"{member.name}{first}—{last}月"
        self.act(
            work,
            f"{words}已收 {yuan(amount)} 元，今天，现金。",
            undo=lambda: self.act(lambda: self.payments.remove(made), "已撤销。"),
        )

    def make_good(self, member: LedgerRow) -> None:
        """Open the form that makes good what a member owes of the year in view."""
        months = [month for year, month in member.owed if year == self.desk.year]
        if months:
            PaymentDialog(self, self.desk.year, member, months[0], months[-1], None).open()
        else:
            self.desk.say(f"{member.name}欠的是上一年的，换到那一年再补收。")

    def open_base(self, member: LedgerRow) -> None:
        """Open the assessment of a member."""
        year = self.desk.year

        def show(found: list[AssessmentRow]) -> None:
            mine = [each for each in found if each.member_id == member.member_id]
            if mine:
                AssessmentDialog(self, mine[-1]).open()

        self.read(lambda: self.desk.service(AssessmentService).rows(year), show)

    def open_assessments(self) -> None:
        """Turn to the yearly assessment."""
        self.desk.push(AssessmentPage(self.desk))

    def carry_over(self) -> None:
        """Assess everybody by the base of the roster or of last year."""
        year = self.desk.year
        self.act(
            lambda: self.desk.service(AssessmentService).carry_over(year),
            lambda count: f"已核定 {count} 人，逐个核对后请本人确认。",
        )

    def open_import(self, source: Path | str | None = None) -> None:
        """Take a ledger from Excel."""
        self.desk.push(IntakePage(self.desk, "dues", "党费收缴台账", source=source))

    def quarter_due(self) -> int:
        """Return the quarter that is to be handed up: the first that is late, else the one that runs."""
        quarters = self.ledger.quarters if self.ledger is not None else ()
        late = next((each.quarter for each in quarters if each.over and each.to_remit_fen), 0)
        return late or -(-self.month // QUARTER_MONTHS)

    def open_quarter(self, quarter: int) -> None:
        """Write down what was remitted for a quarter."""
        if self.ledger is None or not self.desk.allows(REMITTANCE):
            return
        sums = self.ledger.quarters[quarter - 1]
        if sums.remitted_fen and not sums.to_remit_fen:
            told = "、".join(
                f"{day.month}月{day.day}日{f' 收据{receipt}' if receipt else ''}" for day, receipt in sums.remitted
            )
            self.desk.say(f"{quarter}季度已上缴 {grouped(sums.remitted_fen)} 元：{told}。")
            return
        self.register(
            REMITTANCE,
            event_on=self.desk.store.today,
            title=f"{self.desk.year}年{quarter}季度党费上缴",
            year=self.desk.year,
            quarter=quarter,
            amount_fen=sums.to_remit_fen or None,
        )

    def ask_share(self) -> None:
        """Ask what share of the dues is handed up; the ledger proposes by it."""
        ShareDialog(self, self.ledger.share if self.ledger is not None else None).open()

    def publish(self) -> None:
        """Write down the yearly publication of what was collected and remitted."""
        if self.ledger is None:
            return
        year = self.desk.year
        remitted = sum(each.remitted_fen for each in self.ledger.quarters)
        self.register(
            PUBLICITY,
            event_on=self.desk.store.today,
            title=f"{year}年党费收缴使用公布",
            period=f"{year}年",
            collected_fen=self.ledger.paid_fen or None,
            remitted_fen=remitted or None,
        )

    def register(self, kind: str, **prefill: object) -> None:
        """Open the form of a register about dues."""
        area, tab = place_of(Where("registers", kind))
        self.desk.open(area, tab, kind=kind, new=True, prefill=prefill)

    def talk(self, member: LedgerRow) -> None:
        """Open the form of a talk about why dues are owed."""
        owed = months_words(member.owed, self.desk.year)
        self.register("talk", talkee_id=member.member_id, title=f"与{member.name}谈党费欠交（{owed}）的原因")

    # width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < TAB_BELOW
        side = self.view.current() == SIDE_TAB
        appear(self._view_row, narrow)
        appear(self._side, side if narrow else True)
        appear(self._card, not side if narrow else True)
        appear(self._key_box, self.width() >= KEY_BELOW and not (narrow and self.width() < KEY_BELOW + 160))
        if narrow:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(UNBOUND)
        else:
            fixed(self._side, SIDE)
