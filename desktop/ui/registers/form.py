"""The form of one row of any register, with its attachments and its history."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.models.registers import Field as Declared
from desktop.models.registers import Register
from desktop.services.errors import InvalidInput
from desktop.services.history import HistoryService
from desktop.services.progress import Progress
from desktop.services.registers import RegisterRow, RegisterService
from desktop.ui.attachments import AttachmentsPanel
from desktop.ui.dialogs import show_error
from desktop.ui.history import HistoryPanel
from desktop.ui.page import Desk, Page
from desktop.ui.registers.controls import Choices, LinesEdit, control_for, show_value
from desktop.ui.widgets import banner, box, button, col, row, scroll
from desktop.ui.widgets.fields import Field, FieldSet
from desktop.ui.widgets.layout import add, clear

NARROW = 760


class RegisterForm(Page):
    """Enter or change one row. `prefill` fills a new one; `record_id` opens one that is there."""

    def __init__(
        self, desk: Desk, register: Register, record_id: str | None = None, prefill: dict[str, Any] | None = None
    ) -> None:
        super().__init__(desk)
        self.register, self._record_id, self._prefill = register, record_id, dict(prefill or {})
        self.title = f"{'修改' if record_id else '登记'}{register.title}"
        self.registers = desk.service(RegisterService)
        self.fields: FieldSet | None = None
        self._rev: int | None = None
        self.save_button = button("保存", self.submit, "primary", "check")
        self.attachments = AttachmentsPanel(self, register.kind, record_id or "")
        self.history = HistoryPanel(self, self._read_history)
        self._sheet = col(gap=14, pad=(20, 16, 20, 16))
        holder = box(self._sheet, "card")
        holder.setMaximumWidth(980)
        form = scroll(row((holder, 1), gap=0, pad=(0, 0, 8, 0)))
        self._stack = QStackedWidget()
        for part in (form, self.attachments, self.history):
            self._stack.addWidget(part)
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))

    def tabs(self) -> Sequence[str]:
        """Attachments and history where the register has them."""
        return ("填写", "附件", "修改记录") if self.register.attachments else ("填写", "修改记录")

    def show_tab(self, index: int) -> None:
        """Show the form, the attachments or the history."""
        at = index if self.register.attachments or index == 0 else 2
        self._stack.setCurrentIndex(at)
        if at == 1:
            self.attachments.load()
        elif at == 2:
            self.history.load()

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The one primary action."""
        return (self.save_button,)

    def reload(self) -> None:
        """Read the choices, and the row if there is one, once."""
        if self.fields is not None:
            return

        def work(_progress: Progress) -> tuple[Choices, RegisterRow | None]:
            found = self.registers.row(self.register.kind, self._record_id) if self._record_id else None
            return self._choices(), found

        self.call(work, lambda got: self._build(*got))

    def submit(self) -> None:
        """Keep the row; a refusal stays at its field."""
        if self.fields is None or not self._readable():
            return
        values = self.fields.values()
        values = {name: None if value == "" else value for name, value in values.items()}
        record_id, rev = self._record_id, self._rev

        def refused(error: Exception) -> None:
            if isinstance(error, InvalidInput) and self.fields is not None:
                name = str(error.facts.get("name") or error.field)
                if self.fields.refuse(name, error.reason):
                    return
            show_error(self, error)

        self.call(
            lambda _progress: self.registers.save(self.register.kind, values, record_id, rev),
            self._saved,
            failed=refused,
            buttons=(self.save_button,),
        )

    def _saved(self, record_id: str) -> None:
        new = self._record_id is None
        self.desk.changed()
        self.desk.say(f"已{'登记' if new else '保存'}。")
        self.desk.back()

    def _readable(self) -> bool:
        assert self.fields is not None
        self.fields.calm()
        fine = self.fields.check_dates()
        for name, field in self.fields.fields.items():
            if isinstance(field.control, LinesEdit) and field.control.fault():
                self.fields.refuse(name, field.control.fault())
                fine = False
        return fine

    def _choices(self) -> Choices:
        found: dict[str, list[tuple[str, str]]] = {}
        for one in self.register.fields:
            if one.kind in ("choice", "ref", "tag"):
                found[one.name] = self.registers.choices(self.register.kind, one.name)
            for part in one.parts:
                if part.kind in ("choice", "ref"):
                    name = f"{one.name}.{part.name}"
                    found[name] = self.registers.choices(self.register.kind, name)
        return found

    def _build(self, choices: Choices, found: RegisterRow | None) -> None:
        short = [one for one in self.register.fields if one.kind not in ("long", "lines")]
        long = [one for one in self.register.fields if one.kind in ("long", "lines")]
        columns = 2 if self.width() >= NARROW else 1
        made = {one.name: self._field(one, choices) for one in self.register.fields}
        narrow = FieldSet([(one.name, made[one.name]) for one in short], columns=columns)
        wide = FieldSet([(one.name, made[one.name]) for one in long])
        self.fields = narrow
        self.fields.fields = {**narrow.fields, **wide.fields}
        clear(self._sheet)
        if self.register.hint:
            add(self._sheet, banner("wait", "info-circle", self.register.hint))
        add(self._sheet, narrow)
        if long:
            add(self._sheet, wide)
        add(self._sheet, ...)
        values = dict(found.values) if found else {**self._defaults(), **self._prefill}
        self._rev = found.rev if found else None
        for one in self.register.fields:
            if values.get(one.name) is not None:
                show_value(made[one.name].control, one, values[one.name])
        self._first_empty(made)

    def _defaults(self) -> dict[str, Any]:
        defaults: dict[str, Any] = {}
        for one in self.register.fields:
            default = self.register.model.__table__.columns[one.name].default
            if default is not None and getattr(default, "is_scalar", False):
                defaults[one.name] = default.arg
            elif one.name == "year":
                defaults[one.name] = self.desk.year
        if self.register.date_field:
            defaults[self.register.date_field] = self.desk.store.today
        return defaults

    def _first_empty(self, made: dict[str, Field]) -> None:
        for one in self.register.fields:
            if made[one.name].read() in (None, "", ()):
                made[one.name].control.setFocus()
                return

    def _field(self, one: Declared, choices: Choices) -> Field:
        return Field(one.label, control_for(one, choices), required=one.required, note=one.help)

    def _read_history(self) -> Any:
        if self._record_id is None:
            return []
        return self.desk.service(HistoryService).of(self.register.kind, self._record_id)
