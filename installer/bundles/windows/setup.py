"""`dev.py setup-exe`: the program for Windows, built in the lab, and the set-up program around it, proved there.

    dev.py setup-exe             dist/支部工作台-0.2.0-setup.exe, from the spec that every system shares, and its proof
    dev.py setup-exe --proof     the proof again, of what was built last

What is proved, in a Windows of its own: proof.py.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from installer.bundles.contents import NAME, size, version
from installer.bundles.frozen import press_faces
from installer.bundles.windows import proof
from installer.bundles.windows.lab import FOR_BUILDING, HERE, OF_A_CLONE, Lab, the_lab
from installer.dev import ROOT, quietly, say

WORK = Path("build", "setup")
ICON = ROOT / "resources" / "icons" / f"{NAME}.ico"


def main(arguments: Sequence[str]) -> int:
    """Build the set-up program, unless it is only to be proved, and prove it."""
    lab = the_lab(FOR_BUILDING)
    lab.make()
    payload = ROOT / WORK / "dist" / NAME
    target = ROOT / "dist" / f"支部工作台-{version()}-setup.exe"
    older = ROOT / WORK / f"setup-{proof.OLDER}.exe"
    if "--proof" not in arguments:
        frozen(lab)
        compile_setup(payload, target, version())
        compile_setup(payload, older, proof.OLDER, "-DQUICK")  # only to be upgraded from
    say(f"{target}: {target.stat().st_size >> 20} MiB, unpacked {size(payload) >> 20} MiB")
    return proof.proved(target, older)


def frozen(lab: Lab) -> None:
    """Build the folder of the program in the lab.

    Raises:
        SystemExit: PyInstaller failed; it has said why.
    """
    started = time.monotonic()
    to = ("--distpath", f"{WORK}/dist", "--workpath", f"{WORK}/work")
    command = [
        "-m",
        "installer.bundles.windows.freeze",
        "--noconfirm",
        "--log-level=WARN",
        *to,
        f"installer/{NAME}.spec",
    ]
    status = lab.call("python", *command, more={**OF_A_CLONE, "PYTHONPATH": "."})
    if status:
        raise SystemExit(status)
    press_faces(ROOT / WORK / "dist" / NAME)
    say(f"branch-desk.exe in {time.monotonic() - started:.0f} s")


def compile_setup(payload: Path, target: Path, number: str, *options: str) -> None:
    """Make the set-up program of `payload`, which calls itself the version `number`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    told = {"VERSION": number, "NUMBERS": f"{number}.0", "PAYLOAD": payload, "ICON": ICON, "OUT": target}
    defined = [f"-D{name}={value}" for name, value in told.items()]
    quietly(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defined, *options, HERE / "setup.nsi"])
