"""Fields that are seldom needed, folded behind one line (更多); what is filled in or refused is never hidden."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.buttons import link
from desktop.ui.widgets.fields import Field, FieldSet
from desktop.ui.widgets.layout import appear, col, row
from desktop.ui.widgets.typed import on_typing
from desktop.ui.widgets.words import text


class MoreFields(QWidget):
    """A set of fields behind its line. It opens by itself once one of them has a value, a draft or a refusal."""

    def __init__(self, fields: Sequence[tuple[str, Field]], columns: int = 1) -> None:
        super().__init__()
        self.set = FieldSet(fields, columns=columns)
        named = "、".join(field.label for _name, field in fields)
        self.line = link(f"更多（{len(fields)} 项）", self.unfold, "chevron-down")
        self.line.setAccessibleDescription(named)
        self._told = text(named, "small", wrap=True)
        self._line = QWidget()
        self._line.setLayout(row(self.line, (self._told, 1), gap=10))
        self.setLayout(col(self._line, self.set, gap=8))
        appear(self.set, False)
        for _name, field in fields:
            on_typing(field.control, self._look)
            field.fault_changed.connect(self._look)
        self._look()

    @property
    def folded(self) -> bool:
        """Whether only the line is there."""
        return self.set.isHidden()

    def unfold(self) -> None:
        """Show the fields, and put the cursor into the first where the line had it."""
        asked = self.line.hasFocus()
        appear(self._line, False)
        appear(self.set, True)
        if asked:
            next(iter(self.set.fields.values())).control.setFocus()

    def _look(self) -> None:
        fields = self.set.fields.values()
        if self.folded and any(
            field.fault() or field.unreadable() or field.read() not in (None, "", ()) for field in fields
        ):
            self.unfold()
