"""以前月份按纸质台账: everybody whose months before the program are on paper, in one step."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from desktop.services.dues import keeping
from desktop.services.dues.collecting import PEOPLE, PaymentService
from desktop.services.dues.ledger import Ledger
from desktop.services.dues.paper import PaperEntry, PaperService, months_on_paper
from desktop.services.dues.reckoning import CellState
from desktop.services.dues.words import grouped
from desktop.ui.dues.dialogs import MONTHS, PAYMENTS
from desktop.ui.form_dialog import FormDialog
from desktop.ui.widgets import link, row, set_text, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo
from desktop.ui.widgets.people import PeopleGrid

if TYPE_CHECKING:
    from desktop.ui.dues.page import DuesPage

TITLE = "以前月份按纸质台账已交"
ENTRIES = "按纸质台账补录的月份"
MOST_NAMES = 40


class PaperDialog(FormDialog):
    """What is on paper only: up to which month, by which ledger, and whose; all are ticked."""

    def __init__(self, page: "DuesPage", ledger: Ledger) -> None:
        self._paper, self._payments = page.desk.service(PaperService), page.desk.service(PaymentService)
        self._ledger = ledger
        last = ledger.last_over
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


class PaperEntriesDialog(FormDialog):
    """按纸质台账补录的月份: what was written down by which ledger, and taking one back whole, with the reason."""

    def __init__(
        self, page: "DuesPage", ledger: Ledger, entries: Sequence[PaperEntry], kept: Mapping[str, str]
    ) -> None:
        self._paper, self._payments = page.desk.service(PaperService), page.desk.service(PaymentService)
        self._entries, self._kept = {each.key: each for each in entries}, kept
        self._names = {row.member_id: row.name for row in ledger.rows}
        self.entry = Choice(keeping.ENTRY.label, [(each.key, _entry_words(each)) for each in entries], entries[-1].key)
        reason = memo(keeping.BACK_REASON.label, lines=2)
        self.fields = FieldSet(
            (
                (keeping.ENTRY.name, Field(keeping.ENTRY.label, self.entry)),
                (keeping.BACK_REASON.name, Field(keeping.BACK_REASON.label, reason, required=True)),
            )
        )
        self._holds, self._why = text("", "sub", wrap=True), text("", "small", "part", wrap=True)
        super().__init__(
            page,
            ENTRIES,
            self._holds,
            self.fields,
            self._why,
            text(
                "撤掉的在回收站里；没有别的记录的月份回到“没有记录”，同一个月有人另有记录的，其余的人算欠交。",
                "small",
                wrap=True,
            ),
            fields=(self.fields,),
            verb="整本撤掉",
            needs=PAYMENTS,
            draft="dues_paper_back",
            about=str(ledger.year),
        )
        self.entry.currentIndexChanged.connect(lambda _at: self._tell())
        self._tell()

    def _chosen(self) -> PaperEntry:
        return self._entries[self.entry.value()]

    def _tell(self) -> None:
        """Say what the chosen one holds, and why it stays where it does."""
        entry = self._chosen()
        names = [self._names.get(each, "") for each in entry.member_ids]
        people = "、".join(names[:MOST_NAMES]) + ("等" if len(names) > MOST_NAMES else "")
        set_text(
            self._holds,
            f"{entry.checked_on.isoformat()} 核对“{entry.ground}”：{entry.months}，{len(entry.member_ids)} 人，"
            f"{len(entry.payments)} 笔，{grouped(entry.amount_fen)} 元。{people}。",
        )
        why = self._kept.get(entry.key, "")
        set_text(self._why, f"不能整本撤掉：{why}。" if why else "")
        if not self.drafting.looks:
            self.verb.setEnabled(not why)

    def submit(self) -> None:
        """Take the chosen one back."""
        if not self.readable(required=True):
            return
        entry, reason = self._chosen(), str(self.fields.values()[keeping.BACK_REASON.name])
        made: list[str] = []
        self.keep(
            lambda: made.extend(self._paper.take_back(entry, reason)),
            f"已撤掉 {entry.checked_on.isoformat()} 按“{entry.ground}”补录的 {len(entry.payments)} 笔。",
            undo=lambda: self.page.act(lambda: self._payments.restore(made), "已恢复。"),
        )


def _entry_words(entry: PaperEntry) -> str:
    return f"{entry.checked_on.isoformat()} {entry.ground}（{entry.months}）"
