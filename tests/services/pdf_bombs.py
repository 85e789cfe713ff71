"""Small PDFs that are endless to read, and small ones that are not."""

import io
import zlib

PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
    b"/Resources<</XObject<</X 6 0 R>>/Font<</F 5 0 R>>>>>>"
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
WORD = b"BT /F 9 Tf 10 10 Td (ha) Tj ET\n"


def laughs(depth: int, fan: int = 10) -> bytes:
    """A page that shows one form `fan` ** `depth` times, each form showing the next."""
    forms = [
        _form(WORD, b"") if level == depth - 1 else _form(b"/X Do " * fan, b"/XObject<</X %d 0 R>>" % (7 + level))
        for level in range(depth)
    ]
    return _pdf(PAGE, _stream(b"/X Do "), FONT, *forms)


def inflated(megabytes: int) -> bytes:
    """A page whose content is a thousandth of what it becomes."""
    packer = zlib.compressobj(9)
    block = WORD * ((1 << 20) // len(WORD))
    packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    return _pdf(PAGE, _stream(packed, b"/Filter/FlateDecode"), FONT, _form(WORD, b""))


def endless_table(megabytes: int) -> bytes:
    """A file whose table of objects is a thousandth of what it becomes when the file is opened."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    head = b"%PDF-1.7\n"
    entries = b"/Type/XRef/Size 4/W[1 8 2]/Root 1 0 R/DecodeParms<<>>/Filter/FlateDecode"
    return head + b"3 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (_stream(packed, entries), len(head))


def _form(content: bytes, resources: bytes) -> bytes:
    return _stream(
        content, b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>" + resources + b">>"
    )


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def _pdf(*objects: bytes) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    for number, content in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", pages, *objects), start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table))
    return out.getvalue()
