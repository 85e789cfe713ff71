"""Which way Chinese input takes, and that the bridge lives with an fcitx that comes and goes."""

import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import input_method
from desktop.ui.dbus import PORTAL
from desktop.ui.fcitx import FcitxBridge
from desktop.ui.input_method import FCITX5, decide
from tests.ui.bus import session_bus
from tests.ui.fcitx import Fcitx


@pytest.mark.parametrize(
    ("environ", "owned", "module", "bridge"),
    [
        ({"QT_IM_MODULE": "ibus"}, {PORTAL}, "ibus", False),
        ({"QT_IM_MODULE": "fcitx"}, {FCITX5, PORTAL}, "ibus", False),
        ({"QT_IM_MODULE": "fcitx"}, {PORTAL}, "compose", True),
        ({"QT_IM_MODULE": "fcitx"}, set(), "ibus", False),
        ({}, set(), "", False),
    ],
)
def test_the_way_follows_what_the_session_offers(
    environ: dict[str, str], owned: set[str], module: str, bridge: bool
) -> None:
    choice = decide(environ, frozenset(owned), "linux")
    assert (choice.module, choice.bridge) == (module, bridge)


def test_windows_is_left_alone() -> None:
    assert decide({}, frozenset({PORTAL}), "win32").module == ""


@pytest.mark.skipif(sys.platform == "win32", reason="fcitx is of Linux")
def test_without_fcitx_keys_reach_the_field(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    bridge = FcitxBridge(dressed)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    qtbot.waitExposed(field)
    field.setFocus()
    QTest.keyClicks(field, "abc")
    assert field.text() == "abc"
    assert not bridge.connected
    bridge.close()
    bridge.deleteLater()


def test_the_diagnosis_names_the_way() -> None:
    assert "接入方式" in input_method.diagnose()


def key(field: QLineEdit, letter: str) -> None:
    """Send a key as X11 does, with its native codes, to the field in focus."""
    code = Qt.Key(ord(letter.upper()))
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, 57, ord(letter), 0, letter)
        QApplication.sendEvent(field, event)


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")
def test_the_bridge_types_chinese_and_survives_the_end_of_fcitx(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        fcitx = Fcitx(address)
        assert PORTAL in input_method.owned_names()
        bridge = FcitxBridge(dressed)
        window = QWidget()
        plain, secret = QLineEdit(window), QLineEdit(window)
        secret.setEchoMode(QLineEdit.EchoMode.Password)
        secret.move(0, 60)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        plain.setFocus()
        qtbot.waitUntil(plain.hasFocus)
        key(plain, "n")
        key(plain, "a")
        qtbot.waitUntil(lambda: plain.text() == "你a")
        secret.setFocus()
        qtbot.waitUntil(lambda: "FocusOut" in fcitx.focus or bool(fcitx.capabilities))
        fcitx.stop()
        plain.setFocus()
        key(plain, "n")
        assert plain.text() == "你an"
        assert not bridge.connected
        fcitx = Fcitx(address)
        bridge._retry_at = 0.0
        key(plain, "n")
        qtbot.waitUntil(lambda: plain.text() == "你an你")
        bridge.close()
        fcitx.stop()
        bridge.deleteLater()
