"""Which way Chinese input takes, and that the bridge lives with an fcitx that comes and goes."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.ui import input_method
from desktop.ui.fcitx import FcitxBridge
from desktop.ui.input_method import FCITX5, PORTAL, decide


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


def test_without_fcitx_keys_reach_the_field(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    bridge = FcitxBridge(dressed)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    QTest.keyClicks(field, "abc")
    assert field.text() == "abc"
    assert not bridge.connected
    dressed.removeEventFilter(bridge)
    bridge.deleteLater()


def test_the_diagnosis_names_the_way() -> None:
    assert "接入方式" in input_method.diagnose()
