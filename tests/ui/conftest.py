"""One dressed application for all window tests, off screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_IM_MODULE"] = "compose"

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.focus import note_lead

PATIENCE_MS = 120_000


class PatientBot(QtBot):
    """Waits for what must happen, never for a time: how fast a step is, the benchmarks say."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        """Wait until `callback` says so; give up only where it never will."""
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The robot of pytest-qt with the patience of a busy machine."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Name the program, and tell its style, as its entry does."""
    return ["branch-desk", *theme.STYLE]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test remember folders and sizes for itself, never for who runs it."""
    file = str(tmp_path.with_name(f"{tmp_path.name}.ini"))
    monkeypatch.setattr(theme, "settings", lambda: QSettings(file, QSettings.Format.IniFormat))


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    """Apply the theme once, and begin each test led by the pointer, whatever keys the one before it pressed."""
    if not qapp.styleSheet():
        theme.apply(qapp)
    note_lead(by_keys=False)
    return qapp
