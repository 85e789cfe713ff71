"""The control that a declared field gets in a form, and the small table for fields that hold lines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.models.registers import RegisterField
from desktop.services.dues.words import yuan
from desktop.services.numbers import digits
from desktop.services.registers.values import RowNames, show
from desktop.ui.widgets import box, col, fixed, icon_button, link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, edit, memo, read, show_in_view
from desktop.ui.widgets.layout import appear, clear
from desktop.ui.widgets.typed import on_typing, type_again, typed

Choices = Mapping[str, Sequence[tuple[str, str]]]
"""RegisterField name (or field.part) -> (value, name) of everything it may hold."""


def control_for(field: RegisterField, choices: Choices, prefix: str = "") -> QWidget:
    """Return the control for `field`; its choices stand in `choices` under its name."""
    options = choices.get(prefix + field.name, ())
    if field.kind == "lines":
        return LinesEdit(field, choices)
    if field.kind in ("choice", "code", "ref", "tag"):
        return Choice(field.label, [(None, "未填"), *options])
    if field.kind == "yes_no":
        return Choice(field.label, [(None, "未填"), (True, "是"), (False, "否")])
    if field.kind == "date":
        return DateEdit(field.label)
    if field.kind == "long":
        return memo(field.label)
    return edit(field.label)


def show_value(control: QWidget, field: RegisterField, value: object) -> None:
    """Put a stored `value` into the control made for `field`."""
    if isinstance(control, LinesEdit):
        control.set_lines(value if isinstance(value, tuple | list) else ())
    elif isinstance(control, Choice):
        control.set_value(getattr(value, "value", value))
    elif isinstance(control, DateEdit):
        control.set_value(value if isinstance(value, date) else None)
    else:
        setter: Callable[[str], None] = getattr(control, "setPlainText", None) or control.setText  # type: ignore[attr-defined]
        setter(_typed(field, value))


def _typed(field: RegisterField, value: object) -> str:
    """Return `value` as a person would type it, with every digit it has."""
    if field.kind == "money" and isinstance(value, int):
        return yuan(value)
    if field.kind == "month":
        return show(field, value, RowNames())
    if isinstance(value, float):
        return digits(value)
    return "" if value is None else str(value)


class LinesEdit(QWidget):
    """Small rows under one another, one control per part, each row with a bin, and 加一行 below."""

    changed = Signal()

    def __init__(self, field: RegisterField, choices: Choices) -> None:
        super().__init__()
        self._field, self._choices = field, choices
        self._rows: list[dict[str, QWidget]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        for column, part in enumerate(field.parts):
            self._grid.setColumnStretch(column, 3 if part.kind == "text" else 2)
        self.add_link = link("加一行", self.add_line, "plus")
        self.add_link.setAccessibleName(f"{field.label}：加一行")
        who = next((part for part in field.parts if part.ref == "member"), None)
        self.several_link = link("几个人一起加", self.add_several, "users") if who is not None else None
        holder = box(self._grid)
        self.setLayout(col(holder, row(self.add_link, self.several_link, ..., gap=16), gap=6))
        self.setAccessibleName(field.label)
        self._arrange()

    def value(self) -> tuple[object, ...]:
        """Return the rows as their dataclass; rows left empty are not there."""
        item = self._field.item
        if item is None:
            return ()
        kept = []
        for controls in self._rows:
            values = {name: read(control) for name, control in controls.items()}
            filled = {name: value for name, value in values.items() if value not in (None, "")}
            if filled:
                kept.append(item(**{**filled, **self._numbers(filled)}))
        return tuple(kept)

    def fault(self) -> str:
        """Return why a part cannot be read, or ""."""
        from desktop.services.errors import InvalidInput
        from desktop.services.registers.values import RowNames, understand

        for number, controls in enumerate(self._rows, start=1):
            for part in self._field.parts:
                control = controls[part.name]
                if isinstance(control, DateEdit) and control.fault():
                    return f"第{number}行{part.label}：{control.fault()}"
                if part.kind in ("integer", "number") and read(control):
                    try:
                        understand(part, read(control), RowNames())
                    except InvalidInput as error:
                        return f"第{number}行{part.label}：{error.reason}"
        return ""

    def set_lines(self, lines: Sequence[object]) -> None:
        """Show `lines`, rows of the field's dataclass."""
        self._rows = []
        for line in lines:
            self._rows.append(self._controls())
            for part in self._field.parts:
                show_value(self._rows[-1][part.name], part, getattr(line, part.name))
        self._arrange()

    def typed(self) -> object:
        """Return every row as it was typed, also what cannot be read."""
        return [{name: typed(control) for name, control in controls.items()} for controls in self._rows]

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        self._rows = []
        for line in kept if isinstance(kept, list) else ():
            self._rows.append(self._controls())
            for name, words in line.items():
                if name in self._rows[-1]:
                    type_again(self._rows[-1][name], words)
        self._arrange()

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change of a row, and of how many there are."""
        self.changed.connect(then)

    def add_line(self) -> None:
        """Add an empty row, bring it into view and put the cursor into it."""
        self._rows.append(self._controls())
        self._arrange()
        for part in (self._grid.itemAt(number).widget() for number in range(self._grid.count())):
            appear(part, True)  # a layout shows what is new by an event of its own; only what is shown has a place
        first = next(iter(self._rows[-1].values()))
        first.setFocus()
        show_in_view(first)

    def add_several(self) -> None:
        """Ask for some members and what they have in common: a row for each."""
        from desktop.ui.registers.several import SeveralDialog

        who = next(part for part in self._field.parts if part.ref == "member")
        there = {read(controls[who.name]) for controls in self._rows}
        offered = [(key, name) for key, name in self._choices[f"{self._field.name}.{who.name}"] if key not in there]
        dialog = SeveralDialog(self, self._field, offered, self._choices)
        dialog.chosen.connect(lambda people, shared: self._add_people(who.name, people, shared))
        dialog.open()

    def _add_people(self, who: str, people: Sequence[str], shared: Mapping[str, object]) -> None:
        self._rows = [controls for controls in self._rows if any(read(part) for part in controls.values())]
        for person in people:
            controls = self._controls()
            for name, kept in {who: person, **shared}.items():
                type_again(controls[name], kept)
            self._rows.append(controls)
        self._arrange()

    def _numbers(self, filled: Mapping[str, object]) -> dict[str, object]:
        from desktop.services.registers.values import RowNames, understand

        numbers = [part for part in self._field.parts if part.kind in ("integer", "number") and part.name in filled]
        return {part.name: understand(part, filled[part.name], RowNames()) for part in numbers}

    def _controls(self) -> dict[str, QWidget]:
        prefix = f"{self._field.name}."
        controls = {part.name: control_for(part, self._choices, prefix) for part in self._field.parts}
        for control in controls.values():
            on_typing(control, self.changed.emit)
        return controls

    def _remove(self, number: int) -> None:
        del self._rows[number]
        self._arrange()

    def _arrange(self) -> None:
        kept = {control for controls in self._rows for control in controls.values()}
        for control in kept:
            self._grid.removeWidget(control)
        clear(self._grid)
        if self._rows:
            for column, part in enumerate(self._field.parts):
                self._grid.addWidget(text(part.label, "small"), 0, column)
        for number, controls in enumerate(self._rows):
            for column, control in enumerate(controls.values()):
                self._grid.addWidget(control, number + 1, column)
            bin_button = icon_button("trash", f"删除第{number + 1}行", partial(self._remove, number))
            self._grid.addWidget(fixed(bin_button, 30, 30), number + 1, len(controls))
        self.changed.emit()
