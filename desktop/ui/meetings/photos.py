"""组织生活 > 会议记录 > 归入照片: the photos and scans of a folder, each with the meeting of its day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.services.errors import AppError
from desktop.services.progress import Progress
from desktop.ui.cells import Tick
from desktop.ui.dialogs import ask_folder, ask_open_many, show_error
from desktop.ui.intake.arrivals import Drops
from desktop.ui.output import open_file
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Cell, Column, DataTable, Two, Txt
from desktop.ui.widgets import Elided, EmptyState, Segments, appear, box, button, clear, col, fixed, row, text
from desktop.ui.widgets.dialogs import inform
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.keys import shortcut
from desktop.ui.widgets.layout import Turning
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.meetings.photos import Photo, PutAway, Sorted

TITLE = "归入照片"
ALL, OPEN = "all", "open"
NOWHERE = "不附"
_TOLD = 6
"""So many refused files are told by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A photo, the meeting it is to go to, and whether it is to go there."""

    photo: "Photo"
    meeting_id: str | None
    meeting: str
    """In words."""
    taken: bool

    @property
    def open(self) -> bool:
        """Whether somebody has to say where it belongs."""
        return not self.taken and not self.photo.fault


def _name(line: Line) -> Cell:
    folder, _, name = line.photo.name.rpartition("/")
    return Two(name, folder)


def _why(line: Line) -> Cell:
    return Txt(line.photo.fault or line.photo.why, "sub" if line.taken else "part" if line.open else "sub", px=13)


COLUMNS: tuple[Column[Line], ...] = (
    Column("附上", lambda line: line.taken, cell=lambda line: Tick(line.taken), width=52),
    Column("照片", lambda line: line.photo.name, cell=_name, width=230),
    Column("日期", lambda line: line.photo.day, width=104, tone="sub", fold=700),
    Column(
        "归到",
        lambda line: line.meeting,
        cell=lambda line: Txt(line.meeting or ("没有定" if line.open else NOWHERE), "" if line.taken else "sub"),
    ),
    Column("依据", lambda line: line.photo.fault or line.photo.why, cell=_why),
)


class PhotosPage(Page):
    """Nothing is attached until somebody presses 附上; then all of it is one piece of work."""

    title = TITLE

    def __init__(self, desk: Desk, source: Path | None = None) -> None:
        super().__init__(desk)
        self._source: Path | list[Path] | None = source
        self._begun = self._standing = False
        self.found: Sorted | None = None
        self._lines: list[Line] = []
        self._titles: dict[str, str] = {}
        self.scope: Segments | None = None
        self._build_start()
        self._build_result()
        self._stack = Turning()
        for part in (self._start, self._result):
            self._stack.addWidget(part)
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))
        Drops(self, lambda path: path.is_dir(), self.open_source)
        self._show_actions()

    def bar_actions(self) -> Sequence[QWidget]:
        """Another folder, and the one primary action."""
        return (self.change_button, self.put_button)

    def reload(self) -> None:
        """Begin with the folder brought along; later look again, for meetings have changed."""
        if self._source is not None and (not self._begun or self.found is not None):
            self._look()
        self._begun = True

    def choose(self) -> None:
        """Ask for the folder and look through it."""
        path = ask_folder(self, TITLE)
        if path is not None:
            self.open_source(path)

    def choose_files(self) -> None:
        """Ask for some files and look at them."""
        from desktop.services.meetings.photos import endings

        kinds = " ".join(f"*{ending}" for ending in sorted(endings()))
        paths = ask_open_many(self, TITLE, f"照片和扫描件 ({kinds});;所有文件 (*)")
        if paths:
            self.open_source(paths)

    def open_source(self, source: Path | list[Path]) -> None:
        """Look through a folder, or at some files."""
        self._source, self.found, self._begun = source, None, True
        self._look()

    # ---- looking ----
    def _look(self) -> None:
        source, store = self._source, self.desk.store
        if source is None:
            return

        def work(progress: Progress) -> "Sorted":
            from desktop.services.meetings.photos import PhotoService

            return PhotoService(store).look(source, progress)

        first = self.found is None
        appear(self.fault, False)
        strip = self.strip if first else self.work_strip
        buttons = (self.choose_button, self.files_button)
        self.call(work, self._show, strip=strip, words="正在看照片", each=1, failed=self._refused, buttons=buttons)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            show_error(self, error)
            return
        from desktop.messages import present

        self.found = None
        self.fault.setText(present(error).title)
        appear(self.fault, True)
        self._stack.setCurrentWidget(self._start)
        self._show_actions()

    def _show(self, found: "Sorted") -> None:
        said = {line.photo.path: line for line in self._lines if self.found is not None}
        self.found = found
        self._titles = {held.id: held.words for held in found.meetings}
        self._lines = []
        for photo in found.photos:
            before = said.get(photo.path)
            kept = before is not None and not photo.fault and before.photo.sha256 == photo.sha256
            meeting = before.meeting_id if kept and before is not None else photo.meeting_id
            taken = before.taken if kept and before is not None else photo.certain
            meeting = meeting if meeting in self._titles else None
            self._lines.append(
                Line(
                    photo=photo,
                    meeting_id=meeting,
                    meeting=self._titles.get(meeting or "", ""),
                    taken=taken and meeting is not None,
                )
            )
        others = f"，另有 {found.others} 个别的文件没有看" if found.others else ""
        self._words.set_words(f"“{found.name}”里 {len(found.photos)} 个照片和扫描件{others}")
        self._stack.setCurrentWidget(self._result)
        self._refresh()
        if self.table.current() is None:
            self.table.select(lambda line: line.open or all(not each.open for each in self._lines))

    def _refresh(self) -> None:
        waiting = sum(line.open for line in self._lines)
        current = self.scope.current() if self.scope is not None else ALL
        clear(self._scope_slot)
        self.scope = Segments(((ALL, f"全部 {len(self._lines)}"), (OPEN, f"没有定的 {waiting}")), current, "照片")
        self.scope.changed.connect(lambda _key: self._filter())
        self._scope_slot.addWidget(self.scope)
        kept = self.table.current()
        self._filter()
        self.table.set_rows(self._lines)
        if kept is not None:
            self.table.select(lambda line: line.photo.path == kept.photo.path)
        over = self.too_many()
        self.over.setText("；".join(over))
        appear(self._over_box, bool(over))
        self._show_actions()
        self._stand(self.table.current())

    def _filter(self) -> None:
        only_open = self.scope is not None and self.scope.current() == OPEN
        self.table.model.set_filter((lambda line: line.open) if only_open else None)

    def too_many(self) -> list[str]:
        """Return in words at which meetings more photos are ticked than the standard wants."""
        from desktop.services.meetings.photos import is_photo

        found = self.found
        if found is None:
            return []
        ticked = Counter(line.meeting_id for line in self._lines if line.taken and is_photo(line.photo))
        return [
            f"{held.held_on.isoformat()} {held.name}：最多附 {found.most} 张照片，"
            + (f"已有 {held.photos} 张，" if held.photos else "")
            + f"勾了 {ticked[held.id]} 张"
            for held in found.meetings
            if ticked[held.id] and held.photos + ticked[held.id] > found.most
        ]

    def _show_actions(self) -> None:
        shown = self._stack.currentWidget() is self._result
        count = sum(line.taken for line in self._lines)
        appear(self.change_button, shown)
        appear(self.put_button, shown)
        self.put_button.setText(f"附上 {count} 个" if count else "附上")
        self.put_button.setEnabled(bool(count) and not self.too_many())

    # ---- one photo ----
    def _stand(self, line: Line | None) -> None:
        """Offer the meetings for the photo in view, those of its day first."""
        able = line is not None and not line.photo.fault
        for part in (self.meeting, self.look_button):
            part.setEnabled(able if part is self.meeting else line is not None)
        if line is None or self.found is None:
            self._at.set_words("选一张照片，在这里改它归到哪次会议")
            return
        self._at.set_words(line.photo.name)
        day = line.photo.day
        held = sorted(self.found.meetings, key=lambda held: (held.held_on != day, -held.held_on.toordinal()))
        self._standing = True
        self.meeting.set_options([(None, NOWHERE), *((each.id, each.words) for each in held)], line.meeting_id)
        self._standing = False

    def _chosen(self) -> None:
        line, meeting = self.table.current(), self.meeting.value()
        if line is not None and not self._standing and not line.photo.fault and meeting != line.meeting_id:
            self._change(
                line, meeting_id=meeting, meeting=self._titles.get(meeting or "", ""), taken=meeting is not None
            )

    def _toggle(self) -> None:
        line = self.table.current()
        if line is None or line.photo.fault:
            return
        if line.meeting_id is None:
            self.meeting.setFocus()
            self.meeting.showPopup()
        else:
            self._change(line, taken=not line.taken)

    def _change(self, line: Line, **values: Any) -> None:
        self._lines = [replace(each, **values) if each is line else each for each in self._lines]
        self._refresh()

    def _open(self) -> None:
        line = self.table.current()
        if line is not None:
            open_file(line.photo.path)

    # ---- into the store ----
    def put(self) -> None:
        """Attach what is ticked, as one piece of work."""
        found, store, lines = self.found, self.desk.store, [line for line in self._lines if line.taken]
        if found is None or not lines:
            return

        def work(progress: Progress) -> "PutAway":
            from desktop.services.meetings.photos import PhotoService, Put

            chosen = [Put(photo=line.photo, meeting_id=line.meeting_id or "") for line in lines]
            return PhotoService(store).put(found.name, chosen, progress)

        words = f"正在加密保存 {len(lines)} 个"
        self.call(work, self._done, strip=self.work_strip, words=words, each=1, buttons=(self.put_button,))

    def _done(self, done: "PutAway") -> None:
        store = self.desk.store
        self.desk.changed()

        def undo() -> None:
            def work() -> int:
                from desktop.services.intake.record import ImportRecord

                return ImportRecord(store).undo(done.run)

            self.act(work, "已撤销，照片都取下来了。")

        if done.attached:
            self.desk.say(f"已附上 {done.attached} 个。", undo)
        if done.refused:
            told = [f"{photo.name}：{reason}。" for photo, reason in done.refused[:_TOLD]]
            if len(done.refused) > _TOLD:
                told.append(f"还有 {len(done.refused) - _TOLD} 个。")
            inform(self, f"有 {len(done.refused)} 个没有附上", *told, bad=True)

    # ---- parts ----
    def _build_start(self) -> None:
        empty = EmptyState(
            "photo",
            "把放照片和扫描件的文件夹归到会议里",
            "按拍摄日期、文件名、文件夹名找到那天的会议，先列给你看；你点“附上”才附，附错了可以一次撤销。",
        )
        self.choose_button = button("选择文件夹", self.choose, "primary", "folder-open")
        self.files_button = button("选择照片", self.choose_files, "", "photo")
        self.strip = ProgressStrip()
        self.fault = text("", "strong", "bad", wrap=True)
        appear(self.fault, False)
        parts = (
            self.fault,
            fixed(empty, height=150),
            row(..., self.choose_button, self.files_button, ..., gap=10),
            row(..., text("也可以把文件夹拖到这里，里面的文件夹也看。", "sub"), ...),
            row(..., fixed(self.strip, 420), ...),
        )
        self._start = box(col(..., *parts, ..., gap=12, pad=20), "card")

    def _build_result(self) -> None:
        self._scope_slot = row(gap=0)
        self._words, self._at = Elided("", "sub"), Elided("", "strong")
        empty = EmptyState("circle-check", "没有要定的照片。")
        self.table: DataTable[Line] = DataTable(COLUMNS, "照片", empty, height=46)
        self.table.view.clicked.connect(lambda index: self._toggle() if index.column() == 0 else None)
        shortcut(self.table.view, Qt.Key.Key_Space, "勾上、去掉这张照片", self._toggle)
        self.table.picked.connect(self._stand)
        self.table.opened.connect(lambda _line: self._open())
        self.meeting = Choice("归到哪次会议", [(None, NOWHERE)], width=420)
        self.meeting.currentIndexChanged.connect(lambda _index: self._chosen())
        self.look_button = button("打开照片", self._open, "small", "eye")
        self.over = text("", "strong", "part", wrap=True)
        self._over_box = box(col(self.over, pad=(14, 8, 14, 8)), "part")
        appear(self._over_box, False)
        self.work_strip = ProgressStrip()
        foot = fixed(
            box(
                row(text("归到", "strong"), self.meeting, (self._at, 1), self.look_button, gap=12, pad=(16, 6, 16, 6)),
                "card",
            ),
            height=52,
        )
        top = row(box(self._scope_slot), (self._words, 1), gap=14)
        self._result = box(col(top, self._over_box, (self.table, 1), foot, self.work_strip, gap=10))
        self.change_button = button("换一个文件夹", self.choose)
        self.put_button = self.desk.offered("meetings", button("附上", self.put, "primary", "check"))
