"""udisks2, which keeps the disks of a Linux desktop: sticks that nothing has opened yet, and letting a stick go.

It is asked over D-Bus and never started by asking. Where it does not run nothing is found here, and nothing refused:
what is mounted, the system itself says (`volumes`).
"""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.services.errors import StorageFailure

NAME, PLACE = "org.freedesktop.UDisks2", "/org/freedesktop/UDisks2"
BLOCK, FILES, DRIVE = f"{NAME}.Block", f"{NAME}.Filesystem", f"{NAME}.Drive"
OBJECTS = "org.freedesktop.DBus.ObjectManager"
BUSY = f"{NAME}.Error.DeviceBusy"
QUIETLY = {"auth.no_user_interaction": ("b", True)}
"""Who may not do it is told so at once; no window of the system asks for a password behind ours."""
ASK_S = 2.0
WORK_S = 60.0
"""Letting go first writes out what the system still holds back."""
_BUSES = {"usb", "sdio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugged:
    """A file system on a stick that is plugged in; `mounted`: something has opened it. The rest is udisks2's."""

    device: str
    label: str
    mounted: bool
    block: str
    drive: str
    powers_off: bool
    ejects: bool


def closed() -> list[Plugged]:
    """Return the sticks that are plugged in and that nothing has opened, by label."""
    with _disks() as disks:
        found = [] if disks is None else [each for each in disks.plugged() if not each.mounted]
    return sorted(found, key=lambda each: (each.label, each.device))


def open_stick(stick: Plugged) -> None:
    """Have the system open a stick, so that it is found like any other.

    Raises:
        StorageFailure: E-USB-CLOSED; the system does not open it, or it is gone.
    """
    with _disks() as disks:
        if disks is None or disks.refused(stick.block, FILES, "Mount") is not None:
            raise StorageFailure("E-USB-CLOSED", file=stick.label or stick.device)


def let_go(device: str, label: str) -> bool:
    """Close everything on the stick that `device` is on, and cut its power; False where udisks2 does not know it.

    Raises:
        StorageFailure: E-USB-BUSY, something still uses it; E-USB-EJECT, the system does not let us.
    """
    with _disks() as disks:
        every = [] if disks is None else disks.plugged()
        stick = next((each for each in every if each.device == device), None)
        if disks is None or stick is None:
            return False
        for part in every:
            if part.drive == stick.drive and part.mounted:
                refused = disks.refused(part.block, FILES, "Unmount")
                if refused is not None:
                    raise StorageFailure("E-USB-BUSY" if refused == BUSY else "E-USB-EJECT", file=label)
        if stick.powers_off:  # a card reader has no power of its own to cut; closed, it may be pulled all the same
            disks.refused(stick.drive, DRIVE, "PowerOff")
        elif stick.ejects:
            disks.refused(stick.drive, DRIVE, "Eject")
    return True


class _Disks:
    """udisks2 on an open connection."""

    def __init__(self, bus: Any) -> None:
        self._bus = bus

    def plugged(self) -> list[Plugged]:
        """Return the file systems on drives that can be pulled."""
        try:
            (objects,) = self._call(PLACE, OBJECTS, "GetManagedObjects", ASK_S)
        except _Refused:
            return []
        found = []
        for path, parts in objects.items():
            drive = str(_value(parts, BLOCK, "Drive", "/"))
            about = objects.get(drive, {})
            pulled = _value(about, DRIVE, "Removable", False) or _value(about, DRIVE, "ConnectionBus", "") in _BUSES
            if FILES not in parts or not pulled or _value(parts, BLOCK, "HintIgnore", False):
                continue
            found.append(
                Plugged(
                    device=_text(_value(parts, BLOCK, "Device", b"")),
                    label=str(_value(parts, BLOCK, "IdLabel", "")),
                    mounted=bool(_value(parts, FILES, "MountPoints", [])),
                    block=path,
                    drive=drive,
                    powers_off=bool(_value(about, DRIVE, "CanPowerOff", False)),
                    ejects=bool(_value(about, DRIVE, "Ejectable", False)),
                )
            )
        return found

    def refused(self, path: str, interface: str, method: str) -> str | None:
        """Have something done; return the name of the fault where it was refused."""
        try:
            self._call(path, interface, method, WORK_S, "a{sv}", (QUIETLY,))
        except _Refused as refused:
            return refused.name
        return None

    def runs(self) -> bool:
        """Whether udisks2 is there already; a call would start it, and wait."""
        from jeepney import message_bus

        try:
            answer = self._bus.send_and_get_reply(message_bus.NameHasOwner(NAME), timeout=ASK_S)
        except (OSError, EOFError, TimeoutError):
            return False
        return bool(answer.body[0])

    def _call(
        self, path: str, interface: str, method: str, seconds: float, signature: str = "", body: tuple[Any, ...] = ()
    ) -> tuple[Any, ...]:
        from jeepney import DBusAddress, new_method_call
        from jeepney.wrappers import DBusErrorResponse, unwrap_msg

        message = new_method_call(DBusAddress(path, NAME, interface), method, signature or None, body)
        try:
            answer: tuple[Any, ...] = unwrap_msg(self._bus.send_and_get_reply(message, timeout=seconds))
        except DBusErrorResponse as error:
            raise _Refused(error.name) from error
        except (OSError, EOFError, TimeoutError) as error:
            raise _Refused("") from error
        return answer


class _Refused(Exception):
    """udisks2 did not do what was asked; `name` is its fault, "" where it did not answer."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@contextlib.contextmanager
def _disks() -> Iterator[_Disks | None]:
    """Give udisks2; None where it does not run, or there is no system bus."""
    bus = _system_bus() if sys.platform == "linux" else None
    if bus is None:
        yield None
        return
    try:
        disks = _Disks(bus)
        yield disks if disks.runs() else None
    finally:
        bus.close()


def _system_bus() -> Any:
    try:
        from jeepney.io.blocking import open_dbus_connection

        return open_dbus_connection("SYSTEM")
    except (ImportError, OSError, EOFError, KeyError, ValueError, TimeoutError):
        return None


def _value(parts: dict[str, dict[str, tuple[str, Any]]], interface: str, name: str, otherwise: Any) -> Any:
    return parts.get(interface, {}).get(name, ("", otherwise))[1]


def _text(path: bytes) -> str:
    return str(Path(bytes(path).rstrip(b"\0").decode("utf-8", "surrogateescape")))
