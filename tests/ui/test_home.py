"""工作台: what to do next, by day and by person."""

import re
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.services.backup import BackupService
from desktop.ui.home import HomePage, short_name
from desktop.ui.standards.checklist import ChecklistPage
from tests.ui.desks import empty_desk, go, sample_desk, settle
from tests.ui.lint import faults

SIZES = [(1366, 696), (1093, 542), (911, 440)]


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        go(qtbot, shell, "home")
        assert faults(shell) == []


def test_the_first_page_of_an_empty_store_says_the_first_step(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._hello.text()
        assert faults(shell) == []


def test_the_last_backup_is_said_with_a_space_between_hour_and_word(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        BackupService(shell.desk.store).backup()
        page = cast(HomePage, go(qtbot, shell, "home"))
        page.reload()
        settle(qtbot, shell)
        told = [label.text() for label in cast(list[QLabel], page.findChildren(QLabel))]
        assert any(re.fullmatch(r"今天 \d\d:\d\d 备份，已验证可恢复", words) for words in told)


def test_every_piece_of_work_opens_its_place(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._home is not None
        meeting = next(work for work in page._home.works if work.where is not None and work.where.page == "meetings")
        page._verb(meeting).click()  # type: ignore[attr-defined]
        settle(qtbot, shell)
        assert shell.place()[0] == "meetings"


def test_the_other_order_is_by_person(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        before = page._works.count()
        page.view.choose("person")
        page.view.changed.emit("person")
        assert page._works.count() >= 2
        assert before >= 2


def test_a_dimension_of_the_radar_opens_its_items(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        cast(HomePage, go(qtbot, shell, "home")).radar.chosen.emit(3)
        settle(qtbot, shell)
        page = cast(ChecklistPage, shell.page())
        page.go({"dimension": page.score.dimensions[3].id if page.score else ""})
        assert {one.id[:2] for one in page.table.model.rows()} == {"D4"}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("支部班子队伍建设", "班子队伍"),
        ("党的组织生活", "组织生活"),
        ("服务党员群众", "服务群众"),
        ("基本工作保障", "基本保障"),
    ],
)
def test_dimensions_have_short_names(name: str, short: str) -> None:
    assert short_name(name) == short
