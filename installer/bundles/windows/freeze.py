"""PyInstaller, as it runs in the lab: it looks into each folder once.

For each of some hundred files it looks for the same libraries in the same folders. Under wine every look is a journey,
and all of them take longer than the rest of the build.
"""

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from PyInstaller import __main__
from PyInstaller.depend import bindepend

search: Any = bindepend._resolve_library_path_in_search_paths


@cache
def names(folder: str) -> frozenset[str]:
    """What lies in a folder."""
    return frozenset(name.lower() for name in os.listdir(folder)) if os.path.isdir(folder) else frozenset()


def quick_search(name: str, folders: Sequence[str] | None = None) -> str | None:
    """Search only where the file lies, or something above it."""
    first = name.replace("\\", "/").partition("/")[0].lower()
    found: str | None = search(name, [folder for folder in folders or () if first in names(str(folder))])
    return found


if __name__ == "__main__":
    bindepend._resolve_library_path_in_search_paths = quick_search
    __main__.run()
