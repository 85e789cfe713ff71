"""What answers as udisks2 on a private bus: a disk that stays, and a stick with two file systems."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, new_error, new_method_return, new_signal

from desktop.services import udisks
from tests.ui.bus import Answering, session_bus

DISK, STICK = f"{udisks.PLACE}/drives/Disk", f"{udisks.PLACE}/drives/Stick"
BLOCKS = f"{udisks.PLACE}/block_devices/"
Properties = dict[str, tuple[str, Any]]


class Disks(Answering):
    """udisks2, until `stop`: `mounted` by device, what was `done`, and the fault of a call that is `refused`."""

    def __init__(self, address: str) -> None:
        self.plugged = True
        self.mounted = {"sdb1": True, "sdb2": False}
        self.done: list[tuple[str, str]] = []
        self.refused: dict[str, str] = {}
        self.powers_off = True
        super().__init__(address, udisks.NAME)

    def plug(self) -> None:
        """Plug the stick in, and tell whoever listens."""
        self.plugged = True
        place = DBusAddress(udisks.PLACE, interface=udisks.OBJECTS)
        self._bus.send(new_signal(place, "InterfacesAdded", "oa{sa{sv}}", (f"{BLOCKS}sdb1", {})))

    def _answer(self, message: Any) -> None:
        fields = message.header.fields
        path, member = fields[HeaderFields.path], fields[HeaderFields.member]
        if member == "GetManagedObjects":
            self._bus.send(new_method_return(message, "a{oa{sa{sv}}}", (self._objects(),)))
            return
        self.done.append((member, path.rsplit("/", 1)[1]))
        assert message.body == (udisks.QUIETLY,)
        if member in self.refused:
            self._bus.send(new_error(message, self.refused[member], "s", ("no",)))
            return
        if member in ("Mount", "Unmount"):
            self.mounted[path.removeprefix(BLOCKS)] = member == "Mount"
        told = ("s", ("/media/stick",)) if member == "Mount" else (None, ())
        self._bus.send(new_method_return(message, *told))

    def _objects(self) -> dict[str, dict[str, Properties]]:
        found = {
            DISK: {udisks.DRIVE: _drive("", removable=False)},
            f"{BLOCKS}sda1": _block("sda1", "本机", DISK, mounted=False),
        }
        if self.plugged:
            found[STICK] = {udisks.DRIVE: _drive("usb", removable=True, powers_off=self.powers_off)}
            for name, mounted in self.mounted.items():
                found[f"{BLOCKS}{name}"] = _block(name, f"党建{name[-1]}", STICK, mounted=mounted)
        return found


def _drive(bus: str, *, removable: bool, powers_off: bool = False) -> Properties:
    return {
        "ConnectionBus": ("s", bus),
        "Removable": ("b", removable),
        "CanPowerOff": ("b", powers_off),
        "Ejectable": ("b", removable),
    }


def _block(name: str, label: str, drive: str, *, mounted: bool) -> dict[str, Properties]:
    places = [f"/media/{name}\0".encode()] if mounted else []
    return {
        udisks.BLOCK: {
            "Device": ("ay", f"/dev/{name}\0".encode()),
            "IdLabel": ("s", label),
            "Drive": ("o", drive),
            "HintIgnore": ("b", False),
        },
        udisks.FILES: {"MountPoints": ("aay", places)},
    }


@contextlib.contextmanager
def system_bus(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a bus that takes the place of that of the system, and give its address."""
    with session_bus(folder) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


@contextlib.contextmanager
def disks_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disks]:
    """Run a bus of the system with udisks2 on it."""
    with system_bus(folder, monkeypatch) as address:
        disks = Disks(address)
        try:
            yield disks
        finally:
            disks.stop()
