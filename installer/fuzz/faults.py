"""A disk that refuses a call under an act: a typed refusal, nothing half done, and the store opens afterwards.

The calls are refused below Python and SQLite, by a small library that is compiled when a run begins.
"""

import ctypes
import errno
import os
import subprocess
from pathlib import Path
from random import Random

from desktop.services.errors import AppError
from installer.fuzz import acts
from installer.fuzz.acts import Act, Refused, Say, drawn
from installer.fuzz.kills import Heard, Kills, forked
from installer.fuzz.run import ACCEPTED, REFUSED

CALLS = ("write", "fsync", "rename", "create", "unlink", "mkdir")
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS)
_PATIENCE_S = 240


class Faults(Kills):
    """Acts of the demonstration, each in a fork whose disk refuses."""

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        acts.found(shared)
        library = shared / "faults.so"
        source = Path(__file__).with_name("faults.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
        return {"LD_PRELOAD": str(library)}

    def __init__(self, shared: Path, own: Path) -> None:
        super().__init__(shared, own)
        self._library = ctypes.CDLL(os.environ["LD_PRELOAD"])
        self._calls: dict[tuple[str, bool], list[int]] = {}
        """How many calls of each kind an act makes; with or without those of opening."""

    def case(self, dice: Random) -> str:
        act, late, for_good = drawn(dice), dice.random() < 0.6, dice.random() < 0.5
        if (act.name, late) not in self._calls:
            *_, counts = self._tried(act, self._fresh(act), late, 0, 0, 0, for_good)
            self._calls[act.name, late] = [int(count) for count in counts.split()]
        calls = self._calls[act.name, late]
        kind = dice.choice([kind for kind, count in enumerate(calls) if count])
        number, error = dice.randint(1, calls[kind]), dice.choice(ERRORS)
        once = "for good" if for_good else "once"
        self.what = f"{act.name}: {CALLS[kind]} {number} of {calls[kind]} {errno.errorcode[error]} {once}"
        work = self._fresh(act)
        *said, _ = self._tried(act, work, late, kind, error, number, for_good)
        self.what += f", said {said}"
        raised = [word for word in said if word.startswith("Traceback")]
        assert not raised, raised[0]
        refusals = [word for word in said if word.startswith(REFUSED)]
        self._settled(act, work, [word for word in said if word != "ready" and word not in refusals])
        return refusals[0] if refusals else ACCEPTED

    def _tried(self, act: Act, work: Path, late: bool, kind: int, error: int, number: int, for_good: bool) -> list[str]:
        """Do the act in a fork whose disk refuses; return its words, the last of which counts its calls."""
        library = self._library

        def arm() -> None:
            library.fault_arm(kind, error, ctypes.c_long(number), int(for_good))

        def done(say: Say) -> None:
            def heard(word: str) -> None:
                say(word)
                if word == "ready" and late:
                    arm()

            if not late:
                arm()
            try:
                act.begun(work, heard)
            except AppError as refusal:
                say(REFUSED + refusal.code)
            except Refused as refusal:
                say(REFUSED + str(refusal))
            finally:
                library.fault_rest()
                say(" ".join(str(library.fault_seen(each)) for each in range(len(CALLS))))

        child, pipe = forked(done)
        heard = Heard(pipe)
        ended = heard.until(None, _PATIENCE_S)
        if not ended:
            os.kill(child, 9)
        os.waitpid(child, 0)
        assert ended, f"{act.name} does not end"
        words = heard.words()
        counts = next((word for word in words if word[:1].isdigit() and len(word.split()) == len(CALLS)), "")
        return [*(word for word in words if word is not counts), counts]
