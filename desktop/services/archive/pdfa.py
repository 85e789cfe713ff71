"""From a plain PDF to PDF/A: 2b, or 3b when files are bound into it. Same input, same bytes.

Source: ISO 19005-2 and -3, level B; the measurements behind each step are in the tests.
"""

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from desktop import __version__
from desktop.services.archive.blocks import Attachment, Document, Jpeg
from desktop.services.archive.pen import PICTURE
from desktop.services.files import Writable

CREATOR = "支部工作台"
PRODUCER = f"Branch Desk {__version__}"
LANGUAGE = "zh-CN"

_PIECE = 1 << 20
_ZONE = "+08"
"""Written with every day, whatever the machine's zone: the same document gives the same bytes everywhere."""

_FILE = "BranchDeskFile"
_MARKED = re.compile(rb"(\d+) 0 obj\n<< /(BranchDesk\w+) (\d+) >>\nendobj\n")
_PACKED = ("image/jpeg", "image/png", "application/pdf", "application/zip", "application/vnd.openxmlformats", "video/")

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@cache
def srgb_profile() -> bytes:
    """Return a small ICC v2 profile of sRGB: primaries adapted to D50 and the curve in 256 steps.

    Source: IEC 61966-2-1 (primaries and transfer curve), ICC.1:2001-04 (file format).
    """

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + b"".join(map(fixed, values))

    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    name = b"sRGB IEC61966-2.1"
    description = b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name + bytes(1) + bytes(8) + bytes(3 + 67)
    steps = [round(linear(index / 255) * 65535) for index in range(256)]
    curve = b"curv" + bytes(4) + struct.pack(">I256H", 256, *steps)
    tags = [
        (b"desc", description),
        (b"cprt", b"text" + bytes(4) + b"No copyright, use freely\0"),
        (b"wtpt", xyz(0.9505, 1.0, 1.0891)),
        (b"rXYZ", xyz(0.43607, 0.22249, 0.01392)),
        (b"gXYZ", xyz(0.38515, 0.71687, 0.09708)),
        (b"bXYZ", xyz(0.14307, 0.06061, 0.71410)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    start = 128 + 4 + 12 * len(tags)
    body, index_table, places = b"", b"", dict[bytes, int]()
    for tag, data in tags:
        if data not in places:
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        index_table += tag + struct.pack(">II", places[data], len(data))
    header = struct.pack(">I4sI", start + len(body), bytes(4), 0x02100000) + b"mntrRGB XYZ "
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index_table + body


def finish(
    raw: bytes, document: Document, attachments: Sequence[Attachment], out: Writable, pictures: Sequence[Jpeg] = ()
) -> None:
    """Write `raw`, a PDF of `document`, to `out` as PDF/A.

    Attachments pass through in pieces, the `pictures` it marks one by one: never are all of them in memory.
    """
    streamed = bool(attachments or pictures)
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        _describe(pdf, document, part=3 if attachments else 2)
        _correct_pages(pdf)
        if attachments:
            _announce(pdf, attachments)
        buffer = io.BytesIO()
        pdf.save(
            buffer,
            min_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable if streamed else pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    if streamed:
        _write_with_files(buffer.getbuffer(), attachments, pictures, out)
    else:
        view = buffer.getbuffer()
        for start in range(0, len(view), _PIECE):
            out.write(bytes(view[start : start + _PIECE]))


def _stamp(day: date) -> str:
    """Return the start of a day as a PDF writes moments."""
    return f"D:{day:%Y%m%d}000000{_ZONE}'00'"


def _describe(pdf: pikepdf.Pdf, document: Document, part: int) -> None:
    """Give the file its title, author and dates, the same in both places where a PDF keeps them."""
    stamp = _stamp(document.day)
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    for key, value in (
        (Name.Title, document.title),
        (Name.Author, document.author),
        (Name.Subject, document.subject),
        (Name.Creator, CREATOR),
        (Name.Producer, PRODUCER),
        (Name.CreationDate, stamp),
        (Name.ModDate, stamp),
    ):
        pdf.docinfo[key] = String(value)
    xmp = _XMP.format(
        title=escape(document.title),
        author=escape(document.author),
        subject=escape(document.subject),
        language=LANGUAGE,
        creator=CREATOR,
        producer=PRODUCER,
        moment=f"{document.day}T00:00:00{_ZONE}:00",
        part=part,
    )
    metadata = pikepdf.Stream(pdf, xmp.encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    profile = pikepdf.Stream(pdf, srgb_profile())
    profile.N = 3
    root = pdf.Root
    root.Metadata = pdf.make_indirect(metadata)
    root.OutputIntents = Array(
        [
            pdf.make_indirect(
                Dictionary(
                    Type=Name.OutputIntent,
                    S=Name("/GTS_PDFA1"),
                    OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
                    Info=String("sRGB IEC61966-2.1"),
                    RegistryName=String("http://www.color.org"),
                    DestOutputProfile=pdf.make_indirect(profile),
                )
            )
        ]
    )
    root.Lang = String(LANGUAGE)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _correct_pages(pdf: pikepdf.Pdf) -> None:
    """Take off the empty page transitions and let links print, as PDF/A wants."""
    for page in pdf.pages:
        if "/Trans" in page.obj:
            del page.obj["/Trans"]
        for annotation in page.obj.get("/Annots", ()):
            annotation.F = 4


def _announce(pdf: pikepdf.Pdf, attachments: Sequence[Attachment]) -> None:
    """List the files to be bound in; a marked dictionary stands where the bytes of each will be."""
    files = []
    for index, attachment in enumerate(attachments):
        mark = pdf.make_indirect(Dictionary({f"/{_FILE}": index}))
        files.append(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Filespec,
                    F=String(attachment.name),
                    UF=String(attachment.name),
                    Desc=String(attachment.description),
                    AFRelationship=Name("/" + attachment.relationship),
                    EF=Dictionary(F=mark, UF=mark),
                )
            )
        )
    names: list[pikepdf.Object] = []
    for index, file in enumerate(files):
        names += [String(f"{index:06d}"), file]  # a name tree is ordered by its keys
    if Name.Names not in pdf.Root:
        pdf.Root.Names = Dictionary()
    pdf.Root.Names.EmbeddedFiles = Dictionary(Names=Array(names))
    pdf.Root.AF = Array(files)


class _Counted:
    """Knows how many bytes went through it."""

    def __init__(self, out: Writable) -> None:
        self._out = out
        self.position = 0

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self.position += len(data)


def _write_with_files(
    saved: memoryview, attachments: Sequence[Attachment], pictures: Sequence[Jpeg], out: Writable
) -> None:
    """Copy the saved file and put pictures and bound files behind its objects, with a new table of where all is.

    Pikepdf would hold every file in memory twice; here each passes through once. Its length, checksum and size are
    known only afterwards, so they are objects of their own that follow it.
    """
    whole = bytes(saved)
    table_at = int(whole[whole.rindex(b"startxref") + 9 :].split()[0])
    head, trailer = whole[table_at:].split(b"trailer", 1)
    places = [int(line[:10]) for line in head.splitlines()[2:] if line]
    body = bytearray(whole[:table_at])
    marks: dict[tuple[bytes, int], int] = {}
    for found in _MARKED.finditer(body):
        marks[found[2], int(found[3])] = int(found[1])
        body[found.start() : found.end()] = b" " * (found.end() - found.start() - 1) + b"\n"
    target = _Counted(out)
    for start in range(0, len(body), _PIECE):
        target.write(bytes(body[start : start + _PIECE]))
    identity = hashlib.sha256(whole)
    count = len(places)
    for index, picture in enumerate(pictures):
        number = marks[PICTURE.encode(), index]
        places[number] = target.position
        _write_picture(target, picture, number)
        identity.update(picture.sha256.encode())
    for index, attachment in enumerate(attachments):
        number = marks[_FILE.encode(), index]
        places[number] = target.position
        places += _write_file(target, attachment, number, count, identity)
        count += 2
    table = target.position
    target.write(f"xref\n0 {count}\n0000000000 65535 f \n".encode())
    target.write(b"".join(b"%010d 00000 n \n" % place for place in places[1:]))
    trailer = re.sub(rb"/Size \d+", b"/Size %d" % count, trailer[: trailer.rindex(b"startxref")])
    key = identity.hexdigest()[:32].encode()
    trailer = re.sub(rb"/ID \[.*\]", b"/ID [<" + key + b"><" + key + b">]", trailer, flags=re.DOTALL)
    target.write(b"trailer" + trailer + b"startxref\n%d\n%%%%EOF\n" % table)


def _write_picture(target: _Counted, picture: Jpeg, number: int) -> None:
    """Write a picture as object `number`."""
    data = picture.read()
    target.write(
        f"{number} 0 obj\n<< /Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height}"
        f" /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length {len(data)} >>\nstream\n".encode()
    )
    target.write(data)
    target.write(b"\nendstream\nendobj\n")


def _write_file(
    target: _Counted, attachment: Attachment, number: int, following: int, identity: "hashlib._Hash"
) -> tuple[int, int]:
    """Write one bound file as object `number`; return where its length and its parameters begin."""
    packed = attachment.mime.startswith(_PACKED)
    mime = re.sub(r"[^A-Za-z0-9.+-]", lambda found: f"#{ord(found[0]):02X}", attachment.mime)
    flate = "" if packed else " /Filter /FlateDecode"
    target.write(
        f"{number} 0 obj\n<< /Type /EmbeddedFile /Subtype /{mime}{flate} /Length {following} 0 R"
        f" /Params {following + 1} 0 R >>\nstream\n".encode()
    )
    start, size = target.position, 0
    checksum = hashlib.md5(usedforsecurity=False)
    squeeze = zlib.compressobj(6)
    with attachment.open() as source:
        while piece := source.read(_PIECE):
            checksum.update(piece)
            identity.update(piece)
            size += len(piece)
            target.write(piece if packed else squeeze.compress(piece))
    if not packed:
        target.write(squeeze.flush())
    length = target.position - start
    target.write(b"\nendstream\nendobj\n")
    length_at = target.position
    target.write(f"{following} 0 obj\n{length}\nendobj\n".encode())
    params_at = target.position
    target.write(
        f"{following + 1} 0 obj\n<< /CheckSum <{checksum.hexdigest()}> /ModDate ({_stamp(attachment.day)})"
        f" /Size {size} >>\nendobj\n".encode()
    )
    return length_at, params_at
