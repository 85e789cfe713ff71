"""Forms of party groups: set up, named anew, dissolved with its members going to another, restored."""

from typing import TYPE_CHECKING

from desktop.models.vocabulary.branches import GroupState
from desktop.services import branches
from desktop.services.attachments.records import GROUPS
from desktop.services.branches import GroupRow
from desktop.ui.attachments import files_link
from desktop.ui.form_dialog import FormDialog
from desktop.ui.posts.forms import day_field, field_of, line_field
from desktop.ui.widgets import Item, link, row, text
from desktop.ui.widgets.fields import Choice, FieldSet, to_choose

if TYPE_CHECKING:
    from desktop.ui.posts.page import PostsPage


def _called(group: GroupRow) -> str:
    """Return the name of a group as it stands in a sentence: 第三党小组; 机关 becomes 机关党小组."""
    return group.name if group.name.endswith(("小组", "组")) else f"{group.name}党小组"


class GroupNameDialog(FormDialog):
    """A new party group, or another name for one; from here a group is dissolved, or a dissolved one restored."""

    def __init__(self, page: "PostsPage", group: GroupRow | None = None) -> None:
        self.fields = FieldSet(
            (
                line_field(branches.GROUP_NAME, group.name if group else "", required=True),
                line_field(branches.GROUP_UNIT, group.unit if group else ""),
            )
        )
        more: list[Item] = []
        if group is not None and group.state is GroupState.ACTIVE:
            self.dissolve_link = link("撤销党小组", self._dissolve, "trash")
            more = [row(self.dissolve_link, ...)]
        elif group is not None:
            self.restore_link = link("恢复党小组", self._restore)
            ended = f"{group.dissolved_on}撤销" if group.dissolved_on else "已撤销"
            more = [row(text(ended, "sub"), ..., self.restore_link)]
        if group is not None:
            more.append(row(files_link(page, f"“{group.name}”的附件", GROUPS, group.id), ...))
        title, verb = ("修改党小组", "保存") if group else ("设立党小组", "设立")
        about = group.id if group else ""
        super().__init__(
            page,
            title,
            self.fields,
            *more,
            fields=(self.fields,),
            verb=verb,
            needs="party_groups",
            draft="group",
            about=about,
        )
        self._posts, self._group = page, group

    def submit(self) -> None:
        """Keep the group."""
        if not self.readable():
            return
        values, group_id = self.fields.values(), self._group.id if self._group else None
        self.keep(lambda: self._posts.branches.save_group(group_id=group_id, **values), "已保存党小组。")

    def _dissolve(self) -> None:
        if self._group is not None:
            self.reject()
            DissolveGroupDialog(self._posts, self._group).open()

    def _restore(self) -> None:
        if self._group is not None:
            group = self._group
            self.keep(lambda: self._posts.branches.restore_group(group.id), f"已恢复{_called(group)}。")


class DissolveGroupDialog(FormDialog):
    """The last day of a party group (撤销)."""

    def __init__(self, page: "PostsPage", group: GroupRow) -> None:
        fields = [day_field(branches.DISSOLVED_ON, page.desk.store.today, required=True)]
        words = "以前的会议和任职照旧保留；组长的职务到这一天为止。" if group.leader else "以前的会议照旧保留。"
        if group.size:
            others = [
                (each.id, each.name)
                for each in page.group_rows
                if each.state is GroupState.ACTIVE and each.id != group.id
            ]
            label = branches.TO_GROUP.label
            fields.append(field_of(branches.TO_GROUP, Choice(label, to_choose(others)), required=True))
            words = f"还有 {group.size} 名党员编在这个小组，从第二天起编入另一个小组。{words}"
        self.fields = FieldSet(fields)
        note = text(words, "sub", wrap=True)
        super().__init__(
            page,
            f"撤销{_called(group)}",
            note,
            self.fields,
            fields=(self.fields,),
            verb="撤销党小组",
            needs="party_groups",
            draft="group_end",
            about=group.id,
        )
        self._branches, self._group = page.branches, group

    def submit(self) -> None:
        """End the group."""
        if not self.readable(required=True):
            return
        values = self.fields.values()
        on, to_group = values["dissolved_on"], values.get("to_group_id")
        branch_service, group = self._branches, self._group
        self.keep(
            lambda: branch_service.dissolve_group(group.id, on, to_group),
            f"已撤销{_called(group)}。",
            undo=lambda: self.page.act(lambda: branch_service.restore_group(group.id)),
            undo_verb="恢复",
        )
