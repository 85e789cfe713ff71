"""总览: every branch with its last package and how it stands in the year in view, and what waits for headquarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.binding_dates import binding_dates
from desktop.services.branch_book import BranchBook
from desktop.services.branch_overview import BranchOverview, last_scored
from desktop.services.branch_sums import summed
from desktop.services.deeds import OTHER_YEAR, TRANSFERS, Deed, deeds, reasons
from desktop.services.headquarters import HeadquartersService
from desktop.services.numbers import points
from desktop.services.progress import Progress
from desktop.services.race.editions import period_name, scheme_in_force
from desktop.services.race.scheme import RaceGroup
from desktop.services.reporting_due import Due, Lateness
from desktop.services.sync.assistance import AssistanceService, PendingGrant
from desktop.services.sync.enrolment import EnrolmentService, PendingRegistration
from desktop.services.sync.key_files import kind_of
from desktop.services.sync.package_format import Kind
from desktop.ui.dialogs import ask_open
from desktop.ui.headquarters.branch_filter import BranchFilter
from desktop.ui.headquarters.branch_pane import show_branch
from desktop.ui.headquarters.deeds import DeedsCard
from desktop.ui.headquarters.enrolling import BranchDialog, InviteDialog, RegistrationDialog
from desktop.ui.headquarters.granting import GrantDialog
from desktop.ui.headquarters.overview_cells import apart, class_tag, own, package, runs, verified
from desktop.ui.headquarters.reckoning import Reckoner
from desktop.ui.headquarters.transferring import TransfersPage
from desktop.ui.intake.page import IntakePage
from desktop.ui.output import export_sheet, print_paper, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.race.period import look_at
from desktop.ui.table_model import BRANCH_ROOM, Column, DataTable, Two, Txt
from desktop.ui.widgets import (
    EmptyState,
    appear,
    box,
    button,
    col,
    link,
    offer_below,
    row,
    set_text,
)
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.pane import DetailPane, ListWithPane
from desktop.ui.widgets.progress import ProgressStrip
from desktop.ui.widgets.words import Elided

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink

KEY_FILES = "登记文件、解锁申请 (*.dzk)"
LAG_TONES = {Lateness.LATE: "bad", Lateness.DUE: "part"}
PAST = "往年的党员、得分和提升计划是那年年底的；报送、意见和程序是今天的。"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the page has read, of which year."""

    year: int
    rows: list[BranchOverview]
    groups: tuple[RaceGroup, ...]
    due: Due
    deeds: list[Deed]
    dates: str


class OverviewPage(Page):
    """All branches, and one looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.enrolment = desk.service(HeadquartersService), desk.service(EnrolmentService)
        self.groups: tuple[RaceGroup, ...] = ()
        self.due: Due | None = None
        self._of, self._fresh = "", True
        self._waiting, self._rows = list[Deed](), list[BranchOverview]()
        self.export_button = self.desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.print_button = self.desk.offered(Act.EXPORT, button("打印", self.print, icon="printer"))
        self.register_button = self.desk.offered(
            Act.EXCHANGE, button("导入登记或申请", self.register, icon="file-certificate")
        )
        self.invite_button = self.desk.offered(Act.EXCHANGE, button("邀请支部", self.invite, "primary", "user-plus"))
        groups = row(gap=0)
        self.filter = BranchFilter(
            groups, lambda branch: bool(self._reasons(branch)), lambda branch: self.lateness(branch).missing
        )
        self.filter.changed.connect(self._filter)
        self._summed = Elided("", "sub")
        self.list_link = desk.offered("partners", link("导入分组和党总支", self.import_list, "upload"))
        self.urging = QMenu(self)
        self.urging.addAction("一张通知，列出全部").triggered.connect(lambda: self.urge(self._rows))
        self.urging.addAction("每个支部一张").triggered.connect(lambda: self.urge(self._rows, each=True))
        self.strip = ProgressStrip()
        self.reckoner = Reckoner(self, self._reckon, lambda: self._read(reckons=False))
        self.todo = DeedsCard(self._do, self.offer_papers if self.desk.may(Act.EXPORT) else None)
        step = "先写邀请文件交给支部；支部交回登记文件，就能收它的报送包。"
        empty = EmptyState("building-community", "还没有支部。", step, "邀请支部", self.invite)
        self.desk.offered(Act.EXCHANGE, empty)
        self.table: DataTable[BranchOverview] = DataTable(self._columns(), "各支部", empty, height=46)
        self.strip.running.connect(self.table.wait)
        self.pane = DetailPane("支部")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(
            col(
                self.todo,
                self.strip,
                self.reckoner.strip,
                row((box(groups), 1), self._summed, self.list_link, gap=14),
                (self.split, 1),
                gap=10,
                pad=(24, 14, 24, 16),
            )
        )
        appear(self.todo, False)
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(self.read_branch)

    def _columns(self) -> tuple[Column[BranchOverview], ...]:
        return (
            Column("编号", lambda branch: branch.code, width=72, tone="sub"),
            Column("支部", lambda branch: branch.name, cell=self._named, least=BRANCH_ROOM),
            Column("分组", lambda branch: self.group_name(branch).partition("（")[0], width=112, tone="sub", fold=940),
            Column("最后一包", lambda branch: branch.last_received_on, cell=package, width=108, fold=660),
            Column("距今", lambda branch: branch.lag_days,
                   cell=self.lag, width=92),
            Column("已报", self._periods, text=lambda n: f"{n} 期", unit="期", width=62,
                   tone="sub", fold=1240),
            Column("自评得分率", lambda branch: branch.own_rate if branch.own_rated else None,
                   cell=own, width=100, fold=560),
            Column("核定得分率", lambda branch: branch.rate if branch.quality_rated else None,
                   cell=verified, width=100),
            Column("差", lambda branch: branch.apart, cell=apart, width=72, align="r", fold=900),
            Column("核定待评", lambda branch: branch.pending, text=points, width=84,
                   align="r", tone="sub", fold=1240),
            Column("名次", lambda branch: branch.rank, text=lambda rank: "—" if rank is None else str(rank), width=62,
                   align="r", fold=1100),
            Column("类别", lambda branch: branch.race_class_name, cell=class_tag, width=92),
            Column("程序", lambda branch: branch.program, cell=runs, width=98, fold=1000),
        )  # fmt: skip

    def bar_actions(self) -> tuple[QWidget, ...]:
        """Which branches, the list out, and branches in."""
        return (
            self.filter.county,
            self.filter.state,
            self.export_button,
            self.print_button,
            self.register_button,
            self.invite_button,
        )

    def subtitle(self) -> str:
        """Say of which year the page is, up to which day it is reckoned, and of which race its classes are."""
        return self._of

    def reload(self) -> None:
        """Read where every branch stands in the year in view: at once by the scores that are kept, which are brought
        up to the day then.
        """
        self._read(reckons=True)

    def _read(self, *, reckons: bool) -> None:
        store, year = self.desk.store, self.desk.year
        keeps = store.look is None

        def work(progress: Progress) -> _Seen:
            with store.reading() as session:
                groups = tuple(scheme_in_force(session, store.today).groups)
            rows, due = self.service.overview(year, progress, at_once=keeps), self.service.due(year)
            return _Seen(year, rows, groups, due, deeds(store, rows, due), binding_dates(store, due))

        def loaded(seen: _Seen) -> None:
            if seen.year != self.desk.year:  # turned on meanwhile: that year is being read
                return
            self._loaded(seen)
            if reckons:
                self.reckoner.begin([branch.branch_id for branch in seen.rows if branch.to_reckon])

        self.call(work, loaded, strip=self.strip, words="正在读各支部的数据", each=1)

    def _reckon(self, branch_ids: Sequence[str]) -> None:
        self.service.reckon(branch_ids, self.desk.year)

    def go(self, where: dict[str, Any]) -> None:
        """Look at the branch asked for, or read the key file that the system handed to the program."""
        if where.get("file"):
            self.register(where["file"])
            return
        wanted = where.get("record")
        self.table.select(lambda branch: branch.branch_id == wanted)

    def export(self) -> None:
        """Write the list to a workbook."""
        export_sheet(self, self.table.model.sheet(self._called()))

    def print(self) -> None:
        """Write the list as a PDF to print."""
        print_sheet(self, self.table.model.sheet(self._called()))

    def _called(self) -> str:
        """Return the title of the list, with its year and what it is narrowed to."""
        return f"{self.desk.year}年支部总览" + "".join(
            f"（{'，'.join(words)}）" for words in (self.filter.words,) if words
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the list its room in a low window."""
        super().resizeEvent(event)
        self.todo.fit(self.height())

    def invite(self, branch: BranchOverview | None = None) -> None:
        """Ask which branch is to join."""
        InviteDialog(self, branch).open()

    def import_list(self) -> None:
        """Take groups and counties of the branches from Excel; the sheet to fill in has a line per branch."""
        self.desk.push(IntakePage(self.desk, BranchBook.name, BranchBook.title))

    def register(self, file: Path | None = None) -> None:
        """Read a registration, or the request of a branch that is locked out; people compare digits first."""
        chosen = file or ask_open(self, "选择支部的登记文件或解锁申请", KEY_FILES)
        if chosen is None:
            return
        assistance = self.desk.service(AssistanceService)

        def work() -> "PendingRegistration | PendingGrant":
            if kind_of(chosen) is Kind.UNLOCK_REQUEST:
                return assistance.accept_request(chosen)
            return self.enrolment.accept_registration(chosen)

        def show(asked: "PendingRegistration | PendingGrant") -> None:
            dialog = GrantDialog(self, asked) if isinstance(asked, PendingGrant) else RegistrationDialog(self, asked)
            dialog.open()

        self.read(work, show)

    def show_row(self, branch: BranchOverview) -> None:
        """Look at one branch."""
        show_branch(self, branch)
        self.split.open_pane()

    def offer_papers(self, below: QPushButton) -> None:
        """Offer the papers that ask late branches for their packages."""
        offer_below(below, self.urging)

    def urge(self, rows: Sequence[BranchOverview], *, each: bool = False) -> None:
        """Write what asks the branches of `rows` whose package is missing for it."""
        due, store = self.due, self.desk.store
        if due is None:
            return
        name = f"{rows[0].name}催报单" if len(rows) == 1 else f"{due.name}催报{'单' if each else '通知'}"

        def write(to: "Sink") -> object:
            from desktop.services.archive.urging import UrgingPapers  # brings reportlab

            return UrgingPapers(store).urge(rows, due, to, each=each)

        print_paper(self, name, write)

    def show_transfers(self) -> None:
        """Show who stands on the rosters of two branches."""
        self.desk.push(TransfersPage(self.desk))

    def read_branch(self, branch: BranchOverview, area: str = "", tab: str = "") -> None:
        """Open the desk of a branch with what it sent."""
        if branch.last_seq is None:
            self.desk.say(f"{branch.name}还没有报送过，没有可看的。")
            return
        self.desk.open_branch(branch.branch_id, area, tab)

    def change(self, branch: BranchOverview) -> None:
        """Ask for another name or race group of a branch."""
        BranchDialog(self, branch).open()

    def revoke(self, branch: BranchOverview) -> None:
        """Ask whether packages of a branch are refused from now on."""
        words = "以后这台电脑生成的包一律不收。电脑丢失或钥匙泄露时才这样做；要再收包，得重新邀请。"
        confirm(self, f"停用{branch.name}的登记？", words, "停用", lambda: self._revoked(branch), destructive=True)

    def _revoked(self, branch: BranchOverview) -> None:
        self.act(lambda: self.enrolment.revoke(branch.branch_id), f"{branch.name}的登记已停用。")

    def copy_key(self, branch: BranchOverview) -> None:
        """Put the line that proves the packages of a branch by standard tools into the clipboard."""

        def done(line: str) -> None:
            QGuiApplication.clipboard().setText(line)
            self.desk.say(f"{branch.name}的公开钥匙已复制，用法见手册附录。")

        self.read(lambda: self.enrolment.allowed_signer(branch.branch_id), done)

    # inside

    def _reasons(self, branch: BranchOverview) -> tuple[str, ...]:
        if self.due is None:
            return ()
        return reasons(branch, self.due, self.desk.store.today, self._waiting)

    def _named(self, branch: BranchOverview) -> Two:
        """Return the name over why the branch needs following up."""
        tone = "bad" if self.lateness(branch) is Lateness.LATE or branch.broken else "part"
        return Two(branch.name, "；".join(self._reasons(branch)), tone)

    def lateness(self, branch: BranchOverview) -> Lateness:
        """Return how a branch stands with the package of the quarter."""
        return self.due.lateness(branch, self.desk.store.today) if self.due is not None else Lateness.NOT_ASKED

    def lag(self, branch: BranchOverview) -> Txt:
        """Return how long ago a branch sent its last package, red where it is late."""
        tone = LAG_TONES.get(self.lateness(branch), "wait" if branch.lag_days is None else "sub")
        if branch.lag_days is None:
            return Txt("还没收到", tone, px=13)
        if branch.lag_days < 0:  # the clock of this PC was set back meanwhile
            return Txt("晚于今天", tone, px=13)
        return Txt(f"{branch.lag_days} 天前" if branch.lag_days else "今天", tone, px=13)

    def _periods(self, branch: BranchOverview) -> int:
        return sum(period.startswith(str(self.desk.year)) for period in branch.periods)

    def group_name(self, branch: BranchOverview) -> str:
        """Return what the race group of a branch is called."""
        return next((known.name for known in self.groups if known.id == branch.group), branch.group)

    def _loaded(self, seen: _Seen) -> None:
        self.groups, self.due, self._waiting, self._rows = seen.groups, seen.due, seen.deeds, seen.rows
        self._of = self._year_words(seen)
        self.head_changed.emit()
        self.filter.offer(seen.rows, seen.groups)
        current = self.table.current()
        first = sorted(seen.rows, key=lambda branch: (not self._reasons(branch), branch.code))
        self.table.set_rows(first, same=lambda branch: branch.branch_id)
        self.todo.show_deeds(seen.deeds, self.desk.store.today, self._fine(seen), f"{seen.dates}。")
        appear(self.todo, bool(seen.rows))
        self._filter()
        again = self.table.current()
        if current is not None and again is not None:
            self.show_row(again)
        self._lead()

    def _lead(self) -> None:
        """Put the cursor on the first deed once there are some, unless it was taken elsewhere."""
        fresh, self._fresh, at, first = self._fresh, False, self.window().focusWidget(), self.todo.first_way
        if fresh and first is not None and at is not None and self.isAncestorOf(at):
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _fine(self, seen: _Seen) -> str:
        """Say that nothing waits."""
        due, today = seen.due, self.desk.store.today
        waits = "，没有等您办的事" if self.desk.may(Act.EXCHANGE) else ""
        if not due.is_over(today):
            return f"{due.name}还没有结束，不用报送{waits}。"
        free = due.free(seen.rows, today)
        if free and not any(due.period in branch.periods for branch in seen.rows):
            return f"{due.name}没有支部要报：{free[0].owed.words}{waits}。"
        return f"{due.name}{'该报' if free else ''}的报送包都已收到{waits}。"

    def _year_words(self, seen: _Seen) -> str:
        day = last_scored(seen.year, self.desk.store.today)
        if day is None:
            return f"{seen.year} 年还没有开始"
        of = next((branch for branch in seen.rows if branch.race_period), None)
        ranked = "还没有名次和类别" if of is None else f"名次和类别是{period_name(of.race_period)}的"
        if of is not None and not of.race_published:
            ranked += "，已计分、没有公布"
        return f"{seen.year} 年，得分算到 {day:%m-%d}，{ranked}"

    def _filter(self) -> None:
        kept = self.table.current()
        self.table.model.set_filter(self.filter.asked())
        if self.due is not None:
            shown = self.table.model.rows()
            today = self.desk.store.today
            past = self.desk.year < today.year
            set_text(self._summed, summed(shown, self.due, today, year_end=past).words if shown else "", "")
            self._summed.explain(PAST if past else "")
        if kept is not None:
            self.table.select(lambda branch: branch.branch_id == kept.branch_id)

    def _do(self, deed: Deed) -> None:
        """Go where a deed is done, with the period in view that it is about."""
        if deed.period and deed.area:
            look_at(self.desk, deed.period)
        if deed.area:
            self.desk.open(deed.area, deed.tab, **deed.where)
        elif deed.show == TRANSFERS:
            self.show_transfers()
        elif deed.show == OTHER_YEAR and deed.year is not None:
            self.desk.set_year(deed.year)
        else:
            self.filter.show_only(deed.show)
