"""履历: what became of a member over the years, in cards; every line leads to its record."""

from collections.abc import Iterable
from datetime import date

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from desktop.services.member_year.career import Career, DecisionLine
from desktop.services.members import life
from desktop.services.standards.verdict import Used, Where, amount
from desktop.ui.page import Desk
from desktop.ui.places import can_open_record, open_record, open_where, verb_at
from desktop.ui.widgets import Elided, Item, RowButton, box, card, clear, col, link, row, text
from desktop.ui.widgets.pane import fact

BESIDE_FROM = 900
DAY_WIDTH = 92
ONLY_HERE = "只有书记、纪检委员看得到，不报送、不打印、不导出"


class CareerPanel(QWidget):
    """The cards of a career."""

    def __init__(self, desk: Desk, member_id: str) -> None:
        super().__init__()
        self.desk, self._member_id = desk, member_id
        self._cards: list[QWidget] = []
        self._beside: bool | None = None
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(col(self._grid, ..., pad=(24, 14, 24, 16)))

    def show_career(self, career: Career) -> None:
        """Show a career."""
        clear(self._grid)
        self._cards = [
            self._states(career),
            self._posts(career),
            self._honours(career),
            self._trainings(career),
            self._pledges(career),
            self._grades(career),
        ]
        if career.entitled:
            self._cards.append(self._decisions(career.decisions))
        self._beside = None
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        beside = self.width() >= BESIDE_FROM
        if beside is self._beside or not self._cards:
            return
        self._beside = beside
        while self._grid.count():
            self._grid.takeAt(0)
        for place, part in enumerate(self._cards):
            line, column = divmod(place, 2) if beside else (place, 0)
            last = beside and place == len(self._cards) - 1 and not column
            self._grid.addWidget(part, line, column, 1, 2 if last else 1)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if beside or not column else 0)

    def _states(self, career: Career) -> QWidget:
        lines: list[Item] = []
        for step in career.steps:
            words = [life.step_words(step.from_status, step.to_status), step.document_no, step.approving_org, step.note]
            lines.append(fact(step.on.isoformat(), "，".join(filter(None, words)), DAY_WIDTH))
        lines += [fact(each.on.isoformat(), each.words, DAY_WIDTH) for each in career.groups]
        for each in career.conditions:
            words = [_span(each.from_on, each.to_on), each.reason, each.place]
            lines.append(fact(each.kind.label, "，".join(filter(None, words)), DAY_WIDTH))
        return _card("组织关系和情况", lines, "没有变动，也没有登记离退休、流动、长期病假等情况。")

    def _posts(self, career: Career) -> QWidget:
        lines: list[Item] = [fact(held.post.label, _span(held.from_on, held.to_on), DAY_WIDTH) for held in career.posts]
        return _card("任职", lines, "没有任过党内职务。")

    def _honours(self, career: Career) -> QWidget:
        lines = (
            self._line(
                each.title, f"{each.on or ''} {'，'.join(filter(None, (each.level, each.given)))}", each.kind, each.id
            )
            for each in career.honours
        )
        return _card("荣誉和典型", lines, "没有登记荣誉。", self._way("honour", "登记"))

    def _trainings(self, career: Career) -> QWidget:
        lines = (
            self._line(
                each.title,
                "，".join(
                    filter(
                        None, (f"{each.on or ''}", f"{amount(each.hours)} 学时", each.number and f"证书 {each.number}")
                    )
                ),
                "training_record",
                each.id,
            )
            for each in career.certificates
        )
        return _card("培训和证书", lines, "没有参加过集中培训。")

    def _pledges(self, career: Career) -> QWidget:
        lines = (
            self._line(each.title, f"{each.on or ''} {each.result or '没有评诺'}", "commitment", each.id)
            for each in career.pledges
        )
        return _card("承诺践诺", lines, "没有公开承诺。", self._way("commitment", "登记"))

    def _grades(self, career: Career) -> QWidget:
        lines: list[Item] = [fact(f"{each.year} 年", each.grade, DAY_WIDTH) for each in career.grades]
        return _card("民主评议", lines, "没有评定过等次。")

    def _decisions(self, decisions: Iterable[DecisionLine]) -> QWidget:
        lines = [
            self._line(
                f"{each.kind.label}：{each.why}",
                "，".join(filter(None, (f"{each.on}", each.by, each.ends))),
                "discipline",
                each.id,
            )
            for each in decisions
        ]
        return _card("处分和组织处置", lines, "没有登记。", self._way("discipline", "登记"), ONLY_HERE)

    def _line(self, title: str, below: str, kind: str, record: str) -> QWidget:
        layout = col(Elided(title), Elided(below.strip(), "small"), gap=0)
        used = Used(kind, record)
        if not can_open_record(self.desk, used):
            return box(layout)
        return RowButton(f"{title}，{below}", layout, lambda: open_record(self.desk, used))

    def _way(self, kind: str, verb: str) -> QWidget | None:
        where = Where("registers", kind, {"subject": self._member_id})
        said = verb_at(self.desk, where, verb) if self.desk.may_write(kind) else ""
        return link(said, lambda: open_where(self.desk, where)) if said else None


def _card(title: str, lines: Iterable[Item], nothing: str, way: QWidget | None = None, note: str = "") -> QWidget:
    shown = list(lines) or [text(nothing, "sub", wrap=True)]
    head = row(text(title, "h2"), text(note, "small"), gap=10) if note else title
    made = card(head, *shown, ..., action=way, gap=6)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


def _span(begin: date | None, until: date | None) -> str:
    return f"{begin or '记录之前'} 至 {until or '现在'}"
