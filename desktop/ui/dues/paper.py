"""以前月份按纸质台账: everybody whose months before the program are on paper, in one step."""

from typing import TYPE_CHECKING

from desktop.services.dues import keeping
from desktop.services.dues.collecting import PEOPLE, PaymentService
from desktop.services.dues.ledger import Ledger
from desktop.services.dues.paper import PaperService, months_on_paper
from desktop.services.dues.reckoning import CellState
from desktop.services.dues.words import grouped
from desktop.ui.dues.dialogs import MONTHS, PAYMENTS
from desktop.ui.form_dialog import FormDialog
from desktop.ui.widgets import link, row, set_text, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.people import PeopleGrid

if TYPE_CHECKING:
    from desktop.ui.dues.page import DuesPage

TITLE = "以前月份按纸质台账已交"


def last_over(ledger: Ledger) -> int:
    """Return the last month of the year in view that is over; 0 where none is."""
    return 12 if ledger.year < ledger.on.year else ledger.on.month - 1 if ledger.year == ledger.on.year else 0


class PaperDialog(FormDialog):
    """What is on paper only: up to which month, by which ledger, and whose; all are ticked."""

    def __init__(self, page: "DuesPage", ledger: Ledger) -> None:
        self._paper, self._payments = page.desk.service(PaperService), page.desk.service(PaymentService)
        self._ledger = ledger
        last = last_over(ledger)
        first = ledger.unrecorded[-1] if ledger.unrecorded else last
        self.to_month = Choice(keeping.TO_MONTH.label, list(MONTHS[:last]), first)
        self.fields = FieldSet(
            (
                (keeping.TO_MONTH.name, Field(keeping.TO_MONTH.label, self.to_month, required=True)),
                (
                    keeping.CHECKED_ON.name,
                    Field(
                        keeping.CHECKED_ON.label,
                        DateEdit(keeping.CHECKED_ON.label, page.desk.store.today, required=True),
                        required=True,
                    ),
                ),
                (
                    keeping.GROUND.name,
                    Field(
                        keeping.GROUND.label,
                        edit(keeping.GROUND.label, "", f"如 {ledger.year}年党费收缴登记表"),
                        required=True,
                        note="哪一本台账、在谁手里，检查时找得到。",
                    ),
                ),
            ),
            columns=2,
        )
        self.grid = PeopleGrid(PEOPLE.label, ("没交", "已交"))
        self._sum, self._without = text("", "sub", wrap=True), text("", "small", wrap=True)
        everyone = row(
            link("全选", lambda: self.grid.tick_all(True)), link("全不选", lambda: self.grid.tick_all(False)), ...
        )
        super().__init__(
            page,
            TITLE,
            text(
                "台账上足额交了的留着黄色，没交的点一下变白。按应交金额记，不编交纳日期；已经有记录的月份不动。",
                "sub",
                wrap=True,
            ),
            self.fields,
            everyone,
            self.grid,
            self._without,
            self._sum,
            fields=(self.fields,),
            verb="记为已交",
            needs=PAYMENTS,
            draft="dues_paper",
            about=str(ledger.year),
            wide=True,
        )
        self._sums: dict[str, int] = {}
        self.grid.changed.connect(self._count)
        self.to_month.currentIndexChanged.connect(lambda _at: self._offer())
        self._offer()

    def _offer(self) -> None:
        """List who has months up to the chosen one that are on no record."""
        last = int(self.to_month.value() or 0)
        open_ = {row.member_id: sum(months_on_paper(row, last).values()) for row in self._ledger.rows}
        self._sums = {member: fen for member, fen in open_.items() if fen}
        names = [(row.member_id, row.name) for row in self._ledger.rows if row.member_id in self._sums]
        self.grid.set_people(names, self._sums)
        without = [
            row.name
            for row in self._ledger.rows
            if any(cell.state is CellState.UNKNOWN and not cell.payments for cell in row.cells[:last])
        ]
        guessed = [row.name for row in self._ledger.rows if row.provisional and row.member_id in self._sums]
        told = f"{'、'.join(without)}没有核定，不知道应交多少，这里不记：先核定，再记一次。" if without else ""
        if guessed:
            told += f"{'、'.join(guessed)}没有核定，暂按名册上的基数算：和台账对不上的，先核定再记。"
        set_text(self._without, told)
        self._count()

    def _count(self) -> None:
        ticked = self.grid.ticked()
        self.verb.setText(f"记为已交 {len(ticked)} 人")
        self.verb.setEnabled(bool(ticked))
        set_text(self._sum, f"共 {grouped(sum(self._sums.get(each, 0) for each in ticked))} 元。")

    def submit(self) -> None:
        """Record what is on paper of everyone ticked."""
        if not self.readable(required=True):
            return
        values, people, year = self.fields.values(), list(self.grid.ticked()), self._ledger.year
        last, on, ground = int(values["to_month"]), values["checked_on"], values["ground"]
        made: list[str] = []

        def work() -> int:
            made.extend(self._paper.take_over(year, last, people, on, ground))
            return len(people)

        self.keep(
            work,
            lambda count: f"到 {last} 月的党费已按纸质台账记为已交，{count} 人。",
            undo=lambda: self.page.act(lambda: self._payments.remove(made), "已撤销，这些月份仍没有记录。"),
        )
