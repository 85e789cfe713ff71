"""One meeting written down: form at the left, the minutes it becomes at the right, kept as a draft while typing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.messages import present
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import InvalidInput
from desktop.services.meetings import RECORD_KIND, MeetingDraft, MeetingDrafts, MeetingService
from desktop.services.meetings.drafts import differing, proposed_over, typed_over
from desktop.services.meetings.fields import ABSENCES, ACTIONS, VOTE_KIND
from desktop.services.meetings.similarity import Alike, similar_to
from desktop.services.meetings.speeches import IN_FORM, read_speeches
from desktop.ui.attachments import AttachmentsPanel
from desktop.ui.dialogs import show_error
from desktop.ui.drafting import DraftLine, SavedDraft
from desktop.ui.history import HistoryPanel
from desktop.ui.meetings.actions import ActionsBox
from desktop.ui.meetings.agenda import AgendaBox
from desktop.ui.meetings.alike import AlikeLine
from desktop.ui.meetings.attendance import AttendanceBox
from desktop.ui.meetings.basics import Basics
from desktop.ui.meetings.earlier import EarlierTasks
from desktop.ui.meetings.extras import Extras
from desktop.ui.meetings.history import meeting_history
from desktop.ui.meetings.loading import DEFAULT_VOTE, Around, Loaded, read_around, read_form, this_meeting
from desktop.ui.meetings.words import TypedWords
from desktop.ui.output import print_document
from desktop.ui.page import Desk, Page, RowOf
from desktop.ui.type_ahead import TypeAhead
from desktop.ui.widgets import appear, box, button, col, row, rule, scroll, text
from desktop.ui.widgets.fields import Field, count_faults, read, show_in_view
from desktop.ui.widgets.layout import Turning
from desktop.ui.widgets.looking import look_only
from desktop.ui.widgets.paper import Drawn, PaperPreview, draw_pages

DRAFT_MS, PREVIEW_MS = 1000, 500
PREVIEW_FROM = 1100
NOT_HELD = "会还没有开，没有到会情况。"


class MeetingForm(Page):
    """Records a new meeting of `kind`, or changes one that is not confirmed yet."""

    def __init__(
        self,
        desk: Desk,
        kind: MeetingKind = MeetingKind.BRANCH_CONGRESS,
        meeting_id: str = "",
        prefill: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(desk)
        self.service, self.drafts = desk.service(MeetingService), MeetingDrafts(desk.store)
        self._kind, self._meeting_id, self._prefill = kind, meeting_id, dict(prefill or {})
        self._rev: int | None = None
        self._built, self._filling, self._done = False, False, False
        self._ahead: TypeAhead | None = None
        self._kept_as = kind
        self._base = MeetingDraft(kind, desk.store.today)
        self._around: Around | None = None
        self._attached = 0
        self._undated = ""  # the period a gap speaks of, until somebody says the day
        self._filled: MeetingDraft | None = None
        self._span_filled = ""
        self._changed_before: tuple[str, ...] = ()
        self._proposed: tuple[str, ...] = ()
        self._doubted: list[str] = []
        self.basics, self.attendance = Basics(desk.store.today), AttendanceBox()
        self.agenda, self.actions_box, self.extras = AgendaBox(), ActionsBox(), Extras()
        self.earlier = EarlierTasks(self.agenda)
        self.saved, self.line, self.words = SavedDraft(), DraftLine(), TypedWords(self)
        self.alike = AlikeLine()
        self.line.given_up.connect(self.discard)
        self.words.reread.connect(self._reread)
        self.sign_in_button = self.desk.offered(Act.EXPORT, button("签到表", self.print_sign_in, "", "printer"))
        self.done_button = self.desk.offered(RECORD_KIND, button("完成记录", self.submit, "primary", "check"))
        self.preview = PaperPreview("记录预览")
        self._told = text("随左边的填写更新", "sub", wrap=True)
        self.attachments = AttachmentsPanel(self, RECORD_KIND, meeting_id, waiting=f"{RECORD_KIND}.{kind.value}")
        self.history = HistoryPanel(self, lambda: meeting_history(desk, meeting_id))
        self._draft_timer, self._preview_timer = self._timer(DRAFT_MS, self._keep), self._timer(PREVIEW_MS, self._draw)
        self.preview.widened.connect(self._preview_timer.start)
        self._slim = False
        self._arrange()
        count_faults(self.done_button, (*self.basics.fields.values(), *self.extras.fields.values()))
        self.basics.changed.connect(self._changed)
        self.basics.who_changes.connect(self._read_around)
        for part in (self.attendance, self.agenda, self.earlier, self.actions_box, self.extras):
            part.changed.connect(self._changed)
        self.attendance.changed.connect(lambda: self.agenda.set_voters(self.attendance.voters()))
        self._name()

    # ---- the page ----
    def tabs(self) -> Sequence[str]:
        files = f"附件 {self._attached}" if self._attached else "附件"
        return (self.first_tab, *(("预览",) if self._slim else ()), files, "修改记录")

    def show_tab(self, index: int) -> None:
        at = index if self._slim or index == 0 else index + 1
        self._stack.setCurrentIndex(at)
        if at == 2:
            self.attachments.load()
        elif at == 3:
            self.history.load()

    def bar_actions(self) -> Sequence[QWidget]:
        return (self.saved, self.sign_in_button, self.done_button)

    def may_leave(self) -> bool:
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self._keep()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        slim = self.window().width() < PREVIEW_FROM
        if slim != self._slim:
            self._slim = slim
            self._place_preview()
            self.head_changed.emit()

    def reload(self) -> None:
        if self._built:
            return
        self._built, self._ahead = True, TypeAhead(self)
        desk, kind, known, prefill = self.desk, self._kind, self._meeting_id, self._prefill
        self.read(lambda: read_form(desk, kind, known, prefill), self._fill)

    # ---- filling ----
    def _fill(self, loaded: Loaded) -> None:
        self._filling = True
        self._base, self._rev, self._undated = loaded.draft, loaded.rev, loaded.undated
        self._attached, self._proposed = loaded.attachments, loaded.proposed
        whose = this_meeting(loaded.draft)
        self.looks = loaded.final or (bool(self._meeting_id) and not self.desk.allows(whose))
        self._nobody_yet = self.looks and loaded.coming
        appear(self.done_button, not self.looks)
        self.attachments.offer(RECORD_KIND if not self._meeting_id else whose)
        self.basics.set_kinds([kind for kind in MeetingKind if self._may(kind=kind) or kind is loaded.draft.kind])
        mine = [group for group in loaded.groups if self._may(kind=MeetingKind.GROUP_MEETING, group_id=group.id)]
        self.basics.set_groups([(group.id, group.name) for group in (loaded.groups if self.looks else mine)])
        self.basics.show_draft(loaded.draft, self._undated)
        self.extras.show_draft(loaded.draft, {})
        appear(self.line, False)
        self._name()
        self._changed_before = ()
        if loaded.kept is not None:
            self._changed_before = loaded.kept.changed
            changed = loaded.kept.rev not in (None, loaded.rev)
            self._rev = loaded.kept.rev if changed else loaded.rev
            self.line.tell(loaded.kept.saved_at, changed=changed)
        self._read_around()
        self.head_changed.emit()

    def _read_around(self) -> None:
        kind, day, group = self.basics.kind.value(), self.basics.day.value(), self.basics.group.value()
        if day is not None:
            self._undated = self._undated if self._filling else ""
        elif self._undated:
            day = self._base.held_on  # who was on the roster then; the day itself stays open
        else:
            return
        desk = self.desk
        known = self._meeting_id
        self.read(lambda: read_around(desk, kind, day, group, known), self._show_around)

    def _show_around(self, around: Around) -> None:
        first = self._around is None
        self._around = around
        kind = self.basics.kind.value()
        self._kind = kind
        default = DEFAULT_VOTE.get(kind, "")
        fitting = [vote for vote in around.kinds if vote.held_in in ("", kind.value)] if default else []
        quorum = next((vote for vote in fitting if vote.id == default), None)
        why = "先选党小组，应到名单会自动列出。" if kind is MeetingKind.GROUP_MEETING else "这一天名册上没有应到的人。"
        people = [(person.id, person.name) for person in around.people]
        self.basics.set_people(people)
        self.actions_box.set_people(people)
        self.extras.set_around(around, people, self._meeting_id)
        self.agenda.set_item_kinds(around.item_kinds)
        self.earlier.set_tasks(around.earlier, self._base.reports if first else self.earlier.reports())
        self.attendance.set_leave_words(around.leave_words)
        expected, why = ((), NOT_HELD) if self._nobody_yet else (around.expected, why)
        self.attendance.set_expected(expected, quorum, why)
        self.agenda.set_rules(fitting, default)
        if first:
            self.basics.show_draft(self._base, self._undated)
            self.extras.show_draft(self._base, dict(people))
            self.attendance.set_absences(self._base.absences)
            self.agenda.set_voters(self.attendance.voters())
            self.agenda.set_agenda(self._base.agenda, self._base.votes)
            self.actions_box.set_actions(self._base.actions)
        self.agenda.set_voters(self.attendance.voters())
        self._filling = False
        self._name()
        self._preview_timer.start()
        if self.looks:  # each time: what is read anew is drawn anew
            look_only(self.written)
        if first:
            if self._undated:
                self.basics.day.setFocus()
            self._filled, self._span_filled = self.draft(), self.basics.span.text()
            if self._ahead is not None:
                self._ahead.release(() if self._meeting_id else (self.basics.place,))
                self._ahead = None
        else:
            self._changed()

    # ---- what is typed ----
    def draft(self) -> MeetingDraft:
        """Return the meeting as typed."""
        basics = self.basics
        span = basics.times()
        (chair, chair_name), (recorder, recorder_name) = basics.chair.person(), basics.recorder.person()
        speaker = basics.speaker.person()[0]
        speakers = (speaker, *self._base.speaker_ids[1:]) if speaker else ()
        return replace(
            self._base,
            kind=basics.kind.value(),
            held_on=basics.day.value() or self._base.held_on,
            started_at=span[0],
            ended_at=span[1],
            place=read(basics.place),
            group_id=basics.group.value() if basics.kind.value() is MeetingKind.GROUP_MEETING else None,
            for_year=basics.year.value(),
            chair_id=chair,
            chair_name=chair_name,
            recorder_id=recorder,
            recorder_name=recorder_name,
            speaker_ids=speakers if basics.kind.value() is MeetingKind.PARTY_LECTURE else self._base.speaker_ids,
            topic=read(basics.topic),
            agenda=self.agenda.agenda(),
            speeches=read_speeches(read(self.extras.speeches), division=IN_FORM),
            resolution=read(self.extras.resolution),
            plan=read(self.extras.plan),
            follow_up=read(self.extras.follow_up),
            tags=self.extras.tags.chosen(),
            **self.extras.others(),
            absences=self.attendance.absences(),
            votes=self.agenda.votes(),
            actions=self.actions_box.drafts(),
            reports=self.earlier.reports(),
        )

    def submit(self) -> None:
        """Keep the minutes; a refusal stays at its field."""
        parts = {**self.basics.fields, **self.extras.fields}
        for part in parts.values():
            part.refuse("")
        faults = self.basics.faults() + self.extras.faults()
        for name, reason in faults:
            parts[name].refuse(reason)
        if faults:
            _point_at(parts[faults[0][0]])
            return
        if self.actions_box.fault():
            self.saved.fail(self.actions_box.fault())
            show_in_view(self.actions_box)
            return
        doubted = self.agenda.contradictions(self.attendance.came())
        if doubted and self._doubted != [fault for _vote, fault in doubted]:
            self._doubted = [fault for _vote, fault in doubted]
            for vote, fault in doubted:
                vote.doubt(f"{fault}。请核对；先照这样存下，就再点一次“完成记录”，改正以前不能确认。")
            show_in_view(doubted[0][0])
            return
        self.may_leave()  # whatever becomes of it, the words are kept
        draft, store, known = self.draft(), self.desk.store, self._meeting_id
        self.read(lambda: similar_to(store, draft, known), self._compared, buttons=(self.done_button,), long=True)

    def _compared(self, found: Sequence[Alike]) -> None:
        """Point at minutes that say nearly the same, once; then keep what was typed."""
        if self.alike.news(found):
            show_in_view(self.alike)
            return
        draft, known, rev, changed = self.draft(), self._meeting_id or None, self._rev, self.changed()
        proposed = self._proposed
        doubted = self.agenda.contradictions(self.attendance.came())

        def work() -> str:
            whole = draft
            if known:
                record = proposed_over(self.service.detail(known).draft, draft, proposed)
                whole = typed_over(record, draft, changed)
            made = self.service.record(whole, known, rev)
            self.drafts.drop(draft.kind, known or "")
            return made

        next_step = "表决的数字前后矛盾，改正以后才能确认。" if doubted else "主持人、记录人核对后请“确认”。"
        said = f"会议记录已完成。{next_step}"
        self.act(
            work,
            said,
            then=self._recorded,
            drafts=(self.words,),
            again=self.submit,
            failed=self._refused,
            buttons=(self.done_button,),
        )

    def changed(self) -> tuple[str, ...]:
        """Return the fields of the draft that the user typed into."""
        if self._filled is None:
            return self._changed_before
        return tuple(dict.fromkeys((*self._changed_before, *differing(self._filled, self.draft()))))

    def take_over(self, rev: int | None) -> None:
        """Let what was typed go over revision `rev` of the meeting."""
        self._rev = rev

    def discard(self) -> None:
        """Give the draft up, for as long as nobody asks for it back."""
        draft, known, changed, rev = self.draft(), self._meeting_id, self.changed(), self._rev
        undated = self._undated
        self._draft_timer.stop()

        def back() -> None:
            self.read(lambda: self.drafts.save(draft, known, changed, rev, undated), lambda _at: self._reread())

        def dropped(_none: None) -> None:
            self.saved.hide()
            self._reread()
            self.desk.say("已放弃草稿。", back)

        self.read(lambda: self.drafts.drop(draft.kind, known), dropped)

    def print_sign_in(self) -> None:
        """Write the blank sign-in table."""
        if self._undated:
            self.basics.fields["held_on"].refuse(self.basics.day.fault())
            _point_at(self.basics.fields["held_on"])
            return
        draft = self.draft()
        name = f"{draft.held_on.isoformat()}{draft.kind.label}签到表"
        print_document(self, name, lambda documents, path: documents.sign_in(draft, path))

    def _recorded(self, meeting_id: str) -> None:
        self._done = True
        waiting = self.attachments.waiting
        if waiting is None or not waiting.files:
            self.desk.back()
            return
        self._meeting_id, self.tab = meeting_id, 2 if self._slim else 1
        self.attachments.keep_waiting(meeting_id, lambda: self.desk.back() if self.isVisible() else None)
        self.show_tab(self.tab)
        self.head_changed.emit()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, InvalidInput):
            field = {**self.basics.fields, **self.extras.fields}.get(error.name)
            if field is not None:
                field.refuse(error.reason)
                _point_at(field)
                return
            part = {ABSENCES.name: self.attendance, ACTIONS.name: self.actions_box, VOTE_KIND.name: self.agenda}
            if error.name in part:
                show_in_view(part[error.name])
        show_error(self, error)

    # ---- draft and preview ----
    def _changed(self) -> None:
        if self._filling or not self._built or self.looks:
            return
        if not self._draft_timer.isActive():  # not begun anew by each key: who types without a pause is kept too
            self._draft_timer.start()
        self._preview_timer.start()

    def _keep(self) -> None:
        if self._done or self._around is None:
            return
        draft, known, before = self.draft(), self._meeting_id, self._kept_as
        changed, rev, undated = self.changed(), self._rev, self._undated
        touched = bool(changed) or self.basics.span.text() != self._span_filled
        if not touched and self.saved.isHidden() and self.line.isHidden():  # what is only proposed is no draft
            return
        if not any(self.basics.times()):  # as typed, though no time can be read in it
            draft = replace(draft, started_at=read(self.basics.span), ended_at="")
        self._kept_as = draft.kind

        def work() -> datetime:
            if before is not draft.kind:
                self.drafts.drop(before, known)
            return self.drafts.save(draft, known, changed, rev, undated)

        self.read(work, self.saved.kept, failed=self.saved.not_kept)

    def _draw(self) -> None:
        if self._around is None or self._done:
            return
        if self._undated:
            self._told.setText("填了日期就能预览")
            return
        draft, store, width_px = self.draft(), self.desk.store, self.preview.width_px()

        def work() -> Drawn:
            from desktop.services.archive.documents import DocumentService  # the libraries for PDF: on the worker

            return draw_pages(DocumentService(store).preview(draft), width_px)

        self.read(work, self._drawn, long=True, failed=self._not_drawn)

    def _drawn(self, drawn: Drawn) -> None:
        self._told.setText("随左边的填写更新")
        self.preview.show_pages(drawn)

    def _not_drawn(self, error: Exception) -> None:
        self._told.setText(present(error).title)

    # ---- layout ----
    def _arrange(self) -> None:
        self.written = form = box(
            col(
                self.line,
                self.alike,
                self.basics,
                rule(),
                self.attendance,
                rule(),
                self.agenda,
                rule(),
                self.earlier,
                self.actions_box,
                rule(),
                self.extras,
                ...,
                gap=11,
                pad=(18, 14, 18, 12),
            ),
            "card",
        )
        self._side = col(row(text("记录预览", "strong"), (self._told, 1), gap=8), gap=8)
        self._side_box = box(self._side)
        writing = box(row((scroll(form), 62), (self._side_box, 38), gap=16))
        self._stack = Turning()
        self._alone = box(col(gap=0))
        for part in (writing, self._alone, self.attachments, self.history):
            self._stack.addWidget(part)
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))
        self._place_preview()

    def _place_preview(self) -> None:
        layout = self._alone.layout() if self._slim else self._side
        if layout is not None:
            layout.addWidget(self.preview)
        appear(self._side_box, not self._slim)
        self._stack.setCurrentIndex(0)
        self.tab = 0

    def _timer(self, wait_ms: int, then: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(then)
        return timer

    def _may(self, **values: object) -> bool:
        return self.desk.allows(RowOf(RECORD_KIND, **values))

    def _reread(self) -> None:
        """Read everything again, as when the form was opened."""
        if isValid(self):
            self._around, self._filled, self._built = None, None, False
            self.reload()

    def _name(self) -> None:
        verb = "" if self.looks else "修改" if self._meeting_id else "记录"
        self.title = f"{verb}{self._kind.label}"
        self.head_changed.emit()


def _point_at(field: Field) -> None:
    """Put the cursor into a refused field, and the field into view with its reason."""
    field.control.setFocus()
    show_in_view(field)
