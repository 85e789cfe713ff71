"""The fonts in the clone: complete for names, embeddable, each with a name of its own and its licence."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from desktop.paths import resource

FONTS = resource("fonts")
FACES = ("song", "song_bold", "hei", "kai", "fang", "rare", "screen", "screen_bold")
RARE_NAMES = "𬸚𫖯㛃𠅤𡋾䶮堃喆𬭎𫍯𩽾𡒄"
EVERYDAY = "中共党支部委员会（一）、《章程》“”‘’——……①⑩Ⅲ№℃㎡％0123456789ABCxyzāéǐù※→√□"


@pytest.fixture(scope="module")
def fonts() -> Iterator[dict[str, TTFont]]:
    """All faces, opened once."""
    with ExitStack() as stack:
        yield {face: stack.enter_context(TTFont(FONTS / f"{face}.ttf", lazy=True)) for face in FACES}


def characters(font: TTFont) -> set[str]:
    """What a face can show."""
    return set(map(chr, font.getBestCmap()))


def decoded(encoding: str) -> set[str]:
    """Every character that a two-byte Chinese encoding knows."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    return {text for pair in pairs if len(text := pair.decode(encoding, "ignore")) == 1 and ord(text) > 0x7F}


def test_every_rare_name_character_can_be_printed(fonts: dict[str, TTFont]) -> None:
    assert set(RARE_NAMES) <= characters(fonts["song"]) | characters(fonts["rare"])


def test_body_and_window_have_all_of_gbk(fonts: dict[str, TTFont]) -> None:
    assert decoded("gbk") - characters(fonts["song"]) <= {"≒"}
    assert decoded("gbk") - characters(fonts["screen"]) <= {"≒"}
    assert characters(fonts["screen"]) == characters(fonts["screen_bold"])


@pytest.mark.parametrize("face", ["song_bold", "hei", "kai", "fang"])
def test_a_heading_face_has_the_common_characters(fonts: dict[str, TTFont], face: str) -> None:
    hanzi = {text for text in decoded("gb2312") if "一" <= text <= "龥"}
    assert len(hanzi) == 6763
    assert hanzi <= characters(fonts[face])


def test_ordinary_text_needs_no_other_face(fonts: dict[str, TTFont]) -> None:
    assert set(EVERYDAY) | set("☐☑") <= characters(fonts["song"])
    assert set(EVERYDAY) | set("☐☑") <= characters(fonts["screen"])


def test_the_fallback_repeats_nothing_of_the_body_face(fonts: dict[str, TTFont]) -> None:
    assert not characters(fonts["song"]) & characters(fonts["rare"])


@pytest.mark.parametrize("face", FACES)
def test_a_face_can_be_embedded_as_it_is(fonts: dict[str, TTFont], face: str) -> None:
    font = fonts[face]
    assert "glyf" in font
    assert font["head"].unitsPerEm == 1000
    assert not set(font.keys()) & {"CFF ", "GSUB", "GPOS", "vmtx", "fpgm", "prep"}
    assert "Changed on" in font["name"].getDebugName(10)


def test_no_two_faces_share_an_internal_name(fonts: dict[str, TTFont]) -> None:
    names = [font["name"].getDebugName(6) for font in fonts.values()]
    assert len(set(names)) == len(FACES)


@pytest.mark.parametrize("face", ["song", "song_bold", "hei", "kai", "fang", "screen", "screen_bold"])
def test_a_dash_is_as_wide_as_a_character(fonts: dict[str, TTFont], face: str) -> None:
    font = fonts[face]
    names = font.getBestCmap()
    assert font["hmtx"][names[ord("—")]][0] == font["hmtx"][names[ord("中")]][0] == 1000


def test_the_licences_lie_beside_the_fonts() -> None:
    def text(name: str) -> str:
        return Path(FONTS / name).read_text("utf-8")

    for name in ("OFL-NotoSerifSC.txt", "OFL-NotoSansSC.txt", "OFL-LXGWWenKai.txt"):
        assert "SIL OPEN FONT LICENSE" in text(name)
    assert "GNU GENERAL PUBLIC LICENSE" in text("GPL-Fandol.txt")
    assert "font exception" in text("GPL-Fandol-README.txt")
    assert "arphic-public-license" in text("ARPHICPL-BabelStoneHan.txt")
