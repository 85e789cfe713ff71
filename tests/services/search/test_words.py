"""Words are found by any part of them, names by their sounds too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.search.words import folded, indexed, letters, phrase, sounds, typed_sounds


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王秀英", "wxy"),
        ("王秀英", "wangxiuying"),
        ("王秀英", "xy"),
        ("王秀英", "xiuying"),
        ("王秀英", "wangx"),
        ("单雄信", "sxx"),
        ("单雄信", "dxx"),
        ("曾国华", "zgh"),
        ("欧阳修远", "oyxy"),
    ],
)
def test_a_name_is_found_by_initials_and_pinyin_from_each_character_on(name: str, typed: str) -> None:
    assert f" {typed}" in sounds(name)


def test_no_name_takes_long_whose_characters_are_read_in_many_ways() -> None:
    assert len(sounds("和" * 30)) < 200_000


@pytest.mark.parametrize(
    ("words", "typed"), [("wxy", "wxy"), ("Xi'an", "xian"), ("ＷＸ", "wx"), ("王", ""), ("w1", "")]
)
def test_only_latin_letters_are_sounds(words: str, typed: str) -> None:
    assert typed_sounds(words) == typed


@given(st.lists(st.text(max_size=12), max_size=4), st.data())
def test_any_part_of_a_text_is_a_part_of_what_the_index_holds(texts: list[str], data: st.DataObject) -> None:
    spelled = f" {indexed(texts)} "
    for words in texts:
        first = data.draw(st.integers(0, len(words)))
        part = words[first : data.draw(st.integers(first, len(words)))]
        assert not letters(part) or folded(part) not in folded(words) or f" {letters(part)} " in spelled


def test_nothing_is_found_across_two_texts_and_marks_are_no_letters() -> None:
    assert f" {letters('秀英')} " not in f" {indexed(['王秀', '英雄'])} "
    assert phrase("（2026）12 号") == phrase("2026 12号")
    assert phrase("——") == ""
