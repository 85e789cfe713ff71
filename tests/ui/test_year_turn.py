"""年度结转: found by its name, a step begun once and taken back at once."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.models.history import SettingName
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.services.year_turn.service import TurnState
from desktop.ui.main_window import Shell
from desktop.ui.year_turn import YearTurnPage
from tests.services.members.people import GAO
from tests.stores import new_store
from tests.ui.desks import desk_on, go, settle
from tests.ui.lint import faults
from tests.ui.press import press


def state(page: YearTurnPage, step_id: str) -> TurnState:
    return next(step.state for step in page.steps if step.id == step_id)


def open_turn(qtbot: QtBot, shell: Shell) -> YearTurnPage:
    go(qtbot, shell, "home", "home", kind="year_turn")
    return cast(YearTurnPage, shell.page())


def test_a_step_is_begun_and_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", at="2027-01-06 09:00")
    who = MemberService(store).register(GAO)
    duties = {"title": "2026年书记责任清单", "year": "2026", "post": "书记", "member_id": who}
    RegisterService(store).save("duty_list", duties)
    assert store.setting(SettingName.NAME)
    with desk_on(qtbot, store, (911, 440)) as shell:
        page = open_turn(qtbot, shell)
        settle(qtbot, shell)
        assert page.title == "2026 年结转到 2027 年"
        assert state(page, "duty_list") is TurnState.TO_DO
        assert faults(shell) == []
        page.begin(next(step for step in page.steps if step.id == "duty_list"))
        settle(qtbot, shell)
        assert state(page, "duty_list") is TurnState.DONE
        press(shell, "撤销")
        settle(qtbot, shell)
        assert state(page, "duty_list") is TurnState.TO_DO
