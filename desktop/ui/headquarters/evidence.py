"""What an item rests on, beside the form that judges it: its records, the one in view as its paper, and the files."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget
from shiboken6 import isValid

from desktop.services.attachments import AttachmentRow, AttachmentService
from desktop.services.judging import EvidenceRow, Judging, JudgingService
from desktop.services.standards.score import ItemScore
from desktop.services.standards.verdict import Used
from desktop.ui.attachments import file_size, open_attachment
from desktop.ui.page import Page
from desktop.ui.places import open_record_of, page_of_record
from desktop.ui.table_model import Column, DataTable, Tag, Txt
from desktop.ui.widgets import EmptyState, Glyph, RowButton, appear, box, clear, col, fixed, link, row, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.paper import Drawn, PaperPreview, draw_pages

HEAD, LINE, MOST_LINES = 34, 34, 3
FILES, FILE_WIDTH, FILE_NAME = 60, 156, 8
DRAW_MS, THUMB = 120, 44
MARGIN = 0.09
"""Of its width, that a paper shows less at each side than it is printed with."""
SMOOTH = Qt.TransformationMode.SmoothTransformation
PICTURES, PDF = "image/", "application/pdf"


def _late(found: EvidenceRow) -> Tag | Txt:
    return Tag(f"补录 {found.late} 天", "part") if found.late else Txt("")


COLUMNS: tuple[Column[EvidenceRow], ...] = (
    Column("日期", lambda found: found.used.on, text=lambda on: on.isoformat() if on else "—", width=100, tone="sub"),
    Column("用到的记录", lambda found: found.used.title or "记录"),
    Column("附件", lambda found: len(found.files), width=56, tone="sub", align="r",
           text=lambda count: str(count) if count else "—"),
    Column("", lambda found: found.late, text=str, cell=_late, width=92, fold=420),
)  # fmt: skip


class EvidencePart(QWidget):
    """The middle of the page that judges. `page` reads on its workers."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self.service = page, page.desk.service(JudgingService)
        self._judging: Judging | None = None
        self._item = ""
        self._file: AttachmentRow | None = None
        self._places: dict[str, QLabel] = {}  # where the small pictures of files stand
        empty = EmptyState("file-text", "这一条没有用到记录。", "痕迹没有，也可以按看到、问到的情况评定，写明依据。")
        self.table: DataTable[EvidenceRow] = DataTable(COLUMNS, "用到的记录", empty, height=LINE, look="bare")
        self.paper = PaperPreview("记录")
        self._title, self._said, self._low = text("", "h1"), text("", "sub", wrap=True), False
        self.choice = Choice("用到的记录", [])
        self.choice.currentIndexChanged.connect(lambda _index: self._chosen())
        self._missing = text("", "small", "bad", wrap=True)
        self._back = link("回到记录", self._show_record, "chevron-left")
        self._open = link("看支部的页面", self.open_record)
        self._files = row(gap=8, pad=(2, 0, 2, 0))
        strip = QScrollArea()
        strip.setFrameShape(QFrame.Shape.NoFrame)
        strip.setWidgetResizable(True)
        strip.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        strip.setWidget(box(self._files))
        strip.setFixedHeight(FILES + 10)
        strip.setAccessibleName("附件")
        self._strip = strip
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAW_MS)
        self._timer.timeout.connect(self._draw)
        inner = col(
            row(self._title, (self.choice, 1), self._back, self._open, gap=14, pad=(2, 0, 2, 0)),
            self.table,
            self._missing,
            self._said,
            (self.paper, 1),
            strip,
            gap=6,
            pad=(14, 10, 14, 10),
        )
        self.setLayout(col(box(inner, "card"), gap=0))
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.picked.connect(lambda _found: self._show_record())
        self.paper.widened.connect(self._timer.start)
        appear(self._back, False)
        self._fit()

    def set_low(self, low: bool) -> None:
        """Give the paper the room there is: where it is low, the records are a drop-down over it."""
        if low is not self._low:
            self._low = low
            self._fit()

    def show_item(self, judging: Judging, item: ItemScore, found: Sequence[EvidenceRow]) -> None:
        """Show the records of an item, the newest in view."""
        self._judging = judging
        turned = item.id != self._item
        self._item = item.id
        gaps = len(item.gaps)
        self._title.setText(f"{len(found)} 条记录" + (f"，缺 {gaps} 处" if gaps else ""))
        self._missing.setText("；".join(f"缺：{gap.what}" for gap in item.gaps[:3]) + ("等" if gaps > 3 else ""))
        self.choice.set_options(
            [(each.used, f"{each.used.on or ''}　{each.used.title or '记录'}".strip()) for each in found],
            self.current(),
        )
        self._fit()
        self.table.set_rows(found, same=lambda each: (each.used.kind, each.used.id))
        lines = max(1, min(MOST_LINES, len(found))) if found else 3
        self.table.setFixedHeight(HEAD + LINE * lines + 4)
        if turned or self.table.current() is None:
            self.table.clear_selection()
            self.table.step(1)
        if not found:
            self._show_record()

    def current(self) -> Used | None:
        """Return the record in view."""
        found = self.table.current()
        return None if found is None else found.used

    def step(self, by: int) -> None:
        """Show the record after or before."""
        self.table.step(by)

    def open_record(self) -> None:
        """Read the record on the branch's own page."""
        used = self.current()
        if used is not None and self._judging is not None:
            open_record_of(self._page.desk, self._judging.branch_id, used)

    # inside

    def _fit(self) -> None:
        appear(self.table, not self._low)
        appear(self._missing, not self._low and bool(self._missing.text()))
        appear(self._title, not self._low)
        appear(self.choice, self._low)

    def _chosen(self) -> None:
        used = self.choice.value()
        if used is not None and used != self.current():
            self.table.select(lambda found: found.used == used)

    def _show_record(self) -> None:
        """Show the record in view as its paper, and what is attached to it."""
        found = self.table.current()
        self._file = None
        appear(self._back, False)
        used = found.used if found is not None else None
        if used is not None and used != self.choice.value():
            self.choice.set_value(used)
        leads = used is not None and not used.withheld and bool(page_of_record(used.kind)[0])
        appear(self._open, leads)
        clear(self._files)
        self._places.clear()
        files = found.files if found is not None else ()
        for file in files:
            self._files.addWidget(self._card(file))
        self._files.addStretch(1)
        appear(self._strip, bool(files))
        if files:
            self._thumbnails(files)
        self._timer.start()

    def _card(self, file: AttachmentRow) -> QWidget:
        sign: QWidget = Glyph("file-text", size=22)
        if file.media_type.startswith(PICTURES):
            sign = self._places[file.id] = QLabel()
            sign.setLayout(row(..., Glyph("photo", size=22), ...))  # until its picture has come
            fixed(sign, THUMB, THUMB)
            self._places[file.id].setAlignment(Qt.AlignmentFlag.AlignCenter)
        name = file.name if len(file.name) <= FILE_NAME else f"{file.name[: FILE_NAME - 1]}…"
        size = file_size(file.size_bytes) if file.here else "没随包来"
        words = col(text(name, "body"), text(size, "small", "" if file.here else "bad"), gap=0)
        card = RowButton(f"附件 {file.name}", row(sign, words, ..., gap=8, pad=(8, 4, 8, 4)))
        card.setToolTip(file.name if file.here else f"{file.name}：文件没随包来，请支部重新报送")
        card.setFixedWidth(FILE_WIDTH)
        card.setEnabled(file.here)
        card.clicked.connect(lambda _checked=False: self.show_file(file, card))
        return card

    def show_file(self, file: AttachmentRow, card: RowButton) -> None:
        """Show a picture or a PDF here, in the place of the paper; anything else in its own program."""
        if file.media_type.startswith(PICTURES) or file.media_type == PDF:
            self._file = file
            appear(self._back, True)
            self._draw()
        else:
            open_attachment(self._page, file, card)

    def _draw(self) -> None:
        judging, found, file = self._judging, self.table.current(), self._file
        width = self.paper.width_px()
        if judging is None or found is None:
            self.paper.show_pages(Drawn((), width))
            self._tell("")
            return
        used = found.used

        def work() -> Drawn | None:
            if file is not None:
                return self._file_pages(file, width)
            pdf = self.service.paper(judging, used)
            return None if pdf is None else draw_pages(pdf, width, margin=MARGIN)

        def show(drawn: Drawn | None) -> None:
            now = self.table.current()
            if now is None or now.used != used or self._file is not file:
                return  # somebody looks at another one by now
            self.paper.show_pages(drawn or Drawn((), width))
            self._tell(_why_nothing(found) if drawn is None or not drawn.pages else "")

        self._page.read(work, show, long=True)

    def _tell(self, words: str) -> None:
        self._said.setText(words)
        appear(self._said, bool(words))

    def _file_pages(self, file: AttachmentRow, width: int) -> Drawn:
        files = self._page.desk.service(AttachmentService)
        if file.media_type == PDF:
            return draw_pages(files.read(file.id), width)
        return Drawn(tuple(page.scaledToWidth(width, SMOOTH) for page in self._pictures(file)), width)

    def _thumbnails(self, files: Sequence[AttachmentRow]) -> None:
        """Put a small picture into the card of each picture."""
        pictures = [file for file in files if file.here and file.media_type.startswith(PICTURES)]
        side = round(THUMB * self.devicePixelRatioF())

        def work() -> dict[str, QImage]:
            drawn = {file.id: self._pictures(file) for file in pictures}
            return {
                file_id: pages[0].scaled(side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding, SMOOTH)
                for file_id, pages in drawn.items()
                if pages
            }

        def show(small: dict[str, QImage]) -> None:
            for file_id, picture in small.items():
                place = self._places.get(file_id)
                if place is not None and isValid(place):
                    pixmap = QPixmap.fromImage(picture.copy(0, 0, side, side))
                    pixmap.setDevicePixelRatio(self.devicePixelRatioF())
                    place.setPixmap(pixmap)
                    for waiting in cast(list[Glyph], place.findChildren(Glyph)):
                        waiting.hide()

        if pictures:
            self._page.read(work, show, long=True)

    def _pictures(self, file: AttachmentRow) -> list[QImage]:
        """Return the pages of a picture, as it is bound into the archive: guarded against what would eat the memory."""
        files = self._page.desk.service(AttachmentService)
        from desktop.services.archive.showing import shown_of  # decoders of pictures, not before one is shown

        return [QImage.fromData(page.read()) for page in shown_of(lambda: files.open(file.id)).pages]


def _why_nothing(found: EvidenceRow) -> str:
    if found.used.withheld:
        return "这条记录属内部掌握，只列日期。"
    return "这条记录是台账里的一行，没有单独的纸面；到支部的页面上看。"
