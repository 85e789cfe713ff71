"""What is handed out for Windows, made of the folder of the program: the set-up program, and a zip that needs none."""

import zipfile
from pathlib import Path

from installer.bundles.contents import NAME
from installer.bundles.windows.lab import HERE
from installer.dev import ROOT, quietly

ICON = ROOT / "resources" / "icons" / f"{NAME}.ico"
QUICK = "-DQUICK"
"""For a set-up program that only a proof uses: pressed less, and made sooner."""


def setup_name(number: str) -> str:
    """What the set-up program of a version is called."""
    return f"支部工作台-{number}-setup.exe"


def compile_setup(payload: Path, target: Path, number: str, *options: str) -> None:
    """Make the set-up program of `payload`, which calls itself the version `number`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    told = {"VERSION": number, "NUMBERS": f"{number}.0", "PAYLOAD": payload, "ICON": ICON, "OUT": target}
    defined = [f"-D{name}={value}" for name, value in told.items()]
    quietly(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defined, *options, HERE / "setup.nsi"])


def press_folder(payload: Path, to: Path, number: str, pressing: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write the portable form of `payload` into `to`: a zip of one folder that bears the version in its name."""
    to.mkdir(parents=True, exist_ok=True)
    file = to / f"{NAME}-{number}-windows-x86_64.zip"
    with zipfile.ZipFile(file, "w", pressing) as packed:
        for each in sorted(payload.rglob("*")):
            if each.is_file():
                packed.write(each, f"{NAME}-{number}/{each.relative_to(payload).as_posix()}")
    return file
