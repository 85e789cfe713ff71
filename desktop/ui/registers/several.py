"""几个人一起加: members are ticked, and what they have in common is typed once."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.models.registers import RegisterField
from desktop.ui.registers.controls import Choices, control_for
from desktop.ui.widgets import EmptyState, fixed, link, row, scroll, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Field, FieldSet, edit
from desktop.ui.widgets.people import PeopleGrid
from desktop.ui.widgets.typed import typed

MANY, HEIGHT_OF_MANY = 60, 300


class SeveralDialog(Dialog):
    """Asks for members of `people` and for the other parts of a line of `field`.

    `chosen` brings the ids of the members, and by name what was typed into the other parts.
    """

    chosen = Signal(object, object)

    def __init__(
        self, parent: QWidget, field: RegisterField, people: Sequence[tuple[str, str]], choices: Choices
    ) -> None:
        self._field = field
        self.grid = PeopleGrid("人员", ("没选", "选了"))
        self.grid.set_people(people)
        self._people = dict(people)
        self._sounds: dict[str, str] = {}
        self.needle = edit("找人", hint="姓名或拼音首字母，Enter 选上", width=240)
        self.needle.setClearButtonEnabled(True)
        self.needle.textChanged.connect(self._look)
        self.count = text("", "sub")
        others = [part for part in field.parts if part.ref != "member"]
        self.fields = FieldSet(
            [(part.name, Field(f"每人{part.label}", control_for(part, choices, f"{field.name}."))) for part in others],
            columns=2,
        )
        every = link("全选", lambda: self.grid.tick_all(True))
        nobody = link("全不选", lambda: self.grid.tick_all(False))
        names: QWidget = self.grid
        if not people:
            names = EmptyState("users", "名册上的人都已经在表里了。")
        elif len(people) > MANY:
            names = fixed(scroll(self.grid), height=HEIGHT_OF_MANY)
        head = row(self.needle, self.count, ..., every, nobody, gap=12)
        super().__init__(
            parent.window(), f"{field.label}：几个人一起加", head, names, self.fields, verb="加入", wide=True
        )
        self.needle.installEventFilter(self)
        self.grid.changed.connect(self._tell)
        self._tell()
        self.needle.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tick with Enter who is found, so that names are typed one after the other and nothing is handed over yet."""
        key = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else 0
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and watched is self.needle and self.needle.text().strip():
            found = self._found(self.needle.text())
            if found:
                self.grid.tick(found[0], True)
                self.needle.clear()
            return True
        return super().eventFilter(watched, event)

    def _look(self, words: str) -> None:
        self.grid.show_only(self._found(words) if words.strip() else None)

    def _found(self, words: str) -> list[str]:
        """Return whose name holds `words`, or is written so in Latin letters; best first who begins with them."""
        from desktop.services.search.words import folded, sounds, typed_sounds  # pypinyin: not before it is typed

        typed, spelled = folded(words.strip()), typed_sounds(words.strip())
        if spelled and not self._sounds:
            self._sounds = {key: sounds(name) for key, name in self._people.items()}
        found = [
            key
            for key, name in self._people.items()
            if typed in folded(name) or (spelled and f" {spelled}" in self._sounds[key])
        ]
        return sorted(found, key=lambda key: not self._begins(key, typed, spelled))

    def _begins(self, key: str, typed: str, spelled: str) -> bool:
        return self._people[key].startswith(typed) or (bool(spelled) and self._sounds[key].startswith(f" {spelled}"))

    def submit(self) -> None:
        """Hand over who was ticked with what was typed; a number that is none stays at its field."""
        self.fields.calm()
        if not self.grid.ticked() or not self._readable():
            return
        shared: Mapping[str, object] = {name: typed(field.control) for name, field in self.fields.fields.items()}
        self.chosen.emit(self.grid.ticked(), shared)
        self.accept()

    def _readable(self) -> bool:
        from desktop.services.errors import InvalidInput
        from desktop.services.registers.values import RowNames, understand

        for part in self._field.parts:
            if part.kind in ("integer", "number") and part.name in self.fields.fields:
                try:
                    understand(part, self.fields.fields[part.name].read(), RowNames())
                except InvalidInput as error:
                    return not self.fields.refuse(part.name, error.reason)
        return self.fields.check()

    def _tell(self) -> None:
        number = len(self.grid.ticked())
        self.count.setText(f"已选 {number} 人")
        self.verb.setText(f"加入 {number} 人" if number else "加入")
        self.verb.setEnabled(bool(number))
