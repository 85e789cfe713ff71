"""The form of a transfer: the ledger, and below it whether the roster is to follow."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QCompleter, QLineEdit, QWidget

from desktop.models.registers import Register
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.members.transferring import TransferService
from desktop.services.registers import RegisterRow
from desktop.services.transferring.here import OrdersHereService
from desktop.ui.page import Desk
from desktop.ui.registers.controls import Choices, show_value
from desktop.ui.registers.duty_check import DutyCheckForm
from desktop.ui.registers.form import Keeping, RegisterForm
from desktop.ui.widgets import text
from desktop.ui.widgets.fields import Choice


class TransferForm(RegisterForm):
    """Enter or change a transfer. The roster follows only where the box is ticked."""

    def __init__(
        self, desk: Desk, register: Register, record_id: str | None = None, prefill: dict[str, object] | None = None
    ) -> None:
        super().__init__(desk, register, record_id, prefill)
        self.on_roster = QCheckBox("同时更新名册")
        self._filled: dict[str, object] = {}  # what was filled in here and not typed, as the fields read

    def _build(self, choices: Choices, record: RegisterRow | None, starts: Mapping[str, object]) -> None:
        super()._build(choices, record, starts)
        if self.fields is None or self.looks:
            return
        for name in ("member_id", "direction"):
            control = self.fields.fields[name].control
            if isinstance(control, Choice):
                control.currentIndexChanged.connect(self._look_up)
        self.read(self.desk.service(OrdersHereService).known_branches, self._offer_branches)

    def _offer_branches(self, names: Sequence[str]) -> None:
        """Offer the other branches of headquarters while a party body is typed; any other may be typed too."""
        for name in ("from_org", "to_org"):
            control = self.fields.fields[name].control if self.fields is not None and names else None
            if isinstance(control, QLineEdit):
                offered = QCompleter(list(names), control)
                offered.setFilterMode(Qt.MatchFlag.MatchContains)
                control.setCompleter(offered)

    def _look_up(self) -> None:
        """Fill in what the roster knows of whom was chosen; what somebody typed stays."""
        if self.fields is None:
            return
        values = self.fields.values()
        member_id, direction = str(values["member_id"] or ""), values["direction"]
        if not member_id:
            return
        toward = TransferDirection(direction) if direction else None
        self.read(lambda: self.desk.service(TransferService).known(member_id, toward), self._fill)

    def _fill(self, known: Mapping[str, object]) -> None:
        for field in self.register.fields:
            made = self.fields.fields[field.name] if self.fields is not None else None
            if made is None or made.read() not in (None, "", self._filled.get(field.name)):
                continue
            if field.name in known or field.name in self._filled:
                show_value(made.control, field, known.get(field.name))
                self._filled[field.name] = made.read()

    def keeping(self) -> Keeping:
        """Keep the transfer, and the roster with it if it was asked for."""
        return partial(self.desk.service(TransferService).save, on_roster=self.on_roster.isChecked())

    def beside(self) -> Sequence[QWidget]:
        """The question, for whoever may write the roster."""
        if not self.desk.may_write("members"):
            return ()
        words = (
            "转出的在名册上改为“转出未回执”，填了回执日期的改为“已转出”；转入的填了回执日期就列入名册。不勾就只记台账。"
        )
        return (self.on_roster, text(words, "sub", wrap=True))


FORMS: dict[str, type[RegisterForm]] = {"transfer": TransferForm, "duty_check": DutyCheckForm}
"""Kinds of row with a form of their own."""


def form_of(
    desk: Desk, register: Register, record_id: str | None = None, prefill: dict[str, object] | None = None
) -> RegisterForm:
    """Return the form of a row of `register`."""
    return FORMS.get(register.kind, RegisterForm)(desk, register, record_id, prefill)
