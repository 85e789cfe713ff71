"""The grid of people: one long name costs its own room only, and the arrow keys follow what is seen."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.shortcuts import keys_in_view
from desktop.ui.widgets.people import PeopleGrid
from tests.ui.desks import keep

NAMES = [(str(number), f"王{number % 10}强") for number in range(30)]


def grid(qtbot: QtBot, people: list[tuple[str, str]]) -> PeopleGrid:
    made = PeopleGrid()
    keep(qtbot, made)
    made.resize(640, 200)
    made.show()
    made.set_people(people)
    return made


def test_a_long_name_takes_several_cells_and_the_others_keep_theirs(qtbot: QtBot) -> None:
    plain = grid(qtbot, NAMES)
    long = grid(qtbot, [*NAMES[:4], ("long", "阿依古丽·吐尔逊买买提"), *NAMES[4:]])
    assert long._columns == plain._columns
    assert [width for _line, _column, width in long._places].count(1) == len(NAMES)
    assert max(width for _line, _column, width in long._places) > 1


def test_the_arrow_down_goes_to_the_name_below(qtbot: QtBot) -> None:
    made = grid(qtbot, [("long", "阿依古丽·吐尔逊买买提"), *NAMES])
    parts = list(made._buttons.values())
    qtbot.waitUntil(parts[0].isVisible)
    made.activateWindow()
    parts[0].setFocus()
    qtbot.waitUntil(parts[0].hasFocus)
    QTest.keyClick(parts[0], Qt.Key.Key_Down)
    below = next(part for part, place in zip(parts, made._places, strict=True) if place[:2] == (1, 0))
    assert made.focusWidget() is below


def test_tab_stops_at_one_name_and_comes_back_to_the_one_that_keys_were_on(qtbot: QtBot) -> None:
    made = grid(qtbot, NAMES)
    parts = list(made._buttons.values())
    assert stops(parts) == [parts[0]]
    made.activateWindow()
    parts[0].setFocus()
    qtbot.waitUntil(parts[0].hasFocus)
    QTest.keyClick(parts[0], Qt.Key.Key_Right)
    qtbot.waitUntil(parts[1].hasFocus)
    assert stops(parts) == [parts[1]]
    made.show_only([key for key, _name in NAMES[5:]])
    assert stops(parts[5:]) == [parts[5]]


def test_names_that_come_into_view_come_at_once_and_not_one_by_one(qtbot: QtBot) -> None:
    made = grid(qtbot, NAMES)
    assert all(part.isVisible() for part in made._buttons.values()), "before any event: each would lay all out anew"
    made.hide()
    made.set_people(NAMES[:3])
    assert made.isHidden()


def test_everybody_is_ticked_with_one_word_about_it(qtbot: QtBot) -> None:
    made, told = grid(qtbot, NAMES), list[int]()
    made.changed.connect(lambda: told.append(len(made.ticked())))
    made.tick_all(True)
    made.tick_all(True)
    made.tick_all(False)
    assert told == [len(NAMES), 0]
    assert made._buttons["3"].accessibleName() == "王3强，到会"


def test_the_same_people_once_more_are_ticked_anew_and_not_built_anew(qtbot: QtBot) -> None:
    made = grid(qtbot, NAMES)
    parts, told = list(made._buttons.values()), list[str]()
    made.changed.connect(lambda: told.append("changed"))
    made.tick("3", True)
    assert told == ["changed"]
    made.set_people(NAMES, ["5", "7"])
    assert (made.ticked(), told) == (("5", "7"), ["changed"])
    assert list(made._buttons.values()) == parts
    assert [parts[number].accessibleName() for number in (3, 5)] == ["王3强，到会", "王5强，缺席"]
    made.set_people([("0", "王零"), *NAMES[1:]])
    assert made.ticked() == ()
    assert not set(made._buttons.values()) & set(parts)


def stops(parts: list[QPushButton]) -> list[QPushButton]:
    return [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus]


def test_names_are_gone_through_for_keys_and_not_for_every_event_of_each(qtbot: QtBot) -> None:
    class Counted(PeopleGrid):
        times = 0

        def _parts(self) -> list[QPushButton]:
            self.times += 1
            return super()._parts()

    made = Counted()
    keep(qtbot, made)
    made.resize(640, 200)
    made.show()
    made.set_people([(str(number), f"王{number}") for number in range(300)])
    QApplication.processEvents()
    assert made.times < 30


def test_the_keys_of_the_grid_are_told_once_by_its_name(qtbot: QtBot) -> None:
    shell, people = QWidget(), PeopleGrid()
    keep(qtbot, shell)
    page = QWidget(shell)
    people.setParent(page)
    people.set_people([("1", "王秀英"), ("2", "李卫东")])
    shell.show()
    told = {group.title: group.keys for group in keys_in_view(shell, page)}
    assert told["到会人员"] == PeopleGrid.takes
    assert not [name for name in told if "王秀英" in name or "李卫东" in name]
