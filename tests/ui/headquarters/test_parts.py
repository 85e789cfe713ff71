"""Parts that pages of headquarters share: the switch of race groups is one piece wherever branches are listed."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.headquarters.parts import EVERY, GroupSwitch
from desktop.ui.widgets import row
from tests.ui.desks import keep

GROUPS = [("office", "机关类支部", 2), ("leaf", "烟叶站类支部", 0), ("mixed", "综合类支部（整县一个支部）", 3)]


def test_groups_with_branches_are_offered_by_their_short_names_and_what_was_chosen_stays(qtbot: QtBot) -> None:
    holder, place = QWidget(), row(gap=0)
    holder.setLayout(place)
    keep(qtbot, holder)
    switch = GroupSwitch(place)
    heard: list[str] = []
    switch.changed.connect(heard.append)
    assert switch.part.isHidden()
    switch.offer(GROUPS, 5)
    words = [switch.part.drop_down.itemText(at) for at in range(switch.part.drop_down.count())]
    assert (words, switch.part.isHidden()) == (["全部 5", "机关 2", "综合 3"], False)
    switch.choose("mixed")
    before = switch.part
    switch.offer([(group, name, count and count + 1) for group, name, count in GROUPS], 7)
    assert switch.part is before, "a button that has the focus keeps it while the page is read anew"
    assert (switch.current(), switch.part.drop_down.currentText(), heard) == ("mixed", "综合 4", [])
    switch.offer(GROUPS[:1], 2)
    assert (switch.current(), switch.part.isHidden()) == (EVERY, True)
    switch.choose("mixed")
    assert switch.current() == EVERY


def test_without_all_together_the_first_group_is_chosen(qtbot: QtBot) -> None:
    holder, place = QWidget(), row(gap=0)
    holder.setLayout(place)
    keep(qtbot, holder)
    switch = GroupSwitch(place)
    switch.offer(GROUPS)
    assert switch.current() == "office"
    switch.offer([])
    assert switch.part.isHidden()
