"""Published results beside one another: what a correction changed, in the pane of an appeal and for a whole period."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from desktop.services.race.versions import (
    AppealComparison,
    BranchChange,
    FigureChange,
    PublishedVersion,
    VersionService,
)
from desktop.ui.page import Page
from desktop.ui.widgets import Item, box, col, scroll, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.layout import add, clear

HEIGHT, GAP = 380, 18
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
OTHERS_SHOWN = 5


def compared(found: AppealComparison | None, title: str = "") -> list[Item]:
    """Return what an appeal changed, or would: its branch's figures one by one, the others in a line each."""
    if found is None:
        return []
    title = title or ("公布的 → 更正后" if found.published else "公布的 → 重新计分后，还没有公布")
    lines: list[Item] = [text(title, "h2", wrap=True), *_figures(found.own)]
    if not found.own:
        lines.append(text("这个支部的各项得分、名次、类别都没有变。", "sub", wrap=True))
    for other in found.others[:OTHERS_SHOWN]:
        lines.append(text(f"{other.name}：{_words(other.figures)}", "small", wrap=True))
    if len(found.others) > OTHERS_SHOWN:
        lines.append(text(f"另有 {len(found.others) - OTHERS_SHOWN} 个支部也变了，见“各次公布”。", "small", wrap=True))
    return lines


def show_versions(page: Page, period: str, period_name: str) -> Dialog:
    """Show every published result of a period, the newest first, with what it changed."""
    service = page.desk.service(VersionService)
    body = col(gap=8, pad=(0, 0, 8, 0))
    area = scroll(box(body))
    area.setMinimumHeight(HEIGHT)
    dialog = Dialog(page, f"{period_name}各次公布", area, verb="关闭", cancel="", wide=True)

    def show(versions: list[PublishedVersion]) -> None:
        clear(body)
        for version in reversed(versions):
            for line in _version(version):
                add(body, line)
        if not versions:
            add(body, text("这一期的结果还没有公布。", "sub"))
        add(body, ...)

    page.read(lambda: service.versions(period), show)
    dialog.open()
    return dialog


def _version(version: PublishedVersion) -> list[Item]:
    until = f"，{version.replaced_on:%Y-%m-%d} 被下一次代替" if version.replaced_on else "，现在有效"
    on = f"{version.published_on:%Y-%m-%d} 公布" if version.published_on else ""
    lines: list[Item] = [text(f"第 {version.number} 次　{on}{until}", "h2", wrap=True)]
    if version.number > 1 and not version.changed:
        lines.append(text("各支部的结果与上一次的一样。", "sub"))
    for change in version.changed:
        lines.append(_change(change))
    return lines


def _change(change: BranchChange) -> Item:
    return box(col(text(change.name, "strong", wrap=True), *_figures(change.figures), gap=2))


def _figures(figures: Sequence[FigureChange]) -> list[Item]:
    """Return a table: what, before, after, and by how much, worse in red."""
    if not figures:
        return []
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    heads = ("", "公布的", "更正后", "变化")
    for column, head in enumerate(heads):
        grid.addWidget(text(head, "small"), 0, column, RIGHT if column else LEFT)
    for line, each in enumerate(figures, start=1):
        worse = each.change.startswith(("-", "−", "降"))
        grid.addWidget(text(each.name, wrap=True), line, 0)
        grid.addWidget(text(each.before), line, 1, RIGHT)
        grid.addWidget(text(each.after, "strong"), line, 2, RIGHT)
        grid.addWidget(text(each.change, "body", "bad" if worse else "good"), line, 3, RIGHT)
    return [grid]


def _words(figures: Sequence[FigureChange]) -> str:
    return "，".join(f"{each.name} {each.before} → {each.after}" for each in figures)
