"""`dev.py deb`: the program for Debian, UOS and Kylin, built on an old Debian and proved on a bare one.

A package: the folder goes to /opt/branch-desk as it is. Beside it: menu entry, kinds of files, icon, manual page.
Nothing runs by itself; what a user keeps lies in the home folders, and neither an upgrade nor a purge goes there. And
the same folder as an archive that runs where it is unpacked, for those who may install nothing.
"""

import argparse
import gzip
import os
import shutil
import tempfile
from pathlib import Path

from installer.bundles import by_stick, clean_machine
from installer.bundles.builder import MACHINES, Builder
from installer.bundles.contents import NAME, ROOT, size, version
from installer.bundles.elf import needs
from installer.bundles.manpage import manual_page
from installer.dev import quietly, say
from installer.supply.third_party import undeclared

LAB = Path(tempfile.gettempdir()) / "deblab"
LINUX = ROOT / "installer" / "linux"
OPT = f"opt/{NAME}"
SYSTEM = {
    **dict.fromkeys(("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1"), "libc6"),
    **dict.fromkeys(("libresolv.so.2", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"), "libc6"),
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxcb.so.1": "libxcb1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libuuid.so.1": "libuuid1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libzstd.so.1": "libzstd1",
    "libcups.so.2": "",
}
"""What is left to the system, by the package that has it; "" is asked for by a part that may be missing."""
WISHES = (
    "fonts-noto-cjk | fonts-wqy-microhei",
    "libcups2",
    "xdg-utils",
    "shared-mime-info",
    "desktop-file-utils",
    "udisks2",
)
"""Packages that a desktop has; without them the program runs, and does not print or is not found by a double click."""


def main(arguments: list[str]) -> int:
    """Build dist/branch-desk_VERSION_ARCH.deb and dist/branch-desk-VERSION-linux-MACHINE.tar.xz, and prove them."""
    parser = argparse.ArgumentParser(prog="dev.py deb", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lab", type=Path, nargs="?", default=LAB, help=f"where the old Debian lies, or is made ({LAB})")
    parser.add_argument("--unproved", action="store_true", help="build only")
    options = parser.parse_args(arguments)
    builder = Builder(options.lab.resolve())
    folder = builder.bundle()
    if strange := undeclared(folder):
        raise SystemExit(f"in the bundle, but not in THIRD_PARTY.md: {strange}")
    package = packed(folder, ROOT / "dist", version())
    portable = pressed(folder, ROOT / "dist")
    for file in (package, portable):
        say(f"{file}: {file.stat().st_size / 1e6:.0f} MB, unpacked {size(folder) / 1e6:.0f} MB")
    if options.unproved:
        return 0
    former = packed(folder, options.lab, f"{version()}~former", "-Zgzip", "-z1")
    status = clean_machine.prove(options.lab, former, package, portable)
    return status or by_stick.prove(options.lab, folder, packed)


def packed(folder: Path, to: Path, number: str, *pressing: str) -> Path:
    """Write the package of a bundle in `folder`, as version `number`, into `to`, pressed by xz if nothing else is said.

    Raises:
        SystemExit: the bundle asks the system for a library that `SYSTEM` does not know.
    """
    machine = MACHINES[os.uname().machine]
    file = to / f"{NAME}_{number}_{machine}.deb"
    with tempfile.TemporaryDirectory() as work:
        tree = Path(work)
        tree.chmod(0o755)
        lay_out(folder, tree)
        control = tree / "DEBIAN"
        control.mkdir()
        (control / "control").write_text(control_file(folder, number, machine, size(tree)), "utf-8")
        for script in ("postinst", "postrm"):
            shutil.copy(LINUX / "caches.sh", control / script)
            (control / script).chmod(0o755)
        to.mkdir(parents=True, exist_ok=True)
        quietly(["dpkg-deb", "--root-owner-group", *(pressing or ("-Zxz",)), "--build", tree, file])
    return file


def pressed(folder: Path, to: Path) -> Path:
    """Write the portable form of a bundle into `to`: an archive of one folder that bears the version in its name."""
    name = f"{NAME}-{version()}"
    file = to / f"{name}-linux-{os.uname().machine}.tar.xz"
    to.mkdir(parents=True, exist_ok=True)
    order = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--transform=s,^{folder.name},{name},"]
    quietly(["tar", "-I", "xz -T0", *order, "-cf", file, "-C", folder.parent, folder.name])
    return file


def lay_out(folder: Path, tree: Path) -> None:
    """Put everything where the system looks for it, below `tree`."""
    shutil.copytree(folder, tree / OPT, symlinks=True)
    places = {
        LINUX / f"{NAME}.desktop": f"share/applications/{NAME}.desktop",
        LINUX / f"{NAME}.xml": f"share/mime/packages/{NAME}.xml",
        ROOT / "resources" / "icons" / f"{NAME}.svg": f"share/icons/hicolor/scalable/apps/{NAME}.svg",
        ROOT / "THIRD_PARTY.md": f"share/doc/{NAME}/copyright",
    }
    for icon in (ROOT / "resources" / "icons" / NAME).glob("*.png"):
        places[icon] = f"share/icons/hicolor/{icon.stem}x{icon.stem}/apps/{NAME}.png"
    for source, place in places.items():
        target = tree / "usr" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
        target.chmod(0o644)
    pages = {
        f"share/man/man1/{NAME}.1.gz": manual_page(),
        f"share/doc/{NAME}/changelog.gz": (ROOT / "CHANGELOG.md").read_text("utf-8"),
    }
    for place, text in pages.items():
        target = tree / "usr" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / NAME).symlink_to(f"/{OPT}/{NAME}")


def control_file(folder: Path, number: str, machine: str, installed: int) -> str:
    """What dpkg is told of the package.

    Raises:
        SystemExit: the bundle asks the system for a library that `SYSTEM` does not know.
    """
    found = needs(folder)
    strange = {library: files for library, files in found.libraries.items() if library not in SYSTEM}
    if strange:
        raise SystemExit(f"libraries that are neither in the bundle nor known to be in a package: {strange}")
    packages = {SYSTEM[library] for library in found.libraries} - {"", "libc6"}
    depends = [f"libc6 (>= {found.glibc[0]}.{found.glibc[1]})", *sorted(packages)]
    return f"""Package: {NAME}
Version: {number}
Architecture: {machine}
Maintainer: Branch Desk maintainers <maintainers@branch-desk.invalid>
Installed-Size: {installed // 1024}
Depends: {", ".join(depends)}
Recommends: {", ".join(WISHES)}
Section: office
Priority: optional
Description: offline workbench for the secretaries of party branches (支部工作台)
 What is written down once in daily work becomes a standardization score with
 the list of what is missing, an inspection archive in PDF/A, and an encrypted
 and signed package that travels by USB stick. It opens no network connection.
"""
