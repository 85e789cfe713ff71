"""工作台: what to do next, by day and by person."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.race import RemarkKind
from desktop.services.access.users import UserService
from desktop.services.backup import BackupService
from desktop.services.branches import BranchService
from desktop.services.members.service import MemberService
from desktop.services.opening import open_store
from desktop.ui.home import OTHERS, HomePage
from desktop.ui.main_window import Shell
from desktop.ui.pages import pages_for
from desktop.ui.putting_off import SnoozeDialog
from desktop.ui.registers.form import RegisterForm
from desktop.ui.standards.checklist import ChecklistPage
from desktop.ui.standards.common import short_name
from tests.services.test_works_from_above import asked, found_wanting
from tests.stores import CHEAP, clock_at
from tests.ui.desks import TODAY, desk_on, empty_desk, go, keep, put, sample_desk, sample_store, settle
from tests.ui.lint import faults

OTHER = "春风-细雨-77"
SIZES = [(1366, 696), (1093, 542), (911, 440)]


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        go(qtbot, shell, "home")
        assert faults(shell) == []


def test_the_ring_tells_a_screen_reader_the_points_it_shows(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        told = re.fullmatch(
            r"标准化得分：(.+) 自评已得；满分 (.+)，已得 (.+)、未到期、待评 .+", page.ring.accessibleName()
        )
        assert told is not None
        assert (told[2], told[3]) == ("100.00", told[1])


def test_the_parts_beside_the_ring_are_together_the_full_mark(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        lines = [page._keys.itemAt(at).widget() for at in range(page._keys.count())]
        parts = [Decimal(line.accessibleName().split()[1]) for line in lines]
        assert len(parts) == 3
        assert all(parts)
        assert sum(parts) == 100


def test_a_right_to_appeal_that_ends_is_named_before_what_can_still_be_done_later(qtbot: QtBot, tmp_path: Path) -> None:
    store = sample_store(tmp_path / "store")
    found_wanting(store)
    with desk_on(qtbot, store) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._more.text().startswith("看抽查认定“九月支委会”有瑕疵，有不同意见的提出申诉；")


def test_however_much_headquarters_wrote_the_first_page_stays_in_sight(qtbot: QtBot, tmp_path: Path) -> None:
    store, words = sample_store(tmp_path / "store"), "汇总改进事项，" * 500 + "完"
    asked(store, RemarkKind.TASK, words, store.today)
    with desk_on(qtbot, store) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._more.text().startswith("汇总改进事项，")
        assert len(page._more.text()) < 300
        (row,) = (label for label in cast(list[QLabel], page.findChildren(QLabel)) if label.toolTip() == words)
        assert len(row.text()) < 200


def test_the_first_page_of_an_empty_store_says_the_first_step(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._hello.text()
        assert faults(shell) == []


def test_the_last_backup_is_said_with_a_space_between_hour_and_word(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        BackupService(shell.desk.store).backup()
        page = cast(HomePage, go(qtbot, shell, "home"))
        page.reload()
        settle(qtbot, shell)
        assert any(re.fullmatch(r"今天 \d\d:\d\d 备份，已验证可恢复", words) for words in told(page))


def test_every_piece_of_work_opens_its_place(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._home is not None
        meeting = next(work for work in page._home.works if work.where is not None and work.where.page == "meetings")
        page._verb(meeting).click()  # type: ignore[attr-defined]
        settle(qtbot, shell)
        assert shell.place()[0] == "meetings"


@contextmanager
def desk_of(qtbot: QtBot, folder: Path, role: str) -> Iterator[Shell]:
    """Show the sample branch as whoever has `role`."""
    with sample_store(folder / "store") as store:
        leader = next(member for member in MemberService(store).roster() if member.group_id)
        BranchService(store).assign(Post.GROUP_LEADER, leader.id, None, group_id=leader.group_id)
        UserService(store).add("别人", OTHER, [role], leader.id, cost=CHEAP)
    with desk_on(qtbot, open_store(folder / "store", OTHER, "别人", clock=clock_at(TODAY))) as shell:
        yield shell


def told(page: QWidget) -> list[str]:
    return [label.text() for label in cast(list[QLabel], page.findChildren(QLabel)) if label.isVisible()]


def test_what_a_reader_is_told_to_do_is_the_work_of_others_and_only_to_be_looked_at(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with desk_of(qtbot, tmp_path, "branch_reader") as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._own == []
        assert page._others
        assert "先办" not in page._hello.text()
        assert "都由别的同志办" in page._more.text()
        assert OTHERS in told(page)
        verbs = [part.text() for part in cast(list[QPushButton], page.findChildren(QPushButton)) if part.isVisible()]
        assert {verb for verb in verbs if verb and "看" not in verb} == {"按时间", "按责任人"}
        meeting = next(work for work in page._others if work.where is not None and "id" in work.where.prefill)
        page._verb(meeting).click()  # type: ignore[attr-defined]
        settle(qtbot, shell)
        assert shell.place()[0] == meeting.where.page  # type: ignore[union-attr]


def test_a_group_leader_is_told_of_the_own_group_first_and_of_the_other_as_work_of_others(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with desk_of(qtbot, tmp_path, "group_leader") as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        (own,) = shell.desk.store.rights.own_groups
        group_work = [work for work in (*page._own, *page._others) if work.where and "group_id" in work.where.prefill]
        assert {work.where.prefill["group_id"] for work in group_work if work in page._own if work.where} == {own}
        assert {work.where.prefill["group_id"] for work in group_work if work.where} > {own}
        assert "由别的同志办" in page._more.text()


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")
def test_the_kind_of_an_activity_is_chosen_before_its_form_opens(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        page.activity_button.click()
        assert page.activities.isVisible()
        offered = {each.text(): each for each in page.activities.actions() if not each.isSeparator()}
        assert {register.title for register in REGISTERS.values() if register.activity} < set(offered)
        page.activities.close()
        offered["帮困慰问"].trigger()
        settle(qtbot, shell)
        form = cast(RegisterForm, shell.page())
        assert form.register.title == "帮困慰问"


@pytest.mark.parametrize("words", ["主题党日", "其他登记簿"])
def test_what_is_no_register_of_activities_is_a_choice_away_too(qtbot: QtBot, tmp_path: Path, words: str) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        next(each for each in page.activities.actions() if each.text() == words).trigger()
        settle(qtbot, shell)
        assert shell.place() == (("meetings", "list") if words == "主题党日" else ("service", "carriers"))


def test_keys_begin_at_the_first_thing_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    store = sample_store(tmp_path / "store")
    shell = Shell(store, "", pages_for(store.kind.value), 2026, waits=True)
    keep(qtbot, shell)
    shell.begin()
    shell.show()
    qtbot.waitExposed(shell)
    shell.stand()  # as the window does once it shows the pages; nothing to do is read yet
    settle(qtbot, shell)
    stands = shell.focusWidget()
    assert stands is not None
    assert stands.accessibleName().endswith(cast(HomePage, shell.page())._own[0].what)
    shell.close_desk()
    store.close()


def test_the_other_order_is_by_person(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        before = page._works.count()
        page.view.choose("person")
        page.view.changed.emit("person")
        assert page._works.count() >= 2
        assert before >= 2


def test_a_dimension_of_the_radar_opens_its_items(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        cast(HomePage, go(qtbot, shell, "home")).radar.chosen.emit(3)
        settle(qtbot, shell)
        page = cast(ChecklistPage, shell.page())
        page.go({"dimension": page.score.dimensions[3].id if page.score else ""})
        assert {one.id[:2] for one in page.table.model.rows()} == {"D4"}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("支部班子队伍建设", "班子队伍"),
        ("党的组织生活", "组织生活"),
        ("服务党员群众", "服务群众"),
        ("基本工作保障", "基本保障"),
    ],
)
def test_dimensions_have_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_a_thing_is_put_off_with_a_reason_and_taken_up_again(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._home is not None
        work = page._own[0]
        dialog = SnoozeDialog(page, work)
        dialog.open()
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.fields.fields["reason"].fault()
        put(dialog.fields.fields["reason"].control, "等上级批复")
        dialog.submit()
        settle(qtbot, shell)
        assert [each.work.key for each in page._home.put_off] == [work.key]
        assert work.key not in {each.key for each in page._own}
        assert faults(shell) == []
        buttons = cast(list[QPushButton], page.findChildren(QPushButton))
        back = next(each for each in buttons if each.text() == "不再暂缓")
        back.click()
        settle(qtbot, shell)
        assert page._home.put_off == ()
