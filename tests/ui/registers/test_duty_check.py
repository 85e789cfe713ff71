"""A half-year check: the duties of the signed list stand there, only to be marked."""

from pathlib import Path
from typing import Any, cast

from pytestqt.qtbot import QtBot

from desktop.models.duties import DutyState
from desktop.models.vocabulary.registers import DutyItemState
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from desktop.ui.main_window import Shell
from desktop.ui.registers.controls import LinesEdit
from desktop.ui.registers.duty_check import DutyCheckForm
from desktop.ui.widgets.fields import Choice
from tests.stores import new_store
from tests.ui.desks import desk_on, go, settle
from tests.ui.lint import faults


def signed(store: Store, title: str, items: str) -> str:
    values = {
        "title": title,
        "year": 2026,
        "post": "书记",
        "items": items,
        "signed_on": "2026-01-10",
        "state": "已签订",
    }
    return RegisterService(store).save("duty_list", values)


def form_for(qtbot: QtBot, shell: Shell, prefill: dict[str, Any]) -> DutyCheckForm:
    shell.desk.push(DutyCheckForm(shell.desk, RegisterService(shell.desk.store).register("duty_check"), None, prefill))
    settle(qtbot, shell)
    form = cast(DutyCheckForm, shell.page())
    assert form.fields is not None
    assert faults(shell) == []
    return form


def parts(form: DutyCheckForm) -> tuple[Choice, LinesEdit]:
    assert form.fields is not None
    fields = form.fields.fields
    return cast(Choice, fields["duty_list_id"].control), cast(LinesEdit, fields["states"].control)


def test_from_the_work_of_a_list_its_duties_stand_there_and_are_only_marked(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    duty_list = signed(store, "书记责任清单", "抓换届\n讲党课")
    with desk_on(qtbot, store) as shell:
        form = form_for(qtbot, shell, {"subject": duty_list})
        choice, lines = parts(form)
        assert choice.value() == duty_list
        assert lines.value() == (DutyState("抓换届"), DutyState("讲党课"))
        lines.set_lines((DutyState("抓换届", DutyItemState.DONE), DutyState("讲党课", DutyItemState.OPEN)))
        form.save_button.click()
        settle(qtbot, shell)
        kept = RegisterService(store).rows("duty_check")[0]
        assert kept.heading == "2026年下半年对账"
        assert kept.values["states"][0].state is DutyItemState.DONE


def test_choosing_a_list_lists_its_duties_and_another_choice_writes_over_nothing_typed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    store = new_store(tmp_path / "store")
    first, second = signed(store, "书记责任清单", "抓换届\n讲党课"), signed(store, "委员责任清单", "到联系点")
    with desk_on(qtbot, store) as shell:
        go(qtbot, shell, "team", "duties", kind="duty_check")
        choice, lines = parts(form_for(qtbot, shell, {}))
        assert lines.value() == ()
        for duty_list, count in ((first, 2), (second, 1)):
            choice.set_value(duty_list)
            settle(qtbot, shell)
            assert len(lines.value()) == count
        marked = (DutyState("到联系点", DutyItemState.DONE),)
        lines.set_lines(marked)
        choice.set_value(first)
        settle(qtbot, shell)
        assert lines.value() == marked
