"""One dressed application for all window tests, off screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_IM_MODULE"] = "compose"

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from desktop.ui import theme


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Name the program as its entry does."""
    return ["branch-desk"]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test remember folders and sizes for itself, never for who runs it."""
    file = str(tmp_path.with_name(f"{tmp_path.name}.ini"))
    monkeypatch.setattr(theme, "settings", lambda: QSettings(file, QSettings.Format.IniFormat))


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    """Apply the theme once."""
    if not qapp.styleSheet():
        theme.apply(qapp)
    return qapp
