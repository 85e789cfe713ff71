"""Packing attachments out of the encrypted store, beside what `age` alone needs to encrypt as many bytes; and memory.

The bound encrypts a plain file for two recipients. The program decrypts each attachment, checks it against its hash,
puts it into the tar stream, encrypts that for two recipients and hashes the result. Both end when the result is forced
to the same disk, and take turns in the same run. Compared is the processor time of the thread that has most to do,
since the others work beside it: what other programs take from the machine and its disk changes that little.
"""

import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pyrage import x25519

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.attachments import AttachmentService
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sync.parties import AT, enrol, make
from tests.stores import LOGIN, PASSWORD, clock_at

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(shutil.which("age") is None, reason="age, the bound, is not installed"),
]

AIM = 0.25
PEAK_MIB = 150
FILES, FILE_BYTES = 50, 20_000_000
ROUNDS = 5


def attempt(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that `work` took, and those that this thread and the programs it waited for worked."""
    before, begun = _worked(), time.perf_counter()
    work()
    return time.perf_counter() - begun, _worked() - before


def _worked() -> float:
    waited_for = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.thread_time() + waited_for.ru_utime + waited_for.ru_stime


def attach(store: Store, folder: Path, count: int, seed: int) -> None:
    """Attach `count` files of random bytes to the branch's profile."""
    source = random.Random(seed)
    for number in range(count):
        path = folder / f"{seed}-{number}.bin"
        path.write_bytes(source.randbytes(FILE_BYTES))
        AttachmentService(store).attach("branches", store.branch_id, path)
        path.unlink()


def pack_all(store: Store, period: str) -> None:
    """Pack every attachment; only a period not declared yet makes it work once more, without a receipt in between."""
    packed = Sender(store).pack(None, period)
    assert packed.attachments == FILES
    assert not packed.more
    assert packed.file.stat().st_size > FILES * FILE_BYTES


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A headquarters and a branch with 1 GB of attachments."""
    folder = tmp_path_factory.mktemp("package")
    with make(folder / "hq", StoreKind.HEADQUARTERS) as headquarters, make(folder / "branch") as branch:
        EnrolmentService(headquarters).save_escrow(folder / "escrow.txt")
        enrol(headquarters, branch, "ZK03", "第三党支部", folder / "files")
        attach(branch, folder, FILES, 1)
    return folder


def test_packing_a_gigabyte(place: Path, record_property: Callable[[str, object], None]) -> None:
    plain = place / "plain"
    source = random.Random(2)
    with plain.open("wb") as file:
        for _ in range(FILES):
            file.write(source.randbytes(FILE_BYTES))
    recipients = [str(x25519.Identity.generate().to_public()) for _ in range(2)]
    command = ["age", "-r", recipients[0], "-r", recipients[1], "-o", str(place / "bound.age"), str(plain)]

    def age_alone() -> None:
        subprocess.run(command, check=True)
        with (place / "bound.age").open("rb+") as made:
            os.fsync(made.fileno())

    ours, bound = [], []
    with open_store(place / "branch", PASSWORD, LOGIN, clock=clock_at(AT)) as store:
        for number in range(ROUNDS):
            bound.append(attempt(age_alone))
            ours.append(attempt(partial(pack_all, store, f"{2021 + number}")))
    for path in (plain, place / "bound.age"):
        path.unlink()
    size = FILES * FILE_BYTES / 1e6

    def rates(rounds: list[tuple[float, float]]) -> tuple[float, str]:
        passed, worked = (size / min(each) for each in zip(*rounds, strict=True))  # the least disturbed round
        return worked, f"{passed:.0f} MB/s, {worked:.0f} MB/s of its thread"

    (ours_worked, figure), (bound_worked, limit) = rates(ours), rates(bound)
    ratio = ours_worked / bound_worked
    record_property("figure", ("packing 1 GB", figure, f"age alone {limit}", round(ratio, 2), f"≥ {AIM}"))
    assert ratio >= AIM


def test_memory_with_two_gigabytes(place: Path, record_property: Callable[[str, object], None]) -> None:
    with open_store(place / "branch", PASSWORD, LOGIN, clock=clock_at(AT)) as store:
        attach(store, place, FILES, 2)
    stick = place / "stick"
    stick.mkdir(exist_ok=True)
    packing = peak_mib("pack", place / "branch", stick)
    reading = peak_mib("receive", place / "hq", stick)
    print(f"\npeak memory with 2 GB of attachments: packing {packing} MiB, receiving {reading} MiB (aim {PEAK_MIB})")
    for name, peak in (("packing", packing), ("receiving", reading)):
        part = round(peak / PEAK_MIB, 2)
        record_property("figure", (f"memory, {name} 2 GB", f"{peak} MiB", f"{PEAK_MIB} MiB", part, "≤ 1"))
    assert max(packing, reading) < PEAK_MIB


def peak_mib(verb: str, store: Path, stick: Path) -> int:
    """Return the peak memory of a process of its own that packs to or receives from `stick`."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_package", verb, str(store), str(stick)]
    done = subprocess.run(command, capture_output=True, check=True, text=True, env={**os.environ, "PYTHONPATH": "."})
    return int(done.stdout.split()[-1])


def child(verb: str, folder: Path, stick: Path) -> None:
    """Do what `peak_mib` measures."""
    with open_store(folder, PASSWORD, LOGIN, clock=clock_at(AT)) as store:
        if verb == "pack":
            packed = Sender(store).pack(stick)
            assert packed.attachments + sum(one.attachments for one in packed.more) == 2 * FILES
        else:
            results = Receiver(store).receive(sorted(stick.glob("*.dzp")))
            assert {one.code for one in results} == {"OK"}
            assert sum(one.attachments for one in results) == 2 * FILES
    # Not ru_maxrss: that one remembers the process it was forked from.
    status = Path("/proc/self/status").read_text("ascii")
    print(int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) // 1024)


if __name__ == "__main__":
    child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
