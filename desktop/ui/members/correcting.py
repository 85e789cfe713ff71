"""What was entered wrong about one member: the category, one person twice, a record too many."""

from desktop.models.vocabulary.branches import MemberCategory
from desktop.services.errors import Input
from desktop.services.members import MemberRow, MemberService
from desktop.services.members.merging import OTHER
from desktop.services.members.records import REASON, MemberRecords
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import text
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit

HOW = Input("how", "怎么更正")
REMOVE, MERGE = "remove", "merge"


class CorrectionDialog(FormDialog):
    """更正登记: what never was so; what happened in life is a step (变动)."""

    def __init__(self, page: Page, member: MemberRow) -> None:
        self._records, self._member = page.desk.service(MemberRecords), member
        other = next(category for category in MemberCategory if category is not member.category)
        self._ways = ways = [
            (other.value, f"类别改为{other.label}"),
            (MERGE, "和另一条记录是同一个人，合并"),
            (REMOVE, "登记错了，删除"),
        ]
        self.how = Choice(HOW.label, ways)
        self.other = Choice(OTHER.label, [("", "没有同名的")])
        self.fields = FieldSet(
            (
                (HOW.name, Field(HOW.label, self.how, required=True)),
                (
                    OTHER.name,
                    Field(OTHER.label, self.other, note="合并时选：它的内容补进这一条，用到它的记录改到这一条。"),
                ),
                (REASON.name, Field(REASON.label, edit(REASON.label, "", "如：录入了两遍"))),
            )
        )
        words = text("只更正登记时写错的；转正、转出、去世这些请办“变动”。原来的样子留在修改记录里。", "sub", wrap=True)
        super().__init__(
            page,
            f"更正{member.name}的登记",
            words,
            self.fields,
            fields=(self.fields,),
            verb="更正",
            needs="members",
            draft="correction",
            about=member.id,
        )
        self.how.currentIndexChanged.connect(lambda _index: self._ask())
        self._ask()
        page.read(page.desk.service(MemberService).roster, self._offer)

    def _ask(self) -> None:
        """Ask for the other record where two become one, else for the reason."""
        merges = self.how.value() == MERGE
        self.fields.fields[OTHER.name].require(merges)
        self.fields.fields[REASON.name].require(not merges)

    def _offer(self, members: list[MemberRow]) -> None:
        me = self._member
        alike = [row for row in members if row.name == me.name and row.id != me.id]
        options = [(row.id, "，".join(filter(None, (row.name, row.born_text, row.unit, row.group)))) for row in alike]
        ways = self._ways if alike else [way for way in self._ways if way[0] != MERGE]

        def offer() -> None:
            self.how.set_options(ways, self.how.value())
            self.other.set_options(options or [("", "没有同名的")])

        self.drafting.refresh(offer)

    def submit(self) -> None:
        """Correct."""
        if not self.readable():
            return
        values, member, records = self.fields.values(), self._member, self._records
        how, other, reason = values[HOW.name], values[OTHER.name], values[REASON.name]
        if how == REMOVE:
            self.keep(
                lambda: records.remove(member.id, reason),
                f"已删除党员“{member.name}”。",
                undo=lambda: records.restore(member.id),
            )
        elif how == MERGE:
            self.keep(lambda: records.merge(member.id, other), f"“{member.name}”的两条记录已合并。")
        else:
            category = MemberCategory(how)
            self.keep(
                lambda: records.recategorise(member.id, category, reason), f"“{member.name}”已更正为{category.label}。"
            )
