"""Published results beside one another: what a correction changed, in the pane of an appeal and for a whole period."""

from collections.abc import Sequence

from desktop.services.race.versions import (
    AppealComparison,
    BranchChange,
    FigureChange,
    PublishedVersion,
    VersionService,
)
from desktop.ui.page import Page
from desktop.ui.widgets import Item, box, col, row, scroll, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.layout import add, clear
from desktop.ui.widgets.pane import fact

HEIGHT, NAME_WIDTH = 380, 132
OTHERS_SHOWN = 5


def compared(found: AppealComparison | None) -> list[Item]:
    """Return what an appeal changed: its branch's figures one by one, the others in a line each."""
    if found is None:
        return []
    title = "公布的 → 更正后" if found.published else "公布的 → 重新计分后，还没有公布"
    lines: list[Item] = [text(title, "h2"), *_figures(found.own)]
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
    return [
        row(fact(each.name, f"{each.before} → {each.after}", NAME_WIDTH), ..., text(each.change, "strong"))
        for each in figures
    ]


def _words(figures: Sequence[FigureChange]) -> str:
    return "，".join(f"{each.name} {each.before} → {each.after}" for each in figures)
