"""One dressed application for all window tests, off screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_IM_MODULE"] = "compose"

import pytest
from PySide6.QtWidgets import QApplication

from desktop.ui import theme


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Name the program as its entry does."""
    return ["branch-desk"]


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    """Apply the theme once."""
    if not qapp.styleSheet():
        theme.apply(qapp)
    return qapp
