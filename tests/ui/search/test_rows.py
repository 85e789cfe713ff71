"""What was typed stands out in the title of a hit."""

import pytest

from desktop.ui.search.rows import spans


@pytest.mark.parametrize(
    ("title", "words", "pieces"),
    [
        ("主题党日", ("党",), [("主题", False), ("党", True), ("日", False)]),
        ("党课党日", ("党", "课"), [("党", True), ("课", True), ("党", True), ("日", False)]),
        ("ABC", ("b",), [("A", False), ("B", True), ("C", False)]),
        ("王秀英", (), [("王秀英", False)]),
        ("王秀英", ("",), [("王秀英", False)]),
        ("ß党", ("党",), [("ß党", False)]),
        ("", ("党",), []),
    ],
)
def test_pieces_are_marked_where_they_hold_a_word(
    title: str, words: tuple[str, ...], pieces: list[tuple[str, bool]]
) -> None:
    assert spans(title, words) == pieces
    assert "".join(piece for piece, _marked in spans(title, words)) == title
