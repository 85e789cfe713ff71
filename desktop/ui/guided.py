"""换电脑 and 交接, guided: the steps in their order, what was really done ticked, the next one a button away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QBoxLayout, QPushButton, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.handing_over import BY_SUCCESSOR, Handover, HandoverService, HandoverStep
from desktop.services.sync.moving import Count, Move, MovingService, Place
from desktop.ui import theme
from desktop.ui.data_key import DataKeyDialog
from desktop.ui.dialogs import ask_folder
from desktop.ui.keys import ask_new_keys
from desktop.ui.page import Desk, Page
from desktop.ui.users import ask_for_user, ask_to_remove
from desktop.ui.widgets import Chip, Glyph, box, button, card, clear, col, fixed, row, scroll, text
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.layout import add, appear, at_most
from desktop.ui.widgets.progress import ProgressStrip

COLUMN_WIDTH, TITLE_WIDTH = 880, 112
TO_STICK = "to_stick"
"""What the way to the button is called that writes a backup to a stick."""
DONE, NEXT, TO_COME = ("circle-check", theme.GREEN), ("arrow-right", theme.RED), ("clock", theme.FAINT)
MOVING = "身份、钥匙和记录一起走，不用重新登记，{others}什么也不用做。"
OTHERS = {StoreKind.BRANCH: "总部", StoreKind.HEADQUARTERS: "各支部"}
AFTER_MOVE = "写完以后，这台电脑上的数据还能看、能备份，不能再生成数据包；不换了，随时可以改回来。"


@dataclass(frozen=True, slots=True)
class Line:
    """One step as it is shown, with the button that does it."""

    title: str
    words: str
    done: bool
    part: QWidget | None = None


def show_lines(holder: QBoxLayout, lines: Sequence[Line], *kept: QWidget) -> None:
    """Draw steps under one another: done, to be done next, still to come; parts that are `kept` are put in again."""
    clear(holder, *kept)
    at = next((number for number, line in enumerate(lines) if not line.done), len(lines))
    for number, line in enumerate(lines):
        icon, tint = DONE if line.done else NEXT if number == at else TO_COME
        mark = Glyph(icon, tint, 20)
        title = fixed(text(line.title, "strong"), TITLE_WIDTH)
        chip = Chip("已做", "good") if line.done else None
        add(holder, row(mark, title, (text(line.words, "sub", wrap=True), 1), chip, line.part, gap=12))


def counted(count: Count) -> str:
    """Return in words what both PCs must agree on."""
    last = f"最近一次生成的是第 {count.last_package} 号包" if count.last_package else "还没有生成过数据包"
    return f"党员 {count.members} 人，会议 {count.meetings} 次，{last}"


class MovePage(Page):
    """换电脑: the backup for the new PC, and what is done there."""

    title = "换电脑"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.moving = desk.service(MovingService)
        self.write_button = desk.offered(Act.BACKUP, button("备份到U盘", self.write, "primary", "device-usb"))
        self.end_button = desk.offered(Act.BACKUP, button("还用这台电脑", self.settle))
        self.done_button = desk.offered(Act.BACKUP, button("核对无误", self.settle, "primary", "check"))
        self.strip = ProgressStrip()
        self._lines = col(gap=6)
        words = MOVING.format(others=OTHERS[desk.store.kind])
        sheet = card("换到新电脑", text(words, "sub", wrap=True), box(self._lines), self.strip)
        holder = box(col(sheet, ..., pad=(0, 0, 8, 0)))
        self.setLayout(col((scroll(at_most(holder, COLUMN_WIDTH)), 1), pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        """Read where the move stands."""
        self.read(self.moving.state, self._show)

    def write(self) -> None:
        """Write the backup for the new PC where the user says."""
        folder = ask_folder(self, "备份写到哪里", to_write=True)
        if folder is None:
            return

        def written(path: Path) -> None:
            self.desk.changed()
            self.desk.say(f"备份已写出并核对：{path.name}。到新电脑上恢复。")

        self.call(
            lambda progress: self.moving.write(folder, progress),
            written,
            strip=self.strip,
            words="正在写出备份",
            buttons=(self.write_button,),
        )

    def settle(self) -> None:
        """End the move, here or there."""
        self.act(self.moving.settle, "已记下，照常使用。")

    def _show(self, move: Move) -> None:
        ways = (self.write_button, self.end_button, self.done_button)
        left, arrived = move.place is not Place.AT_HOME, move.place is Place.ARRIVED
        then, now = move.then, move.now
        compare = "打开以后在这一页核对：党员、会议、包号和旧电脑上一样。"
        if arrived and then is not None and now is not None:
            compare = f"旧电脑上：{counted(then)}。这里：{counted(now)}。"
        elif left and then is not None:
            compare = f"新电脑上应当是：{counted(then)}。"
        lines = [
            Line("这台电脑上备份", AFTER_MOVE, left, None if left else self.write_button),
            Line(
                "新电脑上恢复",
                "装好程序，第一页点“从备份恢复”，选U盘上这份备份，输入现在的密码或恢复码。",
                arrived,
                self.end_button if move.place is Place.LEFT else None,
            ),
            Line("核对", compare, False, self.done_button if arrived else None),
            Line(
                "收好旧的", "旧电脑上不再记；核对以后，旧电脑上的数据文件夹和这份备份由维护电脑的人收回或删掉。", False
            ),
        ]
        show_lines(self._lines, lines, *ways)
        for part in ways:
            appear(part, part.parentWidget() is not None)


class HandoverPage(Page):
    """交接: one page for who leaves and who comes, each step ticked by what the trail says was done."""

    title = "交接"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(HandoverService)
        self.begin_button = desk.offered(Act.USERS, button("开始交接", self.begin, "primary"))
        self.end_button = desk.offered(Act.USERS, button("结束交接", self.end, "small"))
        self._words = text("", "sub", wrap=True)
        self._lines = col(gap=6)
        sheet = card(
            "把工作交给接手人", self._words, box(self._lines), row(self.begin_button, ...), action=self.end_button
        )
        holder = box(col(sheet, ..., pad=(0, 0, 8, 0)))
        self.setLayout(col((scroll(at_most(holder, COLUMN_WIDTH)), 1), pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        """Read which steps were taken."""
        self.read(self.service.state, self._show)

    def begin(self) -> None:
        """Begin: who works here hands over."""
        self.act(self.service.begin, "交接开始了。做完一步，这里就打上勾。")

    def end(self) -> None:
        """End it; what was done stays done."""
        words = "做过的都留着，没做的不再提醒。"
        confirm(self, "结束这次交接？", words, "结束", lambda: self.act(self.service.end, "交接已结束。"))

    def _show(self, handover: Handover | None) -> None:
        stood = self.window().focusWidget() in (self.begin_button, self.end_button)
        following = self._fill(handover)
        if stood and following is not None:  # what keys stood on went; Qt would hand them to the navigation
            following.setFocus()

    def _fill(self, handover: Handover | None) -> QWidget | None:
        """Show the steps; return the button of the next one."""
        appear(self.begin_button, handover is None)
        appear(self.end_button, handover is not None)
        if handover is None:
            self._words.setText("原来的人点“开始交接”，照次序做；做没做由程序按使用记录核对，不用自己打勾。")
            show_lines(self._lines, [])
            return self.begin_button
        state = "都做完了，点“结束交接”。" if handover.done else "接手人登录以后，也在这一页接着做。"
        self._words.setText(f"“{handover.former}”在交接。{state}")
        lines = [Line(step.title, step.words, step.done, self._way(step, handover.former)) for step in handover.steps]
        show_lines(self._lines, lines)
        return next((line.part for line in lines if line.part is not None), self.end_button)

    def _way(self, step: HandoverStep, former: str) -> QWidget | None:
        """Return the button that leads to where a step is done, for whom it is to do."""
        desk = self.desk
        if step.done or step.waits or (step.key in BY_SUCCESSOR and desk.store.actor == former):
            return None
        branch = not desk.store.is_headquarters
        forms: dict[str, tuple[Act, str, Callable[[], object]]] = {  # opened here, the steps stay in view
            "successor": (Act.USERS, "增加", lambda: ask_for_user(self)),
            "removed": (Act.USERS, "停用", lambda: ask_to_remove(self, former)),
            "data_key": (Act.USERS, "更换", lambda: DataKeyDialog(self).open()),
            "keys": (Act.KEYS, "更换", lambda: ask_new_keys(self)),
        }
        if step.key in forms:
            act, verb, ask = forms[step.key]
            return self._named(button(verb, ask, "small"), step) if desk.may(act) else None
        places: dict[str, tuple[str, str, dict[str, Any]]] = {
            "drafts": ("home", "home", {}),
            "backup": ("archive" if branch else "settings", "backups", {"kind": TO_STICK}),
            "posts": ("team", "posts", {"new": True}),
        }
        area, tab, where = places.get(step.key, ("", "", {}))
        if not area or not desk.has(area, tab):
            return None
        return self._named(button("去办", lambda: desk.open(area, tab, **where), "small"), step)

    def _named(self, way: QPushButton, step: HandoverStep) -> QPushButton:
        way.setAccessibleName(f"{way.text()}：{step.title}")
        return way
