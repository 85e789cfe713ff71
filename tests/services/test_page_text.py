"""The first page of a PDF is read within bounds: a bomb is told of, an honest page is read."""

import sys
from pathlib import Path

import pytest

from desktop.services.page_text import TooMuch, first_page_text
from tests.services.pdf_bombs import inflated, laughs


def kept(folder: Path, content: bytes) -> Path:
    path = folder / "a.pdf"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", [laughs(2), laughs(4), inflated(1)])
def test_an_honest_page_is_read(tmp_path: Path, content: bytes) -> None:
    assert first_page_text(kept(tmp_path, content), 4000).startswith("ha")


def test_broken_bytes_have_no_text(tmp_path: Path) -> None:
    assert first_page_text(kept(tmp_path, laughs(2)[:200]), 4000) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no bound on memory there, only on time")
@pytest.mark.parametrize("content", [laughs(12), inflated(200)])
def test_a_bomb_is_stopped_by_what_it_takes_of_memory(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TooMuch):
        first_page_text(kept(tmp_path, content), 4000, seconds=300)


def test_a_bomb_is_stopped_by_the_clock(tmp_path: Path) -> None:
    with pytest.raises(TooMuch):
        first_page_text(kept(tmp_path, laughs(12)), 4000, seconds=0)
