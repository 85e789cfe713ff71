"""Chinese input on Linux desktops. Qt's wheels bring no fcitx plugin, so fcitx is reached by its own D-Bus protocol.

Order: a real ibus session uses Qt's ibus plugin; fcitx 5 answers the ibus protocol too; fcitx 4 gets the bridge below.
"""

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.ui.dbus import PORTAL, TIMEOUT_S

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop.ui.fcitx import FcitxBridge

FCITX5 = "org.fcitx.Fcitx5"
IBUS_PORTAL = "org.freedesktop.portal.IBus"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which way Chinese input takes, and why."""

    module: str
    bridge: bool
    reason: str


def decide(environ: dict[str, str], owned: frozenset[str], platform: str) -> Choice:
    """Choose the way from the session's variables and the names owned on its bus."""
    wanted = environ.get("QT_IM_MODULE", "")
    if platform != "linux":
        return Choice(wanted, False, "系统自带输入法，不用处理。")
    if wanted == "ibus" and not wanted.startswith("fcitx"):
        return Choice("ibus", False, "会话使用 ibus。")
    if FCITX5 in owned:
        return Choice("ibus", False, "fcitx5 兼容 ibus 协议，按 ibus 接入。")
    if PORTAL in owned:
        return Choice("compose", True, "fcitx 4 不兼容 ibus 协议，由程序直接接入。")
    if IBUS_PORTAL in owned or "org.freedesktop.IBus" in owned:
        return Choice("ibus", False, "会话总线上有 ibus。")
    if wanted.startswith("fcitx"):
        return Choice("ibus", False, "会话要求 fcitx 但还没有启动，先按 ibus 接入。")
    return Choice(wanted, False, "没有发现输入法框架，保持原样。")


def owned_names() -> frozenset[str]:
    """Return the well-known names on the session bus that concern input; none where there is no bus."""
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return frozenset()
    try:
        from jeepney import message_bus
        from jeepney.io.blocking import open_dbus_connection

        with open_dbus_connection("SESSION") as bus:
            names = bus.send_and_get_reply(message_bus.ListNames(), timeout=TIMEOUT_S).body[0]
    except (ImportError, OSError, KeyError, ValueError, TimeoutError):
        return frozenset()
    return frozenset(name for name in names if "citx" in name or "IBus" in name)


def prepare() -> Choice:
    """Set QT_IM_MODULE for this process. Call before QApplication."""
    choice = decide(dict(os.environ), owned_names() if sys.platform == "linux" else frozenset(), sys.platform)
    if sys.platform == "linux" and choice.module:
        os.environ["QT_IM_MODULE"] = choice.module
    return choice


def install(app: "QApplication", choice: Choice) -> "FcitxBridge | None":
    """Start the bridge if it was chosen. Call after QApplication."""
    if not choice.bridge:
        return None
    from desktop.ui.fcitx import FcitxBridge

    return FcitxBridge(app)


def diagnose() -> str:
    """Return lines for the help page and for `--diagnose-input`: what was found, and which way input takes."""
    owned = owned_names() if sys.platform == "linux" else frozenset()
    choice = decide(dict(os.environ), owned, sys.platform)
    lines = [
        f"系统：{sys.platform}",
        f"QT_IM_MODULE：{os.environ.get('QT_IM_MODULE', '（未设置）')}",
        f"XMODIFIERS：{os.environ.get('XMODIFIERS', '（未设置）')}",
        f"会话总线：{'有' if os.environ.get('DBUS_SESSION_BUS_ADDRESS') else '没有'}",
        f"总线上的输入法：{'、'.join(sorted(owned)) or '没有'}",
        f"fcitx：{_version('fcitx')}；fcitx5：{_version('fcitx5')}",
        f"接入方式：{'程序直接接入 fcitx' if choice.bridge else choice.module or '保持原样'}",
        f"原因：{choice.reason}",
    ]
    return "\n".join(lines)


def _version(program: str) -> str:
    import shutil
    import subprocess

    path = shutil.which(program)
    if path is None:
        return "没有安装"
    try:
        found = subprocess.run([path, "-v"], capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return path
    return found.stdout.strip().splitlines()[0] if found.stdout.strip() else path
