"""The look of the desktop, from a portal on a real session bus: asked at the start, followed while the program runs."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from jeepney import DBusAddress, new_method_return, new_signal
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui import system_look, theme
from desktop.ui.colours import Look
from tests.ui.bus import Answering, session_bus

LIGHT, DARK, HIGHER = 2, 1, 1

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None or sys.platform != "linux",
    reason="only the portal of a Linux session is asked, and dbus-daemon has to be installed",
)


class Portal(Answering):
    """What answers for the settings of the desktop, until `stop`."""

    def __init__(self, address: str) -> None:
        self.scheme, self.contrast = LIGHT, 0
        self._place = DBusAddress(system_look.PATH, interface=system_look.SETTINGS)
        super().__init__(address, system_look.PORTAL)

    def turn(self, scheme: int, place: tuple[str, str] = system_look.ASKED) -> None:
        """Let the desktop turn light or dark, and tell whoever listens."""
        self.scheme = scheme
        self._tell(place, scheme)

    def turn_contrast(self, contrast: int) -> None:
        """Let the desktop ask for a higher contrast or no longer, and tell whoever listens."""
        self.contrast = contrast
        self._tell(system_look.CONTRAST, contrast)

    def _tell(self, place: tuple[str, str], value: int) -> None:
        self._bus.send(new_signal(self._place, "SettingChanged", "ssv", (*place, ("u", value))))

    def _answer(self, message: Any) -> None:
        value = self.contrast if message.body == system_look.CONTRAST else self.scheme
        self._bus.send(new_method_return(message, "v", (("v", ("u", value)),)))


@contextmanager
def desktop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """Run a session whose portal says what the desktop looks like."""
    with session_bus(folder) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        portal = Portal(address)
        try:
            yield portal
        finally:
            portal.stop()


@pytest.fixture
def app(qapp: QObject) -> Iterator[QApplication]:
    found = cast(QApplication, qapp)
    theme.change(found, Look.LIGHT)
    yield found
    theme.change(found, Look.LIGHT)


def test_the_portal_is_asked_where_qt_does_not_know(
    app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not system_look.qt_knows()
    with desktop(tmp_path, monkeypatch) as portal:
        assert system_look.wanted() is Look.LIGHT
        portal.scheme = DARK
        assert system_look.wanted() is Look.DARK


def test_the_window_turns_with_the_desktop_unless_a_look_was_chosen(
    app: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desktop(tmp_path, monkeypatch) as portal:
        following = system_look.Following(app)
        following.listen()
        portal.turn(DARK, ("org.freedesktop.appearance", "accent-color"))
        portal.turn(DARK)
        qtbot.waitUntil(lambda: theme.worn() is Look.DARK)
        portal.turn(LIGHT)
        qtbot.waitUntil(lambda: theme.worn() is Look.LIGHT)
        theme.save_look(Look.CONTRAST)
        theme.change(app, system_look.wanted())
        asked: list[Look] = []

        def chosen() -> Look:
            asked.append(Look.CONTRAST)
            return Look.CONTRAST

        monkeypatch.setattr(theme, "chosen_look", chosen)
        portal.turn(DARK)
        qtbot.waitUntil(lambda: bool(asked))
        assert theme.worn() is Look.CONTRAST
    following.deleteLater()


def test_a_desktop_of_high_contrast_is_followed_on_white_and_on_black(
    app: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desktop(tmp_path, monkeypatch) as portal:
        portal.scheme, portal.contrast = DARK, HIGHER
        assert system_look.wanted() is Look.CONTRAST_DARK
        following = system_look.Following(app)
        following.listen()
        portal.turn_contrast(0)
        qtbot.waitUntil(lambda: theme.worn() is Look.DARK)
        portal.turn_contrast(HIGHER)
        qtbot.waitUntil(lambda: theme.worn() is Look.CONTRAST_DARK)
        portal.turn(LIGHT)
        qtbot.waitUntil(lambda: theme.worn() is Look.CONTRAST)
        portal.turn_contrast(0)
        qtbot.waitUntil(lambda: theme.worn() is Look.LIGHT)
    following.deleteLater()


def test_a_session_that_ends_leaves_the_window_as_it_is(
    app: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = system_look.Following(app)
    with desktop(tmp_path, monkeypatch) as portal:
        following.listen()
        portal.turn(DARK)
        qtbot.waitUntil(lambda: theme.worn() is Look.DARK)
    qtbot.waitUntil(lambda: not following.listens)
    following.listen()  # nobody answers there any more
    assert theme.worn() is Look.DARK
    following.deleteLater()
