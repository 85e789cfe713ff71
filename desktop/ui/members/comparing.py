"""党员 > 名册 > 与全国系统比对: what differs between the roster and a list of the national system; nothing changes."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import Question
from desktop.services.members.comparing import Comparison, Difference, Kind, RosterComparison
from desktop.services.progress import Progress
from desktop.services.spreadsheets.results import Rejected
from desktop.services.spreadsheets.workbook import SUFFIXES
from desktop.ui import theme
from desktop.ui.dialogs import ask_open, show_error
from desktop.ui.intake import answering
from desktop.ui.intake.arrivals import Drops, is_table
from desktop.ui.intake.exchange import save_rejects
from desktop.ui.intake.hand import InHand, left_words
from desktop.ui.intake.page import IntakePage
from desktop.ui.intake.questions import AskColumn
from desktop.ui.intake.start import FILES
from desktop.ui.members.form import MemberForm
from desktop.ui.output import export_sheet, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Cell, Column, DataTable, Tag, Two, Txt
from desktop.ui.tasks import Task
from desktop.ui.widgets import Elided, EmptyState, Glyph, Segments, appear, box, button, clear, col, fixed, row, text
from desktop.ui.widgets.fields import Choice, edit
from desktop.ui.widgets.layout import Turning
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.spreadsheets.workbook import Workbook

KIND, UNIT, NAME = "members", "人", "与全国系统比对"
ALL, OPEN, ANY_FIELD = "all", "open", ""
ASK_WIDTH, BESIDE_FROM = 340, 1060
TONES = {Kind.DIFFERS: "part", Kind.THERE: "bad", Kind.HERE: "run"}
LOOK = "看党员"


def _name(difference: Difference) -> Cell:
    return Two(difference.name, difference.id_no_masked)


def _side(words: Callable[[Difference], str]) -> Callable[[Difference], Cell]:
    def draw(difference: Difference) -> Cell:
        if not difference.field and words(difference):
            first, _mark, rest = words(difference).partition("，")
            return Two(first, rest)
        empty = "空" if difference.field else "—"
        return Txt(words(difference) or empty, "" if words(difference) else "sub")

    return draw


COLUMNS: tuple[Column[Difference], ...] = (
    Column("姓名", lambda one: one.name, cell=_name, width=150),
    Column("情况", lambda one: one.kind.label, cell=lambda one: Tag(one.kind.label, TONES[one.kind]), width=124),
    Column("项目", lambda one: one.field, width=92, tone="sub"),
    Column("名册里", lambda one: one.here, cell=_side(lambda one: one.here)),
    Column("全国系统里", lambda one: one.there, cell=_side(lambda one: one.there)),
    Column(
        "",
        lambda one: LOOK if one.member_id else "",
        text=str,
        cell=lambda one: Txt(LOOK if one.member_id else "", "bad"),
        width=76,
    ),
)


def verdict(found: Comparison) -> str:
    """Say in one line how far both lists agree."""
    people = {kind: len({one.member_id or (one.sheet, one.row) for one in _of(found, kind)}) for kind in Kind}
    parts = [f"{found.same} {UNIT}一致"] if found.same else []
    if people[Kind.DIFFERS]:
        parts.append(f"{people[Kind.DIFFERS]} {UNIT}有 {len(_of(found, Kind.DIFFERS))} 处不一致")
    parts += [f"{people[kind]} {UNIT}{kind.label}" for kind in (Kind.THERE, Kind.HERE) if people[kind]]
    return "，".join(parts) or "还没有比对"


def _of(found: Comparison, kind: Kind) -> list[Difference]:
    return [one for one in found.differences if one.kind is kind]


class ComparePage(Page):
    """A list of the national system against the roster."""

    title = NAME

    def __init__(self, desk: Desk, source: Path | None = None) -> None:
        super().__init__(desk)
        self._comparison = desk.service(RosterComparison)
        self.hand = InHand(kind=KIND, path=source)
        self.found: Comparison | None = None
        self._task: Task | None = None
        self.views: Segments | None = None
        self._beside = True
        self._build_actions()
        self._build_start()
        self._build_result()
        self._stack = Turning()
        for part in (self._start, self._result):
            self._stack.addWidget(part)
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))
        Drops(self, is_table, self.open_source)
        self._show_actions()

    def bar_actions(self) -> Sequence[QWidget]:
        """Another file, out to Excel and paper, and the import of the file that was compared."""
        return (self.print_button, self.export_button, self.import_button, self.change_button)

    def focus_filter(self) -> None:
        """Put the cursor into the words to filter by."""
        self.needle.setFocus()
        self.needle.selectAll()

    def reload(self) -> None:
        """Compare again: the roster may have changed."""
        if self.hand.path is not None:
            self._compare()

    def choose(self) -> None:
        """Ask for the file and compare it."""
        path = ask_open(self, NAME, FILES)
        if path is not None:
            self.open_source(path)

    def open_source(self, path: Path) -> None:
        """Read a file and compare it."""
        self.hand, self.found = InHand(kind=KIND, path=path), None
        self._compare()

    def look(self, difference: Difference) -> None:
        """Open the member that a difference is about."""
        if difference.member_id:
            self.desk.push(MemberForm(self.desk, difference.member_id))

    def export(self) -> None:
        """Write the differences shown to Excel."""
        export_sheet(self, self.table.sheet())

    def print(self) -> None:
        """Write the differences shown as a PDF to print."""
        print_sheet(self, self.table.sheet())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room what is open is a tab of the list, and opens first."""
        super().resizeEvent(event)
        self._fit()

    # ---- comparing ----
    def _compare(self) -> None:
        hand, comparison = self.hand, self._comparison
        path, answers, known = hand.path, hand.answers, hand.book
        if path is None:
            return

        def work(progress: Progress) -> "tuple[Workbook, Comparison]":
            book = known if known is not None else comparison.open(path, answers.encoding)
            return book, comparison.compare(book, answers, progress=progress)

        def show(done: "tuple[Workbook, Comparison]") -> None:
            if hand is self.hand:
                hand.book, self.found = done
                hand.result = self.found.result
                self._show(self.found)

        if self._task is not None:
            self._task.cancel()
        appear(self.fault, False)
        strip = self.strip if known is None else None
        self._task = self.call(
            work, show, strip=strip, words=f"正在读“{hand.name}”", failed=self._refused, buttons=(self.choose_button,)
        )

    def _refused(self, error: Exception) -> None:
        from desktop.messages import present

        if not isinstance(error, InvalidInput) or self.hand.book is not None:
            show_error(self, error)
            return
        self.hand = InHand(kind=KIND)
        self.fault.setText(present(error).title)
        appear(self.fault, True)
        self._stack.setCurrentWidget(self._start)
        self._show_actions()

    def _answer(self, answers: Answers) -> None:
        before, hand = self.hand.answers, self.hand
        hand.answers = answers
        self._compare()

        def again() -> None:
            if hand is self.hand:
                hand.answers = before
                self._compare()

        self.desk.say("已记下。", again)

    def _answered(self, question: Question, value: str) -> None:
        self._answer(answering.answer(self.hand.answers, question, value, self.hand.looks))

    def _answered_all(self, questions: Sequence[Question], value: str) -> None:
        self._answer(answering.reply_all(self.hand.answers, questions, value))

    def _answered_each(self, replies: Mapping[str, str]) -> None:
        self._answer(answering.reply_each(self.hand.answers, replies))

    def _corrected(self, rows: Sequence[Rejected], words: str) -> None:
        self._answer(answering.correct(self.hand.answers, rows, words, self.hand.choices.get(rows[0].name, ())))

    def _look_whole(self, then: Callable[[], object]) -> None:
        store, name = self.desk.store, self.hand.name

        def work() -> None:
            from desktop.models.vocabulary.stores import Use

            store.rights.require(Act.IDENTITY)
            store.audit(Use.SHOW_ID, f"比对的“{name}”")

        self.read(work, lambda _none: then())

    # ---- showing ----
    def _show(self, found: Comparison) -> None:
        result = found.result
        agrees = not found.differences and result.complete and not self._waits()
        self._mark.show_icon("circle-check" if agrees else "alert-triangle", theme.GREEN if agrees else theme.AMBER)
        self._verdict.setText("两边一致" if agrees else verdict(found))
        written = next((sheet.program for sheet in result.sheets if sheet.program), "")
        left = "；".join(f"没有比 {words}" for _part, words in left_words(result))
        told = (f"“{self.hand.name}”{found.there} {UNIT}，名册 {found.here} {UNIT}", written, left)
        self._words.set_words("；".join(filter(None, told)))
        self.table.set_rows(found.differences, same=lambda one: (one.member_id, one.name, one.field, one.row))
        fields = dict.fromkeys(one.field for one in found.differences if one.field)
        self.field.blockSignals(True)
        self.field.set_options([(ANY_FIELD, "全部项目"), *((name, name) for name in fields)], self.field.value())
        self.field.blockSignals(False)
        self.ask.show_open(result.questions, result.rejected)
        self._stack.setCurrentWidget(self._result)
        self._fit()
        self._build_views()
        self._show_actions()

    def _waits(self) -> bool:
        return self.found is not None and bool(self.found.result.questions or self.found.result.rejected)

    def _build_views(self) -> None:
        if self.found is None:
            return
        current = self.views.current() if self.views is not None else OPEN
        clear(self._views_slot)
        counts = {kind: len(_of(self.found, kind)) for kind in Kind}
        parts = [(ALL, f"全部 {len(self.found.differences)}")]
        parts += [(kind.value, f"{kind.label} {count}") for kind, count in counts.items() if count]
        if self._waits() and not self._beside:
            count = len(self.found.result.questions) + len(self.found.result.rejected)
            parts.insert(0, (OPEN, f"待你定 {count}"))
        keys = [key for key, _words in parts]
        self.views = Segments(parts, current if current in keys else keys[0], "比对结果")
        self.views.changed.connect(lambda _key: self._filter())
        self._views_slot.addWidget(self.views)
        self._filter()

    def _filter(self) -> None:
        key, field = self.views.current() if self.views is not None else ALL, self.field.value()
        self._lists.setCurrentWidget(self._ask_page if key == OPEN else self.table)
        wanted = next((kind for kind in Kind if kind.value == key), None)
        self.table.model.set_filter(lambda one: wanted in (None, one.kind) and field in (ANY_FIELD, None, one.field))

    def _fit(self) -> None:
        beside = self.width() >= BESIDE_FROM
        home = self._ask_box if beside else self._ask_page
        layout = home.layout()
        if self.ask.parentWidget() is not home and layout is not None:
            layout.addWidget(self.ask)
            appear(self.ask, True)
        moved, self._beside = beside is not self._beside, beside
        appear(self._ask_box, beside and self._waits())
        if moved:
            self._build_views()

    def _show_actions(self) -> None:
        shown = self._stack.currentWidget() is self._result
        for part in (self.print_button, self.export_button, self.import_button, self.change_button):
            appear(part, shown)

    # ---- parts ----
    def _build_actions(self) -> None:
        self.print_button = self.desk.offered(Act.EXPORT, button("打印", self.print, "", "printer"))
        self.export_button = self.desk.offered(Act.EXPORT, button("导出", self.export, "", "download"))
        self.import_button = self.desk.offered(KIND, button("导入这个文件", self._import, "", "table-import"))
        self.change_button = button("换一个文件", self.choose)

    def _import(self) -> None:
        self.desk.push(IntakePage(self.desk, KIND, "党员名册", source=self.hand.path))

    def _build_start(self) -> None:
        empty = EmptyState(
            "file-spreadsheet",
            "选全国党员管理信息系统导出的表",
            "逐人逐项列出哪里不同：只在全国系统、只在名册、两边写得不一样。只看，不改动任何记录。别的系统导出的名册也可以。",
        )
        self.choose_button = button("选择文件", self.choose, "primary", "file-spreadsheet")
        self.strip = ProgressStrip()
        self.fault = text("", "strong", "bad", wrap=True)
        appear(self.fault, False)
        hint = text(f"也可以把文件拖到这里（{'、'.join(SUFFIXES[:8])} 都行）。", "sub")
        parts = (
            self.fault,
            fixed(empty, height=150),
            row(..., self.choose_button, ...),
            row(..., hint, ...),
            row(..., fixed(self.strip, 420), ...),
        )
        self._start = box(col(..., *parts, ..., gap=12, pad=20), "card")

    def _build_result(self) -> None:
        self.ask = AskColumn(UNIT, self._look_whole if self.desk.may(Act.IDENTITY) else None)
        self.ask.answered.connect(self._answered)
        self.ask.answered_all.connect(self._answered_all)
        self.ask.answered_each.connect(self._answered_each)
        self.ask.corrected.connect(self._corrected)
        self.ask.rejects_asked.connect(lambda: save_rejects(self, NAME, self.hand))
        self.field = Choice("项目", [(ANY_FIELD, "全部项目")], width=130)
        self.field.currentIndexChanged.connect(lambda _index: self._filter())
        self.needle = edit("筛选不同之处", hint="姓名、内容", width=150)
        self.needle.setClearButtonEnabled(True)
        fine = EmptyState("circle-check", "没有不同。", "读到的每个人、每一项都和名册一样。")
        self.table: DataTable[Difference] = DataTable(COLUMNS, NAME, fine, height=46)
        self.needle.textChanged.connect(self.table.model.set_needle)
        self.table.opened.connect(self.look)
        self.table.view.clicked.connect(
            lambda index: (
                self.look(self.table.model.row_at(index.row())) if index.column() == len(COLUMNS) - 1 else None
            )
        )
        self._mark, self._verdict = Glyph("circle-check", theme.GREEN, 28), text("", "h1", wrap=True)
        self._words = Elided("", "sub")
        head = box(row(self._mark, (col(self._verdict, self._words, gap=2), 1), gap=14, pad=(20, 10, 16, 10)), "card")
        self._views_slot = row(gap=0)
        self._ask_page, lists = box(col(gap=0)), QWidget()
        self._lists = QStackedLayout(lists)
        for part in (self.table, self._ask_page):
            self._lists.addWidget(part)
        left = col(row(self._views_slot, ..., self.field, self.needle, gap=8), (lists, 1), gap=10)
        self._ask_box = fixed(box(col(gap=0)), ASK_WIDTH)
        appear(self._ask_box, False)
        self._result = box(col(head, (row((left, 1), self._ask_box, gap=12), 1), gap=12))
