"""The locked files: which packages, in which versions, each with the hashes of its wheels."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"

_PIN = re.compile(r"(?m)^([\w.-]+)==([^\s;\\]+)")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a locked file. `name` as packages are compared: lower case, dashes."""

    name: str
    version: str


def pins(lock: str) -> list[Pin]:
    """Return the packages of a locked file, by name."""
    text = (ROOT / lock).read_text("utf-8")
    return sorted((Pin(plain(name), version) for name, version in _PIN.findall(text)), key=lambda pin: pin.name)


def plain(name: str) -> str:
    """Return the name of a package as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()
