"""Makes an update ready while the program still runs: copied, checked, unpacked, tried, the data backed up.

Nothing that is in use changes here, and what was begun is taken away again after any fault. The exchange itself is done
by a copy of the program in use (`switching`), once its window is closed.
"""

import lzma
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.backup import BEFORE_UPGRADE, BackupService
from desktop.services.errors import Cancelled, NotFound, StorageFailure
from desktop.services.files import FilePort, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.security.lock import StoreLock
from desktop.services.sync.media import note_on_stick
from desktop.services.sync.usb import copy_verified
from desktop.services.updates.manifest import Form, ReleaseFile
from desktop.services.updates.offers import Offer, UpdateRefused, spotted
from desktop.services.updates.program import Program, command_of, running_from, window_of
from desktop.services.updates.state import FORMER, Phase, State, place_of, write_state

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from desktop.services.store import Store

_SPARE = 64 << 20
_TRIAL_SECONDS = 120
_NO_ARCHIVE = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError),
    *(NotImplementedError, RuntimeError),  # a zip pressed in another way, or under a password
)
_NEW = ".new"


def prepare(
    store: "Store",
    root: Path,
    program: Program | None,
    progress: Progress = silent,
    *,
    keys: "Mapping[str, Ed25519PublicKey] | None" = None,
) -> State:
    """Make the update to what lies on the stick `root` ready; `progress` is told bytes: copied, read back, unpacked.

    Raises:
        NotAllowed: who works here may not make backups, which an update begins with.
        OnlyLooked: the disk of the store takes nothing more.
        NotFound: no release lies there.
        UpdateRefused: it does not hold, is no newer, is not for here, or does not start here; or the program has other
            windows open.
        StoreBusy: another update of this program is being made.
        StorageFailure: a disk is full or refuses.
        Cancelled: by `progress`. In all these cases nothing is left of it but the backup, if it was made.
    """
    store.rights.require(Act.BACKUP)
    store.require_writable()
    if program is None:
        raise UpdateRefused("E-UPD-CLONE")
    found = spotted(root, program, keys=keys)
    if found is None:
        raise NotFound(what="新版本", file=str(root))
    file, place = found.require(), place_of(program.folder)
    new = program.folder.with_name(program.folder.name + _NEW)
    former = _former(program, place)
    _require_writable(program)
    if running_from(program.folder):
        raise UpdateRefused("E-UPD-OPEN")
    port = FilePort()
    with storage_faults(place, port):
        port.make_folder(place)
    with StoreLock(place):
        clear(place, new, former)
        try:
            _require_room(program, file, place, new, former)
            whole = 2 * file.size_bytes + (file.unpacked_bytes if program.form is Form.FOLDER else 0)
            payload = _copied(found, file, place, lambda done, _of_copy: progress(done, whole))
            note_on_stick(store, Use.FROM_STICK, [found.folder / file.name])
            if program.form is Form.FOLDER:
                with storage_faults(new, port, need=file.unpacked_bytes):
                    _unpack(payload, new, lambda done: progress(min(2 * file.size_bytes + done, whole), whole))
                port.remove(payload)
                payload = new
                _try(new)
            with storage_faults(former, port):
                _keep_aside(program.folder, former)
            backup = BackupService(store).backup(BEFORE_UPGRADE)
            store.audit(Use.UPDATE, f"{program.version} → {found.version}")
            return write_state(
                place,
                State(
                    phase=Phase.READY,
                    old=program.version,
                    new=found.version,
                    program=str(program.folder),
                    form=program.form.value,
                    payload=str(payload),
                    former=str(former),
                    store=str(store.folder.absolute()),
                    backup=backup.stamp,
                    portable=found.portable,
                ),
            )
        except BaseException:
            clear(place, new, former)
            raise


def clear(place: Path, *beside: Path) -> None:
    """Take away what an update that came to nothing left, in `place` (but for its lock) and `beside` the program."""
    for each in beside:
        shutil.rmtree(each, ignore_errors=True)
    for each in place.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each, ignore_errors=True)
        elif each.suffix != ".lock":
            FilePort().remove_quietly(each)


def _former(program: Program, place: Path) -> Path:
    """Return where the program in use is kept aside: beside itself, or where its folder belongs to an administrator."""
    beside = program.folder.with_name(program.folder.name + FORMER)
    return place / "former" if program.form is Form.DEB else beside


def _require_writable(program: Program) -> None:
    """Refuse where the folder of the program cannot be exchanged.

    Raises:
        UpdateRefused: E-UPD-PLACE.
    """
    if program.form is not Form.DEB and not os.access(program.folder.parent, os.W_OK | os.X_OK):
        raise UpdateRefused("E-UPD-PLACE", file=str(program.folder.parent))


def _require_room(program: Program, file: ReleaseFile, place: Path, new: Path, former: Path) -> None:
    """Refuse before anything is copied where a disk has no room for all of it.

    Raises:
        StorageFailure: E-DISK-FULL.
    """
    own = sum(each.lstat().st_size for each in program.folder.rglob("*") if not each.is_dir())
    wanted = [(place, file.size_bytes), (former.parent, own), (new.parent, file.unpacked_bytes)]
    port, needs = FilePort(), dict[int, int]()
    for where, size in wanted:
        device = where.stat().st_dev
        needs[device] = needs.get(device, _SPARE) + size
        free = port.free_space(where)
        if free < needs[device]:
            raise StorageFailure("E-DISK-FULL", file=file.name, need=needs[device], free=free)


def _copied(offer: Offer, file: ReleaseFile, place: Path, progress: Progress) -> Path:
    """Copy the file to this disk and see that it is what was signed."""
    source = offer.folder / file.name
    try:
        copied = copy_verified(source, place, progress)
    except Cancelled:
        raise
    except (OSError, StorageFailure) as error:
        if not offer.folder.is_dir():  # the stick was pulled
            raise UpdateRefused("E-UPD-GONE") from error
        if not source.is_file():
            raise UpdateRefused("E-UPD-SIGN", file=file.name, reason="清单里有，U盘上没有。") from error
        if isinstance(error, StorageFailure):
            raise
        raise StorageFailure("E-DISK", file=file.name, reason=error.strerror or "") from error
    if copied.sha256 != offer.sha256:
        reason = "内容在发行之后被改过，或者没有拷贝完整。"
        raise UpdateRefused("E-UPD-SIGN", file=file.name, reason=reason)
    return copied.path


def _unpack(archive: Path, to: Path, told: Callable[[int], None]) -> None:
    """Unpack the one folder an archive holds, as `to`; `told` of bytes.

    Raises:
        UpdateRefused: E-UPD-UNFIT, it is no such archive.
        OSError: the disk refuses.
    """
    inside = to.with_name(f"{to.name}.unpacking")
    shutil.rmtree(inside, ignore_errors=True)
    try:
        try:
            if zipfile.is_zipfile(archive):
                with zipfile.ZipFile(archive) as packed:
                    done = 0
                    for entry in packed.infolist():
                        packed.extract(entry, inside)
                        told(done := done + entry.file_size)
            else:
                with tarfile.open(archive) as pressed:
                    done = 0
                    for member in pressed:
                        pressed.extract(member, inside, filter="data")
                        told(done := done + member.size)
        except _NO_ARCHIVE as error:
            raise UpdateRefused("E-UPD-UNFIT", file=archive.name) from error
        folders = list(inside.iterdir())
        if len(folders) != 1 or not window_of(folders[0]).is_file():
            raise UpdateRefused("E-UPD-UNFIT", file=archive.name)
        FilePort().replace(folders[0], to)  # a virus scanner may be reading what was unpacked just now
    finally:
        shutil.rmtree(inside, ignore_errors=True)
    for program in {window_of(to), command_of(to)}:
        if program.is_file() and sys.platform != "win32":  # a zip forgets it
            program.chmod(program.stat().st_mode | stat.S_IXUSR)


def _try(folder: Path) -> None:
    """See that the new program starts on this computer at all, before anything is exchanged for it.

    Raises:
        UpdateRefused: E-UPD-UNFIT.
    """
    try:
        done = subprocess.run(
            [command_of(folder), "--help"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"},
            timeout=_TRIAL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UpdateRefused("E-UPD-UNFIT", file=folder.name) from error
    if done.returncode:
        raise UpdateRefused("E-UPD-UNFIT", file=folder.name)


def _keep_aside(program: Path, former: Path) -> None:
    """Copy the program in use, sharing its bytes where no set-up will write into its files."""
    shutil.rmtree(former, ignore_errors=True)
    shutil.copytree(program, former, symlinks=True, copy_function=shared_or_copied)


def shared_or_copied(source: str, target: str) -> str:
    """Copy a file of a program; where its folder is exchanged as a whole, and it is ours, the bytes are shared."""
    if sys.platform != "win32":
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:
            pass
        else:
            return target
    shutil.copy2(source, target, follow_symlinks=False)
    return target
