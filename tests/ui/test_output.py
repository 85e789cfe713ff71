"""Files handed to the program that the user's desktop opens them with."""

import re
import threading
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.messages import present
from desktop.paths import resource
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.writing import Sink
from desktop.services.errors import StorageFailure
from desktop.ui import output
from desktop.ui.members.roster import RosterPage
from desktop.ui.output import open_file, print_document
from desktop.ui.printing.preview import PreviewDialog
from desktop.ui.widgets import text
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import go, sample_desk, settle


@pytest.mark.no_qt_log  # off screen, Qt hands nothing to other programs, and says so
def test_a_file_that_no_program_opens_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "台账.noprogram").write_text("谁也不认识", "utf-8")
    with pytest.raises(StorageFailure, match="E-NO-PROGRAM") as caught:
        open_file(tmp_path / "台账.noprogram")
    assert present(caught.value).title == "“台账.noprogram”打不开：这台电脑上没有能打开它的程序。"


def test_what_the_program_hands_out_of_its_own_has_an_ending_by_which_windows_finds_a_program() -> None:
    sources = [file.read_text("utf-8") for file in Path(output.__file__).parent.rglob("*.py")]
    handed = [resource(name) for words in sources for name in re.findall(r'open_file\(resource\("([^"]+)"\)\)', words)]
    assert [file.name for file in handed if file.is_file()] == ["LICENSE.txt"]
    assert [file.name for file in handed if not file.is_dir() and not file.suffix] == []


def test_a_paper_that_takes_long_is_said_to_be_on_its_way_and_made_once_however_often_it_is_asked_for(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "SLOW_MS", 0)
    go_on, asked = threading.Event(), list[str]()

    def write(papers: DocumentService, to: Sink) -> object:
        asked.append("名册")
        assert go_on.wait(60)
        return papers.roster(to)

    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        print_document(page, "党员名册", write)
        qtbot.waitUntil(lambda: shell.undo_bar.words() == "正在排版“党员名册”，排好就显示。")
        print_document(page, "党员名册", write)
        go_on.set()
        settle(qtbot, shell)
        (dialog,) = cast(list[PreviewDialog], page.findChildren(PreviewDialog))
        assert asked == ["名册"]
        dialog.reject()
        print_document(page, "党员名册", write)
        settle(qtbot, shell)
        assert asked == ["名册"] * 2, "once it is shown it may be asked for again"
        for each in cast(list[PreviewDialog], page.findChildren(PreviewDialog)):
            each.reject()


def _asked_for_at_once(page: RosterPage, *names: str) -> threading.Event:
    """Ask for papers that are all ready when what is returned is set."""
    go_on = threading.Event()

    def write(papers: DocumentService, to: Sink) -> object:
        assert go_on.wait(60)
        return papers.roster(to)

    for name in names:
        print_document(page, name, write)
    return go_on


def _shown(page: RosterPage) -> list[PreviewDialog]:
    return [each for each in cast(list[PreviewDialog], page.findChildren(PreviewDialog)) if each.isVisible()]


def _previews(page: RosterPage) -> list[str]:
    return [each.made.name for each in _shown(page)]


def test_papers_asked_for_at_once_come_one_after_the_other_and_none_over_another(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        _asked_for_at_once(page, "党员名册", "座次").set()
        settle(qtbot, shell)
        assert _previews(page) == ["党员名册"]
        for following in (["座次"], []):
            _shown(page)[0].reject()
            qtbot.waitUntil(lambda following=following: _previews(page) == following)  # type: ignore[misc]


def test_a_paper_waits_for_the_form_that_was_opened_meanwhile_but_not_for_the_one_it_was_asked_for_in(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        early, later = (Dialog(page, words, text("…"), verb="好") for words in ("原来开着的", "后来打开的"))
        early.open()
        go_on = _asked_for_at_once(page, "党员名册")
        later.open()
        go_on.set()
        settle(qtbot, shell)
        assert _previews(page) == []
        later.reject()
        qtbot.waitUntil(lambda: _previews(page) == ["党员名册"])
        assert early.isVisible()
        cast(PreviewDialog, page.findChild(PreviewDialog)).reject()
        early.reject()


def test_papers_of_pages_that_were_left_are_all_said_to_be_ready_and_come_one_after_the_other(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        go_on = [_asked_for_at_once(page, name) for name in ("党员名册", "党员花名册")]
        shell.open_place("meetings", "", {})
        for each in go_on:
            each.set()
        settle(qtbot, shell)
        assert shell.undo_bar.words() == "“党员名册”“党员花名册”排好了"
        cast(QPushButton, shell.undo_bar.findChild(QPushButton)).click()
        assert _previews(page) == ["党员名册"]
        cast(PreviewDialog, page.findChild(PreviewDialog)).reject()
        qtbot.waitUntil(lambda: _previews(page) == ["党员花名册"])
        _shown(page)[0].reject()
        assert shell.desk.ready == {}


def test_a_paper_made_anew_is_not_told_again_beside_another(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        go_on = _asked_for_at_once(page, "党员名册")
        shell.open_place("meetings", "", {})
        go_on.set()
        settle(qtbot, shell)
        assert list(shell.desk.ready) == ["党员名册"]
        go(qtbot, shell, "members", "roster")
        _asked_for_at_once(page, "党员名册").set()
        settle(qtbot, shell)
        assert (_previews(page), shell.desk.ready) == (["党员名册"], {})
        _shown(page)[0].reject()


def test_a_paper_comes_over_no_other_page_but_is_said_to_be_ready(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        go_on = _asked_for_at_once(page, "党员名册")
        shell.open_place("meetings", "", {})
        go_on.set()
        settle(qtbot, shell)
        assert (_previews(page), shell.undo_bar.words(), shell.undo_bar.verb()) == ([], "“党员名册”排好了", "看")
        cast(QPushButton, shell.undo_bar.findChild(QPushButton)).click()
        assert _previews(page) == ["党员名册"]
        cast(PreviewDialog, page.findChild(PreviewDialog)).reject()
