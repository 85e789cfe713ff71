"""What a release says of itself (`release.json`): its version, what is new, and which file is for which computer.

It lies among the files whose sums are signed, so what is read here counts only where the signature was checked.
"""

import json
import platform
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desktop.services.canonical import canonical

MANIFEST = "release.json"
_FORMAT = 1
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){1,3}")


class Form(StrEnum):
    """How the program lies on a computer: unpacked, or put there by a Debian package or by a set-up for Windows."""

    FOLDER = "folder"
    DEB = "deb"
    SETUP = "setup"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFile:
    """One file to install from. `system` and `machine` as `this_system` says them."""

    name: str
    system: str
    machine: str
    form: Form
    size_bytes: int
    unpacked_bytes: int


@dataclass(frozen=True, slots=True)
class News:
    """What is new in one version: headed lists of sentences, as the changelog has them."""

    version: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release as it describes itself; `news` newest first, of this version and those before."""

    version: str
    news: tuple[News, ...]
    files: tuple[ReleaseFile, ...]

    def file_for(self, form: Form) -> ReleaseFile | None:
        """Return the file for this computer where the program lies there in this form."""
        here = (*this_system(), form)
        return next((each for each in self.files if (each.system, each.machine, each.form) == here), None)

    def news_since(self, version: str) -> tuple[News, ...]:
        """Return what is new to who has `version`."""
        return tuple(each for each in self.news if is_newer(each.version, version))


def this_system() -> tuple[str, str]:
    """Return system and machine of this computer: `linux` or `windows`, `x86_64` or `aarch64`."""
    machine = platform.machine().lower()
    known = {"amd64": "x86_64", "arm64": "aarch64"}
    return "windows" if sys.platform == "win32" else "linux", known.get(machine, machine)


def is_version(text: str) -> bool:
    """Tell whether `text` is a version: numbers with points between."""
    return _VERSION.fullmatch(text) is not None


def is_newer(one: str, other: str) -> bool:
    """Tell whether version `one` came after `other`."""
    return _numbers(one) > _numbers(other)


def read_manifest(data: bytes) -> Manifest | None:
    """Return what `data` says; None where it is no description of a release as we know it."""
    try:
        value = json.loads(data)
        if value["fmt"] != _FORMAT or not is_version(value["version"]):
            return None
        news = tuple(_news(each) for each in value["news"])
        return Manifest(str(value["version"]), news, tuple(_file(each) for each in value["files"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def written_manifest(manifest: Manifest) -> bytes:
    """Return `manifest` as the bytes that are read back."""
    files = [
        {
            "name": each.name,
            "system": each.system,
            "machine": each.machine,
            "form": each.form.value,
            "size_bytes": each.size_bytes,
            "unpacked_bytes": each.unpacked_bytes,
        }
        for each in manifest.files
    ]
    news = [
        {"version": each.version, "parts": [{"title": title, "lines": lines} for title, lines in each.parts]}
        for each in manifest.news
    ]
    return canonical({"fmt": _FORMAT, "version": manifest.version, "news": news, "files": files})


def news_in(changelog: str) -> tuple[News, ...]:
    """Return what a changelog says, version by version: `## 0.2.0`, `### 新增`, then lines that begin with a dash."""
    found: list[tuple[str, dict[str, list[str]]]] = []
    title = ""
    for line in changelog.splitlines():
        if line.startswith("## "):
            version = re.split(r"[\s（(]", line[3:].strip(), maxsplit=1)[0]
            found.append((version, {}))
            title = ""
        elif line.startswith("### "):
            title = line[4:].strip()
        elif line.startswith("- ") and found:
            found[-1][1].setdefault(title, []).append(line[2:].strip())
    return tuple(
        News(version, tuple((head, tuple(lines)) for head, lines in parts.items()))
        for version, parts in found
        if is_version(version)
    )


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in version.split(".")] if is_version(version) else []
    while numbers and numbers[-1] == 0:  # 0.2 and 0.2.0 are one
        numbers.pop()
    return tuple(numbers)


def _news(value: Mapping[str, Any]) -> News:
    parts = tuple((_text(part["title"]), _texts(part["lines"])) for part in value["parts"])
    version = _text(value["version"])
    if not is_version(version):
        raise ValueError(version)
    return News(version, parts)


def _file(value: Mapping[str, Any]) -> ReleaseFile:
    name = _text(value["name"])
    if name in ("", ".", "..") or re.search(r"[/\\\x00-\x1f]", name):
        raise ValueError(name)
    return ReleaseFile(
        name=name,
        system=_text(value["system"]),
        machine=_text(value["machine"]),
        form=Form(_text(value["form"])),
        size_bytes=_count(value["size_bytes"]),
        unpacked_bytes=_count(value["unpacked_bytes"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(value: Sequence[object]) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(_text(each) for each in value)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(value)
    return value
