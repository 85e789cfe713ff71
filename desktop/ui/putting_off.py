"""暂缓: a thing to do put off from the first page until a day, with why; everybody sees it there all the same."""

from datetime import timedelta

from PySide6.QtWidgets import QWidget

from desktop.models.snoozes import Snooze
from desktop.services.home import PutOff
from desktop.services.reminders import reminders
from desktop.services.snoozing import SnoozeService
from desktop.services.works import Work
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import Elided, box, col, icon_button, link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Field, FieldSet, edit


class SnoozeDialog(FormDialog):
    """Until when, and why."""

    def __init__(self, page: Page, work: Work) -> None:
        self._work, self.service = work, page.desk.service(SnoozeService)
        until = page.desk.store.today + timedelta(days=reminders().put_off_days)
        self.fields = fields = FieldSet(
            (
                ("until", Field("暂缓到", DateEdit("暂缓到", until, required=True), required=True)),
                ("reason", Field("原因", edit("原因", hint="如：等上级批复"), required=True)),
            )
        )
        said = text(f"“{work.what}”到那天再列出来；期限不变，分数照算。", "sub", wrap=True)
        super().__init__(
            page,
            "暂缓",
            said,
            fields,
            fields=(fields,),
            verb="暂缓",
            needs=Snooze.__tablename__,
            draft="snooze",
            about=work.key[:36],
        )

    def submit(self) -> None:
        if not self.readable():
            return
        work, values = self._work, self.fields.values()
        self.keep(
            lambda: self.service.put_off(work.key, work.what, values["until"], values["reason"]),
            f"已暂缓到 {values['until']}，列在下面“暂缓的”里。",
        )


def snooze_button(page: Page, work: Work) -> QWidget:
    """Return the button that puts a thing off."""
    out = icon_button("clock", f"暂缓：{work.what}", lambda: SnoozeDialog(page, work).open())
    out.setToolTip("暂缓到某一天，写明原因")
    return out


def put_off_line(page: Page, each: PutOff) -> QWidget:
    """Show one thing that was put off, with the way back."""
    note, service = each.note, page.desk.service(SnoozeService)
    back: QWidget | None = None
    if not page.desk.store.rights.looks_only:
        back = link("不再暂缓", lambda: page.act(lambda: service.take_up(note.id), "已列回要办的事。"))
        back.setAccessibleName(f"不再暂缓：{each.work.what}")
    words = Elided(f"到 {note.until.isoformat()}　{note.reason}（{note.by}）", "small")
    return box(row((col(Elided(each.work.what, "sub"), words, gap=0), 1), back, gap=12, pad=(0, 2, 0, 2)))
