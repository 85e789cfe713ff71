"""How packages are called and laid out."""

import re
from pathlib import Path

from desktop.services.sync import package_names
from desktop.services.sync.usb import exchange_folder
from tests.services.sync.packages import World


def test_file_names_fit_every_file_system(world: World) -> None:
    header = world.header()
    name = package_names.file_name(header, header.encode())
    assert re.fullmatch(r"ZK03_上报_000012_20260301_[0-9a-f]{8}\.dzp", name)
    wild = package_names.file_name(header, header.encode(), code="周口/烟草:第三*支部?" * 20)
    assert len(wild) <= 80
    assert not set(wild) & set('<>:"/\\|?* ')
    assert package_names.safe_name(" . ") == "支部"


def test_the_folder_of_a_code_is_no_device_of_windows(tmp_path: Path) -> None:
    assert {exchange_folder(tmp_path, code, "上报").parent.name for code in ("CON", "com1", "ZK03")} == {
        "_CON",
        "_com1",
        "ZK03",
    }


def test_code_and_direction_are_found_in_a_name(world: World) -> None:
    header = world.header()
    for code, stem in (("ZK03", "ZK03_上报"), ("周口_3", "周口_3_上报")):
        assert package_names.stem(package_names.file_name(header, header.encode(), code=code)) == stem
    assert package_names.stem("download.dzp") is None
