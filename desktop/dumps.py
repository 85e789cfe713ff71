"""No dump of this process: its memory holds the data key and the names of people while a store is open."""

import contextlib
import sys

_NO_ERROR_BOX = 0x0001 | 0x0002  # SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX: no report with memory is offered
_SET_DUMPABLE = 4  # PR_SET_DUMPABLE
_PERTURB, _PATTERN = -6, 0x5A  # M_PERTURB of glibc: memory given back is written over


def write_none() -> None:
    """Have the system write no core of this process, and let no other process of the user read its memory.

    What the process gives back (pages of the database, words of the window) is overwritten where the library can.

    What the system refuses is left as it is: the program works without.
    """
    import ctypes

    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(_NO_ERROR_BOX)
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        with contextlib.suppress(OSError, AttributeError):
            system.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc has no such thing
            system.mallopt(_PERTURB, _PATTERN)
