"""What not every meeting needs: plan before, speeches, overall resolution, what came of it, agenda tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.services.meetings import MeetingDraft, Speech
from desktop.services.meetings.speeches import IN_FORM, write_speeches
from desktop.ui.widgets import appear, box, button, col, link, row, text
from desktop.ui.widgets.fields import Field, memo


def speech_lines(speeches: Sequence[Speech], names: Mapping[str, str]) -> str:
    """Return speeches as lines, each beginning with the name that `names` gives the member now."""
    named = [replace(speech, name=names.get(speech.member_id or "", speech.name)) for speech in speeches]
    return write_speeches(named, IN_FORM)


class TagButton(QWidget):
    """Agenda tags: by the words of the meeting, or chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chosen: tuple[str, ...] | None = None
        self._names: dict[str, str] = {}
        self._menu = QMenu(self)
        self.button = button("标签：按议题自动判断", None, "small")
        self.button.clicked.connect(
            lambda _checked=False: self._menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))
        )
        self.setLayout(row(self.button, ...))

    def set_tags(self, tags: Sequence[tuple[str, str]]) -> None:
        """Offer these tags."""
        self._names = dict(tags)
        self._menu.clear()
        automatic = self._menu.addAction("按议题自动判断")
        automatic.triggered.connect(lambda _checked=False: self._choose(None))
        self._menu.addSeparator()
        for key, name in tags:
            action = QAction(name, self._menu)
            action.setCheckable(True)
            action.setData(key)
            action.triggered.connect(lambda _checked=False: self._ticked())
            self._menu.addAction(action)
        self.set_chosen(self._chosen)

    def set_chosen(self, chosen: tuple[str, ...] | None) -> None:
        """Show what is chosen; None is by the words."""
        self._chosen = chosen
        for action in self._menu.actions():
            if action.isCheckable():
                action.setChecked(action.data() in (chosen or ()))
        names = "、".join(self._names.get(key, key) for key in chosen or ())
        words = "按议题自动判断" if chosen is None else names or "无"
        self.button.setText(f"标签：{words if len(words) <= 24 else words[:23] + '…'}")

    def chosen(self) -> tuple[str, ...] | None:
        """Return the tags chosen, None for by the words."""
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
        self.speeches = memo("发言摘要", hint="一行一人：姓名：说了什么", lines=3)
        self.resolution = memo("会议决议", hint="整次会议的决议；议程里写过的不用再写", lines=2)
        self.follow_up = memo("后续成果", hint="会后办成了什么；确认以后也能补", lines=2)
        self.tags = TagButton()
        self.fields = {
            "plan": Field("会前准备", self.plan),
            "speeches": Field("发言摘要", self.speeches),
            "resolution": Field("会议决议", self.resolution),
            "follow_up": Field("后续成果", self.follow_up),
        }
        self._body = box(col(*self.fields.values(), self.tags, gap=10))
        self.toggle = link("展开", lambda: self.open(self._body.isHidden()), "chevron-down")
        self.toggle.setAccessibleName("展开会前准备、发言、决议和后续成果")
        words = text("会前准备、发言、决议、后续", "h2")
        self.setLayout(col(row(words, text("需要时再填", "sub"), ..., self.toggle, gap=8), self._body, gap=8))
        self.open(False)
        for field in (self.plan, self.speeches, self.resolution, self.follow_up):
            field.textChanged.connect(self.changed.emit)
        self.tags.changed.connect(self.changed.emit)

    def open(self, on: bool) -> None:
        """Show or fold the fields."""
        appear(self._body, on)
        self.toggle.setText("收起" if on else "展开")

    def show_draft(self, draft: MeetingDraft, names: dict[str, str]) -> None:
        """Show what a draft says; unfold what is not empty."""
        self.plan.setPlainText(draft.plan)
        self.speeches.setPlainText(speech_lines(draft.speeches, names))
        self.resolution.setPlainText(draft.resolution)
        self.follow_up.setPlainText(draft.follow_up)
        self.tags.set_chosen(draft.tags)
        self.open(any((draft.plan, draft.speeches, draft.resolution, draft.follow_up)))
