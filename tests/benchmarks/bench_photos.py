"""Memory that an archive takes, whatever is attached: 500 photos of 6 MP, pictures and PDFs far too large, scans.

A process of its own builds it and says what it took at most. Not by `ru_maxrss`: that one remembers the process it was
forked from, here the tests with everything they have made.
"""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.paths import resource as resource_file
from desktop.services.attachments import AttachmentService
from desktop.services.members import MemberService, RosterBook
from tests.services.archive.branch import add_meeting
from tests.stores import LOGIN, PASSWORD, new_store

PHOTOS, SIZE = 500, (3000, 2000)
MEETINGS = 25
PEAK_MIB = 300

BUILD = """
    import sys
    from datetime import date
    from pathlib import Path
    from desktop.services.archive.service import ArchiveService
    from desktop.services.opening import open_store

    with open_store(Path(sys.argv[1]), sys.argv[2], sys.argv[3]) as store:
        made = ArchiveService(store).build(2026, Path(sys.argv[4]), date(2026, 12, 31))
    print(made.pages, Path("/proc/self/status").read_text("ascii"))
"""


def large_ones(folder: Path) -> Iterator[Path]:
    """Give the files nobody should attach, and some do."""
    square = Image.new("RGB", (13_000, 13_000), "#336699")
    square.save(folder / "全景.jpg", quality=60)
    square.save(folder / "逐行全景.jpg", quality=60, progressive=True)
    square.save(folder / "全景.png", compress_level=1)
    noise = Image.effect_noise((1500, 1000), 60).convert("RGB")
    noise.resize((5400, 3600)).save(folder / "相机.png", compress_level=1)
    noise.resize((3000, 2000)).save(folder / "网页.webp", quality=60, method=0)
    page = noise.convert("L").resize((2480, 3508))
    page.save(folder / "签到.tif", compression="tiff_lzw", save_all=True, append_images=[page] * 5)
    with pikepdf.new() as document:
        document.add_blank_page()
        for number in range(3):
            content = os.urandom(45 << 20)
            document.attachments[str(number)] = pikepdf.AttachedFileSpec(
                document, content, description="", filename="", mime_type="", creation_date="", mod_date=""
            )
            document.save(folder / f"扫描{number}.pdf", compress_streams=False)
    return folder.iterdir()


@pytest.mark.benchmark
def test_the_memory_of_an_archive_does_not_grow_with_what_is_attached(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    photo, large = tmp_path / "photo.jpg", tmp_path / "large"
    Image.effect_noise(SIZE, 60).convert("RGB").save(photo, "JPEG", quality=60)
    content = photo.read_bytes()
    large.mkdir()
    with new_store(tmp_path / "store") as store:
        RosterBook(store).import_file(resource_file("samples/shenqiu/roster.xlsx"))
        people = MemberService(store).roster(date(2026, 1, 10))
        meetings = [
            add_meeting(store, people, MeetingKind.COMMITTEE_MEETING, date(2026, 1 + number % 12, 1 + number % 28))
            for number in range(MEETINGS)
        ]
        # scanned papers: of photos a record takes only a few
        attach = partial(AttachmentService(store).attach, evidence_kind="sign_in", confirmed=True)
        for number in range(PHOTOS):
            photo.write_bytes(content + number.to_bytes(4, "big"))
            attach("meetings", meetings[number % MEETINGS], photo)
        for number, path in enumerate(large_ones(large)):
            attach("meetings", meetings[number % MEETINGS], path)
    arguments = [str(tmp_path / "store"), PASSWORD, LOGIN, str(tmp_path / "archive")]
    code = [sys.executable, "-c", textwrap.dedent(BUILD), *arguments]
    ended = subprocess.run(code, check=True, capture_output=True, text=True, cwd=os.getcwd())
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", ended.stdout)[0]) // 1024
    print(f"{PHOTOS} photos and {number + 1} large files, {ended.stdout.split()[0]} pages, peak {peak} MiB")
    figure = (f"memory, archive of {PHOTOS} photos", f"{peak} MiB", f"{PEAK_MIB} MiB", round(peak / PEAK_MIB, 2), "≤ 1")
    record_property("figure", figure)
    assert peak <= PEAK_MIB
