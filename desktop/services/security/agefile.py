"""age files as streams: constant memory, and errors that still say what went wrong.

`pyrage` reads from one object and writes to another, and wraps whatever these raise into its own errors. Here the
original comes out again: a full disk is an `OSError`, a cancelled job is `Cancelled`; only a fault of the age file
itself becomes `NoKeyFits` or `Damaged`.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

import pyrage
from pyrage import x25519

from desktop.services.files import Readable, Writable

Recipient: TypeAlias = x25519.Recipient
Identity: TypeAlias = x25519.Identity

BUFFER = 1 << 20
_MAGIC = b"age-encryption.org/v1\n"
_NO_KEY = "No matching keys"


class AgeFault(Exception):
    """An age file does not open."""


class NoKeyFits(AgeFault):
    """None of the identities is among the recipients."""


class Damaged(AgeFault):
    """Not an age file, changed, or cut short."""


def encrypt(source: Readable, target: Writable, recipients: Sequence[Recipient]) -> None:
    """Write all of `source` to `target` as a binary age file that each of `recipients` can open.

    Raises:
        BaseException: whatever reading or writing raised, as it was.
    """
    inlet, outlet = _Inlet(source), _Outlet(target)
    try:
        pyrage.encrypt_io(inlet, outlet, list(recipients))
        outlet.drain()
    except BaseException as error:  # noqa: BLE001 - whatever it was, the original counts
        raise inlet.error or outlet.error or error from None


def decrypt(source: Readable, target: Writable, identities: Sequence[Identity]) -> None:
    """Write the plaintext of the age file `source` to `target`.

    What was written before an error is authentic but not all: the caller drops it.

    Raises:
        NoKeyFits: made for others.
        Damaged: not a binary age file, changed, or cut short.
    """
    inlet, outlet = _Inlet(source, _MAGIC), _Outlet(target)
    try:
        pyrage.decrypt_io(inlet, outlet, list(identities))
        outlet.drain()
    except BaseException as error:
        if original := inlet.error or outlet.error:
            raise original from None
        if isinstance(error, pyrage.DecryptError):
            raise (NoKeyFits if _NO_KEY in str(error) else Damaged)(str(error)) from error
        if isinstance(error, OSError | pyrage.IdentityError):  # pyrage's word for a payload cut short
            raise Damaged(str(error)) from error
        raise


@contextmanager
def decrypting(source: Readable, identities: Sequence[Identity]) -> Iterator["Pipe"]:
    """Give the plaintext of `source` as a stream to read from; a thread decrypts a little ahead.

    A fault is raised by `read`, also by the one that would have told the end: whoever has read until `b""` has read
    an undamaged file. Leaving early stops the thread. `source` must not be touched inside the block.
    """
    pipe = Pipe()
    worker = threading.Thread(target=_pump, args=(lambda: decrypt(source, pipe, identities), pipe), daemon=True)
    worker.start()
    try:
        yield pipe
    finally:
        pipe.close()
        worker.join()


def _pump(work: Callable[[], None], pipe: "Pipe") -> None:
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - raised again by the reading thread
        pipe.finish(error)
    else:
        pipe.finish(None)


class Pipe:
    """A bounded queue of bytes between one writing and one reading thread; an error travels like data."""

    def __init__(self, capacity: int = 2 * BUFFER) -> None:
        self._capacity = capacity
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._ended = self._closed = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()

    def write(self, data: bytes, /) -> int:
        """Queue `data`; wait while the queue is full.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        with self._changed:
            while self._held >= self._capacity and not self._closed:
                self._changed.wait()
            if self._closed:
                raise BrokenPipeError
            self._chunks.append(data)
            self._held += len(data)
            self._changed.notify_all()
        return len(data)

    def finish(self, error: BaseException | None) -> None:
        """Say that nothing more comes, and why."""
        with self._changed:
            self._ended, self._error = True, error
            self._changed.notify_all()

    def read(self, size: int = -1, /) -> bytes:
        """Return exactly `size` bytes (all that is left if negative), fewer only at the end."""
        parts: list[bytes] = []
        wanted = size
        while wanted:
            chunk = self._take(wanted)
            if not chunk:
                break
            parts.append(chunk)
            if wanted > 0:
                wanted -= len(chunk)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Stop reading; the writer is told at its next write."""
        with self._changed:
            self._closed = True
            self._chunks.clear()
            self._changed.notify_all()

    def _take(self, limit: int) -> bytes:
        with self._changed:
            while not self._chunks and not self._ended:
                self._changed.wait()
            if not self._chunks:
                if self._error is not None:
                    raise self._error
                return b""
            chunk = self._chunks.popleft()
            if 0 <= limit < len(chunk):
                self._chunks.appendleft(chunk[limit:])
                chunk = chunk[:limit]
            self._held -= len(chunk)
            self._changed.notify_all()
        return chunk


class _Inlet:
    """Reads in large pieces for pyrage's small ones, remembers what went wrong, and may insist on the first bytes."""

    def __init__(self, source: Readable, magic: bytes = b"") -> None:
        self._source = source
        self._magic = magic
        self._chunk = b""
        self._at = 0
        self.error: BaseException | None = None

    def read(self, size: int = -1, /) -> bytes:
        if self._at >= len(self._chunk):
            try:
                self._chunk = self._source.read(BUFFER)
                if self._magic:
                    self._check_start()
            except BaseException as error:
                self.error = error
                raise
            self._at = 0
        end = len(self._chunk) if size < 0 else min(self._at + size, len(self._chunk))
        piece = self._chunk[self._at : end]
        self._at = end
        return piece

    def _check_start(self) -> None:
        while len(self._chunk) < len(self._magic) and (more := self._source.read(BUFFER)):
            self._chunk += more
        if not self._chunk.startswith(self._magic):
            raise Damaged("not a binary age file")
        self._magic = b""


class _Outlet:
    """Gathers pyrage's small writes and remembers what went wrong."""

    def __init__(self, target: Writable) -> None:
        self._target = target
        self._parts: list[bytes] = []
        self._held = 0
        self.error: BaseException | None = None

    def write(self, data: bytes, /) -> int:
        self._parts.append(data)
        self._held += len(data)
        if self._held >= BUFFER // 2:
            self.drain()
        return len(data)

    def flush(self) -> None:
        """Nothing: pyrage flushes after each piece, the files are flushed by their owners."""

    def drain(self) -> None:
        try:
            if self._held:
                self._target.write(b"".join(self._parts))
        except BaseException as error:
            self.error = error
            raise
        self._parts.clear()
        self._held = 0
