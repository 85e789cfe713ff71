"""The writer: valid PDF/A, text that copies, pages that hold together, the same bytes every time."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from desktop.services.archive.blocks import (
    TURN,
    Attachment,
    Column,
    Document,
    Fields,
    Heading,
    Keep,
    Look,
    PageBreak,
    PageOf,
    Paragraph,
    Picture,
    Signatures,
    Table,
    Title,
)
from desktop.services.archive.fonts import face
from desktop.services.archive.pdf import write_pdf
from desktop.services.archive.pdfa import finish
from desktop.services.errors import Cancelled, InvalidInput
from tests.services.archive.checker import RARE, check, findings, pages_of, text_of
from tests.services.archive.samples import DAY, SENTENCE, everything, photo, shown


def simple(*blocks: object) -> Document:
    return Document(title="样张", author="支部", subject="样张", day=DAY, blocks=blocks)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("look", "landscape"), [(Look.BOOK, False), (Look.BOOK, True), (Look.OFFICIAL, False)], ids=str
)
def test_a_document_of_every_block_is_valid_and_copies_as_it_was_written(
    tmp_path: Path, look: Look, landscape: bool
) -> None:
    path = tmp_path / "all.pdf"
    written = write_pdf(everything(look, landscape), path)
    check(path)
    text = text_of(path)
    for name in RARE:
        assert name in text
    assert len(pages_of(path)) == written.pages
    assert "图4损坏的文件" in text


def test_bound_files_come_out_as_they_went_in(tmp_path: Path) -> None:
    contents = {
        "签到表.txt": "签到".encode() * 5000,
        "照片.jpg": photo(size=(640, 480))().read(),
        "空文件.csv": b"",
        "大文件.bin": os.urandom(3_000_000),
    }
    mimes = ("text/plain", "image/jpeg", "text/csv", "application/octet-stream")
    attachments = [
        Attachment(name, mime, f"附件{name}", date(2026, 3, 5), lambda data=data: io.BytesIO(data))  # type: ignore[misc]
        for (name, data), mime in zip(contents.items(), mimes, strict=True)
    ]
    path = tmp_path / "volume.pdf"
    write_pdf(everything(), path, attachments)
    check(path, contents)


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "import io, sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "from desktop.services.archive.blocks import Attachment\n"
        "from desktop.services.archive.pdf import write_pdf\n"
        "from tests.services.archive.samples import everything\n"
        "files = [Attachment('a.txt', 'text/plain', 'a', date(2026, 1, 2), lambda: io.BytesIO(b'x' * 9999))]\n"
        "print(write_pdf(everything(), Path(sys.argv[1])).sha256)\n"
        "print(write_pdf(everything(), Path(sys.argv[1] + 'a'), files).sha256)\n"
    )
    sums = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / f"{seed}.pdf")],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        )
        sums.append(done.stdout)
    assert sums[0] == sums[1]
    for ending in ("pdf", "pdfa"):
        assert (tmp_path / f"1.{ending}").read_bytes() == (tmp_path / f"2.{ending}").read_bytes()


def test_page_references_and_bookmarks_name_the_right_pages(tmp_path: Path) -> None:
    path = tmp_path / "all.pdf"
    written = write_pdf(everything(), path)
    first, second = written.anchors["e1"], written.anchors["e2"]
    assert written.spans["e1"] == second - first
    pages = pages_of(path)
    assert "2026-D4-01-001" in pages[first - 1]
    index = re.sub(r"\s", "", pages[2])
    assert f"第1次会议{first}{second - first}" in index
    assert f"第2次会议{second}" in index
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["D4-01 支部党员大会", "得分"]
        assert len(outline.root[0].children) == 2


def test_an_official_page_has_twenty_two_lines_of_twenty_eight_characters(tmp_path: Path) -> None:
    path = tmp_path / "official.pdf"
    text = "\n".join("国" * (28 * 4 - 2) for _ in range(11))
    write_pdf(replace(simple(Paragraph(text)), look=Look.OFFICIAL), path)
    page = [line for line in pages_of(path)[0].splitlines() if "国" in line]
    assert len(page) == 22
    assert [len(re.sub(r"\s", "", line)) for line in page[:4]] == [26, 28, 28, 28]


def test_nothing_is_printed_in_the_margins(tmp_path: Path) -> None:
    path = tmp_path / "all.pdf"
    write_pdf(everything(), path)
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            image = page.render(scale=1).to_pil().convert("L")
            left, top, right, bottom = image.point(lambda value: 255 * (value < 200)).getbbox()
            assert left >= 28 / 25.4 * 72 - 2
            assert right <= image.width - 22 / 25.4 * 72 + 2
            assert top >= 15 / 25.4 * 72
            assert bottom <= image.height - 10 / 25.4 * 72


def test_a_long_title_is_divided_where_its_writer_wants(tmp_path: Path) -> None:
    for name, expected in (("云河", 1), ("淮阳区烟草专卖局（营销部）党支部", 2)):
        path = tmp_path / "title.pdf"
        write_pdf(simple(Title(f"{name}{TURN}标准化建设自评得分报告"), Paragraph("正文")), path)
        lines = [line.strip() for line in pages_of(path)[0].splitlines() if line.strip()]
        assert lines[0] == (name if expected == 2 else f"{name}标准化建设自评得分报告")


def test_a_heading_never_stands_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    for count in range(20, 40):
        path = tmp_path / f"{count}.pdf"
        blocks = [Paragraph("国" * 30) for _ in range(count)]
        write_pdf(simple(*blocks, Heading("小标题"), Paragraph("正文" * 60)), path)
        for page in pages_of(path):
            lines = [line for line in page.splitlines() if line.strip() and "共" not in line]
            assert lines[-1].strip() != "小标题"


@pytest.mark.parametrize("signed", [Signatures(("制表", "审核")), Keep((Paragraph("制表：党建科"),), signs=True)])
def test_a_signature_never_stands_on_a_page_without_the_last_rows_or_lines_above_it(
    tmp_path: Path, signed: Signatures | Keep
) -> None:
    columns = (Column("序号", 1), Column("内容", 6))
    for count in range(1, 60):
        rows = tuple((str(number), "记录" if number < count else "末行") for number in range(1, count + 1))
        path = tmp_path / "表.pdf"
        write_pdf(simple(Title("名单"), Table(columns, rows), signed), path)
        (page,) = (text for text in pages_of(path) if "制表" in text)
        assert {"末行", "序号"} <= set(page.split()), count
        assert "".join(pages_of(path)).count("记录") == count - 1
        write_pdf(simple(*[Paragraph("正文")] * count, Heading("结论"), Paragraph("末行"), signed), path)
        (page,) = (text for text in pages_of(path) if "制表" in text)
        assert {"末行", "结论"} <= set(page.split()), count
        assert "".join(pages_of(path)).count("正文") == count


def test_the_last_row_of_a_table_never_stands_on_a_page_alone(tmp_path: Path) -> None:
    columns = (Column("序号", 1), Column("内容", 6))
    for count in range(25, 70):
        rows = tuple((str(number), "记录") for number in range(1, count + 1))
        path = tmp_path / "表.pdf"
        write_pdf(simple(Table(columns, rows)), path)
        pages = [text.count("记录") for text in pages_of(path)]
        assert sum(pages) == count
        assert pages[-1] != 1, count


def test_the_head_of_a_table_is_repeated_and_a_tall_row_divided(tmp_path: Path) -> None:
    path = tmp_path / "table.pdf"
    rows = (("1", "甲"), ("2", "会议强调抓好落实。" * 400), ("3", "丙"))
    write_pdf(simple(Table((Column("序号"), Column("内容", 5)), rows)), path)
    pages = pages_of(path)
    assert len(pages) > 2
    assert all("内容" in page for page in pages)
    assert text_of(path).count("会议强调抓好落实。") == 400
    check(path)


def test_a_missing_character_is_refused_by_name_record_and_field(tmp_path: Path) -> None:
    table = Table((Column("姓名"), Column("事由")), (("张三", "合影"), ("李四", "点赞😀")), record="积分台账")
    with pytest.raises(InvalidInput) as caught:
        write_pdf(simple(Heading("台账"), table), tmp_path / "bad.pdf")
    assert caught.value.label == "事由"
    assert caught.value.facts["record"] == "积分台账第2行"
    assert "😀" in caught.value.reason
    assert "U+1F600" in caught.value.reason
    assert list(tmp_path.iterdir()) == []


def test_a_missing_character_may_be_printed_as_a_substitute_and_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "substitute.pdf"
    pair = Fields((("姓名", "张\ue000"),), record="张某")
    written = write_pdf(
        simple(Title("名册😀"), pair, Paragraph("好👍", record="会议", field="发言")), path, substitute=True
    )
    assert [(s.character, s.record, s.field) for s in written.substituted] == [
        ("😀", "名册😀", "标题"),
        ("\ue000", "张某", "姓名"),
        ("👍", "会议", "发言"),
    ]
    assert "张〓" in text_of(path)
    check(path)


def test_control_characters_and_variation_selectors_are_dropped_silently(tmp_path: Path) -> None:
    path = tmp_path / "clean.pdf"
    write_pdf(simple(Paragraph("葛\U000e0100某\u200b\x07在\t场")), path)
    assert "葛某在场" in text_of(path)


def test_a_photo_is_turned_upright_and_made_smaller(tmp_path: Path) -> None:
    def sideways() -> io.BytesIO:
        buffer = io.BytesIO()
        exif = Image.Exif()
        exif[0x0112] = 6
        Image.new("RGB", (3000, 1000), "white").save(buffer, "JPEG", exif=exif)
        buffer.seek(0)
        return buffer

    path = tmp_path / "photo.pdf"
    write_pdf(simple(Picture(shown(sideways), "照片")), path)
    with pikepdf.open(path) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert (int(image.Width), int(image.Height)) == (533, 1600)
        assert b"Exif" not in image.read_raw_bytes()


def test_cancelling_leaves_nothing_and_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.pdf"
    path.write_bytes(b"old")

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_pdf(everything(), path, progress=stop)
    assert [each.name for each in tmp_path.iterdir()] == ["kept.pdf"]
    assert path.read_bytes() == b"old"


def test_progress_counts_the_pages(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_pdf(
        simple(Heading("一"), PageBreak(), Table((Column("页"),), ((PageOf("h1"),),))),
        tmp_path / "two.pdf",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 2), (2, 2)]


def spoiled(path: Path, draw: object, **options: object) -> list[str]:
    """Finish what `draw` puts on a page of reportlab's own canvas; return the rules it breaks."""
    raw = io.BytesIO()
    canvas = Canvas(raw, initialFontName=face("song").fontName, invariant=1, **options)
    assert callable(draw)
    draw(canvas)
    canvas.save()
    with path.open("wb") as out:
        finish(raw.getvalue(), simple(), (), out)
    return [rule for rule, _ in findings(path)]


def test_the_validator_would_notice_a_face_that_is_not_embedded(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(50, 700, "abc")

    assert any(rule.startswith("6.2.11.4.1") for rule in spoiled(tmp_path / "x.pdf", draw))


def test_the_validator_would_notice_a_missing_glyph(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(face("song").fontName, 12)
        canvas.drawString(50, 700, "党")
        canvas._code.append("BT /C1 12 Tf <0000> Tj ET")

    assert any(rule.startswith("6.2.11.8") for rule in spoiled(tmp_path / "x.pdf", draw))


def test_the_validator_would_notice_printing_colours(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorCMYK(0, 1, 1, 0)
        canvas.rect(50, 600, 100, 50, fill=1)

    assert any(rule.startswith("6.2.4.3") for rule in spoiled(tmp_path / "x.pdf", draw))


def test_the_validator_would_notice_a_picture_in_printing_colours(tmp_path: Path) -> None:
    picture = tmp_path / "cmyk.jpg"
    Image.new("CMYK", (40, 40)).save(picture, "JPEG")
    rules = spoiled(tmp_path / "x.pdf", lambda canvas: canvas.drawImage(str(picture), 50, 600))
    assert any(rule.startswith("6.2.4.3") for rule in rules)


def test_the_validator_would_notice_encryption(tmp_path: Path) -> None:
    path, locked = tmp_path / "x.pdf", tmp_path / "locked.pdf"
    write_pdf(simple(Paragraph(SENTENCE)), path)
    with pikepdf.open(path) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user=""))
    assert any(rule.startswith("6.1.3") for rule, _ in findings(locked))
