"""下发 > 意见: the form by which headquarters gives a task, sends a notice, or asks to correct a record."""

from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.models.vocabulary.race import RemarkKind
from desktop.services.headquarters import BRANCH, DUE_ON, TEXT
from desktop.services.sync.asking import KIND, RECORD, AskingService
from desktop.services.sync.partners import PartnerRow
from desktop.ui.form_dialog import FormDialog
from desktop.ui.widgets import text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo, to_choose
from desktop.ui.widgets.layout import appear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.ui.page import Page

NUMBER = "佐证编号"
ALL = "*"
"""Stands for every branch in the list of branches."""
ASKED = (RemarkKind.TASK, RemarkKind.NOTICE, RemarkKind.CORRECTION)


class AskDialog(FormDialog):
    """A task or notice to one branch or all, or a request to correct one record of a branch.

    `record` and `name` are set where the form is opened from the record itself.
    """

    def __init__(
        self,
        page: "Page",
        partners: "Sequence[PartnerRow]",
        branch: str | None = None,
        kind: RemarkKind = RemarkKind.TASK,
        record: str = "",
        name: str = "",
    ) -> None:
        self._all = [partner.org for partner in partners]
        self._name = name
        self._service = page.desk.service(AskingService)
        kinds = [(each, each.label) for each in ASKED]
        self._kind = Choice(KIND.label, kinds, kind)
        branches = to_choose(((ALL, "全部支部"), *((each.org, f"{each.code} {each.name}") for each in partners)))
        hint = "任务写清做什么、报什么；更正写清哪里不对、依据什么。"
        about = "" if record else "清单和档案里印着，如 2026-D4-02-003"
        which = Choice(RECORD.label, [(record, name or record)]) if record else edit(NUMBER)
        self.fields = FieldSet(
            (
                (KIND.name, Field(KIND.label, self._kind, required=True)),
                (BRANCH.name, Field(BRANCH.label, Choice(BRANCH.label, branches, branch), required=True)),
                (TEXT.name, Field("内容", memo("内容", "", hint), required=True)),
                (DUE_ON.name, Field(DUE_ON.label, DateEdit(DUE_ON.label))),
                (RECORD.name, Field(RECORD.label if record else NUMBER, which, required=True, note=about)),
            )
        )
        words = "随下一个反馈包下发，支部的答复随报送包回来；各自只写各自的。"
        super().__init__(
            page, "下发任务、通知、更正", text(words, "sub", wrap=True), self.fields, fields=(self.fields,),
            verb="下发", needs="remarks", draft="ask", about=record, wide=True,
        )  # fmt: skip
        self._kind.currentIndexChanged.connect(lambda _index: self._ask_record())
        self._ask_record()

    def _ask_record(self) -> None:
        """Ask which record only where one is to be corrected."""
        self.fields.fields[DUE_ON.name].require(self._kind.value() is RemarkKind.TASK)
        field, corrects = self.fields.fields[RECORD.name], self._kind.value() is RemarkKind.CORRECTION
        field.required = corrects
        appear(field, corrects)

    def submit(self) -> None:
        """Keep it; it goes out with the next feedback package."""
        if not (self.readable() and self.chosen()):
            return
        values = self.fields.values()
        self.keep(lambda: self._ask(values), "已记下，列在“下发 > 意见”，随下一个反馈包下发。")

    def _ask(self, values: dict[str, Any]) -> object:
        kind, branch, due_on = values[KIND.name], values[BRANCH.name], _day(values[DUE_ON.name])
        if kind is not RemarkKind.CORRECTION:
            return self._service.ask(kind, self._all if branch == ALL else [branch], values[TEXT.name], due_on)
        record = values[RECORD.name] or ""
        one = "" if branch == ALL else branch
        return self._service.ask_to_correct(one, record, values[TEXT.name], due_on, name=self._name or record)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
