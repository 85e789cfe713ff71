"""队伍 > 班子和职务: someone takes a post and leaves it, groups and terms are kept, refusals stay at their field."""

from datetime import date
from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.branches import GroupState, Post
from desktop.services.access.users import UserService
from desktop.services.branches import BranchService
from desktop.services.members import MemberService
from desktop.services.opening import open_store
from desktop.services.standards.verdict import Used
from desktop.services.terms import TermDraft
from desktop.ui.main_window import Shell
from desktop.ui.places import open_record
from desktop.ui.posts.forms import EndPostDialog, PostDialog, TermDialog
from desktop.ui.posts.groups import DissolveGroupDialog, GroupNameDialog
from desktop.ui.posts.page import COLUMNS, PostsPage
from desktop.ui.widgets.fields import Choice
from tests.stores import CHEAP, clock_at
from tests.ui.desks import TODAY, desk_on, empty_desk, go, put, sample_desk, sample_store, settle
from tests.ui.lint import faults


def open_posts(qtbot: QtBot, shell: Shell) -> PostsPage:
    return cast(PostsPage, go(qtbot, shell, "team", "posts"))


def dialog_of(shell: Shell, kind: type[Any]) -> Any:
    found = shell.findChild(kind)
    assert found is not None
    assert faults(found) == []
    return found


def test_someone_takes_a_post_and_leaves_it(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        before = len(page.branches.posts(False))
        page.add_button.click()
        dialog = dialog_of(shell, PostDialog)
        dialog.verb.click()
        assert dialog.fields.fields["member_id"].fault() == "请选择。", (
            "nobody takes a post by standing first in a list"
        )
        cast(Choice, dialog.fields.fields["post"].control).set_value(Post.YOUTH_COMMISSIONER.value)
        cast(Choice, dialog.fields.fields["member_id"].control).set_value(page.people[0].id)
        put(dialog.fields.fields["from_on"].control, "2026.3.1")
        dialog.verb.click()
        settle(qtbot, shell)
        posts = page.branches.posts(False)
        assert len(posts) == before + 1
        new = next(row for row in posts if row.post is Post.YOUTH_COMMISSIONER)
        assert new.from_on == date(2026, 3, 1)
        at = [row.id for row in page.table.model.rows()].index(new.id)
        page.table.step(at + 1)
        page.end_button.click()
        ending = dialog_of(shell, EndPostDialog)
        put(ending.fields.fields["to_on"].control, "2026.9.30")
        put(ending.fields.fields["end_approval_no"].control, "机党〔2026〕9号")
        ending.verb.click()
        settle(qtbot, shell)
        assert page.table.current() is None or page.files_button.isEnabled()
        assert len(page.branches.posts(False)) == before
        ended = next(row for row in page.branches.posts(True) if row.id == new.id)
        assert (ended.to_on, ended.end_approval_no) == (date(2026, 9, 30), "机党〔2026〕9号")
        page.scope.choose("all")
        page.reload()
        settle(qtbot, shell)
        model = page.table.model
        column = [each.title for each in COLUMNS].index("批复文号")
        said = {model.index(number, column).data() for number in range(model.rowCount())}
        assert "免职 机党〔2026〕9号" in said


def test_an_end_before_the_beginning_stays_at_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        page.branches.assign(Post.YOUTH_COMMISSIONER, page.people[0].id, date(2026, 5, 1))
        page.reload()
        settle(qtbot, shell)
        held = next(row for row in page.branches.posts(False) if row.post is Post.YOUTH_COMMISSIONER)
        EndPostDialog(page, held).open()
        dialog = dialog_of(shell, EndPostDialog)
        put(dialog.fields.fields["to_on"].control, "2026.4.30")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.isVisible()
        assert dialog.fields.fields["to_on"].fault()
        assert next(row for row in page.branches.posts(False) if row.id == held.id).to_on is None


def test_a_group_is_founded_and_renamed(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        page.open_group()
        dialog = dialog_of(shell, GroupNameDialog)
        put(dialog.fields.fields["name"].control, "第一党小组")
        dialog.verb.click()
        settle(qtbot, shell)
        page.open_group(page.group_rows[0])
        again = next(row for row in shell.findChildren(GroupNameDialog) if row.isVisible())  # type: ignore[var-annotated]
        put(again.fields.fields["name"].control, "营销党小组")
        again.verb.click()
        settle(qtbot, shell)
        assert [row.name for row in page.branches.groups()] == ["营销党小组"]
        assert faults(shell) == []


def group_dialog(qtbot: QtBot, shell: Shell, page: PostsPage) -> GroupNameDialog:
    page.open_group(page.group_rows[0])
    settle(qtbot, shell)
    dialogs = cast(list[GroupNameDialog], shell.findChildren(GroupNameDialog))
    return next(dialog for dialog in dialogs if dialog.isVisible())


def test_a_group_is_dissolved_and_restored(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        page.branches.save_group("第一党小组")
        page.reload()
        settle(qtbot, shell)
        group_dialog(qtbot, shell, page).dissolve_link.click()
        dissolving = dialog_of(shell, DissolveGroupDialog)
        put(dissolving.fields.fields["dissolved_on"].control, "2026.12.31")
        dissolving.verb.click()
        settle(qtbot, shell)
        assert dissolving.fields.fields["dissolved_on"].fault() == "晚于今天。"
        put(dissolving.fields.fields["dissolved_on"].control, page.desk.store.today.isoformat())
        dissolving.verb.click()
        settle(qtbot, shell)
        assert [group.state for group in page.group_rows] == [GroupState.DISSOLVED]
        assert faults(shell) == []
        group_dialog(qtbot, shell, page).restore_link.click()
        settle(qtbot, shell)
        assert [group.state for group in page.group_rows] == [GroupState.ACTIVE]


def test_a_dissolved_group_comes_back_by_undo(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        page.branches.save_group("第一党小组")
        page.reload()
        settle(qtbot, shell)
        DissolveGroupDialog(page, page.group_rows[0]).open()
        dialog_of(shell, DissolveGroupDialog).verb.click()
        settle(qtbot, shell)
        assert shell.undo_bar.words() == "已撤销第一党小组。"
        assert shell.undo_bar.verb() == "恢复", "撤销 beside 已撤销 would read as its repetition"
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert [group.state for group in page.group_rows] == [GroupState.ACTIVE]


def test_a_group_with_members_asks_where_they_go(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        group, other = page.group_rows[0], page.group_rows[1]
        DissolveGroupDialog(page, group).open()
        dialog = dialog_of(shell, DissolveGroupDialog)
        dialog.verb.click()
        assert dialog.fields.fields["to_group_id"].fault() == "不能为空。"
        cast(Choice, dialog.fields.fields["to_group_id"].control).set_value(other.id)
        dialog.verb.click()
        settle(qtbot, shell)
        sizes = {row.name: row.size for row in page.branches.groups()}
        assert (sizes[group.name], sizes[other.name]) == (0, group.size + other.size)
        assert faults(shell) == []


def test_a_term_is_kept_and_a_wrong_number_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        shell.desk.open("team", "posts", kind="term")
        dialog = dialog_of(shell, TermDialog)
        for name, words in (("term_no", "三"), ("elected_on", "2025.3.1"), ("expires_on", "2028.3.1")):
            put(dialog.fields.fields[name].control, words)
        dialog.verb.click()
        assert dialog.fields.fields["term_no"].fault() == "只写数字，如 3。"
        assert page.terms.terms() == []
        put(dialog.fields.fields["term_no"].control, "第3届")
        dialog.verb.click()
        settle(qtbot, shell)
        assert [row.term_no for row in page.terms.terms()] == [3]
        assert faults(shell) == []


def test_a_term_that_is_kept_is_shown_and_no_form_of_another_one_opened(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        draft = TermDraft(term_no=6, elected_on=date(2024, 3, 1), expires_on=date(2027, 3, 1))
        open_record(shell.desk, Used("term", page.terms.save_term(draft), date(2024, 3, 1), "第6届"))
        settle(qtbot, shell)
        assert (shell.page(), shell.findChild(TermDialog)) == (page, None)


def test_who_leaves_or_takes_a_post_is_told_what_becomes_of_the_log_in(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_posts(qtbot, shell)
        first, second = page.people[0].id, page.people[1].id
        page.branches.assign(Post.YOUTH_COMMISSIONER, first, date(2026, 5, 1))
        UserService(shell.desk.store).add("青年", "春风-细雨-77", ["committee"], first, cost=CHEAP)
        page.reload()
        settle(qtbot, shell)
        held = next(row for row in page.branches.posts(False) if row.post is Post.YOUTH_COMMISSIONER)
        assert page.account_after(held) == ["登录名“青年”按在任职务定权限，免职第二天起不再有青年委员的权限。"]
        assert page.account_for(first) == "登录名“青年”的权限随任期生效，下次打开时起。"
        assert "使用人与安全" in page.account_for(second)
        EndPostDialog(page, held).open()
        assert "登录名“青年”" in " ".join(
            label.text() for label in cast(list[QLabel], dialog_of(shell, EndPostDialog).findChildren(QLabel))
        )


def test_a_post_of_ones_own_is_for_whoever_manages_users(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_store(tmp_path / "store") as store:
        own = MemberService(store).roster()[0].id
        BranchService(store).assign(Post.ORG_COMMISSIONER, own, date(2026, 5, 1))
        UserService(store).add("组织", "春风-细雨-77", ["committee"], own, cost=CHEAP)
    store = open_store(tmp_path / "store", "春风-细雨-77", "组织", clock=clock_at(TODAY))
    with desk_on(qtbot, store) as shell:
        page = open_posts(qtbot, shell)
        for row in page.table.model.rows():
            page.table.select(lambda held, row=row: held.id == row.id)  # type: ignore[misc]
            assert page.end_button.isEnabled() is (row.member_id != own)
        page.add_button.click()
        member = cast(Choice, dialog_of(shell, PostDialog).fields.fields["member_id"].control)
        assert member.findData(own) == -1
        assert member.count() > 0
