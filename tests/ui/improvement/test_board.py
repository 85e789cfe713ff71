"""改进看板: measures, progress, gates, words and remarks, on the plan a race result opened."""

from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.improvement import PdcaPlan
from desktop.models.race import Remark
from desktop.models.vocabulary.following import Counted
from desktop.models.vocabulary.race import PdcaStage
from desktop.services.improvement.plan import Action
from desktop.services.improvement.records import enter
from desktop.services.improvement.remarks import RemarkService
from desktop.services.improvement.service import ImprovementService
from desktop.services.store import Store
from desktop.ui.improvement.board import BoardPage
from desktop.ui.improvement.forms import ActionDialog, ComparisonDialog, GateDialog, ProgressDialog
from desktop.ui.improvement.remarks import RemarksPage
from desktop.ui.improvement.words import PlanWordsPage
from desktop.ui.main_window import Shell
from desktop.ui.widgets.fields import Choice, Memo, read
from tests.services.improvement.plans import arrange
from tests.ui.desks import desk_on, empty_desk, go, put, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk, loop_store
from tests.ui.press import last

SIZES = [(1366, 696), (1093, 542), (911, 440)]


def board(qtbot: QtBot, shell: Shell) -> BoardPage:
    return cast(BoardPage, go(qtbot, shell, "improve", "board"))


def doing(folder: Path) -> Store:
    """Return a store whose plan is in D, with progress at every stage and two remarks."""
    store = loop_store(folder / "store", "ZK01", "2026-11-16 09:00")
    service = ImprovementService(store)
    plan = service.current()
    assert plan is not None
    actions = service.advance(plan.id).actions
    service.record_actual(actions[0].id, 100.0, gain="三个小组都选出了组长")
    service.record_actual(actions[1].id, 55.0)
    service.record_actual(actions[2].id, 100.0)
    with store.unit_of_work("收反馈") as session:
        for text, due in (("支委会的会后任务要写结果", None), ("志愿服务请均衡到每个季度", date(2026, 12, 1))):
            session.add(Remark(branch_id=store.branch_id, text=text, made_on=date(2026, 10, 11), due_on=due))
    return store


@pytest.mark.parametrize("size", SIZES)
def test_the_board_its_words_and_remarks_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with desk_on(qtbot, doing(tmp_path), size) as shell:
        page = board(qtbot, shell)
        assert [lane._count.text() for lane in page._lanes] == ["0", "9", "1", "1"]
        assert faults(shell) == []
        page.open_words()
        settle(qtbot, shell)
        assert faults(shell) == []
        shell.desk.back()
        page.open_remarks()
        settle(qtbot, shell)
        cast(RemarksPage, shell.page()).table.step(1)
        assert faults(shell) == []


def test_a_measure_is_added_changed_and_taken_out(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01") as shell:
        page = board(qtbot, shell)
        assert page.plan is not None
        before = len(page.plan.actions)
        page.add_action()
        dialog = cast(ActionDialog, page.findChild(ActionDialog))
        dialog._what.fields["what"].control.setPlainText("每月公示一次积分")  # type: ignore[attr-defined]
        put(dialog.fields.fields["base"].control, "0")
        put(dialog.fields.fields["goal"].control, "三次")
        dialog.verb.click()
        assert dialog.fields.fields["goal"].fault() == "应为数字，如 85 或 92.5。"
        put(dialog.fields.fields["goal"].control, "3")
        dialog.verb.click()
        settle(qtbot, shell)
        added = next(one for one in page.plan.actions if one.what == "每月公示一次积分")
        assert (len(page.plan.actions), added.goal) == (before + 1, 3.0)
        page.open_action(added)
        dialog = cast(list[ActionDialog], page.findChildren(ActionDialog))[-1]
        put(dialog.fields.fields["goal"].control, "0")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["goal"].fault() == "不能等于基数。"
        dialog._delete()
        settle(qtbot, shell)
        assert len(page.plan.actions) == before


def test_the_gate_says_what_is_missing_and_the_words_open_it(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, "ZK04") as shell:
        page = board(qtbot, shell)
        assert page.advance_button.text() == "进入执行"
        page.advance_button.click()
        settle(qtbot, shell)
        gate = cast(GateDialog, page.findChild(GateDialog))
        assert [lack.field for lack in gate._lacks][:1] == ["品牌名称与内涵"]
        gate.verb.click()
        settle(qtbot, shell)
        words = cast(PlanWordsPage, shell.page())
        for field in words.forms["P"].fields.values():
            if hasattr(field.control, "setPlainText"):
                field.control.setPlainText("已写明")
        words.done_button.click()
        settle(qtbot, shell)
        assert shell.page() is page
        page.advance_button.click()
        settle(qtbot, shell)
        assert page.plan is not None
        assert page.plan.stage.letter == "D"
        assert page.advance_button.objectName() == ""


def test_the_words_open_at_the_stage_in_hand_with_its_tab_marked(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, doing(tmp_path)) as shell:
        board(qtbot, shell).open_words()
        settle(qtbot, shell)
        words = cast(PlanWordsPage, shell.page())
        assert shell.tab_bar.tabText(shell.tab_bar.currentIndex()).startswith("D ")
        assert words._stack.currentIndex() == shell.tab_bar.currentIndex()
        assert words.focusWidget() in [field.control for field in words.forms["D"].fields.values()]


def test_an_ended_plan_says_so_and_what_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    store = doing(tmp_path)
    plan = ImprovementService(store).current()
    assert plan is not None
    with store.unit_of_work("结束本轮") as session:
        enter(session, session.get_one(PdcaPlan, plan.id), PdcaStage.CLOSED, store.today)
    with desk_on(qtbot, store) as shell:
        board(qtbot, shell)
        labels = cast(list[QLabel], shell.page().findChildren(QLabel))
        said = " ".join(label.text() for label in labels if label.isVisible())
        left = sum(not action.reached for action in plan.actions)
        assert f"本轮已结束，内容不再改动 没达标的 {left} 条措施转入下一轮。收到下一次赛马结果后，按类别建立。" in said
        assert "待写做法" not in said
        assert faults(shell) == []
        buttons = cast(list[QPushButton], shell.page().findChildren(QPushButton))
        next(part for part in buttons if part.text() == "导入总部反馈").click()
        settle(qtbot, shell)
        assert shell.place() == ("archive", "hand_in")


def test_words_of_two_visits_both_stay_though_the_board_is_older(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, "ZK04") as shell:
        page = board(qtbot, shell)
        assert page.plan is not None
        older, written = page.plan, dict[str, str]()
        for number, words in enumerate(("先写的", "后写的")):
            shell.desk.push(PlanWordsPage(shell.desk, older))
            settle(qtbot, shell)
            form = cast(PlanWordsPage, shell.page())
            name, field = [pair for pair in form.forms["P"].fields.items() if isinstance(pair[1].control, Memo)][number]
            field.control.setPlainText(words)  # type: ignore[attr-defined]
            form.done_button.click()
            settle(qtbot, shell)
            written[name] = words
        assert written.items() <= page.service.plan(older.id).fields["P"].items()


def test_words_are_not_written_over_newer_ones_without_asking(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, "ZK04") as shell:
        page = board(qtbot, shell)
        assert page.plan is not None
        key = page.plan.id
        page.open_words()
        settle(qtbot, shell)
        form = cast(PlanWordsPage, shell.page())
        name, field = next(pair for pair in form.forms["P"].fields.items() if isinstance(pair[1].control, Memo))
        field.control.setPlainText("我写的")  # type: ignore[attr-defined]
        page.service.edit_plan(key, fields={"P": {name: "别处写的"}})
        form.done_button.click()
        settle(qtbot, shell)
        assert page.service.plan(key).fields["P"][name] == "别处写的"
        last(shell).verb.click()
        settle(qtbot, shell)
        assert page.service.plan(key).fields["P"][name] == "我写的"
        assert shell.page() is page


def test_progress_is_recorded_and_taken_from_the_score(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, doing(tmp_path)) as shell:
        page = board(qtbot, shell)
        page.progress_button.click()
        dialog = cast(ProgressDialog, page.findChild(ProgressDialog))
        key = cast(Choice, dialog.fields.fields["action"].control).value()
        put(dialog.fields.fields["actual"].control, "80")
        put(dialog.fields.fields["on"].control, "2026-12-24")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["on"].fault() == "不能晚于今天。"
        put(dialog.fields.fields["on"].control, "2026-11-15")
        dialog.verb.click()
        settle(qtbot, shell)
        found = page.action(key)
        assert found is not None
        assert (found.actual, found.actual_on) == (80.0, date(2026, 11, 15))
        page.measured_button.click()
        settle(qtbot, shell)
        assert "条措施" in shell.undo_bar.words()


def test_figures_before_and_now_open_their_list(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, doing(tmp_path)) as shell:
        page = board(qtbot, shell)
        page._figures[0].click()  # type: ignore[attr-defined]
        assert page.findChild(ComparisonDialog) is not None


def test_a_remark_is_answered_and_becomes_a_measure(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, doing(tmp_path)) as shell:
        page = board(qtbot, shell)
        assert page.remarks_button.text() == "总部意见 4", "of five, one is a notice, which is only read"
        remark = RemarkService(shell.desk.store).remarks()[0]
        shell.desk.open("improve", "board", remark=remark.id)
        settle(qtbot, shell)
        remarks = cast(RemarksPage, shell.page())
        assert remarks.table.current() == remark
        remarks.answer_button.click()
        settle(qtbot, shell)
        assert remarks.fields.fields["text"].fault() == "不能为空。"
        remarks.fields.fields["text"].control.setPlainText("已写明")  # type: ignore[attr-defined]
        put(remarks.fields.fields["done_on"].control, "2026-11-10")
        remarks.answer_button.click()
        settle(qtbot, shell)
        remarks.action_button.click()
        settle(qtbot, shell)
        answered = RemarkService(shell.desk.store).remarks()[0]
        assert (answered.answer, answered.answered_on) == ("已写明", date(2026, 11, 10))
        assert answered.action_id is not None
        assert not remarks.action_button.isEnabled()
        remarks.table.select(lambda one: one.due_on is None)
        remarks.issue_button.click()
        settle(qtbot, shell)
        assert remarks.fields.fields["due_on"].fault() == "上级没有定期限，请填写。"
        put(remarks.fields.fields["due_on"].control, "2026-12-20")
        remarks.issue_button.click()
        settle(qtbot, shell)
        assert shell.undo_bar.words() == "已列入问题整改清单。"


def test_the_remark_in_the_pane_is_answered_though_no_row_is_selected(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, doing(tmp_path)) as shell:
        board(qtbot, shell)
        remark = RemarkService(shell.desk.store).remarks()[0]
        shell.desk.open("improve", "board", remark=remark.id)
        settle(qtbot, shell)
        remarks = cast(RemarksPage, shell.page())
        remarks.table.view.clearSelection()
        assert remarks.table.current() is None
        assert remarks.pane.isVisible()
        remarks.fields.fields["text"].control.setPlainText("已写明")  # type: ignore[attr-defined]
        remarks.answer_button.click()
        settle(qtbot, shell)
        assert RemarkService(shell.desk.store).remarks()[0].answer == "已写明"
        assert remarks.remark is not None
        assert remarks.remark.answer == "已写明"


def test_without_a_plan_the_first_step_is_the_feedback(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = board(qtbot, shell)
        assert faults(shell) == []
        assert page.empty.button is not None
        page.empty.button.click()
        settle(qtbot, shell)
        assert shell.place() == ("archive", "hand_in")


def test_a_measure_that_records_tell_asks_for_no_figure(qtbot: QtBot, tmp_path: Path) -> None:
    store = doing(tmp_path)
    plan = ImprovementService(store).current()
    assert plan is not None
    counts = next(action.counts for action in plan.actions if action.counts is not None)
    arrange(store, counts, plan.opened_on, "市局组织的一次")
    with desk_on(qtbot, store) as shell:
        page = board(qtbot, shell)
        assert page.plan is not None
        counted = next(action for action in page.plan.actions if action.counts is not None)
        page.open_action(counted)
        dialog = cast(ProgressDialog, page.findChild(ProgressDialog))
        figure, day, gain = (dialog.fields.fields[name].control for name in ("actual", "on", "gain"))
        assert (figure.text(), figure.isEnabled(), day.isEnabled()) == ("1", False, False)  # type: ignore[attr-defined]
        said = [label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel))]
        assert {f"按{counts.label}的记录计数：", f"{plan.opened_on:%Y-%m-%d} 市局组织的一次"} <= set(said)
        cast(Memo, gain).setPlainText("学了晨会清单")
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.plan is not None
        kept = next(action for action in page.plan.actions if action.id == counted.id)
        assert (kept.gain, kept.actual, kept.lane) == ("学了晨会清单", 1.0, "A")
        page.record()
        dialog = cast(list[ProgressDialog], page.findChildren(ProgressDialog))[-1]
        cast(Choice, dialog.fields.fields["action"].control).set_value(
            next(one.id for one in page.plan.actions if one.counts is None)
        )
        assert dialog.fields.fields["actual"].control.isEnabled()


def test_the_form_of_a_measure_says_which_records_count(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, doing(tmp_path)) as shell:
        page = board(qtbot, shell)
        page.add_action()
        dialog = cast(ActionDialog, page.findChild(ActionDialog))
        cast(Memo, dialog._what.fields["what"].control).setPlainText("请南岭来讲一次")
        cast(Choice, dialog._counts.fields["counts"].control).set_value(Counted.VISITED)
        put(dialog.fields.fields["goal"].control, "1")
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.plan is not None
        added = next(one for one in page.plan.actions if one.what == "请南岭来讲一次")
        assert (added.counts, added.base, added.actual, added.unit) == (Counted.VISITED, 0.0, 0.0, "次")
        page.open_action(added, change=True)
        dialog = cast(list[ActionDialog], page.findChildren(ActionDialog))[-1]
        assert read(dialog._counts.fields["counts"].control) is Counted.VISITED
        cast(Choice, dialog._counts.fields["counts"].control).set_value(None)
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.plan is not None
        assert next(one for one in page.plan.actions if one.id == added.id).counts is None
        by_score = next(one for one in page.plan.actions if one.item_id)
        page.open_action(by_score, change=True)
        dialog = cast(list[ActionDialog], page.findChildren(ActionDialog))[-1]
        assert dialog._counts.fields == {}, "the score tells that one"


def words_of(part: QWidget) -> list[str]:
    return [label.text() for label in cast(list[QLabel], part.findChildren(QLabel)) if label.isVisible()]


def card_of(page: BoardPage, words: str) -> QWidget:
    """Return the card of a measure on the board."""
    buttons = cast(list[QPushButton], page.findChildren(QPushButton))
    card = next(part for part in buttons if part.accessibleName().startswith(f"{words}，") and part.text() == "")
    return cast(QWidget, card.parent())


def test_a_measure_the_scheme_counts_says_so_and_counts_at_a_press(qtbot: QtBot, tmp_path: Path) -> None:
    store = doing(tmp_path)
    service = ImprovementService(store)
    plan = service.current()
    assert plan is not None
    counted = next(action for action in plan.actions if action.counts is not None)
    service.edit_action(counted.id, Action(counted.what, base=0, goal=1, due_on=counted.due_on))
    service.record_actual(counted.id, 1.0)
    with desk_on(qtbot, store) as shell:
        page = board(qtbot, shell)
        assert faults(shell) == []
        buttons = cast(list[QPushButton], card_of(page, counted.what).findChildren(QPushButton))
        (press,) = [part for part in buttons if part.text() == "可以按记录计数"]
        press.click()
        settle(qtbot, shell)
        assert counted.counts is not None
        assert shell.undo_bar.words() == f"已改为按{counted.counts.label}的记录计数，现在是 0 次。"
        again = page.action(counted.id)
        assert again is not None
        assert (again.counts, again.countable) == (counted.counts, None)
        assert "可以按记录计数" not in [part.text() for part in cast(list[QPushButton], page.findChildren(QPushButton))]


@pytest.mark.parametrize("size", [SIZES[0], SIZES[2]])
def test_a_counted_measure_without_a_goal_shows_what_is_counted(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01", size) as shell:
        page = board(qtbot, shell)
        assert page.plan is not None
        assert page.plan.stage is PdcaStage.PLANNING
        page.service.add_action(page.plan.id, Action("请上级来看看", counts=Counted.VISITED))
        for number in range(2):
            arrange(shell.desk.store, Counted.VISITED, shell.desk.store.today, f"第{number}次")
        page.reload()
        settle(qtbot, shell)
        said = words_of(card_of(page, "请上级来看看"))
        assert "2" in said
        assert "没有目标值" in "".join(said)
        assert not {"未开始", "没有基数和目标值"} & set(said)
        assert faults(shell) == []
