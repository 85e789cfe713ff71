"""Chinese typed through the daemons that desks have: ibus, fcitx 5, and fcitx 4 where it is installed.

Pinyin goes into every kind of field by real keys on a private display; what is typed shows at the cursor before it is
chosen, and passwords are left alone. Debian: ibus ibus-libpinyin fcitx5 fcitx5-chinese-addons xdotool openbox; where
the data of fcitx 5 and 4 exclude each other, after that fcitx-bin fcitx-pinyin fcitx-modules fcitx-module-dbus in their
place, and once more.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

from installer.waiting import until
from tests.proofs.fields import KINDS
from tests.ui import xvfb
from tests.ui.bus import session_bus

ROOT = Path(__file__).parents[2]
PATIENCE_S, PAUSE_MS = 40.0, 80
ANSWER_S, LOOK_S = 2.0, 0.5
PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=pinyin
Layout=

[GroupOrder]
0=Default
"""

Start = Callable[[ExitStack, dict[str, str], Path], str]
"""Starts a daemon and returns what the session says of it."""

pytestmark = pytest.mark.skipif(
    not xvfb.installed() or shutil.which("xdotool") is None or shutil.which("openbox") is None,
    reason="Xvfb, libxcb-cursor, openbox or xdotool is not installed: no keys on a display",
)


@contextmanager
def running(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a program until the end of the block."""
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


class Typist:
    """Types on the display, and reads what the window with the fields says."""

    def __init__(self, fields: subprocess.Popen[str], env: dict[str, str]) -> None:
        self._env, self._said = env, Queue[str]()
        self._heard: list[str] = []
        Thread(target=self._listen, args=(fields,), daemon=True).start()

    def _listen(self, fields: subprocess.Popen[str]) -> None:
        assert fields.stdout is not None
        for line in fields.stdout:
            self._said.put(line.rstrip("\n"))

    def hear(self, beginning: str, seconds: float) -> str | None:
        """Return the first line that begins so, if it comes in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                line = self._said.get(timeout=LOOK_S)
            except Empty:
                continue
            self._heard.append(line)
            if line.startswith(beginning):
                return line
        return None

    def until(self, beginning: str) -> str:
        """Return the first line from now on that begins so."""
        line = self.hear(beginning, PATIENCE_S)
        assert line is not None, f"nothing that begins with “{beginning}”, but {self._heard}"
        return line

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        subprocess.run(["xdotool", "key", "--delay", str(PAUSE_MS), *keys], env=self._env, check=True)

    def holds(self, kind: str, words: str) -> None:
        """Ask until a field holds these words: until the window has the keys, they go nowhere."""
        end, asked = time.monotonic() + PATIENCE_S, f"holds {kind}"
        while True:
            self.press("F8")
            found = self.hear(asked, ANSWER_S)
            if found is not None and found.removeprefix(asked).strip() == words:
                return
            assert time.monotonic() < end, f"{kind} does not hold “{words}”: {self._heard}"


def by_ibus(stack: ExitStack, env: dict[str, str], _home: Path) -> str:
    """Start ibus with its intelligent pinyin."""
    stack.enter_context(running(["ibus-daemon", "--replace", "--panel", "disable"], env))

    def pinyin() -> bool:
        subprocess.run(["ibus", "engine", "libpinyin"], env=env, capture_output=True, check=False)
        now = subprocess.run(["ibus", "engine"], env=env, capture_output=True, text=True, check=False).stdout
        return now.strip() == "libpinyin"

    until(pinyin, PATIENCE_S, "ibus has no pinyin: install ibus-libpinyin")
    return "ibus"


def by_fcitx5(stack: ExitStack, env: dict[str, str], home: Path) -> str:
    """Start fcitx 5 with pinyin alone."""
    profile = home / "config" / "fcitx5" / "profile"
    profile.parent.mkdir(parents=True)
    profile.write_text(PROFILE)
    stack.enter_context(running(["fcitx5", "--disable=wayland"], env))
    _named(env, "org.freedesktop.portal.Fcitx")
    return "fcitx"


def by_fcitx4(stack: ExitStack, env: dict[str, str], home: Path) -> str:
    """Start fcitx 4 with pinyin in force."""
    profile = home / "config" / "fcitx" / "profile"
    profile.parent.mkdir(parents=True)
    profile.write_text("[Profile]\nIMName=pinyin\nEnabledIMList=pinyin:True,fcitx-keyboard-us:True\n")
    stack.enter_context(running(["fcitx", "-D"], env))
    _named(env, "org.freedesktop.portal.Fcitx")
    return "fcitx"


def _named(env: dict[str, str], name: str) -> None:
    """Wait until a name is on the bus."""
    command = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus"]
    command[-1] += ".NameHasOwner"
    command.append(f"string:{name}")

    def there() -> bool:
        return "true" in subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout

    until(there, PATIENCE_S, f"{name} does not come")


@pytest.mark.parametrize(
    ("program", "start", "way"),
    [
        ("ibus-daemon", by_ibus, "way ibus plugin"),
        ("fcitx5", by_fcitx5, "way ibus plugin"),
        ("fcitx", by_fcitx4, "way compose bridge"),
    ],
    ids=["ibus", "fcitx5", "fcitx4"],
)
def test_pinyin_reaches_every_kind_of_field_and_no_password(
    tmp_path: Path, program: str, start: Start, way: str
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    with ExitStack() as stack:
        address = stack.enter_context(session_bus(tmp_path))
        home = tmp_path / "home"
        (home / "run").mkdir(parents=True, mode=0o700)
        env = os.environ | stack.enter_context(xvfb.display("800x600"))
        env |= {"DBUS_SESSION_BUS_ADDRESS": address, "HOME": str(home), "LANG": "C.UTF-8"}
        env |= {"XDG_CONFIG_HOME": str(home / "config"), "XDG_RUNTIME_DIR": str(home / "run")}
        stack.enter_context(running(["openbox"], env))
        env["QT_IM_MODULE"] = start(stack, env, home)
        fields = stack.enter_context(running([sys.executable, "-m", "tests.proofs.fields"], env))
        typist = Typist(fields, env)
        assert typist.until("way") == way
        for number, kind in enumerate(KINDS):
            if number:
                typist.press("F9")
            typist.until(f"at {kind}")
            typist.holds(kind, "")  # the window has the keys
            typist.press(*"nihao")
            if kind == "password":
                typist.holds(kind, "nihao")
                continue
            assert typist.until("preedit").endswith("inside")
            typist.press("space")
            typist.holds(kind, "你好")
