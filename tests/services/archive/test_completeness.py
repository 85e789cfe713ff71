"""Kinds of evidence an item asks for: named as gaps where nobody attached them, and never a matter of points."""

import io
from pathlib import Path

import pikepdf

from desktop.models.attachments import Attachment
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.binding import bind
from desktop.services.archive.service import ArchiveService
from desktop.services.attachments import AttachmentService
from desktop.services.members import MemberService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.archive.branch import add_meeting
from tests.services.archive.conftest import ON
from tests.services.meetings.people import people
from tests.stores import new_store

YEAR = 2026


def missing(store: Store) -> dict[str, str]:
    gaps = bind(store, YEAR, ON).problems
    return {gap.item_id: gap.what for gap in gaps if gap.what.startswith("没有附上")}


def test_what_an_item_asks_for_is_named_until_a_file_of_that_kind_is_attached(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        people(store)
        assert missing(store).keys() <= {"D1-01", "D1-02", "D1-03", "D1-04", "D1-05", "D1-06", "D2-01"}
        roster = MemberService(store).roster(ON)
        meeting = add_meeting(store, roster, MeetingKind.THEME_DAY, ON)
        home = bind(store, YEAR, ON).numbers.of_record["meeting", meeting].item_id
        asked = StandardService(store).pack(ON, YEAR).item(home).evidence
        assert {"sign_in", "minutes"} <= set(asked)
        before = StandardService(store).score(ON, YEAR).total
        assert "签到表" in missing(store)[home]
        assert "会议记录" not in missing(store)[home]
        scan = tmp_path / "扫描件.txt"
        scan.write_text("签到", "utf-8")
        AttachmentService(store).attach("meetings", meeting, scan)
        assert "签到表" in missing(store)[home]
        assert "附上的有1份没有选种类" in missing(store)[home]
        AttachmentService(store).attach("meetings", meeting, scan, evidence_kind="sign_in")
        assert "签到表" not in missing(store).get(home, "")
        assert StandardService(store).score(ON, YEAR).total == before


def test_more_photos_than_the_standard_wants_are_bound_and_told(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        people(store)
        meeting = add_meeting(store, MemberService(store).roster(ON), MeetingKind.THEME_DAY, ON)
        most = StandardService(store).pack().scoring.max_photos_per_record
        photo = tmp_path / "现场.jpg"
        with store.unit_of_work("别处来的附件") as session:
            session.add_all(
                Attachment(
                    branch_id=store.branch_id,
                    record_kind="meetings",
                    record_id=meeting,
                    name=f"{number}{photo.name}",
                    media_type="image/jpeg",
                    sha256=f"{number:064x}",
                    size_bytes=1,
                )
                for number in range(most + 2)
            )
        binding = bind(store, YEAR, ON)
        (piece,) = (piece for piece in binding.pieces.values() if piece.files)
        assert len(piece.files) == most + 2
        assert f"附了{most + 2}张照片，标准要求最多{most}张" in "".join(gap.what for gap in binding.problems)


def test_the_preflight_names_what_cannot_be_shown_before_anything_is_written(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        people(store)
        meeting = add_meeting(store, MemberService(store).roster(ON), MeetingKind.THEME_DAY, store.today)
        sound = io.BytesIO()
        with pikepdf.new() as document:
            document.add_blank_page()
            document.save(sound)
        for name, content in {"拷坏了.jpg": b"\xff\xd8\xff" * 9, "批复.pdf": sound.getvalue()}.items():
            (tmp_path / name).write_bytes(content)
            AttachmentService(store).attach("meetings", meeting, tmp_path / name)
        told = [gap.what for gap in ArchiveService(store).preflight(store.today.year)]
    assert [what for what in told if what.startswith("附件")] == [
        "附件“拷坏了.jpg”显示不出来（文件不完整，或不是图片，或是手机的HEIC格式），已按原样附在卷中，请核对原件"
    ]
    assert any(what.startswith("没有附上") for what in told)
