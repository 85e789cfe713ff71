"""The look of the program: names of colours, the style sheet, fonts, icons, and the Chinese words of Qt itself."""

import logging
import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PySide6.QtCore import (
    QByteArray,
    QLibraryInfo,
    QLocale,
    QRect,
    QRectF,
    QSettings,
    QSize,
    QStandardPaths,
    Qt,
    QTranslator,
)
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from desktop.paths import resource
from desktop.services.errors import StorageFailure
from desktop.ui.colours import LIGHT, PALETTES, Colour, Look

log = logging.getLogger(__name__)

RED = LIGHT["RED"]
RED_SOFT = LIGHT["RED_SOFT"]
RED_DEEP = LIGHT["RED_DEEP"]
WRONG = LIGHT["WRONG"]
AMBER = LIGHT["AMBER"]
AMBER_SOFT = LIGHT["AMBER_SOFT"]
AMBER_BAR = LIGHT["AMBER_BAR"]
GREEN = LIGHT["GREEN"]
GREEN_SOFT = LIGHT["GREEN_SOFT"]
GREEN_BAR = LIGHT["GREEN_BAR"]
SLATE = LIGHT["SLATE"]
SLATE_SOFT = LIGHT["SLATE_SOFT"]
SLATE_BAR = LIGHT["SLATE_BAR"]
INK = LIGHT["INK"]
SUB = LIGHT["SUB"]
FAINT = LIGHT["FAINT"]
LINE = LIGHT["LINE"]
HAIR = LIGHT["HAIR"]
PAGE = LIGHT["PAGE"]
CARD = LIGHT["CARD"]
EDGE = LIGHT["EDGE"]
SOFT = LIGHT["SOFT"]
LANE = LIGHT["LANE"]
TRACK = LIGHT["TRACK"]
ICON = LIGHT["ICON"]

TONES: dict[str, tuple[str, str, str]] = {}
"""Text, fill and border of a tone."""
BARS: dict[str, str] = {}
TEXT_COLOURS: dict[str, str] = {}
_worn = Look.LIGHT


def wear(look: Look) -> None:
    """Take the colours of `look`, which is not that of the system."""
    global _worn
    _worn = look
    globals().update({name: Colour.named(name, value) for name, value in PALETTES[look].items()})
    TONES.update(
        {
            "good": (GREEN, GREEN_SOFT, GREEN_SOFT),
            "part": (AMBER, AMBER_SOFT, AMBER_SOFT),
            "bad": (RED, RED_SOFT, RED_SOFT),
            "wait": (SLATE, SLATE_SOFT, SLATE_SOFT),
            "run": (SLATE, CARD, SLATE_BAR),
            "none": (SUB, CARD, LINE),
            "solid": (CARD, RED, RED),
        }
    )
    BARS.update({"good": GREEN_BAR, "part": AMBER_BAR, "bad": RED, "wait": SLATE_BAR, "run": SLATE_BAR, "none": LINE})
    BARS.update({"ink": INK, "solid": RED})
    TEXT_COLOURS.update({"": INK, "sub": SUB, "faint": FAINT, **{tone: colours[0] for tone, colours in TONES.items()}})


wear(Look.LIGHT)


def worn() -> Look:
    """Return the look that is worn."""
    return _worn


def now(color: str) -> str:
    """Return what a colour that was kept is in the look worn now; one without a name stays as it is."""
    return PALETTES[_worn][color.name] if isinstance(color, Colour) else color


CJK_FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans CN",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
)
SCREEN_FACES = ("screen", "screen_bold")
RARE_FACES = ("song", "rare")
"""The faces of the papers that have between them what a screen font lacks: 㼆 and 𠮷 are in names of people."""
BODY_PX = 14
SCALES = {"标准": 1.0, "大": 1.15, "特大": 1.3}
TITLE_BAR = 32
_scale = 1.0  # the text size this program was started with
SCREEN_FIRST_MS = 30
"""What follows the first painted window begins so much later: another process shows it, and has the processor first."""
SMALLEST = (880, 420)
"""What every page fits into, in logical pixels: 1366×768 at 150 % between title bar and task bar is hardly more."""


def settings() -> QSettings:
    """Return what belongs to this computer's user and not to a store: text size, window size."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "branch-desk", "window")


def apply_text_scale() -> None:
    """Let Qt scale everything by the chosen text size: before QApplication; a factor from outside is multiplied."""
    try:
        scale = float(str(settings().value("text_scale", "1")))
        outer = float(os.environ.get("QT_SCALE_FACTOR", "1"))
    except ValueError:
        return
    if scale in SCALES.values() and scale != 1:
        global _scale
        _scale = scale
        os.environ["QT_SCALE_FACTOR"] = f"{outer * scale:g}"


def fall_back(room: QSize) -> bool:
    """Take the largest text size that fits a screen that leaves `room`, where the chosen one does not.

    The chosen one stays chosen, for a larger screen. Returns whether the application has to be made anew for it.
    """
    global _scale
    chosen, fitting = _scale, fitting_scales(room)
    if chosen in {SCALES[name] for name in fitting}:
        return False
    _scale = SCALES[fitting[-1]]
    os.environ["QT_SCALE_FACTOR"] = f"{float(os.environ['QT_SCALE_FACTOR']) / chosen * _scale:g}"
    return True


def shown_scale_name() -> str:
    """Return the name of the text size this program runs with."""
    return next(name for name, scale in SCALES.items() if scale == _scale)


def fitting_scales(room: QSize) -> list[str]:
    """Return the text sizes at which the window has room on a screen that leaves `room` at the present one."""
    wide, tall = room.width() * _scale, (room.height() - TITLE_BAR) * _scale
    fit = [name for name, scale in SCALES.items() if wide / scale >= SMALLEST[0] and tall / scale >= SMALLEST[1]]
    return fit or ["标准"]


def save_text_scale(name: str) -> None:
    """Remember the text size called `name`; it holds from the next start."""
    settings().setValue("text_scale", f"{SCALES[name]:g}")


def chosen_look() -> Look:
    """Return the look that is chosen on this computer."""
    saved = str(settings().value("look", ""))
    return Look(saved) if saved in set(Look) else Look.SYSTEM


def save_look(look: Look) -> None:
    """Remember the look for the next start."""
    settings().setValue("look", look.value)


def text_scale_name() -> str:
    """Return the name of the text size that is saved."""
    saved = str(settings().value("text_scale", "1"))
    return next((name for name, scale in SCALES.items() if f"{scale:g}" == saved), "标准")


@cache
def _svg(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text("utf-8")


def pixmap(name: str, color: str = "", size: int = 20, dpr: float = 2.0) -> QPixmap:
    """Return the icon `name` drawn in `color` (that of icons), `size` logical pixels wide, sharp at the ratio `dpr`."""
    return _drawn(name, str(now(color or ICON)), size, dpr)


@cache
def _drawn(name: str, color: str, size: int, dpr: float) -> QPixmap:
    out = QPixmap(QSize(round(size * dpr), round(size * dpr)))
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    source = QByteArray(_svg(name).replace("currentColor", color).encode())
    QSvgRenderer(source).render(painter, QRectF(0, 0, out.width(), out.height()))
    painter.end()
    out.setDevicePixelRatio(dpr)
    return out


class _Drawing(QIconEngine):
    """An icon that is drawn where it is shown: in the look worn then, and as sharp as the screen is."""

    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        self._name, self._color = name, color

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        tint = {QIcon.Mode.Selected: RED, QIcon.Mode.Disabled: FAINT}.get(mode, self._color)
        return pixmap(self._name, tint, min(size.width(), size.height()), 1.0)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        out = self.pixmap(rect.size() * ratio, mode, state)
        side = out.width() / ratio
        place = QRectF(0, 0, side, side)
        place.moveCenter(QRectF(rect).center())
        painter.drawPixmap(place, out, QRectF(out.rect()))

    def clone(self) -> QIconEngine:
        return _Drawing(self._name, self._color)


def icon(name: str, color: str = "") -> QIcon:
    """Return an icon in `color` (that of icons), in the accent where it is selected, pale where it is disabled."""
    return QIcon(_Drawing(name, color))


def program_icon() -> QIcon:
    """Return the icon of the program, in the sizes that title bars and task bars show."""
    out = QIcon()
    for size in (16, 32, 48, 128):
        out.addFile(str(resource(f"icons/branch-desk/{size}.png")))  # read when it is painted
    return out


@cache
def screen_family() -> str:
    """Return a font family that has Chinese: one of the system's, else the one that comes with the program."""
    known = set(QFontDatabase.families())
    for family in CJK_FAMILIES:
        if family in known:
            return family
    from concurrent.futures import ThreadPoolExecutor  # not on the way of a desk that has one

    with ThreadPoolExecutor(len(SCREEN_FACES)) as unpacking:  # once on such a desk: a fifth of a second, not two
        faces = [_added(*found) for found in unpacking.map(_face_of_ours, SCREEN_FACES)]
    families = QFontDatabase.applicationFontFamilies(faces[0]) if faces[0] >= 0 else []
    return families[0] if families else QApplication.font().family()


def _face_of_ours(face: str) -> tuple[Path | None, bytes]:
    """Return the file of a face of ours, or a copy of it that is made once; what is in it where the disk takes no copy.

    Neither of one that is damaged: the window opens with what the desk has. It may run on any thread.
    """
    file = resource(f"fonts/{face}.ttf")
    if file.exists():
        return file, b""
    from desktop.services.archive.pressed import SUFFIX, Pressed, whole

    try:
        try:
            return whole(file, _copies()), b""
        except StorageFailure as error:
            log.warning("no copy of a font: %s", type(error).__name__)
            return None, b"".join(Pressed(file.with_suffix(SUFFIX)).blocks())
    except (OSError, ValueError) as error:
        log.warning("no font of our own: %s", type(error).__name__)
        return None, b""


def _added(file: Path | None, data: bytes) -> int:
    """Let Qt know a face; -1 for none."""
    if file is not None:
        return QFontDatabase.addApplicationFont(str(file))
    return QFontDatabase.addApplicationFontFromData(data) if data else -1


def _copies() -> Path:
    """Return where fonts lie that are read as a whole and were handed out pressed."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation), "fonts")


def rare_files() -> list[Path]:
    """Return the fonts that have what a screen font lacks; a program handed out with pressed ones copies them once.

    It takes its time, and needs no window. None where the disk takes no copy: what the desk has is shown then.
    """
    from desktop.services.archive.pressed import whole

    try:
        return [whole(resource(f"fonts/{face}.ttf"), _copies()) for face in RARE_FACES]
    except (StorageFailure, ValueError) as error:
        log.warning("no fonts for rare names: %s", type(error).__name__)
        return []


def know_rare_names(files: Sequence[Path]) -> None:
    """Let the window show every character of a name: what the screen's font lacks comes from `files`.

    Nothing is read before such a character is drawn; it can wait until there is a window.
    """
    added = [QFontDatabase.addApplicationFont(str(file)) for file in files]
    families = [family for one in added if one >= 0 for family in QFontDatabase.applicationFontFamilies(one)]
    QFont.insertSubstitutions(screen_family(), families)  # Windows looks nowhere else


def font(px: int = BODY_PX, *, bold: bool = False) -> QFont:
    """Return the screen font at `px` logical pixels; weights are regular and demi-bold only."""
    out = QFont(screen_family())
    out.setPixelSize(px)
    out.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return out


def tone_color(tone: str) -> QColor:
    """Return the text colour of a tone name ("" is plain ink)."""
    return QColor(TEXT_COLOURS[tone])


def style_sheet() -> str:
    """Return the style sheet with colours and icon paths filled in."""
    names = {**PALETTES[_worn], "ICONS": _icon_folder(), "SUFFIX": "" if _worn is Look.LIGHT else f"_{_worn.value}"}
    return re.sub(r"@([A-Z_]+)", lambda match: str(names[match[1]]), resource("style.qss").read_text("utf-8"))


def _icon_folder() -> str:
    return resource("icons").as_posix()


STYLE = ("-style", "Fusion")
"""What a `QApplication` is told to draw by; asked for later, PySide makes all of the class of styles first, 5 ms."""


def apply(app: QApplication) -> None:
    """Dress `app`, which was told its `STYLE`: palette, font, style sheet, and Qt's own words in Chinese.

    Its icon can wait until there is a window: reading it takes 3 ms.
    """
    app.setPalette(_palette())
    app.setFont(font())
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    app.setStyleSheet(style_sheet())


def change(app: QApplication, look: Look) -> None:
    """Wear another look while the program runs: what is on screen is drawn anew, nothing that is open is closed."""
    if look is _worn:
        return
    wear(look)
    app.setPalette(_palette())
    app.setStyleSheet(style_sheet())
    for widget in app.allWidgets():
        QWidget.update(widget)  # a view takes an index too, and would want one


def _palette() -> QPalette:
    palette = QPalette()
    for role, color in (
        (QPalette.ColorRole.Window, PAGE),
        (QPalette.ColorRole.WindowText, INK),
        (QPalette.ColorRole.Base, CARD),
        (QPalette.ColorRole.AlternateBase, SOFT),
        (QPalette.ColorRole.Text, INK),
        (QPalette.ColorRole.Button, CARD),
        (QPalette.ColorRole.ButtonText, INK),
        (QPalette.ColorRole.Highlight, RED),
        (QPalette.ColorRole.HighlightedText, CARD),
        (QPalette.ColorRole.ToolTipBase, INK),
        (QPalette.ColorRole.ToolTipText, CARD),
        (QPalette.ColorRole.PlaceholderText, FAINT),
        (QPalette.ColorRole.BrightText, RED),
        (QPalette.ColorRole.Link, RED),
        (QPalette.ColorRole.Light, CARD),
        (QPalette.ColorRole.Midlight, HAIR),
        (QPalette.ColorRole.Mid, LINE),
        (QPalette.ColorRole.Dark, EDGE),
    ):
        palette.setColor(role, QColor(color))
    return palette
