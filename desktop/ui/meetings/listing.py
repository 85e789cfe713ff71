"""组织生活 > 会议记录: the meetings of the year in view, and one opened."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.services.clock import spoken
from desktop.services.meetings import (
    MeetingDetail,
    MeetingDrafts,
    MeetingRow,
    MeetingService,
    UnfinishedMeeting,
)
from desktop.services.meetings.similarity import Alike, similar_to
from desktop.ui.bringing import FileDrops
from desktop.ui.intake.arrivals import Arrivals, is_record
from desktop.ui.intake.page import IntakePage
from desktop.ui.meetings.detail import STATE_TONES, add_files, several_verbs, show_meeting
from desktop.ui.meetings.form import MeetingForm
from desktop.ui.meetings.lists import MeetingLists
from desktop.ui.meetings.loading import kinds_offered, this_meeting
from desktop.ui.meetings.photos import TITLE, PhotosPage
from desktop.ui.output import export_kind, print_book, print_handbook, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.several import SeveralBar
from desktop.ui.table_model import Cell, Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import (
    EmptyState,
    appear,
    banner,
    box,
    button,
    clear,
    col,
    link,
    menu_button,
    offer_below,
    row,
    text,
)
from desktop.ui.widgets.fields import Choice, edit
from desktop.ui.widgets.pane import DetailPane, ListWithPane


def _state(meeting: MeetingRow) -> Cell:
    if meeting.state.counts and not meeting.quorate:
        return Tag("人数不足", "bad")
    if meeting.late and not meeting.state.final:
        return Tag("补录", "part")
    return Tag(meeting.state.label, STATE_TONES.get(meeting.state.value, "run"))


def _what(meeting: MeetingRow) -> Cell:
    under = meeting.kind.label + (f"　{meeting.group}" if meeting.group else "")
    return Two(meeting.topic or meeting.kind.label, under)


def _attendance(meeting: MeetingRow) -> Cell:
    if not meeting.due:
        return Txt("—", "sub")
    return Two(
        f"{meeting.present} / {meeting.due}",
        f"请假 {meeting.leave} 缺席 {meeting.absent}" if meeting.leave + meeting.absent else "",
    )


COLUMNS: tuple[Column[MeetingRow], ...] = (
    Column("日期", lambda r: r.held_on, width=104, tone="sub"),
    Column("会议", lambda r: r.topic or r.kind.label, cell=_what),
    Column("主持人", lambda r: r.chair, width=84, tone="sub", fold=620),
    Column("到会", lambda r: r.present, text=str, cell=_attendance, width=122),
    Column("表决", lambda r: r.votes or None, text=lambda v: str(v or ""), width=62, tone="sub", align="r", fold=700),
    Column("任务", lambda r: r.open_actions or None, text=lambda v: str(v or ""), width=62, align="r", fold=700),
    Column("状态", lambda r: r.state.label, cell=_state, width=84),
)


def _named(meeting: MeetingRow) -> tuple[str, str]:
    return meeting.id, f"{meeting.held_on.isoformat()}{meeting.topic or meeting.kind.label}"


class MeetingsPage(Page):
    """会议记录."""

    title = "会议记录"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.drafts = desk.service(MeetingService), MeetingDrafts(desk.store)
        self._wanted = ""
        self.kind = Choice("会议类型", [(None, "全部类型"), *((kind, kind.label) for kind in MeetingKind)], width=150)
        self.state = Choice("状态", [(None, "全部状态"), *((state, state.label) for state in MeetingState)], width=110)
        self.needle = edit("筛选会议", hint="议题、地点、主持人", width=160)
        self.needle.setClearButtonEnabled(True)
        self.import_button = self.desk.offered(
            "meetings", button("导入", lambda: self.open_import(), "", "table-import")
        )
        self.photos_button = self.desk.offered("meetings", button(TITLE, self.open_photos, "", "photo"))
        self.lists_button = button("台账", lambda: self.desk.push(MeetingLists(self.desk)), "", "notes")
        self.lists_button.setToolTip("第一议题、必学内容、缺席和补课、双重组织生活")
        self.export_button = self.desk.offered(
            Act.EXPORT, button("导出", lambda: export_kind(self, "meetings", "会议记录"), "", "download")
        )
        self.papers = QMenu(self)
        self.print_button = self.desk.offered(Act.EXPORT, menu_button("打印", self.papers, "", "printer"))
        self.papers.addAction("打印列表").triggered.connect(lambda _checked=False: self.print_list())
        self.papers.addAction("会议记录簿").triggered.connect(lambda _checked=False: self.print_minutes())
        self.papers.addAction("党支部工作手册").triggered.connect(lambda _checked=False: print_handbook(self))
        self.menu = QMenu(self)
        self.kinds = kinds_offered(desk)
        for kind in self.kinds:
            self.menu.addAction(kind.label).triggered.connect(lambda _checked=False, kind=kind: self.open_form(kind))
        self.add_button = self.desk.offered("meetings", button("记一次会议", self._offer_kinds, "primary", "pencil"))
        empty = EmptyState(
            "calendar-event",
            "这一年还没有会议记录。",
            "从下一次会开始记；以前的可以从 Excel、Word 导入。",
            "记一次会议",
            self._offer_kinds,
        )
        self.desk.offered("meetings", empty)
        self.table: DataTable[MeetingRow] = DataTable(COLUMNS, "会议记录", empty, height=48)
        SeveralBar(self, self.table, _named, several_verbs(self.service))
        self.count = text("", "sub")
        self._drafts = col(gap=8)
        self._draft_box = box(self._drafts)
        filters = row(self.kind, self.state, self.needle, ..., self.count)
        self.pane = DetailPane("会议详情")
        self.split = ListWithPane(
            box(col(self._draft_box, filters, (self.table, 1), gap=10)), self.pane, rows=self.table
        )
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        for choice in (self.kind, self.state):
            choice.currentIndexChanged.connect(lambda _index: self._filter())
        self.needle.textChanged.connect(self.table.model.set_needle)
        self.table.picked.connect(self._open_meeting)
        self.table.opened.connect(self._change)
        self.table.model.modelReset.connect(lambda: self.count.setText(f"共 {self.table.model.rowCount()} 次"))
        appear(self._draft_box, False)
        FileDrops(self.pane, lambda: self._taking() is not None, self._bring)
        Arrivals(self, self.import_button, self._arrived, is_record)

    def bar_actions(self) -> Sequence[QWidget]:
        return (
            self.lists_button,
            self.photos_button,
            self.import_button,
            self.export_button,
            self.print_button,
            self.add_button,
        )

    def focus_filter(self) -> None:
        self.needle.setFocus()
        self.needle.selectAll()

    def reload(self) -> None:
        year = self.desk.year

        self.read(lambda: (self.service.meetings(year), self.drafts.all()), lambda got: self._show(*got))

    def go(self, where: dict[str, Any]) -> None:
        kind = next((kind for kind in MeetingKind if kind.value == where.get("kind")), None)
        record, prefill = str(where.get("record") or ""), dict(where.get("prefill") or {})
        if where.get("only"):
            self._show_only(frozenset(where["only"]), str(where.get("named") or ""))
        elif record:
            self._wanted = record
            self._clear_filters()
            self._jump()
        elif where.get("kind") == "import":
            self.open_import()
        elif where.get("new"):
            if kind is not None:
                self.desk.push(MeetingForm(self.desk, kind, prefill=prefill))
            elif where.get("kind") not in ("attendance",):
                self._offer_kinds()
        elif kind is not None:
            self.kind.set_value(kind)

    def open_import(self, source: Path | str | None = None) -> None:
        """Begin the import of meetings, of `source` where a file or a block was brought here."""
        self.desk.push(IntakePage(self.desk, "meetings", "会议记录", source=source))

    def open_photos(self, folder: Path | None = None) -> None:
        """Sort photos to meetings, those of `folder` where it was brought here."""
        self.desk.push(PhotosPage(self.desk, folder))

    def print_list(self) -> None:
        """Write the list in view to print."""
        print_sheet(self, self.table.sheet())

    def print_minutes(self) -> None:
        """Write the minutes of the year as one book, of the kind that is chosen above the list or all."""
        year, kind = self.desk.year, self.kind.value()
        name = f"{year}年{kind.label if kind else ''}会议记录簿".replace("会议会议", "会议")
        print_book(self, name, lambda books, path: books.minutes(year, path, kind))

    def _arrived(self, source: Path | str) -> None:
        """Begin what a file, a folder or a block is for: a folder without documents is one of photos."""
        if not isinstance(source, Path) or not source.is_dir():
            self.open_import(source)
            return

        def work() -> bool:
            from desktop.services.intake.documents import holds_documents

            return holds_documents(source)

        self.read(work, lambda documents: self.open_import(source) if documents else self.open_photos(source))

    def open_form(self, kind: MeetingKind, meeting_id: str = "") -> None:
        """Open the form of a new or an unconfirmed meeting."""
        self.desk.push(MeetingForm(self.desk, kind, meeting_id))

    def _offer_kinds(self) -> None:
        if len(self.kinds) == 1:
            self.open_form(self.kinds[0])
            return
        offer_below(self.add_button, self.menu)

    def _show(self, meetings: list[MeetingRow], drafts: list[UnfinishedMeeting]) -> None:
        self.table.set_rows(meetings, same=lambda meeting: meeting.id)
        self._show_drafts(drafts)
        self._jump()
        current = self.table.current()
        if current is None and not self.pane.isHidden():
            self.pane.close_pane()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell what the form that was left keeps: a draft is no record, so nothing else says that it changed."""
        super().showEvent(event)
        if self.loaded_generation >= 0:
            self.read(self.drafts.all, self._show_drafts)

    def _show_drafts(self, drafts: list[UnfinishedMeeting]) -> None:
        clear(self._drafts)
        for unfinished in drafts:
            self._drafts.addWidget(self._draft(unfinished))
        appear(self._draft_box, bool(drafts))

    def _draft(self, unfinished: UnfinishedMeeting) -> QWidget:
        draft = unfinished.draft
        go = self.desk.offered(
            this_meeting(draft), button("接着写", lambda: self.open_form(draft.kind, unfinished.meeting_id), "small")
        )
        go.setAccessibleName(f"接着写{draft.kind.label}的草稿")
        drop = link("丢掉", lambda: self._drop_draft(unfinished))
        drop.setAccessibleName(f"丢掉{draft.kind.label}的草稿")
        words = f"{draft.topic or '还没写议题'}，{spoken(unfinished.saved_at)} {unfinished.saved_at:%H:%M} 存的草稿"
        return banner("wait", "pencil", f"没写完的{draft.kind.label}", words, box(row(drop, go, gap=12)))

    def _drop_draft(self, unfinished: UnfinishedMeeting) -> None:
        draft, meeting_id = unfinished.draft, unfinished.meeting_id
        changed, rev, undated = unfinished.changed, unfinished.rev, unfinished.undated

        def again() -> None:
            self.read(lambda: self.drafts.save(draft, meeting_id, changed, rev, undated), lambda _at: self.reload())

        def dropped(_none: None) -> None:
            self.reload()
            self.desk.say(f"已丢掉{draft.kind.label}的草稿", again)

        self.read(lambda: self.drafts.drop(draft.kind, meeting_id), dropped)

    def _filter(self) -> None:
        kind, state = self.kind.value(), self.state.value()
        if kind is None and state is None:
            self.table.model.set_filter(None)
            return
        self.table.model.set_filter(lambda meeting: kind in (None, meeting.kind) and state in (None, meeting.state))

    def _show_only(self, ids: frozenset[str], named: str) -> None:
        """List these meetings alone, whatever else was chosen, until all are asked for again."""
        self._clear_filters()
        self.table.model.set_filter(lambda meeting: meeting.id in ids)
        self.desk.say(f"只列出{named}。", self._clear_filters, "看全部")

    def _clear_filters(self) -> None:
        self.kind.set_value(None)
        self.state.set_value(None)
        self.needle.clear()
        self._filter()

    def _jump(self) -> None:
        if self._wanted and self.table.select(lambda meeting: meeting.id == self._wanted):
            self._wanted = ""

    def _taking(self) -> MeetingRow | None:
        """Return the meeting in the pane, where files may be added to it."""
        meeting = self.table.current()
        return meeting if meeting is not None and self.desk.allows(this_meeting(meeting)) else None

    def _bring(self, paths: list[Path]) -> None:
        meeting = self._taking()
        if meeting is not None:
            add_files(self, meeting, paths)

    def _change(self, meeting: MeetingRow) -> None:
        self.open_form(meeting.kind, meeting.id)

    def _open_meeting(self, meeting: MeetingRow) -> None:
        self.pane.show_head(meeting.topic or meeting.kind.label, meeting.held_on.isoformat())
        self.split.open_pane()

        def work() -> tuple[MeetingDetail, Sequence[Alike]]:
            detail = self.service.detail(meeting.id)
            similar = similar_to(self.desk.store, detail.draft, meeting.id) if meeting.state.counts else ()
            return detail, similar

        def show(got: tuple[MeetingDetail, Sequence[Alike]]) -> None:
            current = self.table.current()
            if current is not None and current.id == got[0].row.id:
                show_meeting(self, self.pane, got[0], self.service, got[1])

        self.read(work, show)
