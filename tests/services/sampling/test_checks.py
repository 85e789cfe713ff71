"""What was looked at on the spot is read as people write it, and refused where nobody can tell how it is."""

import pytest

from desktop.models.sampling import CheckLine
from desktop.models.vocabulary.sampling import CheckState, SampleCheck
from desktop.services.errors import InvalidInput
from desktop.services.sampling.checks import check_of, parse_check
from desktop.services.spreadsheets.sheets import SheetColumn

ASKED, COLUMN = SampleCheck.ASKED, SheetColumn("asked", "询问的人")


@pytest.mark.parametrize(
    ("cell", "state", "found"),
    [
        ("√", CheckState.FINE, ""),
        ("√手写2页", CheckState.FINE, "手写2页"),
        ("相符，两人都到了", CheckState.FINE, "两人都到了"),
        ("×：都说当天没开会", CheckState.WRONG, "都说当天没开会"),
        ("没有", CheckState.MISSING, ""),
        ("无", CheckState.MISSING, ""),
    ],
)
def test_a_mark_or_a_word_says_how_it_is_and_the_rest_what_was_seen(cell: str, state: CheckState, found: str) -> None:
    read = parse_check(cell, COLUMN)
    assert read == CheckLine(ASKED, state, found)
    assert read is not None
    assert check_of(ASKED, read.words, COLUMN) == read, "what is written out is read again"


def test_words_without_a_mark_are_refused_with_what_to_write() -> None:
    assert check_of(ASKED, "  ", COLUMN) is None
    with pytest.raises(InvalidInput, match="先写相符、不符或没有"):
        parse_check("都说当天没开会", COLUMN)
