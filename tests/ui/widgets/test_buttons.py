"""The switch of a few views: every name whole, or a drop-down."""

from typing import cast

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QTabBar, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.focus import note_lead
from desktop.ui.widgets import RowButton, Segments, button, col, link, menu_button, offer_below, row, text
from desktop.ui.widgets.actionbar import ActionBar
from desktop.ui.widgets.buttons import Link
from desktop.ui.widgets.choice import CHOICE_EDGES
from desktop.ui.widgets.fields import Choice, edit
from tests.ui.desks import keep
from tests.ui.lint import overlapping

NAMES = [f"县局机关和物流配送中心联合第{number}组" for number in range(1, 13)]


def in_sight(switch: Segments) -> bool:
    """Return whether the drop-down shows, or every button, and not both."""
    buttons = cast(list[QPushButton], switch.findChildren(QPushButton))
    return [part.isHidden() for part in buttons] == [switch.folded()] * len(buttons) and (
        switch.drop_down.isHidden() is not switch.folded()
    )


def switch_of(count: int) -> Segments:
    return Segments([(str(number), f"{name} {number}") for number, name in enumerate(NAMES[:count], 1)], name="分组")


def shown(switch: Segments) -> list[QPushButton]:
    return [part for part in cast(list[QPushButton], switch.findChildren(QPushButton)) if part.isVisible()]


@pytest.mark.parametrize("count", [1, 2, 5, 12])
@pytest.mark.parametrize("width", [250, 300, 500, 900, 1366, 4000])
def test_no_name_of_a_switch_is_cut_however_many_there_are(qtbot: QtBot, count: int, width: int) -> None:
    switch, holder = switch_of(count), QWidget()
    qtbot.addWidget(holder)
    holder.setLayout(row(switch, ...))
    holder.resize(width, 60)
    holder.show()
    qtbot.waitExposed(holder)
    if switch.folded():
        assert shown(switch) == []
        assert switch.drop_down.count() == count
    else:
        assert len(shown(switch)) == count
        assert all(part.width() >= part.sizeHint().width() for part in shown(switch))
    assert holder.width() == width


def test_a_drop_down_says_and_tells_what_the_buttons_would(qtbot: QtBot) -> None:
    switch, heard, holder = switch_of(5), list[str](), QWidget()
    qtbot.addWidget(holder)
    holder.setLayout(row(switch))
    switch.changed.connect(heard.append)
    holder.resize(250, 60)
    holder.show()
    qtbot.waitExposed(holder)
    assert switch.folded()
    switch.choose("3")
    assert switch.drop_down.currentText() == f"{NAMES[2]} 3"
    assert heard == []
    switch.drop_down.activated.emit(1)
    assert (switch.current(), heard) == ("2", ["2"])
    switch.name("2", "二组")
    assert switch.drop_down.itemText(1) == "二组"
    holder.resize(4000, 60)
    qtbot.waitUntil(lambda: not switch.folded())
    assert len(shown(switch)) == 5
    assert switch.current() == "2"


@pytest.mark.parametrize("count", [1, 5, 12])
@pytest.mark.parametrize("width", [420, 640, 1100])
def test_a_switch_filled_late_still_leaves_the_bar_legible(qtbot: QtBot, count: int, width: int) -> None:
    place, main = QWidget(), button("公布结果", None, "primary")
    place.setLayout(row(gap=0))
    plain = [button(words) for words in ("导出", "重新计分", "受理申诉")]
    bar = ActionBar((place, *plain, main))
    qtbot.addWidget(bar)
    bar.resize(width, 36)
    bar.show()
    qtbot.waitExposed(bar)
    switch = switch_of(count)
    place.layout().addWidget(switch)
    qtbot.waitUntil(lambda: switch.width() > 0 and switch.isVisible())
    qtbot.waitUntil(lambda: main.geometry().right() <= bar.width())
    parts = [part for part in (place, *plain, main) if part.isVisible()]
    assert all(part.width() >= part.minimumSizeHint().width() for part in parts)
    assert switch.folded() or all(part.width() >= part.sizeHint().width() for part in shown(switch))
    hidden = [part for part in plain if not part.isVisible()]
    assert bar.more.isVisible() == bool(hidden)


def test_enter_presses_what_has_the_focus_in_a_page_too(qtbot: QtBot) -> None:
    pressed, holder = list[str](), QWidget()
    qtbot.addWidget(holder)
    parts = [
        button("保存", lambda: pressed.append("保存")),
        RowButton("党支部", row(text("党支部")), lambda: pressed.append("党支部")),
    ]
    holder.setLayout(row(*parts))
    for part in parts:
        QTest.keyClick(part, Qt.Key.Key_Return)
    assert pressed == ["保存", "党支部"]


def test_a_switch_that_shrinks_and_grows_while_it_is_shown_always_shows_something(qtbot: QtBot) -> None:
    switch, words, holder = switch_of(3), text("", "sub", wrap=True), QWidget()
    qtbot.addWidget(holder)
    holder.setLayout(row(switch, 8, (words, 1), gap=4))
    for width in (250, 900, 260, 700, 250, 1400):
        holder.resize(width, 60)
        switch.name("1", f"{NAMES[0]} {width}")
        holder.show()
        QApplication.processEvents()
        assert in_sight(switch)


def test_a_choice_that_shrinks_gives_way_before_anything_lies_upon_another(qtbot: QtBot) -> None:
    choice, other = Choice("支部", [(1, NAMES[0])], width=230, least=140), Choice("周期", [(1, "三季度")], width=140)
    verb, window = button("逐条评", kind="primary"), QWidget()
    bar = ActionBar((choice, other, Segments([("a", "全部条目"), ("b", "待评")], name="条目"), verb))
    window.setLayout(row(bar, pad=(0, 0, 0, 0)))
    qtbot.addWidget(window)
    window.resize(bar.sizeHint().width() + 40, 60)
    window.show()
    qtbot.waitExposed(window)
    assert choice.width() == 230
    window.resize(bar.minimumSizeHint().width(), 60)
    qtbot.waitUntil(lambda: choice.width() < 230)
    assert overlapping(window) == []


def test_a_choice_with_room_for_one_end_says_how_it_begins(qtbot: QtBot) -> None:
    choice = Choice("列", [(1, "应到人数")])
    qtbot.addWidget(choice)
    whole = choice.fontMetrics().horizontalAdvance("应到人数")
    for room, begins in ((whole, "应到人数"), (whole * 3 // 5, "应")):
        choice.resize(room + CHOICE_EDGES, choice.sizeHint().height())
        assert choice.words_drawn().startswith(begins)


def test_a_choice_asks_for_the_width_of_its_options_up_to_its_most(qtbot: QtBot) -> None:
    name = "ZK01 沈丘县局（营销部）第一党支部"
    choice = Choice("支部", [(1, "市局")], width=100, least=60, most=400)
    qtbot.addWidget(choice)
    assert choice.sizeHint().width() == 100
    choice.set_options([(1, "市局"), (2, name)])
    assert choice.maximumWidth() == choice.sizeHint().width() > choice.fontMetrics().horizontalAdvance(name)
    choice.set_options([(2, name * 3)])
    assert choice.sizeHint().width() == 400
    assert choice.shrinks


def test_what_a_page_wants_of_a_folded_button_holds_although_it_is_out_of_sight(qtbot: QtBot) -> None:
    plain, main = [button(words) for words in ("导入", "导出", "打印")], button("登记党员", None, "primary")
    bar = ActionBar((*plain, main))
    window = QWidget()
    window.setLayout(row(bar, pad=(0, 0, 0, 0)))
    qtbot.addWidget(window)
    window.resize(main.sizeHint().width() + bar.more.width() + 20, 36)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: not any(part.isVisible() for part in plain))
    plain[0].show()  # as a page does that was read anew: it stays where there is room for it
    plain[1].hide()
    QApplication.sendPostedEvents()
    assert not plain[0].isVisible()
    assert main.width() >= main.sizeHint().width()
    assert [part for part in bar._folded if part.text() == "导出"] == []
    window.resize(900, 36)
    qtbot.waitUntil(plain[0].isVisible)
    assert [part.text() for part in plain if part.isVisible()] == ["导入", "打印"]
    plain[1].show()
    assert plain[1].isVisible()


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")
def test_a_folded_button_with_a_menu_lays_its_lines_into_the_one_it_folds_into(qtbot: QtBot) -> None:
    further, papers = QMenu(), QMenu()
    further.addAction("上缴比例")
    papers.addAction("收缴公示")
    parts = [menu_button("更多", further), menu_button("打印", papers), button("导入")]
    main = button("收 11 月", None, "primary")
    bar = ActionBar((*parts, main))
    window = QWidget()
    window.setLayout(row(bar, pad=(0, 0, 0, 0)))
    qtbot.addWidget(window)
    window.resize(main.sizeHint().width() + bar.more.width() + 20, 36)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: not any(part.isVisible() for part in parts))
    bar.more.click()
    (menu,) = (each for each in cast(list[QMenu], bar.findChildren(QMenu)) if each.isVisible())
    lines = [each for each in menu.actions() if not each.isSeparator()]
    assert [each.text() for each in lines] == ["打印", "导入", "上缴比例"]
    assert cast(QMenu | None, lines[0].menu()) is papers
    gone: list[str] = []
    menu.destroyed.connect(lambda: gone.append("menu"))
    menu.close()
    qtbot.waitUntil(lambda: bool(gone))  # and does not wait for the page to go
    further.deleteLater()
    papers.deleteLater()


def test_a_field_filled_with_more_than_it_shows_shows_the_beginning(qtbot: QtBot) -> None:
    field = edit("名称")
    qtbot.addWidget(field)
    field.setFixedWidth(80)
    field.setText("淮阳区局（营销部）党支部委员会")
    assert field.cursorPosition() == 0
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.setText("正在打字的人")
    assert field.cursorPosition() == len("正在打字的人")


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_link_longer_than_its_column_is_cut_and_told_whole_under_the_pointer(qtbot: QtBot) -> None:
    words = "2026-12-22　" + "审议三季度工作，讨论品牌推进办法" * 3
    holder, long, short = QWidget(), link(words), link("边看边评")
    qtbot.addWidget(holder)
    holder.setLayout(col(row(long, ...), row(..., short)))
    holder.setFixedWidth(300)
    holder.show()
    assert long.geometry().right() < holder.width()
    assert isinstance(long, Link)
    assert (long.shown()[-1], long.text()) == ("…", words)
    assert isinstance(short, Link)
    assert short.shown() == "边看边评"
    centre = long.rect().center()
    QApplication.sendEvent(long, QHelpEvent(QEvent.Type.ToolTip, centre, long.mapToGlobal(centre)))
    assert QToolTip.text() == words
    QToolTip.hideText()


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")
def test_a_menu_that_a_key_opened_stands_on_its_first_line_that_can_be_chosen(qtbot: QtBot) -> None:
    part = button("打印", None)
    qtbot.addWidget(part)
    part.show()
    menu = QMenu(part)
    menu.addAction("不能选").setEnabled(False)
    first = menu.addAction("名册")
    offer_below(part, menu)
    assert menu.activeAction() is None
    menu.hide()
    note_lead(by_keys=True)
    try:
        offer_below(part, menu)
        assert menu.activeAction() is first
    finally:
        menu.hide()
        note_lead(by_keys=False)


@pytest.mark.parametrize("width", range(300, 420, 10))
def test_a_button_that_is_folded_while_it_comes_into_view_is_out_of_sight(qtbot: QtBot, width: int) -> None:
    out, taken, main = button("导出"), button("受理申诉"), button("公布结果", None, "primary")
    bar = ActionBar([Choice("支部", [(1, "全部支部全部支部")]), out, taken, main])
    names, holder = QTabBar(), QWidget()
    for name in ("排名", "评比数据"):
        names.addTab(name)
    qtbot.addWidget(holder)
    holder.setLayout(row(names, ..., bar))
    holder.setFixedWidth(width)
    out.hide()
    taken.hide()
    holder.show()
    QApplication.processEvents()
    out.show()
    main.hide()
    taken.show()
    QApplication.processEvents()
    assert [part.isVisible() for part in (out, taken)] == [not part.isHidden() for part in (out, taken)]


@pytest.mark.parametrize("words", ["看其余 3 件", "申诉 3 件", "30 人", "1 / 2 条", "打印全部说明"])
def test_a_link_as_wide_as_it_asks_is_never_cut_by_the_fraction_its_words_are_wider(qtbot: QtBot, words: str) -> None:
    part = link(words)
    qtbot.addWidget(part)
    assert isinstance(part, Link)
    font = part.font()
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    for spacing in (0.05, 0.1, 0.15, 0.3):  # widths in fractions of a pixel, as on a screen at 125 %
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
        part.setFont(font)
        part.resize(part.sizeHint())
        assert part.shown() == words


ARROW = 24  # of a drop-down, at the least


def test_a_count_that_comes_later_stands_whole_in_the_drop_down_too(qtbot: QtBot) -> None:
    """“全部 30” was cut to “全部 3”, which is another number."""
    switch = Segments((("all", "全部"), ("owed", "欠交"), ("quarterly", "按季")))
    holder = QWidget()
    keep(qtbot, holder)
    switch.setParent(holder)
    holder.resize(400, 60)
    switch.resize(switch.minimumSizeHint())
    holder.show()
    assert switch.folded()
    before = switch.minimumSizeHint().width()
    switch.name("all", "全部 3000")
    assert switch.minimumSizeHint().width() > before
    switch.resize(switch.minimumSizeHint())
    assert switch.folded()
    words = switch.drop_down.fontMetrics().horizontalAdvance("全部 3000")
    assert switch.drop_down.width() >= words + ARROW
