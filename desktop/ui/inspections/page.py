"""标准化 > 专项检查: the list an inspector brought, who gets what ready, the scores, the proof."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.access import Act
from desktop.services.inspections.reading import BroughtList
from desktop.services.inspections.rows import InspectionRow, PointRow, Proof, score_words
from desktop.services.inspections.service import LISTS, POINTS, InspectionService
from desktop.services.registers import RegisterService
from desktop.services.spreadsheets.workbook import SUFFIXES
from desktop.services.standards.verdict import Used
from desktop.ui.dialogs import ask_open, ask_save
from desktop.ui.inspections.dialogs import AssignDialog, ProofDialog, TakeInDialog
from desktop.ui.output import EXCEL, print_document, told
from desktop.ui.page import Desk, Page
from desktop.ui.places import can_open_record, open_record
from desktop.ui.registers.transfer import form_of
from desktop.ui.table_model import BRANCH_ROOM, Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState, Item, appear, box, button, col, link, row, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

STATE_TONES = {"waiting": "run", "run_out": "bad", "closed": "good"}
FILES = f"检查表 ({' '.join(f'*{suffix}' for suffix in (*SUFFIXES, '.docx'))})"


def _below(point: PointRow) -> str:
    return "　".join(filter(None, (point.section, point.scoring)))


def _proofs(point: PointRow) -> int:
    return len(point.proofs) + point.attachments


def _score(score: float | None) -> Txt:
    return Txt(score_words(score) or "—", bold=score is not None, align="r")


COLUMNS: tuple[Column[PointRow], ...] = (
    Column("序号", lambda p: p.position, width=54, align="r", tone="sub"),
    Column("内容与标准", lambda p: p.title, cell=lambda p: Two(p.title, _below(p)), least=BRANCH_ROOM),
    Column("分值", lambda p: p.points, text=score_words, width=58, align="r"),
    Column("自查分", lambda p: p.self_points, cell=lambda p: _score(p.self_points), width=72, align="r"),
    Column("考核分", lambda p: p.checked_points, cell=lambda p: _score(p.checked_points), width=72, align="r"),
    Column("责任人", lambda p: p.owner, text=lambda v: v or "—", width=90, tone="sub", fold=560),
    Column("备齐期限", lambda p: p.due_on, text=lambda v: str(v or "—"), width=106, tone="sub", fold=700),
    Column("佐证", _proofs, text=lambda v: f"{v} 件" if v else "—", width=64, tone="sub", fold=820),
    Column("状态", lambda p: p.state.label, cell=lambda p: Tag(p.state.label, STATE_TONES[p.state.value]), width=84),
)  # fmt: skip


class InspectionsPage(Page):
    """专项检查."""

    title = "专项检查"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(InspectionService)
        self._lists: list[InspectionRow] = []
        self._wanted = self._point_wanted = ""
        self._people: list[tuple[str, str]] = []
        self.pick = Choice("检查表", [], width=380)
        self.pick.currentIndexChanged.connect(lambda _at: self._chosen())
        self._facts = text("", "sub", wrap=True)
        self.take_button = desk.offered(LISTS, button("收进检查表", lambda: self.take_in(), "primary", "upload"))
        self.assign_button = desk.offered(POINTS, button("分工", self.assign, icon="users"))
        self.export_button = desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.print_button = desk.offered(Act.EXPORT, button("打印自查表", self.print_list, icon="printer"))
        self.edit_link = desk.offered(LISTS, link("修改", self.edit_list, "pencil"))
        self.remove_link = desk.offered(LISTS, link("删除", self.remove, "trash"))
        self._head = box(row(self.pick, (self._facts, 1), self.edit_link, self.remove_link, gap=12))
        empty = EmptyState(
            "checklist",
            "还没有检查表。",
            "检查组带来的、上级发来的检查表（Excel，或Word里的表格）收进来，逐条分工、自查打分、关联佐证，再照原样导出。",
            "收进第一张",
            lambda: self.take_in(),
        )
        desk.offered(LISTS, empty.button)
        self.table: DataTable[PointRow] = DataTable(COLUMNS, "专项检查", empty, height=48)
        self.table.picked.connect(self.show_point)
        self.table.opened.connect(self.open_point)
        self.pane = DetailPane()
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self._head, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))

    def bar_actions(self) -> Sequence[QWidget]:
        """Out to Excel and paper, who does what, and the one primary action."""
        return (self.export_button, self.print_button, self.assign_button, self.take_button)

    def reload(self) -> None:
        """Read the lists, and the points of the one in view."""
        wanted = self._wanted

        def work() -> tuple[list[InspectionRow], list[PointRow], list[tuple[str, str]]]:
            lists = self.service.lists()
            shown = next((each.id for each in lists if each.id == wanted), lists[0].id if lists else "")
            people = self.desk.service(RegisterService).choices(POINTS, "owner_id")
            return lists, self.service.points(shown) if shown else [], people

        self.read(work, lambda got: self._show(*got))

    def go(self, where: dict[str, Any]) -> None:
        """Show the list or the point that `where` names."""
        record = str(where.get("record") or "")
        if where.get("kind") == LISTS and record:
            self._wanted = record
        elif record:
            self._point_wanted = record
            self.read(lambda: self.desk.service(RegisterService).row(POINTS, record), self._turn_to)

    def _turn_to(self, point: Any) -> None:
        self._wanted = str(point.values.get("inspection_id") or "")
        self.reload()

    @property
    def inspection(self) -> InspectionRow | None:
        """The list in view."""
        return next((each for each in self._lists if each.id == self.pick.value()), None)

    def take_in(self, source: Path | None = None) -> None:
        """Read a file, and ask what is to be said of it."""
        path = source or ask_open(self, "选检查表", FILES)
        if path is not None:
            self.call(lambda _progress: self.service.bring(path), self._brought, buttons=(self.take_button,))

    def _brought(self, lists: tuple[BroughtList, ...]) -> None:
        TakeInDialog(self, lists, self._taken).open()

    def _taken(self, inspection_id: str) -> None:
        self._wanted = inspection_id
        self.reload()

    def assign(self) -> None:
        """Ask who gets what ready."""
        if self._lists:
            AssignDialog(self, list(self.table.model.everything()), self.table.current(), self._people).open()

    def export(self) -> None:
        """Write the list in view as it came, with the scores."""
        from desktop.services.inspections.sheet import export_inspection

        found = self.inspection
        if found is None:
            return
        path = ask_save(self, "导出检查表", f"{found.title}.xlsx", EXCEL)
        if path is not None:
            store = self.desk.store
            self.call(lambda _progress: export_inspection(store, found.id, path), lambda _count: told(self, path))

    def print_list(self) -> None:
        """Write the self-check of the list in view as a PDF to print."""
        found = self.inspection
        if found is not None:
            print_document(self, f"{found.title}自查表", lambda papers, path: papers.inspection(found.id, path))

    def edit_list(self) -> None:
        """Change what is said of the list in view."""
        if self.inspection is not None:
            self.desk.push(form_of(self.desk, REGISTERS[LISTS], self.inspection.id))

    def remove(self) -> None:
        """Put the list in view into the recycle bin with its points; it can be taken back at once."""
        found = self.inspection
        if found is None:
            return
        self.act(
            lambda: self.service.remove(found.id),
            f"已删除“{found.title}”，{found.count} 条。",
            then=lambda _none: self.pane.close_pane(),
            undo=lambda: self.act(lambda: self.service.restore(found.id)),
        )

    def open_point(self, point: PointRow) -> None:
        """Open the form of a point: scores, what was found, files."""
        self.desk.push(form_of(self.desk, REGISTERS[POINTS], point.id))

    def show_point(self, point: PointRow) -> None:
        """Open a point at the right."""
        self._point_wanted = point.id
        self.pane.show_head(point.section or "检查项目", code=f"第 {point.position} 条", state=point.state.label,
                            tone=STATE_TONES[point.state.value])  # fmt: skip
        said = (
            ("分值", score_words(point.points)), ("自查分", score_words(point.self_points)),
            ("考核分", score_words(point.checked_points)), ("考评方式", point.method), ("责任人", point.owner),
            ("备齐期限", str(point.due_on or "")), ("备齐日期", str(point.done_on or "")),
        )  # fmt: skip
        items: list[Item] = [text(point.title, wrap=True), *(fact(name, words) for name, words in said if words)]
        for name, words in (("评分说明", point.scoring), ("自查情况", point.finding), ("备注", point.note)):
            items += [heading(name), text(words, wrap=True)] if words else []
        items += [fact(head, words) for head, words in point.others.items()]
        prove = self.desk.offered(POINTS, link("关联记录", lambda: ProofDialog(self, point).open(), "link"))
        items.append(heading("佐证", prove))
        items += [self._proof(point, proof) for proof in point.proofs]
        if point.attachments:
            items.append(text(f"附件 {point.attachments} 个", "sub"))
        if not point.evidence:
            items.append(text("还没有佐证：关联会议、台账，或者在表单里加附件。", "sub", wrap=True))
        self.pane.show_body(*items)
        fill = button("打分、填情况", lambda: self.open_point(point), icon="pencil")
        self.pane.show_foot(self.desk.offered(POINTS, fill), ...)
        self.split.open_pane()

    def _proof(self, point: PointRow, proof: Proof) -> QWidget:
        used = Used(proof.kind, proof.id, None, proof.words)
        words = proof.words or "（已删除或看不到的记录）"
        if proof.words and can_open_record(self.desk, used):
            shown: QWidget = link(words, lambda: open_record(self.desk, used))
        else:
            shown = text(words, "sub")
        take = partial(self.service.unlink, point.id, proof.kind, proof.id)
        off = self.desk.offered(POINTS, link("去掉", lambda: self.act(take, "已取消关联，记录还在。")))
        return box(row((shown, 1), off, gap=8))

    def _chosen(self) -> None:
        chosen = str(self.pick.value() or "")
        if chosen and chosen != self._wanted:
            self._wanted, self._point_wanted = chosen, ""
            self.pane.close_pane()
            self.reload()

    def _show(self, lists: list[InspectionRow], points: list[PointRow], people: list[tuple[str, str]]) -> None:
        self._lists, self._people = lists, people
        shown = next((each for each in lists if each.id == self._wanted), lists[0] if lists else None)
        self._wanted = shown.id if shown else ""
        self.pick.blockSignals(True)
        self.pick.set_options([(each.id, f"{each.received_on}　{each.title}") for each in lists], self._wanted)
        self.pick.blockSignals(False)
        appear(self._head, shown is not None)
        for part in (self.export_button, self.print_button, self.assign_button):
            part.setEnabled(shown is not None)
        if shown is not None:
            self._facts.setText(_facts(shown))
        self.table.set_rows(points, same=lambda point: point.id)
        if self._point_wanted and self.table.select(lambda point: point.id == self._point_wanted):
            current = self.table.current()
            if current is not None:
                self.show_point(current)


def _facts(shown: InspectionRow) -> str:
    scores = f"自查 {score_words(shown.self_sum) or '—'} / {score_words(shown.full)} 分"
    if shown.checked_sum is not None:
        scores += f"，考核 {score_words(shown.checked_sum)} 分"
    visit = f"{shown.visit_on.month} 月 {shown.visit_on.day} 日检查" if shown.visit_on else ""
    return "；".join(filter(None, (visit, shown.progress, scores)))
