"""Small decisions about one member: a change of state, a circumstance, the party group."""

from datetime import date
from typing import Any

from desktop.models.vocabulary import ConditionKind, MemberStatus
from desktop.services.branches import BranchService, GroupRow
from desktop.services.errors import Conflict, InvalidInput
from desktop.services.members import ConditionRow, MemberRow, MemberService
from desktop.ui.dialogs import show_error
from desktop.ui.page import Page
from desktop.ui.widgets import link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit


class _MemberDialog(Dialog):
    """A form about one member that stays open where a value is refused."""

    def __init__(self, page: Page, member: MemberRow, title: str, fields: FieldSet, verb: str, *body: Any) -> None:
        self.page, self.member, self.fields = page, member, fields
        self.members = page.desk.service(MemberService)
        super().__init__(page, title, *body, fields, verb=verb)

    def keep(self, work: Any, told: str) -> None:
        """Run `work` on the worker; close and tell, or show the refusal at its field."""

        def saved(_result: object) -> None:
            self.accept()
            self.page.desk.changed()
            self.page.desk.say(told)

        self.page.call(lambda _progress: work(), saved, failed=self._refused, buttons=(self.verb,))

    def _refused(self, error: Exception) -> None:
        if isinstance(error, InvalidInput | Conflict):
            name = str(error.facts.get("name") or error.facts.get("field") or "")
            reason = str(error.facts.get("reason") or "")
            if self.fields.refuse(name, f"{reason}。") or self.fields.refuse(
                str(error.facts.get("field")), f"{reason}。"
            ):
                return
        show_error(self, error)


class TransitionDialog(_MemberDialog):
    """变动: the next state of the life-cycle, with its day and the paper it rests on."""

    def __init__(self, page: Page, member: MemberRow) -> None:
        today: date = page.desk.store.today
        self.to = Choice("变动为")
        fields = FieldSet(
            (
                ("to", Field("变动为", self.to, required=True)),
                ("on", Field("变动日期", DateEdit("变动日期", today, required=True), required=True)),
                ("approving_org", Field("批准机关", edit("批准机关", hint="如：中共某某市公司党组"))),
                ("document_no", Field("文号", edit("文号"))),
                ("note", Field("说明", edit("说明"))),
            )
        )
        words = text(f"现在是“{member.status.label}”。旧状态和日期都会保留。", "sub", wrap=True)
        super().__init__(page, member, f"{member.name}的变动", fields, "办理变动", words)
        page.call(lambda _progress: self.members.next_states(member.id), self._offer)

    def _offer(self, states: tuple[MemberStatus, ...]) -> None:
        self.to.set_options([(state, state.label) for state in states])
        self.verb.setEnabled(bool(states))
        if not states:
            self.fields.refuse("to", "这个状态之后没有可办的变动。")

    def submit(self) -> None:
        self.fields.calm()
        if not self.fields.check_dates():
            return
        values = self.fields.values()
        to, on = values.pop("to"), values.pop("on")
        self.keep(
            lambda: self.members.transition(self.member.id, to, on, **values), f"{self.member.name}：{to.label}。"
        )


class ConditionDialog(_MemberDialog):
    """A circumstance that holds from a day to a day (离退休、流动、长期病假 …)."""

    def __init__(self, page: Page, member: MemberRow, condition: ConditionRow | None = None) -> None:
        self._condition = condition
        kinds = [(kind, kind.label) for kind in ConditionKind]
        fields = FieldSet(
            (
                ("kind", Field("情况", Choice("情况", kinds, condition.kind if condition else None), required=True)),
                ("from_on", Field("起", DateEdit("起", condition.from_on if condition else page.desk.store.today))),
                ("to_on", Field("止", DateEdit("止", condition.to_on if condition else None), note="还没结束就空着。")),
                ("reason", Field("原因", edit("原因", condition.reason if condition else ""))),
                ("place", Field("去向", edit("去向", condition.place if condition else "", "流动党员填现居住地"))),
            )
        )
        remove = [row(link("删除这条登记", self._remove, "trash"), ...)] if condition else []
        super().__init__(page, member, f"{member.name}的情况", fields, "保存", *remove)

    def submit(self) -> None:
        self.fields.calm()
        if not self.fields.check_dates():
            return
        values = self.fields.values()
        kind, known = values.pop("kind"), self._condition.id if self._condition else None
        begin, end = values.pop("from_on"), values.pop("to_on")
        self.keep(
            lambda: self.members.set_condition(self.member.id, kind, begin, end, condition_id=known, **values),
            "已保存。",
        )

    def _remove(self) -> None:
        if self._condition is not None:
            known = self._condition.id
            self.keep(lambda: self.members.remove_condition(known), "已删除 1 条情况登记。")


class GroupDialog(_MemberDialog):
    """Puts one member into a party group."""

    def __init__(self, page: Page, member: MemberRow) -> None:
        self.group = Choice("党小组")
        super().__init__(
            page, member, f"{member.name}编入哪个党小组", FieldSet((("group", Field("党小组", self.group)),)), "保存"
        )
        branches = page.desk.service(BranchService)
        page.call(lambda _progress: branches.groups(), self._offer)

    def _offer(self, groups: list[GroupRow]) -> None:
        options: list[tuple[str | None, str]] = [(None, "不编组"), *((one.id, one.name) for one in groups)]
        self.group.set_options(options, self.member.group_id)

    def submit(self) -> None:
        group = self.group.value()
        self.keep(lambda: self.members.place_in_group([self.member.id], group), "已调整党小组。")
