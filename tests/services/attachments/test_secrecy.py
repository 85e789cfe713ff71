"""Secrecy marks: found where they stand, asked about, and not seen where they are not."""

import io
import zipfile
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from desktop.services.attachments import AttachmentService, MarkedSecret, secrecy_mark
from desktop.services.store import Store
from tests.services.attachments.files import a_file, attach, files_in


def pdf(text: str) -> bytes:
    """A PDF whose first page shows `text` in a standard CID font."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(100, 700, text)
    canvas.save()
    return buffer.getvalue()


def zipped(member: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, text)
    return buffer.getvalue()


def spoilt(how: int) -> bytes:
    """A document whose packed text has other bytes in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        archive.writestr("word/document.xml", "会议记录" * 200)
    content = buffer.getvalue()
    middle = content.index(b"document.xml") + 20
    return content[:middle] + b"\xff" * 20 + content[middle + 20 :]


MARK = "机密★3年"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("【秘密】通知.txt", b"x"),
        ("绝密★通知.txt", b"x"),
        ("机密-通知.txt", b"x"),
        ("a.txt", MARK.encode()),
        ("a.txt", MARK.encode("gb18030")),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600) + MARK.encode("utf-16-le")),
        ("a.docx", zipped("word/document.xml", "<w:t>机密</w:t><w:t>★3年</w:t>")),
        ("a.docx", zipped("word/header1.xml", f"<w:t>{MARK}</w:t>")),
        ("a.xlsx", zipped("xl/sharedStrings.xml", f"<t>{MARK}</t>")),
        ("a.ofd", zipped("Doc_0/Pages/Page_0/Content.xml", f"<ofd:TextCode>{MARK}</ofd:TextCode>")),
        ("a.pdf", pdf(MARK)),
    ],
)
def test_a_marked_file_is_refused_until_the_user_confirms(
    store: Store, tmp_path: Path, name: str, content: bytes
) -> None:
    path = a_file(tmp_path, name, content)
    with pytest.raises(MarkedSecret) as caught:
        attach(store, path)
    assert caught.value.facts["mark"]
    assert files_in(store.folder / "att") == []
    assert AttachmentService(store).attach("meetings", "m1", path, confirmed=True).name == name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("秘密投票办法.txt", "选举采用无记名秘密投票。★重要".encode()),
        ("保密承诺书.pdf", pdf("保密承诺书")),
        ("broken.pdf", b"%PDF-1.7\nrubbish"),
        ("broken.docx", b"PK\x03\x04rubbish"),
        ("deflated.docx", spoilt(zipfile.ZIP_DEFLATED)),
        ("lzma.docx", spoilt(zipfile.ZIP_LZMA)),
        ("photo.jpg", bytes(range(256)) * 100),
    ],
)
def test_ordinary_files_pass(tmp_path: Path, name: str, content: bytes) -> None:
    assert secrecy_mark(name, a_file(tmp_path, name, content)) is None
