"""Lines of parts in one cell."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.services.spreadsheets.lines import join_lines, join_parts, piece, split_lines, split_parts

WORDS = st.text(st.sampled_from("甲乙|｜；;、，\n\r\t \u200b／"), max_size=8)


@given(st.lists(st.lists(WORDS, min_size=1)))
def test_what_is_joined_is_split_again(lines: list[list[str]]) -> None:
    cell = join_lines(map(join_parts, lines))
    pieces = [list(map(piece, parts)) for parts in lines]
    assert [split_parts(line) for line in split_lines(cell)] == [without_end(parts) for parts in pieces if any(parts)]


def without_end(parts: list[str]) -> list[str]:
    """Return parts without the empty ones at the end."""
    while parts and not parts[-1]:
        parts = parts[:-1]
    return parts
