"""The window of shortcuts says what keys really do."""

import ast
from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.shortcuts import EVERYWHERE, FILLING, ShortcutsDialog, keys_in_view
from desktop.ui.widgets.keys import shortcut, spelt
from tests.ui.desks import empty_desk, go

UI = Path(__file__).resolve().parents[2] / "desktop" / "ui"


def classes() -> list[tuple[Path, ast.ClassDef]]:
    return [
        (path, node)
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]


def test_every_part_that_takes_keys_says_which() -> None:
    silent = []
    for path, node in classes():
        parts = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
        told = {
            part.target.id for part in node.body if isinstance(part, ast.AnnAssign) if isinstance(part.target, ast.Name)
        }
        if "keyPressEvent" in parts and "takes" not in told:
            silent.append(f"{path.name}: {node.name}")
    assert silent == []


def test_every_shortcut_is_made_with_its_words() -> None:
    bare = [path.name for path in UI.rglob("*.py") if "QShortcut(QKeySequence" in path.read_text("utf-8")]
    assert bare == ["keys.py"]


def test_the_window_lists_what_works_here(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = go(qtbot, shell, "members", "dues")
        groups = {group.title: dict(group.keys) for group in keys_in_view(shell, page)}
        assert {"Ctrl+K": "查找", "F1": "手册里讲这一页的地方", "Ctrl+2": "党员"}.items() <= groups[EVERYWHERE].items()
        assert "Enter 空格" in groups[FILLING]
        go(qtbot, shell, "archive", "backups")
        shell.show_keys()
        dialog = shell.findChild(ShortcutsDialog)
        assert dialog is not None
        dialog.accept()


def test_the_keys_of_the_window_stand_before_those_of_its_shell(qtbot: QtBot) -> None:
    for _ in range(20):  # once would be luck where they come in no order
        window = QWidget()
        qtbot.addWidget(window)
        shell = QWidget(window)
        shortcut(shell, "F7", "里面", lambda: None)
        shortcut(window, "F8", "外面", lambda: None)
        window.show()
        assert keys_in_view(shell, QWidget(shell))[0].keys == (("F8", "外面"), ("F7", "里面"))


def test_keys_are_written_as_people_read_them_whatever_language_the_system_speaks() -> None:
    named = {keys: spelt(QKeySequence(keys)) for keys in ("Alt+Left", "Ctrl++", "Ctrl+Return", "PgDown")}
    assert named == {"Alt+Left": "Alt+←", "Ctrl++": "Ctrl++", "Ctrl+Return": "Ctrl+Enter", "PgDown": "PageDown"}
