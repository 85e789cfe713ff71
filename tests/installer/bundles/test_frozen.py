"""The folder of the program is made smaller without anything missing from it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from desktop.paths import resource
from desktop.services.archive.fonts import TrueType
from desktop.services.archive.pressed import whole
from installer.bundles.frozen import press_faces, slim
from installer.bundles.proof import LARGEST_MB, LARGEST_PSS_MIB, SLOWEST, small, started
from installer.bundles.verdict import Unproved

SMALL = ("hei", "song_bold")
"""Pressing all of them takes a minute."""


def test_every_face_is_pressed_and_read_all_the_same(tmp_path: Path) -> None:
    fonts = tmp_path / "_internal" / "resources" / "fonts"
    fonts.mkdir(parents=True)
    for name in SMALL:
        shutil.copy(resource(f"fonts/{name}.ttf"), fonts)
    shutil.copy(resource("fonts/hei.ttf"), fonts / "screen.ttf")

    press_faces(tmp_path)

    assert {file.name for file in fonts.iterdir()} == {f"{name}.pressed" for name in (*SMALL, "screen")}
    for name in SMALL:
        assert (
            TrueType(fonts / f"{name}.ttf").postscript_name == TrueType(resource(f"fonts/{name}.ttf")).postscript_name
        )
    assert whole(fonts / "screen.ttf", tmp_path).read_bytes() == resource("fonts/hei.ttf").read_bytes()
    assert (fonts / "screen.pressed").stat().st_size < (fonts / "hei.pressed").stat().st_size, "read as a whole only"


def test_the_words_for_a_debugger_go_from_the_libraries_that_are_full_of_them(tmp_path: Path) -> None:
    if sys.platform != "linux" or shutil.which("strip") is None:
        pytest.skip("needs Linux and binutils")
    (there,) = Path(pikepdf.__path__[0]).with_name("pikepdf.libs").glob("libqpdf-*")
    folder = tmp_path / "_internal" / "pikepdf.libs"
    folder.mkdir(parents=True)
    for library in there.parent.iterdir():
        shutil.copy(library, folder)

    slim(tmp_path)

    assert (folder / there.name).stat().st_size < 0.8 * there.stat().st_size
    loaded = [sys.executable, "-c", f"import ctypes; ctypes.CDLL({str(folder / there.name)!r})"]
    subprocess.run(loaded, env=os.environ | {"LD_LIBRARY_PATH": str(folder)}, check=True)


@pytest.mark.parametrize("system", LARGEST_MB)
def test_a_folder_that_has_grown_is_not_handed_out(tmp_path: Path, system: str) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGEST_MB[system] * 1_000_000)
    small(tmp_path, system)
    (tmp_path / "one more").write_bytes(bytes(1_000_000))

    with pytest.raises(Unproved, match=f"more than {LARGEST_MB[system]}"):
        small(tmp_path, system)


def test_a_start_is_held_to_the_work_of_the_processor_whatever_else_the_machine_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clone = {"ms": 1725.0, "worked": 170.0, "pss": 42.0, "ratio": 1.0, "ratio of work": 1.0}
    started({"frozen": {**clone, "ms": 3070.0, "ratio": 1.78, "ratio of work": SLOWEST}, "clone": clone})
    told = capsys.readouterr()
    assert "1.78 of 1725 ms" in told.out + told.err

    with pytest.raises(Unproved, match="takes 111 MiB"):
        started({"frozen": {**clone, "pss": LARGEST_PSS_MIB + 1}, "clone": clone})
    with pytest.raises(Unproved, match=r"works 1\.31 times"):
        started({"frozen": {**clone, "ratio of work": SLOWEST + 0.01}, "clone": clone})
