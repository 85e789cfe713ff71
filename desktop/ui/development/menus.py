"""The menus over the admissions: the case as a whole, lists in and out, the papers that are printed."""

from functools import partial
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.services.development.history import CaseHistory
from desktop.services.development.papers import papers
from desktop.services.development.windows import CONGRESS
from desktop.ui.development.fields import CASES
from desktop.ui.development.whole import CaseDialog, ProbationDialog
from desktop.ui.history import HistoryPage
from desktop.ui.output import export_kind, save_template
from desktop.ui.widgets import offer_below
from desktop.ui.widgets.buttons import passing_menu

if TYPE_CHECKING:
    from desktop.ui.development.page import DevelopmentPage

TITLE = "发展党员"


def offer_more(page: "DevelopmentPage") -> None:
    """Offer what concerns the case as a whole, and lists in and out."""
    menu, case = passing_menu(page), page.case
    if case is not None and page.desk.may_write(CASES):
        menu.addAction("状态和备注").triggered.connect(lambda: CaseDialog(page, case).open())
        if CONGRESS in case.view.case.steps and case.extended_to is None and case.state.active:
            menu.addAction("延长预备期").triggered.connect(lambda: ProbationDialog(page, case).open())
        menu.addAction("删除").triggered.connect(lambda: page.remove(case))
    if case is not None:
        history = page.desk.service(CaseHistory)
        told = partial(HistoryPage, page.desk, case.name, lambda: history.of(case.id))
        menu.addAction("修改记录").triggered.connect(lambda: page.desk.push(told()))
        menu.addSeparator()
    if page.desk.may(Act.EXPORT):
        menu.addAction("导出").triggered.connect(lambda: export_kind(page, "development_case", TITLE))
    menu.addAction("保存空表").triggered.connect(lambda: save_template(page, "development_case", TITLE))
    if page.desk.has("settings", "bin"):
        menu.addAction("回收站").triggered.connect(lambda: page.desk.open("settings", "bin", kind=CASES))
    offer_below(page.more_button, menu)


def offer_prints(page: "DevelopmentPage") -> None:
    """Offer the papers of the case in view."""
    menu = passing_menu(page)
    for what, paper in papers().items():
        menu.addAction(paper.title).triggered.connect(lambda _checked=False, what=what: page.print_paper(what))
    offer_below(page.print_button, menu)
