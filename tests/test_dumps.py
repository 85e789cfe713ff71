"""A process of ours leaves no core behind when it ends badly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer.waiting import until

PATIENCE_S = 120
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


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of Linux")
def test_the_window_may_not_be_dumped_once_somebody_can_type(tmp_path: Path) -> None:
    import resource

    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if most == 0:
        pytest.skip("no program may be dumped here anyway")
    window = subprocess.Popen(
        [sys.executable, "-m", "desktop", "--store", tmp_path / "none"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (most, most)),
    )
    try:
        limits = Path(f"/proc/{window.pid}/limits")
        told = "Max core file size        0"
        until(lambda: told in limits.read_text(), PATIENCE_S, "the window may still be dumped")
    finally:
        window.kill()
        window.wait()
