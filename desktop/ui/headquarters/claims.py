"""考评抽查 > 积分核定: claims of points of secretaries, which nobody in their branch may approve."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.points.claim_rules import REASON
from desktop.services.points.deciding import (
    DECIDED_BY,
    DECIDED_ON,
    GRANTED,
    GROUND,
    ClaimAbove,
    DecidingService,
    Decision,
)
from desktop.ui.attachments import files_link
from desktop.ui.form_dialog import FormDialog
from desktop.ui.output import export_button, print_button
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, button, col, link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo, to_choose
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

CLAIMS = "points_claims"
TITLE = "书记的积分申报"
WAITING, EVERY = "waiting", ""
YES, NO = "yes", "no"


def _state(claim: ClaimAbove) -> Tag:
    decision = claim.decision
    if decision is None:
        return Tag("待核定", "wait") if claim.waits else Tag(claim.state.label, "none")
    if not claim.state.is_open and claim.state.value == "revoked":
        return Tag("支部已撤销", "none")
    return Tag("已同意", "good") if decision.granted else Tag("不同意", "bad")


WHOLE = 318
"""So wide a name of 21 characters stands whole; where names are shorter, the others take what is left."""
COLUMNS: tuple[Column[ClaimAbove], ...] = (
    Column("编号", lambda claim: claim.code, width=76, tone="sub", fold=720),
    Column("支部、申报人", lambda claim: claim.branch, cell=lambda claim: Two(claim.branch, claim.name), width=WHOLE),
    Column("事项", lambda claim: claim.title, cell=lambda claim: Two(claim.title, f"{claim.rule} {claim.rule_name}")),
    Column("事项日期", lambda claim: claim.event_on, width=106, tone="sub", fold=900),
    Column("申报", lambda claim: claim.handed_in_on, width=106, tone="sub", fold=820),
    Column("附件", lambda claim: claim.files, text=lambda n: f"{n} 件" if n else "—", width=66, align="r", fold=720),
    Column("状态", lambda claim: _state(claim).text, cell=_state, width=100),
)


class DecideDialog(FormDialog):
    """核定: yes or no, by whom, when, on which ground."""

    def __init__(self, page: Page, claim: ClaimAbove) -> None:
        self._claim, self._service = claim, page.desk.service(DecidingService)
        answers = to_choose([(YES, "同意计分"), (NO, "不同意")])
        hint = "看过什么佐证，核对了什么；支部看到的就是这里写的。"
        today = page.desk.store.today
        self.fields = FieldSet(
            (
                (GRANTED.name, Field(GRANTED.label, Choice(GRANTED.label, answers, None), required=True)),
                (GROUND.name, Field(GROUND.label, memo(GROUND.label, "", hint), required=True)),
                (DECIDED_BY.name, Field(DECIDED_BY.label, edit(DECIDED_BY.label), required=True)),
                (DECIDED_ON.name, Field(DECIDED_ON.label, DateEdit(DECIDED_ON.label, today, required=True))),
            )
        )
        about = f"{claim.branch}书记{claim.name}：{claim.rule} {claim.rule_name}。{claim.outcome}"
        super().__init__(
            page, f"核定“{claim.title}”", text(about, "sub", wrap=True), self.fields,
            fields=(self.fields,), verb="核定", needs=Act.PUBLISH, draft="points_decision", about=claim.id, wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Decide it."""
        if not self.readable(required=True):
            return
        values, service, claim = self.fields.values(), self._service, self._claim
        self.keep(
            lambda: service.decide(
                claim.id,
                granted=values[GRANTED.name] == YES,
                ground=values[GROUND.name],
                decided_by=values[DECIDED_BY.name],
                decided_on=values[DECIDED_ON.name],
            ),
            "已核定，随下一个反馈包告诉支部，支部收到后才计分。",
        )


class TakeBackDialog(FormDialog):
    """撤销核定: why; what was decided stays to be seen."""

    def __init__(self, page: Page, claim: ClaimAbove, decision: Decision) -> None:
        self._id, self._service = decision.id, page.desk.service(DecidingService)
        self.fields = FieldSet(
            (
                (REASON.name, Field(REASON.label, memo(REASON.label), required=True)),
                (DECIDED_BY.name, Field("撤销的会议或人", edit("撤销的会议或人"), required=True)),
            )
        )
        words = (
            "核定不能改，只能撤销：原来的决定和撤销的原因都留着，这笔申报重新待核定。支部收到下一个反馈包后不再计分。"
        )
        super().__init__(
            page, f"撤销“{claim.title}”的核定", self.fields, text(words, "small", wrap=True),
            fields=(self.fields,), verb="撤销核定", needs=Act.PUBLISH, draft="points_take_back", about=decision.id,
            wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Take it back."""
        if not self.readable(required=True):
            return
        values = self.fields.values()
        self.keep(
            lambda: self._service.take_back(self._id, values[DECIDED_BY.name], values[REASON.name]),
            "已撤销，这笔申报重新待核定。",
        )


class ClaimsPage(Page):
    """积分核定."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(DecidingService)
        self.shown = Choice("状态", [(EVERY, "全部"), (WAITING, "待核定")], EVERY, width=110)
        self.shown.currentIndexChanged.connect(lambda _index: self._filter())
        self.export_button = export_button(self, lambda: self.table.model.sheet(TITLE))
        self.print_button = print_button(self, lambda: self.table.model.sheet(TITLE))
        words = "书记的积分申报由支部的其他支委核实，随报送包来，在这里核定；决定随反馈包回去，支部收到才计分。"
        self.table: DataTable[ClaimAbove] = DataTable(
            COLUMNS, TITLE, EmptyState("clipboard-check", "没有书记的积分申报。", words), height=46
        )
        self.pane = DetailPane("申报")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col((self.split, 1), pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(self.open_branch)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which of them, and the list out."""
        return (self.shown, self.print_button, self.export_button)

    def reload(self) -> None:
        """Read the claims."""
        self.read(self.service.claims, self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Show those that wait, where that is asked."""
        if where.get("view") == WAITING:
            self.shown.set_value(WAITING)

    def show_row(self, claim: ClaimAbove) -> None:
        """Look at one claim with its evidence, and what was decided of it."""
        tag = _state(claim)
        self.pane.show_head(claim.title, claim.code, tag.text, tag.tone)
        late = f"，{claim.handed_in_on.isoformat()}才申报，算补录" if claim.late else ""
        told = [
            ("支部", claim.branch),
            ("申报人", f"{claim.name}（书记）"),
            ("规则", f"{claim.rule} {claim.rule_name}"),
            ("评定", claim.asked),
            ("事项日期", f"{claim.event_on.isoformat()}{late}"),
            ("核实", f"{claim.verified_by}，{claim.verified_on}" if claim.verified_by else ""),
        ]
        parts: list[Any] = [*(fact(name, value) for name, value in told if value)]
        if claim.outcome:
            parts += [heading("做法和效果"), text(claim.outcome, wrap=True)]
        files = files_link(self, f"“{claim.title}”的佐证", CLAIMS, claim.id, reads=True)
        parts += [heading("佐证"), row(text(f"{claim.files} 件" if claim.files else "没有附件", "sub"), files, ...)]
        for decision in claim.decisions:
            parts += _decided(decision)
        self.pane.show_body(*parts)
        standing = claim.decision
        offered = self.desk.offered
        others = self.desk.left_to_others(Act.PUBLISH, "核定") if claim.waits else ""
        self.pane.show_foot(
            link("看支部台账", lambda: self.open_branch(claim)),
            (text(others, "small", wrap=True), 1) if others else ...,
            offered(Act.PUBLISH, link("撤销核定", lambda: TakeBackDialog(self, claim, standing).open()))
            if standing is not None
            else None,
            offered(Act.PUBLISH, button("核定", lambda: DecideDialog(self, claim).open(), "primary", "gavel"))
            if claim.waits
            else None,
        )
        self.split.open_pane()

    def open_branch(self, claim: ClaimAbove) -> None:
        """Read the ledger of the branch, at this claim."""
        self.desk.open_branch(claim.branch_id, "members", "points", record=claim.id)

    def _loaded(self, claims: list[ClaimAbove]) -> None:
        self.table.set_rows(claims, same=lambda claim: claim.id)
        again = self.table.current()
        if again is not None:
            self.show_row(again)

    def _filter(self) -> None:
        waiting = self.shown.value() == WAITING
        self.table.model.set_filter((lambda claim: claim.waits) if waiting else None)


def _decided(decision: Decision) -> list[Any]:
    said = "同意计分" if decision.granted else "不同意"
    parts: list[Any] = [
        heading("核定" if decision.revoked_on is None else "撤销了的核定"),
        fact("决定", f"{said}，{decision.decided_by}，{decision.decided_on.isoformat()}"),
        fact("依据", decision.ground),
    ]
    if decision.revoked_on is not None:
        parts.append(
            fact("撤销", f"{decision.revoked_by}，{decision.revoked_on.isoformat()}：{decision.revoke_reason}")
        )
    return parts
