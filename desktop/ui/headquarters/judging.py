"""质量评定 > 逐条评: one criterion after another, the records it rests on beside the form that judges it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from desktop.services.judging import EvidenceRow, Judging, JudgingService, waits
from desktop.services.numbers import hundredths
from desktop.services.race.editions import period_name
from desktop.services.standards.quality import GROUND, LEVEL, WHO
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.score import CriterionScore, ItemScore
from desktop.ui.drafting import Drafting
from desktop.ui.headquarters.evidence import EvidencePart
from desktop.ui.page import Desk, Page
from desktop.ui.standards.common import STATUS_TONES, made_up, quality_tone
from desktop.ui.standards.rating import Levels, draft_of, judged_words, rating_fields
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, Item, Segments, appear, box, button, col, link, row, rule, text
from desktop.ui.widgets.fields import Choice, FieldSet, sentence
from desktop.ui.widgets.keys import Keys, shortcut
from desktop.ui.widgets.pane import NARROW_WIDTH, SHRINKS_BELOW, WIDTH, DetailPane

ALL, WAITING = "all", "waiting"
LEFT, LOW = 262, 560
KEYS = "0—4 选级，Ctrl+Enter 保存评下一条，Ctrl+↓ 跳过，←→ 换记录"
LOOKING_KEYS = "Ctrl+↓ 下一条，←→ 换记录"
NEEDS = "verified_ratings"
At = tuple[str, int]
"""A criterion: the id of its item, and its position."""


def criteria_of(item: ItemScore) -> list[int]:
    """Return the positions of the criteria of an item that people judge."""
    return [number for number, part in enumerate(item.criteria) if part.criterion.typed]


def following(items: Sequence[ItemScore], at: At | None) -> At | None:
    """Return the criterion that waits next after `at`, from the front again after the last; None where none waits."""
    every = [(item.id, number) for item in items for number in criteria_of(item)]
    begin = every.index(at) + 1 if at in every else 0
    waiting = {
        (item.id, number) for item in items for number in criteria_of(item) if item.criteria[number].share is None
    }
    return next((each for each in every[begin:] + every[:begin] if each in waiting and each != at), None)


def succeeding(items: Sequence[ItemScore], at: At | None) -> At | None:
    """Return the criterion after `at`, waiting or not; None after the last."""
    every = [(item.id, number) for item in items for number in criteria_of(item)]
    return next(iter(every[every.index(at) + 1 :]), None) if at in every else None


def _left(item: ItemScore) -> Tag:
    left = sum(item.criteria[number].share is None for number in criteria_of(item))
    return Tag("待评" if left else "已评", "wait" if left else "good")


COLUMNS: tuple[Column[ItemScore], ...] = (
    Column("条目", lambda item: item.id, cell=lambda item: Two(item.item.title, item.id)),
    Column("", waits, text=str, cell=_left, width=64),
)  # fmt: skip


class JudgingPage(Page):
    """逐条评."""

    title = "逐条评定"
    takes: ClassVar[Keys] = (("0 — 4", "选级"), ("← →", "换记录"))

    def __init__(self, desk: Desk, branch: str, name: str, period: str, item: str = "") -> None:
        super().__init__(desk)
        self.service, self.ratings = desk.service(JudgingService), desk.service(RatingService)
        self.branch, self.period, self._name = branch, period, name
        self.judging: Judging | None = None
        self._evidence: Mapping[str, tuple[EvidenceRow, ...]] = {}
        self._at: At | None = (item, 0) if item else None
        self._formed: tuple[At, object] | None = None  # which form stands there, over which judgement
        self.fields = FieldSet(())
        self.drafting: Drafting | None = None
        self.scope = Segments(((WAITING, "待评"), (ALL, "全部")), name="待评或全部")
        self.scope.changed.connect(lambda _key: self._filter())
        empty = EmptyState("clipboard-check", "没有待评的条目。", "看全部可以改评。")
        self.items: DataTable[ItemScore] = DataTable(COLUMNS, "条目", empty, height=50, look="bare")
        self.choice = Choice("条目", [])
        self.choice.currentIndexChanged.connect(lambda _index: self._chosen())
        self._done = text("", "sub")
        self.keys = text(KEYS if desk.allows(NEEDS) else LOOKING_KEYS, "small", wrap=True)
        self._left = box(col(self.scope, (self.items, 1), self._done, self.keys, gap=8, pad=(12, 12, 12, 10)), "card")
        self._left.setFixedWidth(LEFT)
        self.evidence = EvidencePart(self)
        self.pane = DetailPane("评定")
        self.pane.close_button.hide()
        self.save_button: QPushButton | None = None  # of the form in view
        middle = box(col(self.choice, (self.evidence, 1), gap=8))
        self.setLayout(row(self._left, (middle, 1), self.pane, gap=12, pad=(24, 14, 24, 16)))
        for each in (self.items, self.evidence.table):
            each.view.installEventFilter(self)
        self.items.picked.connect(self._pick)
        shortcut(self, "Ctrl+Return", "保存评定，评下一条", self.submit)
        shortcut(self, "Ctrl+Enter", "保存评定，评下一条", self.submit)
        shortcut(self, "Ctrl+Down", "跳过这一条", self.skip)
        self._fit()

    def subtitle(self) -> str:
        """Whose branch is judged, for which quarter."""
        return f"{self._name}　{period_name(self.period)}"

    def reload(self) -> None:
        """Read the score of the branch and the records behind it."""
        branch, year, period = self.branch, int(self.period[:4]), self.period

        def work() -> tuple[Judging, Mapping[str, tuple[EvidenceRow, ...]]]:
            judging = self.service.judging(branch, year, period)
            return judging, self.service.evidence(judging)

        self.read(work, lambda found: self._loaded(*found))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a level by its number, go to another record with ← and →."""
        if not self._take_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the same keys where a list has the cursor, which would look for rows that begin with a digit."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take_key(event)
        return super().eventFilter(watched, event)

    def submit(self) -> None:
        """Keep the judgement and go on to the next criterion that waits."""
        at = self._at
        if at is None or not self.fields.fields or not self.desk.allows(NEEDS):
            return
        self.fields.calm()
        if not self.fields.check(required=True):
            return
        values, after = self.fields.values(), self._after()
        year, branch, period = int(self.period[:4]), self.branch, self.period
        self.act(
            lambda: self.ratings.rate(at[0], at[1], year=year, branch_id=branch, period=period, **values),
            "评定已保存。",
            then=lambda _rated: self._go_to(after or at),
            fields=(self.fields,),
            buttons=() if self.save_button is None else (self.save_button,),
        )

    def adopt(self) -> None:
        """Take over what the branch judged itself of this criterion, and go on."""
        at, after = self._at, self._after()
        if at is None:
            return
        year, branch, period = int(self.period[:4]), self.branch, self.period
        self.act(
            lambda: self.ratings.adopt(branch, at[0], at[1], year=year, period=period),
            "已采用自评。",
            then=lambda _count: self._go_to(after or at),
        )

    def skip(self) -> None:
        """Go on to the next criterion that waits; what is typed stays as a draft."""
        after = self._after()
        if after is None:
            self.desk.say("没有别的待评了。")
        else:
            self._go_to(after)

    def cite(self) -> None:
        """Write the evidence number of the record in view into the ground."""
        used, ground = self.evidence.current(), self.fields.fields.get(GROUND.name)
        number = self.judging.number(used) if used is not None and self.judging is not None else ""
        if not number or ground is None:
            self.desk.say("这条记录是台账里的一行，没有佐证编号。")
            return
        control = ground.control
        assert isinstance(control, QPlainTextEdit)
        before = control.textCursor().position() and not control.toPlainText().endswith(("，", "；", " ", "\n"))
        control.insertPlainText(f"{'，' if before else ''}{number}")
        control.setFocus()

    # inside

    def _take_key(self, event: QKeyEvent) -> bool:
        levels = self.fields.fields.get(LEVEL.name)
        key = event.key()
        if isinstance(self.focusWidget(), QPlainTextEdit) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        typed = self.drafting is not None and not self.drafting.looks
        if typed and levels is not None and isinstance(levels.control, Levels) and event.text() in tuple("01234"):
            levels.control.set_value(float(event.text()))
            return True
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.evidence.step(1 if key == Qt.Key.Key_Right else -1)
            return True
        return False

    def _after(self) -> At | None:
        """Return where to go on: what waits, and where nothing does but all are listed, what comes next."""
        items = self.judging.score.items if self.judging is not None else ()
        after = following(items, self._at)
        return succeeding(items, self._at) if after is None and not self._waiting() else after

    def _loaded(self, judging: Judging, evidence: Mapping[str, tuple[EvidenceRow, ...]]) -> None:
        fresh, self.judging, self._evidence = self.judging is None, judging, evidence
        items = [item for item in judging.score.items if criteria_of(item)]
        parts = [item.criteria[number] for item in items for number in criteria_of(item)]
        judged = sum(part.share is not None for part in parts)
        self._done.setText(f"已评 {judged} / {len(parts)}")
        self.keys.setText(KEYS if self.desk.allows(NEEDS) and not judging.locked else LOOKING_KEYS)
        self.scope.name(WAITING, f"待评 {sum(map(waits, items))}")
        self.scope.name(ALL, f"全部 {len(items)}")
        self.items.set_rows(items, same=lambda item: item.id)
        known = {item.id for item in items}
        if fresh and not any(map(waits, items)):
            self.scope.choose(ALL)
        if self._at is None or self._at[0] not in known:
            self._at = following(items, None) or ((items[0].id, criteria_of(items[0])[0]) if items else None)
        self._filter()
        self._show()

    def _filter(self) -> None:
        at = self._at
        keeps = (lambda item: waits(item) or (at is not None and item.id == at[0])) if self._waiting() else None
        self.items.model.set_filter(keeps)
        shown = [item for item in self.items.model.rows() if keeps is None or keeps(item)]
        self.choice.set_options([(item.id, f"{item.id} {item.item.title}") for item in shown], at[0] if at else None)
        if at is not None:
            self.items.blockSignals(True)
            self.items.select(lambda item: item.id == at[0])
            self.items.blockSignals(False)

    def _waiting(self) -> bool:
        return self.scope.current() == WAITING

    def _chosen(self) -> None:
        item_id = self.choice.value()
        if item_id is not None and (self._at is None or item_id != self._at[0]):
            self._go_to((item_id, 0))

    def _pick(self, item: ItemScore) -> None:
        """Go to an item; reading the list anew picks the one in view, which stays at its criterion."""
        if self._at is None or item.id != self._at[0]:
            self._go_to((item.id, (criteria_of(item) or [0])[0]))

    def _go_to(self, at: At) -> None:
        if self.judging is None:
            return
        self._at = at
        self._filter()
        self._show()

    def _show(self) -> None:
        judging = self.judging
        item = next(
            (each for each in (judging.score.items if judging else ()) if self._at and each.id == self._at[0]), None
        )
        if judging is None or item is None or self._at is None:
            self.pane.show_body(text("没有要评定的条目。", "sub"))
            self.pane.show_foot()
            return
        numbers = criteria_of(item)
        number = self._at[1] if self._at[1] in numbers else (numbers or [0])[0]
        self._at = (item.id, number)
        self.evidence.show_item(judging, item, self._evidence.get(item.id, ()))
        part = item.criteria[number]
        if self._formed == (self._at, part.rated):
            return  # the same form over the same judgement: what is being typed stays
        self._formed = (self._at, part.rated)
        self.pane.show_head(item.item.title, item.id, item.status_word, STATUS_TONES[item.status])
        self.pane.show_body(*self._form(judging, item, number, part, numbers))
        save = self.desk.offered(NEEDS, button("保存，评下一条", self.submit, "primary"))
        self.save_button = None if judging.locked else save
        self.pane.show_foot(button("跳过", self.skip), ..., self.save_button)
        appear(self.pane, True)

    def _form(
        self, judging: Judging, item: ItemScore, number: int, part: CriterionScore, numbers: Sequence[int]
    ) -> list[Item]:
        trace = "未到期" if item.trace_points is None and item.status == "running" else hundredths(item.trace_points)
        quality = "待评" if item.quality_points is None else hundredths(item.quality_points)
        who = WHO.get(part.criterion.by, "")
        place = f"标准 {numbers.index(number) + 1} / {len(numbers)}" if len(numbers) > 1 else "标准"
        turn: list[QWidget] = []
        if len(numbers) > 1:
            other = numbers[(numbers.index(number) + 1) % len(numbers)]
            turn.append(link("另一条" if len(numbers) == 2 else "下一条", lambda: self._go_to((item.id, other))))
        parts: list[Item] = [
            text(
                f"痕迹 {trace} / {hundredths(item.trace_max)}　质量 {quality} / {hundredths(item.quality_max)}",
                "sub",
                wrap=True,
            ),
            *made_up(item),
            text(item.how, "small", wrap=True) if item.how and self.height() >= LOW else None,
            rule(),
            row(text(place, "sub"), text(who, "small"), ..., *turn, gap=8),
            text(part.criterion.text, "strong", wrap=True),
        ]
        words, source = judged_words(part)
        if part.share is not None:
            now = f"现在是{words}" + (f"（{source}）" if source else "")
            parts.append(text(now, "small", quality_tone(part.share), wrap=True))
        if part.rated is not None and part.rated.rated_by:
            parts.append(text(f"评定人：{part.rated.rated_by}", "small", wrap=True))
        own = judging.own.get((item.id, number))
        if own is not None:
            said = text(f"支部自评 {own.text}" + (f"：{own.ground}" if own.ground else ""), "small", "wait", wrap=True)
            takes = part.share is None and not judging.locked
            take = self.desk.offered(NEEDS, link("采用自评", self.adopt)) if takes else None
            parts.append(row((said, 1), take, gap=8))
        if judging.locked:
            self.fields, self.drafting = FieldSet(()), None
            return [*parts, text(sentence(judging.locked), "sub", wrap=True)]
        self.fields = rating_fields(part)
        self.drafting = Drafting.over(
            self, (self.fields,), draft_of(item, number, self.period), self.branch, needs=NEEDS
        )
        cite = self.desk.offered(NEEDS, link("引用这条记录的编号", self.cite))
        parts += [self.drafting, self.fields, row(..., cite)]
        return parts

    def _fit(self) -> None:
        slim = self.window().width() < SHRINKS_BELOW
        appear(self._left, not slim)
        appear(self.choice, slim)
        self.pane.setFixedWidth(NARROW_WIDTH if slim else WIDTH)
        self.evidence.set_low(self.height() < LOW)
