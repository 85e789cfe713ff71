"""The locked versions against security advisories, without a network: files in the OSV format, brought as one pleases.

A file is one advisory, a list of them, an object with `vulns`, or a ZIP or folder of such files (as the database of
advisories for PyPI is handed out). What concerns a locked version is told with its number and what mends it.
Exit status: 0 nothing, 1 something, 2 the files cannot be read or hold no advisory at all.
"""

import argparse
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from installer.supply.locks import DEVELOPMENT, RUNTIME, Pin, pins, plain

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """An advisory that concerns a locked version; `mended`: the versions that no longer have it."""

    pin: Pin
    number: str
    summary: str
    mended: tuple[str, ...]
    ships: bool


def main(arguments: Sequence[str]) -> int:
    """Tell what of the advisories concerns us."""
    parser = argparse.ArgumentParser(prog="dev.py audit", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="advisories in the OSV format")
    options = parser.parse_args(arguments)
    try:
        advisories = [advisory for file in options.files for advisory in read(file)]
        found = findings(advisories)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    for finding in found:
        mended = f"mended in {', '.join(finding.mended)}" if finding.mended else "not mended yet"
        where = "ships" if finding.ships else "only tests and tools"
        print(f"{finding.pin.name} {finding.pin.version} ({where}): {finding.number}, {mended}: {finding.summary}")
    if not advisories:
        print("cannot be read: no advisory in any of them", file=sys.stderr)
        return 2
    number = len(pins(DEVELOPMENT))
    print(f"{len(advisories)} advisories read, {number} locked packages, {len(found)} concern them", file=sys.stderr)
    return 1 if found else 0


def findings(advisories: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Return which advisories concern a locked version, what ships first; one that was withdrawn concerns nobody."""
    ours, shipped = {pin.name: pin for pin in pins(DEVELOPMENT)}, {pin.name for pin in pins(RUNTIME)}
    found: dict[tuple[str, str], Finding] = {}
    for advisory in advisories:
        for affected in () if advisory.get("withdrawn") else advisory.get("affected") or ():
            package = affected.get("package") or {}
            pin = ours.get(plain(str(package.get("name", ""))))
            if pin is None or package.get("ecosystem") != "PyPI" or not concerns(affected, pin.version):
                continue
            number = str(advisory.get("id", "?"))
            words = " ".join(str(advisory.get("summary") or advisory.get("details") or "").split())[:LONGEST]
            found[pin.name, number] = Finding(pin, number, words, tuple(_mended(affected)), pin.name in shipped)
    return sorted(found.values(), key=lambda finding: (not finding.ships, finding.pin.name, finding.number))


def concerns(affected: Mapping[str, Any], version: str) -> bool:
    """Whether `version` is named, or lies in one of the ranges: from `introduced` to before `fixed`, or through
    `last_affected`."""
    if version in (affected.get("versions") or ()):
        return True
    ours = Version(version)
    for span in affected.get("ranges") or ():
        if span.get("type") != "ECOSYSTEM":
            continue
        inside = False
        for event in sorted(span.get("events") or (), key=_moment):
            (kind, at), *_ = event.items()
            edge = _version(str(at))
            if kind == "introduced" and edge <= ours:
                inside = True
            elif (kind == "fixed" and edge <= ours) or (kind == "last_affected" and edge < ours):
                inside = False
        if inside:
            return True
    return False


def read(file: Path) -> Iterator[dict[str, Any]]:
    """Give the advisories of a file, a folder or a ZIP of such.

    Raises:
        OSError, ValueError, BadZipFile: it cannot be read.
    """
    if file.is_dir():
        for each in sorted(file.rglob("*.json")):
            yield from _advisories(each.read_bytes(), str(each))
    elif file.suffix.lower() == ".zip":
        with zipfile.ZipFile(file) as bundle:
            for name in bundle.namelist():
                if name.endswith(".json"):
                    yield from _advisories(bundle.read(name), f"{file}/{name}")
    else:
        yield from _advisories(file.read_bytes(), str(file))


def _advisories(data: bytes, file: str) -> Iterator[dict[str, Any]]:
    try:
        content = json.loads(data)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    if isinstance(content, dict):
        content = content.get("vulns", [content])
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        raise ValueError(f"{file}: no advisories in the OSV format")
    yield from content


def _mended(affected: Mapping[str, Any]) -> list[str]:
    spans = affected.get("ranges") or ()
    return [str(event["fixed"]) for span in spans for event in span.get("events") or () if "fixed" in event]


def _moment(event: Mapping[str, Any]) -> tuple[Version, bool]:
    (kind, at), *_ = event.items()
    return _version(str(at)), kind != "introduced"


def _version(words: str) -> Version:
    try:
        return Version(words)
    except InvalidVersion:
        return Version("0")
