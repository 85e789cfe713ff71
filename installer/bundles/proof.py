"""Whether a frozen program does what it should, on a machine that has neither the clone nor Python."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from installer.dev import say

WINDOW_SECONDS = 15
"""How long a frozen window must live to count as opened."""


def tried(program: Path) -> int:
    """Run the frozen `program` as if the clone were not there; 0 if it does what it should."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    own["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        demo: list[str | Path] = [program, "demo", Path(folder, "demo"), "--json"]
        done = subprocess.run(demo, cwd=folder, env=own, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            say(f"the demonstration ended with {done.returncode}")
            return done.returncode
        branches = json.loads(done.stdout)["branches"]
        pages = [list(Path(branch["archive"]).glob("*.pdf")) for branch in branches]
        if not branches or not all(pages):
            say("the demonstration made no archive")
            return 1
        say(f"the demonstration ran: {len(branches)} branches, {sum(map(len, pages))} volumes")
        window = subprocess.Popen([program, "--store", Path(folder, "none")], cwd=folder, env=own)
        try:
            status = window.wait(timeout=WINDOW_SECONDS)
        except subprocess.TimeoutExpired:
            window.terminate()
            window.wait()
            say("the window opened")
            return 0
        say(f"the window ended with {status}")
        return status or 1
