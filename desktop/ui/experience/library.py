"""提升 > 经验库 at a branch: what headquarters recommends, and what this branch made of each."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.experience.adopting import Adopting
from desktop.services.experience.library import LibraryService
from desktop.services.experience.rows import EXPERIENCE, SPREAD, Entry
from desktop.services.improvement.service import ImprovementService
from desktop.services.registers.lookup import register_of
from desktop.ui.drafting import Drafting
from desktop.ui.experience.adopting import KEPT, adopted_heading, adopting, adopting_fields
from desktop.ui.output import export_button, print_document
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, Item, Segments, button, col, link, row, text
from desktop.ui.widgets.fields import FieldSet, count_faults, edit
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

ALL, OPEN, ADOPTED = "all", "open", "adopted"
TITLE = "经验库"


def _state(entry: Entry) -> Tag:
    if entry.adoption is not None:
        return Tag("已采用", "good")
    return Tag("已列入措施", "run") if entry.action_id else Tag("没有采用", "none")


COLUMNS: tuple[Column[Entry], ...] = (
    Column("类别", lambda entry: entry.row.texts["kind"], width=116, tone="sub", fold=620),
    Column(
        "名称", lambda entry: entry.row.heading, cell=lambda entry: Two(entry.row.heading, entry.row.texts["origin"])
    ),
    Column("适合哪些支部", lambda entry: entry.row.texts["suits"] or "—", width=190, tone="sub", fold=860),
    Column("发布", lambda entry: entry.row.values["published_on"], width=106, tone="sub", fold=560),
    Column("本支部", lambda entry: _state(entry).text, cell=_state, width=104),
)


class LibraryPage(Page):
    """The entries, and one opened with what this branch did after it."""

    title = TITLE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.plans = desk.service(LibraryService), desk.service(ImprovementService)
        self.brands: list[tuple[str, str]] = []
        self.fields = FieldSet(())
        self.entry: Entry | None = None  # the one in the pane: a filter takes it out of the selection
        self._wanted, self._planned = "", False
        self.needle = edit("筛选经验库", hint="任何一栏里的字", width=170)
        self.needle.setClearButtonEnabled(True)
        self.needle.textChanged.connect(lambda _words: self._filter())
        self.filters = Segments([(ALL, "全部"), (OPEN, "没有采用"), (ADOPTED, "已采用")], name="筛选")
        self.filters.changed.connect(lambda _key: self._filter())
        self.export_button = export_button(self, lambda: self.table.model.sheet(TITLE))
        self.print_button = desk.offered(Act.EXPORT, button("打印", self.print_all, icon="printer"))
        empty = EmptyState("file-text", "总部还没有发布做法。", "好的品牌和做法随反馈包来，来了就在这里。")
        self.table: DataTable[Entry] = DataTable(COLUMNS, TITLE, empty, height=46)
        self.pane = DetailPane(TITLE)
        self._make_buttons()
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(row(self.needle, ...), (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which entries, and the list out."""
        return (self.filters, self.export_button, self.print_button)

    def focus_filter(self) -> None:
        """Put the cursor into the words to filter by."""
        self.needle.setFocus()
        self.needle.selectAll()

    def reload(self) -> None:
        """Read the library."""
        self.read(
            lambda: (self.service.entries(), self.service.brands(), self.plans.current() is not None),
            lambda got: self._loaded(*got),
        )

    def go(self, where: dict[str, Any]) -> None:
        """Show the entry asked for."""
        self._wanted = str(where.get("record", ""))
        self.needle.clear()
        self.filters.choose(ALL)
        self._choose_wanted()

    def show_row(self, entry: Entry) -> None:
        """Show one entry whole, and the form of what this branch did after it."""
        self.entry = entry
        tag, adoption, texts = _state(entry), entry.adoption, entry.row.texts
        register = register_of(EXPERIENCE)
        self._make_buttons()
        self.pane.show_head(entry.row.heading, texts["kind"], tag.text, tag.tone)
        body: list[Item] = [fact("来自", texts["origin"])]
        body += [fact("适合", texts["suits"])] if texts["suits"] else []
        for name in ("recommendation", "problem", "method", "effect"):
            if texts[name]:
                body += [heading(register.field(name).label), text(texts[name], wrap=True)]
        done, result, on = (adoption.done, adoption.result, adoption.on) if adoption else ("", "", None)
        self.fields = adopting_fields(Adopting(done, on, result, entry.brand_id), self.brands)
        if self.desk.allows(SPREAD):
            drafting = Drafting.over(self, (self.fields,), "experience", entry.row.id, needs=SPREAD)
            count_faults(self.adopt_button, self.fields.fields.values())
            body += [
                adopted_heading(self.desk, adoption.record if adoption else ""),
                drafting,
                self.fields,
                row(self.action_button, ..., gap=8),
            ]
        elif adoption is not None:
            body += [
                adopted_heading(self.desk, adoption.record if adoption else ""),
                text(f"{on or ''} {done}".strip(), wrap=True),
                *([fact("效果", result)] if result else []),
            ]
        self.action_button.setEnabled(self._planned and not entry.action_id)
        self.action_button.setText("已列为措施" if entry.action_id else "列为提升计划的措施")
        self.action_button.setToolTip("" if self._planned else "没有进行中的提升计划")
        self.pane.show_body(*body)
        record = entry.row.id
        printed = self.desk.offered(
            Act.EXPORT,
            link(
                "打印",
                lambda: print_document(
                    self, entry.row.heading, lambda papers, path: papers.record(EXPERIENCE, record, path)
                ),
                "printer",
            ),
        )
        self.pane.show_foot(printed, ..., self.adopt_button)
        self.split.open_pane()

    def adopt(self) -> None:
        """Keep what this branch did after the entry in view."""
        entry = self.entry
        self.fields.calm()
        if entry is None or not self.fields.check():
            return
        said, record = adopting(self.fields), entry.row.id
        self.act(
            lambda: self.service.adopt(record, said),
            KEPT,
            fields=(self.fields,),
            buttons=(self.adopt_button,),
        )

    def to_action(self) -> None:
        """Make the entry in view a measure of the open plan."""
        entry = self.entry
        if entry is not None:
            record = entry.row.id
            self.act(
                lambda: self.service.to_action(record), "已列为改进措施。", drafts=(), buttons=(self.action_button,)
            )

    def print_all(self) -> None:
        """Write the library as a paper."""
        print_document(self, TITLE, lambda papers, path: papers.register(EXPERIENCE, path))

    def _make_buttons(self) -> None:
        """Make the buttons anew: the pane deletes what it showed before."""
        self.adopt_button = self.desk.offered(SPREAD, button("采用", self.adopt, "primary", "check"))
        self.action_button = self.desk.offered("pdca_actions", button("列为提升计划的措施", self.to_action))

    def _loaded(self, entries: list[Entry], brands: list[tuple[str, str]], planned: bool) -> None:
        self.brands, self._planned = brands, planned
        self.table.set_rows(entries, same=lambda entry: entry.row.id)
        self._filter()
        self._choose_wanted()
        shown = self.entry.row.id if self.entry is not None and not self.pane.isHidden() else ""
        current = self.table.current() or next((entry for entry in entries if entry.row.id == shown), None)
        if current is not None:
            self.show_row(current)

    def _choose_wanted(self) -> None:
        wanted = self._wanted
        if wanted and self.table.select(lambda entry: entry.row.id == wanted):
            self._wanted = ""

    def _filter(self) -> None:
        needle, kind = self.needle.text().strip().casefold(), self.filters.current()

        def shown(entry: Entry) -> bool:
            if kind != ALL and (entry.adoption is not None) != (kind == ADOPTED):
                return False
            return not needle or any(needle in words.casefold() for words in entry.row.texts.values())

        self.table.model.set_filter(shown)
