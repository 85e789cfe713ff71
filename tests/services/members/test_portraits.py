"""The portrait of a member: small, one, printed; in nothing that leaves the branch."""

import io
from pathlib import Path

import pytest
from PIL import Image

from desktop.models.attachments import PORTRAIT, Attachment
from desktop.models.base import Travel
from desktop.services.archive.binding import bind
from desktop.services.archive.documents import DocumentService
from desktop.services.attachments import AttachmentService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members import MemberService
from desktop.services.members.portraits import HEIGHT, WIDTH, PortraitService
from desktop.services.store import Store
from desktop.services.sync.rows import attachments_of, outgoing
from tests.services.members.people import GAO


def picture(path: Path, colour: str, size: tuple[int, int] = (1500, 2000)) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


def test_a_large_picture_is_made_small_and_the_former_one_goes(
    store: Store, members: MemberService, tmp_path: Path
) -> None:
    member_id, portraits, files = members.register(GAO), PortraitService(store), AttachmentService(store)
    assert portraits.portrait(member_id) is None
    portraits.put(member_id, picture(tmp_path / "a.png", "red"))
    portraits.put(member_id, picture(tmp_path / "b.jpg", "blue", (300, 400)))
    data = portraits.portrait(member_id)
    assert data is not None
    shown = Image.open(io.BytesIO(data))
    assert (shown.format, shown.size) == ("JPEG", (300, 400))
    (row,) = files.list("members", member_id)
    assert (row.name, row.evidence_kind) == ("高红卫照片.jpg", PORTRAIT)
    portraits.put(member_id, picture(tmp_path / "c.png", "green"))
    data = portraits.portrait(member_id)
    assert data is not None
    assert Image.open(io.BytesIO(data)).size == (WIDTH, HEIGHT)
    portraits.remove(member_id)
    assert portraits.portrait(member_id) is None
    with pytest.raises(NotFound):
        portraits.remove(member_id)


def test_what_is_no_picture_is_refused_and_the_portrait_stays(
    store: Store, members: MemberService, tmp_path: Path
) -> None:
    member_id, portraits = members.register(GAO), PortraitService(store)
    portraits.put(member_id, picture(tmp_path / "a.png", "red"))
    (tmp_path / "b.jpg").write_bytes(b"no picture")
    with pytest.raises(InvalidInput, match="显示不出来"):
        portraits.put(member_id, tmp_path / "b.jpg")
    with pytest.raises(InvalidInput):
        portraits.put(member_id, tmp_path / "none.jpg")
    assert portraits.portrait(member_id) is not None


def test_it_is_printed_on_the_year_and_leaves_neither_in_a_package_nor_in_the_archive(
    store: Store, members: MemberService, tmp_path: Path
) -> None:
    member_id, portraits, documents = members.register(GAO), PortraitService(store), DocumentService(store)
    documents.member_year(member_id, 2026, tmp_path / "without.pdf")
    portraits.put(member_id, picture(tmp_path / "a.png", "red"))
    written = documents.member_year(member_id, 2026, tmp_path / "with.pdf")
    assert written.pages == 1
    assert b"/DCTDecode" in (tmp_path / "with.pdf").read_bytes()
    assert b"/DCTDecode" not in (tmp_path / "without.pdf").read_bytes()
    with store.reading(whole=True) as session:
        assert "高红卫照片.jpg" not in repr(list(outgoing(session, Travel.UP, store.org)))
        assert attachments_of(session, store.org) == []
        assert session.query(Attachment).count() == 1
    assert "照片.jpg" not in repr(bind(store, 2026, store.today))
