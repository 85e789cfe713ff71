"""修改记录: what happened to one record, as a column of a form page."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from desktop.services.errors import OF_A_BRANCH
from desktop.services.history import ChangeRow, FieldChange
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import EmptyState, box, card, clear, col, fixed, row, rule, scroll, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.layout import add

DIALOG_HEIGHT = 360


class HistoryPanel(QWidget):
    """Lists the changes that `read` returns; `load` asks for them again."""

    def __init__(self, page: Page, read: Callable[[], list[ChangeRow]]) -> None:
        super().__init__()
        self._page, self._read = page, read
        self._list = col(gap=10)
        self.setLayout(col(card("修改记录", scroll(box(self._list))), pad=0))

    def load(self) -> None:
        """Read the history on the worker and show it."""
        self._page.read(self._read, self._show)

    def _show(self, changes: list[ChangeRow]) -> None:
        clear(self._list)
        look = self._page.desk.store.look
        if look is not None and look.why == OF_A_BRANCH:
            add(self._list, EmptyState("history", "修改记录留在支部。", "它不随报送包上报，要看请到支部。"))
        elif not changes:
            add(self._list, EmptyState("history", "还没有修改记录。", "保存以后，每次改动都会记在这里。"))
        for number, change in enumerate(changes):
            if number:
                add(self._list, rule())
            add(self._list, _entry(change))
        add(self._list, ...)


class HistoryPage(Page):
    """What happened to a record and to all that belongs to it, as a page of its own."""

    looks = True

    def __init__(self, desk: Desk, title: str, read: Callable[[], list[ChangeRow]]) -> None:
        super().__init__(desk)
        self.title = f"{title}的修改记录"
        self.panel = HistoryPanel(self, read)
        self.setLayout(col(self.panel, pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        """Read the history again."""
        self.panel.load()


class HistoryDialog(Dialog):
    """What was done to a record that has no page of its own, or none to change it on."""

    def __init__(self, page: Page, title: str, read: Callable[[], list[ChangeRow]]) -> None:
        self.panel = HistoryPanel(page, read)
        super().__init__(page, title, fixed(self.panel, height=DIALOG_HEIGHT), verb="关闭", cancel="", wide=True)
        self.panel.load()


def _entry(change: ChangeRow) -> QWidget:
    when = text(f"{change.at:%Y-%m-%d %H:%M}  {change.actor}", "small")
    head = row((text(change.sentence, "strong", wrap=True), 1), when)
    lines = [text(_line(field), "sub", wrap=True) for field in change.fields]
    return box(col(head, *lines, gap=2))


def _line(field: FieldChange) -> str:
    return f"{field.label}：{field.before} → {field.after or '空'}" if field.before else f"{field.label}：{field.after}"


def put_into_words(changes: list[ChangeRow], words: Mapping[str, Callable[[str], str]]) -> list[ChangeRow]:
    """Return `changes` with the stored values of the fields in `words` (by label) said as people say them."""

    def worded(field: FieldChange) -> FieldChange:
        tell = words.get(field.label)
        if tell is None:
            return field
        before, after = (tell(value) if value else "" for value in (field.before, field.after))
        return FieldChange(field.label, before, after)

    return [replace(change, fields=tuple(worded(field) for field in change.fields)) for change in changes]
