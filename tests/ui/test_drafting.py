"""No typed word is lost: every form keeps what is typed and offers it back, however it was left."""

import ast
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.services.drafts import DraftService
from desktop.services.opening import open_store
from desktop.services.registers import RegisterService
from desktop.ui.drafting import Drafting
from desktop.ui.main_window import Shell
from desktop.ui.posts.forms import TermDialog
from desktop.ui.posts.page import PostsPage
from desktop.ui.registers.controls import LinesEdit
from desktop.ui.registers.form import RegisterForm
from desktop.ui.settings import ProfilePage
from desktop.ui.widgets.fields import show_in_view
from tests.stores import LOGIN, PASSWORD, clock_at
from tests.ui.desks import TODAY, desk_on, go, put, sample_desk, sample_store, settle
from tests.ui.press import last, press
from tests.ui.registers.forms import open_form, open_kept, open_register

ROOT = Path(__file__).parents[2]
LEAVING: dict[str, Callable[[Shell], object]] = {
    "back": lambda shell: shell.pop_page(),
    "navigation": lambda shell: shell.desk.open("home"),
}


def told(drafting: Drafting | None) -> str:
    """What the line over the form says, "" where it is not shown."""
    assert drafting is not None
    return "" if drafting.isHidden() else drafting._told.text()


def control(form: RegisterForm, name: str) -> QLineEdit:
    assert form.fields is not None
    return cast(QLineEdit, form.fields.fields[name].control)


@pytest.mark.parametrize("leave", LEAVING.values(), ids=LEAVING.keys())
def test_words_of_a_form_that_is_left_are_offered_back(
    qtbot: QtBot, tmp_path: Path, leave: Callable[[Shell], object]
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_form(qtbot, shell, open_register(qtbot, shell, "volunteer_activity", "carriers"))
        put(control(form, "title"), "清扫街道")
        lines = cast(LinesEdit, control(form, "hours"))
        lines.add_link.click()
        put(list(lines._rows[0].values())[1], "两小时")  # cannot be read, and is kept all the same
        leave(shell)
        settle(qtbot, shell)
        assert shell.page() is not form
        again = open_form(qtbot, shell, open_register(qtbot, shell, "volunteer_activity", "carriers"))
        assert control(again, "title").text() == "清扫街道"
        assert cast(QLineEdit, list(cast(LinesEdit, control(again, "hours"))._rows[0].values())[1]).text() == "两小时"
        assert told(again.drafting) == "接着 11-23 09:00 的草稿"


def test_words_are_in_the_store_within_two_seconds_though_typing_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_form(qtbot, shell, open_register(qtbot, shell))
        kept = DraftService(shell.desk.store)
        for _key in range(40):
            QTest.keyClicks(control(form, "title"), "a")
            qtbot.wait(50)
            if kept.all():
                break
        assert [draft.form for draft in kept.all()] == ["register.venue"]


def test_a_store_that_is_closed_has_the_words_of_the_form_that_was_open(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        put(control(open_form(qtbot, shell, open_register(qtbot, shell)), "title"), "党员活动室")
        folder = shell.desk.store.folder
    store = open_store(folder, PASSWORD, LOGIN, clock=clock_at(TODAY))
    with desk_on(qtbot, store) as shell:
        assert control(open_form(qtbot, shell, open_register(qtbot, shell)), "title").text() == "党员活动室"


TYPE_AND_DIE = """
import os, pathlib, signal, sys, time
from PySide6.QtWidgets import QApplication
from desktop.services.opening import open_store
from desktop.ui.main_window import Shell
from desktop.ui.pages import pages_for
from desktop.ui.registers.form import RegisterForm
from desktop.models.registers import REGISTERS
from tests.stores import LOGIN, PASSWORD, clock_at
from tests.ui.desks import TODAY

app = QApplication(sys.argv)
store = open_store(pathlib.Path(sys.argv[1]), PASSWORD, LOGIN, clock=clock_at(TODAY))
shell = Shell(store, "", pages_for(store.kind.value), 2026)
shell.show()
form = RegisterForm(shell.desk, REGISTERS["venue"])
shell.desk.push(form)
while form.fields is None or not shell.desk.tasks.idle():
    app.processEvents()
form.fields.fields["title"].control.setText("党员活动室")
end = time.monotonic() + 2
while time.monotonic() < end:
    app.processEvents()
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def test_a_killed_process_finds_its_words_again(qtbot: QtBot, tmp_path: Path) -> None:
    store = sample_store(tmp_path / "store")
    store.close()
    command = [sys.executable, "-c", TYPE_AND_DIE, str(store.folder)]
    killed = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120, check=False)
    assert killed.returncode == (signal.SIGTERM if sys.platform == "win32" else -signal.SIGKILL)
    with desk_on(qtbot, open_store(store.folder, PASSWORD, LOGIN, clock=clock_at(TODAY))) as shell:
        form = open_form(qtbot, shell, open_register(qtbot, shell))
        assert control(form, "title").text() == "党员活动室"


def test_a_draft_taken_up_on_another_day_keeps_the_day_it_was_written_for(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_form(qtbot, shell, open_register(qtbot, shell, "volunteer_activity", "carriers"))
        put(control(form, "title"), "清扫街道")
        folder, name = shell.desk.store.folder, form.register.date_field
        assert name is not None
        assert control(form, name).text() == "2026-11-23"
    with desk_on(qtbot, open_store(folder, PASSWORD, LOGIN, clock=clock_at("2026-11-25 09:00"))) as shell:
        form = open_form(qtbot, shell, open_register(qtbot, shell, "volunteer_activity", "carriers"))
        assert control(form, name).text() == "2026-11-23"


def test_a_saved_form_and_a_draft_given_up_leave_nothing_behind(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        drafts = DraftService(shell.desk.store)
        form = open_form(qtbot, shell, open_register(qtbot, shell))
        put(control(form, "title"), "甲")
        shell.pop_page()
        settle(qtbot, shell)
        form = open_form(qtbot, shell, open_register(qtbot, shell))
        assert form.drafting is not None
        form.drafting.discard_link.click()
        settle(qtbot, shell)
        assert (control(form, "title").text(), told(form.drafting), drafts.all()) == ("", "", [])
        put(control(form, "title"), "党员活动室")
        form.save_button.click()
        settle(qtbot, shell)
        assert drafts.all() == []
        assert [row.values["title"] for row in RegisterService(shell.desk.store).rows("venue", 2026)] == ["党员活动室"]


def test_a_draft_given_up_comes_back_when_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_form(qtbot, shell, open_register(qtbot, shell))
        put(control(form, "title"), "甲")
        assert form.drafting is not None
        form.drafting.discard()
        assert control(form, "title").text() == ""
        press(shell, "撤销")
        assert control(form, "title").text() == "甲"


def test_a_dialog_offers_its_words_back(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(PostsPage, go(qtbot, shell, "team", "posts"))
        dialog = TermDialog(page)
        dialog.open()
        settle(qtbot, shell)
        put(dialog.fields.fields["term_no"].control, "第三")
        dialog.reject()
        dialog = TermDialog(page)
        dialog.open()
        settle(qtbot, shell)
        assert dialog.fields.fields["term_no"].read() == "第三"
        assert told(dialog.drafting).startswith("接着")


def test_what_is_typed_stays_while_the_page_reads_again(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(ProfilePage, go(qtbot, shell, "settings", "profile"))
        put(page.fields.fields["short_name"].control, "一支部")
        page.branches.change_profile({"fonds_no": "12"})
        shell.desk.changed()
        settle(qtbot, shell)
        assert page.fields.fields["short_name"].read() == "一支部"
        assert page.fields.fields["fonds_no"].read() == "12"


def test_a_form_writes_only_what_was_changed_in_it(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        registers = RegisterService(shell.desk.store)
        form = open_kept(qtbot, shell)
        (row,) = registers.rows("venue", 2026)
        registers.save("venue", {"area_m2": 55}, row.id)
        put(control(form, "seats"), "36")
        form.save_button.click()
        settle(qtbot, shell)
        dialog = last(shell)
        words = " ".join(label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)))
        assert "42.5" in words
        assert "55" in words
        dialog.verb.click()
        settle(qtbot, shell)
        values = registers.row("venue", row.id).values
        assert (values["area_m2"], values["seats"]) == (55, 36)


def test_a_refused_form_shows_the_field_and_how_many_are_wrong(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path, (911, 440)) as shell:
        form = open_form(qtbot, shell, open_register(qtbot, shell))
        put(control(form, "checked_on"), "开春")
        last_control = list(form.fields.fields.values())[-1].control if form.fields else form
        last_control.setFocus()
        show_in_view(last_control)
        form.save_button.click()
        assert form.save_button.text() == "保存（2 处要改）"
        assert form.fields is not None
        assert not form.fields.fields["title"].visibleRegion().isEmpty()  # though the cursor was at the foot
        put(control(form, "title"), "党员活动室")
        put(control(form, "checked_on"), "2026-3-8")
        form.save_button.click()
        settle(qtbot, shell)
        assert len(RegisterService(shell.desk.store).rows("venue", 2026)) == 1


def test_a_dialog_that_is_open_when_the_store_is_locked_has_kept_its_words(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(PostsPage, go(qtbot, shell, "team", "posts"))
        dialog = TermDialog(page)
        dialog.open()
        settle(qtbot, shell)
        put(dialog.fields.fields["approval_no"].control, "沈烟党〔2026〕3号")
        folder = shell.desk.store.folder
    with desk_on(qtbot, open_store(folder, PASSWORD, LOGIN, clock=clock_at(TODAY))) as shell:
        (draft,) = DraftService(shell.desk.store).all()
        assert draft.values["typed"]["approval_no"] == "沈烟党〔2026〕3号"


WITHOUT_DRAFT = {
    "FieldSet": "the class itself",
    "TryRestoreDialog": "a password",
    "PasswordDialog": "a password",
    "DataKeyDialog": "passwords",
    "UserDialog": "a password",
    "RolesDialog": "a few ticks",
    "MarksPage": "one choice",
    "SeveralDialog": "a part of a form that keeps one",
    "ArrivalForm": "a part of a form that keeps one",
    "MoreFields": "a part of a form that keeps one",
    "RecoveryDialog": "a recovery code and a password",
    "RestoreDialog": "a password or a recovery code",
    "HandBackDialog": "one choice",
    "AskDialog": "passwords",
    "AnswerDialog": "a password",
}
"""Classes with a form that keeps nothing, and why."""
BEFORE_A_STORE = ("setup.py", "recovery_sheet.py")
"""Where no store is open yet that could keep anything."""


def test_every_form_keeps_a_draft() -> None:
    without = set()
    for file in sorted((ROOT / "desktop" / "ui").rglob("*.py")):
        classes = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ClassDef)]
        for node in classes if file.name not in BEFORE_A_STORE else ():
            words = ast.unparse(node)
            if "FieldSet(" in words and "Drafting" not in words and "(FormDialog)" not in words:
                without.add(node.name)
    assert without == set(WITHOUT_DRAFT)
