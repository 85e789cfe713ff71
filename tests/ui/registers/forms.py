"""Ways into the registers of the sample branch, for tests."""

from typing import cast

from pytestqt.qtbot import QtBot

from desktop.ui.main_window import Shell
from desktop.ui.registers.form import RegisterForm
from desktop.ui.registers.page import RegistersPage
from tests.ui.desks import go, put, settle
from tests.ui.lint import faults


def open_register(qtbot: QtBot, shell: Shell, kind: str = "venue", tab: str = "support") -> RegistersPage:
    return cast(RegistersPage, go(qtbot, shell, "service", tab, kind=kind))


def open_form(qtbot: QtBot, shell: Shell, page: RegistersPage) -> RegisterForm:
    page.add_button.click()
    settle(qtbot, shell)
    form = cast(RegisterForm, shell.page())
    assert form.fields is not None
    assert faults(shell) == []
    return form


def fill(form: RegisterForm, **words: str) -> None:
    assert form.fields is not None
    for name, typed in words.items():
        put(form.fields.fields[name].control, typed)


def keep_venue(qtbot: QtBot, shell: Shell, title: str = "党员活动室") -> RegistersPage:
    page = open_register(qtbot, shell)
    form = open_form(qtbot, shell, page)
    fill(form, title=title, area_m2="42.5", checked_on="2026.3.8")
    form.save_button.click()
    settle(qtbot, shell)
    return page


def open_kept(qtbot: QtBot, shell: Shell) -> RegisterForm:
    page = keep_venue(qtbot, shell)
    go(qtbot, shell, "service", "support", kind="venue", record=page.registers.rows("venue", 2026)[0].id)
    return cast(RegisterForm, shell.page())
