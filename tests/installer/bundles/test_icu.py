"""Tables of languages that nobody reads are left out, and what Qt says in those that are read stays the same."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from installer.bundles import icu
from installer.bundles.frozen import slim

LIBRARY = "libicudata.so.73"
ASKED = """
import functools, json
from PySide6.QtCore import QCollator, QDate, QLocale, QStringDecoder, QTimeZone
words = [chr(code) for code in (*range(0x4E00, 0x9FFF, 7), *range(0x3400, 0x4DBF, 37), *range(0x20000, 0x2A6DF, 997))]
words += ["第10支部", "第9支部", "Ｚ", "z", "é", "吕", "重庆"]
said = []
for name in ("zh_CN", "en_US", "C"):
    locale, order = QLocale(name), QCollator(QLocale(name))
    order.setNumericMode(True)
    said.append(sorted(words, key=functools.cmp_to_key(order.compare)))
    said.append([locale.toString(QDate(2026, 10, 13), kind) for kind in QLocale.FormatType])
    said.append([locale.toUpper("straße i"), locale.toLower("ΑΣ"), locale.toCurrencyString(12.5)])
    said.append(QTimeZone(b"Asia/Shanghai").displayName(QTimeZone.StandardTime, QTimeZone.LongName, locale))
said.append([QStringDecoder(name).isValid() for name in ("GB18030", "GBK", "GB2312", "UTF-16")])
print(json.dumps(said))
"""


def answers(libraries: Path) -> str:
    """What Qt says of order, days and names with the libraries in a folder."""
    environment = os.environ | {"LD_LIBRARY_PATH": str(libraries)}
    done = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A copy of the tables that Qt brings."""
    if sys.platform != "linux":
        pytest.skip("Qt brings tables of its own on Linux only")
    folder = tmp_path / "lean"
    folder.mkdir()
    return Path(shutil.copy(Path(PySide6.__path__[0]) / "Qt" / "lib" / LIBRARY, folder))


def test_chinese_and_english_are_ordered_and_written_as_with_all_tables(library: Path, tmp_path: Path) -> None:
    before = library.stat().st_size

    icu.lean(library)

    assert library.stat().st_size < before / 4
    assert answers(library.parent) == answers(tmp_path)


def test_doing_it_again_changes_nothing(library: Path) -> None:
    icu.lean(library)
    once = library.read_bytes()

    icu.lean(library)

    assert library.read_bytes() == once


def test_what_is_no_such_library_is_left_as_it_is(tmp_path: Path) -> None:
    other = tmp_path / LIBRARY
    other.write_bytes(b"\x7fELF\x02\x01 something else")

    with pytest.raises(ValueError, match=LIBRARY):
        icu.lean(other)

    assert other.read_bytes() == b"\x7fELF\x02\x01 something else"


@pytest.mark.parametrize("table", ["coll/zh.res", "zh_Hans_CN.res", "root.res", "pool.res", "curr/res_index.res"])
def test_what_chinese_needs_stays(table: str) -> None:
    assert icu.stays(table)


@pytest.mark.parametrize("table", ["unames.icu", "unit/zh.res", "rbnf/zh.res", "region/pool.res", "rfc3491.spp"])
def test_what_qt_asks_nobody_but_itself_goes(table: str) -> None:
    assert not icu.stays(table)


@pytest.mark.parametrize("table", ["coll/de.res", "lang/fil.res", "translit/root.res", "brkitr/thaidict.dict"])
def test_what_other_languages_need_goes(table: str) -> None:
    assert not icu.stays(table)


def test_tables_that_lie_beside_our_own_libraries_are_made_smaller_too(library: Path, tmp_path: Path) -> None:
    if shutil.which("strip") is None:
        pytest.skip("needs binutils")
    before = library.stat().st_size
    (tmp_path / "_internal").mkdir()
    there = library.rename(tmp_path / "_internal" / LIBRARY)  # as where wheels lie in a folder of their own

    slim(tmp_path)

    assert there.stat().st_size < before / 4
    assert answers(there.parent) == answers(tmp_path)
