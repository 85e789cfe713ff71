"""考评抽查 > 抽查: the sheets of a period by branch, the records drawn of one, and what was found of each."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.models.sampling import SampledRecord
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.history import HistoryService
from desktop.services.race.editions import period_name
from desktop.services.sampling.confirming import ConfirmingService
from desktop.services.sampling.rows import SampledRow, SheetRow
from desktop.services.sampling.service import Judgement, SamplingService
from desktop.services.standards.verdict import Used
from desktop.ui.appeals import APPEALS
from desktop.ui.attachments import AttachmentsDialog, files_link
from desktop.ui.cells import Bar
from desktop.ui.history import HistoryDialog
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.output import export_kind, print_document
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_record_of, page_of_record
from desktop.ui.race.period import PeriodChoice, PeriodInView, turn_to
from desktop.ui.sampling.claimed import Claimed
from desktop.ui.sampling.dialogs import (
    RECORDS,
    SHEETS,
    ConfirmDialog,
    DecideDialog,
    Following,
    VerdictDialog,
    ask_draw,
)
from desktop.ui.sampling.figures import ALL, COUNTED, SampledFigures
from desktop.ui.sampling.grid import SheetPage
from desktop.ui.sampling.parts import COLUMNS, verdict_facts, verdict_tag
from desktop.ui.table_model import Column, DataTable, Two
from desktop.ui.widgets import EmptyState, box, button, col, fixed, link, row, text
from desktop.ui.widgets.layout import UNBOUND, appear
from desktop.ui.widgets.pane import DetailPane, ListWithPane
from desktop.ui.widths import EDGES

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink

KEYS = {
    Qt.Key.Key_1: SampleVerdict.TRUE,
    Qt.Key.Key_2: SampleVerdict.INCOMPLETE,
    Qt.Key.Key_3: SampleVerdict.FABRICATED,
}
KIND, TITLE = "samples", "现场核查表"
PREPARED = "保存待填的表：抽中还没核的已经列好"
TOLD = ("verdict", "checks", "ground", "heard", "judged_on", "confirmed_by", "confirmed_on", "appeal_state",
        "decided_by", "decided_on", "decision")  # fmt: skip
"""Columns of a drawn record that its history tells."""
BRANCHES, BRANCHES_SHARE, ROOM_FOR_FIGURES, WAITING = 266, 0.35, 470, "waiting"
BESIDE_NAME = EDGES + 70 + 16
"""Beside the names of the branches: the edges of their cells, how much is checked, and a scroll bar."""
HOW = "键盘 1 属实、2 有瑕疵、3 不实，Enter 打开；认定不实的要听支部说明，另一人复核才算数。"


def _appealed(found: SampledRow) -> bool:
    """Whether its branch spoke against the verdict, and nobody decided that yet."""
    return found.appeal is not None and found.appeal.state is AppealState.PENDING


def _standing(sheet: SheetRow) -> str:
    bad, flawed = sheet.count(SampleVerdict.FABRICATED), sheet.count(SampleVerdict.INCOMPLETE)
    found = [f"{appeals} 件申诉待决定"] if (appeals := sum(map(_appealed, sheet.records))) else []
    found += [f"{bad} 条不实"] if bad else []
    found += [f"{flawed} 条有瑕疵"] if flawed else []
    left = sum(record.verdict is None for record in sheet.records)
    found += [f"还差 {left} 条"] if left and not sheet.revoked else []
    found += ["已停用"] if sheet.revoked else []
    return "，".join(found) or "都属实"


SHEET_COLUMNS: tuple[Column[SheetRow], ...] = (
    Column(
        "支部",
        lambda sheet: (not sheet.waits, sheet.code),
        text=lambda _value: "",
        cell=lambda sheet: Two(sheet.name, _standing(sheet)),
    ),
    Column(
        "已核",
        lambda sheet: sheet.judged,
        cell=lambda sheet: Bar(sheet.judged, len(sheet.records), digits=0),
        width=70,
    ),
)

PHOTOS_STEP = "核查时拍的原件、现场照片，填好的核查表，可以拖进来、粘贴；支部从反馈包里看得到认定和依据。"


class SamplingPage(Page):
    """抽查."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(SamplingService), desk.service(PeriodInView)
        self.confirming = desk.service(ConfirmingService)
        self.sheets: list[SheetRow] = []
        self._waiting, self._wanted, self._record = False, "", ""
        self.periods = PeriodChoice(self, self.view, 150)
        self.periods.currentIndexChanged.connect(lambda _index: self._period_chosen())
        self.draw_button = desk.offered(SHEETS, button("抽样", self.ask_draw, "primary", "clipboard-check"))
        self.print_button = desk.offered(Act.EXPORT, button("打印全部核查表", self.print_all, icon="printer"))
        self.export_button = desk.offered(
            Act.EXPORT, button("导出", lambda: export_kind(self, KIND, TITLE), icon="download")
        )
        self.import_button = desk.offered(
            SHEETS, button("导入填好的表", lambda: self.import_file(), icon="file-spreadsheet")
        )
        words = "每个支部按标准定的比例抽，补录和雷同的先抽；抽样编号公开，同一编号再抽结果相同。"
        self.empty = EmptyState("clipboard-check", "这一期还没有抽样。", words, "抽样", self.ask_draw)
        desk.offered(SHEETS, self.empty)
        self.branches: DataTable[SheetRow] = DataTable(SHEET_COLUMNS, "抽查的支部", self.empty, height=50)
        self.table: DataTable[SampledRow] = DataTable(
            COLUMNS, "抽中的记录", EmptyState("clipboard-check", "选一个支部看抽中的记录。"), height=50
        )
        # it scrolls in itself: the page asks for no more height than there must be
        self.branches.setSizePolicy(self.branches.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Ignored)
        self.pane = DetailPane("认定")
        self.split = ListWithPane(self.table, self.pane)
        self._verdict, self._below = text("", "h1", wrap=True), text("", "sub", wrap=True)
        self.figures, self._only = SampledFigures(), ALL
        self.figures.chosen.connect(self.show_only)
        self._name, self._signed = text("", "h2", wrap=True), text("", "small", wrap=True)
        self.fill_button = desk.offered(SHEETS, button("登记整张核查表", self.open_grid, icon="checklist"))
        self.one_button = desk.offered(Act.EXPORT, link("打印核查表", self.print_one, "printer"))
        self._head = box(row((col(self._verdict, self._below, gap=2), 1), self.figures, pad=(18, 12, 22, 12)), "card")
        line = row((col(self._name, self._signed, gap=1), 1), self.one_button, self.fill_button, gap=12)
        self._right = box(col(line, (self.split, 1), gap=8))
        self.setLayout(
            col(
                self._head,
                (row(fixed(self.branches, BRANCHES), (self._right, 1), gap=14), 1),
                gap=12,
                pad=(24, 14, 24, 16),
            )
        )
        self.branches.picked.connect(self.show_sheet)
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(self.judge)
        Arrivals(self, self.import_button, self.import_file)
        self.table.view.installEventFilter(self)  # which has the cursor, not the frame around it

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, paper, Excel, and the draw."""
        return (self.periods, self.print_button, self.export_button, self.import_button, self.draw_button)

    def reload(self) -> None:
        """Read the sheets of the period in view."""
        self.periods.follow()
        period = self.view.code
        self.read(lambda: self.service.sheets(period), self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Show the sheet of a branch, a drawn record, or the first appeal that waits, where that is asked for."""
        self._waiting, self._wanted, self._only = where.get("view") == WAITING, str(where.get("branch") or ""), ALL
        drawn = self._record = str(where.get("record") or "")
        self._show_counted()
        self._choose_waiting()
        if drawn:
            self.read(lambda: self.service.period_of(drawn), lambda period: turn_to(self, period))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        appear(self._head, self.height() >= ROOM_FOR_FIGURES)
        self._spread(bool(self.sheets))

    def import_file(self, source: Path | str | None = None) -> None:
        """Take what was found from a sheet that was filled in, of `source` where it was brought here."""
        self.desk.push(IntakePage(self.desk, KIND, TITLE, PREPARED, source))

    def ask_draw(self) -> None:
        """Ask for the number to draw by."""
        ask_draw(self, self.view.code)

    def print_all(self) -> None:
        """Write the sheets of all branches, each on a page of its own."""
        self._print(None, f"{period_name(self.view.code)}现场核查表")

    def print_one(self) -> None:
        """Write the sheet of the branch in view."""
        sheet = self.branches.current()
        if sheet is not None:
            self._print(sheet.branch_id, f"{sheet.name}{sheet.period_name}现场核查表")

    def show_only(self, caption: str) -> None:
        """List the records that a figure counts; the same once more lists all again."""
        self._only = ALL if caption == self._only else caption
        self._show_counted()

    def open_grid(self) -> None:
        """Type in the whole sheet of the branch in view."""
        sheet = self.branches.current()
        if sheet is not None:
            self.desk.push(SheetPage(self.desk, sheet))

    def judge(self, found: SampledRow, verdict: SampleVerdict | None = None) -> None:
        """Ask what was found of a record."""
        if found.confirmed_on is None:
            VerdictDialog(self, found, verdict).open()

    def show_sheet(self, sheet: SheetRow) -> None:
        """Show the records drawn of a branch."""
        kept = self.table.current()
        self._name.setText(f"{sheet.name}　{sheet.drawn_words}")
        day = f"　{sheet.checked_on.isoformat()}" if sheet.checked_on else ""
        signed = f"核查人 {sheet.checked_by}{day}　{sheet.way}" if sheet.checked_by else "还没有登记核查人"
        self._signed.setText(f"抽样编号 {sheet.seed}，{sheet.drawn_on.isoformat()} 抽出　{signed}")
        counted = [found for found in sheet.records if COUNTED[self._only](found)]
        self.table.set_rows(counted, same=lambda found: found.id)
        again = self.table.current()
        if kept is not None and again is not None and again.id == kept.id:
            self.show_row(again)
        elif self.pane.isVisible():
            self.pane.close_pane()

    def show_row(self, found: SampledRow) -> None:
        """Look at one drawn record; what is to be done next stands under it."""
        tag = verdict_tag(found)
        self.pane.show_head(found.title, found.number, tag.text, tag.tone)
        said = found.appeal
        files = files_link(self, "申诉的佐证", APPEALS, said.id, reads=True) if said and said.id else None
        more = row(
            link("现场照片", lambda: self.open_files(found), "photo"),
            link("修改记录", lambda: self.open_history(found), "history"),
            ...,
            gap=14,
        )
        given = row(text("佐证", "sub"), files, ...) if files is not None else None
        waits = "复核" if found.awaits_confirmation else "决定申诉" if _appealed(found) else ""
        others = self.desk.left_to_others(Act.PUBLISH, waits) if waits else ""
        told = text(others, "small", wrap=True) if others else None
        made_up = found.verdict is SampleVerdict.FABRICATED and found.confirmed_on is None
        follows = Following(self, found) if made_up else None
        self.pane.show_body(follows, *verdict_facts(found), told, given, Claimed(self, found), more)
        sheet = self.branches.current()
        verb = "改认定" if found.verdict is not None else "登记认定"
        self.pane.show_foot(
            self.desk.offered(Act.PUBLISH, button("决定申诉", lambda: DecideDialog(self, found).open(), "primary"))
            if _appealed(found)
            else None,
            self._confirm_button(found, sheet) if found.awaits_confirmation and sheet is not None else None,
            self.desk.offered(Act.PUBLISH, link("撤销复核", lambda: self.take_back(found)))
            if found.confirmed_on is not None
            else self.desk.offered(RECORDS, button(verb, lambda: self.judge(found))),
            ...,
            link("看记录", lambda: self.open_record(found)) if page_of_record(found.kind)[0] else None,
        )
        self.split.open_pane()

    def open_files(self, found: SampledRow) -> None:
        """Look at the photos taken on the spot, and add some; of what is confirmed they are only added."""
        title = f"现场照片：{found.title}"
        AttachmentsDialog(
            self, title, RECORDS, found.id, append_only=found.confirmed_on is not None, step=PHOTOS_STEP
        ).open()

    def open_history(self, found: SampledRow) -> None:
        """Tell what was done to a drawn record: drawn, judged, confirmed, appealed, corrected."""
        history = self.desk.service(HistoryService)
        labels = {name: str(column.info["label"]) for name, column in SampledRecord.__table__.c.items()
                  if column.info.get("label") and name in TOLD}  # fmt: skip
        HistoryDialog(self, f"修改记录：{found.title}", lambda: history.of(RECORDS, found.id, labels)).open()

    def open_record(self, found: SampledRow) -> None:
        """Read what the branch sent of the record, on its own page."""
        open_record_of(self.desk, found.branch_id, Used(found.kind, found.record_id, found.on, found.title))

    def take_back(self, found: SampledRow) -> None:
        """Take a confirmation back, with all that followed from it."""
        self.act(lambda: self.confirming.take_back(found.id), "已撤销复核，条目得分和赛马扣分一并撤回。")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Judge the row in view by 1, 2, 3: found true at once, what goes against the branch with its ground."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            verdict, found = KEYS.get(Qt.Key(event.key())), self.table.current()
            if verdict is not None and found is not None and self.desk.may_write(RECORDS):
                self._by_key(found, verdict)
                return True
        return super().eventFilter(watched, event)

    # inside

    def _confirm_button(self, found: SampledRow, sheet: SheetRow) -> QWidget:
        """Return the way to the confirmation; before who looked is written down, that is what is to be done."""
        if not sheet.checked_by:
            return self.desk.offered(SHEETS, button("先登记核查人", self.open_grid, "primary"))
        return self.desk.offered(Act.PUBLISH, button("复核", lambda: ConfirmDialog(self, found).open(), "primary"))

    def _choose_waiting(self) -> None:
        """Show the sheet, the record, or the first appeal that waits for a decision, that is asked for."""
        wanted, drawn = self._wanted, self._record
        if drawn and self.branches.select(lambda sheet: any(found.id == drawn for found in sheet.records)):
            self._record = ""
            self.table.select(lambda found: found.id == drawn)
        if wanted and self.branches.select(lambda sheet: sheet.branch_id == wanted):
            self._wanted = ""
        if self._waiting and any(_appealed(found) for sheet in self.sheets for found in sheet.records):
            self._waiting = False
            self.branches.select(lambda sheet: any(map(_appealed, sheet.records)))
            self.table.select(_appealed)

    def _by_key(self, found: SampledRow, verdict: SampleVerdict) -> None:
        if verdict is not SampleVerdict.TRUE or found.verdict is not None:
            self.judge(found, verdict)
            return
        judged = Judgement(found.id, verdict, found.ground, found.heard, found.rev)
        self.act(lambda: self.service.judge([judged]), "属实。", then=lambda _count: self.table.step(1))

    def _print(self, branch_id: str | None, name: str) -> None:
        def write(_documents: object, path: "Sink") -> object:
            from desktop.services.archive.sampling import SamplingPapers  # with reportlab, when it is asked for

            return SamplingPapers(self.desk.store).sheet(self.view.code, path, branch_id)

        print_document(self, name, write)

    def _spread(self, drawn: bool) -> None:
        """Let the branches have the whole page while nothing is drawn, then what their names need and there is."""
        longest = max((Two(sheet.name, "").widths()[0] for sheet in self.sheets), default=0)
        width = max(BRANCHES, min(int(self.width() * BRANCHES_SHARE), longest + BESIDE_NAME))
        self.branches.setMinimumWidth(width)
        self.branches.setMaximumWidth(width if drawn else UNBOUND)

    def _period_chosen(self) -> None:
        if self.periods.value() != self.view.code:
            self._only = ALL
            self.pane.close_pane()
        turn_to(self, self.periods.value())

    def _loaded(self, sheets: list[SheetRow]) -> None:
        self.sheets = sorted(sheets, key=lambda sheet: (not sheet.waits, sheet.code))
        records = [found for sheet in sheets for found in sheet.records]
        left = [sheet for sheet in sheets if sheet.waits]
        open_records = [found for sheet in left for found in sheet.records]
        waiting = sum(found.verdict is None for found in open_records)
        confirm = sum(found.awaits_confirmation for found in open_records)
        name = period_name(self.view.code)
        if not sheets:
            said = f"{name}还没有抽样"
        elif left:
            unchecked = sum(any(found.verdict is None for found in sheet.records) for sheet in left)
            checks = f"还差 {unchecked} 个支部、{waiting} 条没核" if waiting else ""
            said = "，".join(filter(None, (checks, f"{confirm} 条待复核" if confirm else "")))
        else:
            said = f"{name}抽中的 {len(records)} 条都核完了"
        appeals = sum(map(_appealed, records))
        said += f"；{appeals} 件申诉待决定" if appeals else ""
        gone = sum(len(sheet.records) - sheet.judged for sheet in sheets if sheet.revoked)
        self._verdict.setText(said + (f"；已停用的支部 {gone} 条没核" if gone else ""))
        self.figures.show_records(records)
        appear(self._right, bool(sheets))
        self._spread(bool(sheets))
        for part in (self.print_button, self.export_button):
            part.setEnabled(bool(sheets))
            part.setToolTip("" if sheets else f"{name}还没有抽样，先抽样")
        self._show_counted()
        self._choose_waiting()

    def _show_counted(self) -> None:
        """List the branches that have records of the figure chosen, and of the one in view those records."""
        if self._only not in self.figures.buttons:
            self._only = ALL
        self._below.setText(HOW if self._only == ALL else f"只列“{self._only}”的记录，再点一次看全部。")
        sheets = [sheet for sheet in self.sheets if any(map(COUNTED[self._only], sheet.records))]
        self.branches.set_rows(sheets, same=lambda sheet: sheet.id)
        current = self.branches.current()
        if current is None and sheets:
            self.branches.select(partial(_same, sheets[0].id))
        elif current is not None:
            self.show_sheet(current)


def _same(sheet_id: str, sheet: SheetRow) -> bool:
    return sheet.id == sheet_id
