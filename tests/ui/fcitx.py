"""A little fcitx on a private session bus: it turns the key n into 你, and remembers what it was told."""

from typing import Any

from jeepney import DBusAddress, HeaderFields, new_error, new_method_return, new_signal

from tests.ui.bus import Answering

PORTAL = "org.freedesktop.portal.Fcitx"
CONTEXT = "/org/freedesktop/portal/inputcontext/1"
KEY_N = ord("n")


class Fcitx(Answering):
    """Answers on the portal's name until `stop`."""

    def __init__(self, address: str) -> None:
        self.capabilities: list[int] = []
        self.focus: list[str] = []
        super().__init__(address, PORTAL)

    def _answer(self, message: Any) -> None:
        name = message.header.fields.get(HeaderFields.member)
        if name == "CreateInputContext":
            self._bus.send(new_method_return(message, "oay", (CONTEXT, b"1")))
        elif name == "SetCapability":
            self.capabilities.append(message.body[0])
            self._bus.send(new_method_return(message))
        elif name in ("FocusIn", "FocusOut", "SetCursorRect"):
            self.focus.append(name)
            self._bus.send(new_method_return(message))
        elif name == "ProcessKeyEvent":
            key, released = message.body[0], message.body[3]
            taken = key == KEY_N
            if taken and not released:
                sender = DBusAddress(CONTEXT, interface="org.fcitx.Fcitx.InputContext1")
                self._bus.send(new_signal(sender, "CommitString", "s", ("你",)))
            self._bus.send(new_method_return(message, "b", (taken,)))
        else:
            self._bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))
