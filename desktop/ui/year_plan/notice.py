"""会议通知: what the notice of a planned meeting says, to print, to paste into a message group, and noted as sent."""

from dataclasses import replace
from datetime import date

from PySide6.QtGui import QGuiApplication

from desktop.models.vocabulary.access import Act
from desktop.services.errors import Input
from desktop.services.year_plan.notice import Notice
from desktop.services.year_plan.service import YearPlanService
from desktop.ui.form_dialog import FormDialog
from desktop.ui.output import print_document
from desktop.ui.page import Page
from desktop.ui.widgets import button, row, text
from desktop.ui.widgets.fields import Field, FieldSet, edit, memo
from desktop.ui.year_plan.dialogs import tell

NAME, WHEN, PLACE = Input("name", "会议名称"), Input("when", "时间"), Input("place", "地点")
ATTENDEES, OBSERVERS = Input("attendees", "参加人员"), Input("observers", "列席")
AGENDA, MATERIALS, LEAVE = Input("agenda", "议题"), Input("materials", "需准备的材料"), Input("leave", "请假办法")
PUBLISHER = Input("publisher", "发布人")
SHORT = (NAME, WHEN, PLACE, ATTENDEES, OBSERVERS, PUBLISHER)
LONG = (AGENDA, MATERIALS, LEAVE)


class NoticeDialog(FormDialog):
    """One notice: every part may be changed before it goes out."""

    def __init__(self, page: Page, notice: Notice) -> None:
        self._plans, self._notice = page.desk.service(YearPlanService), notice
        self.fields = FieldSet(
            [(part.name, Field(part.label, edit(part.label, getattr(notice, part.name)))) for part in SHORT], columns=2
        )
        self.more = FieldSet(
            [(part.name, Field(part.label, memo(part.label, getattr(notice, part.name), lines=2))) for part in LONG]
        )
        self.copy_button = button("复制文字", self.copy, "", "copy")
        self.print_button = page.desk.offered(Act.EXPORT, button("打印通知", self.print_notice, "", "printer"))
        super().__init__(
            page,
            "会议通知",
            text(by_when(notice, page.desk.store.today), "sub", wrap=True),
            row(self.copy_button, self.print_button, ...),
            self.fields,
            self.more,
            fields=(self.fields, self.more),
            verb="记为已通知",
            needs="meetings",
            draft="plan_notice",
            about=notice.meeting_id,
            wide=True,
        )

    def notice(self) -> Notice:
        """Return the notice as it is typed."""
        return replace(self._notice, **self.fields.values(), **self.more.values())

    def copy(self) -> None:
        """Put the notice as text where it can be pasted from."""
        QGuiApplication.clipboard().setText(self.notice().text)
        self.page.desk.say("通知已复制，可以粘贴到工作群。")

    def print_notice(self) -> None:
        """Write the notice with the list of who received it."""
        notice = self.notice()
        print_document(self.page, f"{notice.name}通知", lambda papers, path: papers.notice(notice, path))

    def submit(self) -> None:
        """Note that the notice went out."""
        plans, page, meeting_id = self._plans, self.page, self._notice.meeting_id
        self.keep(lambda: plans.notify(meeting_id), then=lambda done: tell(page, done))


def by_when(notice: Notice, today: date) -> str:
    """Say until when the notice should go out."""
    day = f"{notice.told_by.month}月{notice.told_by.day}日"
    if notice.told_by < today:
        return f"一般应在{day}前通知，现在已经晚了，请逐人告知。"
    return f"一般应在{day}前通知。复制文字发到工作群，或打印后签收。"
