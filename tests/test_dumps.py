"""A process of ours leaves no core behind when it ends badly."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TELL = """
import ctypes, resource, sys
import desktop.__main__ as program
sys.argv[1:] = ["check", "-h"]
program.main()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of Linux")
def test_the_program_may_not_be_dumped() -> None:
    told = subprocess.run(
        [sys.executable, "-c", TELL], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=True
    )
    assert told.stdout.splitlines()[-1] == "(0, 0) 0"
