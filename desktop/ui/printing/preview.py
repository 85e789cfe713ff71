"""打印: a paper page by page as it will come out, and how it is to be printed; as a file in the second place."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from desktop.services.errors import InvalidInput
from desktop.services.progress import Progress
from desktop.ui import theme
from desktop.ui.printing.job import (
    LONG_EDGE,
    ONE_SIDE,
    SHORT_EDGE,
    Job,
    Size,
    draw_page,
    page_numbers,
    page_sizes,
    print_pages,
    printer_of,
    printers,
    sides,
)
from desktop.ui.printing.pages import STEPS, WHOLE, WIDTH, PageView
from desktop.ui.tasks import Task, TaskRunner
from desktop.ui.widgets import appear, banner, box, button, col, fixed, icon_button, row, scroll, set_text, text
from desktop.ui.widgets.counts import counter
from desktop.ui.widgets.dialogs import EDGES, FRAME, stand_over
from desktop.ui.widgets.fields import Choice, Field, edit
from desktop.ui.widgets.keys import shortcut
from desktop.ui.widgets.progress import ProgressStrip

LAST_PRINTER = "printer"
ALL, THIS, SOME = "all", "this", "some"
SIDES = {ONE_SIDE: "单面", LONG_EDGE: "双面，沿长边翻", SHORT_EDGE: "双面，沿短边翻"}
SIDE_WIDTH, LARGEST, MOST_COPIES = 236, (1120, 900), 99
NO_PRINTER = "可以存为 PDF，拿到有打印机的电脑上打印；装好打印机以后，关掉再打开这里。"
NO_PRINTER_SECRET = "请抄在纸上；它不存成文件。"


@dataclass(frozen=True, slots=True)
class Made:
    """A paper in memory. `replaced`: characters that no font here has, printed as 〓."""

    name: str
    pdf: bytes
    replaced: tuple[str, ...] = ()


class PreviewDialog(QDialog):
    """Shows a paper and prints it. `printed` brings the job that the printer took.

    `save` writes it to a file; without, it never becomes one. `note` is called on the worker before the printer gets
    anything: where it raises, nothing is printed.
    """

    printed = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        made: Made,
        tasks: TaskRunner,
        *,
        save: Callable[["PreviewDialog"], object] | None = None,
        note: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self.made, self._tasks, self._note, self._save = made, tasks, note, save
        self._sizes: tuple[Size, ...] = ()
        self._running: Task | None = None
        self.setWindowTitle(f"打印　{made.name}")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found = printers()
        usual = str(theme.settings().value(LAST_PRINTER, ""))
        self.printer = Choice("打印机", [(name, name) for name in found], usual)
        self.copies = counter("份数", 1, 1, MOST_COPIES)
        self.which = Choice("打印哪些页", [(ALL, "全部"), (THIS, "现在看的这一页"), (SOME, "指定的页")])
        self.pages = edit("页码", hint="如 1-3,5")
        self.pages_field = Field("页码", self.pages)
        self.duplex = Choice("单面或双面")
        self.view = PageView()
        self.zoom = Choice("缩放", self._zooms(), WHOLE, width=96)
        self.zoom_out = icon_button("minus", "缩小（Ctrl+-）", lambda: self._step(False))
        self.zoom_in = icon_button("plus", "放大（Ctrl+=）", lambda: self._step(True))
        self.place = text("", "sub")
        self.strip = ProgressStrip()
        self.print_button = button("打印", self.print, "primary", "printer")
        self.save_button: QPushButton | None = None
        if save is not None:
            self.save_button = button("另存为 PDF", self.save, "" if found else "primary", "download")
        copies_out = not found and save is None  # nothing can be done here but to copy it out by hand
        cancel = button("回去照着抄", self.reject, "primary") if copies_out else button("取消", self.reject)
        why = NO_PRINTER if save is not None else NO_PRINTER_SECRET
        parts = [
            *([] if found else [banner("wait", "printer", "这台电脑没有装打印机", why)]),
            settings := self._settings(),
            *([banner("part", "alert-triangle", _replaced(made.replaced))] if made.replaced else []),
        ]
        tools = row(self.zoom_out, self.zoom, self.zoom_in, ..., self.place, gap=6)
        side = fixed(scroll(col(*parts, ..., gap=12, pad=(0, 0, 8, 0))), SIDE_WIDTH)
        self.setLayout(
            col(
                row((col(box(tools), (self.view, 1), gap=6), 1), side, gap=16),
                row((box(col(self.strip)), 1), self.save_button, cancel, self.print_button, gap=8),
                gap=12,
                pad=(16, 12, 16, 14),
            )
        )
        for part in (self.print_button, settings):
            appear(part, bool(found))
        (self.print_button if found else self.save_button or cancel).setDefault(True)
        self._connect()
        self._sides()
        self._which()
        tasks.run(self, lambda _progress: page_sizes(made.pdf), self._measured)

    def setVisible(self, visible: bool) -> None:
        """Show on as much of the screen as helps, over the window."""
        if visible and not self.isVisible():
            room = self.screen().availableGeometry().adjusted(0, 0, -EDGES, -FRAME)
            size = QRect(0, 0, *LARGEST).size().boundedTo(room.size())
            self.resize(size)
            stand_over(self, self.parentWidget())
            self.view.setFocus()
        super().setVisible(visible)

    def print(self) -> None:
        """Send the pages to the printer; the dialog closes when it has them."""
        job = self._job()
        if job is None or self._running is not None:
            return
        printer, pdf, note = printer_of(job), self.made.pdf, self._note

        def work(progress: Progress) -> Job:
            note()
            print_pages(printer, pdf, job, progress)
            return job

        self._hold(True)
        self._running = self._tasks.run(self, work, self._printed, self._refused, self.strip.step)
        self.strip.begin("正在送往打印机", self._running.cancel, 1)

    def save(self) -> None:
        """Ask where, and write the paper to a file."""
        if self._save is not None and self._running is None:
            self._save(self)

    def reject(self) -> None:
        """Close; what is on its way to the printer is stopped."""
        if self._running is not None:
            self._running.cancel()
        super().reject()

    # inside

    def _settings(self) -> QWidget:
        self._duplex_field = Field("单面或双面", self.duplex)
        which, copies = Field("打印哪些页", self.which), Field("份数", self.copies)
        return box(col(Field("打印机", self.printer), which, self.pages_field, copies, self._duplex_field, gap=12))

    def _zooms(self) -> list[tuple[float, str]]:
        return [(WHOLE, "整页"), (WIDTH, "页宽"), *((step, f"{step:.0%}") for step in STEPS)]

    def _connect(self) -> None:
        self.printer.currentIndexChanged.connect(lambda _index: self._sides())
        self.which.currentIndexChanged.connect(lambda _index: self._which())
        self.zoom.activated.connect(lambda _index: self.view.set_zoom(self.zoom.value()))
        self.view.moved.connect(lambda _page: self._place())
        self.view.wanted.connect(self._draw)
        for keys, words, action in (
            ("Ctrl+P", "打印", self.print),
            ("Ctrl+S", "另存为 PDF", self.save),
            ("Ctrl+=", "放大", lambda: self._step(True)),
            ("Ctrl++", "放大", lambda: self._step(True)),
            ("Ctrl+-", "缩小", lambda: self._step(False)),
        ):
            shortcut(self, keys, words, action)

    def _measured(self, sizes: tuple[Size, ...]) -> None:
        self._sizes = sizes
        self.view.set_pages(sizes)
        self._place()

    def _draw(self, number: int, scale: float) -> None:
        pdf = self.made.pdf
        self._tasks.run(
            self,
            lambda _progress: draw_page(pdf, number, scale),
            lambda picture: self.view.put(number, scale, picture),
        )

    def _place(self) -> None:
        if self._sizes:
            set_text(self.place, f"第 {self.view.current + 1} 页，共 {len(self._sizes)} 页")

    def _step(self, up: bool) -> None:
        zoom = self.view.step_zoom(up)
        self.view.set_zoom(zoom)
        self.zoom.set_value(zoom)

    def _sides(self) -> None:
        offered = sides(str(self.printer.value())) if self.printer.value() is not None else (ONE_SIDE,)
        self.duplex.set_options([(mode, SIDES[mode]) for mode in offered], self.duplex.value())
        appear(self._duplex_field, len(offered) > 1)

    def _which(self) -> None:
        appear(self.pages_field, self.which.value() == SOME)
        if self.which.value() == SOME:
            self.pages.setFocus()

    def _job(self) -> Job | None:
        which, name = self.which.value(), self.printer.value()
        if name is None or not self._sizes:
            return None
        try:
            some = page_numbers(self.pages.text(), len(self._sizes)) if which == SOME else ()
        except InvalidInput as error:
            self.pages_field.refuse(f"{error.reason}。")
            self.pages.setFocus()
            return None
        pages = {ALL: tuple(range(len(self._sizes))), THIS: (self.view.current,), SOME: some}[which]
        duplex: QPrinter.DuplexMode = self.duplex.value()
        return Job(str(name), self.made.name, pages, self.copies.value(), duplex)

    def _hold(self, busy: bool) -> None:
        for part in (self.print_button, self.save_button):
            if part is not None:
                part.setEnabled(not busy)

    def _printed(self, job: Job) -> None:
        self._running = None
        theme.settings().setValue(LAST_PRINTER, job.printer)
        self.printed.emit(job)
        self.accept()

    def _refused(self, error: Exception) -> None:
        from desktop.ui.dialogs import show_error

        self._running = None
        self.strip.end()
        self._hold(False)
        show_error(self, error)


def _replaced(characters: tuple[str, ...]) -> str:
    return f"“{''.join(characters)}”没有字形，印成〓，请手写补上。"


def said(job: Job) -> str:
    """Return what the window says of a job that the printer took."""
    copies = f"，{job.copies} 份" if job.copies > 1 else ""
    return f"已送到打印机“{job.printer}”：{len(job.pages)} 页{copies}"
