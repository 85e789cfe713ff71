"""Fields of a form: where a refusal ends up."""

import importlib
import pkgutil
import sys
from typing import cast

import pytest
from PySide6.QtGui import QAccessible, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QRadioButton, QScrollBar, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

import desktop.ui
from desktop.services.errors import Conflict, Input, InvalidInput
from desktop.ui.standards.rating import Levels
from desktop.ui.widgets.buttons import Segments, button
from desktop.ui.widgets.counts import Count, count, counter
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import (
    MEMO_EDGE,
    Choice,
    Field,
    FieldSet,
    count_faults,
    edit,
    memo,
    read,
    to_choose,
)
from desktop.ui.widgets.layout import col, scroll
from desktop.ui.widgets.looking import look_only

NAME, OTHER = Input("name", "姓名"), Input("again", "姓名")


def test_a_refusal_is_taken_by_the_field_of_its_name_never_by_a_like_label(qtbot: QtBot) -> None:
    field = Field(NAME.label, edit(NAME.label))
    fields = FieldSet(((NAME.name, field),))
    qtbot.addWidget(fields)
    assert not fields.take(InvalidInput(OTHER, "不能为空"))
    assert field.fault() == ""
    assert fields.take(InvalidInput(NAME, "不能为空"))
    assert field.fault() == "不能为空。"
    assert fields.take(Conflict(name="name", reason="已经有了"))
    assert field.fault() == "已经有了。"
    assert not fields.take(ValueError("姓名"))


def test_a_refusal_goes_once_something_else_that_can_be_read_stands_there(qtbot: QtBot) -> None:
    line, long, day = edit("姓名", "甲"), memo("经过"), DateEdit("日期", required=True)
    whom = Choice("支部", to_choose([(1, "甲"), (2, "乙")]))
    fields = FieldSet([(each.accessibleName(), Field(each.accessibleName(), each)) for each in (line, long, day, whom)])
    verb = button("保存", lambda: None)
    qtbot.addWidget(fields)
    qtbot.addWidget(verb)
    count_faults(verb, fields.fields.values())
    for name in fields.fields:
        fields.refuse(name, "不对")
    line.setText("甲 ")
    day.setText("2026-1")
    assert verb.text() == "保存（4 处要改）", "it says what it said, or nothing anybody can read"
    line.setText("乙")
    long.setPlainText("到会")
    assert verb.text() == "保存（2 处要改）"
    day.setText("2026-1-5")
    whom.setCurrentIndex(2)
    assert [field.fault() for field in fields.fields.values()] == [""] * 4
    assert verb.text() == "保存"


def test_what_could_not_be_read_is_refused_no_more_once_nothing_stands_there(qtbot: QtBot) -> None:
    day = DateEdit("整改期限")
    field = Field("整改期限", day)
    qtbot.addWidget(field)
    day.setText("下月")
    field.refuse(field.unreadable())
    assert "看不懂这个日期" in field.fault()
    day.setText("")
    assert field.fault() == ""


def test_where_one_value_alone_is_right_any_other_leaves_the_refusal(qtbot: QtBot) -> None:
    group = Field("第 3 组", edit("第 3 组", "123456"))
    fields = FieldSet((("3", group),))
    qtbot.addWidget(fields)
    line = cast(QLineEdit, group.control)
    fields.refuse("3", "数字有误", right="654321")
    for wrong in ("12345", "", "654320"):
        line.setText(wrong)
        assert group.fault() == "数字有误。"
    line.setText("654321")
    assert group.fault() == ""
    fields.refuse("3", "数字有误")
    line.setText("111111")
    assert group.fault() == "", "refused without a right one, any other takes it away again"


def test_every_control_that_has_a_value_is_heard_when_it_changes() -> None:
    for module in pkgutil.walk_packages(desktop.ui.__path__, "desktop.ui."):
        importlib.import_module(module.name)
    kinds: list[type[QWidget]] = [QWidget]
    deaf = set()  # of what is filled in, not of what scrolls
    while kinds:
        below = kinds.pop().__subclasses__()
        kinds += below
        deaf |= {
            kind.__name__
            for kind in below
            if kind.__module__.startswith("desktop.ui") and hasattr(kind, "value") and not hasattr(kind, "on_typing")
            if not issubclass(kind, Choice | QSpinBox | QLineEdit | QScrollBar)
        }
    assert deaf == set()


def test_choices_that_are_filled_anew_say_nothing_while_the_value_chosen_stays(qtbot: QtBot) -> None:
    choice = Choice("支部", [(1, "甲"), (2, "乙"), (3, "丙")], 2)
    qtbot.addWidget(choice)
    heard: list[object] = []
    choice.currentIndexChanged.connect(lambda _index: heard.append(choice.value()))
    choice.set_options([(0, "全部"), (1, "甲"), (2, "乙")], 2)
    assert (choice.value(), heard) == (2, [])
    choice.set_options([(1, "甲")], 2)
    assert (choice.value(), heard) == (1, [1])


def test_what_is_written_at_length_goes_across_all_columns(qtbot: QtBot) -> None:
    fields = {name: Field(name, edit(name)) for name in ("一", "二", "三", "五")}
    fields["四"] = Field("四", memo("四"))
    made = FieldSet([(name, fields[name]) for name in "一二三四五"], columns=2)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    assert fields["四"].width() > 1.9 * fields["一"].width()
    assert fields["三"].y() < fields["四"].y() < fields["五"].y()
    assert fields["五"].x() == fields["一"].x()


def test_several_lines_grow_to_the_lines_they_are_broken_into(qtbot: QtBot) -> None:
    narrow = memo("内容", "通报上次组织生活会整改情况\n支委会对照检查\n个人对照检查和批评帮助\n主持人小结")
    window = QWidget()
    window.setLayout(QHBoxLayout())
    layout = window.layout()
    assert layout is not None
    layout.addWidget(narrow)
    qtbot.addWidget(window)
    window.resize(160, 300)
    window.show()
    qtbot.waitExposed(window)
    broken = narrow.document().size().height()
    assert broken > 4
    assert narrow.height() == broken * narrow.fontMetrics().lineSpacing() + MEMO_EDGE


def told(control: QWidget) -> str:
    spoken = QAccessible.queryAccessibleInterface(control)
    assert spoken is not None
    return spoken.text(QAccessible.Text.Description)


def test_a_refusal_is_spoken_with_its_field_and_silent_once_it_is_taken_away(qtbot: QtBot) -> None:
    control = edit("时间")
    control.setAccessibleDescription("时和分")
    field = Field("时间", control)
    qtbot.addWidget(field)
    field.refuse("不是时间")
    field.refuse("太晚了")
    assert told(control) == "时和分，太晚了。"
    field.refuse("")
    assert told(control) == "时和分"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt tells the name of a drop-down itself")
def test_what_a_drop_down_is_called_is_spoken_besides_what_is_chosen(qtbot: QtBot) -> None:
    choice = Choice("年份", [(2026, "2026 年")])
    switch = Segments((("all", "全部"), ("gaps", "只看缺的")), name="看哪些")
    qtbot.addWidget(choice)
    qtbot.addWidget(switch)
    assert (told(choice), told(switch.drop_down)) == ("年份", "看哪些")


def test_of_pasted_words_what_nobody_sees_is_not_read_and_one_line_stays_one(qtbot: QtBot) -> None:
    pasted = " 牵头\u200b抢\u202e险\x0b𠮷😀\t当天\r\n办结\ufeff "
    line, lines = edit("事项", pasted), memo("做法", pasted)
    qtbot.addWidget(line)
    qtbot.addWidget(lines)
    assert read(line) == "牵头抢险 𠮷😀 当天 办结", "the soft break of Word ends a line too"
    assert read(lines) == "牵头抢险\n𠮷😀\t当天\n办结"
    field = Field("事项", edit("事项", "\u200b\ufeff"), required=True)
    qtbot.addWidget(field)
    assert field.missing()


def test_a_password_is_read_as_it_was_typed(qtbot: QtBot) -> None:
    secret = edit("密码", "一\u200b二", secret=True)
    qtbot.addWidget(secret)
    assert read(secret) == "一\u200b二"


def test_a_password_that_is_refused_is_typed_anew_and_not_behind_the_one_nobody_can_read(qtbot: QtBot) -> None:
    secret = edit("密码", "abc", secret=True)
    fields = FieldSet([("password", Field("密码", secret))])
    qtbot.addWidget(fields)
    fields.show()
    fields.activateWindow()
    qtbot.waitUntil(fields.isActiveWindow)
    secret.clearFocus()
    fields.refuse("password", "至少8个字符")
    QTest.keyClicks(secret, "a longer one")
    assert secret.text() == "a longer one"


def test_what_is_typed_where_the_program_led_goes_on_behind_what_is_there(qtbot: QtBot) -> None:
    field = edit("事由", "每季度一次")
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    qtbot.waitUntil(field.isActiveWindow)
    assert field.cursorPosition() == 0, "a long text shows its beginning"
    field.clearFocus()
    field.setFocus()
    QTest.keyClicks(field, "9")
    assert field.text() == "每季度一次9"


def test_wide_digits_are_typed_into_a_number(qtbot: QtBot) -> None:
    field = counter("数量", 1)
    qtbot.addWidget(field)
    field.show()
    field.selectAll()
    typed = QInputMethodEvent("", [])
    typed.setCommitString("２３")
    QApplication.sendEvent(field.lineEdit(), typed)
    assert field.value() == 23


def test_a_number_that_nobody_typed_is_empty_and_out_of_sight_for_who_looks(qtbot: QtBot) -> None:
    field = Field("满意人数", count("满意人数", None), required=True)
    qtbot.addWidget(field)
    box = field.control
    assert isinstance(box, Count)
    field.show()
    assert (box.text(), field.read(), field.missing()) == ("", None, "不能为空")
    box.setFocus()
    QTest.keyClicks(box, "0")
    assert (field.read(), field.missing()) == (0, "")
    QTest.keyClicks(box, "3")
    assert field.read() == 3
    box.clear()
    assert field.read() is None
    assert not field.look()
    assert count("满意人数", 0).text() == "0"


def test_who_looks_at_a_form_sees_what_is_recorded_and_no_empty_field(qtbot: QtBot) -> None:
    fields = FieldSet(
        (
            ("name", Field("姓名", edit("姓名", "张文博"), required=True)),
            ("note", Field("备注", edit("备注"), note="可以不填")),
            ("level", Field("评定", Levels("评定", ((4.0, "4 级"), (3.0, "3 级")), 3.0), required=True)),
        )
    )
    whole = QWidget()
    QHBoxLayout(whole).addWidget(fields)
    qtbot.addWidget(whole)
    whole.show()
    look_only(whole)
    seen = {name for name, field in fields.fields.items() if field.isVisible()}
    assert seen == {"name", "level"}
    assert fields.fields["name"]._name.text() == "姓名", "who looks is asked for nothing"
    levels = cast(list[QRadioButton], whole.findChildren(QRadioButton))
    assert not any(part.isEnabled() for part in levels)
    fields.fields["note"].control.setText("说明")  # type: ignore[attr-defined]
    look_only(whole)
    assert fields.fields["note"].isVisible()


def test_a_field_refused_far_below_is_brought_into_view_with_its_reason_before_anything_else_is_heard(
    qtbot: QtBot,
) -> None:
    fields = FieldSet([(str(number), Field(str(number), edit(str(number)))) for number in range(20)])
    area = scroll(col(fields))
    qtbot.addWidget(area)
    area.resize(400, 200)
    area.show()
    qtbot.waitExposed(area)
    QApplication.processEvents()
    assert fields.refuse("19", "不能为空")
    last = fields.fields["19"]
    assert last.visibleRegion().boundingRect() == last.rect()
    assert last.rect().height() == last.sizeHint().height(), "the reason has its room"
