"""The questions that need a file: they begin where the last one ended."""

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import dialogs


def test_a_file_is_asked_for_where_the_last_was_found_and_written_where_the_last_was_written(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, started, stick = QWidget(), [], tmp_path / "stick"
    named = QFileDialog.selectedFiles
    qtbot.addWidget(window)
    stick.mkdir()

    def answer(asked: QFileDialog) -> int:
        is_new = asked.acceptMode() == QFileDialog.AcceptMode.AcceptSave
        started.append(Path(named(asked)[0] if is_new else asked.directory().absolutePath()))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", answer)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _asked: [str(stick / "a.dzk")])
    assert dialogs.ask_open(window, "选择登记文件", "") == stick / "a.dzk"
    assert dialogs.ask_save(window, "导出", "b.xlsx", "") == stick / "a.dzk"
    dialogs.ask_save(window, "导出", "扶沟/西华联合党支部：名册.xlsx", "")
    dialogs.ask_folder(window, "打开别的数据文件夹", tmp_path)
    assert started == [
        dialogs.documents(),
        dialogs.documents() / "b.xlsx",
        stick / "扶沟-西华联合党支部：名册.xlsx",
        tmp_path,
    ]


def test_a_stick_that_was_pulled_is_no_place_to_begin(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, stick = QWidget(), tmp_path / "stick"
    qtbot.addWidget(window)
    stick.mkdir()
    monkeypatch.setattr(QFileDialog, "exec", lambda _asked: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _asked: [str(stick)])
    dialogs.ask_folder(window, "反馈包写到哪里", to_write=True)
    assert dialogs.last_folder(dialogs.WRITTEN_FOLDER) == stick
    assert dialogs.last_folder() == dialogs.documents(), "nothing was read yet"
    stick.rmdir()
    assert dialogs.last_folder(dialogs.WRITTEN_FOLDER) == dialogs.documents()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the system says where documents are")
def test_where_there_are_no_documents_yet_a_file_is_asked_for_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert dialogs.documents() == tmp_path
    (tmp_path / "Documents").mkdir()
    assert dialogs.documents() == tmp_path / "Documents"
