"""The recovery code to be written down: its groups, a printer, and two of them typed again."""

import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.services.progress import Progress
from desktop.ui.printing.coming import Coming
from desktop.ui.tasks import TaskRunner
from desktop.ui.widgets import Item, box, button, col, row, set_text, text

if TYPE_CHECKING:
    from desktop.ui.printing.preview import Made

ASKED, IN_A_ROW = 2, 4


class RecoverySheet(QWidget):
    """Shows `code` once; `copied` says whether two groups of it, typed again, are right; `entered`: Enter in one.

    `tasks` make its page and print it; `owner` tells them whose data it opens.
    """

    entered = Signal()

    def __init__(self, code: str, tasks: TaskRunner, owner: Callable[[], str]) -> None:
        from desktop.ui.widgets.fields import Field, FieldSet, edit  # the first window has none

        super().__init__()
        self._tasks, self._owner, self._being_made = tasks, owner, False
        self.groups = tuple(code.split("-"))
        self.asked = tuple(sorted(random.sample(range(len(self.groups)), ASKED)))
        lines: list[Item] = []
        for start in range(0, len(self.groups), IN_A_ROW):
            cells = [
                box(
                    col(text(f"第 {start + place + 1} 组", "small"), text(group, "code"), gap=2, pad=(10, 6, 10, 6)),
                    "soft",
                )
                for place, group in enumerate(self.groups[start : start + IN_A_ROW])
            ]
            for place, cell in enumerate(cells, start=start + 1):
                cell.setAccessibleName(f"恢复码第 {place} 组")
            lines.append(row(*((cell, 1) for cell in cells), gap=8))
        fields = [
            (str(number), Field(f"第 {number + 1} 组", edit(f"恢复码第 {number + 1} 组", hint="6 位数字")))
            for number in self.asked
        ]
        self.fields: FieldSet = FieldSet(fields, columns=ASKED)
        self.fields.enter(self.entered.emit)
        self._printed = text("", "small", wrap=True)
        self.print_button = button("打印", self.print_code, "", "printer")
        self.setLayout(
            col(
                *lines,
                row(self.print_button, (self._printed, 1)),
                text("再输入其中两组，确认抄对了。", "sub", wrap=True),
                self.fields,
                gap=10,
            )
        )

    def copied(self) -> bool:
        """Return whether both groups were typed right; the first wrong one is refused at its field."""
        self.fields.calm()
        typed = self.fields.values()
        for number in self.asked:
            right = self.groups[number]
            if typed[str(number)] != right:
                self.fields.refuse(str(number), f"第 {number + 1} 组数字有误，请核对抄写的纸。", right=right)
                return False
        return True

    def print_code(self) -> None:
        """Show the code as one page, to be printed from there: it never becomes a file."""
        from desktop.services.clock import now
        from desktop.ui.dialogs import show_error

        if self._being_made:  # pressed once more, for nothing is seen of it yet
            return
        code, on, owner = "-".join(self.groups), now().date(), self._owner
        coming = Coming(self)

        def work(_progress: Progress) -> "Made":
            from desktop.services.archive.recovery_code import TITLE, recovery_paper  # reportlab
            from desktop.ui.printing.preview import Made

            return Made(TITLE, recovery_paper(code, on, owner()))

        def made(paper: "Made") -> None:
            self._being_made = False
            coming.bring(partial(self._show, paper), lambda: None)

        def failed(error: Exception) -> None:
            self._being_made = False
            show_error(self, error)

        self._being_made = True
        self._tasks.run(self, work, made, failed)

    def _show(self, made: "Made") -> None:
        from desktop.ui.printing.preview import PreviewDialog, said

        dialog = PreviewDialog(self, made, self._tasks)
        dialog.printed.connect(lambda job: set_text(self._printed, said(job)))
        dialog.open()
