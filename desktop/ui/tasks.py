"""Service calls off the GUI thread: one worker, so outcomes keep their order and SQLite keeps its one writer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.services.errors import Cancelled
from desktop.services.progress import Progress

T = TypeVar("T")
Failure = Callable[[Exception], object]


@dataclass(eq=False)
class Task:
    """One running service call: its owner may cancel it; the service reports to it."""

    owner: QWidget
    then: Callable[[Any], object]
    failed: Failure | None
    tick: Callable[["Task", int, int], None]
    step: Progress | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def __call__(self, done: int, total: int) -> None:
        if self.stop.is_set():
            raise Cancelled
        self.tick(self, done, total)

    def cancel(self) -> None:
        """Ask the call to stop at its next report."""
        self.stop.set()


class TaskRunner(QObject):
    """Runs service calls in order on one worker thread, and brings what they return back to the GUI thread."""

    progressed = Signal(object, int, int)
    busy_changed = Signal(bool)
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)
        self._tasks: set[Task] = set()
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self.progressed.connect(self._step, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QWidget,
        work: Callable[[Progress], T],
        then: Callable[[T], object],
        failed: Failure | None = None,
        step: Progress | None = None,
    ) -> Task:
        """Call `work(progress)` on the worker; it touches no widget.

        Back on the GUI thread its result goes to `then`, its error to `failed` (by default `show_error`), its progress
        to `step`. Nothing happens any more once `owner` is gone.
        """
        task = Task(owner, cast(Callable[[Any], object], then), failed, self.progressed.emit, step)

        def call() -> None:
            try:
                result = work(task)
            except Exception as error:  # noqa: BLE001 - carried to the GUI thread, where it becomes words or a report
                self._ended.emit(task, None, error)
            else:
                self._ended.emit(task, result, None)

        self._tasks.add(task)
        self.busy_changed.emit(True)
        self._pool.start(call)
        return task

    def idle(self) -> bool:
        """Return whether nothing is running or waiting."""
        return not self._tasks

    def stop_all(self) -> None:
        """Ask every call to stop and wait until the worker is free: for closing the store."""
        for task in self._tasks:
            task.cancel()
        self._pool.waitForDone()

    def _step(self, task: Task, done: int, total: int) -> None:
        if task.step is not None and isValid(task.owner) and task in self._tasks:
            task.step(done, total)

    def _deliver(self, task: Task, result: object, error: Exception | None) -> None:
        self._tasks.discard(task)
        self.busy_changed.emit(bool(self._tasks))
        if not isValid(task.owner):
            return
        if error is None:
            task.then(result)
        elif task.failed is not None:
            task.failed(error)
        else:
            from desktop.ui.dialogs import show_error

            show_error(task.owner, error)
