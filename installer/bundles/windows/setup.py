"""`dev.py setup-exe`: the program for Windows, built in the lab, and the set-up program around it, proved there.

    dev.py setup-exe             dist/支部工作台-0.2.0-setup.exe and dist/branch-desk-0.2.0-windows-x86_64.zip, from the
                                 spec that every system shares, and their proofs
    dev.py setup-exe --proof     the proofs again, of what was built last
    dev.py setup-exe --upgrade   only the second of them

What is proved, each in a Windows of its own: proof.py, the life of an installed program; upgrade.py, new versions that
come on a stick.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from installer.bundles.contents import NAME, size, version
from installer.bundles.frozen import press_faces
from installer.bundles.windows import proof, upgrade
from installer.bundles.windows.lab import FOR_BUILDING, OF_A_CLONE, Lab, the_lab
from installer.bundles.windows.packing import QUICK, compile_setup, press_folder, setup_name
from installer.dev import ROOT, say

WORK = Path("build", "setup")


def main(arguments: Sequence[str]) -> int:
    """Build the set-up program, unless it is only to be proved, and prove it."""
    lab = the_lab(FOR_BUILDING)
    lab.make()
    payload = ROOT / WORK / "dist" / NAME
    target = ROOT / "dist" / setup_name(version())
    older = ROOT / WORK / f"setup-{proof.OLDER}.exe"
    if not arguments:
        frozen(lab)
        started = time.monotonic()
        compile_setup(payload, target, version())
        compile_setup(payload, older, proof.OLDER, QUICK)  # only to be upgraded from
        portable = press_folder(payload, target.parent, version())
        say(f"packed in {time.monotonic() - started:.0f} s; {portable}: {portable.stat().st_size >> 20} MiB")
    say(f"{target}: {target.stat().st_size >> 20} MiB, unpacked {size(payload) >> 20} MiB")
    first = 0 if "--upgrade" in arguments else proof.proved(target, older)
    return first or upgrade.proved(payload)


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
