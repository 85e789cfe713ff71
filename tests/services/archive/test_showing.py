"""Which attached files can be shown: what phones, sticks and chat programs make of them stops no archive."""

import io
import zlib
from contextlib import AbstractContextManager
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive import showing
from desktop.services.archive.service import ArchiveService
from desktop.services.archive.showing import MONSTROUS_PDF, PIXELS, TOO_LARGE, UNREADABLE, Shown, pdf_fault, shown_of
from desktop.services.attachments import AttachmentService
from desktop.services.files import Readable
from desktop.services.members import MemberService
from tests.services.archive.branch import add_meeting
from tests.services.archive.checker import check, text_of
from tests.services.archive.conftest import ON
from tests.services.meetings.people import people
from tests.services.pdf_bombs import endless_table, laughs
from tests.stores import new_store


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((900, 600), 80).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def pdf(password: str = "") -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return buffer.getvalue()


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(4000)
BROKEN = {
    "手机照片.jpg": HEIC,
    "拷了一半.jpg": picture("JPEG")[:9000],
    "拷了一半.png": picture("PNG")[:9000],
    "改了名.jpg": "这是一份文字说明".encode() * 50,
    "会议签到.heic": HEIC,
    "拷了一半.pdf": pdf()[:120],
    "有密码.pdf": pdf("123456"),
    "改了名.pdf": picture("JPEG"),
}
SOUND = {"会场.jpg": picture("JPEG"), "批复.pdf": pdf(), "通知.docx": b"PK\x03\x04" + bytes(100)}


def scan(*pages: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", compression="tiff_lzw", save_all=True, append_images=pages[1:])
    return buffer.getvalue()


SOUND["签到.tif"] = scan(Image.new("1", (400, 600)), Image.new("L", (400, 600)))


def opener(content: bytes) -> AbstractContextManager[Readable]:
    return io.BytesIO(content)


@pytest.mark.parametrize("name", BROKEN, ids=str)
def test_what_cannot_be_shown_is_found_without_a_fault(name: str) -> None:
    content = BROKEN[name]
    assert shown_of(lambda: opener(content)) == Shown((), UNREADABLE) or name == "改了名.pdf"
    assert pdf_fault(lambda: opener(content))


def test_what_can_be_shown_is_no_larger_than_is_printed() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (3 * PIXELS, PIXELS)).save(buffer, "PNG")
    (page,) = shown_of(lambda: opener(buffer.getvalue())).pages
    assert (page.width, page.height) == (PIXELS, PIXELS // 3)
    assert not pdf_fault(lambda: opener(pdf()))


def test_a_jpeg_that_is_as_it_is_printed_stays_as_it_is() -> None:
    content = picture("JPEG")
    (page,) = shown_of(lambda: opener(content)).pages
    assert page.read() == content


def test_a_scan_is_shown_page_by_page() -> None:
    content = scan(Image.new("1", (400, 600)), Image.new("L", (600, 400)), Image.new("RGB", (500, 500)))
    shown = shown_of(lambda: opener(content))
    assert not shown.fault
    assert [(page.width, page.height) for page in shown.pages] == [(400, 600), (600, 400), (500, 500)]


def test_a_page_of_a_scan_that_is_too_large_is_named_and_the_others_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "MAX_BYTES", 4 << 20)
    content = scan(Image.new("RGB", (400, 600)), Image.new("RGB", (4000, 600)), Image.new("RGB", (400, 600)))
    shown = shown_of(lambda: opener(content))
    assert len(shown.pages) == 2
    assert shown.fault == f"第2页{TOO_LARGE}"


def test_a_scan_of_more_pages_than_anybody_attaches_is_not_printed_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "MAX_PAGES", 2)
    content = scan(*[Image.new("1", (40, 60))] * 3)
    shown = shown_of(lambda: opener(content))
    assert len(shown.pages) == 2
    assert "共3页" in shown.fault


@pytest.mark.parametrize("size", [(13_000, 13_000), (30_000, 30_000)], ids=str)
def test_a_huge_picture_is_named_and_not_unfolded_in_memory(size: tuple[int, int]) -> None:
    buffer = io.BytesIO()
    Image.new("1", (8, 8)).save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[16:26] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + b"\x08\x02"  # 8 bits, three colours
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    assert shown_of(lambda: opener(bytes(content))) == Shown((), TOO_LARGE)


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"progressive": True}), ("WEBP", {}), ("JPEG2000", {})])
def test_what_a_decoder_needs_beside_the_pixels_is_reckoned_with(
    kind: str, options: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (1700, 1700)).save(buffer, kind, **options)
    monkeypatch.setattr(showing, "MAX_BYTES", 16 << 20)
    assert shown_of(lambda: opener(picture("JPEG"))).pages
    assert shown_of(lambda: opener(buffer.getvalue())) == Shown((), TOO_LARGE)


def test_a_huge_file_is_never_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "MAX_FILE_BYTES", 1 << 16)
    sound, cut = pdf() + b"%" * (1 << 17) + b"%%EOF", pdf() + b"%" * (1 << 17)
    assert not pdf_fault(lambda: opener(sound))
    assert pdf_fault(lambda: opener(cut))
    assert shown_of(lambda: opener(picture("PNG"))) == Shown((), TOO_LARGE)


def test_attachments_that_cannot_be_shown_are_bound_as_they_are_and_named(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        people(store)
        roster = MemberService(store).roster(ON)
        meeting = add_meeting(store, roster, MeetingKind.COMMITTEE_MEETING, ON)
        for name, content in {**BROKEN, **SOUND}.items():
            path = tmp_path / name
            path.write_bytes(content)
            AttachmentService(store).attach("meetings", meeting, path, evidence_kind="sign_in")
        built = ArchiveService(store).build(2026, tmp_path / "档案", ON)
    volume = built.dir / "04-D4-党的组织生活.pdf"
    named = [gap for gap in built.gaps if gap.what.startswith("附件“")]
    assert {gap.what.split("“")[1].split("”")[0] for gap in named} == set(BROKEN)
    assert {gap.item_id.split("-")[0] for gap in named} == {"D4"}
    text = text_of(volume)
    assert all(gap.what in text for gap in named)
    assert "签到.tif（第2页，共2页）" in text
    with pikepdf.open(volume) as document:
        bound = {str(file.UF): file.EF.F.read_bytes() for file in document.Root.AF}
    assert set(bound.values()) == {*BROKEN.values(), *SOUND.values()}
    check(volume, bound)


def test_a_pdf_whose_tables_unfold_beyond_measure_is_named_and_not_opened() -> None:
    assert pdf_fault(lambda: opener(endless_table(64))) == MONSTROUS_PDF
    assert pdf_fault(lambda: opener(laughs(12))) == "", "its pages are not drawn"
