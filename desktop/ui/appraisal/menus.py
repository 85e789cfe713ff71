"""What is offered of a round beside its steps: papers, Excel, history, the recycle bin."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QPushButton

from desktop.models.vocabulary.access import Act
from desktop.services.appraisal.history import AppraisalHistory
from desktop.services.appraisal.papers import Paper
from desktop.services.appraisal.rows import Round
from desktop.services.appraisal.sheet import RESULTS
from desktop.services.appraisal.sheet import ROUNDS as PREPARATION
from desktop.ui.appraisal.dialogs import ROUNDS
from desktop.ui.history import HistoryPage
from desktop.ui.output import export_kind, print_document, save_template
from desktop.ui.page import Page
from desktop.ui.widgets import offer_below
from desktop.ui.widgets.buttons import passing_menu

if TYPE_CHECKING:
    from desktop.ui.appraisal.page import AppraisalPage


def print_paper(page: Page, year: int, paper: Paper, member_id: str = "", name: str = "") -> None:
    """Write one paper of the round of a year as a PDF."""
    print_document(page, paper.named(year, name), lambda papers, path: papers.appraisal(year, paper, path, member_id))


def offer_prints(page: "AppraisalPage", anchor: QPushButton) -> None:
    """Offer the papers; those that say grades once these are set."""
    menu, found = passing_menu(page), page.found
    if found is None:
        return
    for paper in Paper:
        action = menu.addAction(paper.label)
        action.setEnabled(found.decided or not paper.needs_grades)
        action.triggered.connect(lambda _checked=False, paper=paper: print_paper(page, found.for_year, paper))
        if paper is Paper.SET:
            menu.addSeparator()
    offer_below(anchor, menu)


def offer_more(page: "AppraisalPage", anchor: QPushButton) -> None:
    """Offer what is done seldom."""
    menu, found, desk = passing_menu(page), page.found, page.desk
    _offer_excel(page, menu)
    if found is not None and found.begun:
        menu.addAction("修改记录").triggered.connect(
            lambda: desk.push(
                HistoryPage(desk, f"{found.for_year}年度民主评议", lambda: desk.service(AppraisalHistory).of(found))
            )
        )
        line = page.picked()
        if line is not None and desk.may(Act.EXPORT):
            for paper in (Paper.REGISTRATION, Paper.FEEDBACK):
                action = menu.addAction(f"打印{line.name}的{paper.label}")
                action.setEnabled(line.rated and (found.decided or not paper.needs_grades))
                action.triggered.connect(
                    lambda _checked=False, paper=paper: print_paper(
                        page, found.for_year, paper, line.member_id, line.name
                    )
                )
        if desk.may_write(ROUNDS):
            menu.addAction("删除这一年度").triggered.connect(lambda: _remove(page, found))
    if desk.has("settings", "bin"):
        menu.addAction("回收站").triggered.connect(lambda: desk.open("settings", "bin", kind=ROUNDS))
    offer_below(anchor, menu)


def _offer_excel(page: "AppraisalPage", menu: QMenu) -> None:
    desk = page.desk
    if desk.may_write(ROUNDS):
        for sheet in (RESULTS, PREPARATION):
            menu.addAction(f"导入{sheet.title}").triggered.connect(
                lambda _checked=False, sheet=sheet: page.open_import(sheet.kind)
            )
            menu.addAction(f"保存{sheet.title}空表").triggered.connect(
                lambda _checked=False, sheet=sheet: save_template(page, sheet.kind, sheet.title)
            )
    if desk.may(Act.EXPORT):
        for sheet in (RESULTS, PREPARATION):
            menu.addAction(f"导出{sheet.title}").triggered.connect(
                lambda _checked=False, sheet=sheet: export_kind(page, sheet.kind, sheet.title)
            )
    menu.addSeparator()


def _remove(page: "AppraisalPage", found: Round) -> None:
    gone: list[str] = []

    def work() -> None:
        gone.append(page.service.remove(found.for_year))

    page.act(
        work,
        f"已删除{found.for_year}年度民主评议。",
        undo=lambda: page.act(lambda: page.service.restore(gone[0]), "已恢复。"),
    )
