"""The search over any page: one field, what is found by kinds, what is known of the hit in view, and its verbs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QWidget
from shiboken6 import isValid

from desktop.ui import theme
from desktop.ui.page import Desk
from desktop.ui.pages import Area, pages_of_branch
from desktop.ui.places import can_open_record, open_record, open_record_of, page_of_record
from desktop.ui.search.deeds import MOST, Deed, deeds, matching
from desktop.ui.search.rows import ICONS, ROW, Head, Line, Row, RowDelegate, said
from desktop.ui.widgets import (
    Chip,
    Elided,
    Glyph,
    appear,
    box,
    button,
    col,
    fixed,
    icon_button,
    row,
    rule,
    set_text,
    text,
)
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.models.vocabulary.search import HitKind
    from desktop.services.progress import Progress
    from desktop.services.search import Found, Hit

WIDTH, HEIGHT, EDGE = 880, 556, 24
PREVIEW_FROM, PREVIEW, KINDS = 860, 236, 142
WAIT_MS = 60
"""After a key, before it is searched for: who types fast searches once."""
MOST_OF_KIND = 500
REMEMBERED = 5
ALL = "全部"
HINT = "找人、会议、登记、任务、附件、页面"


class SearchLayer(QWidget):
    """Lies over the whole window while something is looked for; keys go to its field alone."""

    def __init__(self, desk: Desk, areas: Sequence[Area], over: QWidget) -> None:
        super().__init__(over)
        self.desk, self._areas = desk, areas
        self._deeds = list[Deed]()
        self._opened = list[Line]()  # of this sitting alone: names are kept nowhere outside the store
        self._kind: HitKind | None = None
        self._kinds: list[HitKind | None] = [None]
        self._turn = 0
        self._back: QWidget | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(WAIT_MS)
        self._soon.timeout.connect(self.search)
        self.field = QLineEdit()
        self.field.setObjectName("search")
        self.field.setPlaceholderText(HINT)
        self.field.setAccessibleName("查找")
        self.field.textChanged.connect(lambda _words: self._soon.start())
        self.field.installEventFilter(self)
        self.understood = Chip("", "wait")
        self.kinds = self._list("类别", KINDS)
        self.kinds.itemClicked.connect(lambda item: self._choose_kind(self.kinds.row(item)))
        self.hits = self._list("找到的")
        self.hits.setItemDelegate(RowDelegate(self.hits))
        self.hits.currentItemChanged.connect(lambda *_items: self._preview())
        self.hits.itemClicked.connect(self._clicked)
        self.hits.itemDoubleClicked.connect(lambda _item: self.open())
        self.nothing, self._room = text("", "sub", wrap=True), QWidget()
        self.strip = ProgressStrip()
        self._title, self._chip, self._facts = Elided("", "h2"), Chip("", "none"), text("", "sub", wrap=True)
        self.list_button = button("在列表里看", self.open_list)
        self.open_button = button("打开", self.open, "primary")
        for part in (self.list_button, self.open_button):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._side = fixed(
            box(
                col(
                    row(self._title, self._chip, ...), self._facts, ..., self.list_button, self.open_button,
                    gap=8, pad=16,
                )
            ),
            width=PREVIEW,
        )  # fmt: skip
        close = icon_button("x", "关闭（Esc）", self.close_layer)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = row(Glyph("search", theme.SUB, 18), (self.field, 1), self.understood, close, gap=10, pad=(18, 8, 12, 8))
        said = box(col(self.nothing, self.strip, gap=6, pad=(14, 12, 14, 0)))
        found = col(said, (self.hits, 1), (self._room, 1), gap=0)
        foot = row(
            text("↑↓ 选择　Enter 打开　Ctrl+Enter 在列表里看　Tab 换类别　Esc 关闭", "small"),
            ...,
            self._foot_words(),
            pad=(18, 8, 18, 10),
        )
        self.card = box(
            col(
                head, rule(), (row(self.kinds, (found, 1), self._side, gap=0), 1), rule(), foot,
                gap=0,
            ),
            "card",
        )  # fmt: skip
        self.card.setParent(self)
        self.hide()

    def _foot_words(self) -> QWidget:
        self._hint = text("汉字一个字就能找，名字可打首字母", "small")
        return self._hint

    def _list(self, name: str, width: int = 0) -> QListWidget:
        made = QListWidget()
        made.setObjectName("found")
        made.setAccessibleName(name)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        return fixed(made, width=width) if width else made

    # ---- opening and closing ----
    def open_layer(self) -> None:
        """Come over the page, with what was typed last chosen whole."""
        window = self.parentWidget()
        if window is None:
            return
        if not self.isVisible():
            self._back = window.focusWidget()
        self._deeds = deeds(self.desk, self._areas)
        self._fit()
        self.show()
        self.raise_()
        self.field.setFocus()
        self.field.selectAll()
        self.search()
        self._bring_up()

    def close_layer(self) -> None:
        """Go, and leave the cursor where it stood."""
        self.hide()
        back, self._back = self._back, None
        if back is not None and isValid(back) and back.isVisible():
            back.setFocus()

    def _bring_up(self) -> None:
        """Bring the index up to date behind the field; what is there already is found meanwhile."""
        from desktop.services.search import SearchService

        service = self.desk.service(SearchService)

        def work(progress: "Progress") -> None:
            service.refresh(progress)

        def done(_nothing: None) -> None:
            self.strip.end(turn)
            if self.isVisible():
                self.search()

        def failed(error: Exception) -> None:
            from desktop.messages import present

            self.strip.end(turn)
            set_text(self.nothing, present(error).title, "bad")

        turn = self.strip.begin("正在整理查找用的词，名字已经能找", None)
        self.desk.jobs.run(self, work, done, failed, self.strip.step)

    # ---- searching ----
    def search(self) -> None:
        """Look for what is typed."""
        from desktop.services.search import SearchService

        words = self.field.text().strip()
        if not words:
            self._show_remembered()
            return
        service, kind = self.desk.service(SearchService), self._kind
        self._turn += 1
        turn = self._turn

        def work(_progress: "Progress") -> "Found":
            return service.find(words, kind, MOST_OF_KIND) if kind is not None else service.find(words)

        def show(found: "Found") -> None:
            if turn == self._turn and self.isVisible():
                self._show(found)

        self.desk.tasks.run(self, work, show)

    def _show(self, found: "Found") -> None:
        from desktop.models.vocabulary.search import HitKind

        begun = matching(self._deeds, found.words) if self._kind is None else []
        self.understood.show_state(found.understood, "wait")
        self._kinds = [None, *(kind for kind in HitKind if found.counts.get(kind))]
        if self._kind not in self._kinds:
            self._kind = None
        names = [(ALL, found.total + len(begun))]
        names += [(kind.label, found.counts[kind]) for kind in self._kinds if kind is not None]
        self._fill_kinds(names)
        marked = tuple(found.words.split()) + tuple(
            hit.title for hit in found.of(HitKind.PERSON) if found.understood and len(hit.title) > 1
        )
        rows: list[Row] = []
        for kind in HitKind:
            hits = found.of(kind)
            if hits:
                rows.append(Head(kind.label, found.counts[kind], kind, len(hits) < found.counts[kind]))
                rows += [self._line(hit, marked) for hit in hits]
        if begun:
            rows.append(Head("页面和操作", len(begun)))
            rows += [_deed_line(deed, marked) for deed in begun[:MOST]]
        self._fill(rows)
        words = ""
        if not rows:
            words = f"没有找到“{found.words}”。"
            if found.near:
                words += f"读音相近的有：{'、'.join(found.near)}。"
        set_text(self.nothing, words, "")

    def _show_remembered(self) -> None:
        self._turn += 1
        self._kind, self._kinds = None, [None]
        self.understood.show_state("", "wait")
        self._fill_kinds([])
        rows: list[Row] = [Head("刚才打开的", 0), *self._opened] if self._opened else []
        self._fill(rows)
        set_text(self.nothing, "" if rows else f"{HINT}。例如：王、wxy、党费、2026-03-05。", "")

    def _line(self, hit: "Hit", marked: tuple[str, ...]) -> Line:
        area = page_of_record(hit.target[0], above=self._above(hit))[0]
        place = hit.branch or next((entry.title for entry in self._areas if entry.key == area), "")
        detail = "，".join(filter(None, (hit.detail, hit.excerpt)))
        icon, opens = ICONS[hit.kind.value], self._can_open(hit)
        return Line(icon=icon, title=hit.title, detail=detail, place=place, what=hit, words=marked, opens=opens)

    def _fill_kinds(self, names: Sequence[tuple[str, int]]) -> None:
        self.kinds.clear()
        for words, count in names:
            item = QListWidgetItem(f"{words}  {count}")
            item.setSizeHint(QSize(0, 34))
            self.kinds.addItem(item)
        if names:
            self.kinds.setCurrentRow(self._kinds.index(self._kind))

    def _fill(self, rows: Sequence[Row]) -> None:
        self.hits.clear()
        for each in rows:
            item = QListWidgetItem()
            item.setData(ROW, each)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said(each))
            item.setToolTip(said(each))
            if isinstance(each, Head):
                item.setFlags(Qt.ItemFlag.ItemIsEnabled if each.more else Qt.ItemFlag.NoItemFlags)
            self.hits.addItem(item)
        first = next((number for number, each in enumerate(rows) if isinstance(each, Line)), -1)
        self.hits.setCurrentRow(first)
        appear(self.hits, bool(rows))
        appear(self._room, not rows)
        self._preview()

    # ---- the hit in view ----
    def current(self) -> Line | None:
        """Return the hit in view."""
        item = self.hits.currentItem()
        found = item.data(ROW) if item is not None else None
        return found if isinstance(found, Line) else None

    def _preview(self) -> None:
        line = self.current()
        appear(self._side, line is not None and self.card.width() >= PREVIEW_FROM)
        if line is None:
            return
        self._title.set_words(line.title)
        set_text(self._facts, "\n".join(line.detail.split("，")))
        if isinstance(line.what, Deed):
            self._chip.show_state("", "none")
            reason = ""
        else:
            self._chip.show_state(line.what.kind.label, "none")
            reason = self._why_not(line.what)
            if line.what.branch:
                set_text(self._facts, "\n".join((line.what.branch, *line.detail.split("，"))))
        if reason:
            set_text(self._facts, f"{self._facts.text()}\n\n{reason}")
        person = self._member_of(line)
        self.open_button.setText("打开本年一页" if person else "打开")
        self.list_button.setText("在名册中看" if person else "在列表里看")
        appear(self.list_button, not isinstance(line.what, Deed) and not reason)
        self.open_button.setEnabled(not reason)

    def _why_not(self, hit: "Hit") -> str:
        return "" if self._can_open(hit) else "这条记录要在支部的电脑上打开"

    def _above(self, hit: "Hit") -> bool:
        """Return whether the hit is a record of headquarters' own, on a page of its own."""
        return not hit.branch and self.desk.store.is_headquarters

    def _can_open(self, hit: "Hit") -> bool:
        from desktop.services.standards.verdict import Used

        if hit.branch:
            return any(area.key == page_of_record(hit.target[0])[0] for area in pages_of_branch())
        return can_open_record(self.desk, Used(*hit.target))

    def _member_of(self, line: Line) -> str:
        """Return the id of the member that a hit is, "" for any other, and for one who is read in another branch."""
        if isinstance(line.what, Deed) or line.what.branch or not self._can_open(line.what):
            return ""
        kind, record = line.what.target
        return record if kind == "member" else ""

    def open(self) -> None:
        """Open the hit in view and go."""
        from desktop.services.standards.verdict import Used

        line = self.current()
        if line is None:
            return
        if isinstance(line.what, Deed):
            self._leave(line)
            line.what.do(self.desk)
        elif self._can_open(line.what):
            person = self._member_of(line)
            self._leave(line)
            if person:
                from desktop.ui.members.card import MemberCard

                self.desk.push(MemberCard(self.desk, person))
                return
            if line.what.branch:
                open_record_of(self.desk, line.what.branch_id, Used(*line.what.target))
            else:
                open_record(self.desk, Used(*line.what.target))

    def open_list(self) -> None:
        """Go to the list that the hit in view stands in."""
        line = self.current()
        if line is not None and not isinstance(line.what, Deed) and self._can_open(line.what):
            person = self._member_of(line)
            self._leave(line)
            kind = line.what.target[0]
            area, tab = page_of_record(kind, above=self._above(line.what))
            if line.what.branch:
                self.desk.open_branch(line.what.branch_id, area, tab, kind=kind)
                return
            self.desk.open(area, tab, kind=kind, **({"record": person} if person else {}))

    def _leave(self, line: Line) -> None:
        self._opened = [line, *(other for other in self._opened if other.what != line.what)][:REMEMBERED]
        self._back = None
        self.close_layer()

    # ---- keys and mouse ----
    def eventFilter(self, part: QObject, event: QEvent) -> bool:
        """Take the keys that are no letters from the field."""
        if part is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._took(event)
        return super().eventFilter(part, event)

    def _took(self, event: QKeyEvent) -> bool:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._soon.isActive():  # Enter came before the last letters were looked for
                self._soon.stop()
                self.search()
            elif control:
                self.open_list()
            else:
                self.open()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            place = self._kinds.index(self._kind) + (1 if key == Qt.Key.Key_Tab else -1)
            self._choose_kind(place % len(self._kinds))
        elif key == Qt.Key.Key_Escape:
            if self.field.text():
                self.field.clear()
            else:
                self.close_layer()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        number = self.hits.currentRow() + by
        while 0 <= number < self.hits.count():
            if isinstance(self.hits.item(number).data(ROW), Line):
                self.hits.setCurrentRow(number)
                return
            number += by

    def _choose_kind(self, number: int) -> None:
        self._kind = self._kinds[number] if number < len(self._kinds) else None
        self.search()

    def _clicked(self, item: QListWidgetItem) -> None:
        found = item.data(ROW)
        if isinstance(found, Head) and found.kind in self._kinds:
            self._choose_kind(self._kinds.index(found.kind))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the card closes it."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_layer()

    # ---- its room ----
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(31, 41, 51, 130))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_card()

    def _fit(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.setGeometry(window.rect())
            self._place_card()

    def follow(self) -> None:
        """Cover the window again after it changed its size."""
        if self.isVisible():
            self._fit()

    def _place_card(self) -> None:
        wide = min(WIDTH, self.width() - 2 * EDGE)
        high = min(HEIGHT, self.height() - 2 * EDGE)
        self.card.setGeometry((self.width() - wide) // 2, max(EDGE, (self.height() - high) // 3), wide, high)
        appear(self._hint, wide >= WIDTH)
        appear(self._side, self.current() is not None and wide >= PREVIEW_FROM)


def _deed_line(deed: Deed, marked: tuple[str, ...]) -> Line:
    icon = "plus" if deed.where else "arrow-right"
    return Line(icon=icon, title=deed.title, detail=deed.detail, place="", what=deed, words=marked)
