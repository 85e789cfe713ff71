"""总部安排 at a branch: read, adopted, seen on the first page; 分类跟进 at headquarters: what branches report."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.following import Attending, SharingEvent
from desktop.models.vocabulary.access import Act
from desktop.services.access.roles import load_roles
from desktop.services.experience.adopting import Adopting
from desktop.services.improvement.arranged import ArrangedService
from desktop.services.registers import RegisterService
from desktop.services.standards.verdict import Used
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from desktop.ui.home import HomePage
from desktop.ui.improvement.following import ArrangedPage, FollowingPage
from desktop.ui.places import open_record
from desktop.ui.registers.form import RegisterForm
from desktop.ui.registers.page import IntegrationPage
from desktop.ui.widgets import RowButton
from desktop.ui.year_plan.page import YearPlanPage
from tests.from_above import brought
from tests.services.transferring.company import TODAY, Company, company_in
from tests.stores import new_store
from tests.ui.desks import desk_on, go, put, settle
from tests.ui.lint import faults
from tests.ui.press import press

HELD = {"held_on": "2026-11-10", "title": "柜台观摩", "place": "项城市局三楼", "shown": "亮牌、亮时限"}
AHEAD = {"held_on": "2026-12-01", "title": "经验座谈会", "kind": "经验座谈", "place": "二楼会议室"}


@pytest.fixture
def branch(tmp_path: Path) -> Store:
    """A branch on 22 November 2026 that was at one occasion and goes to another."""
    store = new_store(tmp_path / "store", at="2026-11-22 09:00")
    attending = (Attending(store.branch_id, ""),)
    brought(store, "sharing_event", {**HELD, "attending": attending})
    brought(store, "sharing_event", {**AHEAD, "host_id": store.branch_id})
    return store


def words(page: ArrangedPage | FollowingPage) -> str:
    labels = cast(list[QLabel], page.pane.findChildren(QLabel))
    return "\n".join(label.text() for label in labels if label.isVisible())


def buttons(within: QWidget) -> list[QPushButton]:
    parts = cast(list[QPushButton], within.findChildren(QPushButton))
    return [part for part in parts if part.isVisible()]


def choose(page: ArrangedPage | FollowingPage, title: str) -> None:
    assert page.table.select(lambda row: row.heading == title)


def test_the_year_plan_leads_to_what_headquarters_arranged(qtbot: QtBot, branch: Store) -> None:
    with desk_on(qtbot, branch, (1366, 700)) as shell:
        year = cast(YearPlanPage, go(qtbot, shell, "meetings", "year"))
        assert year.plan is not None
        (event,) = (each for each in year.plan.events if each.above and each.on > branch.today)
        assert year.empty.isVisible(), "the branch itself planned nothing yet"
        year.fill()
        settle(qtbot, shell)
        year.show_month(event.on.month)
        settle(qtbot, shell)
        assert faults(shell) == []
        year.grid.stand_on(event.id)
        year.grid.setFocus()
        QTest.keyClick(year.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        settle(qtbot, shell)
        assert shell.undo_bar.words() == "没有改：总部安排的，日子由总部改。"
        start = year.grid._cell(event.on).center().toPoint() - QPoint(0, 12)
        QTest.mousePress(year.grid.viewport(), Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(year.grid.viewport(), start + QPoint(60, 0))
        QTest.mouseRelease(year.grid.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
        settle(qtbot, shell)
        assert shell.page() is year, "what is dragged is not opened"
        year.open_event(event)
        settle(qtbot, shell)
        assert shell.place() == ("improve", "following")


def test_what_comes_from_above_is_read_and_nothing_of_it_can_be_written(qtbot: QtBot, branch: Store) -> None:
    with desk_on(qtbot, branch, (1366, 700)) as shell:
        page = cast(ArrangedPage, go(qtbot, shell, "improve", "following", kind="sharing_event"))
        assert [register.title for register in page.all] == ["观摩和座谈", "结对帮带", "落后支部联系"]
        assert page.table.model.rowCount() == 2
        choose(page, "经验座谈会")
        settle(qtbot, shell)
        assert "由本支部承办" in words(page)
        assert faults(shell) == []
        shown = {part.text() for part in buttons(page)}
        assert not shown & {"登记", "导入", "修改", "删除", "采用"}
        assert {"导出", "打印"} <= {part.text() for part in buttons(shell)}
        page.needle.setText("三楼")
        assert page.table.model.rowCount() == 1
        page.table.opened.emit(next(row for row in page.table.model.everything() if row.heading == "柜台观摩"))
        settle(qtbot, shell)
        assert shell.page() is page, "there is nothing to fill in: the pane tells all there is"


def test_an_occasion_that_was_is_adopted_and_leads_to_the_record(qtbot: QtBot, branch: Store) -> None:
    with desk_on(qtbot, branch, (1366, 700)) as shell:
        page = cast(ArrangedPage, go(qtbot, shell, "improve", "following", kind="sharing_event"))
        choose(page, "柜台观摩")
        settle(qtbot, shell)
        assert page.adopt_button.isVisible()
        page.adopt_button.click()
        settle(qtbot, shell)
        assert page.fields.fields["method"].fault() == "写明照着做了什么。"
        assert ArrangedService(branch).adopted() == {}
        page.fields.fields["method"].control.setPlainText("柜台亮时限")  # type: ignore[attr-defined]
        put(page.fields.fields["adopted_on"].control, "2026-11-12")
        page.needle.setText("没有这几个字")
        assert page.table.current() is None
        page.adopt_button.click()
        settle(qtbot, shell)
        (row,) = ArrangedService(branch).adopted().values()
        assert (row.texts["method"], row.texts["adopted_on"]) == ("柜台亮时限", "2026-11-12")
        assert faults(shell) == []
        press(shell, "看推广借鉴")
        settle(qtbot, shell)
        assert isinstance(shell.page(), RegisterForm | IntegrationPage)


def test_the_first_page_leads_to_what_lies_ahead_also_for_who_only_looks(qtbot: QtBot, branch: Store) -> None:
    with desk_on(qtbot, branch, (1366, 700)) as shell:
        home = cast(HomePage, go(qtbot, shell, "home", "home"))
        ways = [each for each in buttons(home) if "经验座谈会" in each.accessibleName()]
        (way,) = (each for each in ways if each.text() == "看安排")
        way.click()
        settle(qtbot, shell)
        page = cast(ArrangedPage, shell.page())
        assert "由本支部承办" in words(page), "the pane says what it means to this branch"
        assert "随下一个反馈包" not in words(page)
        assert faults(shell) == []


def test_wherever_an_occasion_is_opened_from_its_pane_is_shown(qtbot: QtBot, branch: Store) -> None:
    (held,) = (row.id for row in RegisterService(branch).rows("sharing_event") if row.heading == "柜台观摩")
    with desk_on(qtbot, branch, (1366, 700)) as shell:
        page = cast(ArrangedPage, go(qtbot, shell, "improve", "following", kind="helper_pair"))
        page.needle.setText("没有这几个字")
        open_record(page.desk, Used("sharing_event", held))
        settle(qtbot, shell)
        assert shell.page() is page
        assert page.table.current() is not None
        assert "本支部采用" in words(page)


def test_what_was_adopted_before_the_day_was_moved_on_is_shown(qtbot: QtBot, branch: Store) -> None:
    (held,) = (row.id for row in RegisterService(branch).rows("sharing_event") if row.heading == "柜台观摩")
    ArrangedService(branch).adopt(held, Adopting("柜台亮时限", date(2026, 11, 12), "投诉少三件"))
    with branch.unit_of_work("总部反馈", Act.EXCHANGE) as session:
        session.get_one(SharingEvent, held).held_on = date(2026, 12, 5)
    with desk_on(qtbot, branch, (1366, 700)) as shell:
        page = cast(ArrangedPage, go(qtbot, shell, "improve", "following", kind="sharing_event"))
        choose(page, "柜台观摩")
        settle(qtbot, shell)
        assert "2026-11-12 柜台亮时限" in words(page)
        assert "投诉少三件" in words(page)
        assert "参加以后" not in words(page)
        assert not page.adopt_button.isVisible()
        assert faults(shell) == []
        press(shell, "看推广借鉴")
        settle(qtbot, shell)
        assert isinstance(shell.page(), RegisterForm | IntegrationPage)


def test_a_refused_day_is_counted_on_the_button_and_a_chosen_register_stays_chosen(qtbot: QtBot, branch: Store) -> None:
    (held,) = (row.id for row in RegisterService(branch).rows("sharing_event") if row.heading == "柜台观摩")
    ArrangedService(branch).adopt(held, Adopting("柜台亮时限", date(2026, 11, 12)))
    with desk_on(qtbot, branch, (1366, 700)) as shell:
        page = cast(ArrangedPage, go(qtbot, shell, "improve", "following", kind="sharing_event"))
        choose(page, "柜台观摩")
        settle(qtbot, shell)
        put(page.fields.fields["adopted_on"].control, "2026-11-09")
        page.adopt_button.click()
        settle(qtbot, shell)
        assert page.fields.fields["adopted_on"].fault() == "早于这次现场观摩的日期（2026-11-10）。"
        assert page.adopt_button.text() == "采用（1 处要改）"
        assert faults(shell) == []
        found = cast(list[RowButton], page.findChildren(RowButton))
        entries = {entry.accessibleName().partition("，")[0]: entry for entry in found}
        entries["观摩和座谈"].click()
        assert entries["观摩和座谈"].isChecked()
        entries["结对帮带"].click()
        settle(qtbot, shell)
        chosen = [e for e in cast(list[RowButton], page.findChildren(RowButton)) if e.isVisible() and e.isChecked()]
        assert [entry.accessibleName().partition("，")[0] for entry in chosen] == ["结对帮带"]


def test_who_does_not_write_what_is_adopted_reads_it(qtbot: QtBot, branch: Store) -> None:
    (reader,) = (role for role in load_roles().roles if role.id == "branch_reader")
    with desk_on(qtbot, branch, (1366, 700)) as shell:
        branch.rights = branch.rights.of([reader.grant])
        page = cast(ArrangedPage, go(qtbot, shell, "improve", "following", kind="sharing_event"))
        choose(page, "柜台观摩")
        settle(qtbot, shell)
        assert not page.adopt_button.isVisible()
        assert "本支部采用" not in words(page)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with company_in(tmp_path) as made:
        made.up()
        made.down()
        yield made


def test_headquarters_sees_beside_an_occasion_what_the_branches_report(qtbot: QtBot, company: Company) -> None:
    first = company.branches["ZK01"]
    attending = (Attending(first.branch_id, "亮牌"),)
    registers = RegisterService(company.headquarters)
    event = registers.save("sharing_event", {"held_on": TODAY, "title": "柜台观摩", "attending": attending})
    company.down()
    ArrangedService(first).adopt(event, Adopting("亮牌、亮时限", TODAY))
    company.up()
    with desk_on(qtbot, company.headquarters, (1366, 700)) as shell:
        page = cast(FollowingPage, go(qtbot, shell, "improve", "following", kind="sharing_event"))
        choose(page, "柜台观摩")
        settle(qtbot, shell)
        assert words(page).count("亮牌") == 1, "what the branch says itself is told once"
        assert "支部报来的采用情况" in words(page)
        assert faults(shell) == []
        with branch_store(company.headquarters, "ZK01") as read:
            assert ArrangedService(read).adopted()[event].texts["method"] == "亮牌、亮时限"
        found = cast(list[RowButton], page.pane.findChildren(RowButton))
        (way,) = (each for each in found if "第一党支部" in each.accessibleName())
        with qtbot.waitSignal(shell.branch_requested) as asked:
            way.click()
        assert asked.args[0] == first.branch_id
        assert asked.args[1]["where"]["kind"] == "method_spread"
