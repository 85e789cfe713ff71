"""Where a verb writes to: refused before anything is done where nothing could be written."""

import argparse
from collections.abc import Callable
from pathlib import Path

from desktop.paths import undeviced
from desktop.services.quoting import quoted


def place(text: str) -> Path:
    """Return a place to write to; none that Windows takes for a device, where all that is written vanishes."""
    found = Path(text)
    if undeviced(found.name) != found.name:
        raise argparse.ArgumentTypeError(f"{quoted(found.name)}是设备的名字，Windows 不能用它存文件，请换一个名字")
    return found


def file_of(*endings: str) -> Callable[[str], Path]:
    """Return the type of a file to write: what is in it goes by its ending, so no other ending is taken."""

    def path(text: str) -> Path:
        found = place(text)
        if found.suffix.lower() not in endings:
            raise argparse.ArgumentTypeError(f"{quoted(found.name)}的扩展名写成{'、'.join(endings)}，内容按它写")
        return found

    return path
