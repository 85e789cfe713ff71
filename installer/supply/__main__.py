"""Where the work of others comes from, what it is, and what is known to be wrong with it.

    dev.py wheels                 whether all wheels exist for every supported machine
    dev.py wheels --to DIR        all of them in a folder, for machines without a network
    dev.py third-party [--check]  THIRD_PARTY.md, from what the locked files and the installed packages say
    dev.py audit FILE …           the locked versions against security advisories (OSV), brought as files

A verb is a module of this folder with a `main` that takes its arguments and gives the exit status.
"""

import importlib
import sys

VERBS = {"wheels": "wheels", "third-party": "third_party", "audit": "audit"}


def main(arguments: list[str]) -> int:
    """Do one verb."""
    verb, *rest = arguments
    status: int = importlib.import_module(f"installer.supply.{VERBS[verb]}").main(rest)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
