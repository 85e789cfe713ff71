"""From the first start to a saved meeting by what assistive programs are told: names, roles, states, actions, and keys.

The tree of the real window is asked over D-Bus (AT-SPI); nothing is known of its places on the screen.
Debian: at-spi2-core xvfb xdotool openbox.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from desktop.paths import resource
from installer.waiting import until
from tests.proofs.atspi import LAUNCHER, Gone, Listener, Part, launched
from tests.proofs.prove_input import running
from tests.stores import PASSWORD
from tests.ui import xvfb
from tests.ui.bus import session_bus
from tests.ui.desks import SAMPLE

ROOT = Path(__file__).parents[2]
PATIENCE_S, PAUSE_S, KEY_MS = 60.0, 0.2, 30
MOST_ITEMS = 60
BUTTON, FIELD, LABEL = "push button", "text", "label"
DROP_DOWN, CELL = "combo box", "cell"
SPOKEN = {BUTTON, FIELD, DROP_DOWN, "check box", "radio button", "spin button", "table", "list", "page tab list"}
"""Roles of what a person uses, which must be called something."""
QT_OWN = {"查找范围：", "文件类型："}
"""What stands before the drop-downs of Qt's own dialog for files, which we do not name."""

pytestmark = pytest.mark.skipif(
    not xvfb.installed() or not LAUNCHER.is_file() or None in map(shutil.which, ("xdotool", "openbox", "dbus-daemon")),
    reason="Xvfb, libxcb-cursor, openbox, xdotool, dbus-daemon or at-spi2-core is not installed: nobody listens",
)


class Walker:
    """Goes through the program as somebody who does not see it."""

    def __init__(self, listener: Listener, env: dict[str, str]) -> None:
        self._listener, self._env = listener, env
        self.nameless = set[str]()

    def all(self) -> list[Part]:
        """Return every part on screen, that of the window on top last."""
        found = list[Part]()
        try:
            for program in self._listener.programs():
                found += self._listener.below(program)
        except Gone:
            return []
        for before, part in pairwise(found):
            called = part.told if part.role == DROP_DOWN else part.name  # Qt tells the value of these for their name
            if part.role in SPOKEN and part.can_take_keys() and not called and before.name not in QT_OWN:
                self.nameless.add(f"{part.role} after “{before.name}”")
        return found

    def find(self, role: str, name: str) -> Part:
        """Wait for the last part of this role and name that works."""
        end = time.monotonic() + PATIENCE_S
        while True:
            all_ = self.all()
            for part in reversed(all_):
                if (part.role, part.name) == (role, name) and part.works():
                    return part
            if time.monotonic() > end:
                told = sorted({f"{part.role} “{part.name}”" for part in all_ if part.name})
                pytest.fail(f"no {role} is called “{name}”, but: {', '.join(told)}")
            time.sleep(PAUSE_S)

    def press(self, name: str) -> None:
        """Press a button by its action."""
        self._listener.do(self.find(BUTTON, name), "Press")

    def type(self, name: str, words: str, role: str = FIELD) -> None:
        """Send keys to a field and type letters and digits."""
        self.focus(role, name)
        self.keys("ctrl+a")
        self.say(words)

    def say(self, words: str, *keys: str) -> None:
        """Type letters and digits, then keys, wherever they go."""
        subprocess.run(["xdotool", "type", "--delay", str(KEY_MS), words], env=self._env, check=True)
        self.keys(*keys)

    def write(self, name: str, words: str) -> None:
        """Let a field hold words no key is for, as an input method brings them."""
        part = self.find(FIELD, name)
        assert self._listener.write(part, words), name
        assert self._listener.read(part) == words

    def focus(self, role: str, name: str) -> None:
        """Send keys to a part, and see that they go there."""
        end = time.monotonic() + PATIENCE_S
        while not (part := self.find(role, name)).takes_keys():
            assert time.monotonic() < end, f"{name} takes no keys"
            self._listener.go_to(part)
            time.sleep(PAUSE_S)

    def keys(self, *names: str) -> None:
        """Press keys, wherever they go."""
        if names:
            subprocess.run(["xdotool", "key", "--delay", str(KEY_MS), *names], env=self._env, check=True)

    def refusal(self, name: str) -> str:
        """Return what is spoken of a field that does not take what stands in it."""
        until(lambda: bool(self.find(FIELD, name).told), PATIENCE_S, f"nothing is said of {name}")
        return self.find(FIELD, name).told

    def choose(self, menu: str, name: str) -> None:
        """Open the menu of a button, go down as its items are spoken, and take the one of this name."""
        self.focus(BUTTON, menu)
        self.keys("space")
        heard = list[str]()
        while name not in heard:
            self.keys("Down")
            time.sleep(PAUSE_S)
            self._listener.programs()  # what was told meanwhile comes with the answer
            part = self._listener.focused()
            heard.append(part.name if part is not None else "")
            assert len(heard) < MOST_ITEMS, f"no “{name}” is spoken, but {heard}"
        self.keys("Return")


@pytest.fixture
def walker(tmp_path: Path) -> Iterator[Walker]:
    """The program at its first start, on a display and a session of its own."""
    with ExitStack() as stack:
        env = os.environ | stack.enter_context(xvfb.display())
        stack.enter_context(running(["openbox"], env))  # first: a display without any client begins anew
        asked = ["xdotool", "get_num_desktops"]
        until(
            lambda: subprocess.run(asked, env=env, capture_output=True, check=False).returncode == 0,
            PATIENCE_S,
            "openbox does not come",
        )
        address = stack.enter_context(session_bus(tmp_path))
        (tmp_path / "run").mkdir(mode=0o700)
        env |= {"DBUS_SESSION_BUS_ADDRESS": address, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
        env |= {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        env["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"] = "1"
        stack.enter_context(launched(env))
        stack.enter_context(running([sys.executable, "-m", "desktop"], env))
        listener = Listener(address)
        stack.callback(listener.close)
        yield Walker(listener, env)


def test_from_the_first_start_to_a_saved_meeting_by_what_is_spoken(walker: Walker) -> None:
    walker.press("党支部")
    walker.write("党支部名称", "云河县站党支部")
    walker.type("密码", PASSWORD)
    walker.type("再输一次密码", PASSWORD)
    walker.press("建立")
    walker.find(BUTTON, "我已抄好")
    spoken = walker.all()
    for field in [part for part in spoken if part.role == FIELD]:
        title = field.name.removeprefix("恢复码")
        at = next(number for number, part in enumerate(spoken) if part.role == LABEL and part.name == title)
        walker.type(field.name, spoken[at + 1].name)
    walker.press("我已抄好")
    walker.press("导入党员名册")
    walker.press("选择文件")
    walker.find("dialog", "导入党员名册")
    walker.say(str(resource(f"samples/{SAMPLE}/roster.xlsx")), "Return")
    walker.press("下一步：试导入")
    walker.press("导入 30 人")
    walker.find(BUTTON, "看党员名册")
    walker.keys("ctrl+3")
    walker.choose("记一次会议", "支部党员大会")
    walker.write("地点", "党员活动室")
    walker.type("时间", "later")
    walker.keys("Tab")
    assert walker.refusal("时间").startswith("不是时间")
    walker.type("时间", "0900-1030")
    walker.keys("Tab")
    walker.write("议题", "学习条例")
    walker.write("议程", "学习纪律处分条例")
    walker.write("决议", "按计划学完")
    walker.press("完成记录")
    walker.find(CELL, "会议：学习条例，支部党员大会")
    assert walker.nameless == set()
