"""Small forms over 专项检查: what is said of a list that comes in, who gets what ready, which record proves a point."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from desktop.services.inspections.reading import BroughtList
from desktop.services.inspections.rows import PointRow, score_words
from desktop.services.inspections.service import LISTS, POINTS, InspectionDraft, InspectionService
from desktop.ui.form_dialog import FormDialog
from desktop.ui.table_model import Column, DataTable, Two
from desktop.ui.widgets import EmptyState, fixed, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit

if TYPE_CHECKING:
    from desktop.services.inspections.reading import BroughtPoint
    from desktop.services.search.service import Hit
    from desktop.ui.page import Page

PREVIEW = 230
MOST_HITS = 30
_ALL, _OPEN, _SECTION = "all", "open", "section"


def _point_cell(point: "BroughtPoint") -> Two:
    """Draw a point with what it stands under and how it is scored."""
    below = (point.cells.get("section", ""), point.cells.get("scoring", ""))
    return Two(point.cells.get("title", ""), "　".join(filter(None, below)))


class TakeInDialog(FormDialog):
    """收进检查表: what was read of the file, and what nobody but a person can say of it."""

    def __init__(self, page: "Page", lists: Sequence[BroughtList], then: Callable[[str], object]) -> None:
        self._lists, self._then = lists, then
        named = [(number, f"{each.name}（{len(each.points)}条）") for number, each in enumerate(lists)]
        self.which = Choice("哪张表", named, 0)
        today = page.desk.store.today
        fields = [
            ("title", Field("检查名称", edit("检查名称", lists[0].heading), required=True)),
            ("inspector", Field("检查单位", edit("检查单位"))),
            ("received_on", Field("收到日期", DateEdit("收到日期", today, required=True), required=True)),
            ("self_due_on", Field("自查期限", DateEdit("自查期限"), note="各条的备齐期限先都填这一天")),
            ("visit_on", Field("检查日期", DateEdit("检查日期"))),
        ]
        if len(lists) > 1:
            fields.insert(0, ("which", Field("哪张表", self.which)))
        self.fields = FieldSet(fields, columns=2)
        self.said = text("", "sub", wrap=True)
        self.table: DataTable[BroughtPoint] = DataTable(
            (
                Column("内容与标准", lambda p: p.cells.get("title", ""), cell=_point_cell),
                Column("分值", lambda p: score_words(p.score("points")), width=60, align="r"),
            ),
            "检查表",
            EmptyState("checklist", "没有内容。"),
            height=44,
        )
        self.which.currentIndexChanged.connect(lambda _at: self._show())
        super().__init__(
            page, "收进检查表", self.fields, self.said, fixed(self.table, height=PREVIEW),
            fields=(self.fields,), verb="收进来", needs=LISTS, draft="inspection.take_in", wide=True,
        )  # fmt: skip
        self._show()

    @property
    def brought(self) -> BroughtList:
        """The table that is to come in."""
        return self._lists[self.which.value() or 0]

    def _show(self) -> None:
        brought = self.brought
        self.table.set_rows(brought.points)
        known = [head.title for head in brought.heads if head.field]
        other = [head.title for head in brought.heads if not head.field]
        words = [f"共 {len(brought.points)} 条，{score_words(brought.full)} 分。认出的列：{'、'.join(known)}。"]
        if other:
            words.append(f"其他列照原样存着：{'、'.join(other)}。")
        words += [f"第 {left.number} 行“{left.text[:20]}”：{left.reason}。" for left in brought.left_out]
        self.said.setText("".join(words[:4]) + (f"另有 {len(words) - 4} 行分组标题。" if len(words) > 4 else ""))

    def submit(self) -> None:
        if not self.readable(required=True):
            return
        values, brought = self.fields.values(), self.brought
        draft = InspectionDraft(
            title=values["title"],
            received_on=values["received_on"],
            inspector=values["inspector"] or "",
            self_due_on=values["self_due_on"],
            visit_on=values["visit_on"],
        )
        service = self.page.desk.service(InspectionService)
        said = f"已收进 {len(brought.points)} 条，接着分工。"
        self.keep(lambda: service.take_in(brought, draft), said, then=self._then)


class AssignDialog(FormDialog):
    """分工: give a point, its section, or all that nobody has yet, to somebody until a day."""

    def __init__(
        self, page: "Page", points: Sequence[PointRow], current: PointRow | None, people: Sequence[tuple[str, str]]
    ) -> None:
        self._points, self._current = points, current
        options = [
            (_OPEN, f"还没有责任人的（{len(self._of(_OPEN))}条）"),
            (_ALL, f"没有备齐的（{len(self._of(_ALL))}条）"),
        ]
        if current is not None:
            section = current.section or "没有项目"
            options = [
                ("", f"选中的第 {current.position} 条"),
                (_SECTION, f"“{section[:16]}”下的（{len(self._of(_SECTION))}条）"),
                *options,
            ]
        self.which = Choice("哪些项目", options)
        self.fields = FieldSet(
            [
                ("which", Field("哪些项目", self.which)),
                ("owner_id", Field("责任人", Choice("责任人", [(None, "不改"), *people]))),
                ("due_on", Field("备齐期限", DateEdit("备齐期限"), note="不填就不改")),
            ]
        )
        super().__init__(
            page, "分工", self.fields, fields=(self.fields,), verb="分工", needs=POINTS, draft="inspection.assign"
        )

    def _of(self, which: str) -> list[PointRow]:
        open_ones = [point for point in self._points if point.done_on is None]
        if which == _OPEN:
            return [point for point in open_ones if not point.owner_id]
        if which == _ALL or self._current is None:
            return open_ones
        if which == _SECTION:
            return [point for point in self._points if point.section == self._current.section]
        return [self._current]

    def submit(self) -> None:
        if not self.readable():
            return
        values = self.fields.values()
        chosen = [point.id for point in self._of(values["which"] or "")]
        service = self.page.desk.service(InspectionService)
        self.keep(
            lambda: service.assign(chosen, values["owner_id"], values["due_on"]), lambda count: f"已分工 {count} 条。"
        )


class ProofDialog(Dialog):
    """关联记录: find a meeting, a register's row or a paper by words or day, and note it as proof of a point."""

    def __init__(self, page: "Page", point: PointRow) -> None:
        self.page, self.point = page, point
        self.needle = edit("找记录", hint="名称、人名、日期，如“3月党员大会”")
        self.hits = QListWidget()
        self.hits.setAccessibleName("找到的记录")
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.setWordWrap(True)
        self.said = text("输入几个字就找。", "sub")
        self._found: list[Hit] = []
        super().__init__(page, f"第 {point.position} 条关联记录", self.needle, fixed(self.hits, height=260), self.said,
                         verb="关联", wide=True)  # fmt: skip
        self.verb.setEnabled(False)
        self.needle.textChanged.connect(self.look)
        self.hits.itemSelectionChanged.connect(lambda: self.verb.setEnabled(self.hits.currentRow() >= 0))
        self.hits.itemActivated.connect(lambda _item: self.submit())

    def look(self, words: str) -> None:
        """Find what holds the words typed so far."""
        from desktop.services.search.service import SearchService

        if not words.strip():
            return
        service = self.page.desk.service(SearchService)

        def work() -> "list[Hit]":
            service.refresh()
            return [hit for hit in service.find(words, most=MOST_HITS).hits if hit.target[0] != "member"]

        self.page.read(work, lambda found: self._show(words, found))

    def _show(self, words: str, found: "list[Hit]") -> None:
        if words != self.needle.text():
            return
        self._found = found
        self.hits.clear()
        for hit in found:
            self.hits.addItem(QListWidgetItem("　".join(filter(None, (hit.title, hit.detail)))))
        self.said.setText(f"找到 {len(found)} 条，选一条再点“关联”。" if found else "没有找到，换几个字试试。")

    def submit(self) -> None:
        """Note the chosen record."""
        at = self.hits.currentRow()
        if not 0 <= at < len(self._found):
            return
        kind, record_id = self._found[at].target
        service = self.page.desk.service(InspectionService)
        self.page.act(
            lambda: service.link(self.point.id, kind, record_id), "已关联。", then=lambda _none: self.accept()
        )
