"""A dialog holds what it says, whatever it comes to say later."""

from pytestqt.qtbot import QtBot

from desktop.services.errors import Input, InvalidInput
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Field, FieldSet, edit

NAMES = (Input("first", "支部"), Input("second", "依据"), Input("third", "备注"))
REASON = "要写明数据出自哪一张报表、哪一次检查或者哪一份问卷，只写“见附件”的总部没有办法核对，申诉的时候也说不清楚"


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
