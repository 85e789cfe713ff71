"""标准化 > 抽查结果: what headquarters drew of this branch's records and found, and what the branch says to it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.sampling.appeals import SampleAppealService
from desktop.services.sampling.rows import SampledRow, SheetRow
from desktop.services.standards.verdict import Used
from desktop.ui.appeals import APPEALS
from desktop.ui.attachments import files_link
from desktop.ui.output import export_button
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_record, page_of_record
from desktop.ui.sampling.dialogs import AppealDialog
from desktop.ui.sampling.parts import COLUMNS, verdict_facts, verdict_tag
from desktop.ui.table_model import DataTable
from desktop.ui.widgets import EmptyState, appear, button, col, link, row, set_text, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.pane import DetailPane, ListWithPane


class SampledHerePage(Page):
    """抽查结果."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(SampleAppealService)
        self.sheets: list[SheetRow] = []
        self._wanted = ""
        self.periods = Choice("周期", [], width=170)
        self.periods.currentIndexChanged.connect(lambda _index: self._show())
        self.export_button = export_button(self, lambda: self.table.model.sheet("抽查结果"))
        empty = EmptyState("clipboard-check", "总部还没有反馈抽查结果。", "抽查的结果随反馈包来；有异议的在这里申诉。")
        self.table: DataTable[SampledRow] = DataTable(COLUMNS, "抽查结果", empty, height=50)
        self.pane = DetailPane("抽查结果")
        self.split = ListWithPane(self.table, self.pane)
        self._said = text("", "sub", wrap=True)
        self.setLayout(col(self._said, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(self.open_record)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, and Excel."""
        return (self.periods, self.export_button)

    def reload(self) -> None:
        """Read what headquarters fed back."""
        self.read(self.service.sheets, self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Show the drawn record that is asked for."""
        self._wanted = str(where.get("record") or "")
        self.reload()

    def show_row(self, found: SampledRow) -> None:
        """Look at one drawn record, and offer what the branch may do."""
        tag = verdict_tag(found)
        self.pane.show_head(found.title, found.number, tag.text, tag.tone)
        appeal = found.appeal
        files = (
            row(text("佐证", "sub"), files_link(self, "申诉的佐证", APPEALS, appeal.id), ...)
            if appeal and appeal.id
            else None
        )
        self.pane.show_body(*verdict_facts(found), files)
        waiting = appeal is not None and appeal.state is AppealState.PENDING
        self.pane.show_foot(
            link("看记录", lambda: self.open_record(found)) if page_of_record(found.kind)[0] else None,
            ...,
            self.desk.offered(APPEALS, link("撤回申诉", lambda: self.withdraw(found))) if waiting else None,
            self.desk.offered(APPEALS, button("申诉", lambda: AppealDialog(self, found).open(), "primary", "gavel"))
            if found.may_appeal
            else None,
        )
        self.split.open_pane()

    def open_record(self, found: SampledRow) -> None:
        """Go to the record that was drawn."""
        open_record(self.desk, Used(found.kind, found.record_id, found.on, found.title))

    def withdraw(self, found: SampledRow) -> None:
        """Take the appeal back before it is decided."""
        appeal = found.appeal
        if appeal is not None:
            self.act(lambda: self.service.withdraw(appeal.id), "已撤回申诉。")

    def _loaded(self, sheets: list[SheetRow]) -> None:
        self.sheets = sheets
        wanted, self._wanted = self._wanted, ""
        period = next((sheet.period for sheet in sheets if any(found.id == wanted for found in sheet.records)), None)
        options = [(sheet.period, sheet.period_name) for sheet in sheets]
        self.periods.set_options(options, period or self.periods.value())
        appear(self.periods, bool(options))
        self._show()
        if period is not None:
            self.table.select(lambda found: found.id == wanted)

    def _show(self) -> None:
        sheet = next((each for each in self.sheets if each.period == self.periods.value()), None)
        current = self.table.current()
        self.table.set_rows(sheet.records if sheet is not None else (), same=lambda found: found.id)
        if sheet is None:
            set_text(self._said, "")
            return
        bad, flawed = sheet.count(SampleVerdict.FABRICATED), sheet.count(SampleVerdict.INCOMPLETE)
        found = (
            f"{sheet.judged} 条已核" + (f"，{bad} 条不实" if bad else "") + (f"，{flawed} 条有瑕疵" if flawed else "")
        )
        who = f"核查人 {sheet.checked_by}。" if sheet.checked_by else ""
        drawn = f"抽样编号 {sheet.seed}，{sheet.drawn_words}，{found}。"
        set_text(self._said, f"{drawn}{who}对有瑕疵、不实的认定有异议，选中它申诉，随下一个报送包交给总部。")
        again = self.table.current()
        if current is not None and again is not None:
            self.show_row(again)
