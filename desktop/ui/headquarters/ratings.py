"""考评抽查 > 质量评定: headquarters' judgement of a branch, criterion by criterion, beside the branch's own."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.assessment import STEPS, AssessmentState
from desktop.models.vocabulary.race import RacePeriodState
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.assessment import AssessmentService
from desktop.services.judging import Judging, JudgingService, waits
from desktop.services.numbers import hundredths
from desktop.services.race.editions import period_name, race_span
from desktop.services.race.service import RaceService
from desktop.services.standards.gates import GateService
from desktop.services.standards.quality import WHO, Rated, Ratings
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.score import CriterionScore, ItemScore, Score
from desktop.services.standards.verdict import Used
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.partners import PartnerRow
from desktop.ui.headquarters.gates import GatesDialog
from desktop.ui.headquarters.judging import JudgingPage
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_record_of, page_of_record
from desktop.ui.standards.common import STATUS_TONES, made_up, quality_cell, quality_tone, trace_cell
from desktop.ui.standards.rating import RatingDialog, judged_words, rating_verb
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import (
    Chip,
    EmptyState,
    Item,
    Segments,
    appear,
    box,
    button,
    clear,
    col,
    figure,
    link,
    row,
    rule,
    text,
)
from desktop.ui.widgets.buttons import dress
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.fields import Choice, sentence
from desktop.ui.widgets.pane import DetailPane, ListWithPane, heading
from desktop.ui.widgets.steps import Steps

ALL, WAITING = "all", "waiting"
ROOM_FOR_FIGURES = 420
_OPEN = (RacePeriodState.OPEN, RacePeriodState.CLOSED, RacePeriodState.SCORED)
MOST_RECORDS, MOST_GAPS = 8, 4
"""Records and gaps of an item that the pane names; the rest is on the checklist of the branch."""
KIND, TITLE = "ratings", "质量评定"
PREPARED = "保存待填的表：支部和条目已列好，评过的带着原值"


def _done(item: ItemScore) -> str:
    parts = [part for part in item.criteria if part.criterion.typed]
    return f"{sum(part.share is not None for part in parts)} / {len(parts)}" if parts else "—"


COLUMNS: tuple[Column[ItemScore], ...] = (
    Column("编号", lambda item: item.id, width=76, tone="sub"),
    Column("做什么", lambda item: item.item.title, cell=lambda item: Two(item.item.title, item.item.target)),
    Column("痕迹", lambda item: item.trace_points or 0, cell=trace_cell, width=112, fold=640),
    Column("质量", lambda item: item.quality_points or 0, cell=quality_cell, width=112),
    Column("已评", _done, width=72, tone="sub", align="c"),
    Column("状态", lambda item: item.status_word,
           cell=lambda item: Tag(item.status_word, STATUS_TONES[item.status]), width=88, fold=560),
)  # fmt: skip


def _quarters(year: int, today: date) -> list[tuple[str, str]]:
    """Return the quarters of a year that have begun, and how people say them."""
    codes = [f"{year}Q{number}" for number in range(1, 5)]
    begun = [code for code in codes if race_span(code).first <= today] or codes[:1]
    return [(code, period_name(code)) for code in begun]


class RatingsPage(Page):
    """质量评定."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ratings = desk.service(RatingService)
        self.enrolment = desk.service(EnrolmentService)
        self.score: Score | None = None
        self._own: Ratings = {}
        self._wanted: str | None = None
        self._item: tuple[str | None, str] = (None, "")
        self._shown: str | None = None  # whose score is in view: the choice above may be ahead of it
        self.branches = Choice("支部", (), width=230, least=110, most=330)
        self.branches.currentIndexChanged.connect(lambda _index: self._branch_chosen())
        self.periods = Choice("周期", (), width=140)
        self.periods.currentIndexChanged.connect(lambda _index: self._period_chosen())
        self._period: str | None = None
        self.scope = Segments(((ALL, "全部条目"), (WAITING, "待评")), name="全部或待评")
        self.scope.changed.connect(lambda _key: self._filter())
        self.import_button = self.desk.offered(
            "verified_ratings", button("从 Excel 导入", lambda: self.import_file(), icon="file-spreadsheet")
        )
        self.judge_button = button("", lambda: self.judge())
        self.gates_button = button("限定条件", self.open_gates)
        self.rest_button = self.desk.offered("verified_ratings", button("采用其余自评", self.adopt_rest))
        empty = EmptyState("clipboard-check", "还没有可以评定的支部。", "收到支部的报送包后，在这里逐条评定质量。")
        self.table: DataTable[ItemScore] = DataTable(COLUMNS, "质量评定", empty, height=51)
        self.pane = DetailPane("评定")
        self.split = ListWithPane(self.table, self.pane)
        self._figures = row(gap=36, pad=(18, 8, 18, 8))
        self._caps = text("", "sub", wrap=True)
        self.strip = Steps(STEPS, "考评进度")
        self._locked = ""
        self._offer_judging()
        self._locked_words = text("", "sub", wrap=True)
        told = row(col(self._caps, self._locked_words, gap=4), pad=(18, 0, 18, 8))
        self._head = box(col(self._figures, told, row(self.strip, pad=(18, 0, 18, 8)), gap=0), "card")
        self.setLayout(col(self._head, (self.split, 1), gap=12, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(self.judge)
        Arrivals(self, self.import_button, self.import_file)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which branch, which items, what caps its grade, and Excel."""
        return (
            self.branches, self.periods, self.scope, self.gates_button, self.rest_button, self.import_button,
            self.judge_button,
        )  # fmt: skip

    def reload(self) -> None:
        """Read the branches, and the verified score of the branch in view."""
        wanted = self._wanted or self.branches.value()
        year, today = self.desk.year, self.desk.store.today
        asked = self._period if self._period is not None and self._period.startswith(str(year)) else None

        def work() -> tuple[str, list[PartnerRow], str | None, Judging | None, AssessmentState | None]:
            period = asked or self._to_judge(year, today)
            partners = [partner for partner in self.enrolment.partners() if partner.state is PartnerState.ACTIVE]
            known = [partner.org for partner in partners]
            branch = wanted if wanted in known else (known[0] if known else None)
            if branch is None:
                return period, partners, None, None, None
            judging = self.desk.service(JudgingService).judging(branch, year, period)
            line = self.desk.service(AssessmentService).row(branch, period)
            return period, partners, branch, judging, line.state if line is not None else None

        self.read(work, lambda loaded: self._loaded(*loaded))

    def go(self, where: dict[str, Any]) -> None:
        """Judge the branch asked for, for the period and at the item that are named."""
        self._wanted = where.get("branch")
        self._item = (self._wanted, str(where.get("item") or ""))
        period = str(where.get("period") or "")
        self._period = period if "Q" in period else self._period  # one of a whole year judges nothing of its own
        self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        appear(self._head, self.score is not None and self.height() >= ROOM_FOR_FIGURES)

    def import_file(self, source: Path | str | None = None) -> None:
        """Take judgements from a workbook, of `source` where it was brought here."""
        self.desk.push(IntakePage(self.desk, KIND, TITLE, PREPARED, source))

    def open_gates(self) -> None:
        """Show what was found about the branch in view, and ask for a new finding."""
        score, branch, year, gates = self.score, self._shown, self.desk.year, self.desk.service(GateService)
        if score is None or branch is None:
            return
        items = [item.item for item in score.items]
        self.read(
            lambda: (gates.gates(year), gates.findings(branch, year)),
            lambda known: GatesDialog(self, branch, known[0], items, known[1]).open(),
            buttons=(self.gates_button,),
        )

    def show_row(self, item: ItemScore) -> None:
        """Show one item with its criteria."""
        self.pane.show_head(item.item.title, item.id, item.status_word, STATUS_TONES[item.status])
        trace = "未到期" if item.trace_points is None and item.status == "running" else hundredths(item.trace_points)
        quality = "待评" if item.quality_points is None else hundredths(item.quality_points)
        parts: list[Item] = [
            text(item.how or item.item.target, "sub", wrap=True),
            text(
                f"痕迹 {trace} / {hundredths(item.trace_max)}　质量 {quality} / {hundredths(item.quality_max)}",
                "sub",
                wrap=True,
            ),
            *made_up(item),
            *self._evidence(item),
            heading("质量标准"),
        ]
        own = False
        for number, part in enumerate(item.criteria):
            if number:
                parts.append(rule())
            mine = self._own.get((item.id, number))
            own = own or (mine is not None and part.share is None)
            parts.append(self._criterion(item, number, part, mine))
        if not item.criteria:
            parts.append(text("这一条只看痕迹，不评质量。", "sub"))
        self.pane.show_body(*parts)
        if own and not self._locked:
            self.pane.show_foot(
                (text("支部自评过的可以直接采用。", "small", wrap=True), 1),
                self.desk.offered("verified_ratings", button("采用自评", lambda: self.adopt(item))),
            )
        else:
            self.pane.show_foot()
        self.split.open_pane()

    def judge(self, item: ItemScore | None = None) -> None:
        """Judge criterion after criterion with the records beside, from `item` or the first that waits."""
        branch, period = self._shown, self._period
        if branch is None or period is None:
            self.desk.say("还没有可以评定的支部。")
            return
        name = self.branches.currentText()
        self.desk.push(JudgingPage(self.desk, branch, name, period, item.id if item is not None else ""))

    def rate(self, item: ItemScore, number: int) -> None:
        """Ask for a judgement of one criterion."""
        RatingDialog(self, item, number, self.ratings, self._shown, self._period).open()

    def adopt(self, item: ItemScore) -> None:
        """Take over the branch's own judgements of an item."""
        branch, year, period = self._shown, self.desk.year, self._period
        if branch is None:
            return
        self.act(
            lambda: self.ratings.adopt(branch, item.id, year=year, period=period),
            lambda count: f"已采用 {count} 条自评。",
        )

    def unrate(self, item: ItemScore, number: int, rated: Rated) -> None:
        """Take a judgement back; it can be put back for a while."""
        branch, year, service, period = self._shown, self.desk.year, self.ratings, rated.period

        def again() -> Rated:
            level = None if rated.level_hundredths is None else rated.level_hundredths / 100
            return service.rate(
                item.id,
                number,
                level=level,
                satisfied=rated.satisfied,
                asked=rated.asked,
                ground=rated.ground,
                year=year,
                branch_id=branch,
                period=period,
            )

        self.act(
            lambda: service.unrate(item.id, number, year=year, branch_id=branch, period=period),
            "已撤回 1 条评定。",
            undo=lambda: self.act(again),
        )

    # inside

    def _judges(self) -> bool:
        """Return whether anything may be judged here: by who works here, for the period in view."""
        return self.desk.allows("verified_ratings") and not self._locked

    def _offer_judging(self) -> None:
        """Offer to judge criterion after criterion, or, where nothing may be judged, to read them."""
        words, kind, icon = ("逐条评", "primary", "clipboard-check") if self._judges() else ("逐条看", "", "eye")
        self.judge_button.setText(words)
        dress(self.judge_button, kind, icon)

    def _evidence(self, item: ItemScore) -> list[Item]:
        """Return the records the item rests on, each leading to what the branch sent, and what is missing."""
        beside = link("边看边评" if self._judges() else "看依据的记录", lambda: self.judge(item))
        parts: list[Item] = [heading(f"用到 {len(item.used)} 条记录" if item.used else "没有用到记录", beside)]
        used = sorted(item.used, key=lambda each: (each.on is None, each.on), reverse=True)
        for each in used[:MOST_RECORDS]:
            day = each.on.isoformat() if each.on else ""
            line = f"{day}　{each.title}".strip()
            if not each.withheld and page_of_record(each.kind)[0]:
                parts.append(row(link(line, partial(self.open_record, each)), ...))
            else:
                parts.append(text(line, "small", wrap=True))
        if len(used) > MOST_RECORDS:
            more = link(f"另有 {len(used) - MOST_RECORDS} 条，看这一项", lambda: self.open_item(item))
            parts.append(row(more, ...))
        missing = [text(f"缺：{gap.what}", "small", "bad", wrap=True) for gap in item.gaps[:MOST_GAPS]]
        if len(item.gaps) > MOST_GAPS:
            missing.append(text(f"另缺 {len(item.gaps) - MOST_GAPS} 处", "small", "bad"))
        return [*parts, *missing]

    def open_record(self, used: Used) -> None:
        """Read a record on the branch's own page."""
        if self._shown is not None:
            open_record_of(self.desk, self._shown, used)

    def open_item(self, item: ItemScore) -> None:
        """Read all records of an item on the branch's own checklist."""
        if self._shown is not None:
            self.desk.open_branch(self._shown, "standards", "checklist", item=item.id)

    def adopt_rest(self) -> None:
        """Take over what the branch judged itself and headquarters has not, once that was said."""
        branch, year, service, period = self._shown, self.desk.year, self.ratings, self._period
        waiting = sum(
            part.share is None and (item.id, number) in self._own
            for item in (self.score.items if self.score else ())
            for number, part in enumerate(item.criteria)
        )
        if branch is None or not waiting:
            self.desk.say("没有还能采用的自评。")
            return
        words = f"还没有评的 {waiting} 条照支部的自评登记，记作“采用自评”，之后可以逐条改。没有看过记录的，先看再采用。"
        confirm(
            self,
            "采用其余的自评",
            words,
            "采用",
            lambda: self.act(
                lambda: service.adopt_rest(branch, year=year, period=period), lambda count: f"已采用 {count} 条自评。"
            ),
        )

    def _criterion(self, item: ItemScore, number: int, part: CriterionScore, own: Rated | None) -> QWidget:
        short, source = judged_words(part)
        chip = Chip(short, quality_tone(part.share))
        who = WHO.get(part.criterion.by, "")
        lines: list[Item] = [
            text(part.criterion.text, wrap=True),
            row(chip, text(who, "small"), ..., gap=8),
        ]
        if source:
            lines.append(text(source, "small", wrap=True))
        rated = part.rated
        if rated is not None and rated.ground:
            taken = "（采用自评）" if rated.adopted else ""
            lines.append(text(f"依据{taken}：{rated.ground}", "small", wrap=True))
        if rated is not None and rated.rated_by:
            day = f"，{rated.rated_on.isoformat()}" if rated.rated_on else ""
            whole = f"{rated.period}年全年" if "Q" not in rated.period else period_name(rated.period)
            lines.append(text(f"评定人：{rated.rated_by}{day}，{whole}评的", "small", wrap=True))
        if own is not None:
            ground = f"，{own.ground}" if own.ground else ""
            lines.append(text(f"支部自评：{own.text}{ground}", "small", "wait", wrap=True))
        if part.criterion.typed and not self._locked:
            verb = self.desk.offered("verified_ratings", link(rating_verb(part), lambda: self.rate(item, number)))
            verb.setAccessibleName(f"{verb.text()}：{part.criterion.text}")
            back: QWidget | None = None
            if rated is not None:
                kept = rated
                back = self.desk.offered("verified_ratings", link("撤回", lambda: self.unrate(item, number, kept)))
                back.setAccessibleName(f"撤回：{part.criterion.text}")
            lines.append(row(verb, back, ..., gap=14))
        return box(col(*lines, gap=3, pad=(0, 4, 0, 4)))

    def _to_judge(self, year: int, today: date) -> str:
        """Return the quarter that is judged now: the one that ended last while it is not published, else the next."""
        begun = [code for code, _name in _quarters(year, today)]
        states = {row.period: row.state for row in self.desk.service(RaceService).periods()}
        ended = [code for code in begun if race_span(code).last < today]
        if ended and states.get(ended[-1], RacePeriodState.OPEN) in _OPEN:
            return ended[-1]
        return begun[-1]

    def _period_chosen(self) -> None:
        code = self.periods.value()
        if code is not None and code != self._period:
            self._period = code
            self.pane.close_pane()
            self.reload()

    def _branch_chosen(self) -> None:
        if self.branches.value() is not None:
            self._wanted = self.branches.value()
            self.pane.close_pane()
            self.reload()

    def _loaded(
        self,
        period: str,
        partners: list[PartnerRow],
        branch: str | None,
        judging: Judging | None,
        state: AssessmentState | None,
    ) -> None:
        score = judging.score if judging is not None else None
        own: Ratings = judging.own if judging is not None else {}
        self._locked = judging.locked if judging is not None else ""
        self._offer_judging()
        self._period = period
        self.periods.set_options(_quarters(self.desk.year, self.desk.store.today), period)
        self.score, self._own, self._wanted, self._shown = score, own, None, branch
        appear(self.branches, bool(partners))
        self.branches.set_options([(partner.org, f"{partner.code} {partner.name}") for partner in partners], branch)
        items = list(score.items) if score else []
        current = self.table.current()
        self.table.set_rows(items, same=lambda item: item.id)
        count = sum(waits(item) for item in items)
        self.scope.name(WAITING, f"待评 {count}" if count else "待评")
        appear(self.strip, state is not None)
        if state is not None:
            self.strip.go_to(state.step)
        clear(self._figures)
        appear(self._head, score is not None and self.height() >= ROOM_FOR_FIGURES)
        if score is not None:
            for value, name in (
                (score.rate_text, "核定得分率"),
                (hundredths(score.total), "已得"),
                (hundredths(score.trace), "其中痕迹"),
                (score.quality_text, "其中质量"),
                (hundredths(score.pending), "待评和未到期"),
            ):
                self._figures.addLayout(figure(value, name))
            appear(self._caps, bool(score.gates))
            self._locked_words.setText(sentence(self._locked) if self._locked else "")
            appear(self._locked_words, bool(self._locked))
            self.rest_button.setEnabled(not self._locked)
            self.rest_button.setToolTip(self._locked)
            if score.gates:
                capped = "；".join(f"{gate.name}（{gate.ground}），{gate.effect}" for gate in score.gates)
                self._caps.setText(f"限定条件：{capped}")
            self._figures.addStretch(1)
        wanted = next((item.id for item in items if (branch, item.id) == self._item), "")
        if wanted:
            self._item = (None, "")
            self.scope.choose(ALL)
        self._filter()
        if wanted:
            self.table.select(lambda item: item.id == wanted)
        again = self.table.current()
        if current is not None and again is not None:
            self.show_row(again)

    def _filter(self) -> None:
        kept = self.table.current()
        self.table.model.set_filter(waits if self.scope.current() == WAITING else None)
        if kept is not None:
            self.table.select(lambda item: item.id == kept.id)
