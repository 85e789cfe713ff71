"""udisks2 over a real bus: sticks that nothing has opened, and letting one go."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services import udisks
from desktop.services.errors import StorageFailure
from desktop.services.sync import usb
from desktop.services.udisks import BUSY
from desktop.services.volumes import Volume
from tests.udisks import Disks, disks_on, system_bus

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="disks as Linux keeps them"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon, the bus, is not installed"),
]
STICK = Volume(
    root=Path("/media/sdb1"),
    label="党建1",
    device="/dev/sdb1",
    file_system="exfat",
    read_only=False,
    free_bytes=1,
    total_bytes=2,
)


@pytest.fixture
def disks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disks]:
    with disks_on(tmp_path, monkeypatch) as running:
        yield running


def test_a_stick_that_nothing_opened_is_found_by_its_name_and_a_disk_that_stays_is_none(disks: Disks) -> None:
    (found,) = udisks.closed()
    assert (found.device, found.label, found.mounted) == ("/dev/sdb2", "党建2", False)
    disks.plugged = False
    assert udisks.closed() == []


def test_a_stick_is_opened_and_is_closed_no_more(disks: Disks) -> None:
    (found,) = udisks.closed()
    udisks.open_stick(found)
    assert disks.done == [("Mount", "sdb2")]
    assert udisks.closed() == []


def test_a_stick_that_the_system_does_not_open_is_told_of(disks: Disks) -> None:
    disks.refused["Mount"] = f"{udisks.NAME}.Error.NotAuthorizedCanObtain"
    (found,) = udisks.closed()
    with pytest.raises(StorageFailure, match="E-USB-CLOSED"):
        udisks.open_stick(found)


def test_all_that_is_open_on_a_stick_is_closed_before_its_power_is_cut(disks: Disks) -> None:
    disks.mounted["sdb2"] = True
    usb.eject(STICK)
    assert disks.done == [("Unmount", "sdb1"), ("Unmount", "sdb2"), ("PowerOff", "Stick")]


def test_a_reader_that_has_no_power_of_its_own_gives_its_card_back(disks: Disks) -> None:
    disks.powers_off = False
    usb.eject(STICK)
    assert disks.done == [("Unmount", "sdb1"), ("Eject", "Stick")]


@pytest.mark.parametrize(("fault", "code"), [(BUSY, "E-USB-BUSY"), (f"{udisks.NAME}.Error.Failed", "E-USB-EJECT")])
def test_a_stick_that_is_in_use_or_not_ours_to_pull_is_not_let_go(disks: Disks, fault: str, code: str) -> None:
    disks.refused["Unmount"] = fault
    with pytest.raises(StorageFailure, match=code):
        usb.eject(STICK)
    assert disks.done == [("Unmount", "sdb1")]


def test_a_closed_stick_whose_power_stays_on_may_be_pulled(disks: Disks) -> None:
    disks.refused["PowerOff"] = f"{udisks.NAME}.Error.Failed"
    usb.eject(STICK)
    assert disks.done[-1] == ("PowerOff", "Stick")


def test_without_udisks_and_without_a_bus_nothing_is_found_and_nothing_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with system_bus(tmp_path, monkeypatch):
        assert udisks.closed() == []
        assert not udisks.let_go("/dev/sdb1", "党建1")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    assert udisks.closed() == []
    assert not udisks.let_go("/dev/sdb1", "党建1")
