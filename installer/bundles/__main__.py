"""What is handed out: built on this machine, and proved by using it.

    dev.py bundle           the program as a folder without Python (dist/branch-desk)
    dev.py deb [LAB]        the program for Linux, a package and a portable folder, built on an old Debian in LAB
    dev.py lab              a Windows Python with our wheels, under wine
    dev.py test --windows   the tests in it
    dev.py setup-exe        the program for Windows and its set-up program, built and proved there
    dev.py release          sums and signature of what is handed out

A verb is a module of this folder with a `main` that takes its arguments and gives the exit status.
"""

import importlib
import sys

VERBS = {
    "bundle": "frozen",
    "deb": "deb",
    "release": "release",
    "lab": "windows.lab",
    "test-windows": "windows.suite",
    "setup-exe": "windows.setup",
}
"""Each verb of `dev.py`, by the module that does it: only that one is loaded."""


def main(arguments: list[str]) -> int:
    """Do one verb."""
    verb, *rest = arguments
    status: int = importlib.import_module(f"installer.bundles.{VERBS[verb]}").main(rest)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
