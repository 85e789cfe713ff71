"""Proofs against the programs of others that desks have, such as input daemons, printers and screen readers.

    dev.py prove [NAME] [options]      all of them or one (a11y, input, print); options go to pytest

They are not among the tests: each needs programs a build machine may lack, and skips in so many words where they are.
What to install is said at the head of each `tests/proofs/prove_NAME.py`; `dev.py system` does it.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROOFS = ROOT / "tests" / "proofs"


def main(arguments: list[str]) -> int:
    """Run all proofs or the one that is named."""
    known = {file.stem.removeprefix("prove_"): file for file in sorted(PROOFS.glob("prove_*.py"))}
    chosen = [known[arguments.pop(0)]] if arguments and arguments[0] in known else list(known.values())
    if arguments and not arguments[0].startswith("-"):
        print(f"no proof is called {arguments[0]}: there are {', '.join(known)}", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "pytest", "-v", "-rs", "-o", "python_files=prove_*.py", *map(str, chosen)]
    return subprocess.run([*command, *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
