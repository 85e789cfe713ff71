"""The line of steps: it says where the work stands, and fits where there is little room."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets import button, row
from desktop.ui.widgets.actionbar import ActionBar
from desktop.ui.widgets.periods import Stepper
from desktop.ui.widgets.steps import Steps

NAMES = ("选文件", "对列", "试导入", "完成")


def test_the_steps_say_where_the_work_stands(qtbot: QtBot) -> None:
    steps = Steps(NAMES, "导入")
    qtbot.addWidget(steps)
    steps.go_to(1)
    assert steps.accessibleName() == "导入：第 2 步“对列”，共 4 步"
    steps.go_to(4)
    assert steps.accessibleName() == "导入：已完成"


def test_steps_give_way_before_an_action_folds_away(qtbot: QtBot) -> None:
    steps, other = Steps(NAMES), button("换一个文件")
    bar, window = ActionBar((other, button("下一步：试导入", kind="primary")), steps), QWidget()
    window.setLayout(row(bar))
    qtbot.addWidget(window)
    window.resize(steps.minimumSizeHint().width() + 330, 60)
    window.show()
    qtbot.waitExposed(window)
    assert other.isVisible()
    assert steps.width() < steps.sizeHint().width()
    window.resize(steps.minimumSizeHint().width() + 200, 60)
    qtbot.waitUntil(lambda: not other.isVisible())


def test_a_note_under_a_step_stands_whole_where_the_line_of_steps_is_short(qtbot: QtBot) -> None:
    steps = Stepper(
        (("生成报送包", "全部记录和新附件"), ("写入U盘", "写完自动回读核对"), ("总部回执", "带回U盘后导入"))
    )
    qtbot.addWidget(steps)
    steps.resize(345, 66)
    steps.grab()
    assert steps.cut.whole() == []
