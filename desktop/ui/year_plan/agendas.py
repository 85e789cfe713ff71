"""议程模板: with what agenda each kind of meeting begins, an item a line."""

from collections.abc import Mapping, Sequence

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.year_plan.agendas import AgendaTemplates, field_of
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import text
from desktop.ui.widgets.fields import Field, FieldSet, memo

LINES = 3


class AgendaDialog(FormDialog):
    """The agenda of every kind."""

    def __init__(self, page: Page, agendas: Mapping[MeetingKind, Sequence[str]]) -> None:
        self._templates = page.desk.service(AgendaTemplates)
        self.kinds = tuple(agendas)
        self.fields = FieldSet(
            tuple(
                (kind.value, Field(kind.label, memo(kind.label, "\n".join(items), lines=LINES)))
                for kind, items in agendas.items()
            ),
            columns=2,
        )
        words = text("一行一项；新建会议、从全年安排打开会议时照这里列好议程。清空一类就恢复默认。", "sub", wrap=True)
        super().__init__(
            page,
            "议程模板",
            words,
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs="meetings",
            draft="agenda_templates",
            wide=True,
        )

    def submit(self) -> None:
        """Keep all of them."""
        if not self.readable():
            return
        values = self.fields.values()
        agendas = {kind: str(values[field_of(kind).name] or "").splitlines() for kind in self.kinds}
        self.keep(lambda: self._templates.save(agendas), "已保存，下次开会照这里列议程。")
