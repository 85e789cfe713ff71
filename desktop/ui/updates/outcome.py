"""What the log-in says of an update that came to nothing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.services.updates.state import Phase, State
from desktop.ui.widgets import banner, box, col, text

FALLEN = "新版本 {new} 没有用上，现在用的还是 {old}"
UNHARMED = "原因：{why}。数据还是更新前的样子。请把这句话告诉市公司。"
REFUSED = "新版本 {new} 还没有安装"
BY_HAND = "原因：{why}。程序和数据都没有动。请电脑的管理员运行："
UNPACKED = "没有管理员的，用U盘上的随身版 {portable}：解压到自己的文件夹就能用，数据不变。"


def outcome_banner(state: State) -> QWidget:
    """Return the words for an update that was taken back, or that nobody with the right agreed to."""
    if state.phase is Phase.FALLEN:
        title = FALLEN.format(new=state.new, old=state.old)
        return banner("part", "alert-triangle", title, UNHARMED.format(why=state.why))
    command = QLabel(state.command)
    command.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    command.setWordWrap(True)
    command.setAccessibleName("管理员要运行的命令")
    told = banner("wait", "info-circle", REFUSED.format(new=state.new), BY_HAND.format(why=state.why))
    without = [text(UNPACKED.format(portable=state.portable), "sub", wrap=True)] if state.portable else []
    return box(col(told, command, *without, gap=6))
