"""Ctrl+K over any page: typed words are found, keys move and open, nothing stays behind."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.branches import Branch
from desktop.models.members import Member
from desktop.models.vocabulary.stores import StoreKind
from desktop.ui.main_window import Shell
from desktop.ui.members.card import MemberCard
from desktop.ui.members.roster import RosterPage
from desktop.ui.search.deeds import Deed
from desktop.ui.search.layer import SearchLayer
from desktop.ui.search.rows import ROW, Head
from tests.ui.desks import empty_desk, sample_desk, settle
from tests.ui.lint import faults


def opened(qtbot: QtBot, shell: Shell, words: str = "") -> SearchLayer:
    shell.search()
    layer = shell.findChild(SearchLayer)
    assert isinstance(layer, SearchLayer)
    look_for(qtbot, shell, layer, words)
    return layer


def look_for(qtbot: QtBot, shell: Shell, layer: SearchLayer, words: str) -> None:
    layer.field.setText(words)
    qtbot.waitUntil(lambda: not layer._soon.isActive())
    settle(qtbot, shell)


def rows(layer: SearchLayer) -> list[object]:
    return [layer.hits.item(number).data(ROW) for number in range(layer.hits.count())]


def test_a_person_is_found_by_initials_and_opened_by_enter(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        layer = opened(qtbot, shell, "ghw")
        assert faults(shell) == []
        line = layer.current()
        assert line is not None
        assert line.title == "高红卫"
        assert layer.understood.words == "拼音 ghw"
        QTest.keyClick(layer.field, Qt.Key.Key_Return)
        settle(qtbot, shell)
        assert not layer.isVisible()
        assert isinstance(shell.page(), MemberCard)
        assert shell.page().title == "高红卫"
        again = opened(qtbot, shell)
        assert [getattr(row, "title", "") for row in rows(again)] == ["刚才打开的", "高红卫"]
        QTest.keyClick(again.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, shell)
        roster = shell.page()
        assert isinstance(roster, RosterPage)
        chosen = roster.table.current()
        assert chosen is not None
        assert chosen.name == "高红卫"


def test_keys_walk_over_heads_tab_chooses_a_kind_and_escape_empties_then_closes(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path, (1093, 542)) as shell:
        page = shell.page()
        layer = opened(qtbot, shell, "党")
        assert faults(shell) == []
        heads = [number for number, row in enumerate(rows(layer)) if isinstance(row, Head)]
        assert len(heads) > 1
        for _press in range(layer.hits.count()):
            QTest.keyClick(layer.field, Qt.Key.Key_Down)
            assert layer.hits.currentRow() not in heads
        QTest.keyClick(layer.field, Qt.Key.Key_Tab)
        settle(qtbot, shell)
        assert [row.title for row in rows(layer) if isinstance(row, Head)] == ["人"]
        QTest.keyClick(layer.field, Qt.Key.Key_Escape)
        assert layer.isVisible()
        assert layer.field.text() == ""
        QTest.keyClick(layer.field, Qt.Key.Key_Escape)
        assert not layer.isVisible()
        assert shell.page() is page


def test_pages_and_what_may_be_begun_are_found_too(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        layer = opened(qtbot, shell, "登记新党员")
        line = layer.current()
        assert line is not None
        layer.open()
        settle(qtbot, shell)
        assert shell.page().title != ""
        layer = opened(qtbot, shell, "检查清单")
        layer.open()
        settle(qtbot, shell)
        assert shell.place() == ("standards", "checklist")


def test_nothing_found_is_said_with_names_that_sound_alike(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        layer = opened(qtbot, shell, "gaohongweix")
        assert layer.nothing.text() == "没有找到“gaohongweix”。读音相近的有：高红卫。"
        assert not layer.hits.isVisible()
        assert layer.current() is None
        layer.open()
        assert layer.isVisible()


def test_what_was_just_written_is_found(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        opened(qtbot, shell, "新来的人").close_layer()
        store = shell.desk.store
        with store.unit_of_work("登记") as session:
            row = Member(branch_id=store.branch_id, name="新来的人", category="full_member", status="full_member")
            session.add(row)
        layer = opened(qtbot, shell, "新来的人")
        line = layer.current()
        assert line is not None
        assert line.title == "新来的人"


def test_headquarters_opens_a_record_on_the_pages_of_its_branch(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        with shell.desk.store.sessions.begin() as session:
            session.add(Branch(id="y" * 36, branch_id="y" * 36, code="ZK07", name="第七党支部"))
            session.add(Member(branch_id="y" * 36, name="赵秀英", category="full_member", status="full_member"))
        layer = opened(qtbot, shell, "赵")
        line = layer.current()
        assert line is not None
        assert line.place == "第七党支部"
        assert not isinstance(line.what, Deed)
        with qtbot.waitSignal(shell.branch_requested) as asked:
            layer.open()
        where = {"kind": "member", "record": line.what.target[1]}
        assert asked.args == ["y" * 36, {"area": "members", "tab": "roster", "where": where}]


def test_headquarters_is_told_where_a_record_of_a_branch_can_be_opened(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        store = shell.desk.store
        with store.sessions.begin() as session:
            row = Member(branch_id="x" * 36, name="王秀英", category="full_member", status="full_member")
            session.add(row)
        layer = opened(qtbot, shell, "王")
        assert layer.current() is not None
        assert not layer.open_button.isEnabled()
        assert "支部的电脑" in layer._facts.text()
        layer.open()
        assert layer.isVisible()


def test_a_key_of_the_window_takes_the_search_away_first(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        for key, turn in ((Qt.Key.Key_2, "members"), (Qt.Key.Key_3, "meetings")):
            layer = opened(qtbot, shell, "党")
            QTest.keyClick(layer.field, key, Qt.KeyboardModifier.ControlModifier)
            settle(qtbot, shell)
            assert shell.place()[0] == turn
            assert not layer.isVisible()
            assert not layer.isAncestorOf(shell.focusWidget())
        for deed in (shell.filter_page, shell.show_help, shell.pop_page):
            layer = opened(qtbot, shell, "党")
            deed()
            settle(qtbot, shell)
            assert not layer.isVisible()
