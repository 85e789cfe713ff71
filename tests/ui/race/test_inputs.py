"""赛马 > 评比数据: figures typed as people write them."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.ui.imports import ImportPage
from desktop.ui.main_window import Shell
from desktop.ui.race.inputs import InputsPage, parse_figure
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import go, put, settle
from tests.ui.loop import loop_desk


def last(shell: Shell) -> Dialog:
    """Return the dialog that was opened last."""
    return cast(list[Dialog], shell.findChildren(Dialog))[-1]


@pytest.mark.parametrize(("words", "number"), [("0.93", "0.93"), ("93%", "0.93"), ("93％", "0.93"), (" 86 ", "86")])
def test_figures_are_read_as_people_write_them(words: str, number: str) -> None:
    assert str(parse_figure(words)) == number


def test_a_figure_is_typed_refused_and_taken_away(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        assert page.table.select(lambda one: one.part == "H4")
        assert page.form is not None
        fields = page.form.fields.fields
        put(fields["value"].control, "九成")
        page.save()
        assert fields["value"].fault() == "应为数字，如0.93或93%。"
        put(fields["value"].control, "93%")
        page.save()
        settle(qtbot, shell)
        assert fields["samples"].fault() == "这个指标要填样本数。"
        put(fields["samples"].control, "40")
        fields["ground"].control.setPlainText("四季度问卷")  # type: ignore[attr-defined]
        page.save()
        settle(qtbot, shell)
        kept = page.table.current()
        assert kept is not None
        assert (kept.value_text, kept.samples, kept.ground) == ("93%", 40, "四季度问卷")
        page.clear_figure()
        settle(qtbot, shell)
        gone = page.table.current()
        assert gone is not None
        assert gone.value is None
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        back = page.table.current()
        assert back is not None
        assert back.value_text == "93%"
        page.scope._buttons["missing"].click()
        assert all(one.value is None for one in page.table.model.rows())


def test_a_published_result_is_not_touched(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.table.select(lambda one: one.part == "H5")
        before = page.table.current()
        assert page.form is not None
        put(page.form.fields.fields["value"].control, "4")
        page.save()
        settle(qtbot, shell)
        said = [one.text() for one in cast(list[QLabel], last(shell).findChildren(QLabel))]
        assert any("申诉成立后才能修改" in words for words in said)
        last(shell).accept()
        page.reload()
        settle(qtbot, shell)
        assert page.table.current() == before


def test_excel_opens_the_import(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.import_button.click()
        settle(qtbot, shell)
        assert isinstance(shell.page(), ImportPage)
