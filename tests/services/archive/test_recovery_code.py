"""The recovery code on paper."""

from datetime import date
from pathlib import Path

from desktop.services.archive.recovery_code import recovery_paper
from tests.services.archive.checker import pages_of, text_of


def test_every_group_stands_on_one_page_with_the_day_and_whose_it_is(tmp_path: Path) -> None:
    groups = [f"{number}{number}{number}10{number}" for number in range(1, 9)]
    paper = tmp_path / "page.pdf"
    paper.write_bytes(recovery_paper("-".join(groups), date(2026, 11, 27), "沈丘县局党支部"))
    assert len(pages_of(paper)) == 1
    words = text_of(paper)
    assert all(f"第{number}组{group}" in words for number, group in enumerate(groups, start=1))
    assert "2026年11月27日" in words
    assert "用于沈丘县局党支部" in words
