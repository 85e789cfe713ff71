"""党员 > 统计: every figure opens its people, and they their page; lists go out as they are shown."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui import output
from desktop.ui.main_window import Shell
from desktop.ui.members.card import MemberCard
from desktop.ui.members.statistics import HOURS, KINDS, YEARLY, StatisticsPage
from tests.sheets import sheet_rows
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults
from tests.ui.press import save_paper


def choose(qtbot: QtBot, shell: Shell, page: StatisticsPage, key: str) -> None:
    page.kind.choose(key)
    page.kind.changed.emit(key)
    settle(qtbot, shell)


@pytest.mark.parametrize("size", [(1366, 696), (911, 440)])
def test_each_kind_of_count_is_shown(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(StatisticsPage, go(qtbot, shell, "members", "statistics"))
        for key, _words in KINDS:
            choose(qtbot, shell, page, key)
            assert faults(shell) == []
        assert len(page.hours.model.rows()) > 20
        choose(qtbot, shell, page, YEARLY)
        assert page.checks.text().startswith("应有 = 实有：上年底")


def test_a_figure_opens_its_people_and_they_their_page(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(StatisticsPage, go(qtbot, shell, "members", "statistics"))
        page.figures.select(lambda line: line.figure.label == "女")
        settle(qtbot, shell)
        line = page.figures.current()
        assert line is not None
        names = [person.name for person in line.figure.people]
        people = [
            each
            for each in cast(list[QPushButton], page.pane.findChildren(QPushButton))
            if "打开" in each.accessibleName()
        ]
        assert [each.accessibleName() for each in people] == [f"打开 {name}" for name in names]
        people[1].click()
        settle(qtbot, shell)
        card = cast(MemberCard, shell.page())
        assert (card.title, card.count.text()) == (names[1], f"2 / {len(names)}")


def test_lists_go_out_as_they_are_shown(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(StatisticsPage, go(qtbot, shell, "members", "statistics"))
        choose(qtbot, shell, page, HOURS)
        sheet, paper = tmp_path / "学时.xlsx", tmp_path / "学时.pdf"
        monkeypatch.setattr(output, "ask_save", lambda *_: sheet)
        page.export()
        settle(qtbot, shell)
        monkeypatch.setattr(output, "ask_save", lambda *_: paper)
        page.print()
        save_paper(qtbot, shell)
        assert sheet_rows(sheet)[1][:3] == ("姓名", "要求", "累计学时")
        assert paper.read_bytes().startswith(b"%PDF-")
