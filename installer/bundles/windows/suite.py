"""`dev.py test --windows`: the tests under Windows Python, in the lab, counted.

    dev.py test --windows                    all of them, part by part
    dev.py test --windows tests/services …   these, with the options of pytest

Without the lab it says so and is no failure: `dev.py lab` makes one.
"""

import re
from collections import Counter
from collections.abc import Sequence

from installer.bundles.windows.lab import OF_A_CLONE, Lab, passed_on, the_lab
from installer.dev import ROOT, say

PARTS = ("models", "cli", "services", "ui", "installer")
"""The folders of tests; what lies beside them is one part more."""

OPTIONS = ("-n", "2", "--dist", "worksteal", "-p", "no:cacheprovider")
ENDS = re.compile(r"(\d+) (passed|failed|error|skipped|xfailed)")


def main(arguments: Sequence[str]) -> int:
    """Run the tests; the exit status of the first part that failed."""
    lab = the_lab()
    if not lab.made:
        say("SKIPPED: the tests under Windows Python need the lab (dev.py lab makes it)")
        return 0
    if arguments:
        return counted(lab, arguments)[0]
    beside = [f"tests/{file.name}" for file in sorted((ROOT / "tests").glob("test_*.py"))]
    total: Counter[str] = Counter()
    statuses = []
    for part in (*([f"tests/{name}"] for name in PARTS), beside):
        status, counts = counted(lab, [*OPTIONS, *part])
        statuses.append(status)
        total.update(counts)
    say("Windows: " + ", ".join(f"{number} {what}" for what, number in total.items()))
    return next((status for status in statuses if status), 0)


def counted(lab: Lab, arguments: Sequence[str]) -> tuple[int, Counter[str]]:
    """Run pytest in the lab; its exit status, and how many tests ended how."""
    last = b""

    def keep(piece: bytes) -> None:
        nonlocal last
        passed_on(piece)
        last = (last + piece)[-500:]

    status = lab.call(
        "python", "-m", "pytest", *arguments, more=OF_A_CLONE | {"QT_QPA_PLATFORM": "offscreen"}, told=keep
    )
    return status, ended(last.decode("utf-8", "replace").strip().rpartition("\n")[2])


def ended(line: str) -> Counter[str]:
    """How many tests ended how, by the last line of pytest."""
    return Counter({what: int(number) for number, what in ENDS.findall(line)})
