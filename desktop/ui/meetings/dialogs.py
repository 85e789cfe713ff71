"""What is noted after a meeting: corrections, what came of it, tasks done, and how absent members made up."""

from collections.abc import Collection, Sequence
from datetime import date

from desktop.models.vocabulary.meetings import MakeUpWay
from desktop.services.meetings import ActionRow, MeetingDetail, MeetingService
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo
from desktop.ui.widgets.people import PeopleGrid


class CorrectionDialog(FormDialog):
    """更正: added to a confirmed record, never written over it."""

    def __init__(self, page: Page, detail: MeetingDetail, service: MeetingService) -> None:
        self.service, self._id = service, detail.row.id
        self.fields = fields = FieldSet(
            (
                ("text", Field("更正内容", memo("更正内容", hint="哪里不对，应当怎样"), required=True)),
                ("reason", Field("更正原因", edit("更正原因"), required=True)),
            )
        )
        about = self._id
        super().__init__(
            page,
            "更正会议记录",
            fields,
            fields=(fields,),
            verb="追加更正",
            needs="meetings",
            draft="correction",
            about=about,
        )

    def submit(self) -> None:
        if not self.readable():
            return
        values = self.fields.values()
        self.keep(lambda: self.service.correct(self._id, **values), "已追加更正。")


class FollowUpDialog(FormDialog):
    """What came of the meeting; no part of the minutes."""

    def __init__(self, page: Page, detail: MeetingDetail, service: MeetingService) -> None:
        self.service, self._id = service, detail.row.id
        words = memo("后续成果", detail.draft.follow_up, "会后办成了什么", lines=4)
        self.fields = FieldSet((("text", Field("后续成果", words)),))
        about = self._id
        super().__init__(
            page,
            "后续成果",
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs="meetings",
            draft="follow_up",
            about=about,
        )

    def submit(self) -> None:
        words = self.fields.values()["text"]
        self.keep(lambda: self.service.note_follow_up(self._id, words), "已保存。")


class FinishDialog(FormDialog):
    """办结: when a task was done, and with what result."""

    def __init__(self, page: Page, action: ActionRow, service: MeetingService) -> None:
        self.service, self._id = service, action.id
        today: date = page.desk.store.today
        self.fields = fields = FieldSet(
            (
                (
                    "done_on",
                    Field("完成日期", DateEdit("完成日期", action.done_on or today), note="空着就是还没完成。"),
                ),
                ("result", Field("结果", memo("结果", action.result, "办成什么样", lines=3))),
            )
        )
        super().__init__(
            page,
            action.what,
            fields,
            fields=(fields,),
            verb="保存",
            needs="meetings",
            draft="task_end",
            about=action.id,
        )

    def submit(self) -> None:
        if not self.readable():
            return
        values = self.fields.values()
        self.keep(lambda: self.service.finish_action(self._id, values["done_on"], values["result"]), "会后任务已更新。")


class MakeUpDialog(FormDialog):
    """补课: when and how absent members made up for the meeting, several in one step."""

    def __init__(
        self,
        page: Page,
        detail: MeetingDetail,
        people: Sequence[tuple[str, str]],
        ticked: Collection[str],
        service: MeetingService,
    ) -> None:
        self.service, self._id = service, detail.row.id
        self.grid = PeopleGrid("补课的人", ("没有补课", "补课"))
        self.grid.set_people(people, ticked)
        on = DateEdit("补课日期", page.desk.store.today, required=True)
        way = Choice("补课方式", [(None, "没有写"), *((way, way.label) for way in MakeUpWay)])
        by = edit("补课人", hint="谁上门、谁讲的")
        self.fields = fields = FieldSet(
            (
                ("on", Field("补课日期", on, required=True)),
                ("way", Field("方式", way)),
                ("content", Field("内容", memo("补课内容", hint="补学了什么", lines=2))),
                ("by", Field("补课人", by)),
            )
        )
        whom = Field("谁补课", self.grid, note="点一下选中；没选的不改。")
        self._who = FieldSet((("member_id", whom),))
        super().__init__(
            page,
            f"登记 {detail.row.held_on.month} 月 {detail.row.held_on.day} 日的补课",
            self._who,
            fields,
            fields=(fields, self._who),
            verb="登记",
            needs="meetings",
            draft="make_up",
            about=self._id,
        )

    def submit(self) -> None:
        if not self.readable():
            return
        values, who = self.fields.values(), self.grid.ticked()
        self.keep(
            lambda: self.service.made_up(self._id, who, values["on"], values["way"], values["content"], values["by"]),
            f"已登记 {len(who)} 人补课。",
        )
