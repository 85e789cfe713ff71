"""限定条件: what headquarters finds about a branch beside all points, and what caps its grade."""

from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.standards.asked import ITEM
from desktop.services.standards.gates import GATE, HEARD, Finding, GateService
from desktop.services.standards.pack import Gate, Item
from desktop.services.standards.quality import GROUND
from desktop.ui.dialogs import show_error
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import box, col, link, row, text
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo, to_choose

HEARING = "谁说的、哪天听的、怎么说；支部不说明的，写“没有说明”。"


class GatesDialog(FormDialog):
    """What was found already, each to be taken back, and a new finding with its ground."""

    def __init__(
        self, page: Page, branch_id: str, gates: Sequence[Gate], items: Iterable[Item], findings: Iterable[Finding]
    ) -> None:
        self._branch_id, self._service = branch_id, page.desk.service(GateService)
        options = to_choose((gate.id, f"{gate.name}：{gate.effect}") for gate in gates)
        whole = [(None, "不涉及具体条目"), *((item.id, f"{item.id} {item.title}") for item in items)]
        ground = memo(GROUND.label, "", "写明查到什么、依据哪份文件。", lines=2)
        self.fields = FieldSet(
            [
                (GATE.name, Field(GATE.label, Choice(GATE.label, options, None), required=True)),
                (ITEM.name, Field("记录造假的条目", Choice("记录造假的条目", whole, None))),
                (GROUND.name, Field(GROUND.label, ground, required=True)),
                (HEARD.name, Field(HEARD.label, memo(HEARD.label, "", HEARING, lines=2), required=True)),
            ]
        )
        words = text(
            "认定以前听支部说明。认定以后，这个支部本年度的等次不高于限定的等次；随下一个反馈包告诉支部。",
            "sub",
            wrap=True,
        )
        kept = [self._line(finding) for finding in findings]
        super().__init__(
            page,
            "限定条件",
            words,
            *kept,
            self.fields,
            fields=(self.fields,),
            verb="认定",
            needs=Act.PUBLISH,
            draft=f"finding.{page.desk.year}",
            about=branch_id,
            wide=True,
        )

    def submit(self) -> None:
        """Keep the finding."""
        if not self.readable() or not self.chosen():
            return
        values, year = self.fields.values(), self.page.desk.year
        service, branch_id = self._service, self._branch_id
        self.keep(
            lambda: service.find(
                branch_id,
                values[GATE.name] or "",
                values[GROUND.name],
                values[HEARD.name],
                item_id=values[ITEM.name],
                year=year,
            ),
            "已认定限定条件。",
        )

    def withdraw(self, finding: Finding) -> None:
        """Take a finding back."""
        service = self._service
        self.page.act(
            lambda: service.withdraw(finding.id),
            "已撤回 1 条认定。",
            then=lambda _none: self.accept(),
            failed=lambda error: show_error(self, error),
        )

    def go_to_checks(self) -> None:
        """Lead to the spot checks, where what followed from one is taken back as a whole."""
        self.reject()
        self.page.desk.open("assess", "sampling")

    def _line(self, finding: Finding) -> QWidget:
        item = f"（{finding.item_id}）" if finding.item_id else ""
        if finding.checked:
            back = link("去抽查", self.go_to_checks)
            back.setAccessibleName(f"去抽查：{finding.gate}")
        else:
            back = link("撤回", lambda: self.withdraw(finding))
            back.setAccessibleName(f"撤回：{finding.gate}")
        ground = text(f"{finding.found_on.isoformat()}　{finding.ground}", "small", wrap=True)
        return box(col(row((text(f"{finding.gate}{item}", wrap=True), 1), back, gap=14), ground, gap=2))
