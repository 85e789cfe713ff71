"""The forms of spot checks: a draw, one verdict, its confirmation, an appeal and what is decided of it."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame
from shiboken6 import isValid

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.race.editions import period_name
from desktop.services.sampling.appeals import (
    DECIDED_BY,
    DECISION,
    STATE,
    Decided,
    SampleAppealService,
)
from desktop.services.sampling.confirming import CONFIRMED_BY, ConfirmingService
from desktop.services.sampling.drawing import HOW, SEED, new_seed
from desktop.services.sampling.rows import BranchDraw, SampledRow
from desktop.services.sampling.service import GROUND, HEARD, VERDICT, Judgement, SamplingService
from desktop.ui.appeals import RaiseDialog
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.sampling.parts import ChecksEdit
from desktop.ui.widgets import appear, banner, col, text
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo, to_choose

RECORDS, SHEETS = "sampled_records", "sample_sheets"
CHECKS = "checks"
MOST_TOLD = 12
SAID = "谁说的、哪天听的、怎么说；支部不说明的，写“没有说明”。"
INSTEAD = "成立的，认定改为"


class Following(QFrame):
    """What follows of a record found made up once another person confirmed it."""

    def __init__(self, page: Page, row: SampledRow) -> None:
        super().__init__()
        self.words = text("", "sub", wrap=True)
        named = banner("bad", "alert-circle", "认定不实，另一人复核以后", "", None)
        self.setLayout(col(named, self.words, gap=4))
        service = page.desk.service(ConfirmingService)
        page.read(lambda: service.follows(row.id), self._told)

    def _told(self, follows: str) -> None:
        if isValid(self):
            self.words.setText(f"{follows}。支部从反馈包里看到，可以申诉。")


class DrawDialog(FormDialog):
    """The number to draw by; what it would draw of each branch is said before it is kept."""

    def __init__(self, page: Page, period: str, plans: Sequence[BranchDraw], seed: str) -> None:
        self._period, self._service = period, page.desk.service(SamplingService)
        fresh = [plan for plan in plans if not plan.kept and not plan.left_out]
        out = [plan.name for plan in plans if plan.left_out]
        lines = [
            f"{plan.code} {plan.name}：{plan.population} 条里抽 {len(plan.drawn)} 条"
            + (f"，其中补录 {late} 条" if (late := sum(bool(each.late) for each in plan.drawn)) else "")
            for plan in fresh[:MOST_TOLD]
        ]
        if len(fresh) > MOST_TOLD:
            lines.append(f"……共 {len(fresh)} 个支部，抽 {sum(len(plan.drawn) for plan in fresh)} 条")
        if out:
            lines.append(f"没有报来这一期的记录、抽不了的：{'、'.join(out[:MOST_TOLD])}")
        note = "公开的编号，如当众摇出的号码；同一编号再抽，结果相同"
        self.fields = FieldSet([(SEED.name, Field(SEED.label, edit(SEED.label, seed), required=True, note=note))])
        if any(plan.kept for plan in plans):
            self.fields.fields[SEED.name].control.setEnabled(False)
        super().__init__(
            page,
            f"{period_name(period)}抽查",
            text(HOW, "sub", wrap=True),
            self.fields,
            *(text(line, "small", wrap=True) for line in lines),
            fields=(self.fields,),
            verb="抽定",
            needs=SHEETS,
            draft=f"sample.{period}",
            wide=True,
        )

    def submit(self) -> None:
        """Draw and keep it."""
        if not self.readable(required=True):
            return
        period, seed, service = self._period, self.fields.values()[SEED.name], self._service
        self.keep(lambda: service.draw(period, seed), lambda count: f"已抽定 {count} 个支部，可以打印核查表。")


GROUNDED = frozenset(SampleVerdict) - {SampleVerdict.TRUE}
"""Verdicts that rest on a ground."""


class VerdictDialog(FormDialog):
    """What was found of one drawn record."""

    def __init__(self, page: Page, row: SampledRow, verdict: SampleVerdict | None = None) -> None:
        self._row, self._service = row, page.desk.service(SamplingService)
        options = [(None, "还没有核"), *((each, each.label) for each in SampleVerdict)]
        choice = Choice(VERDICT.label, options, verdict or row.verdict)
        hint = "写明看到什么、问了谁：原件、签名、照片拍摄日期、参会人怎么说。"
        note = "有瑕疵、不实、原件不在的都要写"
        heard = "认定不实以前要听支部说明"
        self.fields = FieldSet(
            (
                (VERDICT.name, Field(VERDICT.label, choice)),
                (CHECKS, Field("核对", ChecksEdit(row.checks))),
                (GROUND.name, Field(GROUND.label, memo(GROUND.label, row.ground, hint, lines=2), note=note)),
                (HEARD.name, Field(HEARD.label, memo(HEARD.label, row.heard, SAID, lines=2), note=heard)),
            )
        )
        self.follows = Following(page, row)
        super().__init__(
            page, f"登记认定：{row.title}", self.follows, self.fields, fields=(self.fields,), verb="保存",
            needs=RECORDS, draft="sampled", about=row.id, rev=row.rev, wide=True,
        )  # fmt: skip
        choice.currentIndexChanged.connect(lambda _index: self._warn(choice.value()))
        self._warn(choice.value())

    def _warn(self, verdict: SampleVerdict | None) -> None:
        """Say what follows of a record found made up, before that is kept."""
        appear(self.follows, verdict is SampleVerdict.FABRICATED)
        self.fields.fields[GROUND.name].require(verdict in GROUNDED)
        self.fields.fields[HEARD.name].require(verdict is SampleVerdict.FABRICATED)

    def submit(self) -> None:
        """Keep the verdict."""
        if not self.readable():
            return
        values, service, row = self.fields.values(), self._service, self._row
        judged = Judgement(
            row.id, values[VERDICT.name], values[GROUND.name], values[HEARD.name], self.rev, values[CHECKS]
        )
        said = {
            SampleVerdict.FABRICATED: "已登记，复核以后才算数。",
            SampleVerdict.ABSENT: "已登记，程序补抽了一条，两条都留底。",
        }
        self.keep(lambda: service.judge([judged]), said.get(values[VERDICT.name], "已登记认定。"))


class ConfirmDialog(FormDialog):
    """Who confirmed that a record is made up, and what follows."""

    def __init__(self, page: Page, row: SampledRow) -> None:
        self._row, self._service = row, page.desk.service(ConfirmingService)
        name = Field(CONFIRMED_BY.label, edit(CONFIRMED_BY.label), required=True, note="不能是核查人")
        self.fields = FieldSet([(CONFIRMED_BY.name, name)])
        super().__init__(
            page, "复核不实的认定", text(f"{row.title}　{row.number}", "strong", wrap=True),
            text(f"依据：{row.ground}", "sub", wrap=True), text(f"支部说明：{row.heard}", "sub", wrap=True),
            Following(page, row), self.fields, fields=(self.fields,), verb="复核通过",
            needs=Act.PUBLISH, draft="sample_confirm", about=row.id, wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Confirm it."""
        if not self.readable(required=True):
            return
        name, service, row = self.fields.values()[CONFIRMED_BY.name], self._service, self._row
        self.keep(
            lambda: service.confirm(row.id, name),
            lambda reason: f"已复核，赛马没有扣分：{reason}。" if reason else "已复核，赛马重新计分后扣分。",
        )


class AppealDialog(RaiseDialog):
    """What a branch says against a verdict."""

    def __init__(self, page: Page, row: SampledRow) -> None:
        service = page.desk.service(SampleAppealService)
        super().__init__(
            page,
            f"申诉：{row.title}",
            text(f"认定{row.state}：{row.ground}", "sub", wrap=True),
            work=lambda raised: service.raise_appeal(row.id, raised),
            draft="sample_appeal",
            about=row.id,
        )


class DecideDialog(FormDialog):
    """What headquarters decides of an appeal against a verdict."""

    def __init__(self, page: Page, row: SampledRow) -> None:
        self._row, self._service = row, page.desk.service(SampleAppealService)
        states = to_choose((s, s.label) for s in (AppealState.UPHELD, AppealState.REJECTED))
        better = to_choose((v, v.label) for v in (SampleVerdict.TRUE, SampleVerdict.INCOMPLETE))
        said = row.appeal.ground if row.appeal is not None else ""
        self.fields = FieldSet(
            (
                (STATE.name, Field(STATE.label, Choice(STATE.label, states, None), required=True)),
                (VERDICT.name, Field(INSTEAD, Choice(INSTEAD, better), note="不成立的不选")),
                (DECIDED_BY.name, Field(DECIDED_BY.label, edit(DECIDED_BY.label), required=True)),
                (DECISION.name, Field(DECISION.label, memo(DECISION.label, "", lines=2), required=True)),
            )
        )
        super().__init__(
            page, f"决定申诉：{row.title}", text(f"申诉理由：{said}", "sub", wrap=True), self.fields,
            fields=(self.fields,), verb="决定", needs=Act.PUBLISH, draft="sample_decision", about=row.id, wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Decide it."""
        if not self.readable(required=True):
            return
        values, service, row = self.fields.values(), self._service, self._row
        decided = Decided(
            state=values[STATE.name],
            verdict=values[VERDICT.name],
            decided_by=values[DECIDED_BY.name],
            decision=values[DECISION.name],
        )
        self.keep(
            lambda: service.decide(row.id, decided),
            lambda anew: (
                f"已决定；到“赛马”重新计分，再公布一次{period_name(anew)}结果。"
                if anew
                else "已决定，随下一个反馈包告诉支部。"
            ),
        )


def ask_draw(page: Page, period: str, then: Callable[[], object] = lambda: None) -> None:
    """Reckon what may be drawn, with a bar, then ask for the number."""
    service = page.desk.service(SamplingService)

    def work(progress: Callable[[int, int], None]) -> tuple[list[BranchDraw], str]:
        seed = service.seed(period) or new_seed()
        return service.plan(period, seed, progress), seed

    def show(found: tuple[list[BranchDraw], str]) -> None:
        then()
        DrawDialog(page, period, *found).open()

    page.call(work, show, long=True)
