"""THIRD_PARTY.md, written from the declaration beside this file and from the locked versions, compared with both."""

import argparse
import importlib.metadata
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from installer.supply.locks import ROOT, RUNTIME, pins, plain

DECLARED = Path(__file__).with_name("third_party.toml")
WRITTEN = ROOT / "THIRD_PARTY.md"


class Carried(TypedDict):
    """Libraries that come with the interpreter: how their files begin, their licence."""

    files: list[str]
    licence: str


class Declared(TypedDict):
    """What `third_party.toml` holds."""

    head: str
    bundle_head: str
    tail: str
    packages: dict[str, list[str]]
    told: dict[str, str]
    bundle: dict[str, Carried]


def main(arguments: Sequence[str]) -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(prog="dev.py third-party", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="compare with the folder of a built program")
    options = parser.parse_args(arguments)
    wrong = faults()
    if options.bundle is not None:
        wrong += [f"in the bundle and not declared: {name}" for name in undeclared(options.bundle)]
    if options.check and not wrong and WRITTEN.read_text("utf-8") != written():
        wrong.append("THIRD_PARTY.md is not what `dev.py third-party` writes")
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong and not options.check:
        WRITTEN.write_text(written(), "utf-8")
    return 1 if wrong else 0


def declared() -> Declared:
    """Return the declaration."""
    content: Declared = tomllib.loads(DECLARED.read_text("utf-8"))  # type: ignore[assignment]
    return content


def written() -> str:
    """Return THIRD_PARTY.md."""
    known, versions = declared(), {pin.name: pin.version for pin in pins(RUNTIME)}
    lines = [known["head"].strip(), "", "| Package | Licence | For |", "|---|---|---|"]
    for name, (licence, use) in sorted(known["packages"].items()):
        lines.append(f"| {name} {versions.get(name, '')} | {licence} | {use} |")
    lines += ["", known["bundle_head"].strip(), "", "| What | Licence |", "|---|---|"]
    lines += [f"| {name} | {carried['licence']} |" for name, carried in known["bundle"].items()]
    return "\n".join([*lines, "", known["tail"].strip(), ""])


def faults() -> list[str]:
    """Return in words where the declaration and what is locked and installed differ."""
    known, locked = declared(), {pin.name for pin in pins(RUNTIME)}
    wrong = [f"locked and not declared: {name}" for name in sorted(locked - set(known["packages"]))]
    wrong += [f"declared and not locked: {name}" for name in sorted(set(known["packages"]) - locked)]
    for name in sorted(locked & set(known["packages"])):
        licence, _use = known["packages"][name]
        own = told(name)
        if own is not None and not own.startswith(known["told"].get(name, licence)):
            wrong.append(f"{name} calls its licence {own!r}, declared is {licence!r}")
    return wrong


def told(name: str) -> str | None:
    """Return how an installed package calls its licence; None where it is not installed."""
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    names = [name for name in ("License-Expression", "License") if name in metadata]
    return str(metadata[names[0]]).strip() if names else ""


def undeclared(bundle: Path) -> list[str]:
    """Return the libraries of a built program that neither a package nor the list of the interpreter's accounts for."""
    known = declared()
    beginnings = tuple(begin for carried in known["bundle"].values() for begin in carried["files"])
    ours = {plain(name) for name in known["packages"]} | {"desktop", "resources", "licences", "base-library"}
    modules = {plain(top) for top, names in importlib.metadata.packages_distributions().items() if _shipped(names)}
    inside = bundle / "_internal"
    strange = []
    for path in sorted((inside if inside.is_dir() else bundle).iterdir()):
        name = path.name
        stem = plain(name.split(".")[0].split("-")[0])
        if name.startswith(beginnings) or stem in ours | modules or name.endswith((".dist-info", ".libs")):
            continue
        if path.is_dir() or ".so" in name or name.endswith((".dll", ".pyd")):
            strange.append(name)
    return strange


def _shipped(names: Sequence[str]) -> bool:
    return any(plain(name) in {pin.name for pin in pins(RUNTIME)} for name in names)
