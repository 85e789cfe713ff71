"""What must hold for every PDF of ours, beyond what the PDF/A validator looks at."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import pdfa

RARE = "𬸚𫖯㛃𠅤𡋾䶮堃喆𬭎𫍯𩽾𡒄"
BAD_START = frozenset("，。、；：！？）》”…")
BAD_END = frozenset("（《“")
PIXELS = 1600


def findings(path: Path, flavour: str = "2b") -> list[tuple[str, str]]:
    """Return (rule, message) of everything the validator objects to."""
    return [
        (str(found.rule).split(":")[-1], str(found.message)) for found in pdfa.validate_written(path, flavour).findings
    ]


def text_of(path: Path) -> str:
    """Return the text of all pages as a reader copies it, without spaces and line breaks."""
    return re.sub(r"\s", "", "\f".join(pages_of(path)))


def pages_of(path: Path) -> list[str]:
    """Return the text of each page."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def bad_lines(path: Path) -> list[str]:
    """Return the printed lines that begin with a closing mark or end with an opening one."""
    lines = [line.strip() for page in pages_of(path) for line in page.splitlines()]
    return [line for line in lines if line and (line[0] in BAD_START or line[-1] in BAD_END)]


def check(path: Path, attachments: Mapping[str, bytes] | None = None, *, bound: bool = False) -> None:
    """Assert that a file is as every file of ours has to be."""
    attachments = attachments or {}
    assert findings(path, "3b" if attachments else "2b") == []
    text = text_of(path)
    assert "\ufffd" not in text
    assert "\0" not in text
    assert bad_lines(path) == []
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
        _check_catalogue(pdf, attachments)
        _check_pages(pdf)
        _check_numbers(path, len(pdf.pages), bound=bound)
        _check_outline(pdf)


def _check_catalogue(pdf: pikepdf.Pdf, attachments: Mapping[str, bytes]) -> None:
    root = pdf.Root
    assert "/Encrypt" not in pdf.trailer
    assert len(pdf.trailer.ID) == 2
    for key in ("/AcroForm", "/OpenAction", "/AA"):
        assert key not in root
    assert "/JavaScript" not in root.get("/Names", {})
    (intent,) = root.OutputIntents
    assert intent.DestOutputProfile.N == 3
    with pdf.open_metadata() as xmp:
        assert xmp["pdfaid:part"] == ("3" if attachments else "2")
        assert xmp["pdfaid:conformance"] == "B"
        assert xmp["dc:title"] == str(pdf.docinfo["/Title"])
        assert xmp["dc:creator"] == [str(pdf.docinfo["/Author"])]
        assert xmp["dc:description"] == str(pdf.docinfo["/Subject"])
        assert xmp["pdf:Producer"] == str(pdf.docinfo["/Producer"])
        assert xmp["xmp:CreatorTool"] == str(pdf.docinfo["/Creator"])
        digits = re.sub(r"\D", "", xmp["xmp:CreateDate"])
        assert digits == re.sub(r"\D", "", str(pdf.docinfo["/CreationDate"]))
        assert xmp["xmp:CreateDate"] == xmp["xmp:ModifyDate"]
    files = {str(file.UF): file for file in root.get("/AF", [])}
    assert set(files) == set(attachments)
    if files:
        assert {str(file.UF) for file in list(root.Names.EmbeddedFiles.Names)[1::2]} == set(attachments)
    for name, content in attachments.items():
        stream = files[name].EF.F
        assert stream.read_bytes() == content
        assert int(stream.Params.Size) == len(content)
        assert bytes(stream.Params.CheckSum) == hashlib.md5(content, usedforsecurity=False).digest()


def _check_pages(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        assert "/Trans" not in page.obj
        for name, font in page.resources.get("/Font", {}).items():
            assert not re.search("Helvetica|Times|Courier", f"{name}{font.BaseFont}")
            assert "/ToUnicode" in font
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        for annotation in page.obj.get("/Annots", []):
            assert annotation.F == 4
            assert "/A" not in annotation or annotation.A.S == "/GoTo"
        for image in page.get_images().values():
            assert image.ColorSpace in ("/DeviceRGB", "/DeviceGray")
            assert max(int(image.Width), int(image.Height)) <= PIXELS


def _check_numbers(path: Path, count: int, *, bound: bool) -> None:
    for number, text in enumerate(pages_of(path), start=1):
        said = f"—{number}—" if bound else f"第{number}页共{count}页"
        assert said in re.sub(r"\s", "", text) or (bound and number == 1)


def _check_outline(pdf: pikepdf.Pdf) -> None:
    """Every bookmark leads to a page that carries its words."""
    places = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    texts = {index: re.sub(r"\s", "", text) for index, text in enumerate(pages_of(Path(pdf.filename)))}

    def walk(items: list[pikepdf.OutlineItem]) -> None:
        for item in items:
            assert item.destination is not None
            target: Any = item.destination
            if not isinstance(target, pikepdf.Array):
                target = pdf.Root.Dests[str(target)]
            page = places[target[0].objgen]
            assert re.sub(r"\s", "", item.title) in texts[page]
            walk(list(item.children))

    with pdf.open_outline() as outline:
        walk(list(outline.root))
