"""The menus of the ledger of dues: what is written down in registers, and the papers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.ui.dues.dialogs import PAYMENTS
from desktop.ui.dues.paper import ENTRIES
from desktop.ui.dues.paper import TITLE as PAPER
from desktop.ui.output import export_kind, print_paper, save_template
from desktop.ui.page import Page

if TYPE_CHECKING:
    from desktop.services.archive.dues_papers import DuesPapers
    from desktop.services.archive.writing import Sink
    from desktop.ui.dues.page import DuesPage

REMITTANCE, CONSENT, LARGE, PUBLICITY = "dues_remittance", "dues_consent", "large_dues", "dues_publicity"
USE = "dues_use"


def fill_menus(page: "DuesPage") -> None:
    """Put what can be written down, looked up and printed into the menus of the page."""
    desk = page.desk
    for words, needs, action in (
        ("登记上缴", REMITTANCE, lambda: page.open_quarter(page.quarter_due())),
        ("登记按季交纳", CONSENT, lambda: page.register(CONSENT)),
        ("登记大额党费", LARGE, lambda: page.register(LARGE)),
        ("登记使用", USE, lambda: page.register(USE, event_on=desk.store.today)),
        ("登记公布", PUBLICITY, page.publish),
    ):
        if desk.allows(needs):
            page.more.addAction(words).triggered.connect(lambda _checked=False, action=action: action())
    if desk.allows(PAYMENTS):
        page.more.addAction(PAPER).triggered.connect(lambda: page.take_paper())
        page.more.addAction("上缴比例").triggered.connect(lambda: page.ask_share())
    page.more.addAction(ENTRIES).triggered.connect(lambda: page.open_paper_entries())
    page.more.addSeparator()
    page.more.addAction("上缴、按季、大额、使用的登记簿").triggered.connect(
        lambda: desk.open("members", "learning", kind=REMITTANCE)
    )
    if desk.allows(Act.EXPORT):
        for words, write in _papers(page):
            page.papers.addAction(words).triggered.connect(lambda _checked=False, write=write: write())
        page.more.addAction("导出台账").triggered.connect(lambda: export_kind(page, "dues", "党费收缴台账"))
    if desk.allows(PAYMENTS):
        page.more.addAction("保存空表").triggered.connect(lambda: save_template(page, "dues", "党费收缴台账"))


def print_dues_paper(page: Page, name: str, write: "Callable[[DuesPapers, Sink], object]") -> None:
    """Ask where a paper about dues goes, and let `write` make it."""

    def work(to: "Sink") -> object:
        from desktop.services.archive.dues_papers import DuesPapers  # with reportlab, not before it is asked for

        return write(DuesPapers(page.desk.store, substitute=True), to)

    print_paper(page, name, work)


def _papers(page: "DuesPage") -> list[tuple[str, Callable[[], object]]]:
    """Return the papers and what writes each; what is refused there is said by who refuses it."""

    def of_year(name: str, write: "Callable[[DuesPapers, int, Sink], object]") -> Callable[[], object]:
        def ask() -> None:
            year = page.desk.year
            print_dues_paper(page, f"{year}年{name}", lambda papers, path: write(papers, year, path))

        return ask

    return [
        ("党费收缴登记表", of_year("党费收缴登记表", lambda papers, year, path: papers.register(year, path))),
        ("党费核定表", of_year("党费核定表", lambda papers, year, path: papers.assessment(year, path))),
        (
            "党费上缴单",
            of_year("党费上缴单", lambda papers, year, path: papers.remittance(year, page.quarter_due(), path)),
        ),
        ("党费收缴公示", of_year("党费收缴公示", lambda papers, year, path: papers.notice(year, path))),
        ("选中党员的收条", page.receipt),
    ]
