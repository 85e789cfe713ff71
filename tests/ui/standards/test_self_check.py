"""自查: the list with the way to each record, its filter, and its line on the pages from which records leave."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.self_check import Severity
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.ui.archive import ArchivePage
from desktop.ui.registers.form import RegisterForm
from desktop.ui.standards.self_check import EVERY, SELF_CHECK, SelfCheckPage
from desktop.ui.sync.page import HandInPage
from tests.services.members.people import GAO
from tests.stores import clock_at
from tests.ui.desks import empty_desk, go, settle
from tests.ui.lint import faults


def test_contradictions_are_listed_filtered_and_led_to(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        shell.resize(911, 440)
        store = shell.desk.store
        MemberService(store).register({**GAO, "joined_on": "2026-05-01"})
        row = {"title": "全员培训", "event_on": "2026-03-04", "participants": f"{GAO['name']}|8"}
        RegisterService(store).save("training_record", row)
        hand_in = cast(HandInPage, go(qtbot, shell, "archive", "hand_in"))
        settle(qtbot, shell)
        assert hand_in.self_check._words.text() == "2026 年记录自查：要核 1 处"
        archive = cast(ArchivePage, go(qtbot, shell, "archive", "archive"))
        settle(qtbot, shell)
        assert archive.self_check._words.text() == "2026 年记录自查：要核 1 处"
        go(qtbot, shell, "standards", "inspection", kind=SELF_CHECK)
        settle(qtbot, shell)
        page = cast(SelfCheckPage, shell.page())
        assert page.table.model.rowCount() == 1
        assert faults(shell) == []
        page.severity._buttons[Severity.WRONG.value].click()
        assert page.table.model.rowCount() == 0
        page.severity._buttons[EVERY].click()
        page.open_finding(page.table.model.row_at(0))
        settle(qtbot, shell)
        assert isinstance(shell.page(), RegisterForm)


def test_what_a_report_of_last_year_says_of_its_records_is_of_that_year(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        store = shell.desk.store
        MemberService(store).register({**GAO, "joined_on": "2026-05-01"})
        row = {"title": "全员培训", "event_on": "2026-03-04", "participants": f"{GAO['name']}|8"}
        RegisterService(store).save("training_record", row)
        store.clock = clock_at("2027-01-08 09:00")
        shell.desk.year = 2027
        hand_in = cast(HandInPage, go(qtbot, shell, "archive", "hand_in"))
        settle(qtbot, shell)
        assert hand_in.self_check._words.text() == "2026 年记录自查：要核 1 处"
        hand_in.self_check._go.click()
        settle(qtbot, shell)
        page = cast(SelfCheckPage, shell.page())
        assert (page.subtitle(), page.table.model.rowCount()) == ("2026 年", 1)
