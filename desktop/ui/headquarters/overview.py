"""总览: every branch with its last package and how it stands, what waits for headquarters, the way in for a branch."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QLayout, QMenu, QPushButton, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.branch_book import BranchBook
from desktop.services.branch_overview import BranchOverview, Due, Lateness, summed
from desktop.services.deeds import TRANSFERS, Deed, deeds, reasons
from desktop.services.headquarters import HeadquartersService
from desktop.services.progress import Progress
from desktop.services.race.editions import period_name, scheme_in_force
from desktop.services.race.scheme import RaceGroup
from desktop.services.sync.assistance import AssistanceService, PendingGrant
from desktop.services.sync.enrolment import EnrolmentService, PendingRegistration
from desktop.services.sync.key_files import kind_of
from desktop.services.sync.package_format import Kind
from desktop.ui.dialogs import ask_open
from desktop.ui.headquarters.deeds import DeedsCard
from desktop.ui.headquarters.enrolling import BranchDialog, InviteDialog, RegistrationDialog
from desktop.ui.headquarters.granting import GrantDialog
from desktop.ui.headquarters.overview_cells import apart, class_tag, own, package, runs, verified
from desktop.ui.headquarters.parts import EVERY, CountyChoice
from desktop.ui.headquarters.reckoning import Reckoner
from desktop.ui.headquarters.transferring import TransfersPage
from desktop.ui.intake.page import IntakePage
from desktop.ui.output import export_sheet, print_paper, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.race.period import look_at
from desktop.ui.table_model import Column, DataTable, Two, Txt
from desktop.ui.widgets import (
    EmptyState,
    Segments,
    appear,
    box,
    button,
    clear,
    col,
    link,
    offer_below,
    row,
    set_text,
    text,
)
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink

FOLLOW_UP = "follow_up"
KEY_FILES = "登记文件、解锁申请 (*.dzk)"
LATE, HELD, OPEN_REMARKS, BEHIND = "late", "held", "remarks", "behind"
INVITED, REVOKED = "invited", "revoked"
STATES = (
    (EVERY, "全部状态"),
    (FOLLOW_UP, "要跟进"),
    (LATE, "还没报上季度"),
    (HELD, "有包等待决定"),
    (OPEN_REMARKS, "意见未答复"),
    (BEHIND, "程序或标准旧"),
    (INVITED, "还没登记"),
    (REVOKED, "已停用"),
)
LAG_TONES = {Lateness.LATE: "bad", Lateness.DUE: "part"}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the page has read."""

    rows: list[BranchOverview]
    groups: tuple[RaceGroup, ...]
    due: Due
    deeds: list[Deed]


class OverviewPage(Page):
    """All branches, and one looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.enrolment = desk.service(HeadquartersService), desk.service(EnrolmentService)
        self.groups: tuple[RaceGroup, ...] = ()
        self.due: Due | None = None
        self._waiting, self._rows = list[Deed](), list[BranchOverview]()
        self.export_button = self.desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.print_button = self.desk.offered(Act.EXPORT, button("打印", self.print, icon="printer"))
        self.register_button = self.desk.offered(
            Act.EXCHANGE, button("导入登记或申请", self.register, icon="file-certificate")
        )
        self.invite_button = self.desk.offered(Act.EXCHANGE, button("邀请支部", self.invite, "primary", "user-plus"))
        self.state, self.county = Choice("状态", STATES, width=150), CountyChoice(170)
        for choice in (self.state, self.county):
            choice.currentIndexChanged.connect(lambda _index: self._filter())
        self.group = Segments(((EVERY, "全部"),), name="分组")
        self._groups, self._summed = row(gap=0), text("", "sub")
        self.list_link = desk.offered("partners", link("导入分组和党总支", self.import_list, "upload"))
        self.urging = QMenu(self)
        self.urging.addAction("一张通知，列出全部").triggered.connect(lambda: self.urge(self._rows))
        self.urging.addAction("每个支部一张").triggered.connect(lambda: self.urge(self._rows, each=True))
        self.strip = ProgressStrip()
        self.reckoner = Reckoner(self, self.service.reckon, lambda: self._read(reckons=False))
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
                row((box(self._groups), 1), self._summed, self.list_link, gap=14),
                (self.split, 1),
                gap=10,
                pad=(24, 14, 24, 16),
            )
        )
        appear(self.todo, False)
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(self.read_branch)
        self.pane.moved.connect(self.table.step)
        self.pane.closed.connect(self.table.clear_selection)

    def _columns(self) -> tuple[Column[BranchOverview], ...]:
        return (
            Column("编号", lambda branch: branch.code, width=72, tone="sub"),
            Column("支部", lambda branch: branch.name, cell=self._named),
            Column("分组", lambda branch: self._group_name(branch).partition("（")[0], width=112, tone="sub", fold=940),
            Column("最后一包", lambda branch: branch.last_received_on, cell=package, width=108, fold=660),
            Column("距今", lambda branch: branch.lag_days,
                   cell=self._lag, width=92),
            Column("已报", lambda branch: len(branch.periods), text=lambda n: f"{n} 期", width=62,
                   tone="sub", fold=1240),
            Column("自评得分率", lambda branch: branch.own_rate if branch.own_rated else None,
                   cell=own, width=100, fold=560),
            Column("核定得分率", lambda branch: branch.rate if branch.quality_rated else None,
                   cell=verified, width=100),
            Column("差", lambda branch: branch.apart, cell=apart, width=72, align="r", fold=900),
            Column("核定待评", lambda branch: branch.pending, text=lambda v: "—" if v is None else f"{v:.2f}", width=84,
                   align="r", tone="sub", fold=1240),
            Column("名次", lambda branch: branch.rank, text=lambda rank: "—" if rank is None else str(rank), width=62,
                   align="r", fold=1100),
            Column("类别", lambda branch: branch.race_class_name, cell=class_tag, width=92),
            Column("程序", lambda branch: branch.program, cell=runs, width=98, fold=1000),
        )  # fmt: skip

    def bar_actions(self) -> tuple[QWidget, ...]:
        """Which branches, the list out, and branches in."""
        return (
            self.county,
            self.state,
            self.export_button,
            self.print_button,
            self.register_button,
            self.invite_button,
        )

    def reload(self) -> None:
        """Read where every branch stands: at once by the scores that are kept, which are brought up to today then."""
        self._read(reckons=True)

    def _read(self, *, reckons: bool) -> None:
        store = self.desk.store
        keeps = store.look is None

        def work(progress: Progress) -> _Seen:
            with store.reading() as session:
                groups = tuple(scheme_in_force(session, store.today).groups)
            rows, due = self.service.overview(progress=progress, at_once=keeps), self.service.due()
            return _Seen(rows, groups, due, deeds(store, rows, due))

        def loaded(seen: _Seen) -> None:
            self._loaded(seen)
            if reckons:
                self.reckoner.begin([branch.branch_id for branch in seen.rows if branch.to_reckon])

        self.call(work, loaded, strip=self.strip, words="正在读各支部的数据", each=1)

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
        """Return the title of the list, with what it is narrowed to."""
        groups = {group.id: group.name.partition("（")[0] for group in self.groups}
        state = dict(STATES)[self.state.value() or EVERY] if self.state.value() else ""
        said = "，".join(filter(None, (self.county.value(), groups.get(self.group.current() or ""), state)))
        return f"支部总览（{said}）" if said else "支部总览"

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
        tag = class_tag(branch)
        self.pane.show_head(branch.name, code=branch.code, state=tag.text, tone=tag.tone)
        last = f"第 {branch.last_seq} 号，{branch.last_received_on} 收" if branch.last_seq else "还没收到"
        missing, due = branch.attachments_missing, self._due_words(branch)
        reads = button("打开支部", lambda: self.read_branch(branch), icon="eye")
        parts: list[Any] = [
            *((row(reads, ...),) if branch.last_seq is not None else ()),
            fact("分组", self._group_name(branch)),
            *((fact("党总支", branch.county),) if branch.county else ()),
            self._roster(branch),
            fact("登记", branch.state.label),
            heading("报送"),
            fact("最后一包", last),
            *((fact("本期", due),) if due else ()),
            *((row(link("打印催报单", lambda: self.urge([branch], each=True)), ...),) if self._urged(branch) else ()),
            fact("已报期次", "、".join(period_name(period) for period in branch.periods)),
            fact("等待决定", f"{branch.held} 个包" if branch.held else ""),
            fact("程序", " ".join(filter(None, (branch.program, "比这里旧" if branch.program_behind else "")))),
            fact("标准", self._standard(branch)),
            fact("缺少附件", f"{missing} 个，随反馈包请它补报" if missing else ""),
            heading("标准化"),
            *self._scores(branch),
        ]
        if branch.broken:
            parts.append(text("报来的数据算不出得分，请支部核对后重新报送。", "bad", wrap=True))
        if branch.last_seq is not None and self.desk.has("assess", "ratings"):
            parts.append(row(link("去评定", lambda: self._open("assess", "ratings", branch)), ...))
        if branch.race_class:
            rank = f"第 {branch.rank} 名 / {branch.ranked}" if branch.rank else "未排名"
            total = "未计总分" if branch.total is None else f"{branch.total:.2f} 分，"
            parts += [
                heading("赛马"),
                fact(period_name(branch.race_period), f"{total}{rank}", 96),
                row(link("看为什么", lambda: self._open("race", "race", branch)), ...),
            ]
        parts += [heading("改进"), fact("计划", "，".join(filter(None, (branch.plan, branch.plan_stage))))]
        parts.append(fact("未答复意见", f"{branch.remarks_open} 条"))
        self.pane.show_body(*parts)
        foot: list[Any] = []
        if self.desk.has("send"):
            foot.append(
                self.desk.offered(
                    "remarks",
                    button(
                        "提意见", lambda: self.desk.open("send", "remarks", branch=branch.branch_id), icon="message"
                    ),
                )
            )
        foot.append(...)
        if branch.state is PartnerState.ACTIVE:
            foot += [
                self.desk.offered("partners", link("改名称", lambda: self.change(branch))),
                link("复制公钥", lambda: self.copy_key(branch)),
                self.desk.offered(Act.EXCHANGE, link("停用登记", lambda: self._revoke(branch))),
            ]
        else:
            foot += [
                self.desk.offered("partners", link("改名称", lambda: self.change(branch))),
                self.desk.offered(Act.EXCHANGE, link("重写邀请文件", lambda: self.invite(branch))),
            ]
        self.pane.show_foot(*foot)
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

    def _roster(self, branch: BranchOverview) -> QLayout:
        if branch.last_seq is None:
            return fact("在册党员", "")
        return fact("在册党员", link(f"{branch.members} 人", lambda: self.read_branch(branch, "members", "roster")))

    def change(self, branch: BranchOverview) -> None:
        """Ask for another name or race group of a branch."""
        BranchDialog(self, branch).open()

    def _open(self, area: str, tab: str, branch: BranchOverview) -> None:
        self.desk.open(area, tab, branch=branch.branch_id)

    def _revoke(self, branch: BranchOverview) -> None:
        words = "以后这台电脑生成的包一律不收。电脑丢失或密钥泄露时才这样做；要再收包，得重新邀请。"
        confirm(self, f"停用{branch.name}的登记？", words, "停用", lambda: self._revoked(branch), destructive=True)

    def _revoked(self, branch: BranchOverview) -> None:
        self.act(lambda: self.enrolment.revoke(branch.branch_id), f"{branch.name}的登记已停用。")

    def copy_key(self, branch: BranchOverview) -> None:
        """Put the line that proves the packages of a branch by standard tools into the clipboard."""

        def done(line: str) -> None:
            QGuiApplication.clipboard().setText(line)
            self.desk.say(f"{branch.name}的公钥已复制，用法见手册附录。")

        self.read(lambda: self.enrolment.allowed_signer(branch.branch_id), done)

    # inside

    def _reasons(self, branch: BranchOverview) -> tuple[str, ...]:
        if self.due is None:
            return ()
        return reasons(branch, self.due, self.desk.store.today, self._waiting)

    def _named(self, branch: BranchOverview) -> Two:
        """Return the name over why the branch needs following up."""
        tone = "bad" if self._lateness(branch) is Lateness.LATE or branch.broken else "part"
        return Two(branch.name, "；".join(self._reasons(branch)), tone)

    def _lateness(self, branch: BranchOverview) -> Lateness:
        return self.due.lateness(branch, self.desk.store.today) if self.due is not None else Lateness.NOT_ASKED

    def _lag(self, branch: BranchOverview) -> Txt:
        tone = LAG_TONES.get(self._lateness(branch), "wait" if branch.lag_days is None else "sub")
        if branch.lag_days is None:
            return Txt("还没收到", tone, px=13)
        return Txt(f"{branch.lag_days} 天前" if branch.lag_days else "今天", tone, px=13)

    def _due_words(self, branch: BranchOverview) -> str:
        """Say whether the quarter that ended last was handed in, and by which day it had to be."""
        lateness, due = self._lateness(branch), self.due
        if due is None or lateness is Lateness.NOT_ASKED:
            return ""
        if lateness is Lateness.REPORTED:
            return f"{due.name}已报"
        ends = f"{due.closes_on:%m-%d}"
        return f"{due.name}还没报，{ends} 截止" if lateness is Lateness.DUE else f"{due.name}还没报，{ends} 已截止"

    def _urged(self, branch: BranchOverview) -> bool:
        return self._lateness(branch).missing and self.desk.may(Act.EXPORT)

    @staticmethod
    def _standard(branch: BranchOverview) -> str:
        lacking = f"没有{'、'.join(branch.standards_behind)}，随反馈包下发" if branch.standards_behind else ""
        return "；".join(filter(None, (f"{branch.standard} 版" if branch.standard else "", lacking)))

    def _scores(self, branch: BranchOverview) -> list[Any]:
        """Return own and verified rate, from which data and for which day both are reckoned, and what each rests on."""
        own = verified = ""
        if branch.own_rate is not None:
            own = f"{branch.own_rate:.2f}" if branch.own_rated else "待评，支部还没有自评质量"
        if branch.rate is not None:
            verified = f"{branch.rate:.2f}" if branch.quality_rated else "待评，还没有评定质量"
        pending = "" if branch.pending is None else f"{branch.pending:.2f} 分"
        known = branch.scored_on is not None
        return [
            *([fact("所用数据", f"第 {branch.last_seq} 号包，{branch.last_received_on} 收", 84)] if known else ()),
            *([fact("计算日", f"{branch.scored_on}，包以后的事没有算进去", 84)] if known else ()),
            fact("自评得分率", own, 84),
            fact("核定得分率", "算不出" if branch.broken else verified, 84),
            fact("核定比自评", "" if branch.apart is None else f"{branch.apart:+.2f}".replace("-", "−"), 84),
            fact("核定待评", pending, 84),
        ]

    def _group_name(self, branch: BranchOverview) -> str:
        return next((known.name for known in self.groups if known.id == branch.group), branch.group)

    def _loaded(self, seen: _Seen) -> None:
        self.groups, self.due, self._waiting, self._rows = seen.groups, seen.due, seen.deeds, seen.rows
        self._make_groups()
        appear(self.county, self.county.offer(branch.county for branch in seen.rows))
        current = self.table.current()
        first = sorted(seen.rows, key=lambda branch: (not self._reasons(branch), branch.code))
        self.table.set_rows(first, same=lambda branch: branch.branch_id)
        waits = "，没有等您办的事" if self.desk.may(Act.EXCHANGE) else ""
        self.todo.show_deeds(seen.deeds, self.desk.store.today, f"{seen.due.name}的报送包都已收到{waits}。")
        appear(self.todo, bool(seen.rows))
        self._filter()
        again = self.table.current()
        if current is not None and again is not None:
            self.show_row(again)

    def _make_groups(self) -> None:
        """Offer the groups that have branches, each with how many."""
        counts = Counter(branch.group for branch in self._rows)
        used = [
            (group.id, f"{group.name.partition('（')[0]} {counts[group.id]}")
            for group in self.groups
            if counts[group.id]
        ]
        chosen = self.group.current() if self.group.current() in counts else EVERY
        clear(self._groups)
        self.group = Segments([(EVERY, f"全部 {len(self._rows)}"), *used], chosen, name="分组")
        self.group.changed.connect(lambda _group: self._filter())
        self._groups.addWidget(self.group)
        appear(self.group, len(used) > 1)

    def _filter(self) -> None:
        group, county, wanted = self.group.current(), self.county.value() or EVERY, self.state.value() or EVERY
        keeps: dict[str, Callable[[BranchOverview], bool]] = {
            EVERY: lambda _branch: True,
            FOLLOW_UP: lambda branch: bool(self._reasons(branch)),
            LATE: lambda branch: self._lateness(branch).missing,
            HELD: lambda branch: bool(branch.held),
            OPEN_REMARKS: lambda branch: bool(branch.remarks_open),
            BEHIND: lambda branch: branch.program_behind or bool(branch.standards_behind),
            INVITED: lambda branch: branch.state is PartnerState.INVITED,
            REVOKED: lambda branch: branch.state is PartnerState.REVOKED,
        }
        keep, kept = keeps[wanted], self.table.current()
        self.table.model.set_filter(
            None
            if (group, county, wanted) == (EVERY, EVERY, EVERY)
            else lambda branch: group in (EVERY, branch.group) and county in (EVERY, branch.county) and keep(branch)
        )
        if self.due is not None:
            shown = self.table.model.rows()
            set_text(self._summed, summed(shown, self.due, self.desk.store.today).words if shown else "", "")
        if kept is not None:
            self.table.select(lambda branch: branch.branch_id == kept.branch_id)

    def _show_only(self, state: str) -> Callable[[], None]:
        def show() -> None:
            self.group.choose(EVERY)
            self.county.set_value(EVERY)
            self.state.set_value(state)

        return show

    def _do(self, deed: Deed) -> None:
        """Go where a deed is done, with the period in view that it is about."""
        if deed.period:
            look_at(self.desk, deed.period)
        if deed.area:
            self.desk.open(deed.area, deed.tab, **deed.where)
        elif deed.show == TRANSFERS:
            self.show_transfers()
        else:
            self._show_only(deed.show)()
