"""Where the window stands at the next start, under another scaling too: programs of their own, since Qt asks once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

START = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[1])
from desktop.app import application
from desktop.ui.window import MainWindow
app = application()
window = MainWindow(Path(sys.argv[1]) / "store")
window.place_on_screen()
window.show()
if sys.argv[2] == "fill":
    window.showMaximized()
elif sys.argv[2]:
    window.resize(*map(int, sys.argv[2].split("x")))
app.processEvents()
print(window.width(), window.height(), window.isMaximized())
window.close()
"""


def started(home: Path, scaling: str, then: str = "") -> str:
    """Start the program, let it take the size `then`, close it; return how large it was."""
    around = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scaling, "PYTHONIOENCODING": "utf-8"}
    words = [sys.executable, "-c", START, str(home), then]
    done = subprocess.run(words, env=around, capture_output=True, check=False, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_window_closed_under_one_scaling_is_as_large_on_the_screen_under_another(tmp_path: Path) -> None:
    assert started(tmp_path, "0.625", "1000x800") == "1000 800 False"
    assert started(tmp_path, "0.5") == "1250 1000 False"
    assert started(tmp_path, "0.5") == "1250 1000 False"
    assert started(tmp_path, "0.625") == "1000 800 False"
    assert started(tmp_path, "0.8") == "880 625 False", "no smaller than what a page fits into"


@pytest.mark.parametrize("scaling", ["0.5", "0.8"])
def test_a_window_that_filled_the_screen_fills_it_under_another_scaling(tmp_path: Path, scaling: str) -> None:
    started(tmp_path, "0.625", "1000x800")
    assert started(tmp_path, "0.625", "fill").endswith("True")
    assert started(tmp_path, scaling).endswith("True")
