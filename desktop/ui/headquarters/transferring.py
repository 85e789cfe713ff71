"""Who stands on the rosters of two branches at once: pushed from 总览, each way leads to the member in the branch."""

from typing import Any

from desktop.models.vocabulary.access import Act
from desktop.services.transferring.unfinished import Place, Unfinished, unfinished_transfers
from desktop.ui.output import export_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Two
from desktop.ui.widgets import EmptyState, button, col, link, row, text
from desktop.ui.widgets.pane import DetailPane, ListWithPane, heading

STEP = "组织关系转接要两边都办：转出的支部登记转出和回执，转入的支部登记转入。一个人只能在一个支部的名册上。"


class TransfersPage(Page):
    """People on two rosters, and what is missing."""

    title = "转接没有办完的"
    looks = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.export_button = desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        empty = EmptyState("users", "没有人同时在两个支部的名册上。", STEP)
        self.table: DataTable[Unfinished] = DataTable(
            (
                Column("姓名", lambda person: person.name, width=110),
                Column("身份证号", lambda person: person.id_no, width=180, tone="sub"),
                Column("在哪几个支部", _where, cell=lambda person: Two(_where(person), _states(person))),
                Column("怎样办", lambda person: person.words, width=320, tone="sub", fold=760),
            ),
            "同时在两个支部名册上的人",
            empty,
            height=46,
        )  # fmt: skip
        self.pane = DetailPane("党员")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col((self.split, 1), pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> tuple[Any, ...]:
        """The list out."""
        return (self.export_button,)

    def reload(self) -> None:
        """Read who stands on two rosters."""
        store = self.desk.store
        self.read(lambda: unfinished_transfers(store), self.table.set_rows)

    def export(self) -> None:
        """Write the list to a workbook."""
        export_sheet(self, self.table.model.sheet(self.title))

    def show_row(self, person: Unfinished) -> None:
        """Show where the person stands, each with the way to the roster."""
        self.pane.show_head(person.name, code=person.id_no)
        parts: list[Any] = [text(person.words, "body", wrap=True), text(STEP, "sub", wrap=True)]
        for place in person.places:
            parts.append(heading(f"{place.code} {place.branch}"))
            parts.append(row(text(f"{place.name}，{place.status.label}", "body"), ..., self._way(place)))
        self.pane.show_body(*parts)
        self.pane.show_foot()
        self.split.open_pane()

    def _way(self, place: Place) -> Any:
        way = link(
            "看名册", lambda: self.desk.open_branch(place.branch_id, "members", "roster", record=place.member_id)
        )
        way.setAccessibleName(f"看名册：{place.branch}")
        return way


def _where(person: Unfinished) -> str:
    return "、".join(f"{place.code} {place.branch}" for place in person.places)


def _states(person: Unfinished) -> str:
    return "、".join(place.status.label for place in person.places)
