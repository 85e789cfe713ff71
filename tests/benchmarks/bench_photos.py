"""Memory that an archive takes, however many photos are in it: 500 of 6 megapixels."""

import os
import resource
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

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
    import resource, sys
    from datetime import date
    from pathlib import Path
    from desktop.services.archive.service import ArchiveService
    from desktop.services.opening import open_store

    with open_store(Path(sys.argv[1]), sys.argv[2], sys.argv[3]) as store:
        made = ArchiveService(store).build(2026, Path(sys.argv[4]), date(2026, 12, 31))
    print(made.pages, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.benchmark
def test_the_memory_of_an_archive_does_not_grow_with_its_photos(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    Image.effect_noise(SIZE, 60).convert("RGB").save(photo, "JPEG", quality=60)
    content = photo.read_bytes()
    with new_store(tmp_path / "store") as store:
        RosterBook(store).import_file(resource_file("samples/shenqiu/roster.xlsx"))
        people = MemberService(store).roster(date(2026, 1, 10))
        meetings = [
            add_meeting(store, people, MeetingKind.COMMITTEE_MEETING, date(2026, 1 + number % 12, 1 + number % 28))
            for number in range(MEETINGS)
        ]
        for number in range(PHOTOS):
            photo.write_bytes(content + number.to_bytes(4, "big"))
            AttachmentService(store).attach("meetings", meetings[number % MEETINGS], photo, confirmed=True)
    arguments = [str(tmp_path / "store"), PASSWORD, LOGIN, str(tmp_path / "archive")]
    code = [sys.executable, "-c", textwrap.dedent(BUILD), *arguments]
    ended = subprocess.run(code, check=True, capture_output=True, text=True, cwd=os.getcwd())
    pages, peak_kib = map(int, ended.stdout.split())
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    print(f"{PHOTOS} photos, {pages} pages, {seconds:.0f} s, peak {peak_kib / 1024:.0f} MiB")
    assert peak_kib / 1024 <= PEAK_MIB
