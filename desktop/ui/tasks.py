"""Service calls off the GUI thread: one worker, so outcomes keep their order and SQLite keeps its one writer.

Nothing of Qt may be destroyed on the worker. Two things see to that: what a call holds on to is kept here and let go
of on the GUI thread; and Python's cycle collector, which runs in whatever thread allocates, is run by a GUI timer.
"""

import gc
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol, TypeVar, cast

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.services.errors import Cancelled
from desktop.services.progress import Progress

T = TypeVar("T")
Failure = Callable[[Exception], object]
COLLECT_MS = 300


class Closable(Protocol):
    """What has to be closed by whoever opened it, like a store."""

    def close(self) -> None:
        """Let go of what it holds."""


def close_again(opened: Closable) -> None:
    """Close what was opened for somebody who left meanwhile: it would stay locked, and end as after a crash."""
    opened.close()


class _Collector(QObject):
    """Runs the cycle collector from a timer of the GUI thread, as often as its thresholds ask."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("collector")
        gc.disable()
        timer = QTimer(self)
        timer.setInterval(COLLECT_MS)
        timer.timeout.connect(self._collect)
        timer.start()

    def _collect(self) -> None:
        generations = [number for number in range(3) if gc.get_count()[number] > gc.get_threshold()[number]]
        if generations:
            gc.collect(generations[-1])


def collect_on_gui_thread() -> None:
    """See that cycles are collected on the GUI thread only, from now on. Once for each application."""
    app = QCoreApplication.instance()
    if app is not None and app.findChild(_Collector, "collector") is None:
        _Collector(app)


@dataclass(eq=False)
class Task:
    """One running service call: its owner may cancel it; the service reports to it."""

    owner: QWidget
    then: Callable[[Any], object]
    failed: Failure | None
    tick: Callable[["Task", int, int], None]
    step: Progress | None = None
    unclaimed: Callable[[Any], object] | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def __call__(self, done: int, total: int) -> None:
        if self.stop.is_set():
            raise Cancelled
        self.tick(self, done, total)

    def cancel(self) -> None:
        """Ask the call to stop at its next report."""
        self.stop.set()


@dataclass(eq=False)
class _Job:
    """What one call needs and what became of it. Only the GUI thread takes it out of the runner's table."""

    task: Task
    work: Callable[[Progress], Any]
    result: Any = None
    error: Exception | None = None


class TaskRunner(QObject):
    """Runs service calls in order on one worker thread, and brings what they return back to the GUI thread."""

    busy_changed = Signal(bool)
    _progressed = Signal(int, int, int)
    _ended = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        collect_on_gui_thread()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)
        self._jobs: dict[int, _Job] = {}
        self._numbers = count(1)
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._progressed.connect(self._step, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QWidget,
        work: Callable[[Progress], T],
        then: Callable[[T], object],
        failed: Failure | None = None,
        step: Progress | None = None,
        unclaimed: Callable[[T], object] | None = None,
    ) -> Task:
        """Call `work(progress)` on the worker; it touches no widget.

        Back on the GUI thread its result goes to `then`, its error to `failed` (by default `show_error`), its progress
        to `step`. Nothing happens any more once `owner` is gone, but that a result which has to be closed goes to
        `unclaimed`, as it does where all was stopped.
        """
        number = next(self._numbers)

        def tick(_task: Task, done: int, total: int) -> None:
            self._progressed.emit(number, done, total)

        task = Task(
            owner,
            cast(Callable[[Any], object], then),
            failed,
            tick,
            step,
            cast(Callable[[Any], object] | None, unclaimed),
        )
        self._jobs[number] = _Job(task, work)
        self.busy_changed.emit(True)
        self._pool.start(lambda: self._call(number))
        return task

    def idle(self) -> bool:
        """Return whether nothing is running or waiting."""
        return not self._jobs

    def stop_all(self) -> None:
        """Ask every call to stop and wait until the worker is free: for closing the store.

        What the calls brought is nobody's any more: a page or message that came now would outlive the window.
        """
        for job in list(self._jobs.values()):
            job.task.cancel()
        self._pool.waitForDone()
        if self._jobs:
            for job in self._jobs.values():
                self._give_up(job)
            self._jobs.clear()
            self.busy_changed.emit(False)

    def _call(self, number: int) -> None:
        """Do one call on the worker. When it ends, this frame holds nothing but the number."""
        self._work(self._jobs[number])
        self._ended.emit(number)

    @staticmethod
    def _work(job: _Job) -> None:
        try:
            job.result = job.work(job.task)
        except Exception as error:  # noqa: BLE001 - carried to the GUI thread, where it becomes words or a report
            job.error = error

    @staticmethod
    def _give_up(job: _Job) -> None:
        """See to what a call brought when nobody is there any more to take it."""
        if job.result is not None and job.task.unclaimed is not None:
            job.task.unclaimed(job.result)

    def _step(self, number: int, done: int, total: int) -> None:
        job = self._jobs.get(number)
        if job is not None and job.task.step is not None and isValid(job.task.owner):
            job.task.step(done, total)

    def _deliver(self, number: int) -> None:
        job = self._jobs.pop(number, None)
        if job is None:  # all was stopped meanwhile
            return
        self.busy_changed.emit(bool(self._jobs))
        task, error = job.task, job.error
        if not isValid(task.owner):
            self._give_up(job)
            return
        if error is None:
            task.then(job.result)
        elif task.failed is not None:
            task.failed(error)
        else:
            from desktop.ui.dialogs import show_error  # not before the first window is painted

            show_error(task.owner, error)
