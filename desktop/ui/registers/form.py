"""The form of one row of any register, with its attachments and its history."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.models.registers import Register, RegisterField, declared
from desktop.services.history import ChangeRow, HistoryService
from desktop.services.registers import RegisterRow, RegisterService
from desktop.ui.attachments import AttachmentsPanel
from desktop.ui.drafting import Drafting
from desktop.ui.history import HistoryPanel
from desktop.ui.page import Desk, Page
from desktop.ui.places import asked_period
from desktop.ui.registers.controls import Choices, control_for, show_value
from desktop.ui.widgets import banner, box, button, col, row, scroll
from desktop.ui.widgets.fields import Choice, Field, FieldSet, count_faults
from desktop.ui.widgets.layout import Turning, add, clear
from desktop.ui.widgets.looking import look_only

NARROW = 760
Keeping = Callable[[Mapping[str, object], str | None, int | None], str]
"""Keeps the values of a new row, or of the row of an id as it was at a revision; returns the id."""

FIRST = {"member": ("党员", ("members", "roster")), "branch": ("支部", ("home", "home"))}
"""What is kept first where it is no register, and where."""


class RegisterForm(Page):
    """Enter or change one row. `prefill` fills a new one; `record_id` opens one that is there."""

    def __init__(
        self, desk: Desk, register: Register, record_id: str | None = None, prefill: dict[str, object] | None = None
    ) -> None:
        super().__init__(desk)
        self.register, self._record_id, self._prefill = register, record_id, dict(prefill or {})
        self.looks = record_id is not None and not desk.may_write(register.kind)
        self.title = f"{'' if self.looks else '修改' if record_id else '登记'}{register.title}"
        self._asked = asked_period(self._prefill, desk.store.today)
        self._lacking: tuple[RegisterField, ...] = ()  # what has to be chosen, though nothing is there to choose
        self._first_things = col(gap=8)
        self.registers = desk.service(RegisterService)
        self.fields: FieldSet | None = None
        self.drafting: Drafting | None = None
        self.save_button = desk.offered(register.kind, button("保存", self.submit, "primary", "check"))
        self.attachments = AttachmentsPanel(self, register.kind, record_id or "")
        self.history = HistoryPanel(self, self._read_history)
        self._sheet = col(gap=14, pad=(20, 16, 20, 16))
        holder = box(self._sheet, "card")
        holder.setMaximumWidth(980)
        form = scroll(row((holder, 1), gap=0, pad=(0, 0, 8, 0)))
        self._stack = Turning()
        for part in (form, self.attachments, self.history):
            self._stack.addWidget(part)
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))

    def tabs(self) -> Sequence[str]:
        """Attachments and history where the register has them."""
        return (self.first_tab, *(("附件",) if self.register.attachments else ()), "修改记录")

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
            if self._lacking:
                self.read(lambda: self._choices(None), self._offer_again)
            return

        def work() -> tuple[Choices, RegisterRow | None, Mapping[str, object]]:
            record = self.registers.row(self.register.kind, self._record_id) if self._record_id else None
            starts = {} if record else {**self.registers.starts(self.register.kind), **self.proposed()}
            return self._choices(record), record, starts

        self.read(work, lambda got: self._build(*got))

    def submit(self) -> None:
        """Keep the row; a refusal stays at its field."""
        if self.fields is None or self.drafting is None:
            return
        self.fields.calm()
        if not self.fields.check(required=True):
            return
        record_id, rev = self._record_id, self.drafting.rev
        values = self.fields.changed() if record_id else self.fields.values()
        values = {name: None if value == "" else value for name, value in values.items()}
        keep = self.keeping()
        self.act(
            lambda: keep(values, record_id, rev),
            "已保存。" if record_id else "已登记。",
            then=self._saved,
            fields=(self.fields,),
            again=self.submit,
            buttons=(self.save_button,),
        )

    def _saved(self, record_id: str) -> None:
        waiting = self.attachments.waiting
        if waiting is None or not waiting.files:
            self.desk.back()
            return
        self._record_id, self.tab = record_id, 1
        self.show_tab(1)
        self.head_changed.emit()
        self.attachments.keep_waiting(record_id, lambda: self.desk.back() if self.isVisible() else None)

    def keeping(self) -> Keeping:
        """Return what keeps the values; a kind of row that changes more than itself has a form of its own."""
        return partial(self.registers.save, self.register.kind)

    def proposed(self) -> Mapping[str, object]:
        """Return what a new row starts from beside what every one does; read beside the window."""
        return {}

    def beside(self) -> Sequence[QWidget]:
        """Return what such a form asks below its fields."""
        return ()

    def _choices(self, record: RegisterRow | None) -> Choices:
        choices: dict[str, list[tuple[str, str]]] = {}
        for field in self.register.fields:
            if field.kind in ("choice", "code", "ref", "tag"):
                choices[field.name] = self.registers.choices(self.register.kind, field.name, record)
            for part in field.parts:
                if part.kind in ("choice", "ref"):
                    name = f"{field.name}.{part.name}"
                    choices[name] = self.registers.choices(self.register.kind, name, record)
        return choices

    def _build(self, choices: Choices, record: RegisterRow | None, starts: Mapping[str, object]) -> None:
        short = [field for field in self.register.fields if field.kind not in ("long", "lines")]
        long = [field for field in self.register.fields if field.kind in ("long", "lines")]
        columns = 2 if self.width() >= NARROW else 1
        made = {field.name: self._field(field, choices) for field in self.register.fields}
        narrow = FieldSet([(field.name, made[field.name]) for field in short], columns=columns)
        wide = FieldSet([(field.name, made[field.name]) for field in long])
        self.fields = narrow
        self.fields.fields = {**narrow.fields, **wide.fields}
        clear(self._sheet)
        if self.register.hint:
            add(self._sheet, banner("wait", "info-circle", self.register.hint))
        add(self._sheet, self._first_things)
        add(self._sheet, narrow)
        if long:
            add(self._sheet, wide)
        for part in () if self.looks else self.beside():
            add(self._sheet, part)
        add(self._sheet, ...)
        values = dict(record.values) if record else {**self._defaults(), **starts, **self._given(), **self._subject()}
        for field in self.register.fields:
            if values.get(field.name) is not None:
                show_value(made[field.name].control, field, values[field.name])
        self._keep_draft(record.rev if record else None)
        if self.looks:
            for part in (narrow, wide):
                look_only(part)
            return
        self._tell_lacking(choices)
        self._first_empty(made)

    def _given(self) -> dict[str, object]:
        """Return what a gap fills in; days come as text."""
        days = {field.name for field in self.register.fields if field.kind == "date"}
        return {
            name: date.fromisoformat(value) if name in days and isinstance(value, str) else value
            for name, value in self._prefill.items()
        }

    def _subject(self) -> dict[str, object]:
        """Return whom, and which kind of record, a gap speaks of, under the names the fields have here."""
        out: dict[str, object] = {}
        people = [field.name for field in self.register.fields if field.ref == "member"]
        subject = next((field for field in self.register.fields if field.name == self.register.subject), None)
        name = subject.name if subject is not None and subject.ref else people[0] if len(people) == 1 else ""
        if name and self._prefill.get("subject"):
            out[name] = self._prefill["subject"]
        out |= (
            {field.name: self._prefill["tag"] for field in self.register.fields if field.kind == "tag"}
            if (self._prefill.get("tag"))
            else {}
        )
        return out

    def _tell_lacking(self, choices: Choices) -> None:
        """Where a required field has nothing to choose from, say what is registered first, with the way there."""
        needed = [field for field in self.register.fields if field.required and field.kind == "ref"]
        self._lacking = tuple(field for field in needed if not choices[field.name])
        clear(self._first_things)
        for field in self._lacking:
            other = declared(field.ref or "")
            title = other.title if other is not None else FIRST[field.ref or ""][0]
            go = button(f"登记{title}", partial(self._register_first, other, field.ref or ""), "small")
            words = "登记以后回到这里接着填，已填的都在。"
            add(
                self._first_things,
                banner("part", "info-circle", f"还没有登记过{title}，“{field.label}”没有可选的", words, go),
            )

    def _register_first(self, other: Register | None, kind: str) -> None:
        if other is not None:
            self.desk.push(RegisterForm(self.desk, other))
        else:
            self.desk.open(*FIRST[kind][1])

    def _offer_again(self, choices: Choices) -> None:
        for field in self._lacking:
            control = self.fields.fields[field.name].control if self.fields is not None else None
            if isinstance(control, Choice):
                control.set_options([(None, "未填"), *choices[field.name]], control.value())
        self._tell_lacking(choices)

    def _keep_draft(self, rev: int | None) -> None:
        if self.fields is None:
            return
        self.drafting = Drafting.over(
            self, (self.fields,), f"register.{self.register.kind}", self._record_id or "", rev, needs=self.register.kind
        )
        self.drafting.reread.connect(self._reread)
        self._sheet.insertWidget(0, self.drafting)
        count_faults(self.save_button, self.fields.fields.values())

    def _reread(self) -> None:
        self.fields = None
        self.reload()

    def _defaults(self) -> dict[str, object]:
        defaults: dict[str, object] = {}
        for field in self.register.fields:
            if field.default is not None:
                defaults[field.name] = field.default
            elif field.name == "year":
                defaults[field.name] = self.desk.year
        if self.register.date_field and not self._asked:
            defaults[self.register.date_field] = self.desk.store.today
        return defaults

    def _first_empty(self, made: dict[str, Field]) -> None:
        for field in self.register.fields:
            if made[field.name].read() in (None, "", ()):
                made[field.name].control.setFocus()
                return

    def _field(self, field: RegisterField, choices: Choices) -> Field:
        control, note = control_for(field, choices), field.help
        if self._asked and field.name == self.register.date_field:
            note = f"补的是{self._asked}的，请填实际日期。"
        return Field(field.label, control, required=field.required, note=note)

    def _read_history(self) -> list[ChangeRow]:
        if self._record_id is None:
            return []
        return self.desk.service(HistoryService).of(self.register.kind, self._record_id)
