"""统计: every figure opens the branches and records behind it, and each of these the branch's own page."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.statistics.measures import DUES_OWING, WHOSE_RATE, Count, total
from desktop.ui import theme
from desktop.ui.headquarters.statistics import (
    BRANCHES,
    FIGURES,
    NUMBERS,
    QUARTERS,
    TILES,
    YEARLY,
    BranchesStatisticsPage,
)
from desktop.ui.headquarters.statistics_tables import QuarterLine, lacking_column
from desktop.ui.race.trend import Trend
from desktop.ui.widgets import RowButton
from desktop.ui.widgets.charts import Radar, Ring
from tests.ui.desks import desk_on, go, settle
from tests.ui.full import full_store
from tests.ui.lint import faults
from tests.ui.loop import loop_desk


def test_a_cell_and_a_figure_open_what_is_behind_them(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        assert page.found is not None
        page.numbers.heat.chosen.emit("mixed", 3)
        assert page.pane.title.text().startswith("党的组织生活")
        page.show_total(next(each for each in page.found.totals if each.measure.id == "attendance"))
        settle(qtbot, shell)
        assert faults(shell) == []
        rows = cast(list[RowButton], page.pane.findChildren(RowButton))
        lines = [each for each in rows if "支部党员大会" in each.accessibleName()]
        with qtbot.waitSignal(shell.branch_requested) as asked:
            lines[0].click()
        assert asked.args[1]["area"] == "meetings"


def test_tables_leave_as_numbers_under_the_name_of_their_period(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        page.kind.choose(FIGURES)
        page.kind.changed.emit(FIGURES)
        sheet = page.figures.sheet(page._called(page.figures.name))
        assert sheet.title == "2026年三季度各项数字"
        rows = {row[1]: row for row in sheet.cells}
        members, attendance = rows["在册党员"], rows["组织生活参加率"]
        assert (members[3], attendance[3]) == ("人", "%")
        assert isinstance(members[2], Decimal)
        assert isinstance(attendance[2], Decimal)
        page.kind.choose(QUARTERS)
        page.kind.changed.emit(QUARTERS)
        settle(qtbot, shell)
        assert page.period.currentText() == "2026年"
        quarters = page.quarters.sheet(page._called(page.quarters.name))
        assert quarters.title == "2026年各季度数字"
        assert {type(row[4]) for row in quarters.cells} <= {Decimal, str}
        assert {row[4] for row in quarters.cells if isinstance(row[4], str)} <= {"—"}
        shown = {row[1] for row in quarters.cells}
        (left,) = [words for words in page.words.text().split("；") if words.startswith("没有数据：")]
        assert not shown & set(left.removeprefix("没有数据：").split("、"))


def test_a_workbook_of_the_figures_names_who_has_not_reported(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "数字.xlsx"
    monkeypatch.setattr("desktop.ui.output.ask_save", lambda *_args: target)
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        page.period.set_value("2026Q4")
        settle(qtbot, shell)
        assert page.found is not None
        assert page.found.left_out
        page.export()
        settle(qtbot, shell)
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    last = str(list(sheet.iter_rows())[-1][0].value)
    assert page.found.left_out_words in last
    assert all(each.name in last for each in page.found.left_out)


def test_what_is_told_of_a_whole_year_is_chosen_by_the_year(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        before, code = page.period.currentText(), page.view.code
        for kind in (QUARTERS, YEARLY):
            page.kind.choose(kind)
            page.kind.changed.emit(kind)
            settle(qtbot, shell)
            years = [page.period.itemText(number) for number in range(page.period.count())]
            assert page.period.currentText() == f"{code[:4]}年"
            assert all(re.fullmatch(r"\d{4}年", year) for year in years)
        page.period.setCurrentIndex(page.period.currentIndex() + 1)
        settle(qtbot, shell)
        assert page.view.code == page.period.currentText()[:4] == str(int(code[:4]) - 1)
        page.kind.choose(NUMBERS)
        page.kind.changed.emit(NUMBERS)
        settle(qtbot, shell)
        assert page.period.currentText() == f"{int(code[:4]) - 1}年度" != before


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_the_six_figures_stand_in_one_row_and_are_walked_by_arrows(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS), size=size) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        tiles = page.tiles.buttons
        assert len(tiles) == len(TILES)
        assert len({tile.mapTo(page, QPoint(0, 0)).y() for tile in tiles}) == 1
        tiles[0].setFocus()
        QTest.keyClick(tiles[0], Qt.Key.Key_Left)
        QTest.keyClick(tiles[0], Qt.Key.Key_Right)
        QTest.keyClick(tiles[1], Qt.Key.Key_Return)
        settle(qtbot, shell)
        assert [tile.isChecked() for tile in tiles] == [False, True, *(False for _ in tiles[2:])]
        assert page.pane.title.text().startswith(TILES[1].name)
        assert faults(shell) == []
        page.pane.close_pane()
        assert not any(tile.isChecked() for tile in page.tiles.buttons)


def test_on_a_small_screen_the_quarters_have_more_room_than_their_chart(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS), size=(1093, 577)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        page.kind.choose(QUARTERS)
        page.kind.changed.emit(QUARTERS)
        settle(qtbot, shell)
        assert page.quarters.view.viewport().height() > page.trend.height()
        assert page.words.text().startswith("2026年报来的支部：一季度 1 个，二季度 1 个")
        assert faults(shell) == []


def test_a_figure_that_cannot_be_computed_is_a_dash_that_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        none = total(TILES[3], [None, None])
        page.tiles.show_totals([none])
        (tile,) = page.tiles.buttons
        assert (none.text, tile.toolTip()) == ("—", none.missing)
        assert none.missing.startswith("2 个支部都")
        assert none.missing in tile.accessibleName()


def test_tiles_with_and_without_a_line_of_who_is_left_out_are_one_size(qtbot: QtBot, tmp_path: Path) -> None:
    whole, lacking = (total(DUES_OWING, [Count(Fraction(3)), each]) for each in (Count(Fraction(0)), None))
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        page.tiles.show_totals([whole, lacking])
        one, other = page.tiles.buttons
        qtbot.waitUntil(lambda: one.height() > 0 and one.height() == other.height())
        numbers = [cast(list[QLabel], tile.findChildren(QLabel))[0] for tile in (one, other)]
        assert len({number.mapTo(page.tiles, QPoint(0, 0)).y() for number in numbers}) == 1


def test_a_figure_that_leaves_a_branch_out_says_so_where_it_stands(qtbot: QtBot, tmp_path: Path) -> None:
    two = total(DUES_OWING, [Count(Fraction(3)), None])
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        page.tiles.show_totals([two])
        (tile,) = page.tiles.buttons
        words = [label.text() for label in cast(list[QLabel], tile.findChildren(QLabel))]
        assert words[-2:] == ["1 个支部合计", "1 个没有记党费未计入"]
        assert two.words in tile.accessibleName()
        page.tiles.be_slim(True)
        assert [label.isHidden() for label in cast(list[QLabel], tile.findChildren(QLabel))][-2:] == [True, False]
    line = QuarterLine(DUES_OWING, (None, total(DUES_OWING, [Count(Fraction(3))]), two))
    assert lacking_column().value(line) == "三季度 1 个没有记党费未计入"


def test_where_the_window_is_narrow_the_verified_rate_stays_and_no_heading_is_cut(
    qtbot: QtBot, tmp_path: Path
) -> None:  # fmt: skip
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS), size=(1093, 542)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        page.kind.choose(BRANCHES)
        page.kind.changed.emit(BRANCHES)
        settle(qtbot, shell)
        table = page.branches
        shown = [c.title for at, c in enumerate(table.model.columns) if not table.view.isColumnHidden(at)]
        assert {"支部", "在册党员", "核定得分率"} <= {*shown}
        assert "积分中位数" not in shown
        assert faults(shell) == []


def test_every_chart_says_its_numbers(qtbot: QtBot) -> None:
    ring, radar, trend = Ring("得分"), Radar("维度"), Trend("走势", "核定", "自评")
    for chart in (ring, radar, trend):
        qtbot.addWidget(chart)
    ring.show_parts(100, [(70.3, theme.GREEN_BAR, "已得"), (10, theme.LINE, "待评")], "70.30", "已得分")
    assert ring.accessibleName() == "得分：70.30 已得分；满分 100.00，已得 70.30、待评 10.00"
    radar.show_series(["体系", "班子"], [(theme.LINE, "去年", (80, 70)), (theme.RED, "自评", (90.4, None))])
    assert radar.accessibleName() == "维度：自评 体系 90、班子 待评；去年 体系 80、班子 70"
    trend.show_points([])
    assert trend.accessibleName() == "走势：还没有数"


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542)])
def test_quarters_and_means_stand_beside_the_dimensions_and_open_their_branches(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS), size=size) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        numbers = page.numbers
        assert page.found is not None
        (group,) = page.found.groups
        mean = next(each for each in group.totals if each.measure == numbers.measures[-1])
        assert mean.value is not None
        assert f"{WHOSE_RATE[mean.measure]}均分 {mean.text}" in numbers.heat.accessibleName()
        assert f"2026年三季度 核定 {mean.text}" in numbers.trend.accessibleName()
        assert numbers.trend.width() <= page.width()
        assert faults(shell) == []
        numbers.heat.setFocus()
        for _ in numbers.measures:
            QTest.keyClick(numbers.heat, Qt.Key.Key_Right)
        QTest.keyClick(numbers.heat, Qt.Key.Key_Return)
        assert page.pane.title.text() == f"{mean.measure.name} {mean.text} 分"
        settle(qtbot, shell)
        assert faults(shell) == []


def test_quarters_are_those_of_the_group_and_county_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        quarters = page._quarters
        assert [each.period for each in quarters][-1] == page.view.code
        page.numbers.show_quarters(quarters, "mixed")
        with_it = page.numbers.trend.accessibleName()
        page.numbers.show_quarters(quarters, "another")
        assert (page.numbers.trend.isHidden() or page.numbers._quarters.isHidden(), with_it != "") == (True, True)
        page.numbers.show_quarters(quarters, "mixed")
        assert page.numbers.trend.accessibleName() == with_it
        assert not page.numbers._quarters.isHidden()
