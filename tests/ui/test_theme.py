"""Every look can be read, and no part of the window spells a colour out by itself."""

import os
import re
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtGui import QTextLayout

import desktop.ui
from desktop.paths import resource
from desktop.services.archive.pressed import press
from desktop.ui import theme
from desktop.ui.colours import LIGHT, PALETTES, Look

ROOT = Path(__file__).parents[2]
READ, SEEN = 4.5, 2.0
STRICT = 7.0
TONES = ("RED", "AMBER", "GREEN", "SLATE")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG reckons it."""

    def light(colour: str) -> float:
        parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", list(PALETTES), ids=str)
def test_words_stand_out_from_what_is_behind_them(look: Look) -> None:
    names = PALETTES[look]
    assert names.keys() == LIGHT.keys()
    limit = STRICT if look.strict else READ
    pairs = [(ink, paper) for ink in ("INK", "SUB", "NAV") for paper in ("CARD", "PAGE", "SOFT")]
    pairs += [(tone, f"{tone}_SOFT") for tone in TONES] + [(tone, "CARD") for tone in TONES]
    pairs += [("CARD", "RED"), ("CARD", "INK"), ("UNDO", "INK"), ("INK", "WRONG"), ("INK", "RED_SOFT")]
    faint = {pair: round(contrast(*(names[name] for name in pair)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < limit} == {}
    assert contrast(names["FAINT"], names["CARD"]) > (STRICT if look.strict else SEEN)
    assert contrast(names["ICON"], names["CARD"]) > READ


@pytest.mark.parametrize("look", [look for look in PALETTES if look.strict], ids=str)
def test_high_contrast_draws_every_border(look: Look) -> None:
    names = PALETTES[look]
    assert all(contrast(names[edge], names["CARD"]) > 3 for edge in ("LINE", "HAIR", "EDGE", "BOX"))


def test_each_ground_has_its_high_contrast() -> None:
    grounds = {look: contrast(PALETTES[look]["CARD"], "#000000") < 2 for look in PALETTES}
    assert {(look.strict, dark) for look, dark in grounds.items()} == set(product((False, True), repeat=2))


@pytest.mark.parametrize("look", list(PALETTES), ids=str)
def test_arrows_and_ticks_are_drawn_in_the_colours_of_the_look(look: Look) -> None:
    try:
        theme.wear(look)
        files = {Path(file) for file in re.findall(r"url\((.+?)\)", theme.style_sheet())}
    finally:
        theme.wear(Look.LIGHT)
    assert {file.name.split("_")[1].removesuffix(".svg") for file in files} == {"down", "up", "tick"}
    for file in files:
        name = "CARD" if "tick" in file.name else "ICON"
        assert re.findall(r'stroke="(#\w+)"', file.read_text("utf-8")) == [PALETTES[look][name]]


def test_colours_are_spelled_out_in_one_place() -> None:
    folder = Path(desktop.ui.__file__).parent
    spelled = re.compile(r"#[0-9A-Fa-f]{6}\b|color: (?:white|black)\b")
    files = [path for path in folder.rglob("*.py") if path.name != "colours.py"]
    found = [(path.name, spelled.findall(path.read_text("utf-8"))) for path in (*files, resource("style.qss"))]
    assert [each for each in found if each[1]] == []


def test_a_look_changes_the_style_sheet_and_what_is_drawn() -> None:
    light = theme.style_sheet()
    try:
        theme.wear(Look.DARK)
        assert theme.CARD == PALETTES[Look.DARK]["CARD"] in theme.style_sheet()
        assert theme.TONES["bad"][0] == theme.RED != LIGHT["RED"]
        assert "@" not in theme.style_sheet().partition("*/")[2]
    finally:
        theme.wear(Look.LIGHT)
    assert theme.style_sheet() == light


def test_what_is_chosen_is_kept(qapp: object) -> None:
    assert theme.chosen_look() is Look.SYSTEM
    theme.save_look(Look.CONTRAST)
    assert theme.chosen_look() is Look.CONTRAST
    theme.settings().setValue("look", "violet")
    assert theme.chosen_look() is Look.SYSTEM


START = """
import sys
from PySide6.QtCore import QSettings
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[1])
from desktop.app import application
from desktop.ui import theme
theme.save_text_scale("特大")
theme.apply_text_scale()
app = application()
print(theme.text_scale_name(), theme.shown_scale_name(), round(app.primaryScreen().devicePixelRatio(), 2))
"""


@pytest.mark.parametrize(("scaling", "shown"), [("0.5", "特大 特大 0.65"), ("1.5", "特大 标准 1.5")])
def test_a_text_size_that_the_screen_has_no_room_for_gives_way_to_one_that_fits(
    tmp_path: Path, scaling: str, shown: str
) -> None:
    around = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scaling, "PYTHONIOENCODING": "utf-8"}
    words = [sys.executable, "-c", START, str(tmp_path)]
    done = subprocess.run(words, env=around, capture_output=True, check=False, encoding="utf-8", cwd=ROOT)
    assert done.stdout.strip() == shown, done.stderr


OWN_FACES = """
import os, sys
from pathlib import Path
sys._MEIPASS = sys.argv[1]
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from desktop.ui import theme
app = QApplication(["branch-desk"])
theme.CJK_FAMILIES = ()
print(theme.screen_family())
kept = theme._copies()
print(len(list(kept.iterdir())) if kept.is_dir() else 0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is handed out none: it has one of its own")
@pytest.mark.parametrize(("room", "copies"), [(True, 1), (False, 0)])
def test_a_face_of_the_window_that_lies_pressed_is_shown_whether_or_not_the_disk_takes_a_copy(
    tmp_path: Path, room: bool, copies: int
) -> None:
    fonts = tmp_path / "resources" / "fonts"
    fonts.mkdir(parents=True)
    for name in theme.SCREEN_FACES:
        press(Path(shutil.copy(resource("fonts/hei.ttf"), fonts / f"{name}.ttf")), in_places=False)
    cache = tmp_path / "cache"
    if not room:
        cache.write_bytes(b"no folder")
    around = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CACHE_HOME": str(cache), "PYTHONIOENCODING": "utf-8"}
    words = [sys.executable, "-c", OWN_FACES, str(tmp_path)]
    done = subprocess.run(words, env=around, capture_output=True, check=False, encoding="utf-8", cwd=ROOT)
    family, kept = done.stdout.split("\n")[:2]
    assert family == "Branch Desk Hei", done.stderr
    assert int(kept) == copies * len(theme.SCREEN_FACES)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is handed out none: it has one of its own")
def test_a_damaged_face_of_the_window_leaves_it_what_the_desk_has(tmp_path: Path) -> None:
    fonts = tmp_path / "resources" / "fonts"
    fonts.mkdir(parents=True)
    for name in theme.SCREEN_FACES:
        copy = press(Path(shutil.copy(resource("fonts/hei.ttf"), fonts / f"{name}.ttf")), in_places=False)
        data = bytearray(copy.read_bytes())
        data[len(data) // 2] ^= 0x40
        copy.write_bytes(data)
    around = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    words = [sys.executable, "-c", OWN_FACES, str(tmp_path)]
    done = subprocess.run(words, env=around, capture_output=True, check=False, encoding="utf-8", cwd=ROOT)
    family, kept = done.stdout.split("\n")[:2]
    assert (done.returncode, kept) == (0, "0"), done.stderr
    assert family != "Branch Desk Hei"


def test_rare_characters_of_names_are_drawn_and_not_a_box(qapp: object) -> None:
    theme.know_rare_names(theme.rare_files())
    weights = (False,) if sys.platform == "win32" else (False, True)  # there tests know the bold face of papers besides
    for bold in weights:
        for character in "㼆𠮷𪚥䶮㛃·":
            layout = QTextLayout(character, theme.font(bold=bold))
            layout.beginLayout()
            layout.createLine()
            layout.endLayout()
            assert all(all(run.glyphIndexes()) for run in layout.glyphRuns()), character
