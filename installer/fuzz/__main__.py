"""Look for what the tests do not know of.

    dev.py fuzz [minutes] [tests …]                        the properties of the tests, by ever new examples
    dev.py fuzz KIND [--count N] [--seed S] [--first K] [--processes P] [--stores DIR]
                                                           counted trials: packages, standards, workbooks, histories,
                                                           stick, kills, faults, memory

Each case is drawn from the seed and its number: what failed is tried again by `--first ITS_NUMBER --count 1`, and a
long run is cut into pieces the same way. Names of rows are drawn anew with the stores, unless `--stores` keeps them.
The status is 1 if anything failed.
"""

import argparse
import signal
import sys
from pathlib import Path

from installer.fuzz import properties
from installer.fuzz.run import KINDS, Run


def main(arguments: list[str]) -> int:
    """Run counted trials if a kind is named, else the properties."""
    if not arguments or arguments[0] not in KINDS:
        return properties.main(arguments)
    parser = argparse.ArgumentParser(prog=f"dev.py fuzz {arguments[0]}", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=100, help="so many cases (100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="number of the first case (1)")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--stores", type=Path, help="make what cases start from there, or find it there")
    options = parser.parse_args(arguments[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that nothing is left in memory
    run = Run(
        arguments[0],
        options.seed,
        first=options.first,
        count=options.count,
        processes=options.processes,
        stores=options.stores,
    )
    return 0 if run.go() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
