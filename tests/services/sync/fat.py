"""A folder that behaves as a stick formatted FAT does, below Python: names, case, the largest file, and being pulled.

No kernel of a build machine has to know FAT: a small library put before the C library answers for what lies in the
folder. Letters count alike, large and small; some characters are no names; a rename never takes the place of a file, as
the poorest drivers have it; rights and forced folders are not known; a file has an end. From the n-th call on it may
fail: pulled out, full, turned to be read only, or just once.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

_SOURCE = r"""
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int error_, once_;
static long left_ = -1, seen_;

void fat_arm(int error, long number, int once) { error_ = error; once_ = once; seen_ = 0; left_ = number; }
long fat_seen(void) { return seen_; }

static int refused(void)
{
    seen_++;
    if (left_ < 0 || --left_ > 0) return 0;
    left_ = once_ ? -1 : 0;
    errno = error_;
    return 1;
}

static const char *root(void) { return getenv("FAT_ROOT"); }
static int inside(const char *path)
{ size_t n = strlen(root()); return path && !strncmp(path, root(), n) && (path[n] == '/' || !path[n]); }
static int of_it(int fd)
{
    char link[64], path[PATH_MAX];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    errno = before;
    if (n < 0) return 0;
    path[n] = 0;
    return inside(path);
}

/* The path by the letters its parts were made with; 0 where a part is no name on FAT. */
static int found(const char *path, char *to)
{
    size_t at = strlen(root());
    memcpy(to, root(), at + 1);
    const char *rest = path + at;
    while (*rest) {
        while (*rest == '/') rest++;
        size_t n = strcspn(rest, "/");
        if (!n) break;
        char part[NAME_MAX + 1];
        if (n > NAME_MAX) { errno = ENAMETOOLONG; return 0; }
        memcpy(part, rest, n); part[n] = 0; rest += n;
        if (strpbrk(part, "\\:*?\"<>|") || (strcmp(part, ".") && strcmp(part, "..") && strchr(". ", part[n - 1])))
        { errno = EINVAL; return 0; }
        DIR *folder = opendir(to);
        struct dirent *each;
        if (folder) {
            while ((each = readdir(folder))) if (!strcasecmp(each->d_name, part)) { strcpy(part, each->d_name); break; }
            closedir(folder);
        }
        at += sprintf(to + at, "/%s", part);
    }
    return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define THERE(path) char there[2 * PATH_MAX]; \
    if (inside(path)) { if (refused() || !found(path, there)) return -1; path = there; }

#define OPENED(call) \
    mode_t mode = 0; \
    if (flags & O_CREAT) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
    THERE(path) \
    return call
int open(const char *path, int flags, ...) { REAL(open); OPENED(real(path, flags, mode)); }
int open64(const char *path, int flags, ...) { REAL(open64); OPENED(real(path, flags, mode)); }
int openat(int d, const char *path, int flags, ...) { REAL(openat); OPENED(real(d, path, flags, mode)); }
int openat64(int d, const char *path, int flags, ...) { REAL(openat64); OPENED(real(d, path, flags, mode)); }

int rename(const char *from, const char *to)
{
    REAL(rename);
    char old[2 * PATH_MAX];
    struct stat about;
    if (inside(from)) { if (!found(from, old)) return -1; from = old; }
    THERE(to)
    if (inside(to) && !lstat(to, &about)) { errno = EEXIST; return -1; }
    return real(from, to);
}
int mkdir(const char *path, mode_t mode) { REAL(mkdir); THERE(path) return real(path, mode); }
int unlink(const char *path) { REAL(unlink); THERE(path) return real(path); }
int chmod(const char *path, mode_t mode)
{ REAL(chmod); if (inside(path)) { errno = EPERM; return -1; } return real(path, mode); }
int link(const char *from, const char *to)
{ REAL(link); if (inside(to)) { errno = EPERM; return -1; } return real(from, to); }
int symlink(const char *from, const char *to)
{ REAL(symlink); if (inside(to)) { errno = EPERM; return -1; } return real(from, to); }
int stat(const char *path, struct stat *to) { REAL(stat); THERE(path) return real(path, to); }
int stat64(const char *path, struct stat64 *to) { REAL(stat64); THERE(path) return real(path, to); }
int access(const char *path, int mode) { REAL(access); THERE(path) return real(path, mode); }
int statvfs(const char *path, struct statvfs *to) { REAL(statvfs); THERE(path) return real(path, to); }
int statvfs64(const char *path, struct statvfs64 *to) { REAL(statvfs64); THERE(path) return real(path, to); }

ssize_t read(int fd, void *to, size_t size)
{ REAL(read); return of_it(fd) && refused() ? -1 : real(fd, to, size); }
ssize_t write(int fd, const void *from, size_t size)
{
    REAL(write);
    if (of_it(fd)) {
        off_t most = atol(getenv("FAT_MOST")), at = lseek(fd, 0, SEEK_CUR);
        if (refused()) return -1;
        if (at >= most) { errno = EFBIG; return -1; }
        if (at + (off_t)size > most) size = most - at;
    }
    return real(fd, from, size);
}
int fsync(int fd)
{
    REAL(fsync);
    struct stat about;
    if (of_it(fd)) {
        if (refused()) return -1;
        if (!fstat(fd, &about) && S_ISDIR(about.st_mode)) { errno = EINVAL; return -1; }
    }
    return real(fd);
}
"""


def on_fat(folder: Path, most_bytes: int, script: str, *arguments: str) -> str:
    """Run a Python `script` for which the folder `盘` below `folder` is a stick; return what it printed."""
    source, library, root = folder / "fat.c", folder / "fat.so", folder / "盘"
    root.mkdir()
    source.write_text(_SOURCE, "utf-8")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", library, source, "-ldl"], check=True)
    environment = os.environ | {
        "LD_PRELOAD": str(library),
        "FAT_ROOT": str(root),
        "FAT_MOST": str(most_bytes),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", script, str(root), str(library), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
