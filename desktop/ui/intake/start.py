"""The first step: choose a file, drop it here, or paste what was copied from Excel."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.services.clock import spoken
from desktop.services.privacy import load_privacy
from desktop.services.spreadsheets.workbook import SUFFIXES
from desktop.ui import theme
from desktop.ui.intake.kept import Begun
from desktop.ui.widgets import (
    EmptyState,
    Glyph,
    Item,
    appear,
    banner,
    box,
    button,
    clear,
    col,
    fixed,
    link,
    row,
    set_text,
    text,
)
from desktop.ui.widgets.progress import ProgressStrip

TABLES = " ".join(f"*{suffix}" for suffix in SUFFIXES)
FILES = f"表格 ({TABLES});;所有文件 (*)"
"""What people keep a list in; what cannot be read says why, and what to do, once it is chosen."""
MEETINGS = "meetings"
"""The kind whose records people write in Word too, a file for each."""
RECORDS = f"表格和Word记录 ({TABLES} *.docx *.docm);;所有文件 (*)"
ROSTER = "members"
"""The kind of workbook that holds personal data: what they are for is said beside it."""
DROP = "也可以把文件拖到这里，或在 Excel、WPS 里复制一块（连表头），回来按 Ctrl+V。"
DROP_RECORDS = "也可以把文件、整个文件夹拖到这里，或在 Excel、WPS 里复制一块（连表头），回来按 Ctrl+V。"
LET_GO = "松开就读这个文件。"
MOST_BEGUN = 2


class StartView(QFrame):
    """`asked` wants a file to be chosen, `pasted` the block; `resumed` and `given_up` tell what was begun before."""

    asked = Signal()
    folder_asked = Signal()
    pasted = Signal()
    resumed = Signal(object)
    given_up = Signal(object)
    record_asked = Signal()
    template_asked = Signal()
    mapping_asked = Signal()

    def __init__(self, kind: str, name: str, template: str) -> None:
        super().__init__()
        self.setObjectName("clear")
        self._in_documents = kind == MEETINGS
        head = f"从 Excel、WPS 表格{'或 Word 记录' if self._in_documents else ''}导入{name}"
        words = "表头叫法、日期写法、版面不限。先读给你看，不改动任何记录；看不准的问你，不猜。"
        if self._in_documents:
            words += "Word 记录读出时间、地点、主持人等，原文件附在会议里。"
        empty = EmptyState("file-spreadsheet", head, words)
        self.choose_button = button("选择文件", self.asked.emit, "primary", "file-spreadsheet")
        self.folder_button = button("选择文件夹", self.folder_asked.emit, "", "folder-open")
        self.folder_button.setToolTip("里面每份 Word 记录（.docx）读成会议")
        appear(self.folder_button, self._in_documents)
        self.paste_button = button("粘贴一块", self.pasted.emit, "", "copy")
        self.template_link = link(template, self.template_asked.emit, "download")
        self.mapping_link = link("用别的支部导出的对应", self.mapping_asked.emit, "link")
        self.record_link = link("导入记录", self.record_asked.emit, "history")
        links = row(..., self.template_link, self.mapping_link, self.record_link, ..., gap=24)
        purpose = row(..., text(load_privacy().purpose, "small"), ...) if kind == ROSTER else None
        self.strip = ProgressStrip()
        self._drop_words = DROP_RECORDS if self._in_documents else DROP
        self._hint = text(self._drop_words, "sub")
        self._begun = col(gap=8)
        self.resume_buttons: list[QPushButton] = []
        self._fault_title, self._fault_words = text("", "strong", "bad", wrap=True), text("", "small", wrap=True)
        fault = row(
            Glyph("alert-circle", theme.RED, 20), (col(self._fault_title, self._fault_words, gap=2), 1), gap=12, pad=12
        )
        self._fault = box(fault, "bad")
        parts: tuple[Item, ...] = (
            fixed(empty, height=150),
            row(..., self.choose_button, self.folder_button, self.paste_button, ..., gap=10),
            row(..., self._hint, ...),
            6,
            links,
            purpose,
            row(..., fixed(self.strip, 420), ...),
        )
        self.sheet = box(col(..., *parts, ..., gap=12, pad=20), "card")
        self.setLayout(col(self._fault, box(self._begun), (self.sheet, 1), gap=12))
        appear(self._fault, False)

    def say_fault(self, title: str, words: str) -> None:
        """Say why a file was not read; nothing takes it away."""
        self._fault_title.setText(title)
        set_text(self._fault_words, words)
        appear(self._fault, bool(title))

    def offer_begun(self, begun: Sequence[Begun]) -> None:
        """Say which files were answered about and not imported."""
        clear(self._begun)
        self.resume_buttons = []
        for part in begun[:MOST_BEGUN]:
            self._begun.addWidget(self._line(part))

    def aim(self, on: bool) -> None:
        """Show that a file is held over the page."""
        self._hint.setText(LET_GO if on else self._drop_words)
        self.sheet.setObjectName("wait" if on else "card")
        self.sheet.style().unpolish(self.sheet)
        self.sheet.style().polish(self.sheet)

    def _line(self, begun: Begun) -> QWidget:
        go = button("接着做", partial(self.resumed.emit, begun), "small")
        self.resume_buttons.append(go)
        go.setAccessibleName(f"接着做“{begun.name}”")
        drop = link("放弃", partial(self.given_up.emit, begun))
        drop.setAccessibleName(f"放弃对“{begun.name}”的回答")
        words = f"{spoken(begun.at)} {begun.at:%H:%M} 答到一半，还没有导入"
        return banner("wait", "pencil", f"没做完的导入：{begun.name}", words, box(row(drop, go, gap=12)))
