"""Windows says which processes run, and from which file each."""

import os
import sys

import pytest


@pytest.mark.skipif(sys.platform != "win32", reason="as Windows names processes")
def test_a_process_is_named_with_the_file_it_runs() -> None:
    if sys.platform == "win32":  # as a checker of types understands it
        from desktop.services.updates.processes_windows import processes

        own = next(program for process, program in processes() if process == os.getpid())
        assert os.path.samefile(own, sys.executable)
