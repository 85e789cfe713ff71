"""What the page of an election offers under 更多: its exceptions, its history, and the other elections."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from desktop.models.vocabulary.elections import ElectionKind, Seat
from desktop.services.election.history import ElectionHistory
from desktop.services.election.rows import ElectionRow, RoundRow
from desktop.ui.election.forms import ELECTIONS, UnfilledDialog
from desktop.ui.history import HistoryPage
from desktop.ui.widgets import offer_below
from desktop.ui.widgets.buttons import passing_menu

if TYPE_CHECKING:
    from desktop.ui.election.page import ElectionPage


def offer_more(
    page: "ElectionPage", election: ElectionRow, live: RoundRow | None, known: Sequence[ElectionRow]
) -> None:
    """Offer what can be done to `election` beside its steps, by the round in view, and the others of those `known`."""
    menu, desk = passing_menu(page), page.desk
    if desk.may_write(ELECTIONS):
        _offer_changes(menu, page, election, live)
    history = desk.service(ElectionHistory)
    over = partial(HistoryPage, desk, election.title, lambda: history.of(election.id))
    menu.addAction("修改记录").triggered.connect(lambda: desk.push(over()))
    others = [each for each in known if each.id != election.id]
    if others:
        menu.addSeparator()
    for each in others:
        menu.addAction(each.title).triggered.connect(lambda _checked=False, wanted=each.id: page.show_election(wanted))
    offer_below(page.more_button, menu)


def _offer_changes(menu: QMenu, page: "ElectionPage", election: ElectionRow, live: RoundRow | None) -> None:
    left = live.count if live is not None and live.seat is Seat.COMMITTEE else None
    if not election.settled and left is not None and left.valid and left.seats_left and not left.runoff:
        words = next((each.words for each in left.checks if "不足" in each.title), "")
        menu.addAction("不再选，名额暂缺").triggered.connect(lambda: UnfilledDialog(page, election, words).open())
    if election.left_unfilled and not election.settled:
        again = menu.addAction("撤回暂缺")
        again.triggered.connect(lambda: page.act(lambda: page.service.leave_unfilled(election.id, None)))
    if election.approved_on is not None:
        menu.addAction("开始换届选举").triggered.connect(lambda: page.begin())
        menu.addAction("补选").triggered.connect(lambda: page.begin(ElectionKind.BY))
    else:
        menu.addAction("删除").triggered.connect(lambda: page.remove(election))
