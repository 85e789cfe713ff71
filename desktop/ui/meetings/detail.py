"""One meeting in the pane: who came, what was decided, what is still to do, and what may be done with the record."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import AttendanceState, MeetingState
from desktop.services.meetings import RECORD_KIND, ActionRow, MeetingDetail, MeetingRow, MeetingService, VoteRow
from desktop.services.meetings.others import write_observers
from desktop.services.meetings.rows import NO_REASON
from desktop.services.meetings.similarity import Alike
from desktop.ui.attachments import AttachmentsDialog
from desktop.ui.correcting import correction_link
from desktop.ui.history import HistoryDialog
from desktop.ui.meetings.alike import alike_banner
from desktop.ui.meetings.dialogs import CorrectionDialog, FinishDialog, FollowUpDialog, MakeUpDialog
from desktop.ui.meetings.history import meeting_history
from desktop.ui.meetings.loading import this_meeting
from desktop.ui.output import print_document
from desktop.ui.page import Page
from desktop.ui.several import RowVerb
from desktop.ui.widgets import Chip, Item, banner, box, button, col, link, offer_below, row, text
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.pane import DetailPane, fact, heading

STATE_TONES = {"minuted": "wait", "confirmed": "good", "archived": "good", "cancelled": "none"}


def show_meeting(
    page: Page, pane: DetailPane, detail: MeetingDetail, service: MeetingService, similar: Sequence[Alike] = ()
) -> None:
    """Show one meeting in `pane`, with the minutes that say nearly the same."""
    meeting, draft = detail.row, detail.draft
    state, tone = meeting.state.label, STATE_TONES.get(meeting.state.value, "run")
    pane.show_head(_name(meeting), meeting.held_on.isoformat(), state, tone)
    when = " – ".join(filter(None, (meeting.started_at, meeting.ended_at)))
    body: list[Item] = []
    if similar:
        body.append(alike_banner(similar))
    if detail.doubts:
        body.append(banner("part", "alert-triangle", "确认以前请核对", _doubts(detail)))
    if meeting.late:
        told = f"补录：{meeting.created_on.isoformat()} 才录入"
        body.append(banner("part", "clock", told, "档案里会注明，抽查时先看。"))
    if meeting.before_records:
        told = f"启用本系统以前的会议，{meeting.created_on.isoformat()} 录入"
        body.append(banner("wait", "clock", told, "档案里会注明，不算补录。"))
    if meeting.state.counts and not meeting.quorate:
        words = f"应到 {meeting.due}，实到 {meeting.present}，不足法定人数。照实存档，但不算召开，不计次数。"
        body.append(banner("bad", "alert-circle", "这次会议无效", words))
    body += [
        fact("类型", meeting.kind.label + (f"，{meeting.group}" if meeting.group else "")),
        fact("时间地点", "，".join(filter(None, (when, meeting.place)))),
        fact("主持人", meeting.chair),
        fact("记录人", meeting.recorder),
    ]
    if draft.planned_on and draft.planned_on != meeting.held_on:
        body.append(fact("原计划", " ".join(filter(None, (draft.planned_on.isoformat(), draft.planned_at)))))
    if draft.asked:
        body.append(fact("现场评价", f"{draft.satisfied}/{draft.asked} 满意"))
    if detail.joint_with:
        body.append(fact("合并召开", f"与{detail.joint_with}一次召开"))
    if detail.speakers:
        body.append(fact("主讲人", "、".join(detail.speakers)))
    if meeting.for_year != meeting.held_on.year:
        body.append(fact("计入", f"{meeting.for_year} 年度"))
    if detail.tag_names:
        body.append(fact("标签", "、".join(detail.tag_names)))
    body += _attendance(page, detail, service)
    body += _agenda(detail)
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


def _name(meeting: MeetingRow) -> str:
    return meeting.topic or meeting.kind.label


def _doubts(detail: MeetingDetail) -> str:
    return f"{'；'.join(detail.doubts)}。"


def _attendance(page: Page, detail: MeetingDetail, service: MeetingService) -> list[Item]:
    meeting = detail.row
    if not meeting.state.counts and not meeting.due:
        return [heading("到会"), text("还没有记录，到会的人记录时登记。", "sub", wrap=True)]
    counts = f"应到 {meeting.due}，实到 {meeting.present}"
    if detail.voters_due:
        counts += f"；有表决权 {detail.voters_present} / {detail.voters_due}"
    away = [person for person in detail.attendance if person.state is not AttendanceState.PRESENT]
    left = [person for person in away if person.make_up_on is None]
    verbs: list[QWidget] = []
    if away:
        make_up = link("登记补课" if left else "改补课", lambda: open_make_up(page, detail, service))
        verbs.append(page.desk.offered(this_meeting(meeting), make_up))
    out: list[Item] = [heading("到会", *verbs), text(counts, wrap=True)]
    for person in away:
        words = f"{person.name}（{person.reason or NO_REASON}）"
        if person.make_up_on:
            how = f"{person.make_up_way.label if person.make_up_way else '已补课'}"
            by = f"，{person.make_up_by}" if person.make_up_by else ""
            words += f"，{person.make_up_on.isoformat()} {how}{by}"
        out.append(text(words, "sub", wrap=True))
    if leaders := [person.name for person in detail.attendance if person.double_life]:
        out.append(fact("双重组织生活", "、".join(leaders)))
    if detail.draft.observers:
        out.append(fact("列席", write_observers(detail.draft.observers)))
    return out


def open_make_up(page: Page, detail: MeetingDetail, service: MeetingService) -> None:
    """Ask how the absent made up: those who have not yet are ticked."""
    away = [person for person in detail.attendance if person.state is not AttendanceState.PRESENT]
    left = [person.member_id for person in away if person.make_up_on is None]
    MakeUpDialog(page, detail, [(person.member_id, person.name) for person in away], left, service).open()


def _agenda(detail: MeetingDetail) -> list[Item]:
    """Show the items, each with its kind and what was resolved."""
    tags = dict(zip(detail.row.tags, detail.tag_names, strict=False))
    out: list[Item] = [heading("议程和决议")] if detail.draft.agenda else []
    for number, item in enumerate(detail.draft.agenda, start=1):
        kind = f"{tags.get(item.tag, item.tag)}：" if item.tag else ""
        words = f"{number}. {kind}{item.title or item.content[:30]}"
        said = [("学习", item.source), ("措施", item.measures), ("决议", item.resolution)]
        under = [text(f"{name}：{told}", "small", wrap=True) for name, told in said if told]
        out.append(box(col(text(words, wrap=True), *under, gap=1)))
    return out


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
    print_button = _print_button(page, detail)
    history = button("历史", lambda: show_history(page, detail), "", "history")
    history.setToolTip("谁在什么时候改了什么，改前改后")
    asks = correction_link(page.desk, meeting.id, f"{meeting.held_on.isoformat()}{_name(meeting)}")
    if meeting.state.final:
        pane.show_foot(
            page.desk.offered(
                whose, button("更正", lambda: CorrectionDialog(page, detail, service).open(), "", "pencil")
            ),
            button("附件", lambda: add_files(page, detail.row), "", "paperclip"),
            history,
            ...,
            asks,
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
        pane.show_foot(confirmed, change, ..., asks, print_button, remove)
    else:
        pane.show_foot(
            change,
            ...,
            page.desk.offered(Act.EXPORT, print_button),
            remove,
        )


def _print_button(page: Page, detail: MeetingDetail) -> QPushButton:
    """Return the button that offers the papers of a meeting."""
    meeting = detail.row
    if not meeting.state.counts:
        return button("签到表", lambda: save_sign_in(page, detail), "", "printer")
    out = button("打印", None, "", "printer")
    menu = QMenu(out)
    for words, save in (
        ("会议记录（PDF，打印用）", lambda: save_minutes(page, detail)),
        ("会议记录（Word，可改）", lambda: save_minutes(page, detail, word=True)),
        ("签到表", lambda: save_sign_in(page, detail)),
    ):
        menu.addAction(words).triggered.connect(lambda _checked=False, save=save: save())
    if any(person.make_up_on for person in detail.attendance):
        menu.addAction("补课记录").triggered.connect(lambda _checked=False: save_make_ups(page, detail))
    out.clicked.connect(lambda _checked=False: offer_below(out, menu))
    return page.desk.offered(Act.EXPORT, out)


def show_history(page: Page, detail: MeetingDetail) -> None:
    """Show what was done to the record of a meeting."""
    meeting = detail.row
    title = f"{meeting.held_on.isoformat()}{meeting.kind.label}的修改记录"
    HistoryDialog(page, title, lambda: meeting_history(page.desk, meeting.id)).open()


def add_files(page: Page, meeting: MeetingRow, paths: Sequence[Path] = ()) -> None:
    """Show the files of a meeting, `paths` brought here added; from confirmed minutes none is taken away."""
    title = f"{meeting.held_on.isoformat()}{meeting.kind.label}的附件"
    needs, final = this_meeting(meeting), meeting.state.final
    dialog = AttachmentsDialog(page, title, RECORD_KIND, meeting.id, append_only=final, needs=needs)
    dialog.open()
    if paths:
        dialog.panel.attach(paths)


def save_minutes(page: Page, detail: MeetingDetail, *, word: bool = False) -> None:
    """Write the minutes as PDF, or as a document of Word, where the user says."""
    meeting = detail.row
    name = f"{meeting.held_on.isoformat()}{meeting.kind.label}记录"
    print_document(page, name, lambda documents, path: documents.minutes(meeting.id, path), word=word)


def save_make_ups(page: Page, detail: MeetingDetail) -> None:
    """Write who made up for the meeting and how, to be signed."""
    meeting = detail.row
    name = f"{meeting.held_on.isoformat()}{meeting.kind.label}补课记录"
    print_document(page, name, lambda documents, path: documents.make_ups(meeting.id, path))


def save_sign_in(page: Page, detail: MeetingDetail) -> None:
    """Write the table to be signed in the room as PDF where the user says."""
    meeting = detail.row
    name = f"{meeting.held_on.isoformat()}{meeting.kind.label}签到表"
    print_document(page, name, lambda documents, path: documents.sign_in(meeting.id, path))


FINAL = "确认以后记录不能再改，只能追加更正。请先由主持人、记录人核对。"


def several_verbs(service: MeetingService) -> tuple[RowVerb[MeetingRow], ...]:
    """Return what may be done with several meetings at once."""

    def doubts(meetings: Sequence[MeetingRow]) -> list[str]:
        details = [service.detail(meeting.id) for meeting in meetings]
        return [f"{each.row.held_on.isoformat()} {_name(each.row)}：{_doubts(each)}" for each in details if each.doubts]

    return (
        RowVerb(
            words="确认",
            counted="次",
            kind="会议记录",
            needs=lambda _meeting: Act.CONFIRM,
            work=lambda meeting: service.confirm(meeting.id),
            fits=lambda meeting: meeting.state is MeetingState.MINUTED,
            asks=FINAL,
            doubts=doubts,
            icon="check",
        ),
        RowVerb(
            words="删除",
            counted="次",
            kind="会议记录",
            needs=this_meeting,
            work=lambda meeting: service.remove(meeting.id),
            back=lambda meeting: service.restore(meeting.id),
            fits=lambda meeting: not meeting.state.final,
            icon="trash",
        ),
    )


def ask_confirm(page: Page, detail: MeetingDetail, service: MeetingService) -> None:
    """Confirm the minutes once the user is sure: from then on only corrections are appended."""

    def go() -> None:
        page.act(lambda: service.confirm(detail.row.id), "会议记录已确认。")

    words = f"{_doubts(detail)}{FINAL}" if detail.doubts else FINAL
    confirm(page, f"确认“{_name(detail.row)}”的记录？", words, "确认记录", go)


def remove_meeting(page: Page, detail: MeetingDetail, service: MeetingService) -> None:
    """Put the meeting into the recycle bin, with the way back."""

    def back() -> None:
        page.act(lambda: service.restore(detail.row.id))

    page.act(lambda: service.remove(detail.row.id), "已删除 1 次会议记录", undo=back)
