"""What headquarters answered, beside the steps of handing in: result, rates, remarks."""

from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.services.improvement.rows import RemarkRow
from desktop.services.numbers import hundredths
from desktop.services.sync.overview import HandIn
from desktop.ui.page import Desk
from desktop.ui.sync.common import remarks_words
from desktop.ui.widgets import box, clear, figure, link, row, rule, text
from desktop.ui.widgets.layout import add


def show_feedback(side: QBoxLayout, desk: Desk, view: HandIn) -> None:
    """Fill `side` with what headquarters says of this branch."""
    clear(side)
    add(side, text("总部反馈", "h2"))
    race = view.race
    if race is None and view.verified is None and not view.remarks:
        add(side, text("还没有反馈。总部收包后会带回回执、核定分、类别和意见。", "sub", wrap=True))
        add(side, ...)
        return
    if race is not None:
        add(side, text(f"{race.period_name}", "sub"))
    place = "未排名" if race is None or race.rank is None else f"第 {race.rank} 名 / {race.group_size}"
    numbers = row(
        figure(_rate(view.verified), "核定得分率"),
        figure(_rate(view.own), "自评得分率"),
        figure(race.class_name if race else "—", place),
        ...,
        gap=24,
    )
    add(side, numbers)
    if view.verified is not None:
        add(
            side,
            text(f"得分率按 {view.scored_on} 的记录计算，类别和名次以公布的为准。", "small", wrap=True),
        )
    if race is not None:
        add(side, link("看为什么、怎样提升", lambda: desk.open("improve", "race")))
    add(side, rule())
    add(side, text(remarks_words(view.remarks), "h2", wrap=True))
    for remark in view.remarks:
        add(side, _remark(desk, remark))
    if not view.remarks:
        add(side, text("没有意见。", "sub"))
    add(side, ...)


def _remark(desk: Desk, remark: RemarkRow) -> QWidget:
    way = "去办" if remark.kind.asks else "去看"
    what = (
        text("已办", "sub", "good")
        if remark.answered_on is not None
        else link(way, lambda: desk.open("improve", "board", remark=remark.id))
    )
    return box(row((text(remark.text, wrap=True), 1), what, gap=8, pad=(0, 2, 0, 2)))


def _rate(rate: int | None) -> str:
    return "待评" if rate is None else f"{hundredths(rate)}%"
