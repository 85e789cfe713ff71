"""议程模板: with what agenda each kind of meeting begins, an item a line."""

from collections.abc import Mapping, Sequence

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.year_plan.agendas import AgendaTemplates
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import box, col, row, text
from desktop.ui.widgets.fields import Field, FieldSet, memo

LINES = 3


class AgendaDialog(FormDialog):
    """The agenda of every kind, in two columns."""

    def __init__(self, page: Page, agendas: Mapping[MeetingKind, Sequence[str]]) -> None:
        self._templates = page.desk.service(AgendaTemplates)
        lines = [
            (kind.value, Field(kind.label, memo(kind.label, "\n".join(items), lines=LINES)))
            for kind, items in agendas.items()
        ]
        half = -(-len(lines) // 2)
        self.columns = (FieldSet(lines[:half]), FieldSet(lines[half:]))
        words = text("一行一项；新建会议、从全年安排打开会议时照这里列好议程。清空一类就恢复默认。", "sub", wrap=True)
        super().__init__(
            page,
            "议程模板",
            words,
            box(row(*((box(col(column, ..., gap=0)), 1) for column in self.columns), gap=16)),
            fields=self.columns,
            verb="保存",
            needs="meetings",
            draft="agenda_templates",
            wide=True,
        )

    def submit(self) -> None:
        """Keep all of them."""
        if not self.readable():
            return
        values = {name: words for column in self.columns for name, words in column.values().items()}
        agendas = {MeetingKind(kind): str(words or "").splitlines() for kind, words in values.items()}
        self.keep(lambda: self._templates.save(agendas), "已保存，下次开会照这里列议程。")
