"""`dev.py lab`: a Windows CPython 3.11 with our wheels, run by wine in a folder of its own, for tests and for building.

    dev.py lab                        make it, or bring it up to the locked files (root on Debian; 4 minutes, 3 GB)
    dev.py lab python -m desktop …    run something in it; the clone is its folder, as Z:\\project
    dev.py lab PROGRAM.exe …

It lies in build/windows-lab, or where BRANCH_DESK_LAB says. Wine is that of Debian 13, in a folder entered by chroot:
Debian 12 has one in which Qt 6.8 dies. Python's DLLs are those that Panda3D carries for its own deployments, the
library is that of the Python that runs this, the wheels are those of requirements-dev.txt, by their hashes. It speaks
Chinese, with code page 936. The clone and a full and a write-protected disk are seen by what runs in it alone, so
nothing stays mounted. Two runs at a time must be of the same clone.

What it does not prove: NTFS, virus scanners, real drives and eject, SmartScreen, input methods, printers.
"""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

from installer.bundles import debian
from installer.dev import PIP, ROOT, digest, quietly, say
from installer.supply.locks import DEVELOPMENT
from installer.supply.wheels import TARGETS, choosing

HERE = Path(__file__).resolve().parent
LOCK, INTERPRETER = ROOT / DEVELOPMENT, HERE / "python.txt"
RELEASE = "trixie"
HOME = "/lab"
"""Where its disks C: lie, as wine sees it."""

FIXED = {
    "PATH": debian.SURROUNDINGS["PATH"],
    "HOME": HOME,
    "LANG": "zh_CN.UTF-8",
    "XDG_RUNTIME_DIR": "/tmp",
    "WINEARCH": "win64",
    "WINEDEBUG": "-all",
}
"""The environment of what runs in the lab: of a Chinese desk, and nothing of this machine's."""

INSIDE = ("ca-certificates", "fonts-noto-cjk", "locales", "wine", "wine64")
OUTSIDE = {
    "debootstrap": "debootstrap",
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64",
    "makensis": "nsis",
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "import": "imagemagick",
    "unshare": "util-linux",
}
"""What this machine needs, by the Debian package that has it."""

WINE = "/usr/lib/wine/wine64"
FOR_TESTS, FOR_BUILDING, FOR_PROOF, FOR_UPGRADE = "wine", "builder", "proof", "upgrade"
"""The disks C:, each with a registry of its own: of the tests, of the Windows that builds, of two that never saw the
program."""
OF_A_CLONE = {"PYTHONUTF8": "1", "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "")}
"""What `dev.py` says to the Python that runs a clone."""

MOUNTS = (
    'for folder in proc dev; do mount --rbind /$folder "$0/$folder"; done',
    'mkdir -p /tmp/.X11-unix "$0/tmp/.X11-unix" "$0/project" "$0/disks/full" "$0/disks/protected"',
    'mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"',
    'mount -t tmpfs -o size=64k none "$0/disks/full"',
    'mount -t tmpfs -o size=64k,ro none "$0/disks/protected"',
)
"""What is seen in the lab besides the clone."""


def passed_on(piece: bytes) -> None:
    """Print what a program prints, as it comes."""
    sys.stdout.buffer.write(piece)
    sys.stdout.flush()


class Lab:
    """A Windows machine in a folder; `name` is that of its disk C: with its registry."""

    def __init__(self, folder: Path, project: Path = ROOT, name: str = FOR_TESTS) -> None:
        self.folder, self.root, self.project, self.name = folder, folder / "root", project, name
        self.python = self.root / "python"

    @property
    def made(self) -> bool:
        """Whether it is there, with the wheels of the locked file."""
        mark = self.folder / "wheels"
        return (self.python / "python.exe").exists() and mark.exists() and mark.read_text() == digest(LOCK)

    @property
    def drive(self) -> Path:
        """Its disk C:, as this machine sees it."""
        return self.root / HOME.lstrip("/") / self.name / "drive_c"

    @property
    def prefix(self) -> str:
        """Disk and registry, as wine sees them."""
        return f"{HOME}/{self.name}"

    def inside(self, path: Path) -> str:
        """What Windows calls a place on its disk C:."""
        return "C:\\" + "\\".join(path.relative_to(self.drive).parts)

    def seen(self, path: Path) -> str:
        """What Windows calls a place in the clone."""
        return "\\".join(("Z:", "project", *path.relative_to(self.project).parts))

    def start(
        self, program: str, *arguments: str, said: int = subprocess.STDOUT, more: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `program`, `python` or the path of one; its standard streams are pipes, as wine wants them."""
        own = {name: os.environ[name] for name in ("DISPLAY", "CI", "BRANCH_DESK_PASSWORD") if name in os.environ}
        environment = FIXED | own | (more or {}) | {"WINEPREFIX": self.prefix}
        self.drive.parent.parent.mkdir(parents=True, exist_ok=True)
        clone = f'mount --bind {shlex.quote(str(self.project))} "$0/project"'
        entered = debian.entering(self.root, environment, folder="/project", mounts=(*MOUNTS, clone))
        name = r"Z:\python\python.exe" if program == "python" else program
        return subprocess.Popen(
            [*entered, WINE, name, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        )

    def call(
        self,
        program: str,
        *arguments: str,
        more: dict[str, str] | None = None,
        told: Callable[[bytes], object] = passed_on,
    ) -> int:
        """Run `program`, telling what it prints; its exit status."""
        running = self.start(program, *arguments, more=more)
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.close()
        while piece := os.read(running.stdout.fileno(), 1 << 16):
            told(piece)
        return running.wait()

    def output(self, program: str, *arguments: str, more: dict[str, str] | None = None) -> tuple[int, str]:
        """Run `program`; its exit status and what it prints, without what it says on the error channel."""
        running = self.start(program, *arguments, said=subprocess.DEVNULL, more=more)
        printed, _ = running.communicate()
        return running.returncode, printed.decode("utf-8", "replace")

    def make(self) -> None:
        """Make what is missing of it.

        Raises:
            SystemExit: this is no Debian with root, or a step failed; it has said why.
        """
        debian.required(OUTSIDE)
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.root / WINE.lstrip("/")).exists():
            say(f"wine, from Debian {RELEASE}, into {self.root}")
            debian.make(self.root, RELEASE, packages=INSIDE, mirror=mirror())
            entered = debian.entering(self.root, debian.SURROUNDINGS)
            quietly([*entered, "localedef", "-i", "zh_CN", "-f", "UTF-8", "zh_CN.UTF-8"])
        if not (self.python / "python.exe").exists():
            say(f"Python, into {self.python}")
            self._make_python()
        if not self.made:
            say(f"the wheels of {LOCK.name}")
            self._install_wheels()

    def _make_python(self) -> None:
        shutil.rmtree(self.python, ignore_errors=True)
        taken = self.folder / "panda3d"
        install_windows("--target", taken, "-r", INTERPRETER)
        modules = self.python / "DLLs"
        modules.mkdir(parents=True)
        for file in (taken / "deploy_libs").iterdir():
            if file.name in ("python311.dll", "VCRUNTIME140.dll"):
                shutil.copy(file, self.python)
            elif file.suffix == ".pyd" or file.stem in ("libffi-8", "libcrypto-3", "libssl-3", "sqlite3"):
                shutil.copy(file, modules)
        shutil.rmtree(taken)
        left_out = ("site-packages", "dist-packages", "lib-dynload", "test", "idlelib", "ensurepip", "config-3.11*")
        library = sysconfig.get_path("stdlib")
        shutil.copytree(library, self.python / "Lib", ignore=shutil.ignore_patterns(*left_out, "__pycache__"))
        self.keep_pace()
        self._forward()
        compiler = ["x86_64-w64-mingw32-gcc", "-O2", "-municode"]
        quietly([*compiler, "-o", self.python / "python.exe", HERE / "launch.c"])

    def keep_pace(self) -> None:
        """Let the library answer as python311.dll asks, which may be newer by a mend than the Python that runs this."""
        file = self.python / "Lib" / "importlib" / "metadata" / "__init__.py"
        words, method = file.read_text("utf-8"), "    def invalidate_caches(cls)"
        asked = f"    @classmethod\n{method}"
        if asked not in words:
            file.write_text(words.replace(method, asked), "utf-8")

    def _forward(self) -> None:
        """Make python3.dll, the stable interface, which only passes on to python311.dll."""
        told = subprocess.run(
            ["x86_64-w64-mingw32-objdump", "-p", self.python / "python311.dll"],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        ).stdout
        table = told.partition("[Ordinal/Name Pointer] Table")[2].splitlines()[1:]
        names = [line.split()[-1] for line in table if line.strip().startswith("[")]
        exports, nothing = self.folder / "python3.def", self.folder / "nothing.c"
        forwarded = "".join(f"{name}=python311.{name}\n" for name in names)
        exports.write_text(f"LIBRARY python3.dll\nEXPORTS\n{forwarded}", encoding="ascii")
        nothing.write_text("int nothing;\n", encoding="ascii")
        options = ["-shared", "-nostdlib", "-Wl,--entry=0"]
        quietly(["x86_64-w64-mingw32-gcc", *options, "-o", self.python / "python3.dll", nothing, exports])

    def _install_wheels(self) -> None:
        site = self.python / "Lib" / "site-packages"
        shutil.rmtree(site, ignore_errors=True)
        install_windows("--target", site, "-r", LOCK)
        (self.folder / "wheels").write_text(digest(LOCK), encoding="ascii")


def install_windows(*arguments: str | Path) -> None:
    """Install wheels for Windows, as the locked file names them, whatever this machine is."""
    quietly([sys.executable, *PIP, "install", *choosing(TARGETS["windows"]), *arguments])


def mirror() -> str:
    """Where this machine takes its Debian packages from.

    Raises:
        SystemExit: its lists name none.
    """
    for file in (*Path("/etc/apt/sources.list.d").glob("*.sources"), Path("/etc/apt/sources.list")):
        for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
            kind, *words = line.split() or [""]
            if kind in ("URIs:", "deb") and words:
                return next(word for word in words if ":/" in word)
    raise SystemExit("No list of Debian packages is set up on this machine.")


def the_lab(name: str = FOR_TESTS) -> Lab:
    """The lab of this clone, made or not, with one of its disks."""
    folder = Path(os.environ.get("BRANCH_DESK_LAB") or ROOT / "build" / "windows-lab")
    return Lab(folder.absolute(), name=name)


def main(arguments: Sequence[str]) -> int:
    """Make the lab, or run something in it."""
    lab = the_lab()
    lab.make()
    if arguments:
        return lab.call(*arguments, more=OF_A_CLONE)
    return lab.call("python", "-c", "import sys; print('Windows Python', sys.version.split()[0])", more=OF_A_CLONE)
