"""A dialog holds what it says, whatever it comes to say later."""

import importlib
import pkgutil
from typing import cast

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

import desktop.ui
from desktop.services.errors import Input, InvalidInput
from desktop.ui.widgets.dialogs import FRAME, Dialog, confirm
from desktop.ui.widgets.fields import Field, FieldSet, edit
from desktop.ui.widgets.words import Glyph, text
from tests.ui.desks import keep

NAMES = (Input("first", "支部"), Input("second", "依据"), Input("third", "备注"))
REASON = "要写明数据出自哪一张报表、哪一次检查或者哪一份问卷，只写“见附件”的总部没有办法核对，申诉的时候也说不清楚"


def test_a_dialog_opens_with_the_cursor_in_its_first_field(qtbot: QtBot) -> None:
    fields = FieldSet([(asked.name, Field(asked.label, edit(asked.label))) for asked in NAMES])
    hidden = QPushButton("放弃草稿")
    dialog = Dialog(None, "记一笔", hidden, fields, verb="保存")
    qtbot.addWidget(dialog)
    hidden.hide()
    dialog.open()
    assert dialog.focusWidget() is fields.fields["first"].control


def test_a_dialog_is_as_wide_as_what_stands_in_it(qtbot: QtBot) -> None:
    table = QWidget()
    table.setFixedSize(640, 40)
    dialog = Dialog(None, "试算", table, verb="关闭")
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    assert dialog.rect().right() >= table.mapTo(dialog, table.rect().topRight()).x()


def test_a_dialog_grows_with_a_refusal_of_several_lines_and_back(qtbot: QtBot) -> None:
    fields = FieldSet([(asked.name, Field(asked.label, edit(asked.label))) for asked in NAMES])
    dialog = Dialog(None, "记一笔", fields, verb="保存")
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    before = dialog.height()
    for asked in NAMES:
        assert fields.take(InvalidInput(asked, REASON))
    qtbot.waitUntil(lambda: dialog.height() > before + 3 * dialog.fontMetrics().lineSpacing())
    for field in fields.fields.values():
        fault = field._fault
        assert fault.height() >= fault.heightForWidth(fault.width()) > fault.fontMetrics().lineSpacing()
        assert field.height() >= field.layout().heightForWidth(field.width())
    assert dialog.verb.geometry().bottom() < dialog.height()
    grown = dialog.height()
    fields.calm()

    qtbot.waitUntil(lambda: dialog.height() < grown - 3 * dialog.fontMetrics().lineSpacing())


def top_of(part: QWidget, dialog: Dialog) -> int:
    return part.mapTo(dialog, QPoint(0, 0)).y()


def test_words_that_do_not_all_stand_in_a_dialog_are_turned_by_keys_from_its_button(qtbot: QtBot) -> None:
    dialog = Dialog(None, "快捷键", *(text(f"第 {number} 行") for number in range(200)), verb="知道了", cancel="")
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    bar = cast(QScrollArea, dialog.findChild(QScrollArea)).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    dialog.verb.setFocus()
    QTest.keyClick(dialog.verb, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(dialog.verb, Qt.Key.Key_PageUp)
    assert bar.value() == 0


@pytest.mark.parametrize(("destructive", "done"), [(True, []), (False, ["done"])])
def test_enter_without_a_look_cancels_what_is_destructive(qtbot: QtBot, destructive: bool, done: list[str]) -> None:
    window = QWidget()
    keep(qtbot, window)
    window.show()
    happened: list[str] = []
    dialog = confirm(window, "停用？", "不能再收包。", "停用", lambda: happened.append("done"), destructive=destructive)
    qtbot.waitExposed(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert happened == done


def test_the_icon_of_a_question_stands_beside_the_first_line_at_the_top(qtbot: QtBot) -> None:
    window = QWidget()
    keep(qtbot, window)
    window.show()
    dialog = confirm(window, "停用？", "不能再收包。", "停用", lambda: None)
    qtbot.waitExposed(dialog)
    dialog.resize(dialog.width(), 400)  # a window manager may give more than is asked for
    qtbot.wait(20)
    icon = cast(Glyph, dialog.findChild(Glyph))
    labels = cast(list[QLabel], dialog.findChildren(QLabel))
    words = next(label for label in labels if label.text() == "不能再收包。")
    middle = top_of(words, dialog) + words.height() // 2  # a label stands its words in its middle
    assert top_of(icon, dialog) <= middle <= top_of(icon, dialog) + icon.height()


class Watched(Dialog):
    """Tells where it stood when it was about to be shown, before Qt has a say."""

    stood, size_then = QPoint(), QSize()

    def showEvent(self, event: QShowEvent) -> None:
        self.stood, self.size_then = self.pos(), self.size()
        super().showEvent(event)


@pytest.mark.parametrize("at", [(120, 60), (-300, -200), (600, 500)])
def test_a_dialog_has_its_place_over_the_window_before_it_is_shown(qtbot: QtBot, at: tuple[int, int]) -> None:
    window = QWidget()
    keep(qtbot, window)
    window.resize(500, 400)
    window.move(*at)
    window.show()
    qtbot.waitExposed(window)
    dialog = Watched(window, "停用？", *(text(REASON, wrap=True) for _ in range(3)), verb="停用")
    dialog.open()
    qtbot.waitExposed(dialog)
    room = window.screen().availableGeometry()
    assert room.contains(dialog.geometry())
    qtbot.wait(20)
    assert (dialog.stood, dialog.size_then) == (dialog.pos(), dialog.size())
    if at == (120, 60):
        assert (
            abs(dialog.geometry().center().x() - window.frameGeometry().center().x()) <= 4
        )  # the frame comes with the window
        assert abs(dialog.geometry().center().y() - window.frameGeometry().center().y()) <= FRAME
    dialog.move(dialog.x() + 30, dialog.y())
    put = dialog.pos()
    dialog.hide()
    dialog.show()
    assert dialog.pos() == put


def test_no_dialog_takes_the_name_of_what_fits_dialogs_to_the_screen() -> None:
    for module in pkgutil.walk_packages(desktop.ui.__path__, "desktop.ui."):
        importlib.import_module(module.name)
    own = {
        name
        for name, part in vars(Dialog).items()
        if name.startswith("_") and not name.startswith("__") and callable(part)
    }
    kinds, found = [Dialog], []
    while kinds:
        below = kinds.pop().__subclasses__()
        kinds += below
        found += [(kind.__name__, name) for kind in below for name in own & vars(kind).keys()]
    assert found == []
