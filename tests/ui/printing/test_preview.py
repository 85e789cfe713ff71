"""打印: a paper is looked at page by page, saved or sent to a printer, and that it left is remembered."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import Use
from desktop.services.history import HistoryService
from desktop.ui import output
from desktop.ui.focus import note_lead
from desktop.ui.main_window import Shell
from desktop.ui.output import show_preview
from desktop.ui.printing import preview
from desktop.ui.printing.job import LONG_EDGE, ONE_SIDE, Job
from desktop.ui.printing.pages import PX_PER_POINT, WIDTH
from desktop.ui.printing.preview import Made, PreviewDialog
from tests.ui.desks import empty_desk, settle
from tests.ui.lint import faults
from tests.ui.printing.test_job import A4, A4_LYING, paper

PAPER = Made("会议记录", paper(A4, A4_LYING, A4, A4), ("𬱖",))


def shown(qtbot: QtBot, shell: Shell, made: Made = PAPER) -> PreviewDialog:
    dialog = show_preview(shell.page(), made)
    qtbot.waitExposed(dialog)
    settle(qtbot, shell)
    return dialog


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that has no printer."""
    monkeypatch.setattr(preview, "printers", list)


@pytest.fixture
def to_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A computer with one printer, which turns the paper and puts what it prints into a file."""

    def printer(job: Job) -> QPrinter:
        out = QPrinter(QPrinter.PrinterMode.HighResolution)
        out.setOutputFileName(str(tmp_path / f"{job.title} {job.copies} {job.duplex.name}.pdf"))
        return out

    monkeypatch.setattr(preview, "printers", lambda: ["办公室"])
    monkeypatch.setattr(preview, "sides", lambda _name: (ONE_SIDE, LONG_EDGE))
    monkeypatch.setattr(preview, "printer_of", printer)
    return tmp_path


def test_pages_are_drawn_as_they_come_into_view(qtbot: QtBot, tmp_path: Path, without: None) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = shown(qtbot, shell)
        assert faults(dialog) == []
        assert dialog.place.text() == "第 1 页，共 4 页"
        assert dialog.focusWidget() is dialog.view
        qtbot.waitUntil(lambda: 0 in dialog.view.pictures)
        assert 3 not in dialog.view.pictures
        QTest.keyClick(dialog.view, Qt.Key.Key_End)
        assert dialog.place.text() == "第 4 页，共 4 页"
        qtbot.waitUntil(lambda: 3 in dialog.view.pictures)
        small = dialog.view.scale()
        QTest.keyClick(dialog, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
        assert dialog.view.scale() > small
        assert dialog.view.current == 3
        assert dialog.zoom.currentText().endswith("%")
        dialog.view.set_zoom(WIDTH)
        assert dialog.view.horizontalScrollBar().maximum() == 0
        sharp = pytest.approx(dialog.view.scale() * PX_PER_POINT * dialog.devicePixelRatioF(), abs=0.001)
        qtbot.waitUntil(lambda: dialog.view.pictures[dialog.view.current][0] == sharp)
        dialog.reject()
        settle(qtbot, shell)


def test_without_a_printer_that_is_said_and_the_file_comes_first(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: None
) -> None:
    monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "记录.pdf")
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = shown(qtbot, shell)
        words = [label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)) if label.isVisible()]
        assert "这台电脑没有装打印机" in words
        assert any("𬱖" in each for each in words), "what is printed as 〓 is named"
        assert not dialog.print_button.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        settle(qtbot, shell)
        assert (tmp_path / "记录.pdf").read_bytes() == PAPER.pdf
        assert _trail(shell) == ["会议记录"]


def test_a_secret_paper_without_a_printer_leads_back_to_copying_it_by_hand(
    qtbot: QtBot, tmp_path: Path, without: None
) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = preview.PreviewDialog(shell, PAPER, shell.desk.jobs)
        dialog.open()
        settle(qtbot, shell)
        buttons = [
            part.text() for part in cast(list[QPushButton], dialog.findChildren(QPushButton)) if part.isVisible()
        ]
        assert "取消" not in buttons
        assert "回去照着抄" in buttons
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        assert not dialog.isVisible()


def test_the_pages_asked_for_go_to_the_printer(qtbot: QtBot, to_folder: Path) -> None:
    with empty_desk(qtbot, to_folder) as shell:
        dialog = shown(qtbot, shell)
        dialog.which.set_value(preview.SOME)
        dialog.pages.setText("9")
        dialog.print()
        assert "一共 4 页" in dialog.pages_field.fault()
        dialog.pages.setText("2-3")
        dialog.copies.setValue(2)
        dialog.duplex.set_value(LONG_EDGE)
        assert faults(dialog) == []
        QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, shell)
        assert (to_folder / "会议记录 2 DuplexLongSide.pdf").read_bytes().startswith(b"%PDF")
        assert shell.undo_bar.isVisible()
        assert _trail(shell) == ["会议记录"]
        again = shown(qtbot, shell)
        assert again.printer.value() == "办公室"
        again.reject()
        settle(qtbot, shell)


def test_a_paper_that_was_only_looked_at_leaves_no_line(qtbot: QtBot, tmp_path: Path, without: None) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = shown(qtbot, shell)
        assert not QImage(dialog.grab().toImage()).isNull()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        settle(qtbot, shell)
        assert _trail(shell) == []


def _trail(shell: Shell) -> list[str]:
    prefix = f"{Use.PRINT.label} "
    lines = [line.sentence for line in HistoryService(shell.desk.store).trail()]
    return [line.removeprefix(prefix) for line in lines if line.startswith(prefix)]


def test_the_page_that_keys_turn_is_framed_and_without_the_focus_none(
    qtbot: QtBot, tmp_path: Path, without: None
) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = shown(qtbot, shell)
        view = dialog.view
        qtbot.waitUntil(view.hasFocus)
        note_lead(by_keys=False)
        plain = view.viewport().grab().toImage()
        note_lead(by_keys=True)
        framed = view.viewport().grab().toImage()
        assert framed != plain
        dialog.zoom.setFocus()
        assert view.viewport().grab().toImage() == plain
        note_lead(by_keys=False)
        dialog.reject()
