"""Where the window stood when it was closed, for the next start: also on a screen that is scaled otherwise by then."""

from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.services.numbers import digits
from desktop.ui import theme

PLACE, INSIDE, FILLED, RATIO = "geometry", "geometry_inside", "geometry_filled", "geometry_ratio"


def keep(window: QWidget) -> None:
    """Remember where `window` stands: as Qt writes it, and its size in dots of the screen, which no scaling changes."""
    ratio, inside = window.devicePixelRatio(), window.normalGeometry().size()
    settings = theme.settings()
    settings.setValue(PLACE, window.saveGeometry())
    settings.setValue(INSIDE, QSize(round(inside.width() * ratio), round(inside.height() * ratio)))
    settings.setValue(FILLED, window.isMaximized())
    settings.setValue(RATIO, digits(ratio))


def take_up(window: QWidget) -> bool:
    """Place `window` where it stood last; tell whether that is known.

    What Qt writes counts in units of the scaling (and text size) it was written under: under another one the window
    takes as many dots of the screen as it had, in its middle, and fills it where it filled it.
    """
    settings = theme.settings()
    place, dots = settings.value(PLACE), settings.value(INSIDE)
    if not isinstance(place, QByteArray):
        return False
    screen = QGuiApplication.primaryScreen()
    ratio = screen.devicePixelRatio()
    if not isinstance(dots, QSize) or digits(ratio) == settings.value(RATIO):
        return window.restoreGeometry(place)
    room = screen.availableGeometry()
    within = QSize(room.width(), room.height() - theme.TITLE_BAR)
    size = QSize(round(dots.width() / ratio), round(dots.height() / ratio)).boundedTo(within)
    window.resize(size)
    window.move(QRect(room.topLeft(), within).center() - QRect(QPoint(), size).center())
    if settings.value(FILLED, type=bool):
        window.setWindowState(Qt.WindowState.WindowMaximized)
    return True
