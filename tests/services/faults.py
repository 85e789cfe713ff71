"""A disk that refuses for real: `fsync` of a store's database fails below Python, as a failing medium makes it fail.

A small library put before the C library says so to SQLite; it is built when a test asks for it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ONCE, FOR_GOOD, SILENCE = "once", "for good", "for good, and nothing can be written either"
"""How the medium fails: the next forcing only; every one; every one, and after the first no byte is taken any more."""

_SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int faults;

static int of_the_database(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return strstr(path, "main.db") != 0;
}

static int mode(char *into) {
    FILE *file = fopen(getenv("FAULT_FILE"), "r");
    if (!file) { faults = 0; return 0; }
    into[fread(into, 1, 63, file)] = 0;
    fclose(file);
    return 1;
}

static int refuses(int fd, int forcing) {
    char how[64];
    if (!of_the_database(fd) || !mode(how)) return 0;
    if (forcing ? !strcmp(how, "once") && faults : !faults || !strstr(how, "nothing")) return 0;
    faults++;
    errno = EIO;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
int fsync(int fd) { return refuses(fd, 1) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return refuses(fd, 1) ? -1 : REAL(fdatasync)(fd); }
ssize_t write(int fd, const void *from, size_t size) { return refuses(fd, 0) ? -1 : REAL(write)(fd, from, size); }
ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    return refuses(fd, 0) ? -1 : REAL(pwrite64)(fd, from, size, at);
}
"""

needs_faults = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("gcc") is None, reason="needs gcc and a library put before the C library"
)


def fail(how: str) -> None:
    """In a process begun by `with_faults`: let the medium fail like that from now on; empty, be sound again."""
    file = Path(os.environ["FAULT_FILE"])
    if how:
        file.write_text(how)
    else:
        file.unlink(missing_ok=True)


def with_faults(folder: Path, script: str, *arguments: str) -> str:
    """Run a Python `script` whose disk can be made to `fail`; return what it printed."""
    library = folder / "faults.so"
    (folder / "faults.c").write_text(_SOURCE)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, folder / "faults.c", "-ldl"], check=True)
    environment = os.environ | {
        "LD_PRELOAD": str(library),
        "FAULT_FILE": str(folder / "fault"),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
