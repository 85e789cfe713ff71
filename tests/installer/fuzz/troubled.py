"""A kind of trial that has every kind of end."""

import os
import time
from pathlib import Path
from random import Random

from installer.fuzz.run import ACCEPTED, REFUSED, Kind


class Troubled(Kind):
    """Cases 1 to 5: accepted, refused, a defect, a death, no end; then it is well again."""

    patience_s = 2

    def case(self, dice: Random) -> str:
        self.what = f"drew {dice.randrange(100)}"
        if self.number == 2:
            return REFUSED + "E-INPUT"
        if self.number == 3:
            raise ZeroDivisionError("by nobody")
        if self.number == 4:
            os._exit(9)
        while self.number == 5:
            time.sleep(1)
        return ACCEPTED


class Slow(Kind):
    """What its cases work on takes longer to make than a case may take."""

    patience_s = 3

    def __init__(self, shared: Path, own: Path) -> None:
        super().__init__(shared, own)
        time.sleep(self.patience_s + 1)

    def case(self, dice: Random) -> str:
        return ACCEPTED
