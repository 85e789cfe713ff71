"""标准化 > 上级任务: papers and tasks from above, under what headquarters sent with its feedback."""

from desktop.models.vocabulary.registers import RegisterArea
from desktop.services.improvement.remarks import RemarkService
from desktop.services.improvement.rows import RemarkRow
from desktop.ui.registers.page import RegistersPage
from desktop.ui.widgets import banner, button
from desktop.ui.widgets.layout import add, clear

MOST_TOLD = 2
"""So many of what waits are told by their words."""


class SuperiorPage(RegistersPage):
    """标准化：上级来文、任务; what headquarters sent with its feedback and waits for an answer is told above them."""

    areas = (RegisterArea.SUPERIOR,)

    def reload(self) -> None:
        """Read the register, and what headquarters waits for."""
        super().reload()
        self.read(self.desk.service(RemarkService).waiting, self._tell)

    def _tell(self, waiting: list[RemarkRow]) -> None:
        clear(self._news)
        if not waiting:
            return
        soonest = next((remark.due_on for remark in waiting if remark.due_on is not None), None)
        until = f"，最早的 {soonest.isoformat()} 前" if soonest is not None else ""
        title = f"总部随反馈包下发的还有 {len(waiting)} 条没办结{until}"
        way = button("去答复", lambda: self.desk.open("improve", "board", kind="remark"), icon="message")
        words = "；".join(remark.text.rstrip("。；") for remark in waiting[:MOST_TOLD]) + "。"
        add(self._news, banner("part", "message", title, words, way))
