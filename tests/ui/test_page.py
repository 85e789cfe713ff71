"""What a page may ask of the window: reading, and doing one action whose refusal stays at its field."""

import threading
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.history import SettingName
from desktop.services.branches import BranchService
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.ui.form_dialog import FormDialog
from desktop.ui.main_window import Shell
from desktop.ui.page import Page
from desktop.ui.widgets import button, col, scroll, text
from desktop.ui.widgets.dialogs import Dialog, inform
from desktop.ui.widgets.fields import Field, FieldSet, edit
from tests.ui.desks import empty_desk, go, settle

PATIENCE_S = 20
PLACE = Input("place", "地点")


def refusing() -> str:
    raise InvalidInput(PLACE, "不能为空")


def shown(shell: Shell) -> list[Dialog]:
    return [dialog for dialog in cast(list[Dialog], shell.findChildren(Dialog)) if dialog.isVisible()]


def test_reading_shows_what_the_service_returned_and_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page, generation = shell.page(), shell.desk.generation
        got: list[int] = []
        page.read(lambda: 7, got.append)
        settle(qtbot, shell)
        assert (got, shell.desk.generation) == ([7], generation)


def test_an_action_lets_every_page_know_follows_and_says_what_was_done(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page, generation = shell.page(), shell.desk.generation
        got: list[int] = []
        page.act(lambda: 3, lambda count: f"已保存 {count} 个。", then=got.append)
        settle(qtbot, shell)
        assert got == [3]
        assert shell.desk.generation == generation + 1
        assert "已保存 3 个。" in shell.undo_bar.words()


def test_a_page_scrolls_as_a_whole_only_where_its_lists_cannot_be_smaller(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = Page(shell.desk)
        lines = text("一句要分几行说的话。" * 9, wrap=True)
        listed = scroll(col(*(text(f"第 {number} 行") for number in range(60))))
        page.setLayout(col(lines, (listed, 1)))
        shell.desk.push(page)
        settle(qtbot, shell)
        assert listed.sizeHint().height() > 300
        shell.resize(900, 420)
        settle(qtbot, shell)
        assert shell._frames[page].verticalScrollBar().maximum() == 0
        assert listed.verticalScrollBar().maximum() > 0


def test_a_form_that_opens_after_a_reading_is_dropped_where_its_page_was_left(qtbot: QtBot, tmp_path: Path) -> None:
    def ask(page: Page) -> None:
        page.read(lambda: None, lambda _none: Dialog(page, "登记", verb="保存").open())
        page.read(lambda: None, lambda _none: shell.desk.push(Page(shell.desk)))

    with empty_desk(qtbot, tmp_path) as shell:
        asking = cast(Page, go(qtbot, shell, "members", "roster"))
        ask(asking)
        turned = go(qtbot, shell, "meetings", "list")
        assert (shown(shell), shell.page()) == ([], turned)
        go(qtbot, shell, "members", "roster")
        ask(asking)
        settle(qtbot, shell)
        assert [dialog.windowTitle() for dialog in shown(shell)] == ["登记"]
        assert shell.page() not in (asking, turned)


def test_what_a_reading_tells_is_told_where_its_page_was_left_too(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(Page, go(qtbot, shell, "members", "roster"))
        page.read(lambda: None, lambda _none: inform(page, "核对完了", "都对得上。"))
        go(qtbot, shell, "meetings", "list")
        assert [dialog.windowTitle() for dialog in shown(shell)] == ["核对完了"]


def test_a_form_asked_for_by_a_page_that_stands_over_the_one_which_reads_opens(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        under, over = cast(Page, go(qtbot, shell, "members", "roster")), Page(shell.desk)
        shell.desk.push(over)
        under.read(lambda: None, lambda _none: Dialog(over, "登记", verb="保存").open())
        settle(qtbot, shell)
        assert [dialog.windowTitle() for dialog in shown(shell)] == ["登记"]


def commit(shell: Shell, name: str) -> None:
    BranchService(shell.desk.store).save_group(name=name, unit="")


def test_pages_learn_of_what_a_unit_of_work_changed_whoever_began_it(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        generation = shell.desk.generation
        shell.desk.jobs.run(shell, lambda _progress: commit(shell, "第一党小组"), lambda _none: None)
        qtbot.waitUntil(lambda: shell.desk.generation == generation + 1)


def test_an_action_of_many_commits_lets_pages_load_again_once(qtbot: QtBot, tmp_path: Path) -> None:
    def many() -> None:
        for number in range(1, 6):
            commit(shell, f"第{number}党小组")

    with empty_desk(qtbot, tmp_path) as shell:
        generation = shell.desk.generation
        shell.page().act(many, "已设立。")
        settle(qtbot, shell)
        assert shell.desk.generation == generation + 1


def test_what_changes_no_record_lets_no_page_load_again(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        generation, store = shell.desk.generation, shell.desk.store
        shell.page().read(lambda: store.set_setting(SettingName.IDLE_MINUTES, "15"), lambda _none: None)
        settle(qtbot, shell)
        assert shell.desk.generation == generation


def test_what_was_done_can_be_taken_back_where_it_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        taken_back: list[bool] = []
        shell.page().act(lambda: None, "已删除。", undo=lambda: taken_back.append(True))
        settle(qtbot, shell)
        cast(QPushButton, shell.undo_bar.findChild(QPushButton)).click()
        assert taken_back == [True]


def test_a_refusal_stays_at_its_field_and_nothing_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        place = Field(PLACE.label, edit(PLACE.label))
        fields = FieldSet(((PLACE.name, place),))
        qtbot.addWidget(fields)
        generation = shell.desk.generation
        shell.page().act(refusing, "已保存。", fields=(fields,))
        settle(qtbot, shell)
        assert place.fault() == "不能为空。"
        assert shell.desk.generation == generation
        assert shown(shell) == []


def test_a_refusal_no_field_has_and_any_other_error_are_told_in_a_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    def missing() -> None:
        raise NotFound(what="党小组")

    with empty_desk(qtbot, tmp_path) as shell:
        for work, words in ((refusing, "地点"), (missing, "党小组")):
            shell.page().act(work, "已保存。", fields=(FieldSet(()),))
            settle(qtbot, shell)
            (dialog,) = shown(shell)
            assert words in dialog.windowTitle()
            dialog.reject()


class PlaceDialog(FormDialog):
    def __init__(self, page: Page) -> None:
        self.place = Field(PLACE.label, edit(PLACE.label))
        fields = FieldSet(((PLACE.name, self.place),))
        super().__init__(page, "填地点", fields, fields=(fields,), verb="保存", needs="meetings", draft="place")

    def submit(self) -> None:
        if self.readable():
            place = self.place.read()
            self.keep(lambda: place or refusing(), lambda words: f"已保存{words}。")


def test_a_form_stays_open_where_a_value_is_refused_and_closes_when_it_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = PlaceDialog(shell.page())
        dialog.open()
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.isVisible()
        assert dialog.place.fault() == "不能为空。"
        dialog.place.control.setText("会议室")  # type: ignore[attr-defined]
        dialog.submit()
        settle(qtbot, shell)
        assert shown(shell) == []
        assert "已保存会议室。" in shell.undo_bar.words()


def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = PlaceDialog(shell.page())
        dialog.open()
        dialog.place.control.setText("会议室")  # type: ignore[attr-defined]
        assert dialog.cancel is not None
        dialog.cancel.setFocus()
        QTest.keyClick(dialog.cancel, Qt.Key.Key_Return)
        settle(qtbot, shell)
        assert shown(shell) == []
        assert shell.undo_bar.words() == ""


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "refused"])
def test_a_form_closed_while_its_action_runs_does_no_harm(qtbot: QtBot, tmp_path: Path, kept: bool) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = PlaceDialog(shell.page())
        dialog.open()
        dialog.place.control.setText("会议室" if kept else "")  # type: ignore[attr-defined]
        dialog.submit()
        dialog.reject()
        settle(qtbot, shell)
        assert ("已保存会议室。" in shell.undo_bar.words()) is kept
        assert len(shown(shell)) == (0 if kept else 1)


def test_a_button_that_was_disabled_while_its_action_ran_has_the_focus_again(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page, began, go_on = Page(shell.desk), threading.Event(), threading.Event()
        first, second = button("做", None), button("别的", None)
        page.setLayout(col(first, second))
        shell.desk.push(page)
        settle(qtbot, shell)
        first.setFocus()

        def work() -> None:
            began.set()
            go_on.wait(PATIENCE_S)

        page.act(work, buttons=(first,))
        assert began.wait(PATIENCE_S)
        assert not first.isEnabled()
        assert shell.focusWidget() is page  # no neighbour, which the next Enter would press
        go_on.set()
        settle(qtbot, shell)
        assert shell.focusWidget() is first
        page.act(lambda: None, buttons=(first,))
        second.setFocus()
        settle(qtbot, shell)
        assert shell.focusWidget() is second  # somebody went there meanwhile


def test_a_button_pressed_over_which_the_desktop_asked_for_a_file_has_the_focus_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = Page(shell.desk)
        first, second = button("导入", None), button("生成", None)
        page.setLayout(col(first, second))
        shell.desk.push(page)
        settle(qtbot, shell)
        first.setFocus()
        asking = Dialog(page, "选择文件", verb="打开")
        asking.open()
        qtbot.waitUntil(asking.isActiveWindow)
        assert not first.hasFocus()  # the window is not the active one yet when the answer is there
        page.act(lambda: None, buttons=(first,))
        asking.reject()
        settle(qtbot, shell)
        assert shell.focusWidget() is first
