"""An old Debian in a folder, where programs for Linux are built: what runs on its C library runs on newer ones.

Nothing here is part of the clone. The folder is made once (ten minutes) and used again; what changed
since, locked wheels and the program itself, is brought in anew each time.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from installer.bundles import debian
from installer.bundles.contents import NAME
from installer.dev import PIP, PYTHON, ROOT, WINDOW_LIBRARIES, call, digest, quietly, say
from installer.supply.locks import DEVELOPMENT
from installer.supply.wheels import choosing

LOCK = ROOT / DEVELOPMENT
SUITE = "bullseye"
GLIBC_MINOR = 31
"""The C library of `SUITE` is 2.31."""
SOURCE_SUITE = "bookworm"
"""The Debian that has the source of our Python."""
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
TOOLS = {"debootstrap": "debootstrap", "unshare": "util-linux", "readelf": "binutils", "xz": "xz-utils", "Xvfb": "xvfb"}
"""What this machine needs to build and to prove, by the Debian package that has it."""
SOURCES = "/src"
"""Where sources lie and are built; the home of what runs inside."""
PYTHON_HOME = "/opt/python"
SITE = "/opt/site-packages"
"""Where the wheels lie, unpacked."""
OLD_MATHS = """\
#if defined(__x86_64__) && !defined(__ASSEMBLER__)
__asm__(".symver exp,exp@GLIBC_2.2.5");
__asm__(".symver exp2,exp2@GLIBC_2.2.5");
__asm__(".symver log,log@GLIBC_2.2.5");
__asm__(".symver log2,log2@GLIBC_2.2.5");
__asm__(".symver pow,pow@GLIBC_2.2.5");
#endif
"""
"""Stands before every source of our Python: these five would ask for glibc 2.29, and UOS 20 has 2.28."""
BUILD_PACKAGES = (
    *("build-essential", "dpkg-dev", "zlib1g-dev", "libffi-dev", "libssl-dev", "libbz2-dev", "liblzma-dev", "uuid-dev"),
    "libexpat1-dev",
    *("libcups2", *WINDOW_LIBRARIES.values()),
)


class Builder:
    """The old Debian below `lab`; its own root folder is `root`."""

    def __init__(self, lab: Path) -> None:
        self.lab = lab
        self.root = lab / "builder"

    def prepare(self) -> None:
        """Make what is missing: the system, our Python, the locked wheels.

        Raises:
            SystemExit: this is no Linux, nobody is root, or a step failed.
        """
        debian.required(TOOLS)
        self.lab.mkdir(parents=True, exist_ok=True)
        self._once("system", self._system)
        self._once("python", self._python)
        self._once(f"wheels-{digest(LOCK)[:16]}", self._wheels)

    def run(self, *command: str, cwd: str = "/") -> None:
        """Run a step inside, with nothing of this machine's surroundings but the network.

        Raises:
            SystemExit: it failed.
        """
        environment = debian.SURROUNDINGS | {
            "PATH": f"{PYTHON_HOME}/bin:{debian.SURROUNDINGS['PATH']}",
            "HOME": SOURCES,
            "PYTHONPATH": SITE,
            "DEBIAN_FRONTEND": "noninteractive",
            "PYTHONUTF8": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }
        status = call([*debian.entering(self.root, environment, folder=cwd), *command])
        if status:
            raise SystemExit(f"failed in {self.root} ({status}): {' '.join(command)}")

    def bundle(self) -> Path:
        """Build the folder of the program from the files of the clone as they are now; where it lies."""
        self.prepare()
        inside = self.root / SOURCES.lstrip("/") / NAME
        shutil.rmtree(inside, ignore_errors=True)
        inside.mkdir(parents=True)
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout.split(b"\0")
        for name in filter(None, names):
            file = Path(os.fsdecode(name))
            if (ROOT / file).is_file():  # else deleted, and not yet committed
                (inside / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, inside / file)
        self.run("python3.11", "-m", "installer.bundles", "bundle", "--unproved", cwd=f"{SOURCES}/{NAME}")
        return inside / "dist" / NAME

    def _once(self, name: str, make: Callable[[], None]) -> None:
        mark = self.lab / f".{name}"
        if mark.exists():
            return
        say(f"{self.lab}: making {name.partition('-')[0]}")
        make()
        mark.touch()

    def _system(self) -> None:
        debian.make(self.root, SUITE)
        sources = self.root / "etc" / "apt" / "sources.list"
        mirror = sources.read_text("utf-8").split()[1]  # as debootstrap wrote it
        more = self.root / "etc" / "apt" / "sources.list.d" / "python.list"
        more.write_text(f"deb-src {mirror} {SOURCE_SUITE} main\n", "utf-8")
        self.run("apt-get", "-q", "update")
        self.run("apt-get", "-q", "install", "-y", "--no-install-recommends", *BUILD_PACKAGES)

    def _python(self) -> None:
        name = f"python{PYTHON[0]}.{PYTHON[1]}"
        folder = self.root / SOURCES.lstrip("/") / "python"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.run("apt-get", "-q", "source", name, cwd=f"{SOURCES}/python")
        (source,) = (each for each in folder.iterdir() if each.is_dir())
        inside = f"{SOURCES}/python/{source.name}"
        module = (
            source / "Modules" / "pyexpat.c"
        )  # Debian's patch of it asks for this, and its own build says it elsewhere
        module.write_text("#define Py_BUILD_CORE_MODULE 1\n" + module.read_text("utf-8"), "utf-8")
        shutil.rmtree(self.root / PYTHON_HOME.lstrip("/"), ignore_errors=True)
        (folder / "old_maths.h").write_text(OLD_MATHS, "utf-8")
        options = [f"--prefix={PYTHON_HOME}", "--enable-shared", "--without-ensurepip", "-q"]
        options += [f"LDFLAGS=-Wl,-rpath,{PYTHON_HOME}/lib", f"CFLAGS=-include {SOURCES}/python/old_maths.h"]
        self.run("./configure", *options, "ac_cv_func_sem_clockwait=no", cwd=inside)  # of glibc 2.30
        self.run("make", "-s", f"-j{os.cpu_count() or 1}", cwd=inside)
        self.run("make", "-s", "install", cwd=inside)
        shutil.rmtree(folder)

    def _wheels(self) -> None:
        """The locked wheels as this machine's pip finds them, put where the Python inside looks for them."""
        site = self.root / SITE.lstrip("/")
        shutil.rmtree(site, ignore_errors=True)
        chosen = choosing((os.uname().machine, GLIBC_MINOR))
        quietly([sys.executable, *PIP, "install", *chosen, "--no-compile", "--target", site, "-r", LOCK])
