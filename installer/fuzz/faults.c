/* A disk that refuses: the n-th call of one kind, once or from then on. Loaded before libc; armed by the fork it is for.
   Only regular files and their names are refused, so that pipes go on speaking. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE, FSYNC, RENAME, CREATE, UNLINK, MKDIR, KINDS };

static int armed, kind_, error_, for_good;
static long left_, hits_, seen_[KINDS];

void fault_arm(int kind, int error, long number, int persistent)
{
    for (int i = 0; i < KINDS; i++) seen_[i] = 0;
    kind_ = kind; error_ = error; left_ = number; for_good = persistent; hits_ = 0; armed = 1;
}
void fault_rest(void) { armed = 0; }
long fault_hits(void) { return hits_; }
long fault_seen(int kind) { return seen_[kind]; }

static int refused(int kind)
{
    if (!armed) return 0;
    seen_[kind]++;
    if (kind != kind_ || left_ <= 0) return 0;
    if (left_ > 1) { left_--; return 0; }
    if (!for_good) left_ = 0;
    hits_++;
    errno = error_;
    return 1;
}

static int regular(int fd)
{
    struct stat about;
    int before = errno, is = fstat(fd, &about) == 0 && (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode));
    errno = before;
    return is;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size)
{ REAL(write); return armed && regular(fd) && refused(WRITE) ? -1 : real(fd, data, size); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{ REAL(pwrite); return refused(WRITE) ? -1 : real(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{ REAL(pwrite64); return refused(WRITE) ? -1 : real(fd, data, size, at); }
ssize_t writev(int fd, const struct iovec *parts, int count)
{ REAL(writev); return armed && regular(fd) && refused(WRITE) ? -1 : real(fd, parts, count); }
ssize_t sendfile64(int to, int from, off64_t *at, size_t size)
{ static ssize_t (*real)(int, int, off64_t *, size_t); if (!real) real = dlsym(RTLD_NEXT, "sendfile64");
  return armed && regular(to) && refused(WRITE) ? -1 : real(to, from, at, size); }
ssize_t sendfile(int to, int from, off_t *at, size_t size)
{ static ssize_t (*real)(int, int, off_t *, size_t); if (!real) real = dlsym(RTLD_NEXT, "sendfile");
  return armed && regular(to) && refused(WRITE) ? -1 : real(to, from, at, size); }
int ftruncate(int fd, off_t size) { REAL(ftruncate); return refused(WRITE) ? -1 : real(fd, size); }
int ftruncate64(int fd, off64_t size) { REAL(ftruncate64); return refused(WRITE) ? -1 : real(fd, size); }

int fsync(int fd) { REAL(fsync); return refused(FSYNC) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); return refused(FSYNC) ? -1 : real(fd); }

int rename(const char *from, const char *to) { REAL(rename); return refused(RENAME) ? -1 : real(from, to); }
int renameat(int d, const char *from, int e, const char *to)
{ REAL(renameat); return refused(RENAME) ? -1 : real(d, from, e, to); }

#define OPENED(call) \
    mode_t mode = 0; \
    if (flags & O_CREAT) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
    if ((flags & O_CREAT) && refused(CREATE)) return -1; \
    return call

int open(const char *path, int flags, ...) { REAL(open); OPENED(real(path, flags, mode)); }
int open64(const char *path, int flags, ...) { REAL(open64); OPENED(real(path, flags, mode)); }
int openat(int d, const char *path, int flags, ...) { REAL(openat); OPENED(real(d, path, flags, mode)); }
int openat64(int d, const char *path, int flags, ...) { REAL(openat64); OPENED(real(d, path, flags, mode)); }

int unlink(const char *path) { REAL(unlink); return refused(UNLINK) ? -1 : real(path); }
int unlinkat(int d, const char *path, int flags) { REAL(unlinkat); return refused(UNLINK) ? -1 : real(d, path, flags); }
int rmdir(const char *path) { REAL(rmdir); return refused(UNLINK) ? -1 : real(path); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); return refused(MKDIR) ? -1 : real(path, mode); }
int mkdirat(int d, const char *path, mode_t mode) { REAL(mkdirat); return refused(MKDIR) ? -1 : real(d, path, mode); }
