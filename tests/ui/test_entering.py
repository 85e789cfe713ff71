"""What the open store needs is imported beside the GUI thread, which has the log-in to paint meanwhile."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from tests.stores import new_store

ROOT = Path(__file__).resolve().parents[2]
ENTER = """
import sys, threading
from pathlib import Path

by_gui = set()

class Watch:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread():
            by_gui.add(name)

from PySide6.QtWidgets import QApplication
from desktop.services.opening import open_store
from desktop.ui.window import MainWindow
from tests.stores import LOGIN, PASSWORD

app = QApplication([])
folder = Path(sys.argv[1])
with open_store(folder, PASSWORD, LOGIN) as store:
    window = MainWindow(folder)
    window.show()
    sys.meta_path.insert(0, Watch())
    window.enter(store)
    while window.shell is None or not window.shell._pages:
        app.processEvents()
    print(*sorted(name for name in by_gui if name.startswith("desktop.ui.")))
    window.close()
"""


@pytest.mark.parametrize(("kind", "page"), [(StoreKind.BRANCH, "home"), (StoreKind.HEADQUARTERS, "headquarters")])
def test_shell_and_first_page_are_imported_by_a_worker(tmp_path: Path, kind: StoreKind, page: str) -> None:
    new_store(tmp_path / "store", kind).close()
    command = [sys.executable, "-X", "faulthandler", "-c", ENTER, str(tmp_path / "store")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    brought = done.stdout.split()
    assert "desktop.ui.main_window" not in brought
    assert not [name for name in brought if name.startswith(f"desktop.ui.{page}")]


WAIT = """
import sys, threading
from pathlib import Path

by_gui = set()

class Watch:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread():
            by_gui.add(name)

from PySide6.QtWidgets import QApplication
from desktop.ui.window import MainWindow

app = QApplication([])
window = MainWindow(Path(sys.argv[1]))
sys.meta_path.insert(0, Watch())
window.show()
while "desktop.ui.home" not in sys.modules or not window.tasks.idle():
    app.processEvents()
print(*(name for name in sys.argv[2:] if name not in sys.modules))
print(*(name for name in sys.argv[2:] if name in by_gui))
window.close()
"""


def test_what_an_open_store_needs_is_there_before_the_password_is_typed(tmp_path: Path) -> None:
    new_store(tmp_path / "store").close()
    needed = ["argon2", "cryptography", "sqlalchemy", "desktop.services.home", "desktop.ui.main_window"]
    command = [sys.executable, "-X", "faulthandler", "-c", WAIT, str(tmp_path / "store"), *needed]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "\n\n"
