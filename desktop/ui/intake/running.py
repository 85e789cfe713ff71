"""What runs on the worker for an import: one thing at a time, the newest."""

from dataclasses import dataclass

from desktop.ui.tasks import Task


@dataclass(slots=True)
class Running:
    """The call that runs, and whether it writes: then nothing else may begin."""

    task: Task | None = None
    taking: bool = False

    def cancel(self) -> None:
        """Ask what runs to stop: something newer takes its place."""
        if self.task is not None:
            self.task.cancel()
