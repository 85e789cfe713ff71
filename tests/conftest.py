"""What every test shares. The first lines must come before any import of Qt."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_IM_MODULE"] = "compose"
os.environ.pop("LC_ALL", None)  # Qt warns of the locale "C", and a warning fails the test
if "UTF-8" not in os.environ.get("LANG", "").upper():  # a bare system says nothing, which is "C" too
    os.environ["LANG"] = "C.UTF-8"
if sys.platform == "win32":  # off screen, Qt knows no fonts of Windows, and warns of it
    os.environ.setdefault("QT_QPA_FONTDIR", str(Path(__file__).parents[1] / "resources" / "fonts"))

import pytest
from hypothesis import HealthCheck, Phase, settings

# A test judges the commit, not its luck: the same examples every time, however slow the machine.
settings.register_profile("judge", derandomize=True, deadline=None)
# `dev.py fuzz`: the same properties, other examples, many of them.
settings.register_profile(
    "fuzz",
    max_examples=1000,
    derandomize=False,  # as on a build machine, where Hypothesis has other defaults
    print_blob=False,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "judge"))


def pytest_exception_interact(node: pytest.Item | pytest.Collector, call: pytest.CallInfo[object]) -> None:
    """Tell `dev.py fuzz` which property failed and for what."""
    found = os.environ.get("FUZZ_FOUND")
    if found and call.excinfo is not None and node.get_closest_marker("hypothesis"):
        notes = getattr(call.excinfo.value, "__notes__", [])
        line = {"node": node.nodeid, "file": str(node.path), "notes": [*notes, *([] if notes else [str(call.excinfo)])]}
        with Path(found).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
