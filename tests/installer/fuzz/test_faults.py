"""The library that makes a disk refuse: the call that is asked for, once or for good, and no other."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3] / "installer" / "fuzz" / "faults.c"
WRITING = """
import ctypes, os, sys
library = ctypes.CDLL(os.environ["LD_PRELOAD"])
library.fault_arm(0, 28, ctypes.c_long(2), int(sys.argv[2]))
file = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
ends = []
for _ in range(4):
    try:
        ends.append(os.write(file, b"x"))
    except OSError as error:
        ends.append(error.errno)
os.mkdir(sys.argv[1] + ".d")
library.fault_rest()
print(ends, library.fault_hits(), [library.fault_seen(kind) for kind in range(6)])
"""


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("gcc") is None, reason="needs gcc and LD_PRELOAD")
@pytest.mark.parametrize(
    ("for_good", "told"),
    [("0", "[1, 28, 1, 1] 1 [4, 0, 0, 1, 0, 1]"), ("1", "[1, 28, 28, 28] 3 [4, 0, 0, 1, 0, 1]")],
)
def test_the_call_asked_for_is_refused_and_no_other(tmp_path: Path, for_good: str, told: str) -> None:
    library = tmp_path / "faults.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    command = [sys.executable, "-c", WRITING, str(tmp_path / "x"), for_good]
    done = subprocess.run(command, env={"LD_PRELOAD": str(library)}, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.strip() == told
