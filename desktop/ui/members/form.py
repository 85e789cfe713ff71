"""The form of one member: what is typed is understood as people write it, and the rules are said at their fields."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import GroupState, MemberCategory
from desktop.services.branches import BranchService, GroupRow
from desktop.services.dues.words import yuan
from desktop.services.history import ChangeRow, HistoryService
from desktop.services.members import MemberRow, MemberService
from desktop.services.members.entry import GROUP_ID
from desktop.services.members.sheet import CATEGORY, COLUMNS, DUES_CLASSES
from desktop.services.privacy import load_privacy
from desktop.services.spreadsheets.codes import codes
from desktop.ui.attachments import AttachmentsPanel
from desktop.ui.drafting import Drafting
from desktop.ui.history import HistoryPanel, put_into_words
from desktop.ui.members.portrait import PortraitBox
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import appear, banner, box, button, card, clear, col, row, scroll, text
from desktop.ui.widgets.fields import Choice, Field, FieldSet, count_faults, edit, memo
from desktop.ui.widgets.hidden import HiddenNumber
from desktop.ui.widgets.layout import Turning
from desktop.ui.widgets.looking import look_only
from desktop.ui.widgets.more import MoreFields

LABELS = {item.name: item.label for item in (*COLUMNS, GROUP_ID)}
PARTY = ("name", "category", "admitted_on", "full_on", "group_id")
PERSON = ("id_no", "gender", "born_on", "phone", "job_title")
DUES = ("dues_class", "dues_base_fen")
SELDOM = ("joined_on", "ethnic", "native_place", "education", "degree", "unit", "retires_on", "note")
"""Behind 更多, until one of them is filled in: what a person is on the roster by comes first."""
WORDS: dict[str, Callable[[str], str]] = {
    "性别": codes("gender").name,
    "民族": codes("ethnic").name,
    "学历": codes("education").name,
    "党费类别": lambda code: DUES_CLASSES.get(code, code),
    "党费计算基数": lambda fen: f"{yuan(int(fen))} 元",
    "党小组": lambda _id: "（已调整）",
}
HINTS = {
    "admitted_on": "如 2016-7-1，只知道年月也行",
    "full_on": "预备党员空着",
    "id_no": "18 位，末位可为 X",
    "born_on": "填了身份证号可空着",
    "joined_on": "从外单位转入的填",
    "retires_on": "人事部门定的，写到日",
    "dues_base_fen": "元",
}


class MemberForm(Page):
    """Registers a member, or changes one (`member_id`)."""

    pad = (0, 0, 8, 0)
    """Around what is typed."""

    def __init__(self, desk: Desk, member_id: str = "") -> None:
        super().__init__(desk)
        self.members = desk.service(MemberService)
        self._member_id = member_id
        self.looks = bool(member_id) and not desk.may_write("members")
        self.title = "党员信息" if self.looks else "修改党员信息" if member_id else "登记党员"
        self.draft = "member", member_id
        self.left_out: frozenset[str] = frozenset()
        """Fields that are not asked for here."""
        self.fields: FieldSet | None = None
        self.drafting: Drafting | None = None
        self.save_button = self.desk.offered(
            "members", button("保存" if member_id else "登记", self.submit, "primary", "check")
        )
        self._sheet = col(gap=12)
        self.attachments = AttachmentsPanel(self, "members", member_id)
        self.history = HistoryPanel(self, self._history)
        self._stack = Turning()
        for part in (scroll(row((box(self._sheet), 1), pad=self.pad)), self.attachments, self.history):
            self._stack.addWidget(part)
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))

    def tabs(self) -> Sequence[str]:
        """Attachments and history, once the member is there."""
        return (self.first_tab, "附件", "修改记录") if self._member_id else ()

    def show_tab(self, index: int) -> None:
        """Show the form, the attachments or the history."""
        self._stack.setCurrentIndex(index)
        if index == 1:
            self.attachments.load()
        elif index == 2:
            self.history.load()

    def bar_actions(self) -> Sequence[QWidget]:
        """The one primary action."""
        return (self.save_button,)

    def reload(self) -> None:
        """Read the groups, and the member if there is one, once; the ID number only when it is asked for."""
        if self.fields is not None:
            return

        def work() -> tuple[list[GroupRow], MemberRow | None, Mapping[str, object]]:
            groups = self.desk.service(BranchService).groups()
            if not self._member_id:
                return groups, None, self.starts()
            return groups, self.members.member(self._member_id), {}

        self.read(work, lambda got: self._build(*got))

    def submit(self) -> None:
        """Keep the member; a refusal stays at its field."""
        if self.fields is None or self.drafting is None:
            return
        self.fields.calm()
        member_id, rev = self._member_id, self.drafting.rev
        if member_id:
            values = self.fields.changed()
        else:
            values = {name: value for name, value in self.fields.values().items() if value not in ("", None)}

        def work() -> list[tuple[str, str]]:
            if member_id:
                self.members.update(member_id, values, rev)
                return self.members.warnings({}, member_id)
            return self.members.warnings({}, self.enter(values))

        def said(doubts: list[tuple[str, str]]) -> str:
            done = "已保存。" if member_id else self.entered
            return done + (f"请核对：{doubts[0][1]}。" if doubts else "")

        self.act(
            work,
            said,
            then=lambda _doubts: self.desk.back(),
            fields=(self.fields,),
            again=self.submit,
            buttons=(self.save_button,),
        )

    entered = "已登记。"
    """What is said once somebody new was entered."""

    def starts(self) -> Mapping[str, object]:
        """Return what the form of somebody new is filled with; read beside the window."""
        return {}

    def enter(self, values: dict[str, object]) -> str:
        """Keep somebody new by what was typed; return the id."""
        return self.members.register(values)

    def first(self, columns: int) -> tuple[Sequence[QWidget], Sequence[FieldSet]]:
        """Return what stands above the fields of a member, and the fields that are asked for there."""
        return (), ()

    def _build(self, groups: list[GroupRow], member: MemberRow | None, starts: Mapping[str, object]) -> None:
        values = _typed(member) if member else starts
        columns = 3 if self.width() >= 980 else 2
        asked = [name for name in (*PARTY, *PERSON, *DUES, *SELDOM) if name not in self.left_out]
        parts = {name: self._field(name, values.get(name), groups) for name in asked}
        if member is not None:
            del parts["category"]
        clear(self._sheet)
        above, first = self.first(columns)
        sets = list(first)
        for part in above:
            self._sheet.addWidget(part)
        for title, names in (("组织关系", PARTY), ("个人", PERSON), ("党费", DUES)):
            some = FieldSet([(name, parts[name]) for name in names if name in parts], columns=columns)
            if some.fields:
                sets.append(some)
                self._sheet.addWidget(card(title, some))
        seldom = [(name, parts[name]) for name in SELDOM if name in parts]
        if seldom:
            self.more = MoreFields(seldom, columns)
            sets.append(self.more.set)
            self._sheet.addWidget(card("其他", self.more))
        if member is not None:
            self._sheet.addWidget(PortraitBox(self, member.id, member.name))
        self._sheet.addWidget(text(load_privacy().purpose, "small", wrap=True))
        self._sheet.addStretch(1)
        self.fields = sets[0]
        self.fields.fields = {name: field for some in sets for name, field in some.fields.items()}
        self.drafting = Drafting.over(self, sets[:1], *self.draft, member.rev if member else None, needs="members")
        self.drafting.reread.connect(self._reread)
        self._sheet.insertWidget(0, self.drafting)
        count_faults(self.save_button, self.fields.fields.values())
        if self.looks:
            for some in sets:
                look_only(some)
            return
        next(iter(self.fields.fields.values())).control.setFocus()
        if member is not None:
            note = banner("wait", "info-circle", "转正、转出等在名册里选中本人，点“变动”", "那里会记下日期和文号。")
            self._sheet.insertWidget(0, note)
            appear(note, True)

    def _reread(self) -> None:
        self.fields = None
        self.reload()

    def _field(self, name: str, value: object, groups: list[GroupRow]) -> Field:
        label = LABELS[name]
        options = _options(name, groups)
        if options is not None:
            kept = str(value or "")
            if kept and kept not in {key for key, _words in options}:  # the list offers a part of all there are
                options.append((kept, WORDS[label](kept)))
            control: QWidget = Choice(label, options, value)
        elif name == "id_no" and value:
            control = HiddenNumber(label, str(value), self._reveal)
            control.eye.setVisible(self.desk.may(Act.IDENTITY))
        elif name == "note":
            control = memo(label, str(value or ""), lines=2)
        else:
            control = edit(label, str(value or ""), HINTS.get(name, ""))
        return Field(label, control, required=name in ("name", "admitted_on"))

    def _reveal(self, then: Callable[[str], object]) -> None:
        """Read the whole ID number; that it was looked at is remembered."""
        self.read(lambda: self.members.id_number(self._member_id), then)

    def _history(self) -> list[ChangeRow]:
        changes = self.desk.service(HistoryService).of("members", self._member_id, LABELS)
        return put_into_words(changes, WORDS)


def _options(name: str, groups: list[GroupRow]) -> list[tuple[str, str]] | None:
    blank: list[tuple[str, str]] = [("", "未填")]
    if name in ("gender", "ethnic"):
        return blank + [(code, words) for code, words in codes(name).names.items()]
    if name == "education":
        return blank + [(code, words) for code, words in codes("education_ui").names.items()]
    if name == CATEGORY.name:
        return [("", "按转正时间判断"), *((category.label, category.label) for category in MemberCategory)]
    if name == "group_id":
        return [("", "不编组"), *((group.id, group.name) for group in groups if group.state is GroupState.ACTIVE)]
    if name == "dues_class":
        return blank + [(words, words) for words in DUES_CLASSES.values()]
    return None


def _typed(member: MemberRow) -> dict[str, object]:
    """Return the member's values as a person would type them."""
    values: dict[str, object] = {
        name: getattr(member, name) or ""
        for name in (*PERSON, *DUES, *SELDOM, "name", "group_id")
        if hasattr(member, name)
    }
    values["id_no"] = member.id_no_masked
    values["born_on"] = member.born_text
    values["admitted_on"], values["full_on"] = member.admitted_text, member.full_text
    values["joined_on"] = member.joined_on.isoformat() if member.joined_on else ""
    values["retires_on"] = member.retires_on.isoformat() if member.retires_on else ""
    values["dues_class"] = DUES_CLASSES.get(member.dues_class or "", "")
    values["dues_base_fen"] = yuan(member.dues_base_fen or None)
    return values
