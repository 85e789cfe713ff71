"""Where the program's own files lie, whether it runs from a clone or as a frozen application."""

import os
import re
import sys
from pathlib import Path

DATABASE = "main.db"
"""What the database of a store is called, in its folder and in every backup."""


OWN_FILES = (".dzp", ".dzk", ".dzbak")
"""Packages, key files, backups: what the desktop opens with this program."""
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever ending follows."""


def undeviced(name: str) -> str:
    """Return a name that Windows takes for no device: `CON.pdf` is none it can open."""
    return "_" + name if _DEVICES.match(name) else name


def resource(relative: str) -> Path:
    """Return the path of a file below `resources/`, e.g. `resource("standards/party_rules.toml")`."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return root / "resources" / relative


def licences() -> Path:
    """Return what names the work of others in the program and its licences: a folder where it is frozen."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) / "licences" if frozen else Path(__file__).resolve().parent.parent / "THIRD_PARTY.md"


def default_store() -> Path:
    """Return the folder where a store lies if the user chose no other."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "branch-desk" / "data"
    share = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(share) / "branch-desk" / "data"


def sample_folder() -> Path:
    """Return the folder of the sample data (样例): beside the user's own, never in it."""
    return default_store().with_name("sample")


def updates_folder() -> Path:
    """Return the folder where updates of the program are made ready: beside the user's data, never in them."""
    return default_store().with_name("updates")


_OF_A_BUNDLE = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
"""Where Qt finds its parts, as a bundle sets it for itself; a viewer made with another Qt would look there too."""


def give_back_surroundings() -> None:
    """Let programs we start (viewer, file manager) find what is the system's, not what is of a frozen bundle."""
    frozen = getattr(sys, "frozen", False)
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        os.environ["LD_LIBRARY_PATH"] = original
    elif frozen:
        os.environ.pop("LD_LIBRARY_PATH", None)
    if frozen and sys.platform != "win32":  # Qt finds its own without being told; on Windows that is not proved yet
        for name in [name for name in os.environ if name in _OF_A_BUNDLE or name.startswith("_PYI_")]:
            del os.environ[name]
