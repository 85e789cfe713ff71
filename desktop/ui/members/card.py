"""One member: the year on one page, what is on file, the career, papers, who changed what."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.member_year.career import CareerService
from desktop.services.member_year.rows import MemberYear
from desktop.services.member_year.service import MemberYearService
from desktop.services.members.portraits import PortraitService
from desktop.services.standards.verdict import Where
from desktop.ui.members.career import CareerPanel
from desktop.ui.members.form import MemberForm
from desktop.ui.members.year import YearPanel
from desktop.ui.output import print_document
from desktop.ui.page import Desk
from desktop.ui.places import open_where, verb_at
from desktop.ui.widgets import appear, button, icon_button, scroll, text
from desktop.ui.widgets.keys import shortcut

YEAR, FACTS, CAREER, FILES, HISTORY = range(5)


class MemberCard(MemberForm):
    """A member opened. `order` are the members of the list one came from: PgUp and PgDn go through them."""

    pad = (24, 14, 24, 16)

    def __init__(self, desk: Desk, member_id: str, order: Sequence[str] = (), tab: int = YEAR) -> None:
        super().__init__(desk, member_id)
        self.title = "党员"
        self.tab = tab
        self._order = list(order) if member_id in order else [member_id]
        self._place = self._order.index(member_id)
        self.found: MemberYear | None = None
        self.panel = YearPanel(desk)
        self.career = CareerPanel(desk, member_id)
        self._stack.insertWidget(YEAR, scroll(self.panel))
        self._stack.insertWidget(CAREER, scroll(self.career))
        self._stack.setCurrentIndex(tab)
        self.layout().setContentsMargins(0, 0, 0, 0)
        for part in (self.attachments, self.history):
            part.setContentsMargins(*self.pad)
        self.before = icon_button("chevron-left", "上一名（PgUp）", lambda: self.turn(-1))
        self.after = icon_button("chevron-right", "下一名（PgDn）", lambda: self.turn(1))
        self.count = text(f"{self._place + 1} / {len(self._order)}", "sub")
        talk = Where("registers", "talk", {"talkee_id": member_id})
        self.talk_button = desk.offered("talk", button("登记谈话", lambda: open_where(desk, talk), "", "message"))
        self._may_talk = bool(verb_at(desk, talk, "登记"))
        self.print_button = desk.offered(Act.EXPORT, button("打印这一页", self.print_year, "primary", "printer"))
        self.page_keys = [self._key(Qt.Key.Key_PageUp, -1), self._key(Qt.Key.Key_PageDown, 1)]
        self._fit_actions()

    def tabs(self) -> Sequence[str]:
        """The year, what is on file, the career, papers, who changed what."""
        files = f"附件 {len(self.found.files)}" if self.found is not None and self.found.files else "附件"
        return ("本年一页", "基本信息", "履历", files, "修改记录")

    def subtitle(self) -> str:
        """Category, posts, group."""
        if self.found is None:
            return ""
        member = self.found.member
        parts = (member.state_text, member.posts_text.replace("、", "，"), member.group, self._standing())
        return "，".join(filter(None, parts))

    def _standing(self) -> str:
        """Return for how many years the person has been a full member (党龄), on the day that is shown."""
        years = self.found.member.standing_years(self.found.on) if self.found is not None else None
        return f"党龄 {years} 年" if years is not None else ""

    def bar_actions(self) -> Sequence[QWidget]:
        """Members before and after, a talk, and the one primary action of the tab."""
        return (self.before, self.count, self.after, self.talk_button, self.print_button, self.save_button)

    def show_tab(self, index: int) -> None:
        """Show one of the tabs, read when it is first shown."""
        self.tab = index
        self._stack.setCurrentIndex(index)
        self._fit_actions()
        self._read_tab()

    def reload(self) -> None:
        """Read the year, and the tab in view."""
        service, member_id, year = self.desk.service(MemberYearService), self._member_id, self.desk.year
        portraits = self.desk.service(PortraitService)
        self.read(
            lambda: (service.year(member_id, year), portraits.portrait(member_id)), lambda got: self._show_year(*got)
        )
        if self.tab != YEAR:
            self._read_tab()

    def turn(self, by: int) -> None:
        """Go to the member before or after this one, in the order of the list."""
        place = self._place + by
        if 0 <= place < len(self._order) and self.may_leave():
            desk, order, tab = self.desk, self._order, self.tab
            desk.back()
            desk.push(MemberCard(desk, order[place], order, tab))

    def print_year(self) -> None:
        """Write the year as one page to sign."""
        member_id, year = self._member_id, self.desk.year
        name = self.found.member.name if self.found is not None else "党员"
        title = f"{name}{year}年度情况"
        print_document(self, title, lambda documents, path: documents.member_year(member_id, year, path))

    def _key(self, key: Qt.Key, by: int) -> QShortcut:
        made = shortcut(self, key, "名册里的上一人" if by < 0 else "名册里的下一人", lambda: self.turn(by))
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return made

    def _read_tab(self) -> None:
        if self.tab == FACTS:
            super().reload()
        elif self.tab == CAREER:
            careers, member_id = self.desk.service(CareerService), self._member_id
            self.read(lambda: careers.career(member_id), self.career.show_career)
        elif self.tab == FILES:
            self.attachments.load()
        elif self.tab == HISTORY:
            self.history.load()

    def _show_year(self, found: MemberYear, portrait: bytes | None) -> None:
        self.found = found
        self.title = found.member.name
        self.panel.show_year(found, portrait)
        if self.tab == YEAR and self.isVisible():
            self.panel.attendance.setFocus()  # PgUp and PgDn are for this page from now on
        self._fit_actions()
        self.head_changed.emit()

    def _fit_actions(self) -> None:
        on_year = self.tab == YEAR
        several = len(self._order) > 1
        for part in (self.before, self.count, self.after):
            appear(part, on_year and several)
        self.before.setEnabled(self._place > 0)
        self.after.setEnabled(self._place + 1 < len(self._order))
        gone = self.found is not None and self.found.left is not None
        appear(self.talk_button, on_year and self._may_talk and not gone)
        appear(self.print_button, on_year)
        appear(self.save_button, self.tab == FACTS)
        for key in self.page_keys:
            key.setEnabled(on_year)
