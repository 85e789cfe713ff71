"""The head of a meeting's form: kind, day, time, place, who led and who wrote, what it was about."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import InvalidInput
from desktop.services.meetings import MeetingDraft, fields
from desktop.services.meetings.sheet import parse_span
from desktop.ui.meetings.people import PersonChoice
from desktop.ui.widgets import appear
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, edit, read

BESIDE = 46


class Basics(QWidget):
    """Fields beside their labels, three in a row."""

    changed = Signal()
    who_changes = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.kind = Choice("会议类型", [(kind, kind.label) for kind in MeetingKind])
        self.day = DateEdit("日期", today, required=True, today=lambda: today)
        self.span = edit("时间", hint="14:30 – 16:00")
        self.place = edit("地点", hint="如：党员活动室")
        self.group = Choice("党小组")
        self.chair, self.recorder = PersonChoice("主持人"), PersonChoice("记录人")
        self.speaker = PersonChoice("主讲人")
        self.topic = edit("议题", hint="这次会的主题，一句话")
        self.year = Choice("所属年度")
        self.fields = {
            "kind": Field("类型", self.kind, beside=BESIDE),
            "held_on": Field("日期", self.day, beside=BESIDE),
            "started_at": Field("时间", self.span, beside=BESIDE),
            "place": Field("地点", self.place, beside=BESIDE),
            "chair_id": Field("主持人", self.chair, beside=BESIDE),
            "recorder_id": Field("记录人", self.recorder, beside=BESIDE),
            "speaker_ids": Field("主讲人", self.speaker, beside=BESIDE),
            "group_id": Field("党小组", self.group, beside=BESIDE),
            "for_year": Field("计入", self.year, beside=BESIDE),
            "topic": Field("议题", self.topic, beside=BESIDE),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        order = ("kind", "held_on", "started_at", "place", "chair_id", "recorder_id")
        for number, name in enumerate(order):
            grid.addWidget(self.fields[name], number // 3, number % 3)
        grid.addWidget(self.fields["topic"], 2, 0, 1, 2)
        grid.addWidget(self.fields["for_year"], 2, 2)
        grid.addWidget(self.fields["group_id"], 3, 0)
        grid.addWidget(self.fields["speaker_ids"], 3, 1)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self._set_year(None, today.year)
        self.span.editingFinished.connect(self._settle_span)
        self.kind.currentIndexChanged.connect(lambda _index: self._kind_changed())
        self.day.date_changed.connect(self._day_changed)
        self.group.currentIndexChanged.connect(lambda _index: self.who_changes.emit())
        for field in (self.span, self.place, self.topic):
            field.textChanged.connect(lambda _words: self.changed.emit())
        for person in (self.chair, self.recorder, self.speaker):
            person.currentTextChanged.connect(lambda _words: self.changed.emit())
        self.year.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._show_optional()

    def set_people(self, people: Sequence[tuple[str, str]]) -> None:
        """Offer these members."""
        for choice in (self.chair, self.recorder, self.speaker):
            choice.set_people(people)

    def set_kinds(self, kinds: Sequence[MeetingKind]) -> None:
        """Offer these kinds of meetings."""
        self.kind.blockSignals(True)
        self.kind.set_options([(kind, kind.label) for kind in kinds], self.kind.value())
        self.kind.blockSignals(False)

    def set_groups(self, groups: Sequence[tuple[str, str]]) -> None:
        """Offer these party groups."""
        chosen = self.group.value()
        self.group.blockSignals(True)
        self.group.set_options([(None, "请选择"), *groups], chosen)
        self.group.blockSignals(False)

    def show_draft(self, draft: MeetingDraft, undated: str = "") -> None:
        """Show what a draft says; its day is left open where only the period is known (`undated`)."""
        self.kind.set_value(draft.kind)
        self.day.set_value(None if undated else draft.held_on)
        self.day.setPlaceholderText(undated)
        self.day.setToolTip(f"补的是{undated}的会，请填实际召开的日期。" if undated else "")
        self.span.setText(" – ".join(filter(None, (draft.started_at, draft.ended_at))))
        self.place.setText(draft.place)
        self.group.set_value(draft.group_id)
        self.chair.set_person(draft.chair_id, draft.chair_name)
        self.recorder.set_person(draft.recorder_id, draft.recorder_name)
        self.speaker.set_person(draft.speaker_ids[0] if draft.speaker_ids else None)
        self.topic.setText(draft.topic)
        self._set_year(draft.for_year, draft.held_on.year)
        self._show_optional()

    def faults(self) -> list[tuple[str, str]]:
        """Return what cannot be read, by field."""
        out = []
        if self.day.fault():
            out.append(("held_on", self.day.fault()))
        if self._span_fault():
            out.append((fields.SPAN.name, self._span_fault()))
        if self.kind.value() is MeetingKind.GROUP_MEETING and self.group.value() is None:
            out.append(("group_id", "请选党小组。"))
        return out

    def times(self) -> tuple[str, str]:
        """Return start and end as HH:MM, each empty where it is not written or cannot be read."""
        words = read(self.span)
        try:
            return parse_span(words, fields.SPAN) if words else ("", "")
        except InvalidInput:
            return "", ""

    def _span_fault(self) -> str:
        words = read(self.span)
        try:
            parse_span(words, fields.SPAN) if words else None
        except InvalidInput as error:
            return error.reason
        return ""

    def _settle_span(self) -> None:
        """Write the times out in full when their field is left, or say there why they cannot be read."""
        self.fields[fields.SPAN.name].refuse(self._span_fault())
        if any(self.times()):
            self.span.setText(" – ".join(filter(None, self.times())))

    def _set_year(self, chosen: int | None, year: int) -> None:
        self.year.blockSignals(True)
        options: list[tuple[int | None, str]] = [
            (None, "按规定的年度"),
            *((y, f"{y} 年度") for y in (year - 1, year, year + 1)),
        ]
        if chosen is not None and chosen not in (year - 1, year, year + 1):
            options.append((chosen, f"{chosen} 年度"))
        self.year.set_options(options, chosen)
        self.year.blockSignals(False)

    def _kind_changed(self) -> None:
        self._show_optional()
        self.who_changes.emit()

    def _day_changed(self) -> None:
        day = self.day.value()
        if day is not None:
            self._set_year(self.year.value(), day.year)
            self.who_changes.emit()

    def _show_optional(self) -> None:
        kind = self.kind.value()
        appear(self.fields["group_id"], kind is MeetingKind.GROUP_MEETING)
        appear(self.fields["speaker_ids"], kind is MeetingKind.PARTY_LECTURE)
