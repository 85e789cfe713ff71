"""What not every meeting needs: plan before, number, who sat in, speeches, what came of it, how it was judged, tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QMenu, QWidget

from desktop.services.errors import InvalidInput
from desktop.services.meetings import MeetingDraft, Speech, fields
from desktop.services.meetings.naming import name_of
from desktop.services.meetings.others import parse_planned, read_observers, show_planned, write_observers
from desktop.services.meetings.speeches import IN_FORM, write_speeches
from desktop.ui.meetings.agenda import count_of, number_edit
from desktop.ui.meetings.loading import Around
from desktop.ui.widgets import appear, box, button, col, link, offer_below, row, text
from desktop.ui.widgets.fields import Choice, Field, edit, memo, read

LONGEST = 24


def speech_lines(speeches: Sequence[Speech], names: Mapping[str, str]) -> str:
    """Return speeches as lines, each beginning with the name that `names` gives the member now."""
    named = [replace(speech, name=names.get(speech.member_id or "", speech.name)) for speech in speeches]
    return write_speeches(named, IN_FORM)


class SeveralButton(QWidget):
    """Some of a list, ticked in a menu; `name` is what they are called, `automatic` what None is called."""

    changed = Signal()

    def __init__(self, name: str, automatic: str = "") -> None:
        super().__init__()
        self._name, self._automatic = name, automatic
        self._chosen: tuple[str, ...] | None = None if automatic else ()
        self._names: dict[str, str] = {}
        self._menu = QMenu(self)
        self.button = button("", None, "small")
        self.button.clicked.connect(lambda _checked=False: offer_below(self.button, self._menu))
        self.setLayout(row(self.button, ...))
        self.set_chosen(self._chosen)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer these, as (id, name)."""
        self._names = dict(options)
        self._menu.clear()
        if self._automatic:
            self._menu.addAction(self._automatic).triggered.connect(lambda _checked=False: self._choose(None))
            self._menu.addSeparator()
        for key, name in options:
            action = QAction(name, self._menu)
            action.setCheckable(True)
            action.setData(key)
            action.triggered.connect(lambda _checked=False: self._ticked())
            self._menu.addAction(action)
        self.set_chosen(self._chosen)

    def set_chosen(self, chosen: tuple[str, ...] | None) -> None:
        """Show what is chosen."""
        self._chosen = chosen
        for action in self._menu.actions():
            if action.isCheckable():
                action.setChecked(action.data() in (chosen or ()))
        names = "、".join(self._names.get(key, key) for key in chosen or ())
        words = self._automatic if chosen is None else names or "无"
        self.button.setText(f"{self._name}：{words if len(words) <= LONGEST else words[: LONGEST - 1] + '…'}")

    def chosen(self) -> tuple[str, ...] | None:
        """Return what is chosen, None for by itself."""
        return self._chosen

    def _choose(self, chosen: tuple[str, ...] | None) -> None:
        self.set_chosen(chosen)
        self.changed.emit()

    def _ticked(self) -> None:
        self._choose(
            tuple(str(action.data()) for action in self._menu.actions() if action.isCheckable() and action.isChecked())
        )


class Extras(QWidget):
    """Folded until asked for, or until something is in it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.plan = memo("会前准备", hint="方案、通知、讲稿提纲：会前准备了什么", lines=2)
        self.number = number_edit("次数", None, 90)
        self.number.setPlaceholderText("自动")
        self.planned = edit("计划时间", hint="如 3-24 14:30")
        self.leave_by = edit("准假人", hint="谁批的假")
        self.observers = edit("列席人员", hint="王明（镇党委组织委员）、李四")
        self.speeches = memo("发言摘要", hint="一行一人：姓名：说了什么", lines=3)
        self.resolution = memo("会议决议", hint="整次会议的决议；议程里写过的不用再写", lines=2)
        self.summary = memo("主持人总结", hint="可不填", lines=2)
        self.follow_up = memo("后续成果", hint="会后办成了什么；确认以后也能补", lines=2)
        self.satisfied, self.asked = number_edit("满意人数", None), number_edit("评价人数", None)
        self.joint = Choice("合并召开", [(None, "单独召开")])
        self.tags = SeveralButton("标签", "按议题自动判断")
        self.double_life = SeveralButton("双重组织生活")
        self.double_life.setToolTip("以普通党员身份参加支部组织生活的党员领导干部")
        rated = box(row(text("满意"), self.satisfied, text("人，参加评价"), self.asked, text("人"), ..., gap=8))
        self.fields = {
            "plan": Field("会前准备", self.plan),
            "number": Field("第几次", self.number),
            "planned_on": Field("计划时间", self.planned),
            "leave_by": Field("准假人", self.leave_by),
            "observers": Field("列席人员（单位、职务）", self.observers),
            "speeches": Field("发言摘要", self.speeches),
            "resolution": Field("会议决议", self.resolution),
            "summary": Field("主持人总结", self.summary),
            "follow_up": Field("后续成果", self.follow_up),
            "asked": Field("现场评价", rated, note="散会时当场问一句；党课的评价计入标准的质量分。"),
            "joint_with_id": Field("合并召开", self.joint, note="同一次到会，两次会议分别记录。"),
        }
        self._body = box(col(self._grid(), row(self.tags, self.double_life, ..., gap=8), gap=10))
        self.toggle = link("展开", lambda: self.open(self._body.isHidden()), "chevron-down")
        self.toggle.setAccessibleName("展开会前准备、列席、发言、决议和后续成果")
        words = text("会前准备、列席、发言、决议、后续", "h2")
        self.setLayout(col(row(words, text("需要时再填", "sub"), ..., self.toggle, gap=8), self._body, gap=8))
        self.open(False)
        for long in (self.plan, self.speeches, self.resolution, self.summary, self.follow_up):
            long.textChanged.connect(self.changed.emit)
        for short in (self.number, self.planned, self.leave_by, self.observers, self.satisfied, self.asked):
            short.textChanged.connect(lambda _words: self.changed.emit())
        self.joint.currentIndexChanged.connect(lambda _index: self.changed.emit())
        for several in (self.tags, self.double_life):
            several.changed.connect(self.changed.emit)

    def _grid(self) -> QWidget:
        out = QWidget()
        grid = QGridLayout(out)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        whole = ("plan", "observers", "speeches", "resolution", "summary", "follow_up")
        lines: list[tuple[str, ...]] = [("plan",), ("number", "planned_on", "leave_by")]
        lines += [(name,) for name in whole[1:]] + [("asked", "joint_with_id")]
        for number, names in enumerate(lines):
            span = 6 // len(names)
            for at, name in enumerate(names):
                grid.addWidget(self.fields[name], number, at * span, 1, span)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        return out

    def open(self, on: bool) -> None:
        """Show or fold the fields."""
        appear(self._body, on)
        self.toggle.setText("收起" if on else "展开")

    def set_around(self, around: Around, people: Sequence[tuple[str, str]], meeting_id: str) -> None:
        """Offer the tags of that day, its people, and what else was held then."""
        self.tags.set_options([(kind.id, kind.name) for kind in around.item_kinds])
        self.double_life.set_options(people)
        chosen = self.joint.value()
        others = [
            (meeting.id, f"与{name_of(meeting.kind, meeting.group)}一次召开")
            for meeting in around.that_day
            if meeting.id != meeting_id
        ]
        if chosen is not None and chosen not in dict(others):
            others.append((chosen, "与另一次会议一次召开"))
        self.joint.blockSignals(True)
        self.joint.set_options([(None, "单独召开"), *others], chosen)
        self.joint.blockSignals(False)

    def show_draft(self, draft: MeetingDraft, names: dict[str, str]) -> None:
        """Show what a draft says; unfold what is not empty."""
        self.plan.setPlainText(draft.plan)
        self.number.setText("" if draft.number is None else str(draft.number))
        self.planned.setText("" if draft.planned_on is None else show_planned((draft.planned_on, draft.planned_at)))
        self.leave_by.setText(draft.leave_by)
        self.observers.setText(write_observers(draft.observers))
        self.speeches.setPlainText(speech_lines(draft.speeches, names))
        self.resolution.setPlainText(draft.resolution)
        self.summary.setPlainText(draft.summary)
        self.follow_up.setPlainText(draft.follow_up)
        self.satisfied.setText("" if draft.satisfied is None else str(draft.satisfied))
        self.asked.setText("" if draft.asked is None else str(draft.asked))
        if draft.joint_with_id is not None and draft.joint_with_id != self.joint.value():
            known = (draft.joint_with_id, "与另一次会议一次召开")
            self.joint.set_options([(None, "单独召开"), known], draft.joint_with_id)
        self.joint.set_value(draft.joint_with_id)
        self.tags.set_chosen(draft.tags)
        self.double_life.set_chosen(draft.double_life)
        written = (draft.plan, draft.speeches, draft.resolution, draft.summary, draft.follow_up, draft.observers)
        self.open(any((*written, draft.number, draft.leave_by, draft.asked, draft.joint_with_id, draft.double_life)))

    def others(self) -> dict[str, Any]:
        """Return what is typed beside the long texts, by its name in a draft."""
        planned = self._planned()
        return {
            "number": count_of(self.number),
            "planned_on": planned[0] if planned else None,
            "planned_at": planned[1] if planned else "",
            "leave_by": read(self.leave_by),
            "observers": read_observers(read(self.observers)),
            "summary": read(self.summary),
            "satisfied": count_of(self.satisfied),
            "asked": count_of(self.asked),
            "joint_with_id": self.joint.value(),
            "double_life": self.double_life.chosen() or (),
        }

    def faults(self) -> list[tuple[str, str]]:
        """Return what cannot be read, by field."""
        words = read(self.planned)
        if not words:
            return []
        try:
            parse_planned(words, fields.PLANNED)
        except InvalidInput as error:
            return [(fields.PLANNED.name, error.reason)]
        return []

    def _planned(self) -> Any:
        words = read(self.planned)
        try:
            return parse_planned(words, fields.PLANNED) if words else None
        except InvalidInput:
            return None
