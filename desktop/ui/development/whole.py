"""Forms about an admission as a whole: its state, the edition of the rules, probation, and the way onto the roster."""

from collections.abc import Sequence

from desktop.models.vocabulary.development import CaseState
from desktop.services.development import fields as asked
from desktop.services.development.becoming import Becoming, Proposal
from desktop.services.development.rows import CaseRow
from desktop.services.development.service import DevelopmentService
from desktop.ui.development.fields import CASES, day, line, pick, words
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import text
from desktop.ui.widgets.fields import FieldSet


class CaseDialog(FormDialog):
    """The case as a whole: state and why, the reason of a late approval, note."""

    def __init__(self, page: Page, case: CaseRow) -> None:
        self._service, self._case = page.desk.service(DevelopmentService), case
        states = [
            (state.value, state.label) for state in CaseState if state is not CaseState.FULL or state is case.state
        ]
        self.fields = FieldSet(
            (
                pick(asked.STATE, states, case.state.value),
                day(asked.STATE_ON, case.state_on, note="状态从哪天起。"),
                words(asked.STATE_REASON, case.state_reason, "谁决定、什么原因"),
                words(asked.SPECIAL, case.special_reason, "规定的期限内没有审批的特殊情况"),
                line(asked.ID_NO, "", f"{case.id_no or '没有登记'}，不改就空着"),
                words(asked.NOTE, case.note),
            )
        )
        super().__init__(
            page,
            f"{case.name}的情况",
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=CASES,
            draft="development_case",
            about=case.id,
            rev=case.rev,
        )

    def submit(self) -> None:
        """Keep it."""
        if not self.readable():
            return
        values, case, rev = self.fields.changed(), self._case, self.rev
        if not values.get("id_no"):
            values.pop("id_no", None)
        self.keep(lambda: self._service.change(case.id, values, rev), "已保存。")


class RulesDialog(FormDialog):
    """Which edition of the rules holds: that of the day of each step, or one for the whole case, with the reason."""

    def __init__(self, page: Page, case: CaseRow, editions: Sequence[tuple[str, str]]) -> None:
        self._service, self._case = page.desk.service(DevelopmentService), case
        options: list[tuple[str, str]] = [("", "每一步按办理那天有效的版本"), *editions]
        self.fields = FieldSet(
            (
                pick(asked.RULESET, options, case.ruleset),
                words(asked.RULESET_REASON, case.ruleset_reason, "上级怎么定的，文件或答复"),
            )
        )
        super().__init__(
            page,
            f"{case.name}适用的细则",
            text("2026年修订的细则没有过渡条款，一般按每一步办理的日期选版本。", "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=CASES,
            draft="development_rules",
            about=case.id,
            rev=case.rev,
        )

    def submit(self) -> None:
        """Keep it."""
        if self.readable():
            values, case, rev = self.fields.changed(), self._case, self.rev
            self.keep(lambda: self._service.change(case.id, values, rev), "已保存。")


class ProbationDialog(FormDialog):
    """延长预备期 of a case: once, by decision of the congress."""

    def __init__(self, page: Page, case: CaseRow) -> None:
        self._becoming, self._case = page.desk.service(Becoming), case
        self.fields = FieldSet(
            (
                day(asked.EXTENDED_TO, None, required=True),
                day(asked.EXTENDED_ON, None, required=True),
                line(asked.EXTENDED_DOCUMENT),
            )
        )
        super().__init__(
            page,
            f"延长{case.name}的预备期",
            text("只能延长一次，由支部大会讨论决定，报上级党委批准；名册里的预备期满日期一起改。", "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="延长预备期",
            needs=CASES,
            draft="development_probation",
            about=case.id,
        )

    def submit(self) -> None:
        """Extend."""
        if not self.readable(required=True):
            return
        values, case_id = self.fields.values(), self._case.id
        until, on, number = (
            values[item.name] for item in (asked.EXTENDED_TO, asked.EXTENDED_ON, asked.EXTENDED_DOCUMENT)
        )
        self.keep(lambda: self._becoming.extend(case_id, until, on, number), f"预备期延长至{until}。")


class AdmitDialog(FormDialog):
    """列入名册: the party group is asked, everything else is known."""

    def __init__(self, page: Page, case: CaseRow, proposal: Proposal, groups: Sequence[tuple[str, str]]) -> None:
        self._becoming, self._case = page.desk.service(Becoming), case
        options: list[tuple[str, str]] = [("", "以后再编"), *groups]
        self.fields = FieldSet((pick(asked.GROUP, options),))
        super().__init__(
            page,
            f"{case.name}列入名册",
            text(f"{proposal.words}。", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="列入名册",
            needs="members",
            draft="development_admit",
            about=case.id,
        )

    def submit(self) -> None:
        """Enter the person into the roster."""
        group, case = self.fields.values()[asked.GROUP.name] or None, self._case
        self.keep(lambda: self._becoming.admit(case.id, group_id=group), f"{case.name}已列入名册，是预备党员。")


class ConfirmDialog(FormDialog):
    """转正: 转正时间 is the end of probation; another day needs a reason."""

    def __init__(self, page: Page, case: CaseRow, proposal: Proposal) -> None:
        self._becoming, self._case = page.desk.service(Becoming), case
        self.fields = FieldSet((day(asked.FULL_ON, proposal.on, required=True), line(asked.WHY_LATE)))
        super().__init__(
            page,
            f"{case.name}转正",
            text(f"{proposal.words}；党龄从这天算。", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="转为正式党员",
            needs="members",
            draft="development_confirm",
            about=case.id,
        )

    def submit(self) -> None:
        """Confirm."""
        if not self.readable():
            return
        values, case = self.fields.values(), self._case
        on, why = values[asked.FULL_ON.name], values[asked.WHY_LATE.name]
        self.keep(lambda: self._becoming.confirm(case.id, on, why), f"{case.name}转为正式党员。")
