"""党员 > 名册 > 与全国系统比对: differences listed, filtered, opened, written out; questions answered."""

from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.services.access.rights import Rights
from desktop.services.members import MemberService, RosterBook
from desktop.ui import output
from desktop.ui.main_window import Shell
from desktop.ui.members.comparing import COLUMNS, ComparePage
from desktop.ui.members.form import MemberForm
from desktop.ui.members.roster import RosterPage
from tests.sheets import content, sheet_rows, workbook
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults

SIZES = [(1366, 696), (1093, 542), (911, 440)]
EXTRA = ["赵一鸣", "男", "411602198001100118"]


def listed(shell: Shell, path: Path) -> list[list[Any]]:
    """The roster of the store as the national system would list it: heading, then people."""
    RosterBook(shell.desk.store).export(path, layout="national")
    return [list(line) for line in sheet_rows(path)[1:]]


def compared(qtbot: QtBot, shell: Shell, path: Path) -> ComparePage:
    roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
    roster.more.actions()[0].trigger()
    settle(qtbot, shell)
    page = cast(ComparePage, shell.page())
    page.open_source(path)
    settle(qtbot, shell)
    return page


def with_differences(shell: Shell, folder: Path) -> Path:
    """A list with another day of admission, somebody missing, somebody more, and a word nobody knows."""
    head, *people = listed(shell, folder / "own.xlsx")
    admitted, education = head.index("入党日期"), head.index("学历")
    people[0][admitted] = "1999-01-01"
    people[1][education] = "没听说过"
    extra = [*EXTRA[:1], *EXTRA[1:], *[None] * (len(head) - 3)]
    by_title = dict(zip(("姓名", "性别", "公民身份号码"), extra, strict=False))
    people.append([by_title.get(str(title), "2004-07-01" if title == "入党日期" else None) for title in head])
    return workbook(folder / "全国.xlsx", [head, *people[:2], *people[3:]], "Sheet1")


@pytest.mark.parametrize("size", SIZES)
def test_differences_and_what_is_open_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = compared(qtbot, shell, with_differences(shell, tmp_path))
        assert page.table.model.everything()
        assert faults(shell) == []


def test_an_own_export_agrees(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        listed(shell, tmp_path / "own.xlsx")
        before = content(shell.desk.store)
        page = compared(qtbot, shell, tmp_path / "own.xlsx")
        assert page.table.model.everything() == ()
        assert page.found is not None
        assert page.found.same == page.found.here
        assert content(shell.desk.store) == before


def test_differences_are_filtered_answered_and_written_out(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = compared(qtbot, shell, with_differences(shell, tmp_path))
        assert [one.kind.value for one in page.table.model.everything()] == ["differs", "there", "here"]
        assert page.views is not None
        page.views.choose("there")
        page.views.changed.emit("there")
        assert [one.name for one in page.table.model.rows()] == [EXTRA[0]]
        page.views.choose("all")
        page.views.changed.emit("all")
        page.field.set_value("入党时间")
        assert [one.there for one in page.table.model.rows()] == ["1999-01-01"]
        page.field.set_value("")
        card = page.ask.cards[0]
        card.answered.emit("大学本科")
        settle(qtbot, shell)
        assert page.ask.cards == []
        out = tmp_path / "不同.xlsx"
        monkeypatch.setattr(output, "ask_save", lambda *_: out)
        page.export()
        settle(qtbot, shell)
        assert len(sheet_rows(out)) - 2 == len(page.table.model.rows())


def test_a_difference_leads_to_the_member_and_is_gone_once_it_is_put_right(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = compared(qtbot, shell, with_differences(shell, tmp_path))
        first = page.table.model.row_at(0)
        page.table.view.clicked.emit(page.table.model.index(0, len(COLUMNS) - 1))
        settle(qtbot, shell)
        assert isinstance(shell.page(), MemberForm)
        MemberService(shell.desk.store).update(first.member_id, {"admitted_on": "1999-01-01", "full_on": "2000-01-01"})
        settle(qtbot, shell)
        shell.desk.back()
        settle(qtbot, shell)
        assert shell.page() is page
        assert "入党时间" not in {one.field for one in page.table.model.everything()}


def test_a_file_that_cannot_be_read_is_told_where_the_next_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 cut off")
    with sample_desk(qtbot, tmp_path) as shell:
        page = compared(qtbot, shell, tmp_path / "坏.xlsx")
        assert page.fault.isVisible()
        assert page.choose_button.isVisible()
        assert faults(shell) == []


def test_whoever_only_looks_compares_but_writes_nothing_out(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        path = with_differences(shell, tmp_path)
        shell.desk.store.rights = Rights()
        page = compared(qtbot, shell, path)
        assert page.table.model.everything()
        offered = {each.text() for each in cast(list[QPushButton], shell.findChildren(QPushButton)) if each.isVisible()}
        assert not {"导出", "打印", "导入这个文件"} & offered
