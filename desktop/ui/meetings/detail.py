"""One meeting in the pane: who came, what was decided, what is still to do, and what may be done with the record."""

from collections.abc import Callable
from datetime import date

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import AttendanceState
from desktop.services.meetings import (
    RECORD_KIND,
    ActionRow,
    AttendanceRow,
    MeetingDetail,
    MeetingRow,
    MeetingService,
    VoteRow,
)
from desktop.services.meetings.rows import NO_REASON
from desktop.ui.attachments import AttachmentsDialog
from desktop.ui.form_dialog import FormDialog
from desktop.ui.meetings.loading import this_meeting
from desktop.ui.output import print_document
from desktop.ui.page import Page
from desktop.ui.widgets import Chip, Item, banner, box, button, col, link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.fields import Field, FieldSet, edit, memo
from desktop.ui.widgets.pane import DetailPane, fact, heading

STATE_TONES = {"minuted": "wait", "confirmed": "good", "archived": "good", "cancelled": "none"}


def show_meeting(page: Page, pane: DetailPane, detail: MeetingDetail, service: MeetingService) -> None:
    """Show one meeting in `pane`."""
    meeting, draft = detail.row, detail.draft
    state, tone = meeting.state.label, STATE_TONES.get(meeting.state.value, "run")
    pane.show_head(meeting.topic or meeting.kind.label, meeting.held_on.isoformat(), state, tone)
    when = " – ".join(filter(None, (meeting.started_at, meeting.ended_at)))
    body: list[Item] = []
    if meeting.late:
        body.append(
            banner("part", "clock", f"补录：{meeting.created_on.isoformat()} 才录入", "档案里会注明，抽查时先看。")
        )
    if meeting.state.counts and not meeting.quorate:
        words = f"应到 {meeting.due}，实到 {meeting.present}，不足法定人数。照实存档，但不算召开，不计次数。"
        body.append(banner("bad", "alert-circle", "这次会议无效", words))
    body += [
        fact("类型", meeting.kind.label + (f"，{meeting.group}" if meeting.group else "")),
        fact("时间地点", "，".join(filter(None, (when, meeting.place)))),
        fact("主持人", meeting.chair),
        fact("记录人", meeting.recorder),
    ]
    if detail.speakers:
        body.append(fact("主讲人", "、".join(detail.speakers)))
    if meeting.for_year != meeting.held_on.year:
        body.append(fact("计入", f"{meeting.for_year} 年度"))
    if detail.tag_names:
        body.append(fact("标签", "、".join(detail.tag_names)))
    body += _attendance(page, detail, service)
    if draft.agenda:
        body.append(heading("议程和决议"))
        for number, item in enumerate(draft.agenda, start=1):
            resolved = [text(f"决议：{item.resolution}", "small", wrap=True)] if item.resolution else []
            body.append(box(col(text(f"{number}. {item.title or item.content[:30]}", wrap=True), *resolved, gap=1)))
    body += [vote_lines(vote) for vote in detail.votes]
    if detail.actions:
        body.append(heading("会后任务"))
        body += [_action(page, meeting, action, service) for action in detail.actions]
    if detail.cancel_reason:
        body.append(text(f"取消原因：{detail.cancel_reason}", "sub", wrap=True))
    if draft.follow_up or meeting.state.counts:
        verb = page.desk.offered(
            this_meeting(meeting),
            link("补写" if not draft.follow_up else "改写", lambda: FollowUpDialog(page, detail, service).open()),
        )
        verb.setAccessibleName("补写后续成果")
        body.append(heading("后续成果", verb))
        body.append(text(draft.follow_up or "还没有写会后办成了什么。", "sub", wrap=True))
    if detail.corrections:
        body.append(heading("更正"))
        for each in detail.corrections:
            body.append(text(f"{each.on.isoformat()}　{each.text}（{each.reason}）", "sub", wrap=True))
    pane.show_body(*body)
    _foot(page, pane, detail, service)


def _attendance(page: Page, detail: MeetingDetail, service: MeetingService) -> list[Item]:
    meeting = detail.row
    counts = f"应到 {meeting.due}，实到 {meeting.present}"
    if detail.voters_due:
        counts += f"；有表决权 {detail.voters_present} / {detail.voters_due}"
    out: list[Item] = [heading("到会"), text(counts, wrap=True)]
    for person in detail.attendance:
        if person.state is AttendanceState.PRESENT:
            continue
        words = f"{person.name}（{person.reason or NO_REASON}）"
        if person.make_up_on:
            out.append(text(f"{words}，{person.make_up_on.isoformat()} 已补课", "sub", wrap=True))
            continue
        verb = page.desk.offered(this_meeting(meeting), link("补课", _make_up(page, detail, person, service)))
        verb.setAccessibleName(f"登记{person.name}补课")
        out.append(row(text(words, "sub"), ..., verb, gap=8))
    return out


def _make_up(page: Page, detail: MeetingDetail, person: AttendanceRow, service: MeetingService) -> Callable[[], None]:
    return lambda: MakeUpDialog(page, detail, person.member_id, person.name, service).open()


def vote_lines(vote: VoteRow) -> Item:
    """Show one vote: its numbers and what they mean."""
    verdict = vote.verdict
    if not verdict.consistent:
        chip = Chip("票数矛盾", "bad")
    elif verdict.passed is None:
        chip = Chip("票数不全", "part")
    else:
        chip = Chip("通过" if verdict.passed else "未通过", "good" if verdict.passed else "none")
    counts = "，".join(
        f"{name} {value}"
        for name, value in (
            ("赞成", vote.yes),
            ("反对", vote.no),
            ("弃权", vote.abstain),
            ("书面意见", vote.written),
            ("书面赞成", vote.written_yes),
        )
        if value is not None
    )
    lines: list[Item] = [row((text(vote.subject or vote.kind_name, wrap=True), 1), chip, gap=8)]
    lines.append(text("；".join(filter(None, (counts, verdict.explanation))), "small", wrap=True))
    if vote.matches is False:
        lines.append(text("记录的结果与票数不一致，请核对。", "small", "bad", wrap=True))
    return box(col(*lines, gap=1, pad=(10, 8, 10, 8)), "soft")


def _action(page: Page, meeting: MeetingRow, action: ActionRow, service: MeetingService) -> Item:
    due = f"{action.due_on.month} 月 {action.due_on.day} 日前" if action.due_on else "没有定时限"
    if action.done_on:
        state, tone = f"{action.done_on.isoformat()} 办结", "good"
    else:
        state, tone = ("逾期" if action.overdue else due), "bad" if action.overdue else ""
    words = text(f"{action.owner or '未定责任人'}　{state}", "small", tone, wrap=True)
    verb = page.desk.offered(
        this_meeting(meeting),
        link("改" if action.done_on else "办结", lambda: FinishDialog(page, action, service).open()),
    )
    verb.setAccessibleName(f"办结：{action.what}")
    return box(row((col(text(action.what, wrap=True), words, gap=1), 1), verb, gap=8))


def _foot(page: Page, pane: DetailPane, detail: MeetingDetail, service: MeetingService) -> None:
    from desktop.ui.meetings.form import MeetingForm

    meeting, whose = detail.row, this_meeting(detail.row)
    print_button = page.desk.offered(Act.EXPORT, button("打印", lambda: save_minutes(page, detail), "", "printer"))
    if meeting.state.final:
        pane.show_foot(
            page.desk.offered(
                whose, button("更正", lambda: CorrectionDialog(page, detail, service).open(), "", "pencil")
            ),
            button("附件", lambda: add_files(page, detail), "", "paperclip"),
            ...,
            print_button,
        )
        return
    change = page.desk.offered(
        whose,
        button("修改", lambda: page.desk.push(MeetingForm(page.desk, meeting.kind, meeting.id)), "", "pencil"),
    )
    remove = page.desk.offered(whose, button("删除", lambda: remove_meeting(page, detail, service), "", "trash"))
    confirmed = page.desk.offered(Act.CONFIRM, button("确认", lambda: ask_confirm(page, detail, service), "", "check"))
    if meeting.state.counts:
        pane.show_foot(confirmed, change, ..., print_button, remove)
    else:
        pane.show_foot(
            change,
            ...,
            page.desk.offered(Act.EXPORT, button("签到表", lambda: save_sign_in(page, detail), "", "printer")),
            remove,
        )


def add_files(page: Page, detail: MeetingDetail) -> None:
    """Show the files of minutes that are confirmed: more are added, none is taken away."""
    meeting = detail.row
    title = f"{meeting.held_on.isoformat()}{meeting.kind.label}的附件"
    AttachmentsDialog(page, title, RECORD_KIND, meeting.id, append_only=True, needs=this_meeting(meeting)).open()


def save_minutes(page: Page, detail: MeetingDetail) -> None:
    """Write the minutes as PDF where the user says."""
    meeting = detail.row
    name = f"{meeting.held_on.isoformat()}{meeting.kind.label}记录"
    print_document(page, name, lambda documents, path: documents.minutes(meeting.id, path))


def save_sign_in(page: Page, detail: MeetingDetail) -> None:
    """Write the table to be signed in the room as PDF where the user says."""
    meeting = detail.row
    name = f"{meeting.held_on.isoformat()}{meeting.kind.label}签到表"
    print_document(page, name, lambda documents, path: documents.sign_in(meeting.id, path))


def ask_confirm(page: Page, detail: MeetingDetail, service: MeetingService) -> None:
    """Confirm the minutes once the user is sure: from then on only corrections are appended."""
    words = "确认以后记录不能再改，只能追加更正。请先由主持人、记录人核对。"

    def go() -> None:
        page.act(lambda: service.confirm(detail.row.id), "会议记录已确认。")

    confirm(page, f"确认“{detail.row.topic or detail.row.kind.label}”的记录？", words, "确认记录", go)


def remove_meeting(page: Page, detail: MeetingDetail, service: MeetingService) -> None:
    """Put the meeting into the recycle bin, with the way back."""

    def back() -> None:
        page.act(lambda: service.restore(detail.row.id))

    page.act(lambda: service.remove(detail.row.id), "已删除 1 次会议记录", undo=back)


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
    """补课: when an absent member made up for the meeting."""

    def __init__(self, page: Page, detail: MeetingDetail, member_id: str, name: str, service: MeetingService) -> None:
        self.service, self._id, self._member = service, detail.row.id, member_id
        self.fields = fields = FieldSet(
            (("on", Field("补课日期", DateEdit("补课日期", page.desk.store.today, required=True), required=True)),)
        )
        draft = f"make_up.{detail.row.id[-12:]}"
        super().__init__(
            page, f"{name}补课", fields, fields=(fields,), verb="登记", needs="meetings", draft=draft, about=member_id
        )

    def submit(self) -> None:
        if not self.readable():
            return
        on = self.fields.values()["on"]
        self.keep(lambda: self.service.made_up(self._id, self._member, on), "已登记补课。")
