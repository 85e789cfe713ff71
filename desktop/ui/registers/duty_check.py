"""The form of a half-year check: the duties of the chosen list stand there, only to be marked."""

from collections.abc import Mapping
from functools import partial

from desktop.models.duties import DutyState
from desktop.services.duties.standing import check_title, to_mark
from desktop.services.registers import RegisterRow
from desktop.ui.registers.controls import Choices, LinesEdit
from desktop.ui.registers.form import RegisterForm
from desktop.ui.widgets.fields import Choice

LIST, STATES, TITLE = "duty_list_id", "states", "title"


class DutyCheckForm(RegisterForm):
    """A new check lists what is still open of the list it is about; what was typed is never written over."""

    _listed: tuple[object, ...] = ()
    """The duties listed by the form itself."""

    def proposed(self) -> Mapping[str, object]:
        """Return the title, and the duties of the list that the form was opened for."""
        store, wanted = self.desk.store, self._prefill.get("subject") or self._prefill.get(LIST)
        duties = to_mark(store, str(wanted)) if wanted else ()
        self._listed = duties
        title = {} if self._asked else {TITLE: check_title(store.today)}
        return {**title, STATES: duties}

    def _build(self, choices: Choices, record: RegisterRow | None, starts: Mapping[str, object]) -> None:
        super()._build(choices, record, starts)
        control = self.fields.fields[LIST].control if self.fields is not None else None
        if record is None and isinstance(control, Choice):
            control.currentIndexChanged.connect(lambda _at: self._list(control))

    def _list(self, control: Choice) -> None:
        """List the duties of the list just chosen, where nothing was marked or typed yet."""
        chosen = control.value()
        if chosen and self._untouched():
            self.read(partial(to_mark, self.desk.store, str(chosen)), lambda duties: self._show(chosen, duties))

    def _show(self, chosen: object, duties: tuple[DutyState, ...]) -> None:
        lines = self._lines()
        choice = self.fields.fields[LIST].control if self.fields is not None else None
        if lines is not None and isinstance(choice, Choice) and choice.value() == chosen and self._untouched():
            self._listed = duties
            lines.set_lines(duties)

    def _untouched(self) -> bool:
        lines = self._lines()
        return lines is not None and lines.value() in ((), self._listed)

    def _lines(self) -> LinesEdit | None:
        control = self.fields.fields[STATES].control if self.fields is not None else None
        return control if isinstance(control, LinesEdit) else None
