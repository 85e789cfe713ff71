"""The first lines of a frozen program: its modules are in one file beside it, which its twin reads too.

PyInstaller puts the modules of a program into the program itself, so two programs of one folder have each of them
twice. Here each is built with an empty collection, and told to read the one that lies in the folder of both. Until
that is done, nothing can be imported but what PyInstaller itself begins with.
"""

import os
import sys

MODULES = "modules.pyz"
"""The file, in the folder that PyInstaller calls _internal."""


def share(folder: str) -> None:
    """Let all imports that are still to come be answered by the modules in `folder`."""
    import pyimod02_importers as importers  # type: ignore[import-not-found] # of a frozen program, and nowhere else

    importers.pyz_archive.__init__(os.path.join(folder, MODULES), 0, check_pymagic=True)


if __name__ == "__main__":
    share(sys._MEIPASS)  # type: ignore[attr-defined] # where the bootloader says the folder is
