"""The tree of a window as assistive programs see it (AT-SPI over D-Bus): roles, names, states, actions, fields.

What is asked of a program that is busy is asked again: each call has a short time-out.
"""

import contextlib
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
CALL_S = 2.0
HEARD = 1000
FOCUS = "object:state-changed:focused"
ATSPI = "org.a11y.atspi"
ROOT = "/org/a11y/atspi/accessible/root"
FOCUSED, SHOWING, ENABLED, FOCUSABLE = 12, 25, 8, 11
"""Numbers of states, as AT-SPI counts its bits."""


class Gone(Exception):
    """A part that is asked is no more there, or does not answer."""


@contextmanager
def launched(env: dict[str, str]) -> Iterator[None]:
    """Run the bus of assistive programs in the session of `env`."""
    launcher = subprocess.Popen([LAUNCHER, "--launch-immediately"], env=env, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        launcher.terminate()
        launcher.wait()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a program: where it is on the bus, and what it says of itself."""

    owner: str
    path: str
    role: str
    name: str
    states: int
    told: str = ""
    """Its description."""

    def shows(self) -> bool:
        """Whether it is on screen."""
        return bool(self.states >> SHOWING & 1)

    def takes_keys(self) -> bool:
        """Whether keys go to it."""
        return bool(self.states >> FOCUSED & 1)

    def works(self) -> bool:
        """Whether it can be used."""
        return bool(self.states >> ENABLED & 1)

    def can_take_keys(self) -> bool:
        """Whether keys can be sent to it."""
        return bool(self.states >> FOCUSABLE & 1)


class Listener:
    """Asks programs on the bus of assistive programs."""

    def __init__(self, session: str) -> None:
        with contextlib.closing(open_dbus_connection(session)) as bus:
            where = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            address = bus.send_and_get_reply(new_method_call(where, "GetAddress"), timeout=CALL_S).body[0]
        self._bus: DBusConnection = open_dbus_connection(address)
        rule = MatchRule(type="signal", interface=f"{ATSPI}.Event.Object", member="StateChanged")
        self._heard: deque[Message] = self._bus.filter(rule, bufsize=HEARD).__enter__()
        self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=CALL_S)
        registry = DBusAddress("/org/a11y/atspi/registry", f"{ATSPI}.Registry", f"{ATSPI}.Registry")
        self._bus.send_and_get_reply(new_method_call(registry, "RegisterEvent", "s", (FOCUS,)), timeout=CALL_S)

    def focused(self) -> Part | None:
        """Return what the program last said to have the keys since this was asked last."""
        told = [each for each in self._heard if each.body[:2] == ("focused", 1)]
        self._heard.clear()
        if told:
            fields = told[-1].header.fields
            with contextlib.suppress(Gone):  # it has gone meanwhile
                return self.look(fields[HeaderFields.sender], fields[HeaderFields.path])
        return None

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def programs(self) -> list[Part]:
        """Return the programs that speak."""
        return self.children(Part(f"{ATSPI}.Registry", ROOT, "", "", 0))

    def children(self, part: Part) -> list[Part]:
        """Return the parts right below a part."""
        found = self._call(part, "Accessible", "GetChildren")[0]
        out = []
        for owner, path in found:
            with contextlib.suppress(Gone):
                out.append(self.look(owner, path))
        return out

    def look(self, owner: str, path: str) -> Part:
        """Return what a part says of itself now."""
        bare = Part(owner, path, "", "", 0)
        role = str(self._call(bare, "Accessible", "GetRoleName")[0])
        name = str(self._property(bare, "Accessible", "Name"))
        told = str(self._property(bare, "Accessible", "Description"))
        low, high = self._call(bare, "Accessible", "GetState")[0]
        return Part(owner, path, role, name, low | high << 32, told)

    def below(self, part: Part) -> Iterator[Part]:
        """Go through all parts below a part that are on screen, in their order."""
        for child in self.children(part):
            if child.role == "application" or child.shows():
                yield child
                with contextlib.suppress(Gone):
                    yield from self.below(child)

    def do(self, part: Part, action: str) -> None:
        """Do one of its actions."""
        names = self._call(part, "Action", "GetActions")[0]
        number = next(
            number for number in range(len(names)) if self._call(part, "Action", "GetName", "i", number)[0] == action
        )
        self._call(part, "Action", "DoAction", "i", number)

    def write(self, part: Part, words: str) -> bool:
        """Put words into a field."""
        return bool(self._call(part, "EditableText", "SetTextContents", "s", words)[0])

    def read(self, part: Part) -> str:
        """Return the words in a field."""
        return str(self._call(part, "Text", "GetText", "ii", 0, -1)[0])

    def go_to(self, part: Part) -> bool:
        """Send keys to a part."""
        return bool(self._call(part, "Component", "GrabFocus")[0])

    def _property(self, part: Part, interface: str, name: str) -> Any:
        asked = Properties(DBusAddress(part.path, part.owner, f"{ATSPI}.{interface}")).get(name)
        return self._answer(asked)[0][1]

    def _call(self, part: Part, interface: str, method: str, kinds: str | None = None, *values: Any) -> Sequence[Any]:
        where = DBusAddress(part.path, part.owner, f"{ATSPI}.{interface}")
        return self._answer(new_method_call(where, method, kinds, values))

    def _answer(self, message: Any) -> Sequence[Any]:
        try:
            answer = self._bus.send_and_get_reply(message, timeout=CALL_S)
        except TimeoutError as error:
            raise Gone("no answer") from error
        if answer.header.message_type is MessageType.error:
            raise Gone(str(answer.body))
        body: Sequence[Any] = answer.body
        return body
