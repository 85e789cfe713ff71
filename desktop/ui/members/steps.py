"""Small decisions about one member: a change of state, a longer probation, a circumstance, the party group."""

from datetime import date

from desktop.models.vocabulary.branches import ConditionKind, GroupState, MemberStatus
from desktop.services.branches import BranchService, GroupRow
from desktop.services.errors import Input
from desktop.services.members import ConditionRow, ConditionService, LifeService, MemberRow, MemberService, life
from desktop.services.members import conditions as circumstances
from desktop.services.members.entry import GROUP_ID
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit


def _line(item: Input, words: str = "", hint: str = "") -> tuple[str, Field]:
    return item.name, Field(item.label, edit(item.label, words, hint))


def _day(item: Input, value: date | None, *, required: bool = False, note: str = "") -> tuple[str, Field]:
    control = DateEdit(item.label, value, required=required)
    return item.name, Field(item.label, control, required=required, note=note)


class TransitionDialog(FormDialog):
    """变动: the next state of the life-cycle, with its day and the paper it rests on."""

    def __init__(self, page: Page, member: MemberRow) -> None:
        self._life, self._member = page.desk.service(LifeService), member
        self.to = Choice(life.TO.label)
        self.fields = FieldSet(
            (
                (life.TO.name, Field(life.TO.label, self.to, required=True)),
                _day(life.ON, page.desk.store.today, required=True, note="转正填预备期满的日期，党龄从这天算。"),
                _line(life.APPROVING_ORG, hint="如：中共某某市公司党组"),
                _line(life.DOCUMENT_NO),
                _line(life.NOTE),
            )
        )
        words = text(f"现在是“{member.status.label}”。旧状态和日期都会保留。", "sub", wrap=True)
        super().__init__(
            page,
            f"{member.name}的变动",
            words,
            self.fields,
            fields=(self.fields,),
            verb="办理变动",
            needs="members",
            draft="transition",
            about=member.id,
        )
        page.read(lambda: self._life.next_states(member.id), self._offer)

    def _offer(self, states: tuple[MemberStatus, ...]) -> None:
        now = self._member.status
        self.drafting.refresh(lambda: self.to.set_options([(state, life.step_words(now, state)) for state in states]))
        self.verb.setEnabled(bool(states))
        if not states:
            self.fields.refuse(life.TO.name, "这个状态之后没有可办的变动")

    def submit(self) -> None:
        """Take the step."""
        if not self.readable():
            return
        values, member = self.fields.values(), self._member
        to, on = values.pop("to"), values.pop("on")
        self.keep(
            lambda: self._life.transition(member.id, to, on, **values),
            f"{member.name}：{life.step_words(member.status, to)}。",
        )


class ExtensionDialog(FormDialog):
    """延长预备期: the new last day, once, by decision of the branch congress."""

    def __init__(self, page: Page, member: MemberRow) -> None:
        self._life, self._member = page.desk.service(LifeService), member
        self._words = text("只能延长一次，由支部大会讨论决定，报上级党委批准。", "sub", wrap=True)
        self.fields = FieldSet((_day(life.UNTIL, None, required=True), _line(life.DOCUMENT_NO), _line(life.NOTE)))
        title = f"延长{member.name}的预备期"
        super().__init__(
            page,
            title,
            self._words,
            self.fields,
            fields=(self.fields,),
            verb="延长预备期",
            needs="members",
            draft="extension",
            about=member.id,
        )
        page.read(lambda: self._life.extension_range(member.id), self._offer)

    def _offer(self, between: tuple[date, date] | None) -> None:
        self.verb.setEnabled(between is not None)
        control = self.fields.fields[life.UNTIL.name].control
        if between is None:
            self.fields.refuse(life.UNTIL.name, "不在预备期，或已经延长过")
            control.setEnabled(False)  # no day would be right, and any that is typed would take the reason away
            return
        if isinstance(control, DateEdit) and control.value() is None:
            first = between[0]
            self.drafting.refresh(lambda: control.set_value(first))
        self._words.setText(
            f"只能延长一次，可延长至{between[0]}到{between[1]}之间，由支部大会讨论决定，报上级党委批准。"
        )

    def submit(self) -> None:
        """Extend."""
        if not self.readable():
            return
        values, member = self.fields.values(), self._member
        until = values.pop(life.UNTIL.name)
        self.keep(
            lambda: self._life.extend_probation(member.id, until, **values), f"{member.name}的预备期延长至{until}。"
        )


class ConditionDialog(FormDialog):
    """A circumstance that holds from a day to a day (离退休、流动、长期病假 …)."""

    def __init__(self, page: Page, member: MemberRow, condition: ConditionRow | None = None) -> None:
        self._conditions, self._member = page.desk.service(ConditionService), member
        self._condition = condition
        kinds = [(kind, kind.label) for kind in ConditionKind]
        kind = Choice(circumstances.KIND.label, kinds, condition.kind if condition else None)
        begins = condition.from_on if condition else page.desk.store.today
        self.fields = FieldSet(
            (
                (circumstances.KIND.name, Field(circumstances.KIND.label, kind, required=True)),
                _day(circumstances.FROM_ON, begins),
                _day(circumstances.TO_ON, condition.to_on if condition else None, note="还没结束就空着。"),
                _line(circumstances.REASON, condition.reason if condition else "", "限期改正写明批准文件的文号"),
                _line(circumstances.PLACE, condition.place if condition else "", "流动党员填现居住地"),
            )
        )
        remove = [row(link("删除这条登记", self._remove, "trash"), ...)] if condition else []
        super().__init__(
            page,
            f"{member.name}的情况",
            *remove,
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs="member_conditions",
            draft="condition" if condition else "condition_new",
            about=condition.id if condition else member.id,
        )

    def submit(self) -> None:
        """Keep the circumstance."""
        if not self.readable():
            return
        values, condition_id = self.fields.values(), self._condition.id if self._condition else None
        kind, begins, ends = values.pop("kind"), values.pop("from_on"), values.pop("to_on")
        self.keep(
            lambda: self._conditions.save(self._member.id, kind, begins, ends, condition_id=condition_id, **values),
            "已保存。",
        )

    def _remove(self) -> None:
        if self._condition is not None:
            condition_id = self._condition.id
            self.keep(lambda: self._conditions.remove(condition_id), "已删除 1 条情况登记。")


class GroupDialog(FormDialog):
    """Puts one member into a party group."""

    def __init__(self, page: Page, member: MemberRow) -> None:
        self._members, self._member = page.desk.service(MemberService), member
        self.group = Choice(GROUP_ID.label)
        self.fields = FieldSet(((GROUP_ID.name, Field(GROUP_ID.label, self.group)),))
        super().__init__(
            page,
            f"{member.name}编入哪个党小组",
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs="members",
            draft="member_group",
            about=member.id,
        )
        branches = page.desk.service(BranchService)
        page.read(branches.groups, self._offer)

    def _offer(self, groups: list[GroupRow]) -> None:
        active = [(group.id, group.name) for group in groups if group.state is GroupState.ACTIVE]
        options: list[tuple[str | None, str]] = [(None, "不编组"), *active]
        self.drafting.refresh(lambda: self.group.set_options(options, self._member.group_id))

    def submit(self) -> None:
        """Place the member."""
        group_id = self.group.value()
        self.keep(lambda: self._members.place_in_group([self._member.id], group_id), "已调整党小组。")
