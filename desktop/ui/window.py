"""The one window: first start and log-in before it, the open store in it. Idle for some minutes, it locks itself."""

import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent, QScreen, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from desktop.crashes import LOGS
from desktop.paths import DATABASE, default_store, sample_folder, updates_folder
from desktop.services.progress import Progress
from desktop.ui import theme, window_place
from desktop.ui.presence import Presence
from desktop.ui.tasks import TaskRunner, close_again
from desktop.ui.widgets.keys import shortcut

if TYPE_CHECKING:
    from desktop.services.backup import Restored
    from desktop.services.store import Store
    from desktop.services.sync.branch_store import BranchStore
    from desktop.ui.headquarters.branch_desk import BranchShell
    from desktop.ui.main_window import Shell

FIRST_SIZE = (1366, 860)
IDLE_MINUTES = 10
SLEPT_S = 60
FORGET_MS = 5_000  # after locking: the pages are taken down by then, and who comes back at once is not kept waiting
_DONE = object()
CODE = ("settings", "security")  # where a recovery code is made
TOO_LARGE = "这块屏幕放不下“{name}”的文字，可以在“设置 > 外观与关于”选小一号，重新打开程序。"
FIRST_IMPORT = ("members", "roster")  # where the assistant leads


class MainWindow(QMainWindow):
    """Shows what the state of `folder` asks for: the assistant, the log-in, or the open store.

    Signals: `painted` comes once, when the window is on screen for the first time; `store_opened` brings the folder of
    the store, `store_closed` comes before its folder is left.
    """

    painted = Signal()
    store_opened = Signal(object)
    store_closed = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.setWindowTitle("支部工作台")
        self.setMinimumSize(*theme.SMALLEST)
        self.tasks = TaskRunner(self)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.store: Store | None = None
        self.shell: Shell | None = None
        self._coming: Shell | None = None  # built, and not shown yet
        self.branch: BranchShell | None = None
        self.exchange: Path | None = None
        """The update that takes the place of this program once the window is closed."""
        self._place = ("", "")
        self._seen = False
        self._arrived: list[Path] = []  # what the system handed over and no page has taken yet
        self._forgetting: Iterator[None] | None = None
        self._forget_timer = QTimer(self)
        self._forget_timer.timeout.connect(self._forget)
        self.presence = Presence(self)
        self._last_tick = time.time()
        self._idle_minutes = IDLE_MINUTES
        self._watch = QTimer(self)
        self._watch.setInterval(10_000)
        self._watch.timeout.connect(self._lock_if_idle)
        shortcut(self, "Ctrl+Q", "退出程序", self.close)
        if (folder / DATABASE).is_file():
            self._show_login()
        else:
            self._show_setup()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell that the window is on screen."""
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(theme.SCREEN_FIRST_MS, self, self.painted.emit)

    # ---- a later start of the program, and the files it was given ----
    def called(self, files: Sequence[Path] = ()) -> None:
        """Come forward, and take `files` as soon as something can: a store that is open, or the log-in for a backup."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized | Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()
        self.take(files)

    def take(self, files: Sequence[Path]) -> None:
        """Take `files` as soon as something can: a store that is open, or the log-in for a backup."""
        if not files:
            return
        from desktop.ui.arrivals import take, take_before, waiting_words

        self._arrived = list(dict.fromkeys((*self._arrived, *files)))
        if self.shell is not None:
            waiting, self._arrived = self._arrived, []
            take(self.shell, waiting)
            return
        page = self._stack.currentWidget()
        if QApplication.activeModalWidget() is None and take_before(page, self._arrived):
            self._arrived = []
        elif (told := getattr(page, "say_waiting", None)) is not None:
            told(waiting_words(self._arrived))

    # ---- before a store is open: each part is imported when it is shown ----
    def _show_login(self, words: str = "") -> None:
        from desktop.ui.login import LoginPage

        page = LoginPage(self.folder, self.tasks, words, sample=is_sample(self.folder))
        page.opened.connect(self.enter)
        page.password_set.connect(lambda store: self.enter(store, said=f"已为“{store.actor}”设新密码。"))
        page.other_folder.connect(self.use_folder)
        page.restored.connect(self._restored)
        page.trial_over.connect(self._end_trial)
        self._help_on(page)
        self._present(page)

    def _show_setup(self) -> None:
        from desktop.ui.setup import SetupPage

        page = SetupPage(self.folder, self.tasks)
        page.finished.connect(self.enter)
        page.existing_folder.connect(self.use_folder)
        page.restored.connect(self._restored)
        self._help_on(page)
        self._present(page)

    def _help_on(self, page: QWidget) -> None:
        def show() -> None:
            from desktop.services.manual import topic_of
            from desktop.ui.manual import ManualDialog  # not before it is first asked for

            ManualDialog(page, topic_of("forms", "", "", type(page).__name__)).open()

        shortcut(page, "F1", "手册", show)

    def _end_trial(self) -> None:
        self.use_folder(default_store())

    def _restored(self, restored: "Restored") -> None:
        """Ask for the password of the data that were restored, and say where the former ones are."""
        from desktop.ui.widgets.dialogs import inform

        self.folder = restored.folder
        self._show_login("数据已恢复。请用做备份时的密码打开；忘记了，点“忘记密码”，用恢复码设新密码。")
        if restored.former is not None:
            inform(
                self,
                "数据已恢复",
                "原来的数据没有删除，改名放在这里：",
                str(restored.former),
                "确认不再需要后可自行删除。",
            )

    def use_folder(self, folder: Path) -> None:
        """Turn to another store folder."""
        self.folder = folder
        if (folder / DATABASE).is_file():
            self._show_login()
        else:
            self._show_setup()

    # ---- an open store ----
    def enter(self, store: "Store", first: tuple[str, str] | None = None, said: str = "") -> None:
        """Show the pages of `store`; `first` is (area, tab) to begin with, `said` what was done to get in."""
        from desktop.logs import log_to
        from desktop.ui.last_login import note_last
        from desktop.ui.pages import pages_for

        areas = pages_for(store.kind.value)
        self.store, self.folder = store, store.folder
        note_last(store.vault.vault_id, store.actor)
        if store.look is None:
            log_to(store.folder / LOGS)
        self.store_opened.emit(store.folder)

        def read(_progress: Progress) -> tuple[str, str, bool, int]:
            from desktop.models.history import SettingName  # SQLAlchemy: not before the first window
            from desktop.services.access.users import UserService
            from desktop.services.years import year_of_work

            import_module("desktop.ui.main_window")  # takes its time, and more with what the first page brings
            areas[0].tabs[0].bring()
            idle = store.setting(SettingName.IDLE_MINUTES, str(IDLE_MINUTES))
            code_due = store.look is None and UserService(store).code_due
            return store.setting(SettingName.NAME), idle, code_due, year_of_work(store)

        def show(settings: tuple[str, str, bool, int]) -> None:
            from desktop.ui.main_window import SAMPLE, Shell

            name, idle, code_due, year = settings
            self._idle_minutes = int(idle) if idle.isdigit() else IDLE_MINUTES
            if is_sample(store.folder):
                name = f"{SAMPLE}{name}"
            shell = self._coming = Shell(store, name, areas, year, waits=True)
            shell.lock_requested.connect(self.lock)
            shell.branch_requested.connect(self.open_branch)
            shell.desk.exchange_requested.connect(self.give_way)
            shell.renamed.connect(lambda words: self.setWindowTitle(f"{words} — 支部工作台"))
            where = {"kind": "import"} if first == FIRST_IMPORT else {}
            self._in_turn(
                lambda: shell.begin(*(first or self._place), **where),  # the last seen may be of the other kind
                lambda: arrive(shell, name, code_due=code_due),
            )

        def arrive(shell: "Shell", name: str, *, code_due: bool) -> None:
            self.shell, self._coming = shell, None
            self._present(shell)
            shell.stand()
            self.setWindowTitle(f"{name} — 支部工作台")
            if code_due:  # locked, or ended, before it was written down; nobody knows it, so there is another
                shell.desk.open(*CODE, code_due=True)
            shell.read_head()
            shell.begin_day()
            words = said or self._updated(store.folder)
            if words:
                shell.say(words, None, "")
            self.take(self._arrived)
            self._last_tick = time.time()
            self._watch.start()
            self.presence.begin()

        def failed(error: Exception) -> None:
            from desktop.ui.dialogs import show_error

            show_error(self, error)  # while the log lies beside the store
            self._leave()
            self._show_login()

        self.tasks.run(self, read, show, failed)

    def _in_turn(self, *steps: Callable[[], object]) -> None:
        """Take each step in a turn of its own, so that no turn is long; none once the store was left meanwhile."""
        coming = self._coming

        def take() -> None:
            if self._coming is not coming or coming is None:
                return
            steps[0]()
            self._in_turn(*steps[1:])

        if steps:
            QTimer.singleShot(0, self, take)

    def _updated(self, store: Path) -> str:
        """Say once, after an update, that this is the new program; from now on it is the one that stays."""
        if not updates_folder().is_dir():
            return ""
        from desktop.services.updates.starting import opened

        version = opened(store)
        return f"已更新到 {version}。" if version else ""

    def give_way(self, update: Path) -> None:
        """Close, and let an update that is ready take the place of this program."""
        self.exchange = update
        if not self.close():
            self.exchange = None

    def open_branch(self, branch: str, place: dict[str, Any]) -> None:
        """Show over the pages of headquarters the desk of a branch, to read what it sent."""
        shell, store = self.shell, self.store
        if shell is None or store is None or self.branch is not None:
            return

        def work(_progress: Progress) -> "BranchStore":
            from desktop.services.sync.branch_store import branch_store, note_reading

            read = branch_store(store, branch)
            note_reading(read)
            return read

        def show(read: "BranchStore") -> None:
            from desktop.ui.headquarters.branch_desk import BranchShell

            if self.branch is not None:  # asked for twice
                read.close()
                return
            self.branch = BranchShell(read, shell.desk.year)
            self.branch.lock_requested.connect(self.lock)
            self.branch.left.connect(self.leave_branch)
            self.branch.correction_asked.connect(self.ask_to_correct)
            self._stack.addWidget(self.branch)
            self._stack.setCurrentWidget(self.branch)
            self.branch.show_place(place)

        shell.desk.tasks.run(shell, work, show, unclaimed=close_again)

    def leave_branch(self) -> None:
        """Go back from the desk of a branch to the page of headquarters that led there."""
        if self.branch is None or not self.branch.may_close():
            return
        read, self.branch = self.branch, None
        read.close_desk()
        self._stack.removeWidget(read)
        read.deleteLater()

    def ask_to_correct(self, where: dict[str, Any]) -> None:
        """Go back from the desk of a branch to the form that asks it to correct a record."""
        self.leave_branch()
        if self.shell is not None and self.branch is None:
            self.shell.desk.open("send", "remarks", **where)

    def lock(self) -> None:
        """Close the store, forget its key, and show the log-in: what was typed is kept in drafts first."""
        if self.shell is None or not self.may_leave():
            return
        self._place = self.shell.place()
        self._leave()
        self._show_login("已锁定。")
        self._forgetting = None
        self._forget_timer.start(FORGET_MS)

    @property
    def forgetting(self) -> bool:
        """Whether what the pages held is still to be written over."""
        return self._forget_timer.isActive()

    def _forget(self) -> None:
        """Write over what the pages held, step by step, once they are gone and until somebody works here again."""
        from desktop.models.wiping import overwriting_freed

        if self._forgetting is None:
            self._forgetting = overwriting_freed()
            self._forget_timer.start(0)
        coming_in = self.shell is not None or self._coming is not None or not self.tasks.idle()
        if coming_in or next(self._forgetting, _DONE) is _DONE:
            self._forget_timer.stop()
            self._forgetting = None

    def may_leave(self) -> bool:
        """Return whether nothing on screen would be lost."""
        return all(shell is None or shell.may_close() for shell in (self.branch, self.shell))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the store and remember the size, unless something on screen would be lost."""
        if not self.may_leave():
            event.ignore()
            return
        self.tasks.stop_all()
        self._leave()
        abandon = getattr(self._stack.currentWidget(), "abandon", None)  # an assistant that is not finished
        if abandon is not None:
            abandon()
        window_place.keep(self)
        event.accept()

    def place_on_screen(self) -> None:
        """Take the size of last time, else one that fits the screen."""
        room = QGuiApplication.primaryScreen().availableGeometry()
        within = room.height() - theme.TITLE_BAR
        self._allow(room.size())
        if window_place.take_up(self):
            return
        width, height = min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], within)
        self.resize(width, height)
        self.move(room.left() + (room.width() - width) // 2, room.top() + max(0, (within - height) // 2))

    def _allow(self, room: QSize) -> None:
        """Allow the window to be as small as the screen, however large the text is."""
        within = room.height() - theme.TITLE_BAR
        self.setMinimumSize(min(theme.SMALLEST[0], room.width()), min(theme.SMALLEST[1], within))

    def showEvent(self, event: QShowEvent) -> None:
        """Notice from now on when the window comes to another screen."""
        super().showEvent(event)
        self.windowHandle().screenChanged.connect(self._moved, Qt.ConnectionType.UniqueConnection)

    def _moved(self, screen: QScreen) -> None:
        """Fit the screen the window was moved to, and say so where it is too small for the chosen text."""
        room = screen.availableSize()
        self._allow(room)
        self.resize(self.size().boundedTo(room - QSize(0, theme.TITLE_BAR)))
        if self.shell is not None and theme.shown_scale_name() not in theme.fitting_scales(room):
            self.shell.say(TOO_LARGE.format(name=theme.shown_scale_name()), None, "")

    def _leave(self) -> None:
        self._watch.stop()
        self.presence.end()
        self.leave_branch()
        for shell in (self._coming, self.shell):
            if shell is not None:
                shell.close_desk()
        if self.store is not None:
            from desktop.logs import log_nowhere

            self.store_closed.emit()
            log_nowhere()
            self.store.close()
        self.store, self.shell, self._coming = None, None, None
        self.setWindowTitle("支部工作台")

    def _lock_if_idle(self) -> None:
        """Lock after idle minutes, and when the computer slept: the timer then comes much later than it was set."""
        slept = time.time() - self._last_tick > SLEPT_S
        self._last_tick = time.time()
        idle = self.presence.idle_seconds() > self._idle_minutes * 60
        if self.shell is None or not (idle or slept):
            return
        while (dialog := QApplication.activeModalWidget()) is not None:  # forgotten, it must not keep the store open
            dialog.hide()
            dialog.close()
        self.lock()

    def _present(self, page: QWidget) -> None:
        while self._stack.count():
            old = self._stack.widget(0)
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stack.addWidget(page)


def is_sample(folder: Path) -> bool:
    """Return whether the store in `folder` is one of the sample data."""
    return sample_folder().resolve() in folder.resolve().parents
