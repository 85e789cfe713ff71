"""上次的任务: open tasks of earlier meetings of this kind, reported on and closed at this one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.services.meetings import ActionRow, AgendaItem, TaskReport
from desktop.ui.meetings.agenda import AgendaBox
from desktop.ui.widgets import appear, clear, col, link, row, rule, text
from desktop.ui.widgets.fields import edit, read

ITEM = "上次会议任务落实情况"


class TaskLine(QWidget):
    """One task: what, who, by when; whether it is done, and how far it is."""

    changed = Signal()

    def __init__(self, task: ActionRow, report: TaskReport) -> None:
        super().__init__()
        self.task = task
        due = f"{task.due_on.isoformat()} 到期" if task.due_on else "没有定时限"
        words = "　".join(filter(None, (task.owner or "未定责任人", due, task.meeting)))
        about = text(words, "small", "bad" if task.overdue else "", wrap=True)
        self.words = edit(f"{task.what}的落实情况", report.words, "落实情况")
        self.done = QCheckBox("办结")
        self.done.setChecked(report.done)
        self.done.setAccessibleName(f"办结：{task.what}")
        self.setLayout(row((col(text(task.what, wrap=True), about, gap=1), 5), (self.words, 5), self.done, gap=10))
        self.words.textChanged.connect(lambda _words: self.changed.emit())
        self.done.toggled.connect(lambda _on: self.changed.emit())

    def report(self) -> TaskReport:
        """Return what is ticked and typed."""
        return TaskReport(self.task.id, self.done.isChecked(), read(self.words))


class EarlierTasks(QWidget):
    """The open tasks; nothing where there are none."""

    changed = Signal()

    def __init__(self, agenda: AgendaBox) -> None:
        super().__init__()
        self._agenda = agenda
        self.lines: list[TaskLine] = []
        self._list = col(gap=8)
        self.write_link = link("写进议程", self.write, "plus")
        said = text("在这次会上报告；办结的随记录一起销号", "sub")
        self.setLayout(col(row(text("上次的任务", "h2"), said, ..., self.write_link, gap=8), self._list, rule(), gap=8))
        appear(self, False)

    def set_tasks(self, tasks: Sequence[ActionRow], reports: Sequence[TaskReport]) -> None:
        """Show the tasks, with what is said of them already."""
        said = {report.action_id: report for report in reports}
        clear(self._list)
        self.lines = []
        for task in tasks:
            line = TaskLine(task, said.get(task.id, TaskReport(task.id, words=task.result)))
            line.changed.connect(self.changed.emit)
            self.lines.append(line)
            self._list.addWidget(line)
        appear(self, bool(tasks))

    def reports(self) -> tuple[TaskReport, ...]:
        """Return what is said of the tasks: of those alone of which something new is."""
        told = (line.report() for line in self.lines)
        before = {line.task.id: line.task.result for line in self.lines}
        return tuple(report for report in told if report.done or report.words != before[report.action_id])

    def write(self) -> None:
        """Write what is said of the tasks into the agenda, as an item of its own."""
        lines = []
        for number, line in enumerate(self.lines, start=1):
            report = line.report()
            state = "已办结" if report.done else "继续办理"
            lines.append(f"{number}. {line.task.what}：{'，'.join(filter(None, (state, report.words)))}。")
        content = "\n".join(lines)
        for item in self._agenda.rows:
            if read(item.title) == ITEM:
                item.content.setPlainText(content)
                return
        self._agenda.add(AgendaItem(ITEM, content))
        self.changed.emit()
