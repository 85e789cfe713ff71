"""Who stands: for the committee, as secretary, as deputy; in the order of the ballot."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.elections import CandidateOrder, Seat
from desktop.services.election.rows import CandidateRow, ElectionRow
from desktop.services.numbers import digits
from desktop.ui.election.forms import ELECTIONS, CandidateDialog
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import Segments, button, col, row, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import appear

if TYPE_CHECKING:
    from desktop.ui.election.page import ElectionPage


class CandidatesPanel(QWidget):
    """The list of one seat, and what is done to it."""

    def __init__(self, page: "ElectionPage") -> None:
        super().__init__()
        self._page = page
        self.election: ElectionRow | None = None
        desk = page.desk
        self.seats = Segments(tuple((seat.value, seat.label) for seat in Seat), name="候选职务")
        self.seats.changed.connect(lambda _key: self._show())
        self.add_button = desk.offered(ELECTIONS, button("加候选人", self._add_candidate, "small", "plus"))
        self.up_button = desk.offered(ELECTIONS, button("上移", lambda: self._move(-1), "small"))
        self.down_button = desk.offered(ELECTIONS, button("下移", lambda: self._move(1), "small"))
        self.off_button = desk.offered(ELECTIONS, button("划去", self._strike, "small"))
        self.table: DataTable[CandidateRow] = DataTable(_COLUMNS, "候选人", height=44, look="clear", sortable=False)
        self.table.opened.connect(self._change_candidate)
        self.slate = text("", "sub", wrap=True)
        self.order = Choice(
            "次序的依据", [(None, "次序没有写明"), *((each, each.label) for each in CandidateOrder)], width=140
        )
        self.order.currentIndexChanged.connect(lambda _index: self._say_order())
        bar = row(
            self.seats, ..., self.order, self.up_button, self.down_button, self.off_button, self.add_button, gap=8
        )
        self.setLayout(col(bar, self.slate, (self.table, 1), gap=8, pad=(16, 12, 12, 8)))

    def show_election(self, election: ElectionRow) -> None:
        """Show who stands in an election."""
        self.election = election
        self._show()

    def _show(self) -> None:
        row_ = self.election
        if row_ is None:
            return
        seat = Seat(self.seats.current())
        standing = row_.standing(seat)
        self.table.set_rows(standing, same=lambda each: each.id)
        if seat is Seat.COMMITTEE:
            least = row_.least_candidates
            words = f"应选 {row_.seats} 名，候选人 {len(standing)} 名，差额不少于{_share(row_)}，要 {least} 名。"
            words += "选票按这里的次序印：用上移、下移排好，再选次序的依据；没有选的，票上和名单上不写。"
        else:
            wanted = row_.secretary_seats if seat is Seat.SECRETARY else row_.deputy_seats
            words = f"等额选举，应选 {wanted} 名，候选人 {len(standing)} 名。按上级批复的次序排。"
        faults = [f"{each.name}：{each.fault}" for each in standing if each.fault]
        self.slate.setText("\n".join((words, *faults)))
        self.order.blockSignals(True)
        self.order.set_value(row_.order_said_by)
        self.order.blockSignals(False)
        appear(self.order, seat is Seat.COMMITTEE)
        self.order.setEnabled(not row_.settled and self._page.desk.may_write(ELECTIONS))
        for part in (self.add_button, self.up_button, self.down_button, self.off_button):
            appear(part, not row_.settled)

    def _add_candidate(self) -> None:
        if self.election is not None:
            CandidateDialog(self._page, self.election, Seat(self.seats.current())).open()

    def _change_candidate(self, candidate: CandidateRow) -> None:
        row_ = self.election
        if row_ is not None and not row_.settled:
            CandidateDialog(self._page, row_, candidate.seat, candidate).open()

    def _move(self, by: int) -> None:
        row_, chosen = self.election, self.table.current()
        if row_ is None or chosen is None:
            return
        ids = [each.id for each in row_.standing(chosen.seat)]
        at = ids.index(chosen.id)
        to = max(0, min(len(ids) - 1, at + by))
        if to != at:
            ids.insert(to, ids.pop(at))
            self._page.act(lambda: self._page.service.order_candidates(row_.id, ids))

    def _say_order(self) -> None:
        row_, said = self.election, self.order.value()
        if row_ is not None and said is not row_.order_said_by:
            self._page.act(lambda: self._page.service.say_order(row_.id, said))

    def _strike(self) -> None:
        row_, chosen = self.election, self.table.current()
        if row_ is not None and chosen is not None:
            self._page.act(lambda: self._page.service.remove_candidate(row_.id, chosen.id), f"已划去{chosen.name}。")


def _share(election: ElectionRow) -> str:
    """Return by what share candidates must exceed the seats: 20%."""
    return f"{digits(float(election.rule(Seat.COMMITTEE).surplus * 100))}%"


def _nominated(candidate: CandidateRow) -> str:
    if candidate.nominated is None:
        return ""
    full = "" if candidate.nominated_full is None else f"（正式 {candidate.nominated_full}）"
    return f"{candidate.nominated} 人{full}"


def _state(candidate: CandidateRow) -> Tag:
    if candidate.elected is None:
        return Tag("不能作候选人", "bad") if candidate.fault else Tag("", "none")
    return Tag("当选", "good") if candidate.elected else Tag("未当选", "none")


_COLUMNS: tuple[Column[CandidateRow], ...] = (
    Column("序", lambda each: each.position, width=40, tone="sub"),
    Column("姓名", lambda each: each.name, cell=lambda each: Two(each.name, each.now)),
    Column("提名", _nominated, width=120, tone="sub", fold=420),
    Column("分工", lambda each: each.post.label if each.post else "", width=90, tone="sub", fold=520),
    Column("备注", lambda each: each.note, width=120, tone="sub", fold=640),
    Column("结果", lambda each: str(each.elected), cell=_state, width=96),
)
