"""First start: what this computer is for, its name and password, the recovery code on paper, and the first roster."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLayout, QPushButton, QStackedWidget, QWidget

from desktop.paths import sample_folder
from desktop.services.progress import Progress
from desktop.ui import theme
from desktop.ui.tasks import TaskRunner, close_again
from desktop.ui.widgets import (
    Glyph,
    RowButton,
    appear,
    banner,
    box,
    button,
    col,
    link,
    row,
    scroll,
    text,
)
from desktop.ui.widgets.brand import brand
from desktop.ui.widgets.periods import Stepper
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.opening import Created
    from desktop.services.store import Store

WIDTH, HEIGHT = 640, 560
AROUND, PAD, GAP = 20, (28, 22, 28, 22), 14
CLOSE_AROUND, CLOSE_PAD, CLOSE_GAP = 4, (28, 6, 28, 6), 6
BRANCH, HEADQUARTERS = "branch", "headquarters"
STEPS = (
    ("选用途", "党支部或市公司"),
    ("名称和密码", "密码只有你知道"),
    ("抄恢复码", "忘记密码时用"),
)
NOT_CHOSEN = ("开始", "导入名册或登记支部")
LAST_STEPS = {BRANCH: ("开始", "导入名册"), HEADQUARTERS: ("开始", "登记支部")}
NAME_WORDS = {
    BRANCH: "名称以后可以改；市公司（总部）的邀请文件会带来正式的名称和代码。",
    HEADQUARTERS: "名称会写在邀请文件和各支部的程序里，以后可以在“设置 > 基本情况”改。",
}
FORGOTTEN_WORDS = {
    BRANCH: "忘记时用下一步的恢复码，或请市公司协助。",
    HEADQUARTERS: "忘记时只能用下一步的恢复码；恢复码也丢了，数据就打不开了。",
}


class SetupPage(QWidget):
    """The assistant. `finished` brings the open store and the place to begin with."""

    finished = Signal(object, object)
    existing_folder = Signal(object)
    restored = Signal(object)

    def __init__(self, folder: Path, tasks: TaskRunner) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.folder, self._tasks = folder, tasks
        self.kind, self._step = BRANCH, 0
        self._typed: dict[str, tuple[str, str]] = {}
        self._created: Created | None = None
        self._asked: tuple[int, ...] = ()
        self.stepper = Stepper(self._steps())
        self._stack = QStackedWidget()
        self._parts: list[Callable[[], QWidget]] = [self._choose, self._name, self._code, self._begin]
        self._first: list[Callable[[], QWidget]] = [  # where the cursor stands on each page
            lambda: self.branch_button if self.kind == BRANCH else self.headquarters_button,
            lambda: self.fields.fields["name"].control,
            lambda: next(iter(self.sheet.fields.fields.values())).control,
            lambda: self.begin_button,
        ]
        self._brand = brand()
        self._inside = col(self._brand, self.stepper, (self._stack, 1), gap=GAP, pad=PAD)
        self._card = box(self._inside, "card")
        self._card.setFixedWidth(WIDTH)
        self._around = col(..., row(..., self._card, ...), ..., pad=AROUND)
        self.setLayout(col(scroll(self._around)))
        self._to(0)

    def _steps(self) -> tuple[tuple[str, str], ...]:
        return (*STEPS, LAST_STEPS[self.kind] if self._step else NOT_CHOSEN)

    def _to(self, step: int) -> None:
        self._step = step
        self.stepper.show_steps(self._steps(), step)
        page = self._parts[step]()
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        while self._stack.count() > 1:
            old = self._stack.widget(0)
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stand()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the card of one height from step to step, as far as there is room for it; where it is short, what only
        looks well gives way: a step is seen whole.
        """
        super().resizeEvent(event)
        short = self.height() < HEIGHT + 2 * AROUND
        around = CLOSE_AROUND if short else AROUND
        appear(self._brand, not short)
        self._inside.setContentsMargins(*(CLOSE_PAD if short else PAD))
        self._inside.setSpacing(CLOSE_GAP if short else GAP)
        self._around.setContentsMargins(around, around, around, around)
        self._card.setMinimumHeight(min(HEIGHT, self.height() - 2 * around))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stand()

    def _stand(self) -> None:
        """Put the cursor where the page begins, and that into view: large letters leave less room than it takes."""
        part = self._first[self._step]()
        part.setFocus()
        if self._step:  # the first is seen whole
            from desktop.ui.widgets.fields import show_in_view

            show_in_view(part)

    def abandon(self) -> None:
        """Close a store that was made but not entered yet: the window is closing, or turns to the sample data."""
        created, self._created = self._created, None
        if created is not None:
            created.store.close()

    # ---- 1 what for ----
    def _choose(self) -> QWidget:
        def offer(kind: str, icon: str, name: str, words: str) -> RowButton:
            inner = row(
                Glyph(icon, theme.RED, 28),
                (col(text(name, "h2"), text(words, "sub", wrap=True), gap=3), 1),
                Glyph("chevron-right", theme.FAINT, 18),
                gap=16,
                pad=(16, 14, 16, 14),
            )
            return RowButton(name, inner, lambda: self._chosen(kind))

        self.branch_button = offer(
            BRANCH, "flag", "党支部", "记会议、管名册、看标准化差什么，生成迎检档案，向市公司报送。"
        )
        self.headquarters_button = offer(
            HEADQUARTERS, "building", "市公司", "收各支部的报送包，排名赛马，下发反馈和标准。"
        )
        for part in (self.branch_button, self.headquarters_button):
            part.setProperty("framed", True)
        self.sample_button = link("先用样例数据看看，不建自己的数据", self.open_sample, "eye")
        self.strip = ProgressStrip()
        return box(
            col(
                text("这台电脑给谁用？", "h1"),
                text("所有数据只存在本机，加密保存，程序不联网。", "sub", wrap=True),
                self.branch_button,
                self.headquarters_button,
                self.strip,
                ...,
                self.sample_button,
                row(
                    link("已有数据文件夹，打开它", self._open_existing),
                    link("从备份恢复", lambda: self.open_restore()),
                    ...,
                    gap=20,
                ),
                gap=12,
            )
        )

    def _chosen(self, kind: str) -> None:
        self.kind = kind
        self._to(1)

    def open_restore(self, file: Path | None = None) -> None:
        """Let a backup file become the data of this computer; `file` is chosen already."""
        from desktop.ui.recovery import RestoreDialog

        dialog = RestoreDialog(self, self.folder, self._tasks, file)
        dialog.restored.connect(self.restored)
        dialog.open()

    def open_sample(self) -> None:
        """Build the sample data beside the user's own, once, and open them."""
        folder, kind = sample_folder(), self.kind

        def work(progress: Progress) -> "Store":
            from desktop.models.vocabulary.stores import StoreKind
            from desktop.services.trial import open_sample

            return open_sample(folder, StoreKind(kind), progress)

        def failed(error: Exception) -> None:
            from desktop.ui.dialogs import show_error

            for part in self._busy():
                part.setEnabled(True)
            self.strip.end()
            show_error(self, error)

        def opened(store: "Store") -> None:
            self.abandon()
            self.finished.emit(store, ("", ""))

        for part in self._busy():
            part.setEnabled(False)
        task = self._tasks.run(self, work, opened, failed, self.strip.step, unclaimed=close_again)
        self.strip.begin("正在准备样例：五个支部和一个市公司", task.cancel)

    def _busy(self) -> list[QPushButton]:
        """Return what cannot be used while the sample data are built: all buttons but 取消."""
        parts = cast(list[QPushButton], self._stack.currentWidget().findChildren(QPushButton))
        return [part for part in parts if part is not self.strip.cancel_button]

    def _open_existing(self) -> None:
        from desktop.ui.dialogs import ask_folder

        chosen = ask_folder(self, "选择数据文件夹", self.folder.parent)
        if chosen is not None:
            self.existing_folder.emit(chosen)

    # ---- 2 name and password ----
    def _name(self) -> QWidget:
        from desktop.ui.new_password import again_field, password_field
        from desktop.ui.widgets.fields import Field, FieldSet, edit

        branch = self.kind == BRANCH
        name, login = ("党支部名称", "书记") if branch else ("单位名称", "党建科")
        typed, login = self._typed.get(self.kind, ("", login))
        hint = "如：云河县站党支部" if branch else "如：市公司党建科"
        fields = [
            ("name", Field(name, edit(name, typed, hint=hint), required=True)),
            ("login", Field("登录名", edit("登录名", login), required=True)),
            ("password", password_field("密码", required=True)),
            again_field("再输一次密码", required=True),
        ]
        self.fields = FieldSet(fields, columns=2)
        self.create_button = button("建立", self.make_store, "primary")
        self.back_button = button("上一步", self.back)
        self.strip = ProgressStrip()
        self.fields.enter(self.make_store)
        return box(
            col(
                text("名称和密码", "h1"),
                text(NAME_WORDS[self.kind], "sub", wrap=True),
                self.fields,
                banner("wait", "info-circle", "密码没有人能替你找回", FORGOTTEN_WORDS[self.kind]),
                self.strip,
                ...,
                row(self.back_button, ..., self.create_button),
                gap=12,
            )
        )

    def back(self) -> None:
        """Go back to what the computer is for; name and login are there again, a password is not kept."""
        values = self.fields.values()
        self._typed[self.kind] = (values["name"], values["login"])
        self._to(0)

    def make_store(self) -> None:
        """Make the store, once: Enter in a field asks for it too, and again while it is made."""
        if not self.create_button.isEnabled():
            return
        from desktop.ui.new_password import alike

        values = self.fields.values()
        self.fields.calm()
        if not alike(self.fields):
            return
        folder, kind = self.folder, self.kind

        def work(_progress: Progress) -> "Created":
            from desktop.models.vocabulary.stores import StoreKind
            from desktop.services.opening import create_store
            from desktop.services.security.passwords import check_password

            check_password(values["password"])
            folder.parent.mkdir(parents=True, exist_ok=True)
            name, login, password = (values[each] for each in ("name", "login", "password"))
            return create_store(folder, StoreKind(kind), name, login, password, code_due=True)

        self._lock(True)
        self.strip.begin("正在建立加密的数据文件夹")
        self._tasks.run(self, work, self._made, self._refused, unclaimed=lambda made: close_again(made.store))

    def _lock(self, on: bool) -> None:
        """Neither ask twice nor turn to the other side while the store is made."""
        for part in (self.create_button, self.back_button):
            part.setEnabled(not on)

    def _made(self, created: "Created") -> None:
        self._created = created
        self._to(2)

    def _refused(self, error: Exception) -> None:
        self.strip.end()
        self._lock(False)
        if not self.fields.take(error):
            from desktop.ui.dialogs import show_error

            show_error(self, error)

    # ---- 3 recovery code ----
    def _owner(self) -> str:
        """Return the name the data were made under."""
        from desktop.models.history import SettingName  # brings SQLAlchemy: not before the first window

        return self._created.store.setting(SettingName.NAME) if self._created else ""

    def _code(self) -> QWidget:
        from desktop.ui.recovery_sheet import RecoverySheet

        self.sheet = RecoverySheet(self._created.recovery_code if self._created else "", self._tasks, self._owner)
        self.sheet.entered.connect(self.check_code)
        self.kept_button = button("我已抄好", self.check_code, "primary")
        return box(
            col(
                text("把恢复码抄在纸上", "h1"),
                text("忘记密码时只有它能打开数据。只显示这一次，请放进保险柜，不要存在电脑里。", "sub", wrap=True),
                self.sheet,
                ...,
                row(..., self.kept_button),
                gap=8,
            )
        )

    def check_code(self) -> None:
        """Go on only when two groups were retyped right."""
        created = self._created
        if not self.sheet.copied() or created is None:
            return

        def written(_progress: Progress) -> None:
            from desktop.services.access.users import UserService

            UserService(created.store).code_written_down()

        self._tasks.run(self, written, lambda _none: None)
        self._to(3)

    # ---- 4 begin ----
    def _begin(self) -> QWidget:
        branch = self.kind == BRANCH
        first = "导入党员名册" if branch else "开始使用"
        place = ("members", "roster") if branch else ("", "")
        self.begin_button = button(first, lambda: self._finish(place), "primary")
        self.begin_button.setAutoDefault(True)
        ready = row(
            Glyph("circle-check", theme.GREEN, 28),
            (col(text("数据文件夹已建好", "h1"), text(str(self.folder), "small", wrap=True), gap=2), 1),
            gap=12,
        )
        steps = (
            ("users", "导入党员名册", "Excel 表即可，表头和日期写法不限，先试读给你看。"),
            ("calendar-event", "导入今年的会议，或从下一次会开始记", "记一次，得分、清单、档案都有了。"),
            ("clipboard-check", "看标准化还差什么", "每一条都能点到要补的那张表。"),
        )
        chores = (
            ("download", "登记各支部", "发出邀请文件，收回登记文件。"),
            ("inbox", "收报送包", "坏的一个不影响其余的。"),
            ("trophy", "排名、下发反馈", "每一分都说得清来由。"),
        )
        lines: list[QLayout] = [
            row(
                Glyph(icon, theme.SLATE, 20),
                (col(text(name, "strong"), text(words, "small", wrap=True), gap=1), 1),
                gap=12,
            )
            for icon, name, words in (steps if branch else chores)
        ]
        later = button("以后再导入", lambda: self._finish(("", ""))) if branch else None
        self.sample_button = link("用样例数据试一试", self.open_sample, "eye")
        self.strip = ProgressStrip()
        tried = text("另开一份样例，不混进自己的数据；随时可以回来。", "small", wrap=True)
        return box(
            col(
                ready,
                *lines,
                col(row(self.sample_button, ...), tried, gap=2),
                self.strip,
                ...,
                row(later, ..., self.begin_button),
                gap=14,
            )
        )

    def _finish(self, place: tuple[str, str]) -> None:
        created, self._created = self._created, None
        if created is not None:
            for part in self._busy():
                part.setEnabled(False)
            self.strip.begin("正在打开数据")  # the pages are built meanwhile
            self.finished.emit(created.store, place)
