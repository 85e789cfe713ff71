"""党员 > 名册: who belongs to the branch, and one member opened."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QMenu, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import ConditionKind, GroupState, MemberCategory, MemberStatus
from desktop.services.branches import BranchService, GroupRow
from desktop.services.intake.programs import layouts
from desktop.services.members import (
    ConditionRow,
    ConditionService,
    LifeService,
    MemberRow,
    MemberService,
    StatusRow,
    life,
    outflow,
)
from desktop.ui.correcting import correction_link
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.members.card import MemberCard
from desktop.ui.members.comparing import ComparePage
from desktop.ui.members.correcting import CorrectionDialog
from desktop.ui.members.form import MemberForm
from desktop.ui.members.steps import ConditionDialog, ExtensionDialog, GroupDialog, TransitionDialog
from desktop.ui.output import export_kind, export_sheet, print_document, print_sheet, save_template
from desktop.ui.page import Desk, Page
from desktop.ui.sheets import Sheet
from desktop.ui.table_model import Cell, Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import (
    EmptyState,
    Item,
    Segments,
    appear,
    box,
    button,
    col,
    fixed,
    link,
    menu_button,
    offer_below,
    row,
    text,
)
from desktop.ui.widgets.fields import Choice, edit
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

EVERYONE = ""
LABEL_WIDTH = 76
ATTENTION = (ConditionKind.PROBATION_DISCIPLINE, ConditionKind.RIGHTS_SUSPENDED)
WATCHED = (ConditionKind.LOST_CONTACT, ConditionKind.CORRECTION)
"""Conditions with a term that runs out."""


def state_tone(member: MemberRow) -> str:
    """Return the tone of a member's state."""
    if not member.status.on_roster or any(kind in ATTENTION for kind in member.conditions):
        return "none"
    if member.status in (MemberStatus.TRANSFER_PENDING, MemberStatus.SUSPENDED) or any(
        kind in WATCHED for kind in member.conditions
    ):
        return "part"
    return "wait" if member.category is MemberCategory.PROBATIONARY_MEMBER else "good"


def _name(member: MemberRow) -> Cell:
    return Two(member.name, member.posts_text)


COLUMNS: tuple[Column[MemberRow], ...] = (
    Column("姓名", lambda r: r.name, cell=_name, width=150),
    Column("性别", lambda r: r.gender_text, width=58, tone="sub", fold=560),
    Column("出生日期", lambda r: r.born_on, cell=lambda r: Txt(r.born_text or "—", "sub", px=13), width=110, fold=760),
    Column("入党时间", lambda r: r.admitted_on, cell=lambda r: Two(r.admitted_text or "—", ""), width=116),
    Column("党小组", lambda r: r.group, width=120, tone="sub", fold=660),
    Column("部门和岗位", lambda r: r.unit or r.job_title, cell=lambda r: Two(r.unit or r.job_title or "—", _job(r))),
    Column("状态", lambda r: r.state_text, cell=lambda r: Tag(r.state_text, state_tone(r)), width=104),
)


def _job(member: MemberRow) -> str:
    return member.job_title if member.unit else ""


class RosterPage(Page):
    """党员名册."""

    title = "名册"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.members, self.branches = desk.service(MemberService), desk.service(BranchService)
        self._life, self._conditions = desk.service(LifeService), desk.service(ConditionService)
        self._wanted = ""
        self.scope = Segments((("now", "在册"), ("former", "已离开")), name="在册或已离开")
        self.group = Choice("党小组", [(EVERYONE, "全部党小组")], width=130)
        self.needle = edit("筛选党员", hint="姓名、部门、岗位", width=150)
        self.needle.setClearButtonEnabled(True)
        self.import_button = self.desk.offered(
            "members", button("导入", lambda: self.open_import(), "", "table-import")
        )
        self.export_button = self.desk.offered(Act.EXPORT, button("导出", self._offer_orders, "", "download"))
        self.orders = QMenu(self)
        self.orders.addAction("按本程序的列").triggered.connect(lambda: self.export())
        for layout, label in layouts("members").items():
            self.orders.addAction(label).triggered.connect(lambda _checked=False, layout=layout: self.export(layout))
        self.orders.addAction(outflow.TITLE).triggered.connect(lambda: self.hand_out_outflow(export_sheet))
        self.more = QMenu(self)
        self.more_button = menu_button("更多", self.more)
        self.more.addAction("与全国系统比对").triggered.connect(lambda: self.desk.push(ComparePage(self.desk)))
        self.more.addAction("回收站").triggered.connect(lambda: self.desk.open("settings", "bin", kind="members"))
        self.prints = QMenu(self)
        self.print_button = self.desk.offered(Act.EXPORT, menu_button("打印", self.prints, "", "printer"))
        self.prints.addAction("党员名册").triggered.connect(lambda: self.print_roster())
        self.prints.addAction(outflow.TITLE).triggered.connect(lambda: self.hand_out_outflow(print_sheet))
        self.add_button = self.desk.offered("members", button("登记党员", self.open_form, "primary", "plus"))
        empty = EmptyState(
            "users", "还没有党员。", "从 Excel 名册导入最快，表头叫法不限。", "导入名册", lambda: self.open_import()
        )
        self.desk.offered("members", empty)
        self.table: DataTable[MemberRow] = DataTable(COLUMNS, "党员名册", empty, height=46)
        self.count = text("", "sub")
        self.template = desk.offered("members", link("保存空表", lambda: save_template(self, "members", "党员名册")))
        listing = box(
            col(row(self.scope, self.group, self.needle, ..., self.count, self.template), (self.table, 1), gap=10)
        )
        self.pane = DetailPane("党员详情")
        self.split = ListWithPane(listing, self.pane, rows=self.table)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.scope.changed.connect(lambda _key: self.reload())
        self.group.currentIndexChanged.connect(lambda _index: self._filter())
        self.needle.textChanged.connect(self.table.model.set_needle)
        self.table.picked.connect(self._open_member)
        self.table.opened.connect(lambda member: self.open_card(member.id))
        self.table.model.modelReset.connect(self._tell_count)
        Arrivals(self, self.import_button, self.open_import)

    def bar_actions(self) -> Sequence[QWidget]:
        """Excel in and out, print, and the one primary action."""
        return (self.more_button, self.import_button, self.export_button, self.print_button, self.add_button)

    def focus_filter(self) -> None:
        """Put the cursor into the words to filter by."""
        self.needle.setFocus()
        self.needle.selectAll()

    def reload(self) -> None:
        """Read the roster of today, or who left, and the groups."""
        former = self.scope.current() == "former"

        def work() -> tuple[list[MemberRow], list[GroupRow]]:
            return self.members.roster(former=former), self.branches.groups()

        self.read(work, lambda got: self._show(*got))

    def go(self, where: dict[str, Any]) -> None:
        """Show a member, the form of a new one, the import, or those who lack a field."""
        self._wanted = str(where.get("record") or where.get("member") or "")
        if where.get("kind") == "import":
            self.open_import()
        elif where.get("new") and where.get("kind") == "new":
            self.open_form()
        field = (where.get("prefill") or {}).get("field")
        if field:
            self._show_lacking(str(field))
        self._jump()

    def export(self, layout: str = "") -> None:
        """Write the roster to Excel, in the order of another program if `layout` names one."""
        export_kind(self, "members", "党员名册", layout)

    def _offer_orders(self) -> None:
        offer_below(self.export_button, self.orders)

    def print_roster(self) -> None:
        """Write the roster of today as a PDF to print."""
        print_document(self, "党员名册", lambda documents, path: documents.roster(path))

    def hand_out_outflow(self, write: Callable[[Page, Sheet], None]) -> None:
        """Write the list of members who live elsewhere, to Excel or to paper."""

        def show(rows: list[tuple[str, ...]]) -> None:
            if not rows:
                self.desk.say("没有在外的流动党员。在党员详情里登记“流动党员”，这里就有。")
                return
            write(self, Sheet(outflow.TITLE, outflow.HEADS, tuple(rows), tuple(rows)))

        self.read(lambda: outflow.outflow(self.desk.store), show)

    def print_extract(self, member: MemberRow) -> None:
        """Write everything kept about a member as a PDF."""
        name = f"{member.name}个人信息摘录"
        print_document(self, name, lambda documents, path: documents.extract(member.id, path))

    def open_import(self, source: Path | str | None = None) -> None:
        """Begin the import of a roster, of `source` where a file or a block was brought here."""
        self.desk.push(IntakePage(self.desk, "members", "党员名册", source=source))

    def open_form(self, member_id: str = "") -> None:
        """Open the form of a new or a known member."""
        self.desk.push(MemberForm(self.desk, member_id if isinstance(member_id, str) else ""))

    def open_card(self, member_id: str) -> None:
        """Open a member: the year on one page; PgUp and PgDn go on in the order of this list."""
        self.desk.push(MemberCard(self.desk, member_id, [member.id for member in self.table.model.rows()]))

    def _show(self, members: list[MemberRow], groups: list[GroupRow]) -> None:
        chosen = self.group.value()
        active = [group for group in groups if group.state is GroupState.ACTIVE]
        self.group.blockSignals(True)
        self.group.set_options([(EVERYONE, "全部党小组"), *((group.id, group.name) for group in active)], chosen)
        appear(self.group, bool(active))
        self.group.blockSignals(False)
        self.table.set_rows(members, same=lambda member: member.id)
        self._jump()
        if self.table.current() is None and not self.pane.isHidden():
            self.pane.close_pane()

    def _jump(self) -> None:
        if self._wanted and self.table.select(lambda member: member.id == self._wanted):
            self._wanted = ""

    def _filter(self) -> None:
        group = self.group.value()
        self.table.model.set_filter((lambda member: member.group_id == group) if group else None)

    def _show_lacking(self, field: str) -> None:
        self.table.model.set_filter(lambda member: getattr(member, field, "") in (None, ""))
        self.desk.say("只列出缺这一项的党员。", lambda: self.table.model.set_filter(None), "看全部")

    def _tell_count(self) -> None:
        shown = self.table.model.rows()
        full = sum(member.category is MemberCategory.FULL_MEMBER for member in shown)
        probationary = len(shown) - full
        self.count.setText(f"{len(shown)} 人" + (f"，预备党员 {probationary} 人" if probationary else ""))

    # ---- one member ----
    def _open_member(self, member: MemberRow) -> None:
        def work() -> tuple[list[StatusRow], list[ConditionRow]]:
            return self._life.history(member.id), self._conditions.conditions(member.id)

        self._head(member)
        self.split.open_pane()
        self.read(work, lambda got: self._body(member, *got))

    def _head(self, member: MemberRow) -> None:
        self.pane.show_head(member.name, member.posts_text, member.state_text, state_tone(member))

    def _body(self, member: MemberRow, steps: list[StatusRow], conditions: list[ConditionRow]) -> None:
        now = self.table.current()
        if now is None or now.id != member.id:
            return
        self._id_line = text(member.id_no_masked or "—", "body", "" if member.id_no_masked else "sub")
        look = self.desk.offered(Act.IDENTITY, link("显示", lambda: self._reveal(member)))
        look.setAccessibleName("显示身份证号")
        may_look = bool(member.id_no_masked) and self.desk.may(Act.IDENTITY)
        change = self.desk.offered("members", link("变动", lambda: TransitionDialog(self, member).open()))
        correct = self.desk.offered("members", link("更正", lambda: CorrectionDialog(self, member).open()))
        correct.setAccessibleName("更正登记")
        place = self.desk.offered("members", link("编组", lambda: GroupDialog(self, member).open()))
        add = self.desk.offered(
            "member_conditions", link("登记情况", lambda: ConditionDialog(self, member).open(), "plus")
        )
        number = row(
            text("身份证号", "sub"),
            self._id_line,
            ...,
            look if may_look else None,
            gap=8,
        )
        number.itemAt(0).widget().setFixedWidth(LABEL_WIDTH)
        vote = "有" if member.has_vote else "没有"
        body: list[Item] = [
            heading("组织关系", place, correct, change),
            fact("类别", member.category.label),
            fact("入党时间", member.admitted_text),
            fact("转正时间", member.full_text),
            fact("党小组", member.group),
            fact("表决权", vote),
        ]
        if member.probation_ends_on and member.category is MemberCategory.PROBATIONARY_MEMBER:
            body.insert(4, self._probation(member, member.probation_ends_on))
        body += [heading("情况", add)]
        if not conditions:
            body.append(text("没有登记离退休、流动、长期病假等情况。", "small", wrap=True))
        for condition in conditions:
            body.append(self._condition(member, condition))
        body += [
            heading("个人"),
            number,
            fact("出生日期", member.born_text),
            fact("民族", member.ethnic_text),
            fact("学历", "，".join(filter(None, (member.education_text, member.degree)))),
            fact("部门岗位", " ".join(filter(None, (member.unit, member.job_title)))),
            fact("电话", member.phone),
            *([fact("预计退休", member.retires_on.isoformat())] if member.retires_on else []),
        ]
        if member.note:
            body.append(fact("备注", member.note))
        if steps:
            body.append(heading("变动记录"))
            for step in steps:
                number_words = f"，{step.document_no}" if step.document_no else ""
                body.append(
                    fact(step.on.isoformat(), f"{life.step_words(step.from_status, step.to_status)}{number_words}", 84)
                )
        self.pane.show_body(*body)
        change_button = self.desk.offered("members", button("修改", lambda: self.open_form(member.id), "", "pencil"))
        extract_button = button("个人信息摘录", lambda: self.print_extract(member), "", "printer")
        open_button = button("打开", lambda: self.open_card(member.id))
        open_button.setAccessibleName("打开本年一页")
        asks = correction_link(self.desk, member.id, f"党员{member.name}")
        extract = extract_button if self.desk.may(Act.EXPORT) else None
        self.pane.show_foot(open_button, change_button, extract, ..., asks)

    def _probation(self, member: MemberRow, ends: date) -> Item:
        if member.extended_once:
            return fact("预备期满", f"{ends}（已延长）")
        extend = self.desk.offered("members", link("延长", lambda: ExtensionDialog(self, member).open()))
        extend.setAccessibleName("延长预备期")
        label = fixed(text("预备期满", "sub"), LABEL_WIDTH)
        return row(label, text(ends.isoformat()), ..., extend, gap=8)

    def _condition(self, member: MemberRow, condition: ConditionRow) -> QWidget:
        begin = condition.from_on.isoformat() if condition.from_on else "记录之前"
        until = condition.to_on.isoformat() if condition.to_on else "现在"
        more = "，".join(filter(None, (condition.reason, condition.place)))
        verb = self.desk.offered(
            "member_conditions", link("改", lambda: ConditionDialog(self, member, condition).open())
        )
        verb.setAccessibleName(f"改情况：{condition.kind.label}")
        words = col(
            text(condition.kind.label),
            text(f"{begin} 至 {until}" + (f"，{more}" if more else ""), "small", wrap=True),
            gap=1,
        )
        return box(row((words, 1), verb, gap=8))

    def _reveal(self, member: MemberRow) -> None:
        self.read(lambda: self.members.id_number(member.id), lambda number: self._id_line.setText(number))
