"""标准化建设得分 of the race, taken apart: every item on the last day of the period, and the records behind it."""

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.numbers import hundredths, points
from desktop.services.race.editions import race_span
from desktop.services.race.rows import RaceRow
from desktop.services.standards.score import ItemScore, Score
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import NOT_APPLICABLE, Used
from desktop.ui.output import export_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_record_of, page_of_record
from desktop.ui.race.explain import STANDARD
from desktop.ui.standards.common import STATUS_TONES
from desktop.ui.table_model import Column, DataTable, Tag
from desktop.ui.widgets import Elided, EmptyState, Glyph, RowButton, box, button, col, link, row, text
from desktop.ui.widgets.pane import DetailPane, ListWithPane, heading

MOST_RECORDS = 8


class StandardPointsPage(Page):
    """What every item of the standard brought a branch in one period of the race."""

    looks = True

    def __init__(self, desk: Desk, result: RaceRow) -> None:
        super().__init__(desk)
        self.title = f"{result.name}的标准化建设得分"
        self._branch, self._on = result.branch_id, min(race_span(result.period).last, desk.store.today)
        self._told = next(
            (part.value for each in result.indicators if each.id == STANDARD for part in each.parts), None
        )
        self.service = desk.service(StandardService)
        self.words = text("", "body", wrap=True)
        self.export_button = desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        empty = EmptyState("clipboard-check", "没有可计分的条目。", "这一天没有在用的标准，或支部没有数据。")
        self.table: DataTable[ItemScore] = DataTable(
            (
                Column("编号", lambda item: item.id, width=76, tone="sub"),
                Column("条目", lambda item: item.item.title),
                Column("痕迹", lambda item: item.trace_points, text=hundredths, width=72, align="r"),
                Column("痕迹满分", lambda item: item.trace_max, text=hundredths, width=84, align="r", tone="sub",
                       fold=900),
                Column("质量", lambda item: item.quality_points, text=hundredths, width=72, align="r"),
                Column("质量已评", lambda item: item.quality_judged_max, text=hundredths, width=84, align="r",
                       tone="sub", fold=900),
                Column("丢分", lost, text=hundredths, width=72, align="r"),
                Column("状态", lambda item: item.status_word,
                       cell=lambda item: Tag(item.status_word, STATUS_TONES[item.status]), width=92),
            ),
            "各条得分",
            empty,
        )  # fmt: skip
        self.pane = DetailPane("条目")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.words, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The list out, and the branch itself."""
        return (
            button("打开支部", lambda: self.desk.open_branch(self._branch, "standards", "checklist"), icon="eye"),
            self.export_button,
        )

    def reload(self) -> None:
        """Reckon the score of the last day of the period."""
        service, branch, on = self.service, self._branch, self._on
        self.read(lambda: service.score(on, branch_id=branch, verified=True), self._show)

    def export(self) -> None:
        """Write the items to a workbook."""
        export_sheet(self, self.table.model.sheet(self.title))

    def _show(self, score: Score) -> None:
        self.words.setText(sum_words(score, self._on, None if self._told is None else points(self._told)))
        items = [item for dimension in score.dimensions for item in dimension.items]
        self.table.set_rows(items, same=lambda item: item.id)

    def show_row(self, item: ItemScore) -> None:
        """Show what an item lacked, how its quality was judged, and the records it rests on."""
        self.pane.show_head(item.item.title, code=item.id, state=item.status_word, tone=STATUS_TONES[item.status])
        self._fill(item)
        self.pane.show_foot()
        self.split.open_pane()

    def _fill(self, item: ItemScore, *, whole: bool = False) -> None:
        parts: list[Any] = [text(item.how, "sub", wrap=True)] if item.how else []
        gaps = [gap for gap in item.gaps if gap.counted]
        if gaps:
            parts += [heading("缺的"), *(text(gap.what, "body", wrap=True) for gap in gaps)]
        if item.criteria:
            parts.append(heading("质量"))
        for part in item.criteria:
            ground = part.rated.ground if part.rated is not None else ""
            parts.append(text(f"{part.criterion.text}：{part.text or '待评'}", "body", wrap=True))
            if ground:
                parts.append(text(f"依据：{ground}", "small", wrap=True))
        used = sorted(item.used, key=lambda each: (each.on is not None, each.on or self._on), reverse=True)
        shown = used if whole else used[:MOST_RECORDS]
        if used:
            more = (
                [link(f"全部 {len(used)} 条", lambda: self._fill(item, whole=True))] if len(shown) < len(used) else []
            )
            parts += [heading("用到的记录", *more), *(self._record(each) for each in shown)]
        self.pane.show_body(*parts)

    def _record(self, used: Used) -> QWidget:
        day = f"{used.on:%m-%d}" if used.on else "—"
        title = Elided(used.title or "记录")
        if used.withheld or not page_of_record(used.kind)[0]:
            return box(row(text(day, "sub"), (title, 1), gap=10, pad=(2, 4, 2, 4)))
        inner = row(text(day, "sub"), (title, 1), Glyph("chevron-right", size=16), gap=10, pad=(2, 4, 2, 4))
        return RowButton(f"{day} {used.title}", inner, lambda: open_record_of(self.desk, self._branch, used))


def lost(item: ItemScore) -> int:
    """Return the judged points an item did not bring, in hundredths."""
    if item.status == NOT_APPLICABLE:
        return 0
    return item.trace_max + item.quality_max - item.pending - item.got


def sum_words(score: Score, on: date, told: str | None) -> str:
    """Say how the items become the rate that the race counts; where that was counted otherwise, why it differs."""
    if score.rate is None:
        return f"到 {on} 还没有可计分的条目。"
    rate = hundredths(score.rate if score.has_rate else None, "待评")
    judged, pending = hundredths(score.judged_points), hundredths(score.pending)
    words = f"到 {on}：各条合计 {hundredths(score.total)}，已评满分 {judged}，得分率 {rate}；待评 {pending} 不算。"
    if told is not None and told != rate:
        words += f"计分时是 {told}：那以后收了新包，或改过评定。"
        words += "还没公布的，重新计分后算进去；公布了的不变，除非这个支部的申诉成立。"
    return words
