"""The recovery code to be written down: its groups, a printer, and two of them typed again."""

import random
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.ui import theme
from desktop.ui.widgets import Item, box, button, col, row, set_text, text
from desktop.ui.widgets.dialogs import stand_over

ASKED, IN_A_ROW = 2, 4


class RecoverySheet(QWidget):
    """Shows `code` once; `copied` says whether two groups of it, typed again, are right; `entered`: Enter in one."""

    entered = Signal()

    def __init__(self, code: str) -> None:
        from desktop.ui.widgets.fields import Field, FieldSet, edit  # the first window has none

        super().__init__()
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
            for cell in cells:
                cell.setAccessibleName("恢复码")
            lines.append(row(*((cell, 1) for cell in cells), gap=8))
        fields = [
            (str(number), Field(f"第 {number + 1} 组", edit(f"恢复码第 {number + 1} 组", hint="6 位数字")))
            for number in self.asked
        ]
        self.fields: FieldSet = FieldSet(fields, columns=ASKED)
        for number in self.asked:
            control = self.fields.fields[str(number)].control
            if isinstance(control, QLineEdit):
                control.textChanged.connect(partial(self._calm, number))
                control.returnPressed.connect(self.entered)
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
            if typed[str(number)] != self.groups[number]:
                self.fields.refuse(str(number), f"第 {number + 1} 组数字有误，请核对抄写的纸。")
                return False
        return True

    def _calm(self, number: int, typed: str) -> None:
        """Take the red sentence away when the group is right."""
        if typed.strip() == self.groups[number]:
            self.fields.fields[str(number)].refuse("")

    def print_code(self) -> None:
        """Print the code as one page, straight to a printer: it never becomes a file."""
        from PySide6.QtCore import QMarginsF
        from PySide6.QtGui import QPageLayout, QTextDocument
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

        if not QPrinterInfo.availablePrinterNames():
            set_text(self._printed, "这台电脑没有打印机，请抄在纸上。")
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageMargins(QMarginsF(25, 25, 25, 25), QPageLayout.Unit.Millimeter)
        dialog = QPrintDialog(printer, self)

        def draw() -> None:
            document = QTextDocument()
            document.setDefaultFont(theme.font(16))
            groups = "　".join(f"{number}. {group}" for number, group in enumerate(self.groups, start=1))
            document.setHtml(f"<h2>支部工作台 恢复码</h2><p>忘记密码时使用。请放入保险柜。</p><h3>{groups}</h3>")
            document.print_(printer)

        dialog.setModal(True)
        dialog.accepted.connect(draw)
        stand_over(dialog, self)
        dialog.show()
